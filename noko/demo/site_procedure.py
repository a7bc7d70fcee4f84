"""What follows the demonstration's round of visits: it is shown, objected to, and decided about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from noko.actions import site_objection as objections
from noko.actions.letter import mark_sent
from noko.actions.site_mark import make_mark
from noko.actions.website_show import show_round
from noko.core.websites.findings import Status
from noko.models import Letter, Person, SiteMark, SiteRound
from noko.queries.website_standing import Standing, VisitStanding, standing_of, visits_of

TERM = timedelta(days=14)
"""Objections are taken for so long after the day on which the demonstration is made."""
TEXTS = (
    "Сведения стоят на сайте: их поставили в первый день обхода.",
    "Сведения есть в подразделе «Документы», в общем файле.",
    "Сведения опубликованы, ссылка на них в меню раздела.",
)
ACCEPTED = "По названному адресу сведения есть: текст стоит картинкой, машина её не читает."
REJECTED = "В названном файле этих сведений нет: там только перечень документов."
BY_HAND = "Сведения есть на странице «Контакты», ссылка из подраздела ведёт на неё."


def load_procedure(site_round: SiteRound, people: Mapping[str, Person], now: datetime) -> None:
    """Three objections of the organisation that has logins – accepted, rejected and waiting – and
    one mark by hand at the next organisation; with fewer findings there, as many as there are."""
    at = site_round.closed_at or now
    until = (now + TERM).date()
    secretary, head = people["secretary"], people["organisation_head"]
    show_round(site_round=site_round, until=until, by=secretary, now=at + timedelta(days=1))
    own: VisitStanding | None = None
    others: list[VisitStanding] = []
    for visit in visits_of(site_round):
        mine = head.grants.filter(organisation=visit.organisation).exists()
        if mine:
            own = standing_of(visit)
        elif not others and visit.absent:
            others.append(standing_of(visit))
    if own is not None:
        _object(own, people, at)
    for other in others:
        make_mark(
            visit=other.visit, code=_absent(other)[0].code, value=SiteMark.Value.FOUND,
            reason=BY_HAND, by=people["operator_expert"], now=at + timedelta(days=4),
        )  # fmt: skip
    _letters_went_then()


def _letters_went_then() -> None:
    """The letters of this story are long out: no screen fills with them at the first start."""
    for waiting in Letter.objects.filter(key__startswith="site-", status=Letter.Status.QUEUED):
        mark_sent(letter=waiting, now=waiting.queued_at)


def _absent(standing: VisitStanding) -> list[Standing]:
    return [one for one in standing.items if one.counted is Status.ABSENT]


def _object(own: VisitStanding, people: Mapping[str, Person], at: datetime) -> None:
    filed = [
        objections.file_objection(
            visit=own.visit, code=one.code, text=text, address=own.visit.address,
            by=people["organisation_head"], now=at + timedelta(days=3, hours=hour),
        )
        for hour, (one, text) in enumerate(zip(_absent(own), TEXTS, strict=False))
    ]  # fmt: skip
    expert, then = people["operator_expert"], at + timedelta(days=8)
    for made in filed[:1]:
        objections.accept(objection=made, reason=ACCEPTED, by=expert, now=then)
    for made in filed[1:2]:
        objections.reject(objection=made, reason=REJECTED, by=expert, now=then)
