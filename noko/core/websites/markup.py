"""Microdata by the official algorithm, and what is wrong with it.

Recommendations 9.0.0, chapter 5 (4.4.0, chapter 6, is the same): all marked tags of a page; a tree
of marked tags alone; a tag that needs a parent takes the first fitting one around it, otherwise it
is a root; nesting deeper than one is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noko.core.websites.page import Marked, PageContent
from noko.core.websites.rules import Item, Microdata, Sign, ValueWords, bare_name
from noko.core.websites.values import NOTHING, Value, fits, judge


@dataclass(slots=True)
class Placed:
    """A marked tag with the group that the algorithm puts it into (-1: a root)."""

    number: int
    marked: Marked
    group: int
    value: Value


@dataclass(slots=True)
class Markup:
    """The marked tags of a page by name; ``groups`` holds the name of every tag by its number."""

    by_name: dict[str, list[Placed]]
    names: list[str]

    def group_name(self, placed: Placed) -> str:
        return self.names[placed.group] if placed.group >= 0 else ""


SHORTEST_GUESSED = 4
"""Shorter misspelt names are like too many others."""


def place_markup(content: PageContent, microdata: Microdata, words: ValueWords) -> Markup:
    """Puts every marked tag of the page into its group. Tags of schema.org are not ours."""
    names = [marked.name for marked in content.marked]
    nested: dict[int, list[Marked]] = {}
    for marked in content.marked:
        if marked.parent >= 0 and _shares_row(
            content.marked[marked.parent].name, marked.name, microdata
        ):
            nested.setdefault(marked.parent, []).append(marked)
    by_name: dict[str, list[Placed]] = {}
    for number, marked in enumerate(content.marked):
        if marked.foreign or not marked.name:
            continue
        group = _fitting(number, content.marked, microdata)
        value = NOTHING if marked.hidden else judge_marked(marked, nested.get(number, []), words)
        by_name.setdefault(marked.name, []).append(Placed(number, marked, group, value))
    return Markup(by_name, names)


def _fitting(number: int, all_marked: list[Marked], microdata: Microdata) -> int:
    """The first tag around that a name may be nested in, or -1."""
    groups = microdata.groups_of.get(all_marked[number].name)
    around = all_marked[number].parent
    while groups and around >= 0:
        if all_marked[around].name in groups:
            return around
        around = all_marked[around].parent
    return -1


def _shares_row(outer: str, inner: str, microdata: Microdata) -> bool:
    """Whether two names are fields of one row, or a row and its field: then the text of the inner
    one is not the outer one's own.
    """
    groups = microdata.groups_of.get(inner, frozenset())
    return outer in groups or not groups.isdisjoint(microdata.groups_of.get(outer, ()))


def judge_marked(marked: Marked, nested: list[Marked], words: ValueWords) -> Value:
    """What a marked tag says itself, without the marked tags in it: its text, a picture, or a
    link that leads somewhere.
    """
    text = marked.text
    for inner in nested:
        text = text.replace(inner.text, " ", 1) if inner.text else text
    value = judge(text, words)
    if value.filled or any(inner.text for inner in nested):
        return value
    if (marked.images and not marked.text) or any(link.alive for link in marked.links):
        return Value(True)
    return value


def matching(item: Item, markup: Markup, alone: frozenset[str]) -> Iterator[tuple[Placed, bool]]:
    """Filled, visible tags that carry the item, and whether the official algorithm counts them.

    A nested name counts officially inside its group; without any group around it, it is still
    information that a visitor sees. In the group of something else it is about something else.
    """
    for written in item.markup:
        group, _, name = written.rpartition(">")
        for placed in markup.by_name.get(name, ()):
            if not placed.value.filled or not holds(placed.marked, item.sign, placed.value):
                continue
            inside = markup.group_name(placed)
            if group and inside == group:
                yield placed, True
            elif not group:
                yield placed, placed.group < 0
            elif placed.group < 0 and name in alone:
                yield placed, False


def holds(marked: Marked, sign: Sign, value: Value) -> bool:
    """Whether a filled tag has the kind of value that the item needs."""
    if sign.kind == "document":
        return value.negative or any(link.alive for link in marked.links)
    if sign.kind == "email":
        linked = any((link.href or "").startswith("mailto:") for link in marked.links)
        return value.negative or linked or marked.images > 0 or fits(marked.text, "email")
    if sign.kind in ("phone", "number", "address"):
        return value.negative or fits(marked.text, sign.kind)
    return True


def spelt_right(written: str, microdata: Microdata) -> tuple[str, ...]:
    """Right names that ``written`` could be meant for; empty when it is right or unknown."""
    if written in microdata.generations_of:
        return ()
    bare = bare_name(written)
    same = microdata.by_bare_name.get(bare, ())
    if same or len(bare) <= SHORTEST_GUESSED:
        return same
    near = (names for one, names in microdata.by_bare_name.items() if _distance_is_one(one, bare))
    return tuple(name for names in near for name in names)


def _distance_is_one(one: str, other: str) -> bool:
    """Whether one letter was lost, added or exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if len(one) == len(other):
        swapped = one[start : start + 2] == other[start : start + 2][::-1]
        return one[start + 1 :] == other[start + 1 :] or (
            swapped and one[start + 2 :] == other[start + 2 :]
        )
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[start + 1 :] == shorter[start:]
