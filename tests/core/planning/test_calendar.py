"""Working days of Russia: transfers of the Government, holidays on days off, years without data."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.planning.calendar import WorkingCalendar, parse_holidays, parse_year
from noko.core.refusal import Refusal
from noko.queries.calendar import CALENDARS, read_calendar, working_calendar

YEARS = range(2015, 2028)
DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))

HOLIDAYS = (CALENDARS / "holidays.yaml").read_text(encoding="utf-8")
YEAR = """
year: 2030
basis: {act: "выдуманное постановление", evidence: design_choice}
transfers:
"""


def refused(text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        WorkingCalendar(parse_holidays(HOLIDAYS, "holidays.yaml"), [parse_year(text, "2030.yaml")])
    assert refusal.value.kind == "broken_calendar"
    return "\n".join(refusal.value.lines())


@pytest.mark.parametrize("year", YEARS)
def test_calendar_every_year_has_its_act_and_its_number_of_days(year: int) -> None:
    found = working_calendar().years[year]
    count = working_calendar().between(date(year, 1, 1), date(year, 12, 31))
    assert found.working_days == count
    assert "постановление Правительства" in found.basis.act
    assert found.basis.source.startswith("http")


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2016-02-20", True),  # a Saturday worked for the 22nd of February
        ("2016-02-22", False),
        ("2016-06-13", False),  # the 12th is a Sunday: the Monday is off by the Code itself
        ("2016-10-30", False),
        ("2019-02-25", True),  # the 23rd is a Saturday, moved by the Government to May
        ("2019-05-10", False),
        ("2025-11-01", True),
        ("2025-03-10", True),  # the 8th is a Saturday, moved by the Government to June
        ("2026-03-09", False),
        ("2027-12-31", False),
        ("2028-01-09", False),  # a year without data: the Code alone
    ],
)
def test_calendar_knows_transfers(day: str, working: bool) -> None:
    assert working_calendar().is_working(date.fromisoformat(day)) is working


def test_calendar_year_without_data_is_not_established() -> None:
    assert working_calendar().established(2027) is True
    assert working_calendar().established(2028) is False


def test_calendar_counts_working_days_over_holidays() -> None:
    calendar = working_calendar()
    assert calendar.add(date(2015, 12, 31), 1) == date(2016, 1, 11)
    assert calendar.add(date(2016, 1, 11), -1) == date(2015, 12, 31)
    assert calendar.add(date(2016, 3, 4), 3) == date(2016, 3, 11)
    assert calendar.on_or_before(date(2016, 10, 30)) == date(2016, 10, 28)
    assert calendar.on_or_after(date(2016, 10, 30)) == date(2016, 10, 31)
    assert calendar.nth(2016, 1, 1) == date(2016, 1, 11)


@given(day=DAYS, count=st.integers(1, 60))
def test_calendar_there_and_back(day: date, count: int) -> None:
    calendar = working_calendar()
    later = calendar.add(day, count)
    assert calendar.is_working(later)
    assert calendar.between(day + timedelta(days=1), later) == count
    assert calendar.add(later, -count) == calendar.on_or_before(day)


def test_calendar_broken_files_are_refused_by_name_and_key() -> None:
    assert "2030.yaml" in refused("год: 2030")
    assert "перенос 2030-03-04 → 2030-03-05 невозможен" in refused(
        YEAR + "  - {source: 2030-03-04, target: 2030-03-05}\n"
    )
    assert "не в 2030" in refused(YEAR + "  - {source: 2031-01-04, target: 2031-01-09}\n")
    assert "рабочих дней выходит" in refused(
        YEAR + "  - {source: 2030-01-05, target: 2030-01-09}\nworking_days: 12\n"
    )


def test_calendar_folder_without_years_follows_the_code(tmp_path: Path) -> None:
    (tmp_path / "holidays.yaml").write_text(HOLIDAYS, encoding="utf-8")
    calendar = read_calendar(tmp_path)
    assert calendar.is_working(date(2016, 2, 22)) is True
    assert calendar.is_working(date(2016, 6, 13)) is False
