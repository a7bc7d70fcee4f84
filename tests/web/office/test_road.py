"""From an operator's pair of files to a corrected release, through the pages of the office."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from noko.jobs.rating import run_calculation
from noko.models import Calculation, DataSet, Import, Organisation, Release
from noko.queries.edition import get_edition
from tests import operator_files
from tests.racing import at_once
from tests.small_cycle import EDITION, make_cycle, make_organisations, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def cycle(db):
    make_organisations()
    return make_cycle()


@pytest.fixture
def secretary(client):
    person = make_person("secretary")
    client.force_login(person)
    return person


def xlsx(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(client, answers=None, inspection=None):
    files = {
        "answers": xlsx("анкеты.xlsx", answers or operator_files.answers(get_edition(EDITION))),
        "inspection": xlsx("осмотры.xlsx", inspection or operator_files.inspection()),
    }
    return client.post(reverse("office:dataset_upload", args=["2026"]), files)


def freeze(client):
    item = Import.objects.first()
    return client.post(reverse("office:import", args=[item.pk]), {"all": "1", "freeze": "1"})


def calculate(client) -> Calculation:
    number = DataSet.objects.order_by("-number").first().number
    address = reverse("office:calculate", args=["2026", number])
    edition = get_edition(EDITION)
    values = {f"policy-{item.code}": item.default for item in edition.policies}
    values |= {"rounding": edition.default_rounding, "ties": "competition", "levels": "bands_20"}
    answer = client.post(address, {**values, "start": "1"})
    assert answer.status_code == 302
    calculation = Calculation.objects.order_by("-pk").first()
    run_calculation(calculation.pk)
    calculation.refresh_from_db()
    assert (calculation.status, calculation.note) == ("done", "")
    return calculation


def test_data_upload_names_what_has_to_be_decided(client, cycle, secretary):
    answer = upload(client)
    item = Import.objects.get()
    assert answer.url == reverse("office:import", args=[item.pk])
    assert item.preview["problems"] == []
    assert [name["label"] for name in item.preview["open"]] == ["«МБДОУ детский сад N 2»"]
    assert item.preview["certain"] == 4
    assert DataSet.objects.count() == 0
    text = client.get(answer.url).content.decode()
    assert "Нужны ваши решения" in text
    assert "Детский сад № 2" in text


def test_data_freeze_waits_for_the_decision(client, cycle, secretary):
    upload(client)
    item = Import.objects.get()
    answer = client.post(reverse("office:import", args=[item.pk]), {"freeze": "1"})
    assert answer.status_code == 422
    assert "пока нельзя зафиксировать" in answer.content.decode()
    assert DataSet.objects.count() == 0


def test_data_freeze_makes_one_data_set_and_forgets_the_files(client, cycle, secretary):
    upload(client)
    folder = Path(settings.FILES) / "imports" / Import.objects.get().folder
    assert sorted(path.name for path in folder.iterdir()) == ["answers", "inspection"]
    assert freeze(client).url == reverse("office:cycle", args=["2026"])
    dataset = DataSet.objects.get()
    assert (dataset.organisations, dataset.respondents) == (3, 74)
    assert dataset.source.status == "accepted"
    assert not folder.exists()
    assert freeze(client).status_code == 302
    assert DataSet.objects.count() == 1


def test_data_left_out_organisation_does_not_enter(client, cycle, secretary):
    upload(client)
    item = Import.objects.get()
    page = reverse("office:import", args=[item.pk])
    client.post(page, {"name-0": "skip", "save": "1"})
    item.refresh_from_db()
    assert (item.preview["ready"], item.preview["organisations"]) == (True, 2)
    client.post(page, {"freeze": "1"})
    assert DataSet.objects.get().respondents == 50


def test_data_columns_are_corrected_by_hand(client, cycle, secretary):
    answers = operator_files.answers(get_edition(EDITION), {"q7": "Столбец без названия"})
    upload(client, answers=answers)
    item = Import.objects.get()
    assert "q7" in item.preview["problems"][0]
    letter = next(
        found
        for file in item.preview["files"]
        for found, header, _ in file["columns"]
        if header == "Столбец без названия"
    )
    page = reverse("office:import", args=[item.pk])
    client.post(page, {f"column-answers-{letter}": "q7", "save": "1"})
    item.refresh_from_db()
    assert item.preview["problems"] == []
    assert item.preview["respondents"] > 0


def test_data_in_one_file_only_is_named(client, cycle, secretary):
    upload(client, inspection=operator_files.inspection(only=2))
    item = Import.objects.get()
    page = reverse("office:import", args=[item.pk])
    client.post(page, {"all": "1"})
    item.refresh_from_db()
    assert item.preview["only"] == {"answers": ["Детский сад «Берёзка»"]}
    assert client.post(page, {"freeze": "1"}).status_code == 422
    client.post(page, {"only_complete": "1", "freeze": "1"})
    assert DataSet.objects.get().organisations == 2


def test_data_upload_refuses_another_kind_of_file(client, cycle, secretary):
    answer = upload(client, answers=b"%PDF-1.7 not a table")
    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()
    assert Import.objects.count() == 0
    assert list((Path(settings.FILES) / "imports").glob("*")) == []


def test_data_upload_tells_when_files_are_in_each_others_place(client, cycle, secretary):
    answers = operator_files.answers(get_edition(EDITION))
    answer = upload(client, answers=operator_files.inspection(), inspection=answers)
    text = client.get(answer.url).content.decode()
    assert "Похоже, это таблица осмотра, а здесь нужны анкеты." in text
    assert "Похоже, это анкеты, а здесь нужна таблица осмотра." in text
    assert "Есть не во всех файлах" not in text
    assert not DataSet.objects.exists()


def test_data_upload_refuses_a_huge_file(client, cycle, secretary, settings):
    settings.UPLOAD_MAX_BYTES = 3 * 1024 * 1024
    answer = upload(client, answers=b"1" * (4 * 1024 * 1024))
    assert answer.status_code == 422
    assert "Файл больше 3 МБ" in answer.content.decode()
    assert Import.objects.count() == 0


def test_data_upload_asks_for_both_files(client, cycle, secretary):
    answer = client.post(
        reverse("office:dataset_upload", args=["2026"]),
        {"answers": xlsx("а.xlsx", operator_files.answers(get_edition(EDITION)))},
    )
    assert "Выберите файл с осмотрами." in answer.content.decode()


def test_analyst_uploads_and_cannot_freeze(client, cycle):
    client.force_login(make_person("operator_analyst"))
    upload(client)
    assert freeze(client).status_code == 403
    assert DataSet.objects.count() == 0


def test_rating_is_published_and_corrected(client, cycle, secretary):
    upload(client)
    freeze(client)
    first = calculate(client)
    page = reverse("office:release", args=[first.pk])
    assert "Отменить публикацию нельзя" in client.get(page).content.decode()
    assert client.post(page, {"version": 1}).status_code == 302
    assert client.post(page, {"version": 1}).status_code == 302
    release = Release.objects.get()
    folder = Path(settings.FILES) / "releases" / release.folder
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        file["name"] for file in release.files
    )

    upload(client, inspection=operator_files.inspection(absent=4))
    freeze(client)
    second = calculate(client)
    page = reverse("office:release", args=[second.pk])
    text = client.get(page).content.decode()
    assert "Отличия от версии 1" in text
    assert "Исходные данные: размещено информации на стендах" in text
    answer = client.post(page, {"version": 2, "reason": ""})
    assert answer.status_code == 422
    assert client.post(page, {"version": 2, "reason": "Исправлен чек-лист."}).status_code == 302
    corrected = Release.objects.get(version=2)
    assert {
        change["organisation"] for change in corrected.difference if change["kind"] == "total"
    } == {"Школа № 1"}
    assert corrected.reason == "Исправлен чек-лист."


def test_calculation_names_a_changed_data_set(client, cycle, secretary):
    upload(client)
    freeze(client)
    dataset = DataSet.objects.get()
    folder = Path(settings.FILES) / "datasets" / dataset.folder
    (folder / "inspection.csv").write_text("изменено", encoding="utf-8")
    text = client.get(reverse("office:calculate", args=["2026", 1])).content.decode()
    assert "По этому набору рейтинг не рассчитать" in text
    assert "inspection.csv" in text


@pytest.mark.django_db(transaction=True)
def test_data_freeze_at_once_makes_one_data_set():
    from django.test import Client

    make_organisations()
    make_cycle()
    person = make_person("secretary")
    client = Client()
    client.force_login(person)
    upload(client)
    clients = [Client() for _ in range(3)]
    for item in clients:
        item.force_login(person)
    waiting = iter(clients)
    statuses, _ = at_once(lambda: freeze(next(waiting)).status_code, people=3)
    assert set(statuses) <= {302, 422}
    assert DataSet.objects.count() == 1
    packages = (Path(settings.FILES) / "datasets").glob("2026-*")
    assert [path.name for path in packages] == [DataSet.objects.get().folder]


def test_registry_is_shown(client, cycle, secretary):
    text = client.get(reverse("office:organisations") + "?q=берёзка").content.decode()
    assert "Детский сад «Берёзка»" in text
    assert "Школа № 1" not in text
    assert Organisation.objects.count() == 3


def test_calculation_gives_the_analytical_report(client, cycle, secretary):
    upload(client)
    freeze(client)
    calculation = calculate(client)
    beginnings = {}
    for kind in ("docx", "pdf"):
        answer = client.get(reverse("office:calculation_report", args=[calculation.pk, kind]))
        beginnings[kind] = (answer.status_code, answer.content[:4])
    assert beginnings == {"docx": (200, b"PK\x03\x04"), "pdf": (200, b"%PDF")}
    other = reverse("office:calculation_report", args=[calculation.pk, "exe"])
    assert client.get(other).status_code == 404
