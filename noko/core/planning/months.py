"""Russian months and the ends of months."""

from __future__ import annotations

from datetime import date, timedelta

MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
OF_MONTH = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
IN_MONTH = (
    *("январе", "феврале", "марте", "апреле", "мае", "июне"),
    *("июле", "августе", "сентябре", "октябре", "ноябре", "декабре"),
)
ROMAN = ("I", "II", "III", "IV")


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def long_day(day: date) -> str:
    """«30 ноября 2016 г.»"""
    return f"{day.day} {OF_MONTH[day.month - 1]} {day.year} г."
