"""Files as invented operators and authorities send them, for trying out the import.

An export of an online form (headers are the questions, cells «Да» / «Нет»), an inspection sheet
(headers «… на СТЕНДЕ [пункт]», cells 1 / 0 / empty), a list of organisations with some news and
some mistakes. Names are written the way people write them: with other quotes, in full, in haste.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from noko.core.dataset import ABSENT, PRESENT
from noko.core.editions import Checklist, Edition
from noko.demo.busgov import REPORT, completeness_report
from noko.demo.busgov_example import NAME as PACKETS
from noko.demo.busgov_example import busgov_example
from noko.demo.collected import Collected, collect
from noko.demo.identifiers import inn, ogrn
from noko.demo.region import PRESCHOOL, Invented

Cell = str | int | None

ANSWERS, INSPECTION, LIST = "ankety-2027.xlsx", "osmotr-2027.xlsx", "perechen-2027.xlsx"
_ASSESSED = 24
_PHRASES = {
    "stand": "Наличие информации о деятельности организации на СТЕНДЕ",
    "site": "Наличие информации о деятельности организации на САЙТЕ",
    "channels": "Отметьте функционирующие дистанционные способы взаимодействия",
    "comfort": "Отметьте количество комфортных условий в организации",
    "equipment": "Наличие условий оборудования среды для инвалидов",
    "access": "Наличие условий доступности услуг для инвалидов",
}
_SHORTENED = re.compile(r"^МБДОУ детский сад (№ \d+ )?")
_LIST_HEADER = (
    *("Полное наименование", "Краткое наименование", "Тип организации", "Муниципалитет"),
    *("ИНН", "ОГРН", "Адрес", "Сайт", "Численность обучающихся"),
)
_TYPES = {
    "preschool": "Дошкольная",
    "general": "Общеобразовательная",
    "supplementary": "Дополнительного образования",
    "vocational": "Профессиональная",
}


def example_files(region: Sequence[Invented], edition: Edition) -> dict[str, bytes]:
    """File name → its bytes, the same for the same region."""
    those = [item for item in region if item.type == PRESCHOOL][: _ASSESSED * 5 : 5]
    collected = collect(2027, edition, those)
    return {
        ANSWERS: _workbook("Ответы на форму", _answers(collected)),
        INSPECTION: _workbook("Осмотр", _inspection(collected)),
        LIST: _workbook("Перечень", _list(region)),
        PACKETS: busgov_example(region),
        REPORT: completeness_report(region, 2026, later=True),
    }


def _answers(collected: Collected) -> Iterable[Sequence[Cell]]:
    questions = collected.edition.questionnaire.closed
    yield ["Выберите образовательную организацию", *(question.text for question in questions)]
    columns = [collected.survey.answers[question.id] for question in questions]
    words = {1: "Да", 0: "Нет"}
    for number, place in enumerate(collected.survey.index):
        name = _written(collected.wave[int(place)].organisation)
        yield [name, *(words.get(int(column[number])) for column in columns)]


def _inspection(collected: Collected) -> Iterable[Sequence[Cell]]:
    checklists = collected.edition.checklists
    headers = [header for checklist in checklists for header in _headers(checklist)]
    yield ["Наименование организации", *headers, "Отметка: сайта нет"]
    cells = {PRESENT: 1, ABSENT: 0}
    marks = {(mark.organisation, mark.checklist, mark.item): mark for mark in collected.marks}
    # An expert goes from building to building, not by the list of the survey.
    for item in reversed(collected.wave):
        own = item.organisation
        found = [
            cells.get(marks[own.id, checklist.code, entry.id].mark)
            for checklist in checklists
            for entry in checklist.items
        ]
        yield [own.short_name, *found, int(not own.has_site)]


def _headers(checklist: Checklist) -> list[str]:
    return [f"{_PHRASES[checklist.code]} [{item.name}]" for item in checklist.items]


def _written(organisation: Invented) -> str:
    """The name as one of those who fill in forms would write it; always the same for one."""
    match organisation.number % 4:
        case 1:
            return organisation.short_name.replace("«", '"').replace("»", '"')
        case 2:
            return _SHORTENED.sub("Детский сад ", organisation.short_name)
        case 3:
            return organisation.short_name.replace("детский сад", "Детский сад").replace("№ ", "№")
    return organisation.short_name


def _list(region: Sequence[Invented]) -> Iterable[Sequence[Cell]]:
    yield list(_LIST_HEADER)
    shown = [item for item in region if item.number % 15 == 0]
    for number, item in enumerate(shown):
        row = _row(item)
        if number < 6:
            row[-1] = item.recipients + 7 * (number - 2)
        if number in (6, 7):
            row[7] = f"https://new-{item.inn}.example"
        yield row
    yield _new(shown[0], 401, "детский сад «Кораблик» микрорайона Северный")
    yield _new(shown[1], 402, "детский сад «Василёк» микрорайона Речной")
    broken = _new(shown[2], 403, "детский сад «Улыбка» микрорайона Новый")
    broken[4] = str(broken[4])[:-1] + str((int(str(broken[4])[-1]) + 1) % 10)
    yield broken


def _row(item: Invented) -> list[Cell]:
    return [
        *(item.full_name, item.short_name, _TYPES[item.type], item.municipality),
        *(item.inn, item.ogrn, item.address, item.site, item.recipients),
    ]


def _new(neighbour: Invented, number: int, name: str) -> list[Cell]:
    full = f"Муниципальное бюджетное дошкольное образовательное учреждение {name}"
    row: list[Cell] = [full, f"МБДОУ {name}", _TYPES[PRESCHOOL], neighbour.municipality]
    return [*row, inn(number), ogrn(2026, number), neighbour.address, "", 120]


def _workbook(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": datetime(2026, 11, 20)})  # noqa: DTZ001 (as the file wants)
    sheet = workbook.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 60)
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row, head if number == 0 else None)
    workbook.close()
    return buffer.getvalue()
