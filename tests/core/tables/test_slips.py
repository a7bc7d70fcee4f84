"""Files of other systems, row by row: what can be an answer, what cannot and why."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from noko.core.answers.form import Additions, Extra, Wording, form_of
from noko.core.refusal import Refusal
from noko.core.tables.sheet import Sheet
from noko.core.tables.slip_cells import Period
from noko.core.tables.slips import columns_in, read_slips
from noko.queries.edition import get_edition
from tests.small_cycle import EDITION

PERIOD = Period(date(2027, 2, 1), date(2027, 2, 20))
SCHOOL = "Детский сад № 2"


@pytest.fixture(scope="module")
def edition():
    return get_edition(EDITION)


@pytest.fixture(scope="module")
def form(edition):
    return form_of(edition, Additions())


def heads(edition, *more):
    return [
        "Отметка времени",
        "Организация",
        *(q.text for q in edition.questionnaire.closed),
        *more,
    ]


def yes(moment, *more, **answers):
    """A row of fourteen «Да»; ``answers``: place of the question → another cell."""
    cells = ["Да"] * 14
    for place, value in answers.items():
        cells[int(place[1:]) - 1] = value
    return [moment, SCHOOL, *cells, *more]


def read(edition, forms, rows, **how):
    sheet = Sheet("ответы.xlsx", "Ответы", rows)
    return read_slips([sheet], edition, forms, period=PERIOD, **how)


def reasons(table):
    return [(row.number, row.reason) for row in table.rejected]


def test_slips_of_a_usual_export_are_read(edition, form):
    texts = [q.text for q in edition.questionnaire.questions if q.id in ("q16", "q17", "q18")]
    rows = [
        heads(edition, *texts),
        yes("10.02.2027 10:00:01", "Больше\nкружков", "Женский", 34),
        yes(datetime(2027, 2, 11, 9), "", "", ""),  # noqa: DTZ001 (a spreadsheet has no zone)
    ]
    table = read(edition, [form], rows)
    assert reasons(table) == []
    assert [row.day for row in table.rows] == [date(2027, 2, 10), date(2027, 2, 11)]
    first = table.rows[0].slip
    assert (first.pattern, first.remarks) == ("1" * 14, ("q16=Больше\nкружков",))
    assert first.profile == ("q17=2", "q18=34")
    assert [item.name for item in table.organisations] == [SCHOOL]


def test_slips_of_kobo_are_read_by_ids_in_groups(edition, form):
    ids = [f"anketa/{item.id}" for item in form.asked]
    row = ["uuid-1", "2027-02-10T08:00:00.000+03:00", SCHOOL, *["1"] * 14, "Тепло", "1", "40"]
    rows = [["_uuid", "_submission_time", "anketa/organisation", *ids], row]
    table = read(edition, [form], rows)
    assert (reasons(table), table.rows[0].key) == ([], "id:uuid-1")
    assert table.rows[0].slip.profile == ("q17=1", "q18=40")
    assert table.rows[0].day == date(2027, 2, 10)


def test_slips_of_wrong_rows_are_named_with_their_reason(edition, form):
    rows = [
        heads(edition),
        yes("10.02.2027 10:00"),
        yes("10.02.2027 10:00", q3="Может быть"),
        yes("10.02.2022 10:00"),
        yes("вчера"),
        ["10.02.2027 10:00", SCHOOL, *[""] * 14],
        ["10.02.2027 10:00", "", *["Да"] * 14],
        yes("", q5="#REF!"),
    ]
    table = read(edition, [form], rows)
    assert [row.number for row in table.rows] == [2]
    said = dict(reasons(table))
    assert sorted(said) == [3, 4, 5, 6, 7, 8]
    assert "стоит «Может быть», такого ответа нет" in said[3]
    assert "день 10.02.2022 вне волны (с 01.02.2027 по 20.02.2027)" in said[4]
    assert "стоит «вчера», а ожидается дата" in said[5]
    assert said[6].startswith("Нет ни одного ответа")
    assert said[7] == "не указана организация."
    assert "ошибка формулы" in said[8]


def test_slips_without_a_day_have_none(edition, form):
    table = read(edition, [form], [heads(edition), yes("")])
    assert [row.day for row in table.rows] == [None]


def test_slips_leave_out_answers_that_are_not_asked_for(edition, form):
    table = read(edition, [form], [heads(edition), yes("", q1="Нет"), yes("")])
    assert table.rows[0].slip.pattern == "0-111111111111"
    assert table.superfluous == 1


def test_slips_equal_within_a_minute_are_different_people(edition, form):
    rows = [heads(edition), *[yes("10.02.2027 10:00") for _ in range(3)]]
    first = read(edition, [form], rows)
    again = read(edition, [form], [*rows, yes("10.02.2027 10:00")])
    assert (len(first.rows), len({row.key for row in first.rows})) == (3, 3)
    assert [row.key for row in first.rows] == [row.key for row in again.rows[:3]]


def test_slips_with_one_number_twice_are_taken_once(edition, form):
    rows = [
        [*heads(edition), "ID"],
        *[yes("10.02.2027 10:00", n) for n in (*range(1, 12), 3)],
    ]
    table = read(edition, [form], rows)
    assert (len(table.rows), reasons(table)) == (11, [(13, "повторяет строку 4")])


def test_slips_whose_number_is_no_number_are_known_by_time(edition, form):
    rows = [[*heads(edition), "ID"], *[yes("10.02.2027 10:00", 7) for _ in range(5)]]
    table = read(edition, [form], rows)
    assert (len(table.rows), table.rows[0].key[:4]) == (5, "row:")


def test_slips_known_by_nothing_say_so(edition, form):
    table = read(edition, [form], [heads(edition)[1:], yes("")[1:]])
    assert (table.keyed, table.rows[0].key) == (False, "")
    assert "система этого не увидит" in table.warnings[-1]


def test_slips_of_a_region_with_own_questions_and_languages(edition):
    extra = Extra(id="r1", text="Как вы добираетесь?", options=("Пешком", "Автобусом"))
    tatar = Wording(name="татарча", options={"yes_no": ("Юк", "Әйе"), "r1": ("Җәяү", "Автобуста")})
    added = Additions(extra=(extra,), wordings={"tt": tatar})
    forms = [form_of(edition, added), form_of(edition, added, "tt")]
    rows = [
        heads(edition, "Как вы добираетесь?"),
        yes("", "Автобусом"),
        yes("", "Автобуста", q1="Әйе"),
        yes("", ""),
    ]
    table = read(edition, forms, rows)
    assert [row.slip.pattern[-1] for row in table.rows] == ["2", "2", "-"]


def test_slips_without_a_question_are_refused_and_a_person_may_name_it(edition, form):
    names = heads(edition)
    names[2] = "Первый столбец"
    rows = [names, yes("10.02.2027 10:00")]
    with pytest.raises(Refusal) as refused:
        read(edition, [form], rows)
    assert (refused.value.kind, "q1" in str(refused.value)) == ("missing_column", True)
    assert len(read(edition, [form], rows, choice={"C": "q1"}).rows) == 1
    sheet = Sheet("ответы.xlsx", "Ответы", rows)
    fields = {item.letter: item.field for item in columns_in([sheet], edition, form, {})}
    assert (fields["A"], fields["B"], fields["C"], fields["D"]) == ("day", "organisation", "", "q2")


def test_slips_with_one_field_in_two_columns_are_refused(edition, form):
    with pytest.raises(Refusal) as refused:
        read(edition, [form], [heads(edition), yes("")], choice={"A": "q2"})
    assert refused.value.kind == "ambiguous_column"


def test_slips_may_leave_the_day_unused(edition, form):
    table = read(edition, [form], [heads(edition), yes("10.02.2020 9:00")], choice={"A": ""})
    assert ([row.day for row in table.rows], reasons(table)) == ([None], [])


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027/02/10 10:00:00 AM GMT+3", date(2027, 2, 10)),
        ("2027-02-10", date(2027, 2, 10)),
        ("1.2.2027 9:05:07", date(2027, 2, 1)),
        (date(2027, 2, 3), date(2027, 2, 3)),
    ],
)
def test_day_of_a_moment(cell, day):
    assert PERIOD.read(cell) == day
