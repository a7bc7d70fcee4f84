"""Where a permission reaches: the whole region, some municipalities, or some organisations."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from noko.models import Organisation


@dataclass(frozen=True, slots=True)
class Scope:
    """``everything`` stands above the keys of municipalities and organisations."""

    everything: bool = False
    municipalities: frozenset[int] = field(default_factory=frozenset)
    organisations: frozenset[int] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return self.everything or bool(self.municipalities or self.organisations)

    def covers(self, organisation: Organisation) -> bool:
        """Whether the organisation lies within."""
        return (
            self.everything
            or organisation.pk in self.organisations
            or organisation.municipality_id in self.municipalities
        )

    def condition(self, prefix: str = "") -> Q:
        """The same as a condition; ``prefix`` leads to the organisation ("organisation__")."""
        if self.everything:
            return Q()
        inside = Q(**{f"{prefix}pk__in": self.organisations})
        return inside | Q(**{f"{prefix}municipality__in": self.municipalities})
