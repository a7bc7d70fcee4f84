"""Files with a plan → the tables in them and the text around: DOCX, XLSX, ODS, XLS, HTML, text.

What a file is, is told by its content. A name that says otherwise becomes a note when the content
can be read, and part of the refusal when it cannot.

Refusal kinds besides those of ``noko.exchange.files``: ``scan`` (a picture, a PDF, a document of
pictures), ``no_table``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from noko.core.planning.rows import PlanTable, read_plan
from noko.core.refusal import Place, Problem, Refusal
from noko.core.tables.delimited import decode
from noko.core.tables.sheet import Sheet, is_empty
from noko.exchange.files import read_bytes, read_sheets, what_it_is
from noko.exchange.text_tables import html_tables, looks_like_html, text_table
from noko.exchange.word import DOCUMENT, Document, read_document
from noko.exchange.workbook import open_archive

LIMIT_BYTES = 20 * 1024 * 1024
MOST_ROWS = 3000
"""A longer table is not a plan of one year."""

ACCEPTED = "Подойдёт DOCX, XLSX, ODS, HTML или текст с таблицей."
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_EXTENSIONS = {
    "документ Word": {".docx", ".docm"},
    "книга электронных таблиц": {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"},
    "страница HTML": {".html", ".htm", ".txt", ".md"},
    "текст": {".txt", ".md", ".csv", ".tsv"},
}


@dataclass(frozen=True, slots=True)
class PlanFile:
    """``kind`` in Russian; ``tables`` as sheets; ``lines`` of text around them."""

    kind: str
    tables: tuple[Sheet, ...]
    lines: tuple[str, ...] = ()


def read_plan_file(
    source: Path | bytes, *, name: str = "", limit_bytes: int = LIMIT_BYTES
) -> PlanTable:
    """The plan in the file, with a note where its name says another kind than its content."""
    file = name or (source.name if isinstance(source, Path) else "файл")
    data = read_bytes(source, file, limit_bytes)
    try:
        found = open_plan_file(data, file)
    except Refusal as refusal:
        raise _named_otherwise(refusal, data, file) from None
    table = read_plan(found.tables, found.lines)
    note = _extension_note(found.kind, file)
    return replace(table, notes=(note, *table.notes)) if note else table


def open_plan_file(data: bytes, file: str) -> PlanFile:
    """The tables of the file. What is no table at all is refused by its own name."""
    if data.startswith(_ZIP):
        archive = open_archive(data, file)
        if DOCUMENT in archive.namelist():
            return _document(read_document(archive, file), file)
        return _workbook(data, file)
    if data.startswith(_OLE):
        return _workbook(data, file)
    _refuse_pictures(data, file)
    text = decode(data, file)
    if looks_like_html(text):
        sheets, lines = html_tables(text, file)
        if sheets:
            return PlanFile("страница HTML", tuple(map(_trimmed, sheets)), tuple(lines))
    sheet, lines = text_table(text, file)
    if sheet is not None:
        return PlanFile("текст", (_trimmed(sheet),), tuple(lines))
    if ";" in text and file.lower().endswith(".csv"):
        return _workbook(data, file, kind="текст")
    raise _no_table(file)


def _document(found: Document, file: str) -> PlanFile:
    if not found.tables and found.pictures and not found.lines:
        raise _scan("В документе только изображения: похоже, это скан.", file)
    if not found.tables:
        raise _no_table(file)
    return PlanFile("документ Word", tuple(map(_trimmed, found.tables)), found.lines)


def _workbook(data: bytes, file: str, kind: str = "книга электронных таблиц") -> PlanFile:
    return PlanFile(kind, tuple(_trimmed(sheet) for sheet in read_sheets(data, name=file)))


def _trimmed(sheet: Sheet) -> Sheet:
    """Without the empty rows at the end. Refusal ``too_large`` for more rows than a plan has."""
    rows = list(sheet.rows)
    while rows and all(is_empty(cell) for cell in rows[-1]):
        rows.pop()
    filled = sum(any(not is_empty(cell) for cell in row) for row in rows)
    if filled > MOST_ROWS:
        raise Refusal(
            f"В таблице {filled} строк: для годового плана это слишком много.",
            kind="too_large",
            cure="Проверьте, тот ли это файл. Ничего не сохранено.",
            place=Place(file=sheet.file, sheet=sheet.name),
        )
    return replace(sheet, rows=rows)


def _no_table(file: str) -> Refusal:
    return Refusal(
        "В файле нет таблицы.",
        kind="no_table",
        cure=f"План читается из таблицы. {ACCEPTED} Ничего не сохранено.",
        place=Place(file=file),
    )


def _scan(message: str, file: str) -> Refusal:
    return Refusal(
        message,
        kind="scan",
        cure="Возьмите исходный файл или распознайте текст и сохраните таблицу как DOCX. "
        "Ничего не сохранено.",
        place=Place(file=file),
    )


def _refuse_pictures(data: bytes, file: str) -> None:
    what = what_it_is(data)
    if what in ("изображение", "документ PDF"):
        raise _scan(f"Это {what}: таблицу из него не прочитать.", file)
    if what and what not in ("страница HTML",):
        raise Refusal(
            f"Это {what}, а не план.",
            kind="wrong_kind",
            cure=f"Сохраните план в другом виде. {ACCEPTED} Ничего не сохранено.",
            place=Place(file=file),
        )


def _extension_note(kind: str, file: str) -> Problem | None:
    extension = PurePath(file).suffix.lower()
    if not extension or extension in _EXTENSIONS[kind]:
        return None
    return Problem(
        f"Файл назван «{extension}», а внутри {kind}: прочитан по содержанию.",
        "Проверьте, тот ли это файл.",
        Place(file=file),
    )


def _named_otherwise(refusal: Refusal, data: bytes, file: str) -> Refusal:
    """The refusal with a word on the extension, where the content is of another kind."""
    extension, what = PurePath(file).suffix.lower(), what_it_is(data)
    known = set().union(*_EXTENSIONS.values())
    if refusal.kind not in ("wrong_kind", "scan") or not what or extension not in known:
        return refusal
    problem = refusal.problem
    return Refusal(
        f"Файл назван «{extension}», а внутри {what}.",
        kind=refusal.kind,
        cure=problem.cure,
        place=problem.place,
    )
