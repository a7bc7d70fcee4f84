"""Sources of bus.gov.ru: what is written, what is refused, how a mistake is taken back."""

from datetime import date, timedelta

import pytest

from noko.actions import busgov as deeds
from noko.actions.organisation import save_all
from noko.core.refusal import Refusal
from noko.exchange.busgov_file import read_busgov_file
from noko.models import BusgovRecord, BusgovSource, JournalEntry
from noko.queries import busgov as queries
from noko.queries.busgov_preview import busgov_preview
from tests.busgov_files import packet, position
from tests.busgov_report import INNS, SPOILT, report_xlsx, row
from tests.small_cycle import NOW, make_organisations

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def those():
    """Three organisations with the INNs of the reports."""
    made = make_organisations()
    changed = {item.pk: {"inn": inn} for item, inn in zip(made, INNS, strict=True)}
    save_all(changed=changed, by=None, now=NOW)
    return made


def preview(content, name="отчёт.xlsx"):
    file = read_busgov_file(content, name=name, limit_bytes=10**7)
    return busgov_preview(file.kind, file.table)


def load(content, **more):
    values = {"on": TODAY, "file_name": "отчёт.xlsx", "digest": "a" * 64, "by": None, "now": NOW}
    return deeds.load(preview=preview(content), **{**values, **more})


def refused(content, **more):
    with pytest.raises(Refusal) as refusal:
        load(content, **more)
    return refusal.value.kind


def two(those):
    return report_xlsx(row("Сад", INNS[0]), row("Другой сад", INNS[1], SPOILT))


def test_load_writes_a_record_for_each_organisation_of_the_registry(those):
    source = load(two(those), term_on=TODAY + timedelta(days=14))
    rows = source.records.order_by("organisation").values_list("organisation", "complete")
    assert list(rows) == [(those[0].pk, True), (those[1].pk, False)]
    entry = JournalEntry.objects.get(deed="busgov.loaded")
    assert entry.after["организаций"] == 2


def test_load_matches_by_name_where_the_file_has_no_inn(those):
    content = report_xlsx(row("Школа № 1", ""), row("Школа другого района", ""))
    found = preview(content)
    assert [item["pk"] for item in found["rows"]] == [those[2].pk]
    assert [item["name"] for item in found["unknown"]] == ["Школа другого района"]


def test_load_of_a_part_says_nothing_of_the_others(those):
    load(two(those))
    assert queries.standing_of(those[2]).known is False


def test_load_of_a_whole_file_says_who_is_not_there(those):
    load(two(those), whole=True)
    standing = queries.standing_of(those[2])
    assert (standing.absent, standing.lacks[0]["code"]) == (True, "absent")


def test_branch_with_the_same_inn_is_told_apart_by_kpp(those):
    save_all(changed={those[0].pk: {"kpp": "770701001"}}, by=None, now=NOW)
    content = report_xlsx(
        row("Сад", INNS[0], kpp="770701001"), row("Филиал сада", INNS[0], SPOILT, kpp="770702002")
    )
    assert [item["lacks"] for item in preview(content)["rows"]] == [[]]


def test_two_rows_of_one_organisation_without_kpp_are_rejected_with_the_cure(those):
    found = preview(report_xlsx(row("Сад", INNS[0]), row("Филиал", INNS[0], kpp="770702002")))
    assert (found["rows"], [item["number"] for item in found["rejected"]]) == ([], [3])
    assert "укажите её КПП" in found["rejected"][0]["reasons"][0]


def test_load_refuses_a_day_ahead_a_term_past_and_a_foreign_file(those):
    assert refused(two(those), on=TODAY + timedelta(days=1)) == "busgov_day"
    assert refused(two(those), term_on=TODAY - timedelta(days=1)) == "busgov_term"
    assert refused(report_xlsx(row("Больница", "7743013902"))) == "busgov_nothing"
    assert BusgovSource.objects.count() == 0


def test_card_is_compared_with_the_registry(those):
    save_all(
        changed={those[0].pk: {"site": "http://www.school7.example/", "phone": "8-4752-111111"}},
        by=None,
        now=NOW,
    )
    found = preview(packet(position(inn=INNS[0])), "выгрузка.xml")
    differs = {item[0] for item in found["rows"][0]["differs"]}
    assert ("Телефон" in differs, "Сайт" in differs) == (True, False)


def test_standing_takes_the_newest_file_of_each_kind(those):
    load(two(those), on=TODAY)
    load(report_xlsx(row("Другой сад", INNS[1])), on=TODAY - timedelta(days=90))
    assert queries.standing_of(those[1]).report.complete is False
    load(packet(position(inn=INNS[1], changed="2020-01-01T10:00:00")))
    standing = queries.standing_of(those[1])
    assert (standing.fresh, standing.card.changed_on) == (False, date(2020, 1, 1))


def test_withdrawn_file_is_followed_by_nothing(those):
    source = load(two(those))
    with pytest.raises(Refusal) as refusal:
        deeds.withdraw(source=source, reason=" ", by=None, now=NOW)
    assert refusal.value.kind == "no_reason"
    deeds.withdraw(source=source, reason="отчёт прошлого года", by=None, now=NOW)
    assert queries.standing_of(those[1]).known is False
    with pytest.raises(Refusal) as refusal:
        deeds.withdraw(source=source, reason="ещё раз", by=None, now=NOW)
    assert refusal.value.kind == "busgov_withdrawn"
    assert JournalEntry.objects.get(deed="busgov.withdrawn").reason == "отчёт прошлого года"
    assert BusgovRecord.objects.count() == 2
