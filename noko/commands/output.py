"""Results of commands as a table for people, or as JSON, CSV, XLSX for programs."""

from __future__ import annotations

import csv
import errno
import io
import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from noko.core.refusal import Refusal


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


Cell = str | int | None


def emit(
    kind: Format,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    value: Any,
    title: str = "",
    out: Path | None = None,
) -> None:
    """Write the result to ``out`` or to standard output.

    ``header`` and ``rows`` make the table, CSV and XLSX (numbers as decimal strings with a point;
    the table shows a comma); ``value`` is the JSON. XLSX needs ``out``: refusal ``no_out_file``.
    """
    if kind is Format.JSON:
        _write(out, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
    elif kind is Format.CSV:
        _write(out, _csv(header, rows))
    elif kind is Format.XLSX:
        if out is None:
            raise Refusal(
                "Таблица XLSX не выводится на экран.",
                kind="no_out_file",
                cure="Укажите файл: --out таблица.xlsx.",
            )
        _write(out, _xlsx(header, rows, title))
    elif out is not None:
        _write(out, _plain(header, rows, title))
    else:
        _print(header, rows, title)


def _write(out: Path | None, content: bytes) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise cannot_write(out, error) from None


_REASONS = {
    errno.ENOENT: "нет такой папки",
    errno.ENOTDIR: "на этом пути стоит файл, а не папка",
    errno.EEXIST: "на этом месте стоит файл",
    errno.EISDIR: "на этом месте стоит папка",
    errno.EACCES: "нет прав на запись",
    errno.EPERM: "нет прав на запись",
    errno.EROFS: "диск доступен только для чтения",
    errno.ENOSPC: "на диске нет места",
}


def cannot_write(out: Path, error: OSError) -> Refusal:
    """The refusal for a result that the disk does not take."""
    reason = _REASONS.get(error.errno or 0, error.strerror or "причина неизвестна")
    return Refusal(
        f"Не удалось записать «{out}»: {reason}.",
        kind="cannot_write",
        cure="Проверьте путь и права или укажите другое место.",
    )


def _csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = workbook.add_worksheet((title or "Таблица")[:31])
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, list(header), bold)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if is_number(cell):
                sheet.write_number(number, column, float(str(cell)))
            elif cell is not None:
                sheet.write_string(number, column, str(cell))
    sheet.autofit()
    workbook.close()
    return buffer.getvalue()


def is_number(cell: Cell) -> bool:
    """Whether a cell reads as a plain decimal number ("86.84", 12)."""
    text = str(cell).removeprefix("-")
    whole, point, part = text.partition(".")
    return whole.isdecimal() and text.isascii() and (part.isdecimal() or not point)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return str(cell).replace(".", ",") if is_number(cell) else str(cell)


def _table(header: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left")
    for number, name in enumerate(header):
        cells = [row[number] for row in rows if row[number] is not None]
        numeric = bool(cells) and all(is_number(cell) for cell in cells)
        table.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    return table


def _print(header: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    width = None if console.is_terminal else 200
    Console(highlight=False, width=width).print(_table(header, rows, title))


def _plain(header: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    from rich.console import Console

    buffer = io.StringIO()
    Console(file=buffer, width=200, highlight=False).print(_table(header, rows, title))
    return buffer.getvalue().encode()
