"""The minutes of a session: signed with its decisions, then published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from noko.actions.session_moves import locked_session, move
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Decision, Person, Session


def sign(
    *,
    session: Session,
    minutes: Sequence[Mapping[str, Any]],
    decisions: Mapping[int, Sequence[Mapping[str, Any]]],
    digest: str,
    by: Person | None,
    now: datetime,
) -> Session:
    """The minutes and the decisions are signed: from now on nothing of the session changes.

    ``minutes`` and ``decisions`` (key → files) are kept files, [{name, bytes, sha256}, …];
    ``digest`` is of the text of the minutes. Refusals: ``not_presiding``, ``moved_already``.
    """
    presiding = session.presiding
    if presiding and presiding.person and presiding.person != by:
        raise Refusal(
            f"Протокол подписывает тот, кто вёл заседание: {presiding}.",
            kind="not_presiding",
            cure="Попросите председательствующего подписать.",
        )
    with transaction.atomic():
        held = locked_session(session, (Session.Status.CLOSED,))
        for decision in held.decisions.all():
            files = [dict(file) for file in decisions[decision.pk]]
            move(decision, Decision.Status.SIGNED, files=files, signed_at=now)
        moved = move(
            held,
            Session.Status.SIGNED,
            minutes=[dict(file) for file in minutes],
            minutes_digest=digest,
            signed_at=now,
            signed_by=by,
        )
        after = {"контрольная сумма": digest, "файлы": [file["name"] for file in minutes]}
        record(Deed.MINUTES_SIGNED, thing=moved, by=by, now=now, cycle=moved.cycle, after=after)
    return moved


def publish(*, session: Session, by: Person | None, now: datetime) -> Session:
    """Everybody may read the minutes and the decisions. Refusals: ``not_signed``, ``published``."""
    with transaction.atomic():
        held = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        if held.status != Session.Status.SIGNED:
            raise Refusal(
                "Протокол ещё не подписан.",
                kind="not_signed",
                cure="Сначала его подписывает председательствующий.",
            )
        if held.published_at:
            raise Refusal("Протокол уже опубликован.", kind="published", cure="Обновите страницу.")
        Session.objects.filter(pk=held.pk).update(published_at=now)
        for decision in held.decisions.all():
            move(decision, Decision.Status.PUBLISHED, published_at=now)
        held.refresh_from_db()
        after = {"решения": [str(item) for item in held.decisions.order_by("number")]}
        record(Deed.MINUTES_PUBLISHED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held
