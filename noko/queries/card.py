"""What the card of an organisation shows besides its fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from noko.access.permissions import Permission
from noko.access.roles import BY_CODE, ROLES, Reach
from noko.core.tables.duplicates import Candidate, Likeness, alike_to, likenesses
from noko.models import Distinction, Organisation, Person, RoleGrant, Succession


@dataclass(frozen=True, slots=True)
class Double:
    """A record that may be the same organisation, and why."""

    organisation: Organisation
    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    first: Organisation
    second: Organisation
    reason: str


def doubles_of(organisation: Organisation) -> list[Double]:
    """Records that may be the same organisation and were not declared different."""
    others = Organisation.objects.select_related("municipality").filter(
        municipality=organisation.municipality_id, type=organisation.type
    )
    known = {item.pk: item for item in others}
    found = _undecided(alike_to(_candidate(organisation), map(_candidate, known.values())))
    key = organisation.pk
    return [
        Double(known[item.second if item.first == key else item.first], item.reason)
        for item in found
    ]


def doubles_of_new(values: Candidate) -> list[Double]:
    """Records of the registry that the one about to be added may be."""
    others = Organisation.objects.select_related("municipality").filter(
        municipality__name=values.municipality, type=values.type
    )
    known = {item.pk: item for item in others}
    found = alike_to(values, map(_candidate, known.values()))
    return [Double(known[max(item.first, item.second)], item.reason) for item in found]


def doubles(reached: QuerySet[Organisation]) -> list[Pair]:
    """Every undecided pair within ``reached``, the likeliest first."""
    known = {item.pk: item for item in reached.select_related("municipality")}
    found = _undecided(likenesses([_candidate(item) for item in known.values()]))
    return [Pair(known[item.first], known[item.second], item.reason) for item in found]


def _undecided(found: Sequence[Likeness]) -> list[Likeness]:
    keys = {item.first for item in found}
    decided = set(Distinction.objects.filter(first__in=keys).values_list("first_id", "second_id"))
    return [item for item in found if (item.first, item.second) not in decided]


def _candidate(item: Organisation) -> Candidate:
    return Candidate(
        item.pk,
        item.full_name,
        item.short_name,
        item.type,
        item.municipality.name,
        item.inn or "",
        item.ogrn or "",
        item.address,
    )


def predecessors_of(organisation: Organisation) -> list[Succession]:
    """Whose work it continues, the newest event first."""
    return list(_links().filter(successor=organisation))


def successors_of(organisation: Organisation) -> list[Succession]:
    """Who continues its work."""
    return list(_links().filter(predecessor=organisation))


def _links() -> QuerySet[Succession]:
    return (
        Succession.objects.filter(reorganisation__cancelled_at__isnull=True)
        .select_related("reorganisation", "predecessor", "successor")
        .order_by("-reorganisation__on", "pk")
    )


def editors_of(organisation: Organisation) -> list[tuple[Person, list[str]]]:
    """Who may change the card today, with the titles of the roles that let them."""
    codes = {r.code for r in ROLES if Permission.ORGANISATION_EDIT in r.permissions}
    regional = {code for code in codes if BY_CODE[code].reach is Reach.REGION}
    today = timezone.localdate()
    grants = RoleGrant.objects.filter(
        Q(role__in=regional)
        | Q(role__in=codes, municipality=organisation.municipality_id)
        | Q(role__in=codes, organisation=organisation),
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        starts_on__lte=today,
        person__is_active=True,
    )
    return _by_person(grants.select_related("person").order_by("person__full_name", "pk"))


def _by_person(grants: Iterable[RoleGrant]) -> list[tuple[Person, list[str]]]:
    found: dict[Person, list[str]] = {}
    for grant in grants:
        titles = found.setdefault(grant.person, [])
        if (title := BY_CODE[grant.role].title) not in titles:
            titles.append(title)
    return list(found.items())
