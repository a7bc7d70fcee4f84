"""``noko verify``: the arithmetic of somebody's published table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noko.commands.output import Format, emit

if TYPE_CHECKING:
    from noko.core.verification.checking import Report
    from noko.core.verification.columns import Relation

FINDING = 1
MANY_ROWS = 300
"""Of a longer table the screen shows only the lines with findings."""


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("verify")(verify)


def verify(
    published: Annotated[
        Path, typer.Argument(metavar="PUBLISHED", help="Опубликованная таблица: CSV, XLSX, ODS.")
    ],
    edition: Annotated[
        str, typer.Option(help="Редакция методики; без неё определяется по столбцам.")
    ] = "",
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option(help="Файл для вывода; без него – на экран.")] = None,
) -> None:
    """Проверить арифметику опубликованной таблицы: итоги, средние по группам, порядок мест.

    Нужны столбцы K1…K5 и S или G1…G4 и S; по желанию – rank и published_group_mean.
    """
    from noko.core.verification.report import HEADERS, as_data, as_lines
    from noko.core.verification.words import conclusion

    report = _report(published, edition)
    brief = kind is Format.TABLE and out is None and len(report.rows) > MANY_ROWS
    lines = as_lines(report, findings_only=brief)
    emit(kind, HEADERS, lines, value=as_data(report), title="Проверка", out=out)
    if brief:
        typer.echo("Показаны только строки с замечаниями. Все строки: --out проверка.txt.")
    if kind is Format.TABLE or out is not None:
        for note in (*report.table.notes, conclusion(report)):
            typer.echo(note)
    if report.findings:
        raise typer.Exit(FINDING)


def _report(published: Path, edition: str) -> Report:
    from noko.core.verification.checking import verify as check
    from noko.core.verification.table import read_published
    from noko.exchange.files import read_sheets

    return check(read_published(read_sheets(published), _relations(edition)))


def _relations(edition: str) -> list[Relation]:
    from noko.core.verification.columns import relation_of
    from noko.queries.edition import edition_codes, get_edition

    return [relation_of(get_edition(code)) for code in ([edition] if edition else edition_codes())]
