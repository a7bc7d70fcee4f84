"""The only doors from an address to an object: the permission first, then the object.

A person without the permission gets :class:`PermissionDenied` (page 403) whether or not the
object exists; a guessed address, or an object that lies outside of where the permission reaches,
gives ``Http404``: a stranger does not even learn that it is there.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from noko.access.loading import has_permission, scope_of
from noko.access.permissions import Permission
from noko.access.roles import BY_CODE
from noko.models import (
    Calculation,
    Cycle,
    DataSet,
    Import,
    Invitation,
    Organisation,
    Person,
    RoleGrant,
    WaveOrganisation,
)

User = Person | AnonymousUser

IMPORT_PERMISSIONS = {
    Import.Kind.ORGANISATIONS: Permission.ORGANISATION_EDIT,
    Import.Kind.DATA: Permission.DATASET_IMPORT,
    Import.Kind.COUNTS: Permission.DATASET_IMPORT,
    Import.Kind.INSPECTION: Permission.DATASET_IMPORT,
    Import.Kind.ANSWERS: Permission.BATCH_MANAGE,
    Import.Kind.PLAN: Permission.PLAN_EDIT,
    Import.Kind.BUSGOV: Permission.WEBSITE_VISIT,
}


def allow(person: User, permission: Permission) -> Person:
    """The person, when they may; otherwise :class:`PermissionDenied`."""
    if not isinstance(person, Person) or not has_permission(person, permission):
        raise PermissionDenied
    return person


def person_of(user: User) -> Person:
    """Who is signed in: the one a deed is done by."""
    if not isinstance(user, Person):
        raise PermissionDenied
    return user


def get_cycle_for(person: User, slug: str, permission: Permission = Permission.CYCLE_VIEW) -> Cycle:
    allow(person, permission)
    cycle = Cycle.objects.filter(slug=slug).first()
    if cycle is None:
        raise Http404(f"Цикла «{slug}» нет.")
    return cycle


def get_dataset_for(
    person: User, slug: str, number: int, permission: Permission = Permission.CYCLE_VIEW
) -> DataSet:
    cycle = get_cycle_for(person, slug, permission)
    dataset = cycle.datasets.select_related("cycle").filter(number=number).first()
    if dataset is None:
        raise Http404(f"Набора данных № {number} нет.")
    return dataset


def get_calculation_for(
    person: User, key: int, permission: Permission = Permission.RATING_VIEW
) -> Calculation:
    allow(person, permission)
    found = Calculation.objects.select_related("cycle", "dataset", "created_by").filter(pk=key)
    calculation = found.first()
    if calculation is None:
        raise Http404(f"Расчёта {key} нет.")
    return calculation


def get_import_for(person: User, key: int) -> Import:
    """An import of lists asks for another permission than an import of data."""
    known = {kind for kind, needed in IMPORT_PERMISSIONS.items() if has_permission(person, needed)}
    if not known:
        raise PermissionDenied
    item = Import.objects.select_related("cycle", "created_by", "decided_by").filter(pk=key).first()
    if item is None:
        raise Http404(f"Загрузки {key} нет.")
    if item.kind not in known:
        raise PermissionDenied
    if not reaches_import(person, item):
        raise Http404(f"Загрузки {key} нет.")
    return item


def reaches_import(person: User, item: Import) -> bool:
    """Whoever does not lead the whole region decides about their own files only."""
    needed = IMPORT_PERMISSIONS[Import.Kind(item.kind)]
    if not has_permission(person, needed):
        return False
    return scope_of(person, needed).everything or item.created_by_id == person.pk


def organisations_for(
    person: User, permission: Permission = Permission.ORGANISATION_VIEW
) -> QuerySet[Organisation]:
    """The organisations that the permission of this person reaches."""
    allow(person, permission)
    within = scope_of(person, permission).condition()
    return Organisation.objects.select_related("municipality").filter(within)


def get_organisation_for(
    person: User, key: int, permission: Permission = Permission.ORGANISATION_VIEW
) -> Organisation:
    """The organisation; for a record that was merged into another, that other one."""
    reached = organisations_for(person, permission)
    found = reached.filter(Q(pk=key) | Q(merged=key)).first()
    if found is None:
        raise Http404(f"Организации {key} нет.")
    return found


def get_person_for(person: User, key: int) -> Person:
    allow(person, Permission.PERSON_MANAGE)
    found = Person.objects.filter(pk=key).first()
    if found is None:
        raise Http404(f"Пользователя {key} нет.")
    return found


def get_grant_for(person: User, key: int, grant: int) -> RoleGrant:
    """A role that the person ``key`` holds, has held or will hold."""
    allow(person, Permission.PERSON_MANAGE)
    rows = RoleGrant.objects.select_related("person", "municipality", "organisation")
    found = rows.filter(pk=grant, person=key, role__in=BY_CODE).first()
    if found is None:
        raise Http404(f"У пользователя {key} роли {grant} нет.")
    return found


def get_invitation_for(person: User, key: int) -> Invitation:
    allow(person, Permission.PERSON_MANAGE)
    found = Invitation.objects.select_related("created_by", "person").filter(pk=key).first()
    if found is None:
        raise Http404(f"Приглашения {key} нет.")
    return found


def get_place_for(person: User, key: int, permission: Permission) -> WaveOrganisation:
    """An organisation of a wave that the permission reaches."""
    allow(person, permission)
    within = scope_of(person, permission).condition("organisation__")
    places = WaveOrganisation.objects.select_related("organisation__municipality", "wave__cycle")
    place = places.filter(within, pk=key).first()
    if place is None:
        raise Http404(f"Организации {key} в волнах нет.")
    return place
