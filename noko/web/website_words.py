"""Findings about a site as pages show them: by subsection, what is to be mended first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from noko.core.editions import Evidence
from noko.core.websites.findings import Status
from noko.core.websites.rules import Regime, Subsection
from noko.core.websites.standing import CHANGE_TITLES, UNKNOWN_CONDITION, Change
from noko.core.websites.wording import STATUS_TITLES
from noko.models import SiteVisit
from noko.queries.website import OUTCOMES
from noko.queries.website_standing import Difference, Moment, Standing, VisitStanding

STATES = {
    Status.FOUND: "done",
    Status.ABSENT: "overdue",
    Status.UNCHECKED: "warning",
    Status.NOT_APPLICABLE: "",
}
"""How a status looks; the words are those of the report."""

WORST_FIRST = (Status.ABSENT, Status.UNCHECKED, Status.FOUND)

CHANGE_STATES = {Change.APPEARED: "done", Change.DISAPPEARED: "overdue", Change.CHANGED: "notice"}


@dataclass(frozen=True, slots=True)
class Card:
    """One item as it is read."""

    standing: Standing
    title: str
    state: str
    word: str
    machine: str
    basis: str
    evidence: Evidence
    seen: str
    cure: str
    example: str

    @property
    def code(self) -> str:
        return self.standing.code

    @property
    def wanting(self) -> bool:
        """Whether there is something to mend, or to object to."""
        return self.standing.counted in (Status.ABSENT, Status.UNCHECKED) and not self.unknown

    @property
    def unknown(self) -> bool:
        """Whether it is not known that the item is asked of this organisation at all."""
        reason = self.standing.machine.reason
        return self.standing.counted is Status.UNCHECKED and reason == UNKNOWN_CONDITION


@dataclass(frozen=True, slots=True)
class Group:
    """A subsection: what is wanting, what is there, and of what it is not known whether it has to
    be there."""

    subsection: Subsection
    wanting: tuple[Card, ...]
    found: tuple[Card, ...]
    unknown: tuple[Card, ...]

    @property
    def absent(self) -> int:
        return sum(card.standing.counted is Status.ABSENT for card in self.wanting)


def card(standing: Standing, regime: Regime) -> Card:
    """The item in words; a cure only where something is wanting."""
    words = standing.machine.words or {}
    wanting = standing.counted in (Status.ABSENT, Status.UNCHECKED)
    name = standing.item.name
    return Card(
        standing,
        f"{name[:1].upper()}{name[1:]}",
        STATES[standing.counted],
        STATUS_TITLES[standing.counted],
        STATUS_TITLES[standing.found],
        regime.wording(standing.item.basis),
        standing.item.basis.evidence,
        words.get("seen", ""),
        words.get("cure", "") if wanting or standing.found is Status.FOUND else "",
        words.get("example", "") if wanting else "",
    )


def groups(standing: VisitStanding) -> list[Group]:
    """The subsections with the most wanting first, what stands beside them last; items that are
    not asked for are left out."""
    cards: dict[str, list[Card]] = {}
    for one in standing.items:
        if one.counted is not Status.NOT_APPLICABLE or one.mark:
            cards.setdefault(one.subsection.code, []).append(card(one, standing.regime))
    made = [
        _group(subsection, cards[subsection.code])
        for subsection in standing.regime.judged
        if subsection.code in cards
    ]
    beside = standing.regime.beside
    return sorted(made, key=lambda one: (one.subsection in beside, -one.absent, -len(one.wanting)))


def _group(subsection: Subsection, cards: Sequence[Card]) -> Group:
    wanting = [one for one in cards if one.wanting]
    wanting.sort(key=lambda one: WORST_FIRST.index(one.standing.counted))
    return Group(
        subsection,
        tuple(wanting),
        tuple(one for one in cards if not one.wanting and not one.unknown),
        tuple(one for one in cards if one.unknown),
    )


def defects(visit: SiteVisit) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What to mend beside the items, and remarks that change nothing."""
    serious = [one for one in visit.defects if not one.get("remark")]
    return serious, [one for one in visit.defects if one.get("remark")]


def outcome(visit: SiteVisit) -> str:
    """How the visit ended, in words."""
    if visit.state != SiteVisit.State.DONE:
        return "ждёт обхода"
    return OUTCOMES.get(visit.outcome, visit.outcome)


def moved_rows(difference: Difference) -> list[tuple[Card, str, str, str, str]]:
    """Card, state and word of the change, what it was and what it is."""
    regime = difference.after.regime
    return [
        (
            card(one.after, regime),
            CHANGE_STATES[one.change],
            CHANGE_TITLES[one.change],
            STATUS_TITLES[one.before.counted],
            STATUS_TITLES[one.after.counted],
        )
        for one in difference.moved
    ]


def moment_items(moments: Iterable[Moment]) -> list[dict[str, str]]:
    """An item over the visits as ``components/timeline.html`` takes it."""
    items = []
    for one in moments:
        standing = one.standing
        counted = STATUS_TITLES[standing.counted]
        text = f"Машина: {STATUS_TITLES[standing.found]}. {standing.machine.words.get('seen', '')}"
        if standing.mark:
            text += f" Эксперт: {standing.mark.get_value_display()}. {standing.mark.reason}"
        changed = f", {CHANGE_TITLES[one.change]}" if one.change else ""
        items.append(
            {
                "title": f"Обход № {one.visit.round.number} на {one.visit.round.on:%d.%m.%Y}",
                "state": STATES[standing.counted],
                "word": f"{counted}{changed}",
                "text": text.strip(),
            }
        )
    return items
