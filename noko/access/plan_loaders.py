"""The doors to plans: the region's is open to all who see plans, a municipal one to its own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from noko.access.loaders import User, allow
from noko.access.loading import has_permission, scope_of
from noko.access.permissions import Permission
from noko.models import Evidence, Person, Plan, PlanActivity


def plans_for(person: User, permission: Permission = Permission.PLAN_VIEW) -> QuerySet[Plan]:
    """The plans that the permission reaches; the region's plan lies within every reach."""
    allow(person, permission)
    scope = scope_of(person, permission)
    plans = Plan.objects.select_related("cycle", "municipality", "parent")
    if scope.everything:
        return plans
    return plans.filter(Q(municipality__isnull=True) | Q(municipality__in=scope.municipalities))


def get_plan_for(person: User, key: int, permission: Permission = Permission.PLAN_VIEW) -> Plan:
    """``PLAN_EDIT`` of a municipality's plan is also given by ``MUNICIPAL_PLAN_EDIT`` there."""
    if permission is Permission.PLAN_EDIT and not has_permission(person, permission):
        return _municipal_plan(person, key)
    plan = plans_for(person, permission).filter(pk=key).first()
    if plan is None:
        raise Http404(f"Плана {key} нет.")
    return plan


def _municipal_plan(person: User, key: int) -> Plan:
    plan = plans_for(person, Permission.MUNICIPAL_PLAN_EDIT).filter(pk=key).first()
    if plan is None:
        raise Http404(f"Плана {key} нет.")
    if plan.municipality_id is None:
        raise PermissionDenied
    return plan


def may_edit(person: User, plan: Plan) -> bool:
    """Whether this person may change this plan."""
    if scope_of(person, Permission.PLAN_EDIT).everything:
        return True
    scope = scope_of(person, Permission.MUNICIPAL_PLAN_EDIT)
    return plan.municipality_id is not None and plan.municipality_id in scope.municipalities


def get_activity_for(
    person: User, key: int, permission: Permission = Permission.PLAN_VIEW
) -> PlanActivity:
    if permission is Permission.PLAN_EDIT and not has_permission(person, permission):
        allow(person, Permission.MUNICIPAL_PLAN_EDIT)
    else:
        allow(person, permission)
    found = PlanActivity.objects.select_related("plan__cycle", "section").filter(pk=key).first()
    if found is None:
        raise Http404(f"Мероприятия {key} нет.")
    found.plan = get_plan_for(person, found.plan_id, permission)
    return found


def get_evidence_for(person: Person, key: int, permission: Permission) -> Evidence:
    """A document or link of an activity that the permission reaches."""
    allow(person, permission)
    found = Evidence.objects.select_related("activity", "added_by").filter(pk=key).first()
    if found is None:
        raise Http404(f"Подтверждения {key} нет.")
    found.activity = get_activity_for(person, found.activity_id, permission)
    return found
