"""Filling the registry from a person's list."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from noko.actions.organisation import save_all
from noko.models import Import, Organisation
from noko.queries.edition import get_edition
from tests import operator_files
from tests.busgov_files import archive, packet, position, write_schemas
from tests.small_cycle import NOW, make_organisations, make_person

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
    assert "реестр организаций изменился" in answer.content.decode()
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
    text = client.get(upload(client, "Школа № 9;;;;\n").url).content.decode()
    (rejected,) = Import.objects.get().preview["rejected"]
    assert rejected["number"] == 2
    assert "тип, муницип" in rejected["reasons"][0]
    assert "Сохранять нечего: отклонено всё." in text


def test_list_of_what_is_there_already_says_so(client):
    text = client.get(upload(client, SAME).url).content.decode()
    assert "Сохранять нечего: в реестре уже всё так." in text
    text = client.get(upload(client, SAME, "Школа № 9;;;;\n").url).content.decode()
    assert "Сохранять нечего: остальное в реестре уже так." in text


def test_answers_in_the_place_of_a_list_are_refused(client):
    content = operator_files.answers(get_edition("344n-2018"))
    file = SimpleUploadedFile("анкеты.xlsx", content)
    answer = client.post(reverse("office:organisations_upload"), {"organisations": file})
    assert answer.status_code == 422
    assert "Похоже, это анкеты, а здесь нужен перечень" in answer.content.decode()
    assert not Import.objects.exists()


# --- packets of bus.gov.ru ------------------------------------------------------------------------


def upload_packets(client, content, name="выгрузка.xml"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("office:organisations_upload"), {"organisations": file})


def test_packets_go_through_the_same_preview(client):
    save_all(
        added=[
            {
                "full_name": "Муниципальное бюджетное общеобразовательное учреждение «Школа № 7»",
                "short_name": "Школа № 7",
                "type": "general",
                "municipality": "Город Лугов",
                "inn": "7707083893",
                "enrolment": 500,
            }
        ],
        by=None,
        now=NOW,
    )
    other = position(inn="7728168971", ogrn="1037700013020", name="Школа № 8", kpp="772801001")
    bad = position(inn="7707083890", name="Школа № 9")
    content = packet(position(short="МБОУ «ШКОЛА №7»"), other, bad)
    text = client.get(upload_packets(client, content).url).content.decode()
    preview = Import.objects.get().preview
    assert [(row["full_name"], row["municipality"]) for row in preview["added"]] == [
        ("Школа № 8", "Город Лугов")
    ]
    (changed,) = preview["changed"]
    assert [field[0] for field in changed["fields"]] == [
        *("short_name", "ogrn", "kpp", "founder", "address", "site", "phone", "email"),
        "reg_number",
    ]
    assert [row["name"] for row in preview["rejected"]] == ["Школа № 9"]
    assert "Проверьте столбец «Тип»" in preview["warnings"][0]
    assert "Со схемами XSD файл не сверялся" in text
    assert confirm(client).status_code == 422
    assert confirm(client, without_rejected="1").status_code == 302
    school = Organisation.objects.get(inn="7707083893")
    assert (school.enrolment, school.phone, school.ogrn) == (500, "8-4752-000000", "1027700132195")
    assert str(Organisation.objects.get(inn="7728168971").opened_on) == "2002-11-05"


def test_packets_violating_the_schema_are_taken_by_decision_only(client, settings, tmp_path):
    settings.BUSGOV_XSD = write_schemas(tmp_path / "xsd")
    address = upload_packets(client, packet(position(version="первая"))).url
    text = client.get(address).content.decode()
    assert "элемент «versionNumber»: значение «первая» не подходит" in text
    assert confirm(client).status_code == 422
    assert Organisation.objects.count() == 3
    assert confirm(client, in_spite="1").status_code == 302
    assert Organisation.objects.count() == 4


def test_packets_with_schemas_gone_are_not_read(client, settings, tmp_path):
    settings.BUSGOV_XSD = tmp_path / "нет"
    answer = upload_packets(client, packet())
    assert answer.status_code == 422
    assert "Папки со схемами XSD нет" in answer.content.decode()
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packet()[:500], "Файл не читается как XML"),
        (packet(root="stateTask"), "Это пакет «stateTask»"),
        (packet(head="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "DOCTYPE"),
    ],
)
def test_packets_that_are_none_leave_nothing_behind(client, settings, content, said):
    answer = upload_packets(client, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Import.objects.count() == 0
    assert list((settings.FILES / "imports").glob("*")) == []


def test_packets_in_an_archive_are_read(client):
    upload_packets(client, archive(a_xml=packet()), "выгрузка.zip")
    assert len(Import.objects.get().preview["added"]) == 1
