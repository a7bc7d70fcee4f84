"""How often somebody may be wrong about a password, counted for all processes in the database.

Only failures count. They are counted in one of two ways:

- A *known device* is a browser in which this very account has signed in before (or has set a new
  password by letter); a signed cookie says so. Its failures count for this device and this account
  alone, and nothing that strangers do shuts it out: neither somebody who guesses at the account
  from elsewhere, nor somebody who tries many accounts behind the same address of a school.
- For every other browser the failures count for the account (few: guessing one password) and for
  the address (more: trying one password on many accounts).

Who is shut out nevertheless sets a new password by letter, which makes the device known. This is
the scheme of device cookies (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

APP = "allauth.account"
SALT = "noko.web.account.attempts"
COOKIE = f"{settings.COOKIE_PREFIX}device"
COOKIE_SECONDS = 180 * 24 * 3600
ACCOUNTS = 20
"""How many accounts of one browser are remembered: a shared computer of a staff room."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser: a random name, and digests of the addresses that have signed in from it."""

    name: str
    accounts: tuple[str, ...] = ()

    def knows(self, email: str) -> bool:
        return _digest(self.name, email) in self.accounts


def admit(request: HttpRequest, email: str) -> list[RateLimitUsage] | None:
    """Takes one attempt from every limit that applies, before the password is looked at.

    None: one of them is used up. What is returned is given back after a success.
    """
    email = comparable(email)
    device = device_of(request)
    if device.knows(email):
        limits = [("login_failed_device", f"{device.name}:{email}")]
    else:
        limits = [("login_failed_address", ""), ("login_failed", email)]
    taken: list[RateLimitUsage] = []
    for action, key in limits:
        usage = ratelimit.consume(request, app=APP, action=action, key=key)
        if not usage:
            give_back(taken)
            return None
        taken.append(usage)
    return taken


def give_back(taken: list[RateLimitUsage]) -> None:
    for usage in taken:
        usage.rollback()


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """From now on this browser is a known device of the account."""
    device = device_of(request)
    digest = _digest(device.name, comparable(email))
    accounts = (digest, *(item for item in device.accounts if item != digest))[:ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([device.name, list(accounts)], salt=SALT),
        max_age=COOKIE_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest) -> Device:
    """What the cookie says; a new device where there is none or it is not ours."""
    try:
        name, accounts = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_SECONDS
        )
    except signing.BadSignature:
        return Device(secrets.token_urlsafe(12))
    return Device(name, tuple(accounts))


def comparable(email: str) -> str:
    """An address as the limits know it. Letters that the database takes for the same when it
    ignores case (ı and i, ſ and s, the sign of Kelvin and k) must not make another address."""
    return email.strip().upper().lower()


def _digest(name: str, email: str) -> str:
    return salted_hmac(SALT, f"{name}:{email}", algorithm="sha256").hexdigest()[:32]
