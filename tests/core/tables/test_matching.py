"""Names of one organisation in two files: certain, proposed, never by order."""

import pytest

from noko.core.refusal import Refusal
from noko.core.tables.matching import alike, confirm, match_names
from noko.core.tables.names import Reference, name_key, parts_of, typographic_key


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("МБОУ «СОШ № 5»", 'мбоу "СОШ №5".'),
        ("Школа N 5", "школа № 5"),
        ("Детский сад «Ёлочка»", "Детский  сад «Елочка»"),
        ("Лицей - интернат", "Лицей–интернат"),
        ("МБОУ COШ 5", "МБОУ СОШ 5"),  # Latin C and O
        ("Гимназия им. А.С. Попова", "Гимназия им. А. С. Попова"),
    ],
)
def test_typographic_key_forgets_what_a_typist_varies(left, right):
    assert typographic_key(left) == typographic_key(right)


def test_name_key_joins_full_legal_form_and_abbreviation():
    full = (
        "Муниципальное бюджетное общеобразовательное учреждение"
        " «Лесная средняя общеобразовательная школа»"
    )
    assert name_key(full) == name_key("МБОУ «Лесная СОШ»") == "мбоу лесная сош"
    assert name_key("МБУДО ЦДТ") == name_key(
        "муниципальное бюджетное учреждение дополнительного образования «Центр детского творчества»"
    )
    assert name_key("ТОГБОУ «Лицей»") == name_key(
        "Тамбовское областное государственное бюджетное общеобразовательное учреждение «Лицей»"
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Школа № 5", "Школа № 15"),
        ("МБОУ СОШ № 5а", "МБОУ СОШ № 5б"),
        ("Лицей № 6", "Гимназия № 6"),
        ("Детский сад «Солнышко»", "Детский сад «Сказка»"),
    ],
)
def test_alike_refuses_other_numbers_kinds_and_names(left, right):
    assert alike(parts_of(left), parts_of(right)) is None


def test_match_joins_typography_and_proposes_the_rest():
    matching = match_names(
        ["МБОУ «СОШ № 5»", "МБОУ «Лесная СОШ»", "Школа № 1"],
        [
            "Муниципальное бюджетное общеобразовательное учреждение"
            " «Лесная средняя общеобразовательная школа»",
            "мбоу сош №5",
            "Детский сад «Сказка»",
        ],
    )
    assert [(pair.left, pair.right) for pair in matching.certain] == [(0, 1)]
    assert [(pair.left, pair.right, pair.score) for pair in matching.proposed] == [(1, 0, 1.0)]
    assert (matching.only_left, matching.only_right) == ((2,), (2,))
    assert not matching.complete


def test_match_never_takes_an_ambiguous_name_for_certain():
    matching = match_names(["Детский сад «Сказка»"], ["Детский сад Сказка", "ДЕТСКИЙ САД «СКАЗКА»"])
    assert matching.certain == ()
    assert [(pair.left, pair.right) for pair in matching.proposed] == [(0, 0), (0, 1)]
    assert matching.unambiguous == ()


def test_match_tells_namesakes_apart_by_municipality():
    left = [Reference("Сказка", "Лесной район"), Reference("Сказка", "г. Речной")]
    right = [Reference("Сказка", "городской округ Речной"), Reference("Сказка", "Лесной")]
    assert [(p.left, p.right) for p in match_names(left, right).certain] == [(0, 1), (1, 0)]


def test_match_by_identifier_before_name_and_never_against_it():
    left = [Reference("Старое название", inn="7707083893"), Reference("Школа", inn="7707083893")]
    assert match_names(left[:1], [Reference("Новое", inn="7707083893")]).certain[0].reason == (
        "совпадает ИНН"
    )
    other = match_names(left[1:], [Reference("Школа", inn="5001007322")])
    assert (other.certain, other.proposed) == ((), ())


def test_confirm_joins_what_a_person_named():
    matching = match_names(["Школа у реки"], ["МБОУ «Прибрежная»"])
    assert matching.certain == ()
    assert confirm(matching, same=[("Школа у реки", "МБОУ «Прибрежная»")]).complete


def test_confirm_refuses_names_that_are_not_there():
    with pytest.raises(Refusal) as refused:
        confirm(match_names(["А"], ["Б"]), same=[("В", "Б")])
    assert refused.value.kind == "unknown_organisation"


def test_confirm_accepts_proposals_without_a_rival():
    matching = match_names(["МБОУ «Лесная СОШ»"], ["Лесная СОШ"])
    assert len(matching.proposed) == 1
    assert confirm(matching, accept_proposed=True).complete
