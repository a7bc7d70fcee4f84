"""An operator's pair of workbooks, in the form in which operators really keep them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from noko.core.editions import Edition

NAMES = ("Детский сад «Берёзка»", "МБДОУ детский сад N 2", "школа №1")
"""The organisations of ``tests.small_cycle`` as an operator spells them; the second differs."""

PEOPLE = (20, 24, 30)

HEADS = {
    "stand": "Соответствие информации на СТЕНДЕ [пункт {}]",
    "site": "Соответствие информации на САЙТЕ [пункт {}]",
    "distance": "Отметьте функционирующие дистанционные способы взаимодействия [способ {}]",
    "comfort": "Укажите количество комфортных условий [условие {}]",
    "equipment": "Укажите количество условий оборудования среды [условие {}]",
    "access": "Укажите количество условий доступности организации [условие {}]",
}
ITEMS = {"stand": 6, "site": 8, "distance": 4, "comfort": 5, "equipment": 4, "access": 4}


def workbook(rows: Sequence[Sequence[object]], sheet: str) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def answers(edition: Edition, header: Mapping[str, str] | None = None) -> bytes:
    """Question texts for headers, «Да» / «Нет» / empty cells; every seventh answer is «Нет».

    ``header``: question → another header for it.
    """
    questions = edition.questionnaire.closed
    titles = [(header or {}).get(q.id, q.text) for q in questions]
    rows: list[list[object]] = [["Отметка времени", "Наименование организации", *titles]]
    for place, (name, people) in enumerate(zip(NAMES, PEOPLE, strict=True)):
        for person in range(people):
            given = {
                q.id: "Нет" if (person + place + number) % 7 == 0 else "Да"
                for number, q in enumerate(questions)
            }
            cells = [
                "" if q.show_if and given[q.show_if.question] == "Нет" else given[q.id]
                for q in questions
            ]
            rows.append(["2026-10-01 10:00", name, *cells])
    return workbook(rows, "Ответы на форму (1)")


def inspection(absent: int = 2, only: int = 3) -> bytes:
    """One row per organisation in another order; ``absent`` items are 0 for the last one.

    ``only``: how many organisations have a row, from the last one on.
    """
    heads = [HEADS[code].format(n + 1) for code in HEADS for n in range(ITEMS[code])]
    rows: list[list[object]] = [["Наименование организации", *heads]]
    for place, name in enumerate(NAMES[::-1][:only]):
        missing = absent if not place else 1
        rows.append([name, *[0 if n < missing else 1 for n in range(len(heads))]])
    return workbook(rows, "Чек-листы")
