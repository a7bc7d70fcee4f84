"""A finished round on its way: to the organisations for their objections, then to everybody."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from noko.access.loading import people_of
from noko.actions.letter import post
from noko.actions.website import move
from noko.core.refusal import Refusal
from noko.models import Organisation, Person, SiteRound, SiteVisit
from noko.queries.website_standing import SEEN, term_is_open, undecided

Status = SiteRound.Status


def show_round(
    *, site_round: SiteRound, until: date, by: Person | None, now: datetime
) -> SiteRound:
    """Organisations see their findings and may object until the day ``until``, that day included;
    each of their people gets a letter.

    Refusals: ``term_too_short``, ``round_is_open``, ``round_shown``.
    """
    if until <= timezone.localdate(now):
        raise Refusal(
            "Срок возражений кончается раньше, чем организации успеют ответить.",
            kind="term_too_short",
            cure="Назначьте день позже сегодняшнего.",
        )
    after = {"возражения принимаются по": until.isoformat()}
    with transaction.atomic():
        if not move(
            site_round, Status.SHOWN, by, now, after=after, shown_at=now, objections_until=until
        ):
            raise _cannot_show(site_round)
        _tell(site_round, now)
    return site_round


def _cannot_show(site_round: SiteRound) -> Refusal:
    site_round.refresh_from_db()
    if site_round.status == Status.OPEN:
        return Refusal(
            "Обход ещё идёт.",
            kind="round_is_open",
            cure="Дождитесь его конца или остановите его.",
        )
    return Refusal(
        "Этот обход организациям уже показан.", kind="round_shown", cure="Обновите страницу."
    )


def _tell(site_round: SiteRound, now: datetime) -> None:
    """One letter to each person, however many organisations they stand for."""
    done = site_round.visits.filter(state=SiteVisit.State.DONE)
    keys = list(done.values_list("organisation_id", flat=True))
    own: dict[Person, list[int]] = defaultdict(list)
    for person, organisation in people_of(keys):
        if organisation not in own[person]:
            own[person].append(organisation)
    names = dict(Organisation.every.filter(pk__in=keys).values_list("pk", "short_name"))
    for person, organisations in own.items():
        if person.email:
            post(
                key=f"site-shown:{site_round.pk}:{person.pk}",
                to=person.email,
                template="site_shown",
                context={
                    "person": person,
                    "round": site_round,
                    "organisations": [(key, names[key]) for key in organisations],
                },
                now=now,
            )


def publish_round(*, site_round: SiteRound, by: Person | None, now: datetime) -> SiteRound:
    """Everybody sees the findings as they stand. Refusals: those of :func:`refuse_unsettled`,
    ``round_published``."""
    with transaction.atomic():
        locked = SiteRound.objects.select_for_update().get(pk=site_round.pk)
        refuse_unsettled(locked, timezone.localdate(now))
        if not move(site_round, Status.PUBLISHED, by, now, after={}, published_at=now):
            raise Refusal(
                "Этот обход уже опубликован.", kind="round_published", cure="Обновите страницу."
            )
    return site_round


def refuse_unsettled(site_round: SiteRound, today: date) -> None:
    """Findings count only after the organisations were heard.

    Refusals: ``round_not_shown``, ``term_is_open``, ``objections_open``.
    """
    if site_round.status not in SEEN:
        raise Refusal(
            f"Выводы обхода № {site_round.number} организациям ещё не показаны.",
            kind="round_not_shown",
            cure="Покажите их организациям на странице обхода и дождитесь конца срока возражений.",
        )
    if term_is_open(site_round, today):
        raise Refusal(
            f"Организации ещё могут возражать: срок – {site_round.objections_until:%d.%m.%Y} "
            "включительно.",
            kind="term_is_open",
            cure="Дождитесь конца срока.",
        )
    waiting = undecided(site_round)
    if waiting:
        raise Refusal(
            f"Не решены возражения организаций: {waiting}.",
            kind="objections_open",
            cure="Примите или отклоните их на странице «Возражения о сайтах».",
        )
