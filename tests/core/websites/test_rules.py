"""The orders as data: they load, hang together, and their own examples satisfy them."""

from datetime import date

import pytest

from noko.core.refusal import Refusal
from noko.core.websites.findings import Status
from noko.core.websites.rule_files import SHARED_FILES, parse_regime
from noko.core.websites.rules import Item, Regime, Subsection
from noko.core.websites.wording import marked_up
from noko.queries.website_rules import RULES, get_regime, regime_codes, regime_on
from tests.core.websites.pages import check, page

REGIMES = [get_regime(code) for code in regime_codes()]
ITEMS = [
    pytest.param(regime, sub, item, id=f"{regime.code}-{item.code}")
    for regime in REGIMES
    for sub in regime.subsections
    for item in sub.items
]


def texts_of(code: str) -> dict[str, str]:
    names = (f"{code}.yaml", *SHARED_FILES)
    return {name: (RULES / name).read_text(encoding="utf-8") for name in names}


def judged(regime: Regime, sub: Subsection, item: Item, body: str):
    day = max(regime.valid_from, item.starts or regime.valid_from)
    kind = next(one for one in item.types if one in sub.types)
    return check(page(sub.slug, body), regime=regime, kind=kind, on=day).finding(item.code)


def test_regimes_in_their_order():
    assert regime_codes() == ["785-2014", "831-2020", "1493-2023"]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2016, 9, 4), "785-2014"),
        (date(2020, 12, 31), "785-2014"),
        (date(2021, 1, 1), "831-2020"),
        (date(2024, 8, 31), "831-2020"),
        (date(2024, 9, 1), "1493-2023"),
    ],
)
def test_regime_on_a_day(day, code):
    assert regime_on(day).code == code


def test_regime_on_a_day_without_rules_is_refused():
    with pytest.raises(Refusal) as refused:
        regime_on(date(2010, 1, 1))
    assert refused.value.kind == "no_regime"


def test_regime_unknown_is_refused():
    with pytest.raises(Refusal) as refused:
        get_regime("999-1999")
    assert refused.value.kind == "unknown_regime"


@pytest.mark.parametrize(("regime", "sub", "item"), ITEMS)
def test_example_in_words_is_found_by_text(regime, sub, item):
    text = item.sign.example
    link = item.sign.kind == "document"
    body = f'<p><a href="/files/one.pdf">{text}</a></p>' if link else f"<p>{text}</p>"
    assert judged(regime, sub, item, body).status is Status.FOUND


@pytest.mark.parametrize(("regime", "sub", "item"), ITEMS)
def test_example_with_markup_is_counted_by_the_official_algorithm(regime, sub, item):
    finding = judged(regime, sub, item, marked_up(item, regime))
    assert (finding.status, finding.official) == (Status.FOUND, bool(item.markup))


@pytest.mark.parametrize(("regime", "sub", "item"), ITEMS)
def test_label_with_a_dash_is_absent(regime, sub, item):
    label = item.sign.example.partition(":")[0]
    facts = {item.condition: True} if item.condition else {}
    day = max(regime.valid_from, item.starts or regime.valid_from)
    kind = next(one for one in item.types if one in sub.types)
    body = "<p>Страница подраздела.</p>" if label == item.sign.example else f"<p>{label}: –</p>"
    result = check(page(sub.slug, body), regime=regime, kind=kind, on=day, facts=facts)
    assert result.finding(item.code).status is Status.ABSENT


def test_regime_accreditation_moves_on_the_first_of_march_2026():
    before = check(page("common", "x"), on=date(2026, 2, 28))
    after = check(page("common", "x"), on=date(2026, 3, 1))
    statuses = [
        (one.finding("common.accreditation").status, one.finding("education.accreditation").status)
        for one in (before, after)
    ]
    assert statuses == [
        (Status.ABSENT, Status.NOT_APPLICABLE),
        (Status.NOT_APPLICABLE, Status.UNCHECKED),
    ]


def test_regime_digest_changes_with_the_words():
    texts = texts_of("785-2014")
    changed = texts | {"signs.yaml": texts["signs.yaml"] + "\n# ещё\n"}
    first = parse_regime("785-2014", texts).digest
    assert parse_regime("785-2014", changed).digest != first
    assert get_regime("785-2014").digest == first


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("if: branches", "if: branchez", "условия «branchez» нет"),
        ("markup: [RegDate, regDate]", "markup: [RegDat]", "имени «RegDat» нет"),
        ("act: order-1547, point", "act: order-1, point", "акт «order-1» не описан"),
        ("[common.reg_date]", "[common.nothing]", "пункта «common.nothing» нет"),
    ],
)
def test_regime_broken_is_refused_with_the_place(old, new, reason):
    texts = texts_of("785-2014")
    assert old in texts["785-2014.yaml"]
    texts["785-2014.yaml"] = texts["785-2014.yaml"].replace(old, new, 1)
    with pytest.raises(Refusal) as refused:
        parse_regime("785-2014", texts)
    assert refused.value.kind == "broken_website_rules"
    assert reason in "\n".join(refused.value.lines())


def test_regime_with_unknown_signs_is_refused():
    texts = texts_of("785-2014")
    texts["785-2014.yaml"] = texts["785-2014.yaml"].replace("common.reg_date,", "common.birthday,")
    with pytest.raises(Refusal) as refused:
        parse_regime("785-2014", texts)
    assert "common.birthday" in str(refused.value)


def test_regime_not_yaml_is_refused_with_the_row():
    texts = texts_of("785-2014") | {"785-2014.yaml": "code: [1,\n  2"}
    with pytest.raises(Refusal) as refused:
        parse_regime("785-2014", texts)
    assert "785-2014.yaml" in str(refused.value)


def test_regime_bad_pattern_names_it():
    texts = texts_of("785-2014")
    texts["signs.yaml"] = texts["signs.yaml"].replace('labels: ["лиценз*"]', 'labels: ["(а (б)"]')
    with pytest.raises(Refusal) as refused:
        parse_regime("785-2014", texts)
    assert "(а (б)" in "\n".join(refused.value.lines())
