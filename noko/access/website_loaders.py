"""The doors to visits of sites, objections and marks; see :mod:`noko.access.loaders`."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from noko.access.loaders import User, allow
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.models import SiteMark, SiteObjection, SiteRound, SiteVisit

Thing = TypeVar("Thing", bound=Model)


def get_round_for(
    person: User, key: int, permission: Permission = Permission.WEBSITE_VIEW
) -> SiteRound:
    """A round is known to everybody who may see any; its organisations by their scope."""
    allow(person, permission)
    found = SiteRound.objects.select_related("cycle", "opened_by", "replay_of").filter(pk=key)
    return _found(found.first(), f"Обхода {key}")


def site_visits_for(
    person: User, permission: Permission = Permission.WEBSITE_VIEW
) -> QuerySet[SiteVisit]:
    """Visits of the organisations that the permission of this person reaches."""
    allow(person, permission)
    within = scope_of(person, permission).condition("organisation__")
    rows = SiteVisit.objects.select_related("round__cycle", "organisation__municipality")
    return rows.filter(within)


def get_visit_for(
    person: User, key: int, permission: Permission = Permission.WEBSITE_VIEW
) -> SiteVisit:
    return _found(site_visits_for(person, permission).filter(pk=key).first(), f"Обхода сайта {key}")


def objections_for(
    person: User, permission: Permission = Permission.WEBSITE_DECIDE
) -> QuerySet[SiteObjection]:
    allow(person, permission)
    within = scope_of(person, permission).condition("visit__organisation__")
    related = ("visit__round__cycle", "visit__organisation__municipality", "filed_by", "decided_by")
    return SiteObjection.objects.select_related(*related).filter(within)


def get_objection_for(
    person: User, key: int, permission: Permission = Permission.WEBSITE_DECIDE
) -> SiteObjection:
    return _found(objections_for(person, permission).filter(pk=key).first(), f"Возражения {key}")


def site_marks_for(
    person: User, permission: Permission = Permission.WEBSITE_DECIDE
) -> QuerySet[SiteMark]:
    allow(person, permission)
    within = scope_of(person, permission).condition("organisation__")
    related = ("cycle", "organisation__municipality", "visit__round", "confirmed_on", "made_by")
    return SiteMark.objects.select_related(*related).filter(within)


def get_mark_for(
    person: User, key: int, permission: Permission = Permission.WEBSITE_DECIDE
) -> SiteMark:
    return _found(site_marks_for(person, permission).filter(pk=key).first(), f"Отметки {key}")


# --- the cabinet ----------------------------------------------------------------------------------


def own_visits_for(person: User) -> QuerySet[SiteVisit]:
    """Visits of the person's own organisations that were shown to them, the newest first."""
    rows = site_visits_for(person, Permission.CABINET_ENTER).filter(
        round__status__in=SiteRound.SEEN
    )
    return rows.order_by("-round__opened_at", "-pk")


def get_own_visit_for(person: User, key: int) -> SiteVisit:
    return _found(own_visits_for(person).filter(pk=key).first(), f"Обхода сайта {key}")


def get_own_objection_for(person: User, key: int) -> SiteObjection:
    return get_objection_for(person, key, Permission.CABINET_ENTER)


def _found(thing: Thing | None, what: str) -> Thing:
    if thing is None:
        raise Http404(f"{what} нет.")
    return thing
