"""Rounds of visits: opened, visited by whoever claims a host, closed when nothing waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.websites.addresses import family, home_address, host_of
from noko.core.websites.findings import Finding, Inspection, Status
from noko.core.websites.rules import Regime
from noko.core.websites.wording import finding_words
from noko.core.websites.wording_defects import REMARKS, defect_words
from noko.models import Cycle, Organisation, Person, SiteFinding, SiteHost, SiteRound, SiteVisit

MOVES: Mapping[str, frozenset[str]] = {
    SiteRound.Status.OPEN: frozenset({SiteRound.Status.CLOSED, SiteRound.Status.STOPPED}),
    SiteRound.Status.CLOSED: frozenset({SiteRound.Status.SHOWN}),
    SiteRound.Status.STOPPED: frozenset({SiteRound.Status.SHOWN}),
    SiteRound.Status.SHOWN: frozenset({SiteRound.Status.PUBLISHED}),
    SiteRound.Status.PUBLISHED: frozenset(),
}
"""Which status of a round may follow which."""

DEEDS = {
    SiteRound.Status.CLOSED: Deed.SITE_ROUND_CLOSED,
    SiteRound.Status.STOPPED: Deed.SITE_ROUND_STOPPED,
    SiteRound.Status.SHOWN: Deed.SITE_ROUND_SHOWN,
    SiteRound.Status.PUBLISHED: Deed.SITE_ROUND_PUBLISHED,
}

LEASE = timedelta(minutes=10)
"""How long a claim holds without being renewed."""
NO_SITE, BAD_ADDRESS, DEFECT = "no_site", "bad_address", "defect"
BROKEN_ARCHIVE = "broken_archive"
WAITS = (timedelta(minutes=20), timedelta(hours=2))
"""How long to wait before a silent site is asked again; after the last one it is given up."""
_BATCH = 500


class Result(NamedTuple):
    """What a visit has brought. ``outcome`` is empty when the site was read."""

    inspection: Inspection
    archive: str
    archive_digest: str
    outcome: str = ""
    detail: str = ""


def open_round(
    *,
    cycle: Cycle,
    organisations: Sequence[Organisation],
    regime: Regime,
    on: date,
    by: Person | None,
    now: datetime,
    replay_of: SiteRound | None = None,
) -> SiteRound:
    """A round over the sites of ``organisations``; those without an address are done at once.

    Refusals: ``no_organisations``, ``round_is_open``.
    """
    if not organisations:
        raise Refusal(
            "Обходить нечего: организаций нет.",
            kind="no_organisations",
            cure="Загрузите перечень организаций с адресами сайтов.",
        )
    with transaction.atomic(), refusing(ROUND_RULES):
        last = SiteRound.objects.filter(cycle=cycle).aggregate(Max("number"))["number__max"]
        opened = SiteRound.objects.create(
            cycle=cycle,
            number=(last or 0) + 1,
            regime=regime.code,
            rules_digest=regime.digest,
            on=on,
            replay_of=replay_of,
            opened_by=by,
            opened_at=now,
        )
        visits = [_visit(opened, organisation, now) for organisation in organisations]
        SiteVisit.objects.bulk_create(visits, batch_size=_BATCH)
        hosts = {visit.host for visit in visits if visit.host}
        SiteHost.objects.bulk_create(
            [SiteHost(host=host) for host in sorted(hosts)],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        record(
            Deed.SITE_ROUND_OPENED,
            thing=opened,
            by=by,
            now=now,
            cycle=cycle,
            after={
                "правила": regime.code,
                "на день": on.isoformat(),
                "организаций": len(visits),
                **({"заново по архивам обхода": replay_of.number} if replay_of else {}),
            },
        )
    return opened


ROUND_RULES = {
    "site_round_open_once": Refusal(
        "Обход сайтов этого цикла уже идёт.",
        kind="round_is_open",
        cure="Дождитесь его конца или остановите его.",
    ),
    "site_round_number_once": Refusal(
        "Обход сайтов только что начал кто-то другой.",
        kind="round_is_open",
        cure="Обновите страницу.",
    ),
}


def _visit(opened: SiteRound, organisation: Organisation, now: datetime) -> SiteVisit:
    visit = SiteVisit(round=opened, organisation=organisation, type=organisation.type, ready_at=now)
    try:
        home = home_address(organisation.site)
    except ValueError as error:
        visit.outcome, visit.detail = BAD_ADDRESS, str(error)[:300]
        home = None
    else:
        visit.outcome = "" if home else NO_SITE
    if home is None:
        visit.state, visit.finished_at = SiteVisit.State.DONE, now
        return visit
    # What was written is kept: without a scheme plain HTTP may be tried too.
    visit.address = organisation.site.strip() if "://" not in organisation.site else home
    visit.host = family(host_of(home))
    return visit


def take_hosts(*, worker: str, limit: int, rounds: Sequence[int] = ()) -> list[str]:
    """Claims up to ``limit`` hosts with visits that wait, and no one else's.

    The clock is the database's, so that machines with different clocks share the frontier.
    """
    only = "and v.round_id = any(%(rounds)s)" if rounds else ""
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE.format(only=only),
            {
                "worker": worker,
                "lease": LEASE.total_seconds(),
                "limit": limit,
                "rounds": list(rounds),
            },
        )
        return [row[0] for row in cursor.fetchall()]


TAKE = """
update noko_sitehost
set claimed_by = %(worker)s, claimed_until = clock_timestamp() + make_interval(secs => %(lease)s)
where host in (
    select f.host from noko_sitehost f
    where (f.claimed_until is null or f.claimed_until < clock_timestamp())
        and exists (
            select from noko_sitevisit v join noko_siteround r on r.id = v.round_id
            where v.host = f.host and v.state = 'waiting' and v.ready_at <= clock_timestamp()
                and r.status = 'open' and r.replay_of_id is null {only}
        )
    order by f.claimed_until nulls first, f.host
    limit %(limit)s
    for update of f skip locked
)
returning host
"""


def keep_hosts(*, worker: str) -> set[str]:
    """Renews the claims of ``worker``; the hosts that are still its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update noko_sitehost set claimed_until = clock_timestamp() + make_interval(secs => %s)"
            " where claimed_by = %s and claimed_until >= clock_timestamp() returning host",
            [LEASE.total_seconds(), worker],
        )
        return {row[0] for row in cursor.fetchall()}


def release_host(*, worker: str, host: str) -> None:
    """Gives a host back, if it is still the worker's."""
    SiteHost.objects.filter(host=host, claimed_by=worker).update(claimed_by="", claimed_until=None)


def finish(
    *, visit: SiteVisit, worker: str, result: Result, now: datetime, archived: bool = False
) -> None:
    """Keeps what a visit has brought. Refusal ``taken_over`` when the host is another worker's
    or the visit is over; then nothing is written. ``archived``: it was made again from its
    archive, so there is no host to hold.
    """
    with transaction.atomic():
        if not archived:
            _must_hold(visit, worker)
        inspection = result.inspection
        rows = [_row(visit, finding, inspection) for finding in inspection.every]
        values = _values(inspection) | {
            "state": SiteVisit.State.DONE,
            "finished_at": now,
            "outcome": result.outcome,
            "detail": result.detail[:300],
            "archive": result.archive,
            "archive_digest": result.archive_digest,
        }
        waiting = SiteVisit.objects.filter(pk=visit.pk, state=SiteVisit.State.WAITING)
        if waiting.update(**values) != 1:
            raise _taken_over(visit)
        SiteFinding.objects.bulk_create(rows, batch_size=_BATCH)


def put_off(*, visit: SiteVisit, worker: str, now: datetime) -> bool:
    """A silent site is asked again later; False when it has been asked often enough."""
    with transaction.atomic():
        _must_hold(visit, worker)
        if visit.attempts >= len(WAITS):
            return False
        waiting = SiteVisit.objects.filter(pk=visit.pk, state=SiteVisit.State.WAITING)
        changed = waiting.update(attempts=visit.attempts + 1, ready_at=now + WAITS[visit.attempts])
        return changed == 1


def give_up(*, visit: SiteVisit, worker: str, detail: str, now: datetime) -> None:
    """The visit ended in a defect of the program: it is over, and nothing is said of the site."""
    with transaction.atomic():
        _must_hold(visit, worker)
        waiting = SiteVisit.objects.filter(pk=visit.pk, state=SiteVisit.State.WAITING)
        waiting.update(
            state=SiteVisit.State.DONE, finished_at=now, outcome=DEFECT, detail=detail[:300]
        )


def give_up_replay(*, visit: SiteVisit, detail: str, now: datetime) -> None:
    """The archive cannot be read: nothing is said of the site."""
    waiting = SiteVisit.objects.filter(pk=visit.pk, state=SiteVisit.State.WAITING)
    waiting.update(
        state=SiteVisit.State.DONE, finished_at=now, outcome=BROKEN_ARCHIVE, detail=detail[:300]
    )


def _must_hold(visit: SiteVisit, worker: str) -> None:
    held = SiteHost.objects.select_for_update().filter(host=visit.host, claimed_by=worker)
    if not held.exists():
        raise _taken_over(visit)


def _taken_over(visit: SiteVisit) -> Refusal:
    return Refusal(
        f"Обход сайта {visit.address} продолжил другой обработчик.",
        kind="taken_over",
        cure="Ничего делать не нужно.",
    )


def _values(inspection: Inspection) -> dict[str, Any]:
    return {
        "pages": len(inspection.pages),
        "found": len(inspection.of_status(Status.FOUND)),
        "absent": len(inspection.of_status(Status.ABSENT)),
        "unchecked": len(inspection.of_status(Status.UNCHECKED)),
        "official": sum(finding.official for finding in inspection.findings),
        "defects": [_defect(inspection, number) for number in range(len(inspection.defects))],
        "channels": {
            channel.value: {"page": seen.page, "excerpt": seen.excerpt}
            for channel, seen in inspection.channels.items()
        },
        "special_version": inspection.special_version is not None,
    }


def _defect(inspection: Inspection, number: int) -> dict[str, Any]:
    defect = inspection.defects[number]
    words = defect_words(defect, inspection.regime)
    return {
        "kind": defect.kind.value,
        "page": defect.page,
        "item": defect.item,
        "remark": defect.kind in REMARKS,
        "title": words.title,
        "where": words.where,
        "seen": words.seen,
        "cure": words.cure,
    }


def _row(visit: SiteVisit, finding: Finding, inspection: Inspection) -> SiteFinding:
    words = finding_words(finding, inspection)
    first = finding.evidence[0] if finding.evidence else None
    reason = finding.failure.reason.value if finding.failure else finding.reason
    return SiteFinding(
        visit=visit,
        code=finding.item.code,
        status=finding.status.value,
        seen=finding.seen.value,
        says_none=finding.negative,
        official=finding.official,
        elsewhere=finding.elsewhere,
        reason=str(reason or ""),
        page=first.page if first else "",
        place=first.place if first else "",
        excerpt=first.excerpt if first else "",
        words={"seen": words.seen, "cure": words.cure, "example": words.example},
    )


def close_finished(*, now: datetime) -> list[SiteRound]:
    """Closes the rounds in which nothing waits any more."""
    waiting = SiteVisit.objects.filter(round=OuterRef("pk"), state=SiteVisit.State.WAITING)
    ready = SiteRound.objects.filter(status=SiteRound.Status.OPEN).exclude(Exists(waiting))
    return [one for one in ready if _end(one, SiteRound.Status.CLOSED, None, now)]


def stop_round(*, site_round: SiteRound, by: Person | None, now: datetime) -> None:
    """Ends a round early; what was visited stays. Refusal ``round_is_over``."""
    if not _end(site_round, SiteRound.Status.STOPPED, by, now):
        raise Refusal("Этот обход уже закончен.", kind="round_is_over", cure="Обновите страницу.")


def _end(site_round: SiteRound, status: str, by: Person | None, now: datetime) -> bool:
    done = site_round.visits.filter(state=SiteVisit.State.DONE)
    with transaction.atomic():
        after = {"обойдено сайтов": done.count()}
        return move(site_round, status, by, now, after=after, closed_at=now)


def move(
    site_round: SiteRound,
    status: str,
    by: Person | None,
    now: datetime,
    *,
    after: Mapping[str, Any],
    **fields: Any,
) -> bool:
    """The one place where the status of a round moves, with its entry in the journal; False where
    another was quicker or the move is none of :data:`MOVES`."""
    target = SiteRound.Status(status)
    sources = [source for source, targets in MOVES.items() if target in targets]
    with transaction.atomic():
        rows = SiteRound.objects.filter(pk=site_round.pk, status__in=sources)
        if rows.update(status=target, **fields) != 1:
            return False
        site_round.refresh_from_db()
        cycle = site_round.cycle
        record(DEEDS[target], thing=site_round, by=by, now=now, cycle=cycle, after=after)
    return True
