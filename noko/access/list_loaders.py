"""The doors to lists of organisations."""

from __future__ import annotations

from django.http import Http404

from noko.access.loaders import User, allow, organisations_for
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.models import OrganisationList


def get_list_for(
    person: User, key: int, permission: Permission = Permission.ORGANISATION_VIEW
) -> OrganisationList:
    allow(person, permission)
    related = ("cycle", "decision__council", "agenda_item__session", "amends")
    found = OrganisationList.objects.select_related(*related).filter(pk=key).first()
    if found is None:
        raise Http404(f"Перечня {key} нет.")
    return found


def reached_by(person: User) -> frozenset[int] | None:
    """Keys of the organisations whose rows the person sees; None: all of them."""
    if scope_of(person, Permission.ORGANISATION_VIEW).everything:
        return None
    return frozenset(organisations_for(person).values_list("pk", flat=True))
