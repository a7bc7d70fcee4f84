"""``noko questionnaire``: the questionnaire of an edition for other survey systems, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from noko.core.refusal import Problem
    from noko.core.xlsform import Assessed

Edition = Annotated[str, typer.Option("--edition", help="Редакция методики, например 344n-2018.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Анкета для KoboToolbox и ODK: выгрузить форму, проверить чужую.")
    for deed in (export, check):
        group.command()(deed)
    app.add_typer(group, name="questionnaire")


def export(
    out: Annotated[Path, typer.Argument(help="Куда записать форму: файл .xlsx.")],
    edition: Edition = "344n-2018",
    organisations: Annotated[
        Path | None,
        typer.Option(
            "--organisations",
            help="Перечень организаций: из него выбирают на форме. Без него форма спросит код.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Записать анкету редакции как XLSForm.

    Имена вопросов и коды ответов – те же, что ждёт «noko aggregate», поэтому ответы из
    KoboToolbox или ODK считаются без сопоставления столбцов.
    """
    from noko.core.answers.form import Additions, form_of
    from noko.core.xlsform import to_xlsform
    from noko.documents.xlsform import write_xlsform
    from noko.exchange.xlsform import to_xform
    from noko.queries.edition import get_edition

    found = get_edition(edition)
    places = _places(organisations) if organisations else []
    form = to_xlsform(
        form_of(found, Additions()),
        form_id=f"noko-{found.code}",
        version=found.digest[:12],
        places=places,
    )
    workbook = write_xlsform(form)
    to_xform(workbook, name=out.name)
    out.write_bytes(workbook)
    chosen = f", организаций на выбор – {len(places)}" if places else ""
    typer.echo(f"Вопросов – {len(found.questionnaire.questions)}{chosen}. Форма: {out}")


def check(
    file: Annotated[Path, typer.Argument(help="Форма XLSForm.", exists=True, dir_okay=False)],
    edition: Edition = "344n-2018",
) -> None:
    """Проверить чужую форму: можно ли посчитать её ответы по редакции.

    Код 1 – форма читается, но спрашивает не то, что редакция.
    """
    from noko.core.refusal import Place, Refusal
    from noko.core.xlsform_reading import disagreements, read_xlsform
    from noko.exchange.files import read_sheets
    from noko.exchange.xlsform import to_xform
    from noko.queries.edition import get_edition

    questionnaire = get_edition(edition).questionnaire
    form = read_xlsform(read_sheets(file))
    if form.problems:
        raise Refusal(
            "Форму нельзя взять как анкету.",
            kind="foreign_xlsform",
            cure="Исправьте названные места и повторите.",
            place=Place(file=file.name),
            problems=form.problems,
        )
    to_xform(file.read_bytes(), name=file.name)
    _tell(form.notes)
    found = disagreements(form, questionnaire)
    _tell(found)
    known = {question.id for question in questionnaire.questions}
    own = [question.id for question in form.questions if question.id not in known]
    typer.echo(f"Вопросов – {len(form.questions)}, своих вопросов региона – {len(own)}.")
    if found:
        raise typer.Exit(1)
    typer.echo(f"Ответы этой формы считаются по редакции {edition}.")


def _tell(problems: list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem))


def _places(path: Path) -> list[Assessed]:
    """Organisations of a person's list; the code is the INN, else the number in the list."""
    from noko.core.refusal import Refusal
    from noko.core.tables.organisations import read_organisations
    from noko.core.xlsform import Assessed
    from noko.exchange.files import read_sheets

    table = read_organisations(read_sheets(path))
    rejected = [problem for row in table.rejected for problem in row.problems]
    if rejected:
        raise Refusal(
            "В перечне организаций есть ошибки. Форма не записана.",
            kind="rows_rejected",
            cure="Исправьте их и повторите.",
            problems=rejected,
        )
    return [
        Assessed(row.inn or f"o{number}", row.full_name, row.municipality)
        for number, row in enumerate(table.rows, start=1)
    ]
