"""What bus.gov.ru would show of the invented organisations: its completeness report, loaded as a
real one, and a newer one to try."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from noko.actions import busgov as deeds
from noko.demo.region import Invented
from noko.exchange.busgov_file import read_busgov_file
from noko.models import BusgovSource, Person
from noko.queries.busgov_preview import busgov_preview
from noko.queries.busgov_rules import get_monitoring
from noko.queries.calendar import working_calendar

REPORT = "otchet-o-polnote.csv"
LIMIT = 10 * 1024 * 1024
_LEFT = ("№", "Полное наименование учреждения", "ИНН", "КПП", "Общая")
_NOW = ("ГЗ", "Недоведение ГЗ", "План ФХД", "Целевые средства", "Недоведение ЦС")
_BEFORE = ("ГЗ", "План ФХД", "Отчет о результатах деятельности", "БО ф. 0503737")
_STATUS = "Статус полноты размещения информации по учреждению (Да, Нет)"
_STATES = ("Текущий год", "Год, предшествующий текущему")


def completeness_report(region: Sequence[Invented], year: int, *, later: bool = False) -> bytes:
    """The report of the region as a Russian spreadsheet saves it, the same for the same region.

    The worse an organisation is kept, the more is missing; ``later``: some of it was mended.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    groups = [(f"Опубликовано за {year}", _NOW), (f"Опубликовано за {year - 1}", _BEFORE)]
    groups.append((_STATUS, _STATES))
    top, below = list(_LEFT), [""] * len(_LEFT)
    for title, kinds in groups:
        top += [title, *[""] * (len(kinds) - 1)]
        below += kinds
    writer.writerows([top, below])
    for item in region:
        if item.number % 97 != 13 or later:  # nobody has registered the others there
            name = item.full_name.upper()
            writer.writerow([item.number, name, item.inn, item.kpp, "Да", *_marks(item, later)])
    return buffer.getvalue().encode("cp1251", "replace")


def _marks(item: Invented, later: bool) -> list[str]:
    trouble = 0 if item.exemplary else item.number % 9 + (item.upkeep < 0) * 3
    if later:
        trouble -= 3
    task, told = ("Нет", "Да") if trouble == 6 else ("Нет" if trouble > 9 else "Да", "Нет")
    now = [task, told, "Нет" if trouble > 7 else "Да", "Да", "Нет"]
    before = ["Да", "Да", "Нет" if trouble > 5 else "Да", "Нет" if trouble > 8 else "Да"]
    whole = ["Нет" if trouble > 7 else "Да", "Нет" if trouble > 5 else "Да"]
    return [*now, *before, *whole]


def load_report(region: Sequence[Invented], on: date, at: datetime, by: Person) -> BusgovSource:
    """The report as of ``on`` with a term for the organisations, by the deed of a real one."""
    content = completeness_report(region, on.year)
    file = read_busgov_file(content, name=REPORT, limit_bytes=LIMIT)
    return deeds.load(
        preview=busgov_preview(file.kind, file.table),
        on=on,
        file_name=REPORT,
        digest=sha256(content).hexdigest(),
        whole=True,
        term_on=working_calendar().add(on, get_monitoring().term.working_days),
        by=by,
        now=at,
    )
