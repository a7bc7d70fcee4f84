"""Checklists, differences between experts, figures."""

from decimal import Decimal

import pytest

from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT
from noko.core.inspection import (
    FIGURES,
    Asked,
    Difference,
    figures,
    lawful,
    merged,
    missing,
    parts_of,
)
from noko.queries.edition import edition_codes, get_edition

ITEM = Asked(("comfort", "water"), "питьевая вода", "item")
POINTS = Asked((FIGURES, "p11"), "баллы", "points", 10)
MARK = Asked((FIGURES, "no_site"), "сайта нет", "mark", 1)


@pytest.mark.parametrize("code", edition_codes())
def test_parts_full_marks_give_every_input_of_the_inspection(code):
    edition = get_edition(code)
    parts = parts_of(edition)
    found = {
        asked.key: str(asked.maximum) if asked.kind == "points" else PRESENT
        for part in parts
        for asked in part.asked
    }
    assert missing(parts, found) == []
    wanted = {item.symbol for item in edition.inputs if item.collected == "inspection"}
    assert set(figures(edition, found)) == wanted


def test_missing_names_items_and_leaves_marks_open():
    parts = parts_of(get_edition("344n-2018"))
    left = {asked.kind for asked in missing(parts, {})}
    assert left == {"item"}


def test_figures_count_present_and_what_applies():
    edition = get_edition("344n-2018")
    stand = next(part for part in parts_of(edition) if part.code == "stand").asked
    marks = {asked.key: PRESENT for asked in stand}
    marks[stand[0].key], marks[stand[1].key] = ABSENT, NOT_APPLICABLE
    marks[FIGURES, "historic_building"] = PRESENT
    assert figures(edition, marks) == {
        "I_stand": len(stand) - 2,
        "N_stand": len(stand) - 1,
        "historic_building": 1,
    }


def test_figures_take_points_as_they_are():
    assert figures(get_edition("1547-2014"), {(FIGURES, "p11"): "7.50"}) == {"p11": Decimal("7.50")}


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        (ITEM, PRESENT, True),
        (ITEM, NOT_APPLICABLE, True),
        (ITEM, "5", False),
        (MARK, ABSENT, True),
        (MARK, NOT_APPLICABLE, False),
        (POINTS, "10", True),
        (POINTS, "7.25", True),
        (POINTS, "7.255", False),
        (POINTS, "10.01", False),
        (POINTS, "-1", False),
        (POINTS, "NaN", False),
        (POINTS, "много", False),
    ],
)
def test_lawful_values(asked, value, expected):
    assert lawful(asked, value) is expected


def test_merged_takes_what_experts_agree_about_and_names_the_rest():
    water, rest = ("comfort", "water"), ("comfort", "rest_zone")
    points = (FIGURES, "p11")
    found = {
        1: {water: PRESENT, rest: ABSENT, points: "7.5"},
        2: {water: PRESENT, rest: PRESENT, points: "7.50"},
    }
    whole = merged(found)
    assert whole.marks == {water: PRESENT, points: "7.5"}
    assert whole.differences == (Difference(rest, {1: ABSENT, 2: PRESENT}),)
    assert merged(found, {rest: PRESENT}).marks[rest] == PRESENT
    assert merged(found, {rest: PRESENT}).differences == ()


def test_merged_one_expert_holds():
    only = {("comfort", "water"): ABSENT}
    assert merged({1: only}).marks == only
    assert merged({}).marks == {}
