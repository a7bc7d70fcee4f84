"""``python -m benchmarks.virtual_sites PORT DAY``: any number of invented sites on this machine.

Every host name ``orgN.example`` is a site of its own: four ways of writing, flaws and missing
items drawn by its number, forty and more pages with the ballast of real ones, files. A few behave
as bad ones do: silent, slow, blocking, forbidding, endless, looping, with bombs. The server notes
when each host was asked; the host ``stats`` tells it.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import sys
import time
import zlib
from collections import Counter
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from noko.demo.website_texts import persons, pieces_of, sections
from noko.demo.websites import Flaw, Owner, Style, make_site

TYPES = ("preschool", "general", "supplementary")
FURTHER = {"education": 10, "employees": 10, "document": 10, "objects": 10}
"""Pages that subsections go on to."""
STYLES = (Style.MICRODATA, Style.LABELS, Style.TABLES, Style.PROSE)
SLOW_SECONDS = 2.0
SILENCE_SECONDS = 120.0


class Manner(StrEnum):
    """How a site answers; the number is which share of a thousand sites does so."""

    SILENT = "silent"
    SLOW = "slow"
    BLOCKS = "blocks"
    FORBIDS = "forbids"
    NOT_FOUND = "not found, with 200"
    ENDLESS = "endless calendar"
    LOOP = "redirect loop"
    BOMB = "gzip bomb"
    LONG_LINE = "9 MB in one line"
    HOSTILE_PDF = "hostile PDF"
    GOOD = "good"


SHARES = {
    Manner.SILENT: 10, Manner.SLOW: 20, Manner.BLOCKS: 10, Manner.FORBIDS: 10,
    Manner.NOT_FOUND: 10, Manner.ENDLESS: 10, Manner.LOOP: 10, Manner.BOMB: 5,
    Manner.LONG_LINE: 5, Manner.HOSTILE_PDF: 5,
}  # fmt: skip
"""Sites of a thousand that are no good ones."""


def manner_of(number: int) -> Manner:
    """Spread over the numbers, the same at each run."""
    place = number * 617 % 1000
    for manner, share in SHARES.items():
        if place < share:
            return manner
        place -= share
    return Manner.GOOD


@lru_cache(maxsize=300)
def pages_of(number: int, day: date) -> dict[str, bytes]:
    """The first pages of a site: what the order asks for, with its flaws, and links onwards."""
    chance = random.Random(f"virtual:{number}")
    kind = TYPES[(number - 1) % 3]
    owner = Owner(
        kind,
        f"Муниципальное бюджетное учреждение «Организация № {number}»",
        f"Организация № {number}",
        "администрация города Зареченска",
        f"123456, г. Зареченск, ул. Школьная, д. {number}",
        f"+7 (000) {number % 900 + 100}-00-05",
        f"org{number}@zarechye.example",
        number,
    )
    codes = [
        piece.code
        for section in sections()
        if kind in section.types
        for piece in pieces_of(section, kind, day)
    ]
    made = make_site(
        owner,
        STYLES[number % 4],
        on=day,
        absent=[code for code in codes if chance.random() < 0.12],
        missing=[part.slug for part in sections() if chance.random() < 0.03],
        flaws=[flaw for flaw in Flaw if chance.random() < 0.1],
    )
    return {path: _with_ballast(path, body) for path, body in made.pages.items()}


def _with_ballast(path: str, body: bytes) -> bytes:
    """A page as heavy as real ones, with the pages that its subsection goes on to."""
    slug = path.rpartition("/")[2]
    onwards = "".join(
        f'<a itemprop="addRef" href="/sveden/{slug}/{n}">стр. {n}</a>'
        for n in range(1, FURTHER.get(slug, 0) + 1)
    )
    head, found, rest = body.partition(b"<h1>")
    return head + ballast() + found + rest.replace(b"<footer>", onwards.encode() + b"<footer>", 1)


@cache
def ballast() -> bytes:
    """Menus and scripts, which are most of a real page."""
    links = "".join(
        f'<li class="menu__item menu__item--{n}"><a href="/news/{n}" title="x">News {n}</a></li>'
        for n in range(60)
    )
    script = "var settings={" + ",".join(f'"key{n}":"value {n}"' for n in range(300)) + "};"
    return f"<ul class='menu'>{links}</ul><script>{script}</script>".encode()


@cache
def further(number: int) -> bytes:
    """One of the pages that a subsection goes on to: a table of people."""
    chance = random.Random(number)
    rows = "".join(
        f"<tr><td>{n}</td><td>{chance.choice(persons())}</td><td>учитель</td><td>физика, химия</td>"
        f"<td>высшее</td><td>{chance.randint(1, 40)} лет</td></tr>"
        for n in range(60)
    )
    head = "<tr><th>№</th><th>ФИО</th><th>Должность</th><th>Предметы</th><th>Образование</th>"
    text = f"<h1>Продолжение</h1><table>{head}<th>Стаж</th></tr>{rows}</table>"
    return b"<!DOCTYPE html><meta charset='utf-8'>" + ballast() + text.encode()


def pdf(drawing: bytes, times: int = 1) -> bytes:
    """A PDF of ``times`` pages with one drawing."""
    packed = zlib.compress(drawing, 9)
    kids = b"3 0 R " * times
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, times),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources%s>>" % font,
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out, places = b"%PDF-1.4\n", b""
    for place, body in enumerate(objects, start=1):
        places += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj%s\nendobj\n" % (place, body)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + places + end


@cache
def files() -> dict[str, bytes]:
    line = b"(The charter of an invented organisation) Tj "
    slow = b"1 0 0 1 0 0 Tm () Tj " * 100_000
    nothing = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"0" * 1_000_000
    bomb = b"".join(nothing.compress(zeros) for _ in range(300)) + nothing.flush()
    return {
        "pdf": pdf(b"BT /F1 9 Tf " + line * 30 + b"ET"),
        "hostile": pdf(b"BT /F1 9 Tf " + slow + b"ET", 30),
        "bomb": bomb,
        "line": gzip.compress(b"<p>" + "строка без конца ".encode() * 300_000, 1),
    }


Reply = tuple[int, bytes, dict[str, str]]
HTML = {"content-type": "text/html"}
NOT_FOUND = "<title>Страница не найдена</title><h1>Страница не найдена</h1>".encode()


def reply_of(number: int, path: str, day: date) -> Reply:
    """What a site answers, whatever time it takes."""
    manner = manner_of(number)
    if path == "/robots.txt":
        forbids = manner is Manner.FORBIDS
        text = b"User-agent: *\nDisallow: /\n" if forbids else b""
        return 200, text, {"content-type": "text/plain"}
    if manner is Manner.BLOCKS:
        return 403, b"<h1>403</h1>", HTML
    if manner is Manner.NOT_FOUND:
        return 200, NOT_FOUND, HTML
    if path.endswith((".pdf", ".rar")):
        name = "hostile" if manner is Manner.HOSTILE_PDF else "pdf"
        return 200, files()[name], {"content-type": "application/pdf"}
    special = _special(manner, path)
    return special or _page(number, path, day)


def _special(manner: Manner, path: str) -> Reply | None:
    """What only a bad site answers, at some of its pages."""
    packed = HTML | {"content-encoding": "gzip"}
    if manner is Manner.LOOP and path.startswith("/sveden/"):
        return 302, b"", {"location": f"{path.partition('?')[0]}?again=1"}
    if manner is Manner.ENDLESS and path.startswith("/sveden/employees"):
        day = int(path.partition("day=")[2] or 0)
        links = "".join(
            f'<a itemprop="addRef" href="/sveden/employees?day={day + n}">{day + n}</a>'
            for n in range(1, 30)
        )
        return 200, f"<h1>Календарь</h1>{links}".encode(), HTML
    if manner is Manner.BOMB and path.endswith(("/document", "/education")):
        return 200, files()["bomb"], packed
    if manner is Manner.LONG_LINE and path.endswith(("/document", "/education")):
        return 200, files()["line"], packed
    return None


def _page(number: int, path: str, day: date) -> Reply:
    parts = path.strip("/").split("/")
    if len(parts) == 3 and parts[1] in FURTHER and parts[2].isdigit():
        return 200, further(int(parts[2])), HTML
    body = pages_of(number, day).get(path)
    return (404, b"<h1>404</h1>", HTML) if body is None else (200, body, HTML)


class Sites:
    """Answers over HTTP/1.1 and notes when each host was asked."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.asked: Counter[str] = Counter()
        self.last: dict[str, float] = {}
        self.least = float("inf")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                continue
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        host = next(x for x in head.lower().split("\r\n") if x.startswith("host:"))[5:].strip()
        if host == "stats":
            self._write(writer, (200, self.told(), HTML))
            return False
        self._note(host)
        number = int(host.removeprefix("org").partition(".")[0])
        manner = manner_of(number)
        if manner is Manner.SILENT:
            await asyncio.sleep(SILENCE_SECONDS)
            return False
        if manner is Manner.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        self._write(writer, reply_of(number, path, self.day))
        await writer.drain()
        return True

    def _write(self, writer: asyncio.StreamWriter, reply: Reply) -> None:
        status, body, headers = reply
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {status} x\r\n{lines}content-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    def _note(self, host: str) -> None:
        now = time.monotonic()
        if host in self.last:
            self.least = min(self.least, now - self.last[host])
        self.last[host] = now
        self.asked[host] += 1

    def told(self) -> bytes:
        least = self.least if self.last else 0
        most = max(self.asked.values(), default=0)
        return json.dumps({"asked": self.asked.total(), "most": most, "least": least}).encode()


async def main(port: int, day: date) -> None:
    server = await asyncio.start_server(Sites(day).serve, "127.0.0.1", port, limit=1 << 18)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), date.fromisoformat(sys.argv[2])))
