"""``noko website visit`` and ``replay``: all sites of a cycle, and their findings made again."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from noko.commands.output import Format, emit
from noko.core.refusal import Refusal

if TYPE_CHECKING:
    from noko.models import Cycle, SiteRound, SiteVisit

CycleOption = Annotated[str, typer.Option(help="Цикл, например 2026.")]
HEADERS = ["Организация", "Сайт", "Найдено", "Отсутствует", "Не проверено", "Что было"]


def visit(
    cycle: CycleOption,
    regime: Annotated[str, typer.Option(help="Правила; без них – по дню.")] = "",
    on: Annotated[str, typer.Option(help="День, на который проверять; без него – сегодня.")] = "",
    concurrency: Annotated[
        int, typer.Option(min=1, max=200, help="Сколько сайтов обходить одновременно.")
    ] = 24,
    wait: Annotated[
        bool, typer.Option("--wait", help="Ждать сайты, к которым надо обратиться ещё раз.")
    ] = False,
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
) -> None:
    """Обойти сайты всех организаций цикла; идущий обход продолжается.

    Команду можно запустить сколько угодно раз, на одном или нескольких компьютерах: сайты
    делятся между ними, сайты остановленной программы достаются другим.
    """
    from noko.commands import site

    site.setup()
    from noko.jobs.site_worker import our_contact, visit_sites
    from noko.queries.website import open_round_of

    chosen = _cycle(cycle)
    our_contact()
    running = open_round_of(chosen) or _open(chosen, regime, on)
    typer.echo(f"Идёт обход № {running.number} по правилам {running.regime}.", err=True)
    visit_sites(concurrency=concurrency, once=not wait, rounds=(running.pk,), told=_tell)
    running.refresh_from_db()
    _show(running, kind)


def replay(
    cycle: CycleOption,
    number: Annotated[int, typer.Option("--round", help="Номер обхода.")],
    regime: Annotated[str, typer.Option(help="Правила; без них – те же.")] = "",
    on: Annotated[str, typer.Option(help="День, на который проверять; без него – тот же.")] = "",
    kind: Annotated[Format, typer.Option("--format", help="Вид вывода.")] = Format.TABLE,
) -> None:
    """Сделать выводы обхода заново по сохранённым архивам, не обращаясь к сайтам."""
    from noko.commands import site

    site.setup()
    from django.utils import timezone

    from noko.jobs.site_replay import replay as make_again
    from noko.models import SiteRound
    from noko.queries.website_rules import get_regime

    chosen = _cycle(cycle)
    source = SiteRound.objects.filter(cycle=chosen, number=number).first()
    if source is None:
        raise Refusal(
            f"Обхода № {number} в цикле {cycle} нет.",
            kind="unknown_round",
            cure="Номера обходов показывает страница «Сайты».",
        )
    day = _day(on) if on else source.on
    made = make_again(
        source=source,
        regime=get_regime(regime or source.regime),
        on=day,
        by=None,
        now=timezone.now(),
    )
    _show(made, kind)


def _cycle(slug: str) -> Cycle:
    from noko.models import Cycle

    found = Cycle.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Cycle.objects.order_by("slug").values_list("slug", flat=True))
        raise Refusal(
            f"Цикла «{slug}» нет.", kind="unknown_cycle", cure=f"Укажите один из: {known}."
        )
    return found


def _open(cycle: Cycle, regime: str, on: str) -> SiteRound:
    from django.utils import timezone

    from noko.actions.website import open_round
    from noko.queries.website import to_visit
    from noko.queries.website_rules import get_regime, regime_on

    day = _day(on) if on else timezone.localdate()
    rules = get_regime(regime) if regime else regime_on(day)
    return open_round(
        cycle=cycle,
        organisations=to_visit(cycle),
        regime=rules,
        on=day,
        by=None,
        now=timezone.now(),
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refusal(
            f"«{written}» не читается как день.", kind="bad_date", cure="Например: 2026-03-01."
        ) from None


def _tell(visit: SiteVisit) -> None:
    moment = datetime.now().astimezone().strftime("%H:%M:%S")
    typer.echo(f"{moment}  {visit.address}", err=True)


def _show(site_round: SiteRound, kind: Format) -> None:
    from noko.queries.website import OUTCOMES

    visits = site_round.visits.select_related("organisation").order_by("organisation__sort_key")
    rows: list[list[str | int | None]] = [
        [
            visit.organisation.short_name,
            visit.address,
            visit.found,
            visit.absent,
            visit.unchecked,
            OUTCOMES.get(visit.outcome, visit.outcome) if visit.state == "done" else "ждёт",
        ]
        for visit in visits
    ]
    value = [
        {
            "organisation": visit.organisation_id,
            "address": visit.address,
            "state": visit.state,
            "outcome": visit.outcome,
            "found": visit.found,
            "absent": visit.absent,
            "unchecked": visit.unchecked,
            "archive": visit.archive,
        }
        for visit in visits
    ]
    emit(kind, HEADERS, rows, value=value, title=f"Обход № {site_round.number}")
    waiting = sum(visit.state == "waiting" for visit in visits)
    if waiting and kind is Format.TABLE:
        typer.echo(f"Ещё ждут: {waiting}. Запустите команду снова позже.")
