"""``noko specification``: a delivery of the operator compared with the contract, anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from noko.commands.output import Format, emit
from noko.core.refusal import Place, Refusal

if TYPE_CHECKING:
    from noko.core.acceptance import Comparison, Lack

FINDING = 1


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Техническое задание: сверить поставку оператора с контрактом.")
    group.command("check")(check)
    group.callback()(_group)
    app.add_typer(group, name="specification")


def _group() -> None:
    """Техническое задание: сверить поставку оператора с контрактом."""


def check(
    package: Annotated[Path, typer.Argument(help="Пакет данных: папка или .zip.", exists=True)],
    contract: Annotated[
        Path,
        typer.Option(
            "--contract",
            help="Файл требований priemka.json со страницы контракта.",
            exists=True,
            dir_okay=False,
        ),
    ],
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Файл для вывода; без него – на экран.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Показать и те организации, по которым всё есть.")
    ] = False,
) -> None:
    """Показать, чего в пакете данных не хватает по каждой организации контракта.

    База данных не нужна: оператор может проверить пакет у себя до передачи. Код 1 – данных не
    хватает.
    """
    from noko.core.acceptance import compare
    from noko.core.acceptance_file import parse_demand
    from noko.exchange.dataset import read_package
    from noko.exchange.delivery import delivered

    demand = parse_demand(contract.read_bytes(), file=contract.name)
    opened = read_package(package)
    if demand.edition != opened.edition.code:
        raise Refusal(
            f"Пакет собран по редакции {opened.edition.code}, контракт – по {demand.edition}.",
            kind="other_edition",
            cure="Возьмите пакет и требования одного цикла.",
            place=Place(file=package.name),
        )
    found = compare(demand, delivered(opened), opened.edition)
    rows = found.rows if everything else found.incomplete
    head = ["Организация", "Муниципальное образование", "Анкет нужно", "Анкет есть", "Замечания"]
    table: list[list[str | int | None]] = [
        [
            row.required.name,
            row.required.municipality,
            row.required.questionnaires,
            row.received.respondents if row.received else None,
            _texts(row.lacks) or "всё есть",
        ]
        for row in rows
    ]
    emit(kind, head, table, value=_value(found), title=demand.contract, out=out)
    _summary(found)
    if not found.complete:
        raise typer.Exit(FINDING)


def _summary(found: Comparison) -> None:
    for lack in found.general:
        typer.echo(f"{lack.text[0].upper()}{lack.text[1:]}.", err=True)
    if found.strangers:
        typer.echo(f"Нет в контракте: {', '.join(found.strangers)}.", err=True)
    typer.echo(
        f"Организаций в контракте: {len(found.rows)}, с замечаниями: {len(found.incomplete)}.",
        err=True,
    )


def _texts(lacks: tuple[Lack, ...]) -> str:
    return "; ".join(lack.text for lack in lacks)


def _value(found: Comparison) -> dict[str, Any]:
    return {
        "complete": found.complete,
        "general": [_lack(lack) for lack in found.general],
        "strangers": list(found.strangers),
        "organisations": [
            {
                "name": row.required.name,
                "municipality": row.required.municipality,
                "inn": row.required.inn,
                "questionnaires": row.required.questionnaires,
                "respondents": row.received.respondents if row.received else None,
                "complete": row.complete,
                "lacks": [_lack(lack) for lack in row.lacks],
            }
            for row in found.rows
        ],
    }


def _lack(lack: Lack) -> dict[str, Any]:
    return {"check": str(lack.check), "text": lack.text, "grave": lack.grave}
