"""``noko score``, ``noko explain`` and ``noko rate``: from counts, or from files, to a rating."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from noko.commands.output import Cell, Format, cannot_write, emit

if TYPE_CHECKING:
    from noko.core.scoring.counts import Counts
    from noko.core.scoring.explanation import Step
    from noko.core.scoring.scores import Scores, Settings
    from noko.core.tables.counts import CountsTable
    from noko.core.tables.joining import Confirmed
    from noko.exchange.operator import OperatorFiles

EditionOption = Annotated[
    str, typer.Option("--edition", help="Код редакции методики (noko rules list).")
]
RoundingOption = Annotated[
    str, typer.Option("--rounding", help="Правило округления; по умолчанию – правило редакции.")
]
PolicyOption = Annotated[
    list[str] | None,
    typer.Option("--policy", help="Правило крайнего случая, например disabled_absent=hundred."),
]
TiesOption = Annotated[
    str,
    typer.Option("--ties", help="Равные места: competition (1, 2, 2, 4) или dense (1, 2, 2, 3)."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Вид вывода.")]
OutFileOption = Annotated[Path | None, typer.Option("--out", help="Записать в файл.")]
CountsArgument = Annotated[
    Path, typer.Argument(help="Таблица количеств: CSV, XLSX или ODS со столбцом organisation.")
]


def register(app: typer.Typer) -> None:
    app.command("score")(score_counts)
    app.command("explain")(explain_counts)
    app.command("rate")(rate)


def score_counts(
    counts: CountsArgument,
    edition: EditionOption,
    rounding: RoundingOption = "",
    policy: PolicyOption = None,
    ties: TiesOption = "",
    kind: FormatOption = Format.TABLE,
    out: OutFileOption = None,
) -> None:
    """Рассчитать показатели, критерии, итог и места по таблице количеств."""
    from noko.core.scoring.publishing import published

    scores = _scores(read_counts_file(counts, edition), edition, settings(rounding, policy, ties))
    result = published(scores)
    header, rows = rating_table(scores, result)
    title = f"{scores.edition.short}; {scores.rounding.title}"
    emit(kind, header, rows, value=result, title=title, out=out)


def explain_counts(
    counts: CountsArgument,
    organisation: Annotated[
        str, typer.Option("--organisation", help="Название организации, можно часть.")
    ],
    edition: EditionOption = "344n-2018",
    rounding: RoundingOption = "",
    policy: PolicyOption = None,
    kind: FormatOption = Format.TABLE,
    out: OutFileOption = None,
) -> None:
    """Показать путь от итога организации до исходных количеств и статьи акта."""
    from noko.core.scoring.explanation import explain

    table = read_counts_file(counts, edition)
    index = _position(table, organisation)
    scores = _scores(table, edition, settings(rounding, policy, ""))
    tree = explain(scores, index)
    if kind is Format.TABLE and out is None:
        _print_tree(tree, table.organisations[index])
        return
    header = ["Уровень", "Код", "Название", "Значение", "Расчёт", "Акт", "Пункт"]
    value = {"organisation": table.organisations[index], **tree.as_dict()}
    emit(kind, header, list(_flat(tree)), value=value, title=table.organisations[index], out=out)


def rate(
    package: Annotated[
        Path | None, typer.Argument(help="Пакет данных: папка или архив .zip.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="Анкеты: CSV, XLSX, ODS, Parquet.")
    ] = None,
    inspection: Annotated[
        Path | None, typer.Option("--inspection", help="Таблица осмотра (чек-листов).")
    ] = None,
    organisations: Annotated[
        Path | None, typer.Option("--organisations", help="Перечень: тип, муниципалитет, ИНН.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Папка для результатов.")] = None,
    edition: Annotated[
        str, typer.Option("--edition", help="Код редакции; для пакета – из самого пакета.")
    ] = "",
    rounding: RoundingOption = "",
    policy: PolicyOption = None,
    ties: TiesOption = "",
    same: Annotated[
        list[str] | None,
        typer.Option("--same", help="Одна организация под двумя именами: «первое=второе»."),
    ] = None,
    accept_similar: Annotated[
        bool, typer.Option("--accept-similar", help="Принять все предложенные пары имён.")
    ] = False,
    only_complete: Annotated[
        bool, typer.Option("--only-complete", help="Рассчитать только организации из обоих файлов.")
    ] = False,
    engine: Annotated[str, typer.Option("--engine", help="polars или spark.")] = "polars",
) -> None:
    """Рассчитать рейтинг из пакета данных или из файлов оператора и записать его таблицы."""
    from noko.core.tables.joining import Confirmed
    from noko.documents.rating import write_rating_files
    from noko.exchange.operator import OperatorFiles

    if out is None:
        raise typer.BadParameter("укажите папку: --out ПАПКА")
    chosen = settings(rounding, policy, ties)
    if package is not None:
        _refuse_both_sources(answers, inspection, organisations)
        scores, inputs = _rate_package(package, edition, chosen, engine)
    else:
        if answers is None or inspection is None:
            raise typer.BadParameter("укажите пакет данных или оба файла: --answers и --inspection")
        if not edition:
            raise typer.BadParameter("укажите редакцию методики: --edition 344n-2018")
        files = OperatorFiles(answers, inspection, organisations)
        pairs = tuple(_pair(text) for text in same or [])
        confirmed = Confirmed(pairs, accept_similar, only_complete)
        scores, inputs = _rate_files(files, edition, chosen, confirmed, engine)
    try:
        write_rating_files(out, scores, inputs)
    except OSError as error:
        raise cannot_write(out, error) from None
    typer.echo(f"Рейтинг записан: {out}. Организаций – {len(scores)}.", err=True)


def settings(rounding: str, policy: list[str] | None, ties: str) -> Settings:
    from noko.core.scoring.scores import Settings

    policies = {}
    for text in policy or []:
        name, sign, choice = text.partition("=")
        if not sign:
            raise typer.BadParameter(f"--policy {text}: ожидается правило=выбор")
        policies[name.strip()] = choice.strip()
    return Settings(rounding=rounding, policies=policies, ties=ties)


def read_counts_file(path: Path, edition: str) -> Counts:
    """The COUNTS table of a file, its symbols those of ``edition``."""
    from noko.core.scoring.counts import counts_from_columns
    from noko.core.tables.roles import read_as
    from noko.exchange.files import read_sheets
    from noko.queries.edition import get_edition

    table: CountsTable = read_as("counts", read_sheets(path), get_edition(edition))
    return counts_from_columns(
        [item.name for item in table.organisations],
        table.columns,
        types=table.types,
        municipalities=table.municipalities,
    )


def _scores(counts: Counts, edition: str, chosen: Settings) -> Scores:
    from noko.core.scoring.scores import score
    from noko.queries.edition import get_edition

    return score(get_edition(edition), counts, chosen)


def rating_table(scores: Scores, result: dict[str, Any]) -> tuple[list[str], list[list[Cell]]]:
    """The official rating as header and rows, for :func:`emit`."""
    criteria = scores.edition.criteria
    groups = [name for name in ("type", "municipality") if name in result["results"][0]]
    titles = {"type": "Тип", "municipality": "Муниципалитет"}
    header = ["Место", "Организация", *(titles[name] for name in groups)]
    header += [criterion.key for criterion in criteria] + ["Итог", "Уровень"]
    rows: list[list[Cell]] = [
        [
            row["place"],
            row["organisation"],
            *(row[name] for name in groups),
            *(row["criteria"][criterion.code] for criterion in criteria),
            row["total"],
            row["level"],
        ]
        for row in result["results"]
    ]
    return header, rows


def _position(counts: Counts, wanted: str) -> int:
    """The one organisation that ``wanted`` names, whole or in part."""
    from noko.core.refusal import Refusal

    names = [name.casefold() for name in counts.organisations]
    text = wanted.strip().casefold()
    found = [i for i, name in enumerate(names) if name == text] or [
        i for i, name in enumerate(names) if text and text in name
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refusal(
            f"Организации «{wanted}» в таблице нет.",
            kind="unknown_organisation",
            cure="Проверьте название: годится и его часть.",
        )
    listed = ", ".join(f"«{counts.organisations[i]}»" for i in found[:10])
    raise Refusal(
        f"Под «{wanted}» подходят несколько организаций: {listed}.",
        kind="ambiguous_organisation",
        cure="Укажите название полностью.",
    )


def _print_tree(tree: Step, organisation: str) -> None:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    def grow(step: Step, branch: Tree) -> None:
        for line in _details(step):
            branch.add(Text(line, style="dim"))
        for child in step.steps:
            grow(child, branch.add(Text(_line(child))))

    root = Tree(Text(f"{organisation}: {_line(tree)}", style="bold"))
    grow(tree, root)
    console = Console(highlight=False)
    Console(highlight=False, width=None if console.is_terminal else 200).print(root)


def _line(step: Step) -> str:
    value = "нет данных" if step.value is None else step.value.replace(".", ",")
    maximum = f" из {step.maximum}" if step.maximum else ""
    code = "" if step.kind == "total" else f"{step.code} "
    return f"{code}{step.name} = {value}{maximum}"


def _details(step: Step) -> list[str]:
    lines = []
    if step.formula:
        lines.append(f"Формула: {step.formula}")
    if step.substitution:
        rounded = f"; {step.rounding}" if step.rounding else ""
        lines.append(f"Расчёт: {step.substitution} = {step.exact}{rounded}")
    if step.act:
        where = f", {step.point}" if step.point else ""
        lines.append(f"Основание: {step.act}{where} ({step.evidence})")
    return [*lines, *step.notes]


def _flat(step: Step) -> list[list[Cell]]:
    levels = {"total": "итог", "criterion": "критерий", "indicator": "показатель"}
    own: list[Cell] = [
        levels.get(step.kind, "величина"), step.code, step.name, step.value,
        step.substitution, step.act, step.point,
    ]  # fmt: skip
    return [own, *(row for child in step.steps for row in _flat(child))]


def _pair(text: str) -> tuple[str, str]:
    first, sign, second = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"--same {text}: ожидается «первое имя=второе имя»")
    return first.strip(), second.strip()


def _refuse_both_sources(*files: Path | None) -> None:
    if any(file is not None for file in files):
        raise typer.BadParameter("укажите либо пакет данных, либо файлы оператора, но не всё сразу")


def _rate_package(
    path: Path, edition: str, chosen: Settings, engine: str
) -> tuple[Scores, dict[str, str]]:
    from noko.core.refusal import Refusal
    from noko.core.scoring.scores import score
    from noko.exchange.dataset import package_counts, read_package

    package = read_package(path)
    if edition not in ("", package.edition.code):
        raise Refusal(
            f"Пакет собран по редакции {package.edition.code}, а указана {edition}.",
            kind="another_edition",
            cure="Уберите --edition: редакция берётся из пакета.",
        )
    policy = chosen.policies.get("skipped_question", "")
    counts = package_counts(package, engine=engine, skipped=policy)
    return score(package.edition, counts, chosen), {"datapackage.json": package.digest}


def _rate_files(
    files: OperatorFiles, edition: str, chosen: Settings, confirmed: Confirmed, engine: str
) -> tuple[Scores, dict[str, str]]:
    from noko.core.refusal import Refusal
    from noko.core.scoring.scores import score
    from noko.exchange.operator import read_operator_files
    from noko.queries.edition import get_edition

    rules = get_edition(edition)
    policy = chosen.policies.get("skipped_question", "")
    try:
        data = read_operator_files(files, rules, confirmed, engine=engine, skipped=policy)
    except Refusal as refusal:
        if refusal.kind not in _HINTS:
            raise
        raise Refusal(
            refusal.problem.message,
            kind=refusal.kind,
            cure=_HINTS[refusal.kind],
            problems=refusal.problems,
        ) from None
    for warning in data.warnings:
        typer.echo(f"Внимание. {warning}", err=True)
    return score(rules, data.counts, chosen), files.digests()


_HINTS = {
    "names_to_confirm": "Подтвердите пары: --same «первое=второе» для каждой или --accept-similar"
    " для всех однозначных; либо исправьте названия.",
    "in_one_file_only": "Добавьте недостающие данные или укажите --only-complete, чтобы рассчитать"
    " только организации, которые есть везде.",
}
