"""Addresses of sites: what people write in a registry, and what must never be visited."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import idna

LONGEST = 2_000
SCHEMES = ("http", "https")
NONE_WORDS = {"", "-", "–", "—", "нет", "отсутствует", "не имеет"}
NAME = re.compile(
    r"[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?)+"
)
SAFE = "/%:@!$&'()*+,;=~-._?#[]"


def home_address(written: str) -> str | None:
    """The address of a site's first page from a registry's field; None where there is no site.

    ValueError when something is written that is no address of a site.
    """
    text = written.strip().strip("\"'«»,;")
    if text.lower() in NONE_WORDS:
        return None
    text = text.split()[0].rstrip(",;") if text.split() else ""
    if "://" not in text:
        text = f"https://{text.lstrip('/')}"
    ready = clean(text)
    if ready is None or not host_of(ready):
        raise ValueError(f"«{written.strip()[:100]}» не читается как адрес сайта")
    parts = urlsplit(ready)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))


def clean(address: str, base: str = "") -> str | None:
    """An absolute HTTP address with an ASCII host and path, without its fragment, or None."""
    try:
        joined = urljoin(base, address.strip()) if base else address.strip()
        parts = urlsplit(joined)
        host = ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host or len(joined) > LONGEST:
        return None
    if parts.username is not None or parts.password is not None:
        return None
    default = 443 if parts.scheme.lower() == "https" else 80
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, default) else f"{shown}:{port}"
    path = quote(parts.path, safe=SAFE) or "/"
    return urlunsplit((parts.scheme.lower(), netloc, path, quote(parts.query, safe=SAFE), ""))


def ascii_host(host: str) -> str:
    """The host as DNS knows it: «школа5.рф» → «xn--5-7sbar3am.xn--p1ai». ValueError if bad."""
    lowered = host.strip().rstrip(".").lower()
    if not lowered:
        return ""
    try:
        return ipaddress.ip_address(lowered).compressed
    except ValueError:
        pass
    try:
        encoded = idna.encode(lowered, uts46=True).decode("ascii")
    except idna.IDNAError:
        encoded = lowered if lowered.isascii() else ""
    if encoded == "localhost" or NAME.fullmatch(encoded):
        return encoded
    raise ValueError(f"имя «{host[:80]}» записано с ошибкой")


def parts_of(address: str) -> SplitResult:
    """The parts of any text as an address; empty ones where it cannot be taken apart."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def joined(base: str, href: str | None) -> str:
    """Where a link of a page leads, or an empty string where it is no address at all."""
    try:
        return urljoin(base, (href or "").strip())
    except ValueError:
        return ""


def host_of(address: str) -> str:
    """Host and port of a clean address, as the key of what is asked politely."""
    return urlsplit(address).netloc


def family(host: str) -> str:
    """A host without its ``www.``: both are one site."""
    return host.removeprefix("www.")


def shown(address: str) -> str:
    """The address with the host as people write it."""
    parts = urlsplit(address)
    try:
        host = idna.decode(parts.hostname or "")
    except idna.IDNAError:
        return address
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, host + port, parts.path, parts.query, parts.fragment))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet.

    Loopback, private, link-local, shared, reserved and multicast addresses do not, and neither do
    IPv6 forms that lead to such IPv4 ones (mapped, 6to4, NAT64, Teredo).
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = list(_inner(found)) if isinstance(found, ipaddress.IPv6Address) else []
    return all(one.is_global and not one.is_multicast for one in (found, *inner))


NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _inner(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
