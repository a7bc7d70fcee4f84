"""Secrets that must be read again: kept in the database so that a stolen copy of it says nothing.

The key comes from the secret key of the site; after a change of that key the former one
(``NOKO_SECRET_KEY_OLD``) still opens what it has sealed.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

from noko.core.refusal import Refusal

_SALT = "noko.access.sealing"


def seal(text: str) -> str:
    """``text`` encrypted and authenticated, as ASCII."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The text of :func:`seal`. Refusal ``sealed_otherwise``: with another key, or damaged."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Refusal(
            "Секретные сведения зашифрованы другим ключом.",
            kind="sealed_otherwise",
            cure="Верните прежний ключ в переменную NOKO_SECRET_KEY_OLD и повторите.",
        ) from None


def _keys() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(salted_hmac(_SALT, "", secret=key, algorithm="sha256").digest())
