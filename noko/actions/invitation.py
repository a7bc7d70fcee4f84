"""Invitations: sent by letter, sent again, withdrawn, and accepted once by the invited person."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from noko.actions import letter as letters
from noko.actions import person as people
from noko.actions.constraints import refusing
from noko.actions.role import Granted, check_roles, said
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Invitation, InvitedRole, Person

SECRET_BYTES = 32


def invite(
    *, email: str, full_name: str, roles: Sequence[Granted], by: Person, now: datetime
) -> Invitation:
    """An invitation with its letter.

    Refusals: ``bad_email``, ``bad_name``, ``email_taken`` (the person is there already),
    ``already_invited``, ``no_roles``, and those of :func:`noko.actions.role.check_roles`.
    """
    email = people.checked_email(email)
    full_name = people.checked_name(full_name)
    _check(email, roles, timezone.localdate(now))
    again = Refusal(
        f"Приглашение для {email} уже отправлено и ждёт ответа.",
        kind="already_invited",
        cure="Откройте его в списке: там можно отправить письмо ещё раз или отозвать приглашение.",
    )
    secret = new_secret()
    with refusing({"invitation_open_once_for_an_address": again}):
        invitation = Invitation.objects.create(
            email=email,
            full_name=full_name,
            digest=digest(secret),
            created_at=now,
            created_by=by,
            expires_at=expiry(now),
        )
        InvitedRole.objects.bulk_create(
            InvitedRole(invitation=invitation, **granted._asdict()) for granted in roles
        )
        after = {"адрес": email, "роли": [said(granted) for granted in roles]}
        record(Deed.INVITATION_SENT, thing=invitation, by=by, now=now, after=after)
        _post(invitation, secret, now)
    return invitation


def send_again(*, invitation: Invitation, by: Person, now: datetime) -> Invitation:
    """Another letter with a new link for the whole time; the former link no longer works.

    Refusals: ``invitation_closed``, ``email_taken``.
    """
    secret = new_secret()
    with transaction.atomic():
        stored = _locked_open(invitation)
        if Person.objects.filter(email=stored.email).exists():
            raise people.taken(stored.email)
        stored.digest = digest(secret)
        stored.number += 1
        stored.expires_at = expiry(now)
        stored.save(update_fields=["digest", "number", "expires_at"])
        record(Deed.INVITATION_SENT_AGAIN, thing=stored, by=by, now=now)
        _post(stored, secret, now)
    return stored


def withdraw(*, invitation: Invitation, by: Person, now: datetime) -> Invitation:
    """The link no longer works. Refusal ``invitation_closed``."""
    with transaction.atomic():
        stored = _locked_open(invitation)
        stored.status = Invitation.Status.WITHDRAWN
        stored.closed_at = now
        stored.save(update_fields=["status", "closed_at"])
        record(Deed.INVITATION_WITHDRAWN, thing=stored, by=by, now=now)
    return stored


def accept(*, secret: str, password: str, now: datetime) -> Person:
    """The account of the invited person, with their own password.

    Two who open the link at once are told apart by the update with its condition: one account,
    and the other one hears that the invitation is used.

    Refusals: ``invitation_unknown``, ``invitation_used``, ``invitation_withdrawn``,
    ``invitation_expired`` (also when every role is over), ``weak_password``, ``email_taken``.
    """
    with transaction.atomic():
        usable = Invitation.objects.select_for_update().filter(digest=digest(secret)).first()
        refusal = why_not(usable, now=now)
        if usable is None or refusal is not None:
            raise refusal or unknown()
        person = _created(usable, password, now)
        moved = Invitation.objects.filter(pk=usable.pk, status=Invitation.Status.OPEN)
        moved.update(status=Invitation.Status.ACCEPTED, closed_at=now, person=person)
        after = {"пользователь": str(person), "согласие на обработку данных": True}
        record(Deed.INVITATION_ACCEPTED, thing=usable, by=person, now=now, after=after)
    return person


def _created(invitation: Invitation, password: str, now: datetime) -> Person:
    try:
        return people.create(
            email=invitation.email,
            full_name=invitation.full_name,
            roles=roles_left(invitation, timezone.localdate(now)),
            password=password,
            by=None,
            now=now,
        )
    except Refusal as refusal:
        if refusal.kind != "email_taken":
            raise
        raise Refusal(
            "Учётная запись с этой почтой уже есть.",
            kind="email_taken",
            cure="Войдите со своим паролем; если вы его не помните, задайте новый.",
        ) from None


def why_not(invitation: Invitation | None, *, now: datetime) -> Refusal | None:
    """Why the link does not work; None: it does."""
    if invitation is None:
        return unknown()
    if invitation.status == Invitation.Status.ACCEPTED:
        return Refusal(
            "Это приглашение уже принято: учётная запись есть.",
            kind="invitation_used",
            cure="Войдите со своим паролем; если вы его не помните, задайте новый.",
        )
    if invitation.status == Invitation.Status.WITHDRAWN:
        return Refusal(
            "Это приглашение отозвано.",
            kind="invitation_withdrawn",
            cure=f"Спросите у того, кто приглашал{_inviter(invitation)}.",
        )
    if invitation.expires_at <= now or not roles_left(invitation, timezone.localdate(now)):
        return Refusal(
            "Срок приглашения истёк.",
            kind="invitation_expired",
            cure=f"Попросите отправить его ещё раз{_inviter(invitation)}.",
        )
    return None


def unknown() -> Refusal:
    return Refusal(
        "По этой ссылке приглашения нет.",
        kind="invitation_unknown",
        cure="Скопируйте ссылку из письма целиком. Если писем было несколько, откройте ссылку из "
        "последнего: прежние больше не действуют.",
    )


def roles_left(invitation: Invitation, today: date) -> list[Granted]:
    """The roles as they can be held from ``today`` on; those that are over are left out."""
    kept = invitation.roles.select_related("municipality", "organisation")
    return [
        Granted(
            item.role,
            item.municipality,
            item.organisation,
            max(item.starts_on or today, today),
            item.ends_on,
        )
        for item in kept
        if item.ends_on is None or item.ends_on >= today
    ]


def new_secret() -> str:
    """What the link holds: 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is stored of a secret; it is too random to need a slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def expiry(now: datetime) -> datetime:
    return now + timedelta(days=settings.INVITATION_DAYS)


def _check(email: str, roles: Sequence[Granted], today: date) -> None:
    if not roles:
        raise Refusal(
            "Ни одна роль не выбрана.", kind="no_roles", cure="Выберите хотя бы одну роль."
        )
    check_roles(roles)
    if len({item[:3] for item in roles}) < len(roles):
        raise Refusal(
            "Одна и та же роль выбрана дважды.", kind="role_held", cure="Уберите лишнюю строку."
        )
    if any(item.ends_on is not None and item.ends_on < today for item in roles):
        raise Refusal(
            "Срок роли уже кончился.", kind="bad_period", cure="Исправьте последний день роли."
        )
    if Person.objects.filter(email=email).exists():
        raise people.taken(email)


def _locked_open(invitation: Invitation) -> Invitation:
    stored = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if stored.status != Invitation.Status.OPEN:
        raise Refusal(
            f"Приглашение уже {stored.get_status_display()}.",
            kind="invitation_closed",
            cure="Откройте его страницу заново.",
        )
    return stored


def _post(invitation: Invitation, secret: str, now: datetime) -> None:
    address = reverse("account_invitation", args=[secret])
    letters.post(
        key=invitation.letter_key,
        to=invitation.email,
        template="invitation",
        context={
            "invitation": invitation,
            "roles": roles_left(invitation, timezone.localdate(now)),
            "link": f"{settings.ADDRESS}{address}",
        },
        now=now,
        secret=True,
    )


def _inviter(invitation: Invitation) -> str:
    return f": {invitation.created_by}" if invitation.created_by else ""
