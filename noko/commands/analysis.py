"""``noko analysis``: the operator's analytical report from a data package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noko.commands.rating import PolicyOption, RoundingOption, TiesOption, settings


def register(app: typer.Typer) -> None:
    app.command("analysis")(analysis)


def analysis(
    package: Annotated[Path, typer.Argument(help="Пакет данных: папка или ZIP.", exists=True)],
    out: Annotated[Path, typer.Option("--out", help="Папка для отчёта.", file_okay=False)],
    operator: Annotated[str, typer.Option("--operator", help="Название оператора.")] = "",
    title: Annotated[str, typer.Option("--title", help="Заголовок отчёта.")] = (
        "Аналитический отчёт по результатам сбора и обобщения информации о качестве условий"
        " осуществления образовательной деятельности"
    ),
    each: Annotated[
        bool, typer.Option("--each", help="Ещё и отчёт по каждой организации, в папке организаций.")
    ] = False,
    rounding: RoundingOption = "",
    policy: PolicyOption = None,
    ties: TiesOption = "",
) -> None:
    """Составить аналитический отчёт оператора: otchet.docx и otchet.pdf.

    Выборка, результаты по критериям, рейтинг, муниципалитеты, выводы и недостатки каждой
    организации – из пунктов, которых не нашли при осмотре.
    """
    from noko.commands.site import setup

    setup()
    from noko.core.scoring.places import all_places
    from noko.core.scoring.scores import score
    from noko.documents.analysis import Heading, analysis_files, organisation_files
    from noko.exchange.dataset import package_counts, read_package
    from noko.jobs.analysis import analysis_of

    found = read_package(package)
    chosen = settings(rounding, policy, ties)
    counts = package_counts(found, skipped=chosen.policies.get("skipped_question", ""))
    scores = score(found.edition, counts, chosen)
    heading = Heading(title, operator, found.manifest.title, f"{found.digest[:12]}…")
    places, view = all_places(scores), analysis_of(found, scores)
    written = dict(analysis_files(scores, places, view, heading))
    for number, index in enumerate(view.order if each else (), start=1):
        own = organisation_files(scores, places, view, heading, index)
        name = file_name(scores.counts.organisations[index])
        written |= {
            f"organizacii/{number:03} {name}.{file.rpartition('.')[2]}": content
            for file, content in own.items()
        }
    for name, content in written.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    typer.echo(f"Файлов записано: {len(written)}. Папка: {out}")


def file_name(text: str) -> str:
    """The name of an organisation as a name of a file on any system, 80 letters at most."""
    kept = "".join(letter if letter.isalnum() or letter in " -№" else " " for letter in text)
    return " ".join(kept.split())[:80].strip() or "организация"
