"""What refers to an organisation: what passes to another record when the two are merged.

Everything that refers to an organisation passes on, but for what is frozen: it keeps pointing at
the record as it was, and whoever reads history follows ``merged_into``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignObjectRel, Model, Q, QuerySet

from noko.models import Calculation, Cycle, Organisation, Release
from noko.queries.release import published_calculations

FROZEN: Mapping[str, Q] = {
    "organisationscore.organisation": Q(),
    "waveorganisation.organisation": Q(wave__status="closed"),
    "listentry.organisation": ~Q(list__status="draft"),
}
"""``<model>.<field>`` → which of its rows never change: results, closed waves, lists considered."""

OWN = frozenset(
    {
        "organisation.merged_into",
        "distinction.first",
        "distinction.second",
        "succession.predecessor",
        "succession.successor",
        "rolegrant.organisation",
        "listentry.organisation",
    }
)
"""Relations with rules of their own, see :mod:`noko.actions.merge`."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A column of ``model`` that holds an organisation."""

    model: type[Model]
    field: str

    @property
    def code(self) -> str:
        return f"{self.model._meta.model_name}.{self.field}"

    @property
    def words(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def living(self, organisation: Organisation) -> QuerySet[Any]:
        """Rows that pass on with the organisation."""
        rows = self._rows(organisation)
        if self.code not in FROZEN:
            return rows
        return rows.exclude(FROZEN[self.code]) if FROZEN[self.code] else rows.none()

    def frozen(self, organisation: Organisation) -> QuerySet[Any]:
        """Rows that keep pointing at the record as it was."""
        rows = self._rows(organisation)
        return rows.filter(FROZEN[self.code]) if self.code in FROZEN else rows.none()

    def _rows(self, organisation: Organisation) -> QuerySet[Any]:
        return self.model._base_manager.filter(**{self.field: organisation})


def relations() -> Iterator[Relation]:
    """Every column of every table that refers to an organisation."""
    for found in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(found, ForeignObjectRel) and not found.many_to_many:
            yield Relation(found.related_model, found.field.name)


def references(organisation: Organisation) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What passes on and what stays when the record is merged: (words, how many), not empty."""
    passed: list[tuple[str, int]] = []
    kept: list[tuple[str, int]] = []
    for relation in relations():
        if relation.code.startswith(("distinction.", "organisation.")):
            continue
        for into, rows in ((passed, relation.living), (kept, relation.frozen)):
            if number := rows(organisation).count():
                into.append((relation.words, number))
    return passed, kept


def rated_together(first: Organisation, second: Organisation) -> list[Cycle]:
    """Cycles whose current published rating holds both: there they are two organisations."""
    current = Calculation.objects.filter(pk__in=published_calculations())
    both = current.filter(scores__organisation=first).filter(scores__organisation=second)
    releases = Release.objects.filter(calculation__in=both).select_related("cycle")
    return [release.cycle for release in releases.order_by("-cycle__year")]
