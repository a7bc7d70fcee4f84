"""``noko registry``: what a file would bring into the registry of organisations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noko.commands.output import Format, emit

if TYPE_CHECKING:
    from noko.core.tables.organisations import OrganisationsTable
    from noko.exchange.registry_file import RegistryFile

LIMIT = 2 * 1024**3
SHOWN = 50


def register(app: typer.Typer) -> None:
    registry = typer.Typer(help="Реестр организаций: проверить файл до загрузки.")
    registry.callback()(_group)
    registry.command("check")(check)
    app.add_typer(registry, name="registry")


def _group() -> None:
    """Реестр организаций: проверить файл до загрузки."""


def check(
    file: Annotated[
        Path, typer.Argument(help="Выгрузка bus.gov.ru (XML или ZIP) или таблица организаций.")
    ],
    xsd: Annotated[
        Path | None,
        typer.Option(
            "--xsd",
            help="Папка с официальными схемами; по умолчанию – из переменной NOKO_BUSGOV_XSD.",
            file_okay=False,
        ),
    ] = None,
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option(help="Файл для вывода; без него – на экран.")] = None,
) -> None:
    """Проверить файл: что из него прочитается и соответствует ли он официальной схеме.

    База данных не нужна, ничего не записывается. Код 1 – есть нарушения схемы или отклонённые
    записи.
    """
    from django.conf import settings

    from noko.core.organisation_types import TYPE_TITLES
    from noko.exchange.registry_file import read_registry_file

    found = read_registry_file(
        file, name=file.name, limit_bytes=LIMIT, schemas=xsd or settings.BUSGOV_XSD
    )
    table = found.table
    header = ["Запись", "Организация", "Тип", "Муниципалитет", "ИНН", "ОГРН"]
    rows = [
        [
            *(row.number, row.full_name, TYPE_TITLES.get(row.type, row.type or None)),
            *(row.municipality, row.inn, row.ogrn),
        ]
        for row in table.rows
    ]
    emit(kind, header, rows, value=_value(found), title="Прочитано", out=out)
    if kind is Format.TABLE or out is not None:
        _tell(found)
    if found.violated or table.rejected:
        raise typer.Exit(1)


def _value(found: RegistryFile) -> dict[str, object]:
    from dataclasses import asdict

    table = found.table
    return {
        "schema": found.schema or None,
        "violated": found.violated,
        "violations": [str(item) for item in found.violations],
        "organisations": [asdict(row) for row in table.rows],
        "rejected": [
            {"number": item.number, "name": item.name, "reasons": [str(p) for p in item.problems]}
            for item in table.rejected
        ],
        "warnings": [str(item) for item in table.warnings],
        "ignored": list(table.ignored),
    }


def _tell(found: RegistryFile) -> None:
    table = found.table
    if found.schema:
        verdict = f"нарушений – {found.violated}" if found.violated else "файл ей соответствует"
        typer.echo(f"Схема {found.schema}: {verdict}.")
        _lines([str(item) for item in found.violations], found.violated)
    elif found.packets:
        typer.echo("Со схемами XSD файл не сверялся: укажите их папку в --xsd.")
    _rejected(table)
    _lines([str(item) for item in table.warnings], len(table.warnings))
    for text in table.ignored:
        typer.echo(f"Не используется: {text}.")
    typer.echo(f"Прочитано организаций: {len(table.rows)}, отклонено: {len(table.rejected)}.")


def _rejected(table: OrganisationsTable) -> None:
    for item in table.rejected[:SHOWN]:
        reasons = " ".join(str(problem) for problem in item.problems)
        typer.echo(f"Отклонено: «{item.name}». {reasons}")


def _lines(texts: list[str], number: int) -> None:
    for text in texts[:SHOWN]:
        typer.echo(f"  {text}")
    if number > SHOWN:
        typer.echo(f"  И ещё: {number - SHOWN}.")
