"""The form as asked: numbers, options, languages, versions; reading one respondent's answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.answers.form import form_of, read_additions
from noko.core.answers.slip import (
    EMPTY,
    columns_of,
    condition_text,
    is_asked,
    read_given,
    slip_of,
    without_hidden,
)
from noko.core.refusal import Refusal
from noko.queries.edition import get_edition

NOTHING = read_additions({})
FORM = form_of(get_edition("344n-2018"), NOTHING)
LEVELS = form_of(get_edition("1547-2014"), NOTHING)


def test_form_numbers_run_and_pattern_is_of_the_counted_questions():
    assert [item.number for item in FORM.asked] == list(range(1, 18))
    edition = get_edition("344n-2018")
    assert [item.id for item in FORM.closed] == [q.id for q in edition.questionnaire.closed]
    assert [(item.id, item.kept) for item in FORM.asked[14:]] == [
        ("q16", "remark"),
        ("q17", "profile"),
        ("q18", "profile"),
    ]


def test_form_of_levels_offers_their_labels_in_order():
    assert [option.value for option in LEVELS.asked[0].options] == [1, 2, 3, 4, 5]
    assert LEVELS.asked[0].options[4].label == "Отлично, полностью удовлетворен(а)"
    assert [(o.value, o.label) for o in FORM.asked[0].options] == [(1, "Да"), (0, "Нет")]


def test_form_extra_questions_stand_after_the_counted_ones():
    extra = [
        {"id": "r1", "text": "Как добираетесь?", "options": ["Пешком", "На автобусе"]},
        {"id": "r2", "text": "Долго?", "show_if": {"question": "r1", "answer": 2}},
    ]
    form = form_of(get_edition("344n-2018"), read_additions({"extra": extra}))
    assert [item.id for item in form.asked[14:]] == ["r1", "r2", "q16", "q17", "q18"]
    assert len(form.closed) == 16
    assert condition_text(form, form.by_id["r2"]) == (
        "только если на вопрос 15 ответить «На автобусе»"
    )


def test_form_language_falls_back_to_russian():
    wording = {
        "name": "Татарча",
        "questions": {"q1": "Беренче"},
        "options": {"yes_no": ["Юк", "Әйе"]},
    }
    additions = read_additions({"wordings": {"tt": wording}})
    edition = get_edition("344n-2018")
    tatar, russian = form_of(edition, additions, "tt"), form_of(edition, additions, "xx")
    assert (tatar.language, russian.language) == ("tt", "ru")
    assert tatar.asked[0].text == "Беренче"
    assert tatar.asked[1].text == russian.asked[1].text
    assert [o.label for o in tatar.asked[0].options] == ["Әйе", "Юк"]
    assert tatar.version == russian.version


def test_form_version_changes_with_any_word():
    edition = get_edition("344n-2018")
    extra = [{"id": "r1", "text": "Как добираетесь?"}]
    other = [{"id": "r1", "text": "Как вы добираетесь?"}]
    versions = [form_of(edition, read_additions({"extra": e})).version for e in ([], extra, other)]
    assert len({*versions, FORM.version, LEVELS.version}) == 4
    assert FORM.version == versions[0]


@pytest.mark.parametrize(
    "additions",
    [
        {"extra": [{"id": "q1", "text": "Чужой номер"}]},
        {"extra": [{"id": "r1", "text": ""}]},
        {"extra": [{"id": "r1", "text": "А"}, {"id": "r1", "text": "Б"}]},
        {"extra": [{"id": "r1", "text": "А", "options": ["один"]}]},
        {"extra": [{"id": "r1", "text": "А", "colour": "red"}]},
        {"wordings": {"tt": {"name": ""}}},
        [],
    ],
)
def test_form_additions_with_a_fault_are_refused(additions):
    with pytest.raises(Refusal) as refused:
        read_additions(additions)
    assert refused.value.kind == "bad_additions"


def test_form_condition_that_leads_nowhere_is_refused():
    extra = [{"id": "r1", "text": "А", "show_if": {"question": "r9", "answer": 1}}]
    with pytest.raises(Refusal) as refused:
        form_of(get_edition("344n-2018"), read_additions({"extra": extra}))
    assert refused.value.kind == "bad_additions"


# --- one respondent -----------------------------------------------------------------------------


def test_slip_keeps_answers_profile_and_remarks_apart():
    given_ = {"q1": "1", "q2": "0", "q16": " Да \n\n так ", "q17": "1", "q18": "40"}
    values = read_given(FORM, given_).values
    slip = slip_of(FORM, values)
    assert slip.pattern == "10" + EMPTY * 12
    assert slip.profile == ("q17=1", "q18=40")
    assert slip.remarks == ("q16=Да\nтак",)


def test_slip_flaws_leave_the_lawful_answers():
    given_ = {"q1": "0", "q2": "1", "q6": "9", "q9": "1", "q16": 5, "q99": "1"}
    result = read_given(FORM, given_)
    assert [(flaw.question, flaw.kind) for flaw in result.flaws] == [
        ("q6", "not_an_option"),
        ("q16", "not_an_option"),
        ("q99", "unknown_question"),
        ("q2", "hidden_answer"),
    ]
    assert result.values == {"q1": 0, "q2": 1, "q9": 1}


def test_slip_hidden_answers_fall_one_after_another():
    extra = [{"id": "r1", "text": "А", "show_if": {"question": "q2", "answer": 1}}]
    form = form_of(get_edition("344n-2018"), read_additions({"extra": extra}))
    kept = without_hidden(form, {"q1": 0, "q2": 1, "r1": 1, "q6": 1})
    assert kept == {"q1": 0, "q6": 1}


def answers_of(form):
    lawful = {
        item.id: st.sampled_from([None, *(option.value for option in item.options)])
        for item in form.closed
    }
    return st.fixed_dictionaries(lawful)


@given(st.lists(answers_of(FORM), max_size=20))
def test_slip_patterns_read_back_give_the_same_answers(rows):
    kept = [without_hidden(FORM, {k: v for k, v in row.items() if v is not None}) for row in rows]
    patterns = [slip_of(FORM, values).pattern for values in kept]
    columns = columns_of(FORM, patterns, [1] * len(patterns))
    for name, column in columns.items():
        assert column.dtype == np.int8
        assert column.tolist() == [values.get(name, -1) for values in kept]


@given(answers_of(FORM))
def test_slip_without_hidden_is_always_accepted(row):
    kept = without_hidden(FORM, {k: v for k, v in row.items() if v is not None})
    flaws = read_given(FORM, kept).flaws
    assert [flaw.kind for flaw in flaws] == ([] if kept else ["nothing_answered"])
    assert all(is_asked(FORM.by_id[name], kept) for name in kept)


def test_slip_columns_repeat_by_their_numbers():
    columns = columns_of(LEVELS, ["12345", "5----"], [2, 3])
    assert columns["q31"].tolist() == [1, 1, 5, 5, 5]
    assert columns["q43"].tolist() == [5, 5, -1, -1, -1]
    assert {name: len(c) for name, c in columns_of(LEVELS, [], []).items()} == dict.fromkeys(
        ["q31", "q32", "q41", "q42", "q43"], 0
    )


@given(
    st.dictionaries(
        st.sampled_from([*FORM.by_id, "q5", ""]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(),
            st.lists(st.integers()),
        ),
    )
)
def test_slip_reading_bears_anything(raw):
    result = read_given(FORM, raw)
    for name, value in result.values.items():
        question = FORM.by_id[name]
        assert question.kind != "choice" or question.allows(value)
