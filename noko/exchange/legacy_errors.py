"""Formula errors of XLS and XLSB, which the parser of these formats reads as empty cells.

Only what tells an error is looked at: the records Formula and BoolErr of a binary sheet (MS-XLS),
BrtFmlaError and BrtCellError of an XLSB part (MS-XLSB). What cannot be walked through raises
``ValueError``, ``LookupError``, ``StopIteration`` or ``struct.error``.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from noko.core.tables.sheet import ERROR_VALUES

Mark = tuple[int, int, str]
"""Row and column from 0, and the Russian name of the error."""

_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def errors_of(data: bytes) -> list[list[Mark]]:
    """The errors of every sheet, in the order of the workbook's sheets of all kinds."""
    if data.startswith(b"PK"):
        return _of_xlsb(zipfile.ZipFile(io.BytesIO(data)))
    return _of_xls(_Container(data).stream("Workbook", "Book"))


def _named(code: int) -> str:
    return ERROR_VALUES[_CODES.get(code, "#VALUE!")]


# --- XLS --------------------------------------------------------------------------------------

_FORMULA, _BOOLERR, _BOUNDSHEET, _EOF = 0x0006, 0x0205, 0x0085, 0x000A


def _of_xls(stream: bytes) -> list[list[Mark]]:
    places = [
        struct.unpack_from("<I", body)[0]
        for kind, body in _xls_records(stream, 0)
        if kind == _BOUNDSHEET
    ]
    return [list(_xls_errors(stream, place)) for place in places]


def _xls_records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Records from ``place`` to the end of the substream; substreams inside it are passed over."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size
        depth += (kind == 0x0809) - (kind == _EOF)
        if depth <= 0:
            return


def _xls_errors(stream: bytes, place: int) -> Iterator[Mark]:
    for kind, body in _xls_records(stream, place):
        if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        elif kind == _BOOLERR and body[7] == 1:
            code = body[6]
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        yield row, column, _named(code)


class _Container:
    """The old container of Office (MS-CFB): named streams in chains of sectors."""

    _LAST = 0xFFFFFFFA

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        self.size, self.mini_size = 1 << shift, 1 << mini_shift
        (directory,) = struct.unpack_from("<I", data, 48)
        self.cutoff, mini_table, _, more, _ = struct.unpack_from("<IIIII", data, 56)
        tables = [n for n in struct.unpack_from("<109I", data, 76) if n < self._LAST]
        while more < self._LAST:
            *listed, more = self._numbers(self._sector(more))
            tables += [n for n in listed if n < self._LAST]
        self.next = [n for table in tables for n in self._numbers(self._sector(table))]
        self.mini_next = self._numbers(self._chain(mini_table))
        self.directory = self._chain(directory)

    def stream(self, *names: str) -> bytes:
        """The first stream with one of the names."""
        entries = {name: (start, size) for name, start, size in self._entries()}
        start, size = next(entries[name] for name in names if name in entries)
        if size >= self.cutoff:
            return self._chain(start)[:size]
        small = self._chain(entries["Root Entry"][0])
        parts = [
            small[n * self.mini_size : (n + 1) * self.mini_size]
            for n in self._walk(start, self.mini_next)
        ]
        return b"".join(parts)[:size]

    def _entries(self) -> Iterator[tuple[str, int, int]]:
        for place in range(0, len(self.directory), 128):
            entry = self.directory[place : place + 128]
            length, start, size = struct.unpack("<64xH50xII4x", entry)
            yield entry[: max(length - 2, 0)].decode("utf-16-le"), start, size

    def _sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _numbers(self, content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._walk(start, self.next))

    def _walk(self, start: int, following: list[int] | tuple[int, ...]) -> Iterator[int]:
        for _ in range(len(following) + 1):
            if start >= self._LAST:
                return
            yield start
            start = following[start]
        raise ValueError("a chain of sectors goes round")


# --- XLSB -------------------------------------------------------------------------------------

_ROW, _CELL_ERROR, _FORMULA_ERROR, _BUNDLE_SHEET = 0, 3, 11, 156


def _of_xlsb(archive: zipfile.ZipFile) -> list[list[Mark]]:
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))  # noqa: S314
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = []
    for kind, body in _xlsb_records(archive.read("xl/workbook.bin")):
        if kind == _BUNDLE_SHEET:
            (length,) = struct.unpack_from("<I", body, 8)
            target = targets[body[12 : 12 + 2 * length].decode("utf-16-le")]
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            found.append(list(_xlsb_errors(archive.read(path))))
    return found


def _xlsb_errors(part: bytes) -> Iterator[Mark]:
    row = 0
    for kind, body in _xlsb_records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR):
            (column,) = struct.unpack_from("<I", body)
            yield row, column, _named(body[8])


def _xlsb_records(part: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(part):
        kind, place = part[place], place + 1
        if kind & 0x80:
            kind, place = (kind & 0x7F) | part[place] << 7, place + 1
        size, shift = 0, 0
        while True:
            byte, place = part[place], place + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield kind, part[place : place + size]
        place += size
