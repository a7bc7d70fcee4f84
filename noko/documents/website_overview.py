"""Tables about the sites of a region: the overview, whom to call, every finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from noko.core.organisation_types import type_title
from noko.core.websites.rules import Regime
from noko.core.websites.wording import STATUS_TITLES
from noko.documents.xlsx import Cell, Column, Table, xlsx
from noko.models import SiteVisit
from noko.queries.website import OUTCOMES
from noko.queries.website_overview import CAUSES, Line, Overview, Step, Tally

_FIGURES = (
    Column("Найдено", 11),
    Column("Отсутствует", 12),
    Column("Не проверено", 13),
    Column("Доля найденного, %", 12),
    Column("Появилось", 11),
    Column("Пропало", 11),
)
WORST = 1000


def overview_tables(found: Overview, steps: Sequence[Step]) -> bytes:
    """XLSX with a sheet for subsections, municipalities, types, items and rounds."""
    title = f"Обход № {found.round.number} на {found.round.on:%d.%m.%Y}"
    sites = (Column("Сайтов", 9), Column("Прочитано", 11), Column("Не прочитано", 13))
    tables = [
        Table("Подразделы", [Column("Подраздел", 50), *_FIGURES], _lines(found.subsections)),
        Table(
            "Муниципалитеты",
            [Column("Муниципалитет", 36), *_FIGURES, *sites],
            [
                [*row, line.visits, line.read, line.silent]
                for line, row in zip(
                    found.municipalities, _lines(found.municipalities), strict=True
                )
            ],
        ),
        Table("Типы", [Column("Тип", 36), *_FIGURES], _lines(found.types)),
        Table("Пункты", _ITEM_COLUMNS, list(_items(found))),
        Table("Обходы", _ROUND_COLUMNS, [_step(step) for step in steps]),
    ]
    return xlsx(tables, title=f"Сайты организаций. {title}")


def _lines(lines: Iterable[Line]) -> list[list[Cell]]:
    return [
        [line.title, *_tally(line.tally), line.moved.improved, line.moved.worsened]
        for line in lines
    ]


def _tally(tally: Tally) -> list[Cell]:
    percent = (200 * tally.found + tally.asked) // (2 * tally.asked) if tally.asked else None
    return [tally.found, tally.absent, tally.unchecked, percent]


_ITEM_COLUMNS = (
    Column("Сведения", 60),
    Column("Подраздел", 36),
    Column("Основание", 30),
    *_FIGURES[:4],
)


def _items(found: Overview) -> Iterator[list[Cell]]:
    for item, subsection, tally in found.worst(WORST):
        basis = found.regime.wording(item.basis)
        yield [item.name, subsection.title, basis, *_tally(tally)]


_ROUND_COLUMNS = (
    Column("Обход", 9),
    Column("Цикл", 36),
    Column("На день", 12),
    Column("Сайтов", 9),
    Column("Прочитано", 11),
    *_FIGURES[:2],
    _FIGURES[3],
)


def _step(step: Step) -> list[Cell]:
    one = step.round
    head: list[Cell] = [one.number, str(one.cycle), one.on, step.organisations, step.read]
    found, absent, _, percent = _tally(step.tally)
    return [*head, found, absent, percent]


CALL_COLUMNS = (
    Column("Муниципалитет", 28),
    Column("Организация", 40),
    Column("Адрес сайта", 32),
    Column("Что случилось", 36),
    Column("О чём попросить", 50),
    Column("Телефон", 20),
    Column("Электронная почта", 28),
    Column("Адрес организации", 36),
)


def calls_table(visits: Iterable[SiteVisit]) -> bytes:
    """XLSX: whom to call about a site that gave nothing, and what to say."""
    rows = [_call(visit) for visit in visits]
    return xlsx(
        [Table("Список для звонка", CALL_COLUMNS, rows, frozen=2)], title="Список для звонка"
    )


def _call(visit: SiteVisit) -> list[Cell]:
    organisation = visit.organisation
    return [
        organisation.municipality.name,
        organisation.short_name,
        visit.address or organisation.site,
        what_happened(visit),
        CAUSES.get(visit.outcome, ""),
        organisation.phone,
        organisation.email,
        organisation.address,
    ]


def what_happened(visit: SiteVisit) -> str:
    """«сайт не ответил вовремя: нет ответа за 20 секунд»."""
    said = OUTCOMES.get(visit.outcome, visit.outcome)
    return f"{said}: {visit.detail}" if visit.detail else said


UNKNOWN = {"unknown": "не известно, требуется ли"}
FINDING_COLUMNS = (
    Column("Организация", 40),
    Column("Муниципалитет", 28),
    Column("Тип", 20),
    Column("Адрес сайта", 32),
    Column("Подраздел", 36),
    Column("Сведения", 60),
    Column("Вывод", 22),
    Column("Основание", 30),
)


def finding_cells(regime: Regime, rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Rows of :func:`noko.queries.website_overview.finding_rows` in words."""
    titles = {status.value: title for status, title in STATUS_TITLES.items()} | UNKNOWN
    bases = {code: regime.wording(item.basis) for code, item in regime.item_by_code.items()}
    for name, place, kind, address, code, status in rows:
        item = regime.item_by_code[code]
        subsection = regime.subsection_of[code].title
        yield [
            name, place, type_title(kind), address, subsection, item.name, titles[status],
            bases[code],
        ]  # fmt: skip


def findings_table(regime: Regime, rows: Iterable[Sequence[str]]) -> bytes:
    """XLSX of every finding. Refusal ``too_many_rows`` where a sheet does not hold them."""
    cells = list(finding_cells(regime, rows))
    return xlsx([Table("Выводы", FINDING_COLUMNS, cells)], title="Выводы о сайтах")
