"""What is known of sites: facts about organisations, rounds and their figures."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePosixPath

from noko.core.websites.wording import FAILURES
from noko.models import Cycle, Organisation, OrganisationScore, SiteRound, SiteVisit
from noko.queries.list import current_list, listed

OUTCOMES = {
    "": "прочитан",
    "no_site": "сайта нет в реестре",
    "bad_address": "адрес в реестре с ошибкой",
    "defect": "ошибка программы",
    "broken_archive": "архив повреждён",
    **{reason.value: words[0] for reason, words in FAILURES.items()},
}
"""How a visit ended, in words."""


PLAN_YEARS = 1
"""A plan is asked for when results were published in this year or so many years before."""


def facts_of(organisation_id: int, on: date) -> dict[str, bool]:
    """What is known about the organisation that conditions of the orders ask for, on a day."""
    organisation = Organisation.every.get(pk=organisation_id)
    published = OrganisationScore.objects.filter(
        organisation=organisation_id,
        calculation__release__released_at__year__gte=on.year - PLAN_YEARS,
        calculation__release__released_at__date__lte=on,
    )
    facts: dict[str, bool] = {"assessed": published.exists()}
    if organisation.type == "preschool":
        facts["state_primary"] = False
    return facts


def open_round_of(cycle: Cycle) -> SiteRound | None:
    """The round that is under way, if any."""
    rounds = SiteRound.objects.filter(cycle=cycle, status=SiteRound.Status.OPEN)
    return rounds.filter(replay_of__isnull=True).first()


def to_visit(cycle: Cycle) -> list[Organisation]:
    """Whose sites a round of the cycle visits: those of its approved list; while nothing is
    approved, all of the registry. Addresses are the registry's, which may be newer than the list.
    """
    active = Organisation.objects.filter(status=Organisation.Status.ACTIVE)
    if current_list(cycle):
        active = active.filter(pk__in=[item.pk for item in listed(cycle)])
    return list(active.select_related("municipality"))


def has_waiting(now: datetime) -> bool:
    """Whether a site waits to be visited now."""
    waiting = SiteVisit.objects.filter(state=SiteVisit.State.WAITING, ready_at__lte=now)
    return waiting.filter(
        round__status=SiteRound.Status.OPEN, round__replay_of__isnull=True
    ).exists()


def last_archive(visit: SiteVisit) -> SiteVisit | None:
    """The last visit of the same site that has an archive of its own."""
    kept = SiteVisit.objects.filter(
        organisation=visit.organisation_id,
        host=visit.host,
        state=SiteVisit.State.DONE,
        round__replay_of__isnull=True,
    )
    return kept.exclude(archive="").order_by("-finished_at", "-id").first()


def archives_of(organisation_id: int) -> dict[str, str]:
    """File name → place below the folder of files, of every archive of an organisation."""
    kept = SiteVisit.objects.filter(organisation=organisation_id).exclude(archive="")
    return {PurePosixPath(one).name: one for one in kept.values_list("archive", flat=True)}
