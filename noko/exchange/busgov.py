"""Packets of bus.gov.ru with general information about institutions (``institutionInfo``).

One XML file or a ZIP of many, read element by element in flat memory. What is kept of each
institution is said by :data:`noko.core.tables.busgov.PLACES`. With a schema (a folder of official
XSDs, see :mod:`noko.exchange.xml_schema`) its violations are told beside.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from noko.core.refusal import Place, Problem, Refusal
from noko.core.tables.busgov import PLACES, Institution
from noko.core.tables.organisations import Rejected
from noko.exchange.xml import events, local, namespace
from noko.exchange.xml_schema import MOST, Schema, violations

NAMESPACE = "http://bus.gov.ru/external/1"
FAMILY = "http://bus.gov.ru/external/"
ROOT, POSITION = "institutionInfo", "position"
PAGES = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")
LONGEST_TEXT = 5000
MOST_FILES = 50_000
MOST_UNPACKED = 4 * 1024**3
RATIO, FROM = 200, 50 * 1024 * 1024
"""An archive that unpacks to more than FROM bytes and RATIO times its size is a bomb."""


@dataclass(slots=True)
class Packets:
    """``rejected``: files of an archive that could not be read; ``ignored``: what was passed over;
    ``violations``: the first many of ``violated`` departures from the schema."""

    institutions: list[Institution] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    violations: list[Problem] = field(default_factory=list)
    violated: int = 0
    files: int = 0
    others: dict[str, int] = field(default_factory=dict)


def looks_like_packets(source: Path | bytes) -> bool:
    """Whether a file is XML, or an archive of XML files that is not a workbook."""
    with _opened(source) as stream:
        head = stream.read(4096)
        if not head.startswith(b"PK\x03\x04"):
            plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
            return plain.startswith(b"<") and not plain.lower().startswith(PAGES)
        try:
            names = zipfile.ZipFile(stream).namelist()
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError):
            return False
    return (
        "mimetype" not in names
        and "[Content_Types].xml" not in names
        and any(name.lower().endswith(".xml") for name in names)
    )


def read_packets(
    source: Path | bytes, *, name: str, limit_bytes: int, schema: Schema | None = None
) -> Packets:
    """Every institution of the file, in its order.

    ``limit_bytes`` bounds the file and every unpacked member. Refusals: ``no_file``,
    ``too_large``, ``broken_xml``, ``xml_doctype``, ``wrong_root``, ``broken_file``,
    ``encrypted_file``, ``no_packets``. Within an archive a file with such a fault is rejected, the
    others stand.
    """
    _check_size(source, name, limit_bytes)
    found = Packets()
    with _opened(source) as stream:
        if stream.read(4) == b"PK\x03\x04":
            _read_archive(stream, found, name, limit_bytes, schema)
        else:
            stream.seek(0)
            _read_one(stream, found, name, schema)
    if not found.institutions and not found.rejected:
        raise Refusal(
            "В файле нет ни одного учреждения.",
            kind="no_packets",
            cure="Нужна выгрузка «Общая информация об учреждении» (institutionInfo).",
            place=Place(file=name),
        )
    return found


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes]]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    with source.open("rb") as stream:
        yield stream


def _check_size(source: Path | bytes, name: str, limit: int) -> None:
    if isinstance(source, Path) and not source.is_file():
        raise Refusal(
            "Такого файла нет.", kind="no_file", cure="Проверьте путь.", place=Place(file=name)
        )
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limit:
        raise _too_large(name, f"Файл занимает {size // 1024 // 1024} МБ", limit)


def _too_large(name: str, what: str, limit: int) -> Refusal:
    return Refusal(
        f"{what}, а принимается до {limit // 1024 // 1024} МБ.",
        kind="too_large",
        cure="Разделите выгрузку на части. Ничего не сохранено.",
        place=Place(file=name),
    )


# --- an archive -----------------------------------------------------------------------------------


def _read_archive(
    stream: IO[bytes], found: Packets, name: str, limit: int, schema: Schema | None
) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = _members(archive, name, limit)
            for member in members:
                _read_member(archive, member, found, limit, schema)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise Refusal(
            "Архив повреждён или обрезан.",
            kind="broken_file",
            cure="Скачайте его заново. Ничего не сохранено.",
            place=Place(file=name),
        ) from None
    for root, number in sorted(found.others.items()):
        found.ignored.append(f"Пакеты «{root}»: {number}")


def _members(archive: zipfile.ZipFile, name: str, limit: int) -> list[zipfile.ZipInfo]:
    """XML files of the archive, in its order; refuses what would not fit."""
    every = [item for item in archive.infolist() if not item.is_dir()]
    if any(item.flag_bits & 1 for item in every):
        raise Refusal(
            "Архив защищён паролем.",
            kind="encrypted_file",
            cure="Снимите пароль и загрузите архив снова. Ничего не сохранено.",
            place=Place(file=name),
        )
    members = [item for item in every if item.filename.lower().endswith(".xml")]
    unpacked = sum(item.file_size for item in members)
    packed = sum(item.compress_size for item in members)
    bomb = unpacked > FROM and unpacked > RATIO * max(packed, 1)
    if len(members) > MOST_FILES or unpacked > MOST_UNPACKED or bomb:
        raise _too_large(name, f"При распаковке получилось бы {unpacked // 1024**2} МБ", limit)
    return members


def _read_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    found: Packets,
    limit: int,
    schema: Schema | None,
) -> None:
    name = member.filename.rsplit("/", 1)[-1]
    number = len(found.institutions) + len(found.rejected) + 1
    try:
        if member.file_size > limit:
            what = f"Файл в архиве занимает {member.file_size // 1024 // 1024} МБ"
            raise _too_large(name, what, limit)
        with archive.open(member) as stream:
            # Nothing of a file counts before the whole of it was read.
            own = Packets()
            _read_one(_Bounded(stream, member.file_size), own, name, schema, first=number)
    except Refusal as refusal:
        if isinstance(refusal, WrongRoot):
            found.others[refusal.root] = found.others.get(refusal.root, 0) + 1
            return
        found.rejected.append(Rejected(number, name, (refusal.problem,)))
        return
    found.institutions += own.institutions
    found.violations += own.violations[: MOST - len(found.violations)]
    found.violated += own.violated
    found.files += own.files


class _Bounded(io.RawIOBase):
    """A member that gives no more than it has promised: a wrong size in the archive is a fault."""

    def __init__(self, stream: IO[bytes], promised: int) -> None:
        self.stream = stream
        self.promised = promised
        self.given = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.given = 0
        return self.stream.seek(offset, whence)

    def readline(self, size: int | None = -1, /) -> bytes:
        piece = self.stream.readline(size if size is not None else -1)
        self.given += len(piece)
        if self.given > self.promised:
            raise zipfile.BadZipFile
        return piece


# --- one file -------------------------------------------------------------------------------------


def _read_one(
    stream: Any, found: Packets, name: str, schema: Schema | None, *, first: int = 1
) -> None:
    for item in institutions_in(stream, name=name, first=first):
        found.institutions.append(item)
    found.files += 1
    if schema is not None:
        stream.seek(0)
        seen = violations(stream, schema, name=name)
        found.violations += seen.shown
        found.violated += seen.number


def institutions_in(stream: IO[bytes], *, name: str, first: int = 1) -> Iterator[Institution]:
    """Institutions of one packet, numbered from ``first``. Refusals as of :func:`read_packets`."""
    path: list[str] = []
    item: Institution | None = None
    number = first
    for event, element in events(stream, name=name):
        tag = local(element.tag)
        if event == "start":
            if item is not None:
                path.append(tag)
            elif tag == POSITION:
                item = Institution(name, element.sourceline or 0, number)
            elif element.getparent() is None:
                _check_root(element, name)
            continue
        if item is None:
            continue
        if path:
            place = "/".join(path)
            if place in PLACES:
                item.texts.setdefault(place, []).append(_text(element))
            path.pop()
        else:
            yield item
            item, number = None, number + 1


def _text(element: Any) -> str:
    return " ".join((element.text or "")[:LONGEST_TEXT].split())


def _check_root(element: Any, name: str) -> None:
    root, family = local(element.tag), namespace(element.tag)
    if root == ROOT and family.startswith(FAMILY):
        return
    raise WrongRoot(root, family, name, element.sourceline)


class WrongRoot(Refusal):
    """Another packet than the one that is needed. ``root``: the name of its first element."""

    def __init__(self, root: str, family: str, name: str, row: int | None) -> None:
        self.root = root
        what = f"пакет «{root}»" if family.startswith(FAMILY) else f"документ «{root}»"
        super().__init__(
            f"Это {what}, а нужна общая информация об учреждениях: «{ROOT}» с пространством имён "
            f"{NAMESPACE}.",
            kind="wrong_root",
            cure="Выгрузите с bus.gov.ru «Общую информацию об учреждении». Ничего не сохранено.",
            place=Place(file=name, row=row),
        )
