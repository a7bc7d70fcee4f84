"""One letter to the mail server; and where letters go while no server is named."""

from __future__ import annotations

import hashlib
import smtplib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.filebased import EmailBackend as FileBackend

from noko.actions.letter import Attachment
from noko.core.refusal import Refusal

REFUSED = "mail_refused"
"""The server will never take this letter."""

UNAVAILABLE = "mail_unavailable"
"""The server cannot take any letter now, or asks to come back."""

PERMANENT = 500
"""SMTP replies from here on are final (RFC 5321, 4.2.1)."""


def send(
    *,
    to: str,
    subject: str,
    text: str,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Returns when the mail server has taken the letter. Refusals: ``mail_refused``,
    ``mail_unavailable``.

    A failure of the connection, of the encryption or of our own sign-in to the server is no fault
    of the letter: those are ``mail_unavailable``.
    """
    # Closed by us: Django leaves a connection open when its encryption has failed.
    connection = get_connection()
    message = EmailMessage(
        subject=subject,
        body=text,
        to=[to],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    )
    for item in attachments:
        message.attach(item.name, item.content, item.type)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(to, *next(iter(error.recipients.values()))) from error
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
        raise _unavailable(_reply(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(to, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        raise _unavailable(_reply(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise _unavailable(getattr(error, "strerror", None) or str(error)) from error
    finally:
        connection.close()


def message_id(key: str) -> str:
    """The same for a letter that is sent once more: mail programs show such letters once."""
    name = settings.HOST or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{name}>"


def _refusal(to: str, code: int, reply: bytes | str) -> Refusal:
    if code < PERMANENT:
        return _unavailable(_reply(code, reply))
    return Refusal(
        f"Почтовый сервер не принял письмо для {to}: {_reply(code, reply)}.",
        kind=REFUSED,
        cure="Проверьте адрес.",
    )


def _unavailable(reason: str) -> Refusal:
    return Refusal(
        f"Почтовый сервер {settings.EMAIL_HOST}:{settings.EMAIL_PORT} не принимает письма: "
        f"{reason.rstrip('.')}.",
        kind=UNAVAILABLE,
        cure="Проверьте настройки почты: noko mail check.",
    )


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return f"{code} {' '.join(text.split())}".strip()


class KeptLetters(FileBackend):
    """No mail server is named: every letter is a file of the folder ``mail``, nothing is lost.

    The demonstration and a program started by hand in a terminal print the letter too, so that a
    person finds the link that it brings. A service prints only where it lies: system logs are no
    place for one-time links.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        Path(self.file_path).chmod(0o700)

    def write_message(self, message: EmailMessage) -> None:
        super().write_message(message)
        head = f"Письмо для {', '.join(message.to)}: {message.subject}"
        if settings.DEMO or sys.stdout.isatty():
            frame = "-" * 72
            shown = f"{frame}\n{head}\n\n{str(message.body).strip()}\n{frame}"
        else:
            shown = f"{head}. Лежит в папке {self.file_path}"
        print(shown, flush=True)  # noqa: T201 (for the person at the terminal)
