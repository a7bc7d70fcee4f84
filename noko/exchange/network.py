"""The way out to sites: every connection goes only to an address of the open internet.

The name is resolved here, every address it has is judged, and the connection goes to the judged
address itself: what DNS says a moment later, or after a redirect, changes nothing. Tests and the
demonstration loosen the guard and send all names to this machine.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore
import httpx

from noko.core.websites.addresses import is_public

Resolver = Callable[[str, int], Awaitable[list[str]]]
CONNECTIONS = 200
KEPT_SECONDS = 15


class PrivateAddressError(OSError):
    """The name leads into a closed network."""


class NoSuchHostError(OSError):
    """DNS does not know the name."""


@dataclass(frozen=True, slots=True)
class Way:
    """How hosts are reached.

    ``private``: closed networks are allowed. ``all_to``: every name leads to this address and port
    (the demonstration's sites on this machine), without certificates when ``plain``. ``roots``: a
    file with further root certificates.
    """

    private: bool = False
    all_to: tuple[str, int] | None = None
    plain: bool = False
    roots: Path | None = None


async def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that the system knows for a name."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise NoSuchHostError(str(error)) from None
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only where it may, and to the very address that was judged."""

    def __init__(self, way: Way, resolver: Resolver = system_resolver) -> None:
        self._way = way
        self._resolve = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if self._way.all_to is not None:
            address, port = self._way.all_to
        else:
            address = await self._judged(host, port)
        stream = await self._inner.connect_tcp(
            address, port, timeout, local_address, socket_options
        )
        return _Plain(stream) if self._way.plain and self._way.all_to else stream

    async def _judged(self, host: str, port: int) -> str:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise NoSuchHostError(host)
        if not self._way.private and not all(map(is_public, addresses)):
            raise PrivateAddressError(f"{host} – {', '.join(addresses[:3])}")
        # IPv4 first: old servers of schools often answer on it alone.
        return min(addresses, key=lambda address: ":" in address)

    async def connect_unix_socket(self, path: str, *args: Any, **kwargs: Any) -> Any:
        raise PrivateAddressError(path)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Plain(httpcore.AsyncNetworkStream):
    """A connection to this machine's own invented sites, which have no certificates."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        if hasattr(self._stream, "aclose"):
            await self._stream.aclose()


@dataclass(slots=True)
class GuardedTransport(httpx.AsyncBaseTransport):
    """A transport of httpx over :class:`GuardedBackend`."""

    way: Way
    resolver: Resolver = system_resolver
    _pool: httpcore.AsyncConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context(self.way.roots),
            max_connections=CONNECTIONS,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=GuardedBackend(self.way, self.resolver),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def ssl_context(roots: Path | None) -> ssl.SSLContext:
    """Certificates are checked; ``roots`` adds root certificates to those of httpx."""
    context = httpx.create_ssl_context(trust_env=False)
    if roots is not None:
        context.load_verify_locations(cafile=str(roots))
    return context
