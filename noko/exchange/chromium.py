"""Headless Chromium that draws a page, without any way out of its own.

Every request of the page is paused (CDP ``Fetch``) and answered by the visitor, who asks the site
under the same guards, at the same rate, and keeps what came. Chromium itself reaches nothing: its
names lead nowhere, and its proxy is a closed port. It is driven over a pipe, has a profile of its
own that is thrown away, and is killed at its time.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from noko.core.refusal import Refusal
from noko.core.websites.page import LARGEST_PAGE
from noko.exchange.site_answers import Answer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 90.0
"""The most for one page: at one request a second a page of scripts takes its time."""
START_SECONDS = 6.0
STEP = 0.3
STILL = 3
"""So many looks in a row must see the same page before it is taken to be drawn."""
MEMORY = 2_000_000_000
"""Bytes of all its processes together; its own limits do not bound a hostile page."""
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
LARGEST_MESSAGE = 64_000_000
UNSEEN = ("Image", "Media", "Font", "Ping", "CSPViolationReport", "Prefetch", "Manifest", "Other")
"""Kinds of requests that add no text: they are refused, so that the site is asked for less."""
SWITCHES = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-breakpad",
    "--mute-audio",
    "--password-store=basic",
    "--renderer-process-limit=1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)
LAUNCH = """
import ctypes, fcntl, os, resource, signal, sys
aside = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]
for number, one in enumerate(aside, start=3):
    os.dup2(one, number)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.closerange(5, 64)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Puts the pipe where Chromium looks for it and sets its limits, between our fork and its start."""

Load = Callable[[str], Awaitable[Answer | None]]
"""Asks for what the page wants; None refuses."""


class ChromiumError(Exception):
    """The browser did not start, died, or was late."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """How pages are drawn here. ``sandbox``: Chromium's own, which a container may lack."""

    program: str
    sandbox: bool = True
    seconds: float = SECONDS
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def draw(self, url: str, page: Answer, load: Load) -> bytes:
        """The page at ``url``, for which ``page`` has come, after its scripts.

        ``load`` brings everything else. ChromiumError when nothing was drawn in time.
        """
        async with self.turn:
            browser = _Browser(self)
            try:
                async with asyncio.timeout(self.seconds + START_SECONDS):
                    await browser.start()
                    return await browser.draw(url, page, load)
            except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
                raise ChromiumError(str(error) or "не уложился во время") from None
            finally:
                await browser.stop()


def renderer_of(named: str, sandbox: bool) -> Renderer | None:
    """What a setting means: nothing, a path of Chromium, or 1 for its usual names.

    Refusal ``no_chromium`` where there is no such program.
    """
    if named in ("", "0"):
        return None
    names = NAMES if named == "1" else (named,)
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        raise Refusal(
            f"Браузера Chromium «{named}» на этом компьютере нет.",
            kind="no_chromium",
            cure="Установите chromium, назовите его в NOKO_SITES_CHROMIUM или очистите настройку.",
        )
    return Renderer(program, sandbox)


@dataclass(slots=True)
class _Browser:
    """One Chromium for one page."""

    renderer: Renderer
    folder: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="noko-chromium-"))
    _process: asyncio.subprocess.Process | None = None
    _writer: asyncio.StreamWriter | None = None
    _own: tuple[asyncio.Task[None], ...] = ()
    _transport: asyncio.BaseTransport | None = None
    _answers: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _asked: int = 0
    _failed: str = ""
    _session: str = ""
    _loaded: bool = False
    _load: Load | None = None
    _first: tuple[str, Answer] | None = None

    async def start(self) -> None:
        to_read, to_tell = os.pipe()
        to_hear, to_write = os.pipe()
        sandbox = () if self.renderer.sandbox else ("--no-sandbox",)
        command = [self.renderer.program, *SWITCHES, *sandbox, f"--user-data-dir={self.folder}"]
        places = [str(to_read), str(to_write)]
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-I", "-S", "-c", LAUNCH, *places, *command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(to_read, to_write),
                env={"HOME": self.folder, "PATH": os.defpath, "LANG": "ru_RU.UTF-8"},
                start_new_session=True,
            )
        finally:
            os.close(to_read)
            os.close(to_write)
        await self._connect(to_tell, to_hear)

    async def _connect(self, to_tell: int, to_hear: int) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=LARGEST_MESSAGE)
        self._transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(to_hear, "rb", 0)
        )
        transport, protocol = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin, os.fdopen(to_tell, "wb", 0)
        )
        self._writer = asyncio.StreamWriter(transport, protocol, None, loop)
        self._own = tuple(map(asyncio.create_task, (self._read(reader), self._watch())))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Gives out what Chromium says, until it says no more; then nobody waits any longer."""
        try:
            while True:
                told = json.loads((await reader.readuntil(b"\0"))[:-1])
                waiting = self._answers.pop(told.get("id", 0), None)
                if "method" in told:
                    self._event(told)
                elif waiting is not None and not waiting.done():
                    waiting.set_result(told)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError) as error:
            ended = isinstance(error, asyncio.IncompleteReadError)
            self._fail("браузер закончил работу" if ended else str(error))

    def _fail(self, words: str) -> None:
        """Nobody waits for Chromium any longer."""
        self._failed = self._failed or words
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(OSError(self._failed))
        self._answers.clear()

    async def _watch(self) -> None:
        """Kills Chromium when its page takes too much memory."""
        while self._process is not None:
            await asyncio.sleep(STEP)
            if await asyncio.to_thread(memory_of, self._process.pid) > MEMORY:
                self._fail("страница занимает слишком много памяти")
                self._kill()
                return

    async def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        if self._writer is None or self._failed:
            raise OSError(self._failed or "браузер не запустился")
        self._asked += 1
        number = self._asked
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = waiting
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._writer.write(json.dumps(message).encode() + b"\0")
        told = await waiting
        result: dict[str, Any] = told.get("result", {})
        return result

    def _event(self, told: dict[str, Any]) -> None:
        method, parameters = told["method"], told.get("params", {})
        if method == "Fetch.requestPaused":
            self._do(self._answer(parameters))
        elif method == "Page.javascriptDialogOpening":
            self._do(self._quietly("Page.handleJavaScriptDialog", accept=False))
        elif method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Inspector.targetCrashed":
            self._fail("страница обрушила браузер")

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, method: str, **parameters: Any) -> None:
        with suppress(OSError):
            await self._ask(method, **parameters)

    async def draw(self, url: str, page: Answer, load: Load) -> bytes:
        self._load, self._first = load, (url, page)
        target = await self._ask("Target.createTarget", url="about:blank")
        attached = await self._ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        await self._ask("Page.enable")
        await self._ask("Network.enable")
        await self._ask("Network.setBypassServiceWorker", bypass=True)
        await self._ask("Page.setDownloadBehavior", behavior="deny")
        await self._ask("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self._do(self._quietly("Page.navigate", url=url))
        await self._settle()
        return await self._text()

    async def _settle(self) -> None:
        """Waits until the page is loaded, asks for nothing and stays the same, or time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.renderer.seconds):
                before, same = -1, 0
                while same < STILL:
                    await asyncio.sleep(STEP)
                    length = await self._evaluate("document.documentElement.outerHTML.length")
                    quiet = self._loaded and not self._tasks and length == before
                    before, same = length, same + 1 if quiet else 0

    async def _text(self) -> bytes:
        length = await self._evaluate("document.documentElement.outerHTML.length")
        if not isinstance(length, int) or length > LARGEST_PAGE:
            raise OSError("страница слишком велика")
        text = await self._evaluate("document.documentElement.outerHTML")
        return f"<!DOCTYPE html>\n{text}".encode("utf-8", errors="replace")

    async def _evaluate(self, expression: str) -> Any:
        told = await self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return told.get("result", {}).get("value")

    async def _answer(self, paused: dict[str, Any]) -> None:
        """Answers one request of the page."""
        number, request = paused["requestId"], paused["request"]
        answer = await self._loaded_answer(request, paused.get("resourceType", ""))
        if answer is None:
            await self._quietly(
                "Fetch.failRequest", requestId=number, errorReason="BlockedByClient"
            )
            return
        headers = [
            {"name": name, "value": value}
            for name, value in answer.headers.items()
            if name not in NOT_PASSED and "\n" not in value
        ]
        await self._quietly(
            "Fetch.fulfillRequest",
            requestId=number,
            responseCode=answer.status,
            responseHeaders=headers,
            body=base64.b64encode(answer.body).decode(),
        )

    async def _loaded_answer(self, request: dict[str, Any], kind: str) -> Answer | None:
        url = request["url"].partition("#")[0]
        if self._first is not None and url == self._first[0].partition("#")[0]:
            answer, self._first = self._first[1], None
            return answer
        if request["method"] != "GET" or kind in UNSEEN or self._load is None:
            return None
        return await self._load(url)

    async def stop(self) -> None:
        """Kills Chromium with all its processes and throws its profile away."""
        working = (*self._tasks, *self._own)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if self._writer is not None and not self._writer.transport.is_closing():
            self._writer.transport.abort()
        if self._transport is not None:
            self._transport.close()
        if self._process is not None:
            self._kill()
            await self._process.wait()
        await asyncio.to_thread(shutil.rmtree, self.folder, True)

    def _kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


NOT_PASSED = ("content-length", "content-encoding", "transfer-encoding", "set-cookie", "link")
"""Headers of an answer that no longer fit it, or that would make the browser ask for more."""


def memory_of(session: int) -> int:
    """Bytes in memory of all processes of a session; 0 where the system does not tell."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * PAGE_BYTES
    return total
