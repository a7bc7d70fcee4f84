"""Letters: put into the queue within the deed that they tell about, sent after it by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine
from procrastinate.contrib.django import app

from noko.access.sealing import seal, unseal
from noko.models import Letter, LetterFile

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long to wait after each attempt that failed for a time: two days in all."""

SUBJECT = 300


class Attachment(NamedTuple):
    """A file of a letter; ``type`` is its media type."""

    name: str
    type: str
    content: bytes


def post(
    *,
    key: str,
    to: str,
    template: str,
    context: Mapping[str, Any],
    now: datetime,
    secret: bool = False,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """Puts a letter into the queue, within the transaction of the caller's deed.

    ``key`` tells letters apart for ever ("reminder:activity:17:2026-11-30:3"): the same key again
    gives the letter that is there, and nothing is sent twice. ``template`` is a name in
    ``templates/letters``: its first line is the subject, the rest the text; beside ``context`` it
    knows ``site``, the address of the site without a slash. ``secret``: the text holds a one-time
    link; it is sealed while it waits and forgotten after.
    """
    subject, text = written(template, context)
    return post_text(
        key=key,
        to=to,
        subject=subject,
        text=text,
        now=now,
        secret=secret,
        attachments=attachments,
        headers=headers,
    )


def written(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of the template; nothing in them is escaped as if it were HTML."""
    whole = Context({"site": settings.ADDRESS, **context}, autoescape=False)
    file = Engine.get_default().get_template(f"letters/{template}.txt")
    subject, _, text = file.render(whole).strip().partition("\n")
    return subject, text.strip()


def post_text(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    secret: bool = False,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """The same for a letter that is written already."""
    text = f"{text.strip()}\n"
    fields = {
        "to": to,
        "subject": " ".join(subject.split())[:SUBJECT],
        "text": seal(text) if secret else text,
        "secret": secret,
        "headers": dict(headers or {}),
        "queued_at": now,
        "due_at": now,
    }
    with transaction.atomic():
        letter, new = Letter.objects.get_or_create(key=key, defaults=fields)
        if new:
            LetterFile.objects.bulk_create(
                LetterFile(letter=letter, name=item.name, type=item.type, content=item.content)
                for item in attachments
            )
            app.configure_task("noko.mail.send").defer(letter_id=letter.pk)
    return letter


def take(key: int) -> Letter | None:
    """The waiting letter, locked until the transaction ends; None: sent, failed or in other hands.

    A worker that dies in between lets the lock go, and the letter waits on.
    """
    waiting = Letter.objects.select_for_update(skip_locked=True)
    return waiting.filter(pk=key, status=Letter.Status.QUEUED).first()


def text_of(letter: Letter) -> str:
    """What is to be sent. Refusal ``sealed_otherwise``."""
    return unseal(letter.text) if letter.secret else letter.text


def mark_sent(*, letter: Letter, now: datetime) -> None:
    """Sent: secrets and files are forgotten."""
    letter.status = Letter.Status.SENT
    letter.sent_at = now
    letter.note = ""
    _close(letter)


def mark_failed(*, letter: Letter, note: str, now: datetime) -> None:
    """Will never be sent: ``note`` says why."""
    del now
    letter.status = Letter.Status.FAILED
    letter.note = note
    _close(letter)


def put_off(*, letter: Letter, note: str, now: datetime) -> None:
    """Not sent this time: once more after the next of :data:`WAITS`, or never after the last."""
    if letter.attempts >= len(WAITS):
        mark_failed(letter=letter, note=note, now=now)
        return
    letter.due_at = now + WAITS[letter.attempts]
    letter.attempts += 1
    letter.note = note
    letter.save(update_fields=["due_at", "attempts", "note"])


def _close(letter: Letter) -> None:
    letter.attempts += 1
    if letter.secret:
        letter.text = ""
    letter.files.all().delete()
    letter.save(update_fields=["status", "attempts", "note", "sent_at", "text"])
