"""Published findings about sites: what everybody may see of an organisation's site."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from noko.models import SiteMark, SiteRound, SiteVisit

LIVING = Coalesce("organisation__merged_into", "organisation")


def _published() -> QuerySet[SiteVisit]:
    """Visits of published rounds, the newest first. A round judged again from its archives comes
    after the one that it was made from."""
    rows = SiteVisit.objects.filter(
        round__status=SiteRound.Status.PUBLISHED, state=SiteVisit.State.DONE
    )
    return rows.order_by("-round__on", "-round__published_at", "-pk")


def published_visit(organisation: int) -> SiteVisit | None:
    """The newest published visit of the organisation or of a record that was merged into it."""
    own = Q(organisation=organisation) | Q(organisation__merged_into=organisation)
    rows = _published().filter(own)
    return rows.select_related("round__cycle", "organisation__municipality").first()


def published_checks() -> dict[int, list[object]]:
    """Organisation → what its public pages about the site depend on, in two queries."""
    newest = (
        _published()
        .annotate(living=LIVING)
        .order_by("living", "-round__on", "-round__published_at", "-pk")
        .distinct("living")
        .values_list("living", "pk", "round__cycle", "organisation")
    )
    marks: dict[tuple[int, int], list[int]] = defaultdict(list)
    standing = SiteMark.objects.exclude(status=SiteMark.Status.WITHDRAWN).order_by("pk")
    for cycle, organisation, key in standing.values_list("cycle", "organisation", "pk"):
        marks[cycle, organisation].append(key)
    return {
        living: [visit, marks.get((cycle, organisation), [])]
        for living, visit, cycle, organisation in newest
    }
