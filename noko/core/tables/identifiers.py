"""INN, OGRN, KPP, addresses of sites and mail, days: control digits, and what can be mended with
certainty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


@dataclass(frozen=True, slots=True)
class Mended:
    """A value brought to its form. ``note``: what was mended; ``error``: why it is not accepted.

    ``kept`` is the value as given where it could not be used but must not be lost.
    """

    value: str = ""
    note: str = ""
    error: str = ""
    kept: str = ""


def inn_is_valid(inn: str) -> bool:
    """Control digits of a 10- or 12-digit INN (weights of the tax service, modulo 11, then 10)."""
    if not inn.isascii() or not inn.isdigit() or set(inn) == {"0"}:
        return False
    digits = [int(char) for char in inn]
    if len(digits) == 10:
        return _control(digits, _INN_10) == digits[9]
    if len(digits) == 12:
        return _control(digits, _INN_11) == digits[10] and _control(digits, _INN_12) == digits[11]
    return False


def _control(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(w * d for w, d in zip(weights, digits, strict=False)) % 11 % 10


def ogrn_is_valid(ogrn: str) -> bool:
    """Control digit of a 13-digit OGRN (modulo 11) or a 15-digit OGRNIP (modulo 13)."""
    if not ogrn.isascii() or not ogrn.isdigit() or len(ogrn) not in (13, 15):
        return False
    if set(ogrn) == {"0"}:
        return False
    return int(ogrn[:-1]) % (len(ogrn) - 2) % 10 == int(ogrn[-1])


def _digits(text: str) -> str:
    return re.sub(r"[\s\u00a0'`-]", "", text)


def mend_inn(text: str) -> Mended:
    """An INN; a leading zero dropped by a spreadsheet is restored if the digits then agree."""
    inn = _digits(text)
    if not inn:
        return Mended()
    if inn_is_valid(inn):
        return Mended(inn)
    if inn.isdigit() and len(inn) in (9, 11) and inn_is_valid("0" + inn):
        return Mended("0" + inn, note="восстановлен ноль в начале ИНН")
    if not inn.isdigit() or len(inn) not in (10, 12):
        return Mended(error=f"ИНН «{text}» – не 10 и не 12 цифр.", kept=text)
    return Mended(error=f"у ИНН «{text}» не сходится контрольная цифра.", kept=text)


def mend_ogrn(text: str) -> Mended:
    """An OGRN of 13 digits or an OGRNIP of 15."""
    ogrn = _digits(text)
    if not ogrn:
        return Mended()
    if ogrn_is_valid(ogrn):
        return Mended(ogrn)
    if not ogrn.isdigit() or len(ogrn) not in (13, 15):
        return Mended(error=f"ОГРН «{text}» – не 13 и не 15 цифр.", kept=text)
    return Mended(error=f"у ОГРН «{text}» не сходится контрольная цифра.", kept=text)


def mend_kpp(text: str) -> Mended:
    """A KPP of nine characters; it has no control digit. Often empty, which is lawful."""
    kpp = _digits(text).upper()
    if not kpp:
        return Mended()
    if kpp.isdigit() and len(kpp) == 8:
        return Mended("0" + kpp, note="восстановлен ноль в начале КПП")
    if re.fullmatch(r"\d{4}[\dA-Z]{2}\d{3}", kpp):
        return Mended(kpp)
    return Mended(error=f"КПП «{text}» – не 9 знаков.", kept=text)


_SCHEME = re.compile(r"^(https?)\s*:?\s*/{1,2}\s*", re.IGNORECASE)
_HOST = re.compile(
    r"(?:[a-zа-яё0-9](?:[a-zа-яё0-9-]{0,61}[a-zа-яё0-9])?\.)+(?:[a-zа-яё]{2,24}|xn--[a-z0-9-]{2,59})"
)


def mend_site(text: str) -> Mended:
    """A site's address as ``scheme://host/path``, Cyrillic hosts kept readable.

    Only what is certain is mended: a missing scheme, «WWW » for «www.», spaces, capitals in the
    host. An e-mail or anything that is not an address leaves the value empty and is kept aside.
    """
    given = " ".join(text.split())
    if not given or given.casefold() in ("нет", "нет сайта", "-", "–", "—", "отсутствует"):
        return Mended()
    if re.fullmatch(r"[^\s/@]+@[^\s/@]+\.[^\s/@]+", given):
        return Mended(error=f"вместо адреса сайта указана электронная почта «{given}».", kept=given)
    scheme_found = _SCHEME.match(given)
    scheme = scheme_found[1].lower() if scheme_found else "http"
    rest = given[scheme_found.end() :] if scheme_found else given
    rest = re.sub(r"^www[\s.]+", "www.", rest, flags=re.IGNORECASE)
    host, separator, path = rest.partition("/")
    host = host.lower().rstrip(".")
    name, _, port = host.partition(":")
    bare = name.removeprefix("www.")
    wrong_port = port and not port.isdigit()
    glued = name.startswith("www") and not name.startswith("www.")  # «wwwДневник.ru»
    if glued or " " in rest or wrong_port or not _HOST.fullmatch(bare) or not _as_ascii(name):
        return Mended(error=f"«{given}» не похоже на адрес сайта.", kept=given)
    value = f"{scheme}://{host}{separator}{path}"
    return Mended(value, note="" if value == given else f"адрес «{given}» записан как «{value}»")


def _as_ascii(host: str) -> str:
    """The host as the network knows it, "" when it cannot be one."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""


_MAIL = re.compile(r"[^\s@,;]+@(?:[^\s@,;.]+\.)+[^\s@,;.]{2,24}")


def mend_email(text: str) -> Mended:
    """One address of electronic mail, in small letters."""
    given = " ".join(text.split())
    if not given or given.casefold() in ("нет", "-", "–", "—", "отсутствует"):
        return Mended()
    if not _MAIL.fullmatch(given):
        return Mended(error=f"«{given}» не похоже на адрес электронной почты.", kept=given)
    return Mended(given.lower())


_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?: г\.?)?(?: 00:00)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*|Z|[+-]\d{2}:\d{2})?")


def mend_day(text: str) -> Mended:
    """A day as ``2026-09-01``, from that or from «01.09.2026»."""
    given = " ".join(text.split())
    if not given:
        return Mended()
    russian, iso = _DAY.fullmatch(given), _ISO_DAY.fullmatch(given)
    parts = russian.groups()[::-1] if russian else iso.groups() if iso else None
    try:
        return Mended(date(*map(int, parts or ())).isoformat())
    except (TypeError, ValueError):
        return Mended(error=f"«{given}» – не дата.", kept=given)
