"""How a list differs: from last year's, from the version it changes, from the registry now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from noko.core.frequency import REASONS, Reason
from noko.models import ListEntry, Organisation, OrganisationList
from noko.queries.registry import TITLES

COMPARED = ("full_name", "short_name", "type", "municipality", "inn", "ogrn", "enrolment")
"""What is named when it differs; the rest of a card does not matter for a list."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An organisation and what is different: (field, title, before, after)."""

    key: int
    name: str
    fields: tuple[tuple[str, str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """``added`` and ``removed``: rows that are in only after, only before; ``kept``: in both."""

    added: tuple[ListEntry, ...] = ()
    removed: tuple[ListEntry, ...] = ()
    kept: int = 0
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(slots=True)
class Drift:
    """What has happened in the registry since the list was compared with it."""

    new: list[Organisation] = field(default_factory=list)
    gone: list[tuple[ListEntry, str]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)


def difference(before: OrganisationList | None, after: OrganisationList) -> Difference:
    """The included organisations of two lists side by side, in the order of ``after``.

    A removed one is the row of ``after`` that says why, where there is one.
    """
    old = _included(before) if before else {}
    new = _included(after)
    rows = after.entries.filter(included=False, organisation__in=[*old])
    left_out = {entry.organisation_id: entry for entry in rows}
    return Difference(
        added=tuple(entry for key, entry in new.items() if key not in old),
        removed=tuple(left_out.get(key, old[key]) for key in old if key not in new),
        kept=sum(key in old for key in new),
        changed=tuple(
            found
            for key, entry in new.items()
            if key in old and (found := _of_entries(old[key], entry))
        ),
    )


def _included(item: OrganisationList) -> dict[int, ListEntry]:
    """By the record that stands for the organisation now."""
    rows = item.entries.filter(included=True).select_related("organisation")
    return {entry.organisation.merged_into_id or entry.organisation_id: entry for entry in rows}


def _of_entries(before: ListEntry, after: ListEntry) -> Changed | None:
    old = {name: getattr(before, name) for name in COMPARED}
    new = {name: getattr(after, name) for name in COMPARED}
    return _changed(after.organisation_id, after.short_name, old, new)


def drift(item: OrganisationList) -> Drift:
    """New organisations, those that ceased or were merged, and changed names and numbers."""
    found = Drift()
    known = {entry.organisation_id: entry for entry in item.entries.all()}
    registry = Organisation.every.select_related("municipality", "merged_into")
    for organisation in registry:
        entry = known.get(organisation.pk)
        if entry is None:
            if organisation.merged_into_id is None and _acts(organisation):
                found.new.append(organisation)
        elif organisation.merged_into is not None:
            found.gone.append((entry, f"запись объединена с «{organisation.merged_into}»"))
        elif not _acts(organisation) and entry.reason not in (Reason.CLOSED, Reason.REORGANISED):
            found.gone.append((entry, REASONS[Reason(organisation.status)]))
        elif changed := _of_registry(entry, organisation):
            found.changed.append(changed)
    found.gone.sort(key=lambda pair: (pair[0].place_key, pair[0].sort_key))
    return found


def _acts(organisation: Organisation) -> bool:
    return organisation.status == Organisation.Status.ACTIVE


def _of_registry(entry: ListEntry, organisation: Organisation) -> Changed | None:
    old = {name: getattr(entry, name) for name in COMPARED}
    new = {name: getattr(organisation, name) for name in COMPARED if name != "municipality"}
    new |= {
        "municipality": organisation.municipality.name,
        "inn": organisation.inn or "",
        "ogrn": organisation.ogrn or "",
    }
    return _changed(organisation.pk, entry.short_name, old, new)


def _changed(key: int, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Changed | None:
    fields = [(n, TITLES[n], old[n], new[n]) for n in COMPARED if old[n] != new[n]]
    return Changed(key, name, tuple(fields)) if fields else None


def as_lines(found: Difference) -> list[dict[str, Any]]:
    """The difference as plain data, for the journal and for documents."""
    lines = [_line("добавлена", entry) for entry in found.added]
    lines += [_line("исключена", entry) for entry in found.removed]
    for changed in found.changed:
        what = "; ".join(f"{title}: {_text(b)} → {_text(a)}" for _, title, b, a in changed.fields)
        lines.append({"what": "изменена", "name": changed.name, "note": what})
    return lines


def _line(what: str, entry: ListEntry) -> dict[str, Any]:
    return {"what": what, "name": entry.short_name, "note": entry.note}


def _text(value: object) -> str:
    return "нет" if value in (None, "") else str(value)


def overdue_left_out(item: OrganisationList) -> Sequence[ListEntry]:
    """Those whose turn it is by law and who are not in the list."""
    due = [Reason.OVERDUE, Reason.DUE]
    return list(item.entries.filter(included=False, reason__in=due))
