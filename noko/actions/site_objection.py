"""Objections to findings: filed by the organisation's own people, decided by an expert, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from noko.access.loading import people_of, works_for
from noko.actions.constraints import refusing
from noko.actions.letter import post
from noko.actions.site_mark import make_mark
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.websites.findings import Status as Found
from noko.models import Person, SiteMark, SiteObjection, SiteRound, SiteVisit
from noko.queries.website_standing import Standing, standing_of, term_is_open

Status = SiteObjection.Status

MOVES = {
    Status.FILED: {Status.ACCEPTED, Status.REJECTED},
    Status.ACCEPTED: set(),
    Status.REJECTED: set(),
}
"""Which status may follow which: an objection is decided once."""

LONGEST = 4000

RULES = {
    "site_objection_open_once": Refusal(
        "По этому пункту возражение уже подано и ждёт решения.",
        kind="objection_open",
        cure="Дождитесь решения.",
    )
}


def file_objection(
    *,
    visit: SiteVisit,
    code: str,
    text: str,
    address: str = "",
    digest: str = "",
    file_name: str = "",
    size: int = 0,
    by: Person,
    now: datetime,
) -> SiteObjection:
    """What the organisation says against a finding, with an address on its site or a kept file.

    Refusals: ``not_own_organisation``, ``term_is_over``, ``unknown_item``, ``nothing_to_object``,
    ``text_required``, ``text_too_long``, ``evidence_required``, ``bad_link``, ``objection_open``.
    """
    if not works_for(by, visit.organisation):
        raise Refusal(
            "Возражение подают только сами организации.",
            kind="not_own_organisation",
            cure="Попросите руководителя организации или редактора её сайта.",
        )
    _check_text(text, address, digest)
    with transaction.atomic(), refusing(RULES):
        # The round is held so that the term is the one in force when the row is written.
        site_round = SiteRound.objects.select_for_update().get(pk=visit.round_id)
        if not term_is_open(site_round, timezone.localdate(now)):
            raise _term_is_over(site_round)
        standing = objectionable(visit, code)
        made = SiteObjection.objects.create(
            visit=visit,
            code=code,
            value=standing.counted.value,
            text=text.strip(),
            address=address.strip(),
            digest=digest,
            file_name=file_name,
            size=size,
            filed_by=by,
            filed_at=now,
        )
        after = _after(standing, visit) | {"возражение": made.text, "адрес": made.address}
        if digest:
            after["файл"] = f"{file_name}, SHA-256 {digest}"
        cycle = visit.round.cycle
        record(Deed.SITE_OBJECTION_FILED, thing=made, by=by, now=now, cycle=cycle, after=after)
    return made


def _after(standing: Standing, visit: SiteVisit) -> dict[str, object]:
    return {
        "организация": str(visit.organisation),
        "обход": visit.round.number,
        "пункт": standing.item.name,
    }


def _check_text(text: str, address: str, digest: str) -> None:
    if not text.strip():
        raise Refusal(
            "Не сказано, с чем вы не согласны.",
            kind="text_required",
            cure="Напишите, где на сайте стоят сведения или почему их быть не должно.",
        )
    if len(text) > LONGEST:
        raise Refusal(
            f"Возражение длиннее {LONGEST} знаков.",
            kind="text_too_long",
            cure="Сократите его или приложите файл.",
        )
    if not address.strip() and not digest:
        raise Refusal(
            "Возражение ничем не подтверждено.",
            kind="evidence_required",
            cure="Укажите адрес страницы сайта или приложите файл.",
        )
    if address.strip() and not address.strip().lower().startswith(("http://", "https://")):
        raise Refusal(
            "Это не адрес страницы.", kind="bad_link", cure="Он начинается с https:// или http://."
        )


def _term_is_over(site_round: SiteRound) -> Refusal:
    until = site_round.objections_until
    told = f"Срок возражений кончился {until:%d.%m.%Y}." if until else "Срок ещё не назначен."
    return Refusal(
        told,
        kind="term_is_over",
        cure="Исправьте сайт: следующий обход это увидит.",
    )


def objectionable(visit: SiteVisit, code: str) -> Standing:
    """The item as it stands, when there is something to object to. Refusals: ``unknown_item``,
    ``nothing_to_object``."""
    standing = standing_of(visit).of(code)
    if standing is None:
        raise Refusal(
            f"Пункта «{code}» в этом обходе нет.", kind="unknown_item", cure="Обновите страницу."
        )
    if standing.counted in (Found.FOUND, Found.NOT_APPLICABLE):
        raise Refusal(
            "По этому пункту замечания нет.",
            kind="nothing_to_object",
            cure="Выберите пункт, который отмечен как отсутствующий или не проверенный.",
        )
    return standing


def accept(
    *,
    objection: SiteObjection,
    reason: str,
    value: str = SiteMark.Value.FOUND,
    by: Person,
    now: datetime,
) -> SiteObjection:
    """The organisation is right: ``value`` becomes the expert's mark on the item.

    Refusals: ``reason_required``, ``bad_value``, ``own_objection``, ``conflict``, ``own_mark``,
    ``objection_decided``.
    """
    if value not in (SiteMark.Value.FOUND, SiteMark.Value.NOT_APPLICABLE):
        raise Refusal(
            "Не сказано, что верно.", kind="bad_value", cure="Выберите: есть или не требуется."
        )
    with transaction.atomic():
        _decide(objection, Status.ACCEPTED, reason, by, now)
        make_mark(
            visit=objection.visit,
            code=objection.code,
            value=value,
            reason=reason,
            address=objection.address,
            objection=objection,
            by=by,
            now=now,
        )
        _tell(objection, now)
    return objection


def reject(*, objection: SiteObjection, reason: str, by: Person, now: datetime) -> SiteObjection:
    """The finding stays. Refusals: those of accepting without ``bad_value``."""
    with transaction.atomic():
        _decide(objection, Status.REJECTED, reason, by, now)
        _tell(objection, now)
    return objection


_DEEDS = {
    Status.ACCEPTED: Deed.SITE_OBJECTION_ACCEPTED,
    Status.REJECTED: Deed.SITE_OBJECTION_REJECTED,
}


def _decide(
    objection: SiteObjection, status: Status, reason: str, by: Person, now: datetime
) -> None:
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему решено так.",
            kind="reason_required",
            cure="Напишите, что вы увидели на сайте или в файле: это прочитает организация.",
        )
    _refuse_conflict(objection, by)
    lawful = [before for before, after in MOVES.items() if status in after]
    rows = SiteObjection.objects.filter(pk=objection.pk, status__in=lawful)
    if not rows.update(status=status, reason=reason.strip(), decided_at=now, decided_by=by):
        raise Refusal(
            "По этому возражению уже есть решение.",
            kind="objection_decided",
            cure="Обновите страницу.",
        )
    objection.refresh_from_db()
    cycle = objection.visit.round.cycle
    after = {"организация": str(objection.visit.organisation), "пункт": objection.code}
    record(_DEEDS[status], thing=objection, by=by, now=now, cycle=cycle, reason=reason, after=after)


def _refuse_conflict(objection: SiteObjection, by: Person) -> None:
    """Nobody decides about their own: not their objection, organisation, or mark."""
    if objection.filed_by_id == by.pk:
        raise _not_by_you("Своё возражение решает другой человек.", "own_objection")
    if works_for(by, objection.visit.organisation):
        raise _not_by_you("Вы работаете в этой организации.", "conflict")
    marks = SiteMark.objects.filter(
        cycle=objection.visit.round.cycle_id,
        organisation=objection.visit.organisation_id,
        code=objection.code,
        status=SiteMark.Status.STANDING,
    )
    if marks.filter(made_by=by).exists():
        raise _not_by_you("Возражают против вашей отметки.", "own_mark")


def _not_by_you(text: str, kind: str) -> Refusal:
    return Refusal(text, kind=kind, cure="Передайте возражение другому эксперту.")


def _tell(objection: SiteObjection, now: datetime) -> None:
    """The people of the organisation read how it was decided."""
    organisation = objection.visit.organisation
    people = {person.pk: person for person, _ in people_of([organisation.pk])}
    item = standing_of(objection.visit).of(objection.code)
    for person in people.values():
        if person.email:
            post(
                key=f"site-objection:{objection.pk}:{person.pk}",
                to=person.email,
                template="site_objection_decided",
                context={
                    "person": person,
                    "objection": objection,
                    "organisation": organisation,
                    "item": item.item.name if item else objection.code,
                    "accepted": objection.status == Status.ACCEPTED,
                },
                now=now,
            )
