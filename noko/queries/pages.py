"""Which public pages there are, and on what each of them depends."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator

from django.forms.models import model_to_dict
from django.utils import timezone

from noko.models import Municipality, Organisation, OrganisationScore, Plan, Release
from noko.queries.council import (
    day_shown,
    members_on,
    public_councils,
    published_decisions,
    published_sessions,
)
from noko.queries.edition import edition_codes, get_edition
from noko.queries.list import current_lists
from noko.queries.organisation import LIVING
from noko.queries.plan import PlanView, municipal_plans, public_plans, view_of
from noko.queries.rating import types_of
from noko.queries.release import published, published_calculations
from noko.queries.website_public import published_checks
from noko.queries.website_rules import get_regime, regime_codes


def page_stamps(program: str) -> dict[str, str]:
    """Address → stamp of every public page without a query, but for :func:`page_twins`.

    ``program`` stands for the templates and the code; the same stamp means the same page.
    """
    releases = published()
    numbers = sorted((item.cycle_id, item.version) for item in releases)
    names = list(Municipality.objects.order_by("pk").values_list("name", "slug"))
    organisations, rated = _organisations(), _rated()
    everything = _stamp(program, numbers, names, sorted(organisations.items()))
    stamps = {"/": everything, "/organisations/": everything, "/releases/": everything}
    stamps["/methodology/"] = program
    for code in edition_codes():
        stamps[f"/methodology/{code}/"] = _stamp(program, get_edition(code).digest)
    for code in regime_codes():
        stamps[f"/methodology/websites/{code}/"] = _stamp(program, get_regime(code).digest)
    checks = published_checks()
    for key, check in checks.items():
        if key in organisations:
            stamps[f"/websites/{key}/"] = _stamp(program, organisations[key], check, key in rated)
    for release in releases:
        own = _stamp(program, release.pk, release.version, names)
        for address in _release_pages(release):
            stamps[address] = own
    stamps.update(_plan_pages(program))
    stamps.update(_council_pages(program))
    stamps.update(_list_pages(program))
    for key, cycles in rated.items():
        own = _stamp(program, organisations[key], cycles, checks.get(key))
        for slug, _ in cycles:
            stamps[f"/organisations/{key}/{slug}/"] = own
    return stamps


def _list_pages(program: str) -> dict[str, str]:
    """Pages of approved lists: an older version says which one is in force."""
    stamps = {}
    for current in current_lists():
        slug = current.cycle.slug
        own = _stamp(program, current.digest, current.cycle.title, current.version)
        stamps[f"/lists/{slug}/"] = own
        for version in range(1, current.version + 1):
            stamps[f"/lists/{slug}/{version}/"] = own
    stamps["/lists/"] = _stamp(program, sorted(stamps.items()))
    return stamps


def _plan_pages(program: str) -> dict[str, str]:
    """Pages of plans: they change with what is done, and with the days of their own year."""
    today = timezone.localdate()
    stamps = {}
    for plan in public_plans():
        own = [_plan_state(view_of(plan, today))]
        within = municipal_plans(plan.cycle).filter(status=Plan.Status.ADOPTED)
        own += [_plan_state(view_of(one, today)) for one in within]
        day = today if plan.year == today.year else None
        stamps[f"/plan/{plan.cycle.slug}/"] = _stamp(program, plan.changed_at, own, day)
    stamps["/plan/"] = _stamp(program, sorted(stamps.items()))
    return stamps


def _council_pages(program: str) -> dict[str, str]:
    """Pages of the council: they change with its composition and with what is published."""
    today = timezone.localdate()
    stamps = {}
    for council in public_councils():
        members = members_on(council, day_shown(council, today))
        own = _stamp(
            program,
            model_to_dict(council),
            council.holds(today),
            list(members.values_list("full_name", "association", "position", "starts_on")),
            list(published_sessions(council).values_list("pk", flat=True)),
        )
        stamps[f"/council/{council.pk}/"] = own
    for decision in published_decisions():
        address = f"/council/{decision.council_id}/decisions/{decision.pk}/"
        stamps[address] = _stamp(program, decision.digest, decision.council.short_name)
    stamps["/council/"] = _stamp(program, sorted(stamps.items()))
    return stamps


def _plan_state(view: PlanView) -> list[object]:
    return [
        (
            row.activity.pk,
            row.status,
            row.standing.done_on,
            [fact.title for fact in row.facts],
            [item.pk for item in row.results],
        )
        for row in view.rows
    ]


def page_twins() -> dict[str, str]:
    """Address → another one with the very same page: an organisation and its newest result."""
    newest: dict[str, str] = {}
    rows = (
        OrganisationScore.objects.filter(calculation__in=published_calculations())
        .order_by("calculation__cycle__year", "calculation__cycle_id")
        .values_list(LIVING, "calculation__cycle__slug")
    )
    for key, slug in rows:
        newest[f"/organisations/{key}/"] = f"/organisations/{key}/{slug}/"
    return newest


def _release_pages(release: Release) -> Iterator[str]:
    slug = release.cycle.slug
    yield f"/rating/{slug}/"
    for code, _ in types_of(release.calculation):
        yield f"/rating/{slug}/{code}/"
    yield f"/releases/{slug}/"
    for version in range(1, release.version + 1):
        yield f"/releases/{slug}/{version}/"


def _organisations() -> dict[int, str]:
    """What a page says of an organisation besides its scores."""
    rows = Organisation.objects.values_list(
        "pk", "full_name", "short_name", "address", "site", "inn", "type", "municipality__name"
    )
    return {row[0]: _stamp(*row) for row in rows}


def _rated() -> dict[int, list[tuple[str, int]]]:
    """By organisation: cycles with a published result and the calculation each one comes from.

    A mean over the type stands on the page, so a new version touches all its organisations.
    """
    rows = (
        OrganisationScore.objects.filter(calculation__in=published_calculations())
        .annotate(living=LIVING)
        .order_by("living", "calculation__cycle__slug")
        .values_list("living", "calculation__cycle__slug", "calculation_id")
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for organisation, slug, calculation in rows:
        found[organisation].append((slug, calculation))
    return found


def _stamp(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
