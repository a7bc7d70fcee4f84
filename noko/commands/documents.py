"""``noko documents``: templates of documents, given to an office and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noko.commands.site import setup

FINDING = 1


def register(app: typer.Typer) -> None:
    documents = typer.Typer(help="Шаблоны документов: получить, проверить.")
    documents.command("templates")(templates)
    documents.command("check")(check)
    app.add_typer(documents, name="documents")


def templates(
    folder: Annotated[Path, typer.Argument(help="Папка для шаблонов.", file_okay=False)],
) -> None:
    """Положить встроенные шаблоны в папку, чтобы править их в Word.

    Файлы, которые в папке уже есть, не меняются.
    """
    setup()
    from noko.documents.templates import hand_out

    written, kept = hand_out(folder)
    for path in written:
        typer.echo(str(path))
    if kept:
        typer.echo(f"Уже есть и оставлены как были: {', '.join(kept)}.", err=True)


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Папка своих шаблонов; по умолчанию – из настройки NOKO_TEMPLATES.",
            file_okay=False,
            exists=True,
        ),
    ] = None,
) -> None:
    """Заполнить все шаблоны примерами и назвать неверные поля."""
    setup()
    from noko.documents.checking import check_templates

    found = check_templates(folder)
    for name, problem in found:
        typer.echo(f"{name}: {problem or 'заполняется'}")
    if any(problem for _, problem in found):
        raise typer.Exit(FINDING)
