"""Workbooks of Excel: guarded, then parsed by calamine, with what it leaves out put back.

Calamine gives an empty cell for a formula error and allocates the whole rectangle between the
outermost cells, so the XML of each sheet is scanned first: errors and formulas saved without a
result are named, a stray cell a million rows away is refused instead of ending the process.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

import python_calamine as calamine

from noko.core.refusal import Place, Refusal
from noko.core.tables.sheet import ERROR_VALUES, NOT_COMPUTED, Block, Sheet
from noko.exchange.legacy import Unreadable, read_apart

UNPACKED_LIMIT = 600 * 1024 * 1024
"""An archive that unpacks to more is refused."""

CELLS_LIMIT = 10_000_000
"""A sheet whose cells span a larger rectangle is refused."""


def open_archive(data: bytes, file: str) -> zipfile.ZipFile:
    """The zip with every member's size and checksum verified."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise encrypted(file)
        unpacked = sum(member.file_size for member in members)
        if unpacked > UNPACKED_LIMIT:
            raise Refusal(
                f"Файл сжат так, что при чтении занял бы {unpacked // 1024 // 1024} МБ.",
                kind="too_large",
                cure="Сохраните в новый файл только нужный лист. Ничего не сохранено.",
                place=Place(file=file),
            )
        if archive.testzip() is not None:
            raise broken(file)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError):
        raise broken(file) from None
    return archive


def broken(file: str) -> Refusal:
    return Refusal(
        "Файл повреждён или обрезан и не читается.",
        kind="broken_file",
        cure="Откройте его в программе электронных таблиц, сохраните заново и загрузите снова. "
        "Ничего не сохранено.",
        place=Place(file=file),
    )


def encrypted(file: str) -> Refusal:
    return Refusal(
        "Файл защищён паролем.",
        kind="encrypted_file",
        cure="Снимите пароль и загрузите файл снова. Ничего не сохранено.",
        place=Place(file=file),
    )


def read_xlsx(archive: zipfile.ZipFile, data: bytes, file: str) -> list[Sheet]:
    """Sheets of an XLSX; formula errors stand in their cells as text (``#ДЕЛ/0!``)."""
    paths = _sheet_paths(archive, file)
    marks: dict[str, list[tuple[int, int, str]]] = {}
    for name, path in paths.items():
        if path in archive.namelist():
            marks[name] = _scanned(archive.read(path), file, name)
    sheets = _parsed(data, file)
    for sheet in sheets:
        for row, column, error in marks.get(sheet.name, ()):
            if row < len(sheet.rows) and column < len(sheet.rows[row]):
                sheet.rows[row][column] = error  # type: ignore[index]
    return sheets


def read_old(data: bytes, file: str) -> list[Sheet]:
    """Sheets of an XLS or XLSB; formula errors stand in their cells as text (``#ДЕЛ/0!``)."""
    try:
        return read_apart(data, file)
    except Unreadable as error:
        raise encrypted(file) if error.encrypted else broken(file) from None


def _parsed(data: bytes, file: str) -> list[Sheet]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        return [
            _sheet(book.get_sheet_by_name(meta.name), file)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError:
        raise encrypted(file) from None
    except calamine.CalamineError:
        raise broken(file) from None
    except BaseException as error:
        # The parser's own failure on a damaged file comes as a panic, outside of Exception.
        if type(error).__name__ == "PanicException":
            raise broken(file) from None
        raise


def _sheet(source: calamine.CalamineSheet, file: str) -> Sheet:
    merged = tuple(
        Block(top, left, bottom, right)
        for (top, left), (bottom, right) in source.merged_cell_ranges or ()
    )
    rows: Sequence[Sequence[object]] = source.to_python(skip_empty_area=False)
    return Sheet(file, source.name, rows, merged)


# --- the XML of a sheet -----------------------------------------------------------------------

_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONS_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _sheet_paths(archive: zipfile.ZipFile, file: str) -> dict[str, str]:
    """Name of each sheet → path of its XML inside the archive."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        raise broken(file) from None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    paths = {}
    for node in book.iter():
        if node.tag.endswith("}sheet"):
            target = targets.get(node.get(_RELATIONS) or node.get(_RELATIONS_STRICT)) or ""
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            paths[node.get("name", "")] = path
    return paths


_COLUMNS = re.compile(rb'\br="([A-Z]{1,3})\d')
_ROWS = re.compile(rb'\br="[A-Z]{0,3}(\d{1,7})"')
_FAR_ROWS = re.compile(rb'\br="[A-Z]{0,3}(\d{5,7})"')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_UNFINISHED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)"  # a formula, and then at once
    rb"\s*(?:</|<(?:\w+:)?v>\s*</|<(?:\w+:)?v\s*/>)"  # the end of the cell, or an empty value
)


def _scanned(xml: bytes, file: str, name: str) -> list[tuple[int, int, str]]:
    """Row, column (from 0) and text of every formula error; the extent is checked on the way."""
    width = max((_column(found) for found in set(_COLUMNS.findall(xml))), default=0) + 1
    height = max((int(found) for found in set(_FAR_ROWS.findall(xml))), default=9_999)
    if width * height > CELLS_LIMIT:
        height = max((int(found) for found in set(_ROWS.findall(xml))), default=1)
    if width * height > CELLS_LIMIT:
        raise Refusal(
            f"Заполненные ячейки тянутся на {height} строк и {width} столбцов:"
            " где-то далеко от таблицы стоит лишнее значение.",
            kind="too_large",
            cure="Скопируйте таблицу на новый лист и сохраните. Ничего не сохранено.",
            place=Place(file=file, sheet=name),
        )
    if b't="e"' not in xml and not _UNFINISHED.search(xml):
        return []
    return list(_errors(xml))


def _errors(xml: bytes) -> Iterator[tuple[int, int, str]]:
    for found in _CELL.finditer(xml):
        attributes, content = found.groups()
        place = _REFERENCE.search(attributes)
        if place is None:
            continue
        value = _VALUE.search(content)
        if b't="e"' in attributes:
            text = value[1].decode("ascii", "replace") if value else "#N/A"
            error = ERROR_VALUES.get(text, "#ЗНАЧ!")
        elif b't="str"' not in attributes and value is None and _UNFINISHED.search(content + b"</"):
            error = NOT_COMPUTED
        else:
            continue
        yield int(place[2]) - 1, _column(place[1]), error


def _column(letters: bytes) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
