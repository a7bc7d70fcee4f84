"""Unfinished answers of those who want to go on later, on this device or another one.

A draft is sealed with a key that is made from the respondent's own and from the wave's salt: who
has the database alone cannot read it, and after the closing nobody can.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils import timezone

from noko.actions.response import Place, key_digest
from noko.models import Draft

_NONCE = 12
_STEP = 512
"""Drafts are filled up to a multiple of this, so that their length tells little."""


def save(*, place: Place, key: str, values: Mapping[str, str], now: datetime) -> Draft:
    """Keeps ``values`` (question → as typed) under ``key``, instead of what was kept before."""
    digest = key_digest(place, key)
    text = json.dumps(dict(values), ensure_ascii=False).encode()
    filled = text + b" " * (-len(text) % _STEP)
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(_sealing_key(place, key)).encrypt(nonce, filled, digest)
    draft, _ = Draft.objects.update_or_create(
        digest=digest,
        defaults={"place_id": place.id, "sealed": sealed, "saved_on": timezone.localdate(now)},
    )
    return draft


def read(*, place: Place, key: str) -> dict[str, str] | None:
    """What was kept under ``key``; None when there is nothing, or nothing any more."""
    digest = key_digest(place, key)
    draft = Draft.objects.filter(digest=digest).first()
    if draft is None:
        return None
    sealed = bytes(draft.sealed)
    try:
        text = AESGCM(_sealing_key(place, key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], digest)
    except InvalidTag:
        return None
    values: dict[str, str] = json.loads(text)
    return values


def _sealing_key(place: Place, key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=place.salt, info=b"draft").derive(key.encode())
