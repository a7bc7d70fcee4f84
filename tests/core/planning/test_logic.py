"""A plan's own logic: each contradiction with its rows and its cure; a sound plan has none."""

from dataclasses import replace

import pytest

from noko.core.planning.logic import FINDINGS, Change, Finding, Item, check_plan
from noko.core.planning.people import split_responsible
from noko.core.planning.template import PlanTemplate
from noko.core.planning.term_grammar import parse_term
from noko.queries.calendar import working_calendar
from noko.queries.plan_template import get_template

TEMPLATE = get_template("1547-2014")


def item(
    key: str, term: str, code: str = "", *, who: str = "Общественный совет", **more: str
) -> Item:
    return Item(
        key=key,
        activity=more.get("activity", f"Мероприятие {key}"),
        term=parse_term(term, year=2016),
        responsible=split_responsible(who),
        result=more.get("result", "Документ"),
        code=code,
    )


def found(*items: Item, template: PlanTemplate = TEMPLATE) -> list[Finding]:
    return list(check_plan(items, year=2016, calendar=working_calendar(), template=template))


def codes(*items: Item) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.code, finding.keys) for finding in found(*items)]


def test_logic_sound_plan_has_no_findings() -> None:
    assert (
        found(
            item("1.1", "до 20 января", "list"),
            item("2.2", "февраль – апрель", "wave_preschool"),
            item("2.5", "до 30 сентября", "rating"),
            item("2.6", "октябрь", "discussion"),
            item("2.8", "до 5 декабря", "publication"),
            item("2.9", "постоянно", "busgov"),
        )
        == []
    )


def test_logic_year_of_a_term_contradicts_the_plan() -> None:
    (only,) = found(item("3.1", "до 10 декабря 2015г.", "improvement"))
    assert (only.code, only.keys) == ("year_contradicts", ("3.1",))
    assert only.sentence == (
        "3.1: срок «до 10 декабря 2015г.» кончается в 2015 году, а план – на 2016 год."
    )
    assert only.changes == (Change("3.1", "term", "до 10 декабря 2016г."),)


def test_logic_preparation_after_what_it_prepares() -> None:
    (only,) = found(
        item("1.1", "до 30 ноября 2016г.", "list"),
        item("2.2", "Февраль – апрель", "wave_preschool"),
        item("2.3", "Март - май", "wave_general"),
    )
    assert (only.code, only.keys) == ("prepares_late", ("1.1", "2.2", "2.3"))
    assert only.changes == (Change("1.1", "term", "до 29 января 2016 г."),)
    assert "«на 2017 год»" in only.cure


@pytest.mark.parametrize("of", ["на следующий год", "на 2017 год"])
def test_logic_preparation_of_the_next_year_is_no_contradiction(of: str) -> None:
    assert (
        codes(
            item("1.1", "до 30 ноября", "list", activity=f"Перечень организаций {of}"),
            item("2.2", "февраль – апрель", "wave_preschool"),
        )
        == []
    )


def test_logic_preparation_due_with_what_has_no_beginning() -> None:
    assert (
        codes(item("2.7", "до 9 декабря", "proposals"), item("3.1", "до 9 декабря", "improvement"))
        == []
    )
    assert codes(
        item("2.7", "до 12 декабря", "proposals"), item("3.1", "до 9 декабря", "improvement")
    ) == [("prepares_late", ("2.7", "3.1"))]


def test_logic_published_before_it_is_approved() -> None:
    (only,) = found(
        item("3.1", "до 12 декабря", "improvement"), item("3.2", "до 9 декабря", "placing")
    )
    assert (only.code, only.keys) == ("published_before_approved", ("3.2", "3.1"))
    assert only.changes == (Change("3.2", "term", "до 13 декабря 2016 г."),)


def test_logic_report_before_what_it_reports_on() -> None:
    (only,) = found(
        item("2.8", "до 2 декабря", "publication"),
        item("3.2", "до 12 декабря", "placing"),
        item("3.4", "ноябрь – декабрь", "decisions"),
        item("3.5", "до 5 декабря", "report"),
    )
    assert (only.code, only.keys) == ("report_too_early", ("3.5", "3.2", "3.4"))
    assert "последнее – 31 декабря 2016 г. " not in only.sentence
    assert only.sentence.endswith("последнее – 31 декабря 2016 г.")


def test_logic_control_without_a_term_of_its_own() -> None:
    term = "в течение срока, определенного Планом мероприятий"
    assert codes(item("3.3", term, "control")) == [("control_without_term", ("3.3",))]
    assert codes(item("7", "согласно графику", activity="Контроль за исполнением")) == [
        ("control_without_term", ("7",))
    ]
    assert codes(item("2.11", "согласно графику", "contests")) == [("no_date", ("2.11",))]


def test_logic_result_without_responsible_and_without_result() -> None:
    assert codes(item("1.1", "май", who="")) == [("no_responsible", ("1.1",))]
    assert codes(item("1.1", "май", result="")) == [("no_result", ("1.1",))]
    assert codes(item("1.1", "май", activity="")) == [("no_activity", ("1.1",))]


def test_logic_two_wordings_of_one_body() -> None:
    (only,) = found(
        item("1.1", "май", who="Управление образования и науки"),
        item("1.2", "май", who="Управление образования"),
        item("1.3", "май", who="Управление образования и науки"),
    )
    assert (only.code, only.keys) == ("two_wordings", ("1.2", "1.1", "1.3"))
    assert only.changes == (
        Change("1.2", "responsible:Управление образования", "Управление образования и науки"),
    )


def test_logic_term_that_is_not_understood_and_its_readings() -> None:
    (only,) = found(item("1.1", "до марта"))
    assert only.code == "term_unclear"
    assert [change.value for change in only.changes] == [
        *("до 1 марта 2016 г.", "до 31 марта 2016 г.")
    ]
    assert codes(item("1.1", "до 31 февраля")) == [("term_unclear", ("1.1",))]


def test_logic_term_on_a_day_off() -> None:
    (only,) = found(item("2.7", "до 30 октября 2016г.", "proposals"))
    assert only.sentence == "2.7: 30 октября 2016 г. – нерабочий день, воскресенье."
    assert only.changes == (Change("2.7", "term", "до 28 октября 2016 г."),)


def test_logic_repeated_numbers() -> None:
    assert codes(item("1.1", "май"), item("1.1", "июнь")) == [("number_repeated", ("1.1",))]


def test_logic_fingerprint_lasts_while_the_wordings_do() -> None:
    late = item("1.1", "до 30 ноября", "list"), item("2.2", "февраль", "wave_preschool")
    again = (replace(late[0], result="Другой документ"), late[1])
    moved = (item("1.1", "до 29 ноября", "list"), late[1])
    prints = [found(*items)[0].fingerprint for items in (late, again, moved)]
    assert prints[0] == prints[1]
    assert prints[0] != prints[2]


def test_logic_every_code_has_its_name() -> None:
    made = {
        *(
            finding.code
            for finding in found(item("1.1", "май", who=""), item("1.1", "x", result=""))
        ),
    }
    assert made <= set(FINDINGS)
