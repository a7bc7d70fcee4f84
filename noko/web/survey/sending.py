"""What a respondent's device sends: a form of the page, or JSON of its program."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address

from django.conf import settings
from django.http import HttpRequest

from noko.actions.one_time_code import CODE_LENGTH, CODE_LETTERS
from noko.models.response import Channel

LARGEST = 256 * 1024
"""Bytes of one answer; the texts of a questionnaire take a tenth of it."""

TRAP = "website"
"""A field that people do not see: whoever fills it in is a program."""

PROOF_BITS = 12
LONGEST_TIME = 24 * 3600

CHANNELS = {"p": Channel.POSTER}
"""What may stand in the address of the page (``?c=p``); anything else is a link."""

_SLIP = re.compile(rf"k([{CODE_LETTERS}]{{{CODE_LENGTH}}})")
"""The same place holds the one-time code of a paper slip: ``?c=k…``."""

_KEY = re.compile(r"[0-9a-f]{32}")
LATER = "later"
"""The button that keeps the answers instead of sending them."""

_META = {"key", "version", "c", "lang", TRAP, LATER}


@dataclass(frozen=True, slots=True)
class Sent:
    """``answers`` as they came, by question; ``trapped``: the unseen field was filled in."""

    key: str
    version: str
    came: str
    language: str
    answers: Mapping[str, object] = field(default_factory=dict)
    trapped: bool = False
    later: bool = False
    seconds: int | None = None
    device: str = ""
    way: str = "form"

    @property
    def channel(self) -> Channel:
        return CHANNELS.get(self.came, Channel.LINK)

    @property
    def code(self) -> str:
        """The one-time code, "" where there is none."""
        found = _SLIP.fullmatch(self.came)
        return found[1] if found else ""


class Unreadable(Exception):
    """The body is no form and no JSON object of ours; the message says why."""


def is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def too_large(request: HttpRequest) -> bool:
    """Known before anything is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > LARGEST


def read(request: HttpRequest) -> Sent:
    """What was sent. :class:`Unreadable` for a body that is not what a device of ours sends."""
    return _json(request) if is_json(request) else _form(request)


def _form(request: HttpRequest) -> Sent:
    posted = request.POST
    return Sent(
        # A page out of an old store may have no key: then this answer is one of its own.
        key=_key(posted.get("key")) or secrets.token_hex(16),
        version=posted.get("version", ""),
        came=came_by(posted.get("c", "")),
        language=posted.get("lang", ""),
        answers={name: value for name, value in posted.items() if name not in _META},
        trapped=bool(posted.get(TRAP)),
        later=LATER in posted,
    )


def _json(request: HttpRequest) -> Sent:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unreadable("Тело запроса не читается как JSON.") from None
    answers = body.get("answers") if isinstance(body, dict) else None
    if not isinstance(answers, dict):
        raise Unreadable("Ожидается объект с ключами key, version и answers.")
    key = _key(body.get("key"))
    if not key:
        raise Unreadable("Ключ ответа – 32 шестнадцатеричных знака.")
    return Sent(
        key=key,
        version=_text(body.get("version")),
        came=came_by(_text(body.get("c"))),
        language=_text(body.get("lang")),
        answers=answers,
        seconds=_seconds(body.get("seconds")),
        device=_key(body.get("device")),
        way="proved" if proved(key, _text(body.get("proof"))) else "module",
    )


def came_by(text: str) -> str:
    """«p», «k» with a code, or nothing: what else stands in an address means nothing."""
    return text if text in CHANNELS or _SLIP.fullmatch(text) else ""


def _text(value: object) -> str:
    return value[:64] if isinstance(value, str) else ""


def _key(value: object) -> str:
    return value if isinstance(value, str) and _KEY.fullmatch(value) else ""


def _seconds(value: object) -> int | None:
    """Time of filling in as the device has measured it; nonsense is as good as none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value <= LONGEST_TIME else None


def proved(key: str, proof: str) -> bool:
    """Whether the device has done a little work for this key: it costs one answer nothing and a
    flood of them something. A page without JavaScript has none, and is accepted."""
    if not proof:
        return False
    made = hashlib.sha256(f"{key}:{proof}".encode()).digest()
    return int.from_bytes(made[:4]) >> (32 - PROOF_BITS) == 0


def network_of(request: HttpRequest) -> str:
    """The coarse address of the sender: 256 neighbours look alike (IPv6: a site)."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    kept = 3 if isinstance(parsed, IPv4Address) else 6
    return parsed.packed[:kept].hex()
