"""What a person decides on the preview of a file: columns and names."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from noko.exchange.intake import SKIP, Decisions
from noko.models import Import


def decisions_from(posted: QueryDict, item: Import) -> Decisions:
    """Columns that differ from what was recognised, and names that were decided."""
    columns: dict[str, dict[str, str]] = {}
    for file in item.preview["files"]:
        role = file["role"]
        corrected = {
            letter: str(posted[f"column-{role}-{letter}"])
            for letter, _, found in file["columns"]
            if posted.get(f"column-{role}-{letter}", found) != found
        }
        if corrected:
            columns[role] = corrected
    names = dict(item.confirmed.get("names", {}))
    for number, name in enumerate(item.preview["open"]):
        chosen = posted.get(f"name-{number}", "")
        likely = name["candidates"]
        if not chosen and likely and ("all" in posted or f"same-{number}" in posted):
            chosen = str(likely[0][0]) if len(likely) == 1 else ""
        if chosen:
            names[name["label"]] = chosen
    for label in posted.getlist("forget"):
        names.pop(label, None)
    return Decisions(columns, names, "only_complete" in posted)


def decided_names(item: Import, registry: Any) -> list[tuple[str, str]]:
    """Names that a person has decided, with what they are now."""
    names = item.confirmed.get("names", {})
    keys = [int(value) for value in names.values() if value.isdigit()]
    titles = {str(o.pk): o.short_name for o in registry.filter(pk__in=keys)} if keys else {}
    return [
        (label, "не входит в набор" if value == SKIP else titles.get(value, "нет в реестре"))
        for label, value in sorted(names.items())
    ]
