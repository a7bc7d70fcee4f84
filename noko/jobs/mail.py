"""Sending letters: at once after the deed that wrote them, again where the server was not ready."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import letter as letters
from noko.core.refusal import Refusal
from noko.exchange import mail
from noko.models import Letter

log = logging.getLogger(__name__)


@app.task(name="noko.mail.send")
def send_letter(letter_id: int) -> None:
    """Sends a waiting letter; one that is sent, failed or in other hands is left alone.

    The row stays locked while the server is spoken to, so two workers never send it twice. Only a
    worker that dies between the server's "yes" and its own commit sends again, and then the
    letter has the same Message-ID.
    """
    with transaction.atomic():
        letter = letters.take(letter_id)
        if letter is not None:
            _deliver(letter)


@app.periodic(cron="* * * * *")
@app.task(name="noko.mail.due", queueing_lock="mail-due", lock="mail-due", pass_context=False)
def send_due(timestamp: int) -> None:
    """Every minute: letters that have waited for their next attempt."""
    del timestamp
    due = Letter.objects.filter(status=Letter.Status.QUEUED, due_at__lte=timezone.now())
    for key in list(due.order_by("due_at").values_list("pk", flat=True)):
        send_letter(key)


def _deliver(letter: Letter) -> None:
    try:
        mail.send(
            to=letter.to,
            subject=letter.subject,
            text=letters.text_of(letter),
            attachments=[
                letters.Attachment(item.name, item.type, bytes(item.content))
                for item in letter.files.all()
            ],
            headers={**letter.headers, "Message-ID": mail.message_id(letter.key)},
        )
    except Refusal as refusal:
        log.warning("letter %s is not sent: %s", letter.pk, refusal.kind)
        mark = letters.put_off if refusal.kind == mail.UNAVAILABLE else letters.mark_failed
        mark(letter=letter, note=str(refusal), now=timezone.now())
    else:
        letters.mark_sent(letter=letter, now=timezone.now())
