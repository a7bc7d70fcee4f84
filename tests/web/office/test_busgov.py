"""bus.gov.ru in the office: a file is loaded after its preview, then shares and who is missing."""

import io

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from noko.actions.organisation import save_all
from noko.models import BusgovSource, Import
from tests.busgov_report import INNS, SPOILT, report_xlsx, row
from tests.small_cycle import NOW, make_organisations, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def those(client, settings, tmp_path):
    settings.FILES = tmp_path
    client.force_login(make_person("specialist"))
    made = make_organisations()
    changed = {item.pk: {"inn": inn} for item, inn in zip(made, INNS, strict=True)}
    save_all(changed=changed, by=None, now=NOW)
    return made


def content():
    return report_xlsx(row("Сад", INNS[0]), row("Другой сад", INNS[1], SPOILT))


def uploaded(client, data=None, **changes):
    file = SimpleUploadedFile("отчёт.xlsx", content() if data is None else data)
    values = {"busgov": file, "on": timezone.localdate().isoformat(), **changes}
    return client.post(reverse("office:busgov_upload"), values)


def loaded(client, **decided):
    answer = uploaded(client)
    client.post(answer.url, decided)
    return BusgovSource.objects.get()


def test_file_is_shown_before_it_is_written(client, those):
    answer = uploaded(client)
    shown = client.get(answer.url).content.decode()
    assert "Записать сведения о 2\u00a0организациях" in shown
    assert "Информация о результатах деятельности" in shown
    assert "Школа № 1" in shown  # acts and is not in the file
    assert BusgovSource.objects.count() == 0


def test_confirmed_file_is_written_and_its_copy_deleted(client, those, tmp_path):
    source = loaded(client, whole="on", term_on="2027-01-15")
    assert (source.whole, source.term_on.isoformat(), source.records.count()) == (
        True, "2027-01-15", 3,
    )  # fmt: skip
    assert Import.objects.get().status == "accepted"
    assert list((tmp_path / "imports").iterdir()) == []


def test_file_is_written_once(client, those):
    answer = uploaded(client)
    client.post(answer.url, {})
    client.post(answer.url, {})
    assert BusgovSource.objects.count() == 1


def test_registry_that_has_changed_is_shown_again(client, those):
    answer = uploaded(client)
    save_all(changed={those[1].pk: {"inn": ""}}, by=None, now=NOW)
    again = client.post(answer.url, {})
    assert (again.status_code, BusgovSource.objects.count()) == (422, 0)
    assert "реестр организаций изменился" in again.content.decode()


def test_rejected_rows_need_a_word(client, those):
    bad = report_xlsx(row("Сад", INNS[0]), row("Сад без номера", "123"))
    answer = uploaded(client, bad)
    assert client.post(answer.url, {}).status_code == 422
    client.post(answer.url, {"without_rejected": "on"})
    assert BusgovSource.objects.get().records.count() == 1


@pytest.mark.parametrize(
    ("data", "changes", "words"),
    [
        (b"", {}, "файл пуст"),
        (b"%PDF-1.4 something", {}, "документ PDF"),
        (None, {"on": "2999-01-01"}, "Этот день ещё не наступил"),
        (None, {"on": ""}, "Обязательное поле"),
    ],
)
def test_bad_upload_is_told_at_its_field(client, those, data, changes, words):
    answer = uploaded(client, data, **changes)
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert words.casefold() in answer.content.decode().casefold()


def test_overview_shows_shares_and_who_is_incomplete(client, those):
    loaded(client, whole="on")
    shown = client.get(reverse("office:busgov"), {"state": "incomplete"})
    assert [item.pk for item in shown.context["rows"]] == [those[1].pk]
    texts = shown.content.decode()
    assert "2 из 3" in texts  # present
    assert "1 из 2" in texts  # complete


def test_overview_without_files_says_what_will_be_here(client, those):
    assert "Сведений пока нет" in client.get(reverse("office:busgov")).content.decode()


def test_coordinator_sees_the_own_municipality_alone(client, those):
    loaded(client, whole="on")
    client.force_login(make_person("municipal_coordinator", municipality=those[1].municipality))
    shown = client.get(reverse("office:busgov"))
    assert [item.pk for item in shown.context["rows"]] == [those[1].pk]
    other = client.get(reverse("office:busgov"), {"municipality": str(those[0].municipality_id)})
    assert [item.pk for item in other.context["rows"]] == [those[1].pk]


def test_table_has_the_lacks_and_no_formulas(client, those):
    save_all(changed={those[1].pk: {"phone": "=1+1"}}, by=None, now=NOW)
    loaded(client)
    answer = client.get(reverse("office:busgov_file"), {"state": "incomplete"})
    sheet = python_calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0)
    head, line = sheet.to_python()
    cells = dict(zip(head, line, strict=True))
    assert cells["Размещено полностью"] == "нет"
    assert cells["Чего нет"].splitlines()[1] == (
        "Информация о результатах деятельности и об использовании имущества за 2025 год"
    )
    assert cells["Телефон"] == "=1+1"


def test_card_of_an_organisation_shows_what_is_missing(client, those):
    loaded(client, term_on="2027-01-15")
    shown = client.get(reverse("office:organisation", args=[those[1].pk])).content.decode()
    assert "15\u00a0января 2027" in shown
    assert "Разместите на bus.gov.ru" in shown


def test_cabinet_shows_what_to_fill_in_and_until_when(client, those):
    loaded(client, term_on="2027-01-15")
    client.force_login(make_person("organisation_head", organisation=those[1]))
    start = client.get("/cabinet/").content.decode()
    assert "до 15\u00a0января 2027" in start
    shown = client.get(reverse("cabinet:busgov", args=[those[1].pk])).content.decode()
    assert "Информация о результатах деятельности" in shown
    assert client.get(reverse("cabinet:busgov", args=[those[0].pk])).status_code == 404


def test_withdrawal_needs_a_reason(client, those):
    source = loaded(client)
    address = reverse("office:busgov_withdraw", args=[source.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "не тот год"}).status_code == 302
    assert "не тот год" in client.get(reverse("office:busgov")).content.decode()
    assert client.get(reverse("office:busgov_withdraw", args=[999])).status_code == 404


def test_start_page_tells_who_is_late_and_only_of_the_own(client, those):
    source = loaded(client, term_on=timezone.localdate().isoformat(), whole="on")
    words = "bus.gov.ru: не дополнили"
    assert words not in client.get(reverse("office:start")).content.decode()
    BusgovSource.objects.update(term_on="2026-01-12")
    assert f"{words} 2" in client.get(reverse("office:start")).content.decode()
    client.force_login(make_person("municipal_coordinator", municipality=those[1].municipality))
    assert f"{words} 1" in client.get(reverse("office:start")).content.decode()
    client.force_login(make_person("head"))
    assert words not in client.get(reverse("office:start")).content.decode()
    assert source.records.count() == 3
