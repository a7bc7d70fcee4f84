"""``noko aggregate``: from questionnaires to counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noko.commands.output import Cell, Format, emit


def register(app: typer.Typer) -> None:
    app.command("aggregate")(aggregate)


def aggregate(
    answers: Annotated[
        Path,
        typer.Argument(
            help="Анкеты: Parquet (файл или папка), CSV, XLSX, ODS; столбец organisation и по "
            "столбцу на вопрос: 1 – да, 0 – нет, пусто – не задан или пропущен."
        ),
    ],
    edition: Annotated[
        str, typer.Option("--edition", help="Код редакции методики (noko rules list).")
    ],
    engine: Annotated[
        str, typer.Option("--engine", help="Вычислитель: polars (эта машина) или spark (кластер).")
    ] = "polars",
    skipped: Annotated[
        str,
        typer.Option(
            "--skipped",
            help="Знаменатель при пропущенных вопросах: answered – ответившие на вопрос, "
            "filter_yes – ответившие «Да» на вопрос-фильтр.",
        ),
    ] = "",
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.CSV,
    out: Annotated[Path | None, typer.Option("--out", help="Записать в файл.")] = None,
) -> None:
    """Посчитать по анкетам количества для каждой организации (часть опроса таблицы COUNTS)."""
    from noko.exchange.answers import count_file
    from noko.queries.edition import get_edition

    rules = get_edition(edition)
    counts = count_file(answers, rules, engine=engine, skipped=skipped)
    header = ["organisation", *counts.columns, "respondents"]
    columns = [
        *(values.tolist() for values in counts.columns.values()),
        counts.respondents.tolist(),
    ]
    rows: list[list[Cell]] = [list(row) for row in zip(counts.organisations, *columns, strict=True)]
    contradictory = {
        question: int(values.sum()) for question, values in counts.contradictory.items()
    }
    value = {
        "edition": rules.code,
        "organisations": [dict(zip(header, row, strict=True)) for row in rows],
        "contradictory": contradictory,
    }
    emit(kind, header, rows, value=value, title=rules.short, out=out)
    _note(contradictory)


def _note(contradictory: dict[str, int]) -> None:
    """Answers to questions that should not have been asked are not counted: say how many."""
    if not any(contradictory.values()):
        return
    listed = ", ".join(f"{question} – {n}" for question, n in contradictory.items() if n)
    typer.echo(
        f"Не учтены ответы на вопросы, которые по условию анкеты не задаются: {listed}.", err=True
    )
