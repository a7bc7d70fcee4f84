"""``noko rules``: the editions of the methodology, checked and shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noko.commands.output import Format, emit

if TYPE_CHECKING:
    from fractions import Fraction

    from noko.core.editions import Edition

FormatOption = Annotated[Format, typer.Option("--format", help="Вид вывода.")]


def register(app: typer.Typer) -> None:
    rules = typer.Typer(help="Редакции методики: проверить, перечислить, показать.")
    rules.command("check")(check)
    rules.command("list")(list_editions)
    rules.command("show")(show)
    rules.command("manual")(manual)
    app.add_typer(rules, name="rules")


def check(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Папки редакций; по умолчанию – все встроенные.", exists=True),
    ] = None,
) -> None:
    """Проверить редакции и все разобранные примеры рядом с ними, а без папок и правила советов."""
    from noko.queries.edition import EDITIONS, edition_codes

    failed = 0
    for folder in folders or [EDITIONS / code for code in edition_codes()]:
        failed += _checked(folder)
    if not folders:
        failed += _checked_councils()
    if failed:
        raise typer.Exit(1)


def _checked(folder: Path) -> int:
    """How many worked cases of the edition in ``folder`` give something else than they say."""
    from noko.core.scoring.cases import expectation, run_case
    from noko.queries.edition import cases_in, read_edition

    edition = read_edition(folder)
    cases = cases_in(folder)
    failed = 0
    for case in cases:
        found, expected = run_case(edition, case), expectation(case)
        if found != expected:
            failed += 1
            typer.echo(f"{edition.code}, «{case['name']}»: ожидалось {expected}, вышло {found}")
    verdict = "всё сходится" if not failed else f"не сходится: {failed}"
    typer.echo(
        f"{edition.code}: показателей – {len(edition.indicators)}, "
        f"примеров – {len(cases)}, {verdict}."
    )
    return failed


def _checked_councils() -> int:
    """How many worked votes of councils end otherwise than they say."""
    from noko.core.council_cases import run
    from noko.queries.council_rules import get_rules, rule_codes, voting_cases

    failed = 0
    for code in rule_codes():
        cases = [case for case in voting_cases() if case.rules == code]
        wrong = 0
        for case in cases:
            found = run(case, get_rules(code))
            if found != case.expected:
                wrong += 1
                typer.echo(f"{code}, «{case.name}»: ожидалось {case.expected}, вышло {found}")
        verdict = "всё сходится" if not wrong else f"не сходится: {wrong}"
        typer.echo(f"{code}: правила совета, примеров – {len(cases)}, {verdict}.")
        failed += wrong
    return failed


def list_editions(kind: FormatOption = Format.TABLE) -> None:
    """Перечислить редакции методики."""
    from noko.queries.edition import edition_codes, get_edition

    editions = [get_edition(code) for code in edition_codes()]
    header = ["Код", "Название", "Действует с", "по", "Контрольная сумма"]
    rows = [[e.code, e.title, e.valid_from.isoformat(), _until(e), e.digest[:12]] for e in editions]
    value = [
        {
            "code": edition.code,
            "title": edition.title,
            "valid_from": edition.valid_from.isoformat(),
            "valid_to": _until(edition),
            "digest": edition.digest,
        }
        for edition in editions
    ]
    emit(kind, header, rows, value=value, title="Редакции методики")


def _until(edition: Edition) -> str | None:
    return edition.valid_to.isoformat() if edition.valid_to else None


def show(
    code: Annotated[str, typer.Argument(help="Код редакции.")], kind: FormatOption = Format.TABLE
) -> None:
    """Показать показатели редакции: вес, формулу, акт и то, насколько правило сверено."""
    from noko.core.editions import EVIDENCE_TITLES
    from noko.queries.edition import get_edition

    edition = get_edition(code)
    header = ["Код", "Показатель", "Вес", "Формула", "Акт", "Сверено"]
    rows: list[list[str | int | None]] = []
    for criterion in edition.criteria:
        rows.append(
            [criterion.key, criterion.name, _weight(criterion.weight), criterion.text, "", ""]
        )
        for indicator in criterion.indicators:
            basis = indicator.basis
            act = f"{edition.act_by_id[basis.act].short}, {basis.point}"
            rows.append(
                [
                    f"П{indicator.code}",
                    indicator.short,
                    _weight(indicator.weight),
                    indicator.formula.text,
                    act,
                    EVIDENCE_TITLES[basis.evidence],
                ]
            )
    value = edition.model_dump(mode="json")
    emit(kind, header, rows, value=value, title=edition.title)


def _weight(weight: Fraction) -> str:
    """Weights of the acts are tenths or fifths: they read as short decimals."""
    return f"{float(weight):g}"


def manual(
    folder: Annotated[Path, typer.Argument(help="Папка для страниц.", file_okay=False)],
) -> None:
    """Составить страницы методики по редакциям и их разобранным примерам."""
    from noko.documents.methodology import write_manual

    for path in write_manual(folder):
        typer.echo(str(path))
