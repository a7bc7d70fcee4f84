"""The status of an activity follows from its term and its results; nothing is ticked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.planning.progress import TITLES, Done, Standing, Status, standing
from noko.core.planning.reminders import FORGOTTEN_AFTER, Step, spans, steps_on
from noko.core.planning.term_grammar import parse_term
from noko.core.planning.terms import Term
from noko.queries.calendar import working_calendar


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(today: str, term: str, *done: str | Done, **more: bool) -> Standing:
    parsed = parse_term(term, year=2016)
    assert isinstance(parsed, Term)
    results = [item if isinstance(item, Done) else Done(day(item)) for item in done]
    return standing(
        parsed.meaning,
        year=2016,
        calendar=working_calendar(),
        today=day(today),
        done=results,
        **more,
    )


@pytest.mark.parametrize(
    ("today", "term", "done", "status"),
    [
        ("2016-03-01", "до 30 ноября", [], Status.NOT_BEGUN),
        ("2016-11-30", "до 30 ноября", [], Status.NOT_BEGUN),
        ("2016-12-01", "до 30 ноября", [], Status.OVERDUE),
        ("2016-12-01", "до 30 ноября", ["2016-11-30"], Status.DONE),
        ("2016-12-05", "до 30 ноября", ["2016-12-01"], Status.DONE_LATE),
        ("2016-01-15", "февраль – апрель", [], Status.NOT_BEGUN),
        ("2016-02-01", "февраль – апрель", [], Status.UNDER_WAY),
        ("2016-05-01", "февраль – апрель", [], Status.OVERDUE),
        ("2016-05-01", "февраль – апрель", ["2016-04-28"], Status.DONE),
        ("2015-12-01", "постоянно", [], Status.NOT_BEGUN),
        ("2016-06-01", "постоянно", ["2016-02-01"], Status.UNDER_WAY),
        ("2017-01-10", "постоянно", ["2016-02-01"], Status.DONE),
        ("2017-01-10", "постоянно", [], Status.OVERDUE),
        ("2016-06-01", "в течение года", ["2016-05-01"], Status.DONE),
        ("2016-06-01", "согласно графику", [], Status.NOT_BEGUN),
        ("2017-01-01", "согласно графику", [], Status.OVERDUE),
        ("2016-06-01", "согласно графику", ["2016-05-01"], Status.DONE),
        ("2016-04-03", "ежеквартально до 3 числа", [], Status.UNDER_WAY),
        ("2016-04-04", "ежеквартально до 3 числа", [], Status.OVERDUE),
        ("2016-04-04", "ежеквартально до 3 числа", ["2016-04-01"], Status.UNDER_WAY),
    ],
)
def test_status_on_a_day(today: str, term: str, done: list[str], status: Status) -> None:
    assert on(today, term, *done).status == status


def test_status_under_way_once_somebody_has_begun() -> None:
    assert on("2016-03-01", "до 30 ноября", begun=True).status == Status.UNDER_WAY


def test_standing_of_a_recurring_term_closes_the_named_period() -> None:
    found = on(
        "2016-10-20",
        "ежеквартально до 3 числа",
        Done(day("2016-04-02")),
        Done(day("2016-07-10"), "II квартал 2016 г."),
    )
    assert [item.due_on.isoformat() for item in found.open] == ["2016-10-03", "2017-01-03"]
    assert [item.late for item in found.closed] == [False, True]
    assert (found.status, found.due_on) == (Status.OVERDUE, day("2016-10-03"))


def test_standing_counts_working_days_of_delay() -> None:
    assert on("2016-12-05", "до 30 ноября").days_late == 3
    assert on("2016-11-30", "до 30 ноября").days_late == 0


def test_standing_knows_when_everything_was_done() -> None:
    assert on("2016-12-05", "до 30 ноября", "2016-11-28").done_on == day("2016-11-28")
    assert on("2016-12-05", "до 30 ноября").done_on is None


def test_every_status_has_its_words() -> None:
    assert set(TITLES) == set(Status)


# --- reminders --------------------------------------------------------------------------------

DUE = day("2016-11-30")
RUNS = st.sets(st.dates(day("2016-10-01"), day("2017-03-01")), min_size=1, max_size=60)


def test_reminders_by_the_working_calendar() -> None:
    found = {span.step: span.first.isoformat() for span in spans(DUE, working_calendar())}
    assert found == {
        Step.AHEAD: "2016-11-16",
        Step.SOON: "2016-11-25",
        Step.LATE: "2016-12-01",
        Step.ESCALATION: "2016-12-07",
    }


@given(RUNS)
def test_reminders_each_step_once_whatever_the_clockwork(runs: set[date]) -> None:
    """The database keeps what was said; here a set does."""
    calendar = working_calendar()
    said: dict[Step, date] = {}
    for today in sorted(runs):
        for step in steps_on(DUE, today, calendar):
            said.setdefault(step, today)
    for span in spans(DUE, calendar):
        reached = [today for today in sorted(runs) if span.first <= today <= span.last]
        assert said.get(span.step) == (reached[0] if reached else None)


@given(st.dates(day("2016-01-01"), day("2026-12-31")))
def test_reminders_before_a_term_are_never_said_after_it(due: date) -> None:
    calendar = working_calendar()
    for span in spans(due, calendar):
        before = span.step in (Step.AHEAD, Step.SOON)
        assert (span.last <= due) == before
        assert span.first <= span.last
        assert span.last <= due + timedelta(days=FORGOTTEN_AFTER)
