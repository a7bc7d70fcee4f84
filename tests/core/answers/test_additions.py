"""A region's questions and languages, changed piece by piece."""

import pytest

from noko.core.answers.additions import (
    missing,
    moved,
    said_in,
    texts_of,
    with_language,
    with_question,
    with_wording,
    without_language,
    without_question,
    worded,
)
from noko.core.answers.form import Additions, Wording, form_of, read_additions
from noko.core.editions import ShowIf
from noko.core.refusal import Refusal
from noko.queries.edition import edition_codes, get_edition

EDITION = get_edition("344n-2018")
TWO = with_question(
    with_question(Additions(), text=" Как  вы добираетесь? ", options=["Пешком", "Автобусом"]),
    text="Долго?",
    show_if=ShowIf(question="r1", answer=2),
)


def kind_of(deed):
    with pytest.raises(Refusal) as refusal:
        deed()
    return refusal.value.kind


def test_question_gets_an_id_of_its_own():
    assert [(item.id, item.text, item.options) for item in TWO.extra] == [
        ("r1", "Как вы добираетесь?", ("Пешком", "Автобусом")),
        ("r2", "Долго?", ()),
    ]
    shorter = without_question(TWO, "r2")
    assert [item.id for item in with_question(shorter, text="Третий").extra] == ["r1", "r2"]


def test_question_id_is_not_taken_again_while_a_language_speaks_of_it():
    told = with_wording(Additions(), "tt", Wording(name="Татарча", questions={"r1": "Ничек?"}))
    assert with_question(told, text="Другой").extra[0].id == "r2"


def test_question_in_other_words_loses_its_wording():
    told = with_wording(
        TWO, "tt",
        Wording(name="Татарча", questions={"r1": "а", "r2": "б"}, options={"r1": ("в", "г")}),
    )  # fmt: skip
    same = with_question(told, id="r1", text="Как вы добираетесь?", options=["Пешком", "Метро"])
    assert same.wordings["tt"].questions == {"r1": "а", "r2": "б"}
    assert same.wordings["tt"].options == {}
    other = with_question(told, id="r1", text="Как?", options=["Пешком", "Автобусом"])
    assert other.wordings["tt"].questions == {"r2": "б"}
    assert other.wordings["tt"].options == {"r1": ("в", "г")}


def test_question_that_another_hangs_on_stays():
    assert kind_of(lambda: without_question(TWO, "r1")) == "asked_after"
    assert kind_of(lambda: moved(TWO, "r1", 1)) == "asked_after"
    assert kind_of(lambda: with_question(TWO, id="r1", text="Да или нет?")) == "asked_after"
    assert kind_of(lambda: with_question(TWO, id="r1", text="Как?", kind="text")) == "asked_after"
    assert kind_of(lambda: without_question(TWO, "r9")) == "no_question"


def test_question_moves_within_the_edges():
    three = with_question(TWO, text="Третий")
    assert [item.id for item in moved(three, "r3", -1).extra] == ["r1", "r3", "r2"]
    assert moved(three, "r3", 1) == three
    assert moved(three, "r1", -1) == three


def test_question_number_twenty_one_is_refused():
    added = Additions()
    for number in range(20):
        added = with_question(added, text=f"Вопрос {number}")
    assert kind_of(lambda: with_question(added, text="Ещё")) == "too_many_questions"


def test_form_keeps_what_is_about_the_person_and_free_texts_apart():
    added = with_question(TWO, text="Сколько у вас детей?", kind="profile", options=["1", "2"])
    added = with_question(added, text="Чего не хватает?", kind="text")
    form = form_of(EDITION, added)
    assert [(item.id, item.kept) for item in form.asked[14:]] == [
        ("r1", "answer"), ("r2", "answer"), ("q16", "remark"), ("q17", "profile"),
        ("q18", "profile"), ("r3", "profile"), ("r4", "remark"),
    ]  # fmt: skip
    assert len(form.closed) == 16


def test_form_version_of_closed_questions_is_what_it_was_before_there_were_others():
    extra = [{"id": "r1", "text": "Как добираетесь?"}]
    assert form_of(EDITION, read_additions({"extra": extra})).version == "015fda8150438996"


def test_language_is_added_once_and_taken_away():
    added = with_language(TWO, "tt", "Татарча")
    assert kind_of(lambda: with_language(added, "tt", "Татарча")) == "language_taken"
    assert kind_of(lambda: with_language(added, "ru", "Русский")) == "language_taken"
    assert without_language(added, "tt") == TWO


@pytest.mark.parametrize("code", edition_codes())
def test_wording_of_every_text_is_complete_and_read_back(code):
    edition = get_edition(code)
    texts = {item.key: f"{item.key}!" for item in texts_of(edition, TWO)}
    wording = worded("Татарча", texts, edition, TWO)
    added = with_wording(TWO, "tt", wording)
    assert missing(edition, added) == {}
    assert said_in(wording, edition, added) == texts
    form = form_of(edition, added, "tt")
    spoken = {form.title, form.preamble, *(item.text for item in form.asked)}
    spoken |= {option.label for item in form.asked for option in item.options}
    assert spoken == set(texts.values())
    assert read_additions(added.model_dump(mode="json")) == added


def test_wording_with_gaps_names_them_and_stays_russian_there():
    wording = worded("Татарча", {"o.yes_no.1": "Әйе", "q.r1": " Ничек? "}, EDITION, TWO)
    added = with_wording(TWO, "tt", wording)
    keys = {item.key for item in missing(EDITION, added)["tt"]}
    everything = {item.key for item in texts_of(EDITION, TWO)}
    assert everything - keys == {"o.yes_no.1", "q.r1"}
    form = form_of(EDITION, added, "tt")
    assert [option.label for option in form.asked[0].options] == ["Әйе", "Нет"]
    assert (form.by_id["r1"].text, form.by_id["r2"].text) == ("Ничек?", "Долго?")
