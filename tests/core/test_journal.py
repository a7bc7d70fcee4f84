"""The chain of the journal: whatever is changed, removed or slipped in is found."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from noko.core.journal import FIRST, Break, Sealed, breaks, content_digest, seal_digest

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def content(title):
    return {
        "at": NOW,
        "by": 1,
        "by_name": "Иванова Анна",
        "deed": "cycle.created",
        "kind": "cycle",
        "key": "1",
        "title": title,
        "cycle": None,
        "reason": "",
        "before": None,
        "after": {"год": 2026},
    }


def chain(*titles):
    previous, made = FIRST, []
    for number, title in enumerate(titles, start=1):
        inside = content_digest(content(title))
        digest = seal_digest(previous, number, number * 10, inside)
        made.append(Sealed(number * 10, content(title), inside, number, previous, digest))
        previous = digest
    return made


def test_breaks_a_whole_chain_has_none():
    assert list(breaks(chain("а", "б", "в"))) == []
    assert list(breaks([])) == []


def test_breaks_finds_a_changed_content():
    first, second = chain("а", "б")
    changed = replace(first, content=content("другое"))
    assert list(breaks([changed, second])) == [Break(1, 10, "содержание записи изменено")]


def test_breaks_finds_a_content_changed_together_with_its_digest():
    first, second = chain("а", "б")
    new = content("другое")
    changed = replace(first, content=new, content_digest=content_digest(new))
    assert list(breaks([changed, second])) == [Break(1, 10, "печать не подходит к записи")]


def test_breaks_finds_a_forged_seal_at_the_next_entry():
    first, second = chain("а", "б")
    new = content("другое")
    inside = content_digest(new)
    forged = replace(
        first, content=new, content_digest=inside, digest=seal_digest(FIRST, 1, 10, inside)
    )
    assert list(breaks([forged, second])) == [Break(2, 20, "запись не продолжает предыдущую")]


def test_breaks_finds_a_gap():
    first, _, third = chain("а", "б", "в")
    assert list(breaks([first, third])) == [Break(3, 30, "перед записью нет записи № 2")]


def test_breaks_finds_a_removed_entry_and_one_without_a_seal():
    first, second = chain("а", "б")
    removed = replace(first, content={}, content_digest="")
    assert list(breaks([removed, second])) == [Break(1, 10, "запись удалена")]
    loose = replace(second, number=None)
    assert list(breaks([first, loose])) == [
        Break(None, 20, "запись не скреплена: её нет в цепочке")
    ]


@pytest.mark.parametrize("name", ["at", "by", "by_name", "deed", "kind", "key", "title", "cycle"])
def test_content_digest_covers_every_field(name):
    other = NOW.replace(year=2027) if name == "at" else "другое"
    assert content_digest(content("а")) != content_digest(content("а") | {name: other})
