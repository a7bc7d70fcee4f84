"""A real SMTP server on this machine: takes letters, or answers as it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Postbox:
    """``letters``: what has arrived; ``replies``: answers to RCPT by address, in their order."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.replies: dict[str, list[str]] = {}
        self.data_reply = "250 OK"

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd looks for)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        waiting = self.replies.get(address, [])
        reply = waiting.pop(0) if waiting else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_reply.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return self.data_reply

    def texts(self) -> list[str]:
        bodies = [letter.get_body() for letter in self.letters]
        return [str(body.get_content()).replace("\r\n", "\n") for body in bodies if body]


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def postbox(settings: Any) -> Iterator[Postbox]:
    """The server at work, and Django sending to it."""
    box = Postbox()
    controller = _OnAnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield box
    finally:
        controller.stop()
