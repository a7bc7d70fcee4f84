"""``noko plan``: somebody's annual plan, read and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noko.commands.output import Format, emit

if TYPE_CHECKING:
    from noko.core.planning.reading import Understood

FINDING = 1


def register(app: typer.Typer) -> None:
    plan = typer.Typer(help="Годовой план: прочитать и проверить.")
    plan.callback()(_group)
    plan.command("read")(read)
    app.add_typer(plan, name="plan")


def _group() -> None:
    """Годовой план: прочитать и проверить."""


def read(
    file: Annotated[
        Path, typer.Argument(help="Файл плана: DOCX, XLSX, ODS, HTML или текст с таблицей.")
    ],
    year: Annotated[
        int | None, typer.Option(min=2010, max=2100, help="Год плана; без него – из заголовка.")
    ] = None,
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option(help="Файл для вывода; без него – на экран.")] = None,
) -> None:
    """Прочитать годовой план и проверить, не противоречит ли он себе.

    Показывает мероприятия, понятые сроки, вопросы и замечания. Ничего не сохраняет.
    """
    from noko.core.planning.reading import plan_data

    plan = _understood(file, year)
    title = plan.table.title or f"План на {plan.year} год"
    emit(kind, _HEADERS, _lines(plan), value=plan_data(plan), title=title, out=out)
    if kind is Format.TABLE or out is not None:
        _tell(plan)
    if plan.findings:
        raise typer.Exit(FINDING)


def _understood(file: Path, year: int | None) -> Understood:
    from noko.core.planning.reading import understand, year_of
    from noko.exchange.plan_files import read_plan_file
    from noko.queries.calendar import working_calendar
    from noko.queries.plan_template import template_for

    table = read_plan_file(file)
    of_year = year_of(table, year)
    return understand(
        table, year=of_year, calendar=working_calendar(), template=template_for(of_year)
    )


_HEADERS = ["№", "Мероприятие", "Срок", "Понят как", "Ответственные", "Результат"]


def _lines(plan: Understood) -> list[list[str | int | None]]:
    from noko.core.planning.reading import understood_as

    return [
        [
            f"{row.number}." if row.number else item.key,
            row.activity,
            row.term or None,
            understood_as(item),
            "; ".join(one.name for one in row.responsible) or None,
            "; ".join(row.result.splitlines()) or None,
        ]
        for row, item in zip(plan.table.rows, plan.items, strict=True)
    ]


def _tell(plan: Understood) -> None:
    from noko.core.planning.logic import FINDINGS

    for note in plan.table.notes:
        typer.echo(note)
    if not plan.calendar.established(plan.year):
        typer.echo(
            f"Переносы выходных в {plan.year} году не известны: рабочие дни – по статье 112 "
            "Трудового кодекса."
        )
    for item in plan.findings:
        typer.echo(f"{FINDINGS[item.code].capitalize()}. {item.sentence} {item.cure}")
    typer.echo(f"Мероприятий: {len(plan.items)}. Замечаний: {len(plan.findings)}.")
