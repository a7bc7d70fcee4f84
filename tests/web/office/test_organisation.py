"""Filling the registry from a person's list."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from noko.models import Import, Organisation
from tests.small_cycle import make_organisations, make_person

pytestmark = pytest.mark.django_db

HEAD = "Полное наименование;Тип;Муниципалитет;ИНН;Получателей услуг\n"
NEW = "Школа № 7;общеобразовательная;Город Лугов;7707083893;250\n"
CHANGED = "Школа № 1;школа;Заречный район;;300\n"
SAME = "Детский сад № 2;детский сад;Город Лугов;;100\n"
WRONG = "Школа № 8;школа;Город Лугов;7707083890;10\n"


@pytest.fixture(autouse=True)
def secretary(client, settings, tmp_path):
    settings.FILES = tmp_path
    make_organisations()
    client.force_login(make_person("secretary"))


def upload(client, *rows, encoding="cp1251"):
    file = SimpleUploadedFile("перечень.csv", (HEAD + "".join(rows)).encode(encoding))
    return client.post(reverse("office:organisations_upload"), {"organisations": file})


def confirm(client, **fields):
    return client.post(reverse("office:import", args=[Import.objects.first().pk]), fields)


def test_list_preview_tells_added_changed_unchanged(client):
    text = client.get(upload(client, NEW, CHANGED, SAME).url).content.decode()
    preview = Import.objects.get().preview
    assert [row["full_name"] for row in preview["added"]] == ["Школа № 7"]
    assert [row["fields"] for row in preview["changed"]] == [
        [["enrolment", "Получателей услуг", 100, 300]]
    ]
    assert preview["unchanged"] == 1
    assert "Добавить 1 и изменить 1 организацию" in text
    assert Organisation.objects.count() == 3


def test_list_confirmed_is_written(client):
    upload(client, NEW, CHANGED, SAME)
    assert confirm(client).url == reverse("office:organisations")
    assert Organisation.objects.get(inn="7707083893").short_name == "Школа № 7"
    assert Organisation.objects.get(full_name="Школа № 1").enrolment == 300
    assert Organisation.objects.count() == 4


def test_list_with_a_wrong_row_is_not_written_by_accident(client):
    text = client.get(upload(client, NEW, WRONG).url).content.decode()
    assert "Отклонено" in text
    assert confirm(client).status_code == 422
    assert Organisation.objects.count() == 3
    assert confirm(client, without_rejected="1").status_code == 302
    assert Organisation.objects.count() == 4


def test_list_shows_anew_when_the_registry_has_changed(client):
    upload(client, NEW, CHANGED)
    Organisation.objects.filter(full_name="Школа № 1").update(enrolment=299)
    answer = confirm(client)
    assert answer.status_code == 422
    assert "перечень организаций изменился" in answer.content.decode()
    assert Organisation.objects.count() == 3
    assert confirm(client).status_code == 302


def test_list_confirmed_twice_is_written_once(client):
    upload(client, NEW)
    confirm(client)
    assert confirm(client).status_code == 200
    assert Organisation.objects.filter(inn="7707083893").count() == 1


def test_list_without_names_is_refused(client):
    file = SimpleUploadedFile("перечень.csv", "Цвет;Вкус\nсиний;сладкий\n".encode())
    answer = client.post(reverse("office:organisations_upload"), {"organisations": file})
    assert answer.status_code == 422
    assert "Не хватает" in answer.content.decode()
    assert Import.objects.count() == 0


def test_list_new_organisation_needs_type_and_municipality(client):
    upload(client, "Школа № 9;;;;\n")
    (rejected,) = Import.objects.get().preview["rejected"]
    assert rejected["number"] == 2
    assert "тип, муницип" in rejected["reasons"][0]
