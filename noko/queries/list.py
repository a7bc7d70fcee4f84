"""Lists of organisations: what the registry and the history propose, and what was approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from noko.core.frequency import FrequencyRule, Past, turn
from noko.core.listing import ROW, list_bytes
from noko.models import (
    Cycle,
    ListEntry,
    Organisation,
    OrganisationList,
    Release,
    Succession,
)
from noko.models.organisation import OrganisationType, sort_key
from noko.queries.assessment import assessed_years
from noko.queries.frequency_rules import frequency_rule

Status = OrganisationList.Status
LIVING = Coalesce("organisation__merged_into", "organisation")


# --- lists ----------------------------------------------------------------------------------------


def lists() -> QuerySet[OrganisationList]:
    """Every version with its cycle, the newest year first, with numbers of organisations."""
    return (
        OrganisationList.objects.select_related(
            "cycle", "amends", "decision__council", "agenda_item__session"
        )
        .annotate(
            organisations=Count("entries", filter=Q(entries__included=True)),
            registry=Count("entries"),
        )
        .order_by("-cycle__year", "-cycle_id", "-version")
    )


def current_list(cycle: Cycle) -> OrganisationList | None:
    """The approved version in force; None while nothing is approved."""
    return lists().filter(cycle=cycle, status=Status.APPROVED).order_by("-version").first()


def current_lists() -> list[OrganisationList]:
    """The approved version in force of every cycle, the newest year first."""
    newest: dict[int, OrganisationList] = {}
    for item in lists().filter(status=Status.APPROVED).order_by("version"):
        newest[item.cycle_id] = item
    return sorted(newest.values(), key=lambda item: (-item.cycle.year, -item.cycle_id))


def in_preparation(cycle: Cycle) -> OrganisationList | None:
    """The version that is being drawn up or considered."""
    return lists().filter(cycle=cycle).exclude(status=Status.APPROVED).first()


def newest_list(cycle: Cycle) -> OrganisationList | None:
    return lists().filter(cycle=cycle).order_by("-version").first()


def list_before(item: OrganisationList) -> OrganisationList | None:
    """The approved list in force of the nearest earlier year."""
    earlier = [found for found in current_lists() if found.cycle.year < item.cycle.year]
    return earlier[0] if earlier else None


def cycles_without_a_list() -> QuerySet[Cycle]:
    return Cycle.objects.filter(lists__isnull=True)


def listed(cycle: Cycle, type: str = "") -> list[Organisation]:
    """Organisations of the approved list as it names them, by type, municipality and name.

    The base of waves and of the technical specification; empty while nothing is approved. They
    are not to be saved: names, numbers and recipients are those of the list.
    """
    current = current_list(cycle)
    return organisations_in(current, type) if current else []


def organisations_in(item: OrganisationList, type: str = "") -> list[Organisation]:
    """The same of any version, also of one that is being drawn up."""
    entries = item.entries.filter(included=True).select_related(
        "organisation__municipality", "organisation__merged_into__municipality"
    )
    if type:
        entries = entries.filter(type=type)
    order = {code: number for number, code in enumerate(OrganisationType.values)}
    rows = sorted(entries, key=lambda e: (order.get(e.type, 9), e.place_key, e.sort_key, e.pk))
    found = {item.pk: item for item in map(_as_listed, rows)}
    return list(found.values())


def _as_listed(entry: ListEntry) -> Organisation:
    """The organisation as the list names it; a record merged since leads to its heir."""
    found = entry.organisation.merged_into or entry.organisation
    for name in ("full_name", "short_name", "type", "address", "site", "enrolment"):
        setattr(found, name, getattr(entry, name))
    found.inn, found.ogrn = entry.inn or None, entry.ogrn or None
    return found


# --- the history that the rule looks at -----------------------------------------------------------


def pasts(cycle: Cycle, rule: FrequencyRule) -> dict[int, Past]:
    """Every organisation of the registry with what is known of its assessments.

    A result counts where it is published; an approved list counts for its year as long as its
    cycle has no published rating. The cycle itself does not count.
    """
    assessed = assessed_years(without=cycle)
    ahead = _listed_years(cycle)
    for heir, source in _inherited(rule):
        assessed[heir] |= assessed[source]
        ahead[heir] |= ahead[source]
    return {
        item.pk: Past(
            frozenset(assessed[item.pk]),
            frozenset(ahead[item.pk] - assessed[item.pk]),
            item.status,
            item.opened_on,
            item.closed_on,
        )
        for item in Organisation.objects.all()
    }


def _listed_years(cycle: Cycle) -> dict[int, set[int]]:
    rated = set(Release.objects.values_list("cycle_id", flat=True))
    waiting = [
        item.pk
        for item in current_lists()
        if item.cycle_id not in rated and item.cycle_id != cycle.pk
    ]
    rows = (
        ListEntry.objects.filter(list__in=waiting, included=True)
        .annotate(living=LIVING)
        .values_list("living", "list__cycle__year")
        .order_by()
    )
    found: dict[int, set[int]] = defaultdict(set)
    for key, year in rows:
        found[key].add(year)
    return found


def _inherited(rule: FrequencyRule) -> Iterator[tuple[int, int]]:
    """(successor, predecessor) where the years go on, the earliest event first."""
    links = Succession.objects.filter(
        reorganisation__cancelled_at__isnull=True,
        reorganisation__kind__in=rule.inherited_by.kinds,
    )
    yield from links.order_by("reorganisation__on", "pk").values_list("successor", "predecessor")


# --- what is proposed -----------------------------------------------------------------------------


def drawn_up(cycle: Cycle) -> list[ListEntry]:
    """The proposal: an entry for every organisation of the registry, not saved."""
    rule = frequency_rule(cycle.year)
    known = pasts(cycle, rule)
    made = []
    for item in Organisation.objects.select_related("municipality"):
        found = turn(rule, cycle.year, known[item.pk])
        entry = ListEntry(
            organisation=item,
            reason=found.reason,
            last=found.last,
            until=found.until,
            proposed=found.proposed,
            included=found.proposed,
        )
        describe(entry, item)
        made.append(entry)
    return made


DESCRIBED = ("full_name", "short_name", "type", "address", "site", "enrolment")


def describe(entry: ListEntry, organisation: Organisation) -> None:
    """The organisation as it is now becomes what the entry says of it."""
    for name in DESCRIBED:
        setattr(entry, name, getattr(organisation, name))
    entry.inn, entry.ogrn = organisation.inn or "", organisation.ogrn or ""
    entry.municipality = organisation.municipality.name
    entry.name_key = organisation.name_key
    entry.sort_key = organisation.sort_key
    entry.place_key = sort_key(organisation.municipality.name)


def content_of(item: OrganisationList) -> bytes:
    """The canonical bytes of the list, see :mod:`noko.core.listing`."""
    head = {
        "year": item.cycle.year,
        "cycle": item.cycle.slug,
        "version": item.version,
        "rule": item.rule,
        "reason": item.reason,
        "amends": item.amends.digest if item.amends else "",
    }
    names = ["organisation_id" if name == "organisation" else name for name in ROW]
    rows = item.entries.order_by().values_list(*names)
    return list_bytes(head, (dict(zip(ROW, row, strict=True)) for row in rows))


# --- looking through one list ---------------------------------------------------------------------


def entries(
    item: OrganisationList,
    *,
    words: str = "",
    type: str = "",
    municipality: str = "",
    reason: str = "",
    state: str = "",
    within: Iterable[int] | None = None,
) -> QuerySet[ListEntry]:
    """Rows of the list by municipality and name. ``state``: included, excluded or decided (by
    people against the rule); ``within``: keys of organisations that the person reaches."""
    rows = item.entries.all()
    for word in sort_key(words.replace("\x00", "")).split():
        rows = rows.filter(
            Q(sort_key__contains=word)
            | Q(name_key__contains=word)
            | Q(place_key__contains=word)
            | Q(inn__startswith=word)
        )
    wanted: dict[str, Any] = {"type": type, "municipality": municipality, "reason": reason}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if state == "included":
        rows = rows.filter(included=True)
    elif state == "excluded":
        rows = rows.filter(included=False)
    elif state == "decided":
        rows = rows.exclude(note="")
    return rows if within is None else rows.filter(organisation__in=list(within))


def municipalities_of(item: OrganisationList) -> list[str]:
    rows = item.entries.order_by("place_key").values_list("municipality", "place_key").distinct()
    return [name for name, _ in rows]


def counts_of(item: OrganisationList) -> dict[str, int]:
    """How many stand in the list, by reason, by people's decision, and how many do not."""
    rows = item.entries.order_by().values_list("reason", "included", "proposed")
    found: dict[str, int] = defaultdict(int)
    for reason, included, proposed in rows:
        found["included" if included else "excluded"] += 1
        found[f"{reason}-{'in' if included else 'out'}"] += 1
        if included != proposed:
            found["added" if included else "removed"] += 1
    return found
