"""Who is written to about a wave: coordinators of municipalities, heads of organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone

from noko.core.wave_letters import Step
from noko.models import RoleGrant
from noko.queries.wave import PlaceProgress, Progress

COORDINATOR, HEAD = "municipal_coordinator", "organisation_head"


@dataclass(slots=True)
class Addressee:
    """An address (in small letters) with everything that it is written about.

    ``coordinator``: answers for a municipality; else for organisations.
    """

    to: str
    name: str
    coordinator: bool
    places: list[PlaceProgress] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class People:
    """``unreached``: organisations that have no address of their own, and no coordinator."""

    addressees: Sequence[Addressee]
    unreached: Sequence[PlaceProgress]


def concerned(step: Step) -> Callable[[PlaceProgress], bool]:
    """Which organisations a letter of the step is about."""
    return {
        Step.OPENED: lambda row: True,
        Step.HALF: lambda row: row.state in ("late", "none"),
        Step.HELP: lambda row: row.state in ("late", "none"),
        Step.LAST: lambda row: row.missing > 0,
    }[step]


def people_of(progress: Progress, step: Step) -> People:
    """Addressees of a step, coordinators first, each address once.

    An organisation is written to through its heads; where there are none, at the address of the
    registry, if that is one.
    """
    rows = [row for row in progress.places if concerned(step)(row)]
    coordinators, heads = _grants()
    found: dict[str, Addressee] = {}
    unreached = []
    for row in rows:
        organisation = row.place.organisation
        above = coordinators.get(organisation.municipality_id, ())
        own = heads.get(organisation.pk) or tuple(_registered(row))
        for to, name in above:
            _added(found, to, name, True, row)
        for to, name in own:
            _added(found, to, name, False, row)
        if not above and not own:
            unreached.append(row)
    order = sorted(found.values(), key=lambda item: (not item.coordinator, item.name, item.to))
    return People(order, unreached)


def _added(
    found: dict[str, Addressee], to: str, name: str, coordinator: bool, row: PlaceProgress
) -> None:
    """Whoever is both hears of both in one letter."""
    item = found.setdefault(to, Addressee(to, name, coordinator))
    item.coordinator |= coordinator
    if row not in item.places:
        item.places.append(row)


Named = dict[int, tuple[tuple[str, str], ...]]


def _grants() -> tuple[Named, Named]:
    """Municipality → its coordinators, organisation → its heads, as address and name."""
    today = timezone.localdate()
    grants = RoleGrant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        starts_on__lte=today,
        person__is_active=True,
        role__in=(COORDINATOR, HEAD),
    ).select_related("person")
    above: dict[int, dict[str, str]] = {}
    own: dict[int, dict[str, str]] = {}
    for grant in grants.order_by("pk"):
        place = grant.municipality_id if grant.role == COORDINATOR else grant.organisation_id
        side = above if grant.role == COORDINATOR else own
        if place:
            side.setdefault(place, {})[grant.person.email.lower()] = grant.person.full_name
    return (
        {place: tuple(people.items()) for place, people in above.items()},
        {place: tuple(people.items()) for place, people in own.items()},
    )


def _registered(row: PlaceProgress) -> Iterable[tuple[str, str]]:
    organisation = row.place.organisation
    to = organisation.email.strip().lower()
    try:
        validate_email(to)
    except ValidationError:
        return
    yield to, organisation.short_name
