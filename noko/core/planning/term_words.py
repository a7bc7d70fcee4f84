"""Words that terms are printed with, and terms said back in words."""

from __future__ import annotations

from datetime import date

from noko.core.planning.months import IN_MONTH, MONTHS, OF_MONTH, long_day, month_end
from noko.core.planning.terms import (
    Always,
    AsNeeded,
    Due,
    Every,
    Meaning,
    Period,
    Recurring,
    Relative,
    Scheduled,
    SetBy,
    Several,
    Unit,
    Until,
)

MONTH_NUMBERS = {
    word: number
    for words in (MONTHS, OF_MONTH, IN_MONTH)
    for number, word in enumerate(words, start=1)
} | {
    **{"янв": 1, "фев": 2, "февр": 2, "апр": 4, "авг": 8, "сен": 9, "сент": 9},
    **{"окт": 10, "ноя": 11, "нояб": 11, "дек": 12},
}

NUMBERS = {
    **{"один": 1, "одного": 1, "одной": 1, "одну": 1, "одному": 1},
    **{"два": 2, "две": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4, "четырех": 4},
    **{"пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7},
    **{"восемь": 8, "восьми": 8, "девять": 9, "девяти": 9, "десять": 10, "десяти": 10},
    **{"пятнадцать": 15, "пятнадцати": 15, "двадцать": 20, "двадцати": 20, "тридцати": 30},
}
"""Quantities in words, as «не позднее трех рабочих дней»."""

ORDINAL_STEMS = {"перв": 1, "втор": 2, "трет": 3, "четверт": 4}
"""«первый», «во втором», «третьего»: beginnings of ordinal numbers."""

ROMAN_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}

COMPOUNDS = {"одно": 1, "двух": 2, "трех": 3, "пяти": 5, "семи": 7, "десяти": 10}
"""«в трехдневный срок»."""

UNITS = {
    **{"день": Unit.DAY, "дня": Unit.DAY, "дней": Unit.DAY},
    **{"неделя": Unit.WEEK, "недели": Unit.WEEK, "недель": Unit.WEEK, "неделю": Unit.WEEK},
    **{"месяц": Unit.MONTH, "месяца": Unit.MONTH, "месяцев": Unit.MONTH},
}

EVERY = {
    **{"ежедневно": Every.DAY, "еженедельно": Every.WEEK, "ежемесячно": Every.MONTH},
    **{"ежеквартально": Every.QUARTER, "ежегодно": Every.YEAR},
}
TIMES_IN = {
    **{"день": Every.DAY, "неделю": Every.WEEK, "месяц": Every.MONTH, "квартал": Every.QUARTER},
    **{"полугодие": Every.HALF, "полгода": Every.HALF, "год": Every.YEAR},
}


def described(meaning: Meaning) -> str:
    """The meaning in a Russian phrase, for the person who checks how a term was understood."""
    match meaning:
        case Until(on):
            return f"не позднее {long_day(on)}"
        case Period(first, last):
            return _period(first, last)
        case Always(year, ongoing):
            return f"постоянно, весь {year} год" if ongoing else f"в течение {year} года"
        case Recurring():
            return _recurring(meaning)
        case Scheduled(wording):
            return f"даты стоят в другом документе: «{wording}»"
        case SetBy(wording):
            return f"срок назовёт другой документ: «{wording}»"
        case Relative():
            return _relative(meaning)
        case AsNeeded(wording):
            return f"без даты: {wording}"
        case Several(parts):
            return "; ".join(described(part) for part in parts)


def _period(first: date, last: date) -> str:
    if first == last:
        return long_day(first)
    whole = first.day == 1 and last == month_end(last.year, last.month)
    if not whole:
        return f"с {long_day(first)} по {long_day(last)}"
    begins, ends = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if first.year != last.year:
        return f"{begins} {first.year} г. – {ends} {last.year} г."
    return f"{begins if begins == ends else f'{begins} – {ends}'} {last.year} г."


_EACH = {
    Every.DAY: "каждый рабочий день",
    Every.WEEK: "каждую неделю, по пятницам",
    Every.MONTH: "каждый месяц",
    Every.QUARTER: "каждый квартал",
    Every.HALF: "каждое полугодие",
    Every.YEAR: "раз в год",
}


def _recurring(term: Recurring) -> str:
    if term.times > 1:
        return f"{term.times} раз{'а' if term.times < 5 else ''} в год, через равные промежутки"
    return _EACH[term.every] + (f", {_due(term.due)}" if term.due else "")


def _due(due: Due) -> str:
    if due.day:
        day = f"до {due.day}-го {'рабочего дня' if due.working else 'числа'}"
    else:
        day = f"до последнего {'рабочего ' if due.working else ''}дня"
    return f"{day} {'следующего месяца' if due.following else 'месяца, которым он кончается'}"


_UNIT_FORMS = {
    Unit.WORKING_DAY: ("рабочего дня", "рабочих дней"),
    Unit.DAY: ("дня", "дней"),
    Unit.WEEK: ("недели", "недель"),
    Unit.MONTH: ("месяца", "месяцев"),
}


def _relative(term: Relative) -> str:
    side = "до события" if term.before else "после события"
    if term.amount is None:
        return f"{side}: {term.event}"
    one, many = _UNIT_FORMS[term.unit]
    unit = one if term.amount % 10 == 1 and term.amount != 11 else many
    how = "не позднее чем за" if term.before else "не позднее"
    return f"{how} {term.amount} {unit} {side}: {term.event}"
