"""How many of the required items are on the site: I and N for the edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from noko.core.editions import Basis
from noko.core.refusal import Refusal
from noko.core.websites.findings import Inspection, Status
from noko.core.websites.rules import Counts, Regime


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """``present`` of ``applicable`` items are there; ``unchecked`` ones are in neither."""

    edition: str
    present: int
    applicable: int
    unchecked: int
    marks: dict[str, Status]
    basis: Basis


def count_site(inspection: Inspection, edition: str) -> SiteCounts:
    """:func:`count_statuses` of what the inspection says. Refusal ``edition_not_counted``."""
    statuses = {finding.item.code: finding.status for finding in inspection.findings}
    return count_statuses(inspection.regime, edition, statuses)


def count_statuses(regime: Regime, edition: str, statuses: Mapping[str, Status]) -> SiteCounts:
    """I and N of the site for ``edition``; ``marks`` is the verdict of every item counted.

    ``statuses``: our item → what holds of it. An item of the edition's checklist is present when
    all our items under it are, absent when one of them is absent, unchecked when only doubt is
    left. Refusal ``edition_not_counted``.
    """
    rule = counts_rule(regime, edition)
    if rule.items:
        marks = {
            code: _together([statuses[own] for own in owns if own in statuses])
            for code, owns in rule.items.items()
        }
    else:
        marks = dict(statuses)
    found = sum(mark is Status.FOUND for mark in marks.values())
    absent = sum(mark is Status.ABSENT for mark in marks.values())
    unchecked = sum(mark is Status.UNCHECKED for mark in marks.values())
    return SiteCounts(edition, found, found + absent, unchecked, marks, rule.basis)


def counts_rule(regime: Regime, edition: str) -> Counts:
    """How the edition counts the sites. Refusal ``edition_not_counted``."""
    for counts in regime.counts:
        if counts.edition == edition:
            return counts
    known = ", ".join(counts.edition for counts in regime.counts)
    raise Refusal(
        f"По правилам «{regime.code}» пункты для редакции {edition} не считаются.",
        kind="edition_not_counted",
        cure=f"Выберите редакцию: {known}.",
    )


def _together(statuses: list[Status]) -> Status:
    applicable = [status for status in statuses if status is not Status.NOT_APPLICABLE]
    for status in (Status.ABSENT, Status.UNCHECKED):
        if status in applicable:
            return status
    return Status.FOUND if applicable else Status.NOT_APPLICABLE
