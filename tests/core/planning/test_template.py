"""Templates of the plan: 21 activities, known again in others' words; a mistake is refused."""

from pathlib import Path

import pytest

from noko.core.planning.template import (
    CLOSING_TITLES,
    Closing,
    parse_template,
    recognise,
    recognise_all,
)
from noko.core.refusal import Refusal
from noko.queries.edition import edition_codes
from noko.queries.plan_template import TEMPLATES, get_template, template_codes, template_for

NUMBERS = [
    *(f"1.{n}" for n in range(1, 6)),
    *(f"2.{n}" for n in range(1, 12)),
    *(f"3.{n}" for n in range(1, 6)),
]


def texts() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in Path(TEMPLATES).glob("*.yaml")}


def refused(old: str, new: str) -> str:
    whole = texts()
    assert old in whole["344n-2018"]
    changed = {**whole, "344n-2018": whole["344n-2018"].replace(old, new, 1)}
    with pytest.raises(Refusal) as refusal:
        parse_template("344n-2018", changed)
    assert refusal.value.kind == "broken_template"
    return "\n".join(refusal.value.lines())


@pytest.mark.parametrize("code", template_codes())
def test_template_has_the_21_activities(code: str) -> None:
    template = get_template(code)
    assert [item.number for item in template.activities] == NUMBERS
    assert [item.number for item in template.sections] == ["1", "2", "3"]
    assert template.edition in edition_codes()
    assert all(item.result and item.responsible for item in template.activities)


@pytest.mark.parametrize("code", template_codes())
def test_template_knows_its_own_activities(code: str) -> None:
    template = get_template(code)
    own = recognise_all([item.activity for item in template.activities], template)
    assert list(own) == [item.code for item in template.activities]


@pytest.mark.parametrize(
    ("activity", "code"),
    [
        ("Определение перечня организаций, подлежащих оценке", "list"),
        ("Подготовка технического задания для оператора", "specification"),
        ("Проведение независимой оценки в дошкольных организациях", "wave_preschool"),
        ("Опубликование результатов независимой оценки", "publication"),
        ("Размещение сведений о результатах на сайте bus.gov.ru", "busgov"),
        ("Ежеквартальный контроль за выполнением мероприятий", "control"),
        ("Покупка канцелярских товаров", ""),
    ],
)
def test_template_recognises_others_words(activity: str, code: str) -> None:
    assert recognise(activity, get_template("344n-2018")) == code


def test_template_based_on_another_changes_only_what_it_names() -> None:
    base, changed = get_template("344n-2018"), get_template("1547-2014")
    differing = [item.code for item in base.activities if item != changed.by_code[item.code]]
    assert differing == ["wave_supplementary", "rating", "improvement"]


def test_template_for_a_year() -> None:
    assert [template_for(year).code for year in (2010, 2016, 2018, 2030)] == [
        *("1547-2014", "1547-2014", "344n-2018", "344n-2018")
    ]


def test_template_unknown_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        get_template("999")
    assert refusal.value.kind == "unknown_template"


def test_template_broken_is_refused_with_its_reason() -> None:
    assert "мероприятие 1.1 ссылается на «waves»" in refused(
        "prepares: [wave_preschool,", "prepares: [waves,"
    )
    assert "срок «когда-нибудь» не понят" in refused('term: "до 30 ноября"', 'term: "когда-нибудь"')
    assert "344n-2018.yaml" in refused("closes_by: [list_approved]", "closes_by: [nothing]")
    assert "раздела 4 нет" in refused('number: "3.5"', 'number: "4.5"')


def test_every_way_of_closing_has_its_name() -> None:
    assert set(CLOSING_TITLES) == set(Closing)
