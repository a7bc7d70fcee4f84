"""Editions as they are read, and as a mistake in them is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from noko.core.edition_files import EDITION_FILES, parse_edition
from noko.core.editions import Basis, Evidence, Rule
from noko.core.refusal import Refusal
from noko.queries.edition import EDITIONS, edition_codes, get_edition, read_edition


def texts(code: str = "344n-2018") -> dict[str, str]:
    return {name: (EDITIONS / code / name).read_text("utf-8") for name in EDITION_FILES}


def refused(changed: dict[str, str]) -> str:
    with pytest.raises(Refusal) as refusal:
        parse_edition(changed)
    assert refusal.value.kind == "broken_edition"
    return "\n".join(refusal.value.lines())


def with_change(name: str, old: str, new: str) -> dict[str, str]:
    whole = texts()
    assert old in whole[name]
    return {**whole, name: whole[name].replace(old, new, 1)}


def test_both_editions_are_at_hand() -> None:
    assert edition_codes() == ["1547-2014", "344n-2018"]


def test_344n_has_the_indicators_of_education() -> None:
    edition = get_edition("344n-2018")
    assert [indicator.code for indicator in edition.indicators] == [
        *("1.1", "1.2", "1.3", "2.1", "2.3", "3.1", "3.2", "3.3"),
        *("4.1", "4.2", "4.3", "5.1", "5.2", "5.3"),
    ]
    assert edition.default_rounding == "indicator_integer"
    assert edition.sample.share == Fraction(2, 5)
    assert len(edition.questionnaire.closed) == 14


def test_1547_has_16_indicators_in_four_groups_of_160_points() -> None:
    edition = get_edition("1547-2014")
    assert len(edition.indicators) == 16
    assert [criterion.maximum for criterion in edition.criteria] == [40, 70, 20, 30]
    assert edition.total.maximum == 160


@pytest.mark.parametrize("code", edition_codes())
def test_every_rule_names_act_and_evidence(code: str) -> None:
    edition = get_edition(code)
    for indicator in edition.indicators:
        assert indicator.basis.act in edition.act_by_id
    unverified = [i for i in edition.indicators if not i.basis.evidence.verified]
    assert unverified, "what is not compared with the official text must stay marked"


def test_edition_is_immutable() -> None:
    edition = get_edition("344n-2018")
    with pytest.raises(Exception, match="frozen"):
        edition.code = "other"  # type: ignore[misc]


def test_digest_follows_every_byte() -> None:
    changed = with_change("checklists.yaml", "телефон", "телефакс")
    assert parse_edition(changed).digest != get_edition("344n-2018").digest


def test_verbal_level_stands_above_its_bound() -> None:
    edition = get_edition("344n-2018")
    words = [edition.verbal_level(Fraction(value, 1000)) for value in (801, 800, 201, 200, 0)]
    assert words == ["отлично", "хорошо", "ниже среднего", "неудовлетворительно", *words[4:]]
    assert words[4] == "неудовлетворительно"
    assert edition.verbal_level(Fraction(9, 10), "quarters") == "отлично"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("edition.yaml", 'weight: "0.3"', "weight: 0.3", "число пишется в кавычках"),
        ("edition.yaml", 'weight: "0.3"', 'weight: "0.4"', "сумма весов даёт 110, а не 100"),
        ("edition.yaml", "[I_stand, N_stand]", "[I_stend, N_stand]", "«I_stend» нет в inputs"),
        ("edition.yaml", "short: Открытость", "shrt: Открытость", "ключ не известен"),
        ("edition.yaml", "valid_from: 2018-10-23\n", "", "ключ «valid_from»"),
        ("edition.yaml", "evidence: retold", "evidence: certain", "такого значения нет"),
        ("edition.yaml", "default: renormalise", "default: guess", "«guess» нет среди choices"),
        ("edition.yaml", "act: order-344n", "act: order-1", "акт «order-1» не описан в acts"),
        ("edition.yaml", "{above: 0, word", "{above: 5, word", "нужна ступень above: 0"),
        ("questionnaire.yaml", "asked: A_stand", "asked: A_stend", "вопрос q2: величины"),
        ("questionnaire.yaml", "question: q1", "question: q99", "условие ссылается на «q99»"),
        ("checklists.yaml", "present: C_dist", "present: C_dst", "«C_dst» нет в inputs"),
    ],
)
def test_a_mistake_is_named(name: str, old: str, new: str, says: str) -> None:
    assert says in refused(with_change(name, old, new))


def test_a_mistake_names_its_file_and_key() -> None:
    message = refused(with_change("questionnaire.yaml", "role: filter", "role: sieve"))
    assert "Файл «questionnaire.yaml», ключ «questions.0.role»: такого значения нет." in message


def test_broken_yaml_names_the_line() -> None:
    message = refused({**texts(), "edition.yaml": "code: [1\nname: x"})
    assert "Файл «edition.yaml», строка 2: Файл не читается как YAML." in message


def test_a_missing_file_is_named() -> None:
    whole = texts()
    del whole["checklists.yaml"]
    assert "Файл «checklists.yaml»" in refused(whole)


def test_an_unknown_formula_is_refused(tmp_path: Path) -> None:
    for name, text in with_change("edition.yaml", "name: points_each", "name: points_eech").items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(Refusal) as refusal:
        read_edition(tmp_path)
    assert refusal.value.kind == "unknown_formula"
    assert "«points_eech»" in str(refusal.value)


def test_an_unknown_edition_lists_the_known() -> None:
    with pytest.raises(Refusal) as refusal:
        get_edition("344n-2099")
    assert refusal.value.kind == "unknown_edition"
    assert "1547-2014, 344n-2018" in str(refusal.value)


def test_a_regional_variant_is_a_folder_without_code(tmp_path: Path) -> None:
    """Health care's weights 0.3/0.4/0.3 with a third indicator: only data change."""
    variant = texts()["edition.yaml"].replace("code: 344n-2018", "code: 344n-variant")
    for name, text in {**texts(), "edition.yaml": variant}.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert read_edition(tmp_path).code == "344n-variant"


def test_basis_is_a_closed_rule() -> None:
    with pytest.raises(ValueError, match="Extra inputs"):
        Basis(act="a", evidence=Evidence.VERBATIM, unknown=1)  # type: ignore[call-arg]
    assert issubclass(Basis, Rule)
