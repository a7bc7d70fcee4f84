"""One address fetched politely and within limits, whatever the other side does."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from noko.core.websites.addresses import clean
from noko.core.websites.page import LARGEST_PAGE, Failure, FailureReason
from noko.exchange.network import GuardedTransport, NoSuchHostError, PrivateAddressError, Way
from noko.exchange.site_answers import REDIRECTS, Answer

MOST_REDIRECTS = 6
CONNECT_SECONDS = 10.0
READ_SECONDS = 15.0
WHOLE_SECONDS = 60.0
LARGEST_DOCUMENT = 16_000_000
CHUNK = 65_536
PACKINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Window bits of zlib for each packing."""

Allows = Callable[[str], bool]
Keeps = Callable[[str, Answer, dict[str, str]], None]
Pause = Callable[[], Awaitable[None]]
Conditions = Callable[[str], dict[str, str]]


async def _no_pause() -> None:
    """Asks at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one request may take."""

    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    whole: float = WHOLE_SECONDS
    page: int = LARGEST_PAGE
    document: int = LARGEST_DOCUMENT


@dataclass(slots=True)
class Fetcher:
    """Asks for addresses under one name, over one guarded way."""

    agent: str
    way: Way = field(default_factory=Way)
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    transport: httpx.AsyncBaseTransport | None = None
    _client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        seconds = httpx.Timeout(self.limits.read, connect=self.limits.connect)
        self._client = httpx.AsyncClient(
            transport=self.transport or GuardedTransport(self.way),
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
            # Every answer is what a first visitor gets, and nothing piles up for all hosts.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "user-agent": self.agent,
                "accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.5",
                "accept-language": "ru,en;q=0.3",
                "accept-encoding": "gzip, deflate",
            },
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(
        self,
        address: str,
        *,
        page: bool,
        allows: Allows,
        keep: Keeps | None = None,
        conditions: Conditions = lambda url: {},
        pause: Pause = _no_pause,
    ) -> Answer | Failure:
        """The final answer of ``address`` after its redirects, each hop judged by ``allows``.

        ``keep`` is told every answer on the way, and what it was asked with; ``conditions`` gives
        the headers that ask for an address only if it has changed; ``pause`` is waited for before
        every request, those of redirects too.
        Never raises for what the other side does.
        """
        url, seen = address, {address}
        for _ in range(MOST_REDIRECTS + 1):
            known = conditions(url)
            await pause()
            answer = await self._one(url, address, page, known)
            if isinstance(answer, Failure):
                return answer
            if keep is not None:
                keep(url, answer, {"user-agent": self.agent, **known})
            if answer.status not in REDIRECTS:
                return answer
            location = answer.headers.get("location", "")
            target = clean(location, url) if location else None
            if target is None:
                detail = f"перенаправление на «{location[:100]}»"
                return Failure(address, FailureReason.BAD_ADDRESS, detail, answer.status)
            if not allows(target):
                return Failure(address, FailureReason.OTHER_HOST, target, answer.status)
            if target in seen:
                return Failure(address, FailureReason.REDIRECT_LOOP, target, answer.status)
            seen.add(target)
            url = target
        return Failure(address, FailureReason.REDIRECT_LOOP, f"больше {MOST_REDIRECTS} шагов")

    async def _one(
        self, url: str, address: str, page: bool, known: dict[str, str]
    ) -> Answer | Failure:
        """One request without redirects."""
        try:
            async with (
                asyncio.timeout(self.limits.whole),
                self._client.stream("GET", url, headers=known) as response,
            ):
                headers = {name.lower(): value for name, value in response.headers.items()}
                return await self._body(response, headers, url, address, page)
        except TimeoutError:
            detail = f"дольше {self.limits.whole:.0f} с"
            return Failure(address, FailureReason.TIMEOUT, detail)
        except Exception as error:
            failure = failure_of(address, error)
            if failure is None:
                raise
            return failure

    async def _body(
        self, response: httpx.Response, headers: dict[str, str], url: str, address: str, page: bool
    ) -> Answer | Failure:
        limit = self.limits.page if page else self.limits.document
        body, cut = bytearray(), False
        async for part in _unpacked(response, headers.get("content-encoding", ""), limit):
            body += part
            if len(body) > limit:
                del body[limit:]
                cut = True
                break
        if cut and page:
            detail = f"больше {limit // 1_000_000} Мб"
            return Failure(address, FailureReason.TOO_LARGE, detail, response.status_code)
        whole = bytes(body)
        return Answer(address, url, response.status_code, headers, whole, self.clock(), cut)


async def _unpacked(response: httpx.Response, packing: str, limit: int) -> AsyncIterator[bytes]:
    """The body unpacked by pieces: a bomb is stopped when it passes the limit, not when it is
    whole.
    """
    bits = PACKINGS.get(packing.strip().lower())
    packer = zlib.decompressobj(bits) if bits else None
    raw = 0
    async for part in response.aiter_raw(CHUNK):
        raw += len(part)
        if packer is None:
            yield part
            continue
        left = part
        while left:
            yield packer.decompress(left, CHUNK)
            left = packer.unconsumed_tail
        if raw > limit:
            return


REASONS: tuple[tuple[type[BaseException], FailureReason], ...] = (
    (PrivateAddressError, FailureReason.PRIVATE_ADDRESS),
    (NoSuchHostError, FailureReason.NO_SUCH_HOST),
    (ssl.SSLError, FailureReason.BAD_CERTIFICATE),
    (ssl.CertificateError, FailureReason.BAD_CERTIFICATE),
)


def failure_of(address: str, error: BaseException) -> Failure | None:
    """What an exception of the network means; None for what is a defect of ours."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or one.__context__
    for kind, reason in REASONS:
        found = next((item for item in chain if isinstance(item, kind)), None)
        if found is not None:
            return Failure(address, reason, str(found)[:200])
    names = {type(item).__name__ for item in chain}
    text = str(error)[:200]
    if names & {"ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "TimeoutException"}:
        return Failure(address, FailureReason.TIMEOUT, "нет ответа")
    if "certificate" in text.lower() or "ssl" in text.lower():
        return Failure(address, FailureReason.BAD_CERTIFICATE, text)
    expected = (httpx.HTTPError, httpx.InvalidURL, OSError, zlib.error)
    if isinstance(error, expected) or any(name.endswith("ProtocolError") for name in names):
        return Failure(address, FailureReason.UNREACHABLE, text)
    if type(error).__module__.startswith(("httpcore", "httpx", "h11", "anyio")):
        return Failure(address, FailureReason.UNREACHABLE, text)
    return None
