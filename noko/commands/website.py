"""``noko website``: the required section of an organisation's site."""

from __future__ import annotations

import shutil
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noko.commands.output import Format, emit
from noko.commands.website_address import (
    Chromium,
    Contact,
    Delay,
    Given,
    Means,
    Private,
    Save,
    Since,
    only_address,
    visit_address,
)
from noko.commands.website_visit import replay, visit
from noko.core.refusal import Place, Refusal

if TYPE_CHECKING:
    from noko.core.websites.counts import SiteCounts
    from noko.core.websites.findings import Inspection
    from noko.core.websites.rules import Regime, SiteType

FINDING = 1
WIDE = 160
"""Columns of a screen on which the table can be read; a narrower one gets a list."""


class ReportFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    HTML = "html"


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    website = typer.Typer(help="Сайты организаций: проверить раздел обязательных сведений.")
    website.command("check")(check)
    website.command("rules")(show_rules)
    website.command("visit")(visit)
    website.command("replay")(replay)
    app.add_typer(website, name="website")


def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGETS", help="Страницы, их папка, архив WARC или адрес сайта (http…)."
        ),
    ],
    regime: Annotated[
        str, typer.Option(help="Правила: 785-2014, 831-2020, 1493-2023; без них – по дню.")
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--type", help="Тип: preschool, general, supplementary, vocational, higher, further."
        ),
    ] = "general",
    on: Annotated[str, typer.Option(help="День, на который проверять: 2026-03-01.")] = "",
    fact: Annotated[
        list[str] | None,
        typer.Option(help="Что известно об организации, например branches=no; можно повторять."),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Переданы все страницы раздела: чего нет, того нет.")
    ] = False,
    out_kind: Annotated[
        ReportFormat, typer.Option("--format", help="Вид вывода.")
    ] = ReportFormat.TABLE,
    out: Annotated[Path | None, typer.Option(help="Файл для вывода; без него – на экран.")] = None,
    save: Save = None,
    since: Since = None,
    contact: Contact = "",
    chromium: Chromium = "",
    private: Private = False,
    delay: Delay = 1.0,
) -> None:
    """Проверить раздел «Сведения об образовательной организации»: страницы, архив или сайт.

    Сайт по адресу обходится вежливо: robots.txt соблюдается, не чаще запроса в секунду.
    """
    from noko.core.websites.inspection import inspect
    from noko.core.websites.site import Site

    day, site_type = _day(on), _type(kind)
    rules = _regime(regime, day)
    facts = _facts(fact or [], rules)
    if any("://" in target for target in targets):
        address = only_address(targets)
        pause = delay if private else max(delay, 1.0)
        means = Means(save, since, contact, private, pause, chromium)
        pages, documents, failures = visit_address(address, rules, site_type, means)
        whole = True
    else:
        pages, documents, failures = _saved([Path(target) for target in targets])
    site = Site(pages, site_type, day, documents, failures, facts, whole=whole)
    _report(inspect(site, rules), out_kind, out, title=", ".join(targets))


def _saved(paths: list[Path]) -> Given:
    """What archives and saved pages hold."""
    from noko.exchange.saved_pages import read_saved
    from noko.exchange.warc import is_archive, read_archive

    lost = next((path for path in paths if not path.exists()), None)
    if lost is not None:
        raise Refusal(
            "Такого файла или папки нет.",
            kind="no_file",
            cure="Проверьте путь. Адрес сайта пишется целиком: https://school5.example.ru.",
            place=Place(file=str(lost)),
        )
    archives = [path for path in paths if is_archive(path)]
    others = [path for path in paths if not is_archive(path)]
    pages, documents, failures = [], [], []
    for one in [read_archive(path) for path in archives] + ([read_saved(others)] if others else []):
        pages += one.pages
        documents += one.documents
        failures += one.failures
    return pages, documents, failures


def _report(inspection: Inspection, kind: ReportFormat, out: Path | None, *, title: str) -> None:
    """Shows the inspection; exit code 1 when something is absent or must be mended."""
    from noko.core.websites.counts import count_site
    from noko.core.websites.findings import Status
    from noko.core.websites.wording_defects import REMARKS

    counts = [count_site(inspection, rule.edition) for rule in inspection.regime.counts]
    serious = [defect for defect in inspection.defects if defect.kind not in REMARKS]
    if kind is ReportFormat.HTML:
        _html(inspection, counts, out, title)
    elif kind is ReportFormat.JSON:
        from noko.documents.website import as_data

        emit(Format.JSON, [], [], value=as_data(inspection, counts), out=out)
    else:
        _table(inspection, counts, out)
    if serious or inspection.of_status(Status.ABSENT):
        raise typer.Exit(FINDING)


def _html(inspection: Inspection, counts: list[SiteCounts], out: Path | None, title: str) -> None:
    from noko.commands import site
    from noko.documents.website import website_html

    site.setup()
    text = website_html(inspection, counts, title)
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(
            f"Не удалось записать файл «{out}»: {error.strerror}.",
            kind="cannot_write",
            cure="Проверьте папку и права на запись.",
        ) from None


def _table(inspection: Inspection, counts: list[SiteCounts], out: Path | None) -> None:
    from noko.core.websites.wording_defects import REMARKS
    from noko.documents.website import (
        DEFECT_HEADERS,
        HEADERS,
        defect_rows,
        finding_rows,
        folded,
        screen_defects,
        screen_lines,
        summary,
    )

    serious = [defect for defect in inspection.defects if defect.kind not in REMARKS]
    width = shutil.get_terminal_size().columns
    if out is None and sys.stdout.isatty() and width < WIDE:
        told = [*screen_lines(inspection, width), *screen_defects(serious, inspection, width), ""]
        told += (part for line in summary(inspection, counts) for part in folded(line, width))
        typer.echo("\n".join(told))
        return
    emit(Format.TABLE, HEADERS, finding_rows(inspection), value=None, title="Сведения", out=out)
    if serious and out is None:
        rows = defect_rows(serious, inspection)
        emit(Format.TABLE, DEFECT_HEADERS, rows, value=None, title="Что исправить, кроме этого")
    for line in summary(inspection, counts):
        typer.echo(line)


def _day(written: str) -> date:
    if not written:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refusal(
            f"«{written}» не читается как день.",
            kind="bad_date",
            cure="Например: --on 2026-03-01.",
        ) from None


def _type(written: str) -> SiteType:
    from noko.core.websites.rules import SiteType

    try:
        return SiteType(written)
    except ValueError:
        raise Refusal(
            f"Типа организации «{written}» нет.",
            kind="unknown_type",
            cure=f"Укажите один из: {', '.join(SiteType)}.",
        ) from None


def _regime(code: str, day: date) -> Regime:
    from noko.queries.website_rules import get_regime, regime_on

    return get_regime(code) if code else regime_on(day)


YES_NO = {"yes": True, "да": True, "1": True, "no": False, "нет": False, "0": False}


def _facts(written: list[str], regime: Regime) -> dict[str, bool]:
    facts = {}
    for pair in written:
        name, _, answer = pair.partition("=")
        if name not in regime.conditions or answer.lower() not in YES_NO:
            known = ", ".join(sorted(regime.conditions))
            raise Refusal(
                f"«{pair}» не читается как сведение об организации.",
                kind="bad_fact",
                cure=f"Пишите имя=yes или имя=no; имена: {known}.",
            )
        facts[name] = YES_NO[answer.lower()]
    return facts


def show_rules(
    code: Annotated[str, typer.Argument(help="Код правил; без него – перечень.")] = "",
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
) -> None:
    """Показать правила раздела сайта: пункты, микроданные, акт и то, насколько он сверен."""
    from noko.core.editions import EVIDENCE_TITLES
    from noko.queries.website_rules import get_regime, regime_codes

    if not code:
        regimes = [get_regime(one) for one in regime_codes()]
        header = ["Код", "Название", "Действует с", "по", "Пунктов"]
        listed: list[list[str | int | None]] = [
            [r.code, r.title, r.valid_from.isoformat(), _until(r), len(r.items)] for r in regimes
        ]
        value = [{"code": r.code, "title": r.title, "digest": r.digest} for r in regimes]
        emit(kind, header, listed, value=value, title="Правила раздела сайта")
        return
    regime = get_regime(code)
    header = ["Подраздел", "Сведения", "Микроданные", "Условие", "Акт", "Сверено"]
    rows: list[list[str | int | None]] = [
        [
            sub.title,
            item.name,
            ", ".join(item.markup),
            regime.conditions.get(item.condition or "", ""),
            regime.wording(item.basis),
            EVIDENCE_TITLES[item.basis.evidence],
        ]
        for sub in regime.subsections
        for item in sub.items
    ]
    emit(kind, header, rows, value=regime.model_dump(mode="json"), title=regime.title)


def _until(regime: Regime) -> str | None:
    return regime.valid_to.isoformat() if regime.valid_to else None
