"""The questionnaire on paper: every question and option, conditions in words, no person."""

from __future__ import annotations

from datetime import date

from noko.core.answers.form import form_of, read_additions
from noko.documents.questionnaire import questionnaire_pdf
from noko.queries.edition import get_edition
from tests.documents.test_pdf import read, squeezed, text_of

DATES = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 28)}


def form(extra=()):
    return form_of(get_edition("344n-2018"), read_additions({"extra": list(extra)}))


def test_questionnaire_on_paper_has_every_question_and_option():
    made = form([{"id": "r1", "text": "Как вы добираетесь?", "options": ["Пешком", "Автобусом"]}])
    words = squeezed(text_of(questionnaire_pdf(made, operator="ООО «Опрос»", **DATES)))
    missing = [item.text for item in made.asked if squeezed(item.text) not in words]
    missing += [
        o.label for item in made.asked for o in item.options if squeezed(o.label) not in words
    ]
    assert missing == []
    assert squeezed("Отвечайте, только если на вопрос 1 ответить «Да».") in words
    assert squeezed("Организация, которую оценивают:") in words
    assert made.version in words


def test_questionnaire_on_paper_names_the_organisation_and_no_person():
    name = "Детский сад № 2 #strong[«Берёзка»]"
    content = questionnaire_pdf(form(), operator="", organisation=name, code="abcd2345", **DATES)
    words = squeezed(text_of(content))
    assert squeezed(name) in words
    assert "Кодорганизации:abcd2345" in words
    assert squeezed("не пишите на ней имя, телефон и адрес") in words
    assert [word for word in ("Подпись", "ФИО", "Фамилия") if word in words] == []
    assert "Организация,которуюоценивают" not in words


def test_questionnaire_on_paper_is_a4_and_the_same_each_time():
    content = questionnaire_pdf(form(), operator="", **DATES)
    assert content == questionnaire_pdf(form(), operator="", **DATES)
    sizes = {
        tuple(round(float(side)) for side in page.mediabox[2:]) for page in read(content).pages
    }
    assert sizes == {(595, 842)}
    assert len(read(content).pages) == 2
