"""The small grammar of Russian terms: a printed wording → :class:`Term`, or a question.

A term is read whole or not at all: what is left over, a 31 February, «до марта» – each gives an
:class:`Unclear` with the reason and, where there are few readings, these readings to choose from.
Nothing is guessed. A date without a year belongs to the year of the plan; within a range the
first part takes the year of the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from noko.core.planning.months import OF_MONTH
from noko.core.planning.term_periods import Span, Unread, day_of, joined, printed, read_span
from noko.core.planning.term_tokens import Reader, tokens
from noko.core.planning.term_words import COMPOUNDS, EVERY, TIMES_IN
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
    Term,
    Unit,
    Until,
)
from noko.core.refusal import Problem

FARTHEST = 400
"""Days, weeks or months from an event: more is a slip of the hand."""

CURE = "Запишите срок иначе, например «до 30 ноября», «март – май», «постоянно»."


@dataclass(frozen=True, slots=True)
class Unclear:
    """A wording that was not understood: why, and the readings that a person may mean."""

    printed: str
    problem: Problem
    options: tuple[str, ...] = ()


def parse_term(printed: str, *, year: int) -> Term | Unclear:
    """What ``printed`` means in the plan of ``year``."""
    text = " ".join(printed.split())
    if not re.search(r"\w", text):
        return Unclear(printed, Problem("Срок не указан.", "Впишите срок."))
    try:
        meaning = _whole(text, year) or _several(text, year)
    except Unread as reason:
        cure = "Выберите, что имелось в виду." if reason.options else CURE
        return Unclear(printed, Problem(reason.message, cure), reason.options)
    if meaning is None:
        return Unclear(printed, Problem(f"Срок «{text}» не понят.", CURE))
    return Term(printed, meaning)


def _whole(text: str, year: int) -> Meaning | None:
    for rule in RULES:
        reader = Reader(text, tokens(text), year)
        meaning = rule(reader)
        if meaning is not None and reader.ended:
            return meaning
    return None


_SEPARATOR = re.compile(r"\s*[;,\n]\s*|\s+и\s+")


def _several(text: str, year: int) -> Meaning | None:
    """Parts with a semicolon, comma or «и» between, each a term; a last year serves them all."""
    pieces = [piece for piece in _SEPARATOR.split(text) if piece]
    stated = re.search(r"\b(?:19|20)\d\d\b", pieces[-1])
    if len(pieces) < 2:
        return None
    of_all = int(stated[0]) if stated else year
    found = [_whole(piece, of_all) for piece in pieces]
    parts = tuple(part for part in found if part is not None)
    return Several(parts) if len(parts) == len(pieces) else None


# --- rules: each reads a whole wording or gives None ------------------------------------------


def _always(reader: Reader) -> Meaning | None:
    reader.phrase("далее -", "далее")
    if reader.phrase("постоянно", "на постоянной основе", "непрерывно", "весь период"):
        return Always(reader.year, ongoing=True)
    reader.phrase("в течение", "в течении", "на протяжении", "за")
    reader.phrase("всего", "весь", "целого", "календарного", "отчетного", "текущего")
    if reader.phrase("учебного года", "учебный год"):
        raise Unread(
            "Учебный год захватывает два календарных.",
            f"сентябрь {reader.year - 1} г. – май {reader.year} г.",
            f"сентябрь {reader.year} г. – май {reader.year + 1} г.",
        )
    number = reader.take("number")
    if number is not None and number.value < 1000:
        return None
    if reader.phrase("года", "год", "году", "г"):
        year = day_of(number.value, 1, 1).year if number else reader.year
        return Always(year, ongoing=False)
    return None


def _bounded(reader: Reader) -> Meaning | None:
    """«до 30 ноября», «до конца марта», «к 1 сентября»."""
    if not reader.phrase(
        "в срок до", "в срок не позднее", "не позднее", "не позже", "до", "по", "к"
    ):
        return None
    if reader.phrase("конца", "окончания"):
        if reader.phrase("года", "текущего года", "календарного года"):
            return Until(date(reader.year, 12, 31))
        if (year := reader.take("number")) and reader.phrase("года", "г"):
            return Until(day_of(year.value, 12, 31))
        span = read_span(reader)
        return Until(span.period(span.year or reader.year).ends_on) if span else None
    span = read_span(reader)
    if span is None:
        return None
    reader.phrase("включительно")
    found = span.period(span.year or reader.year)
    if not span.single and reader.ended:
        first, last = (f"до {d.day} {OF_MONTH[d.month - 1]} {d.year} г." for d in _edges(found))
        raise Unread(f"«{reader.text}»: до начала или до конца?", first, last)
    return Until(found.ends_on)


def _edges(period: Period) -> tuple[date, date]:
    return period.begins_on, period.ends_on


def _period(reader: Reader) -> Meaning | None:
    """«Февраль – апрель», «с 1 по 20 марта 2016 г.», «в октябре», «в течение II квартала»."""
    reader.phrase("в течение", "в течении", "в период", "в", "во", "на")
    since = reader.phrase("с", "со")
    first = _day_alone(reader) or read_span(reader)
    if first is None:
        return None
    if reader.phrase("по", "до") if since else reader.word("-"):
        last = read_span(reader)
        if last is None:
            return None
        reader.phrase("включительно")
        if first.first[0] == 0:
            first = replace(first, first=(last.last[0], first.first[1]), year=last.year)
        return joined(first, last, reader)
    if first.first[0] == 0:
        return None
    if since and reader.ended:
        raise Unread(
            f"«{reader.text}»: не сказано, до какого дня.",
            f"с {printed(first)} по 31 декабря {first.year or reader.year} г.",
        )
    return None if since else first.period(first.year or reader.year)


def _day_alone(reader: Reader) -> Span | None:
    """«1» in «с 1 по 20 марта», «1–20 марта»: its month, 0 here, comes later."""
    start = reader.at
    day = reader.number()
    if day is not None and 1 <= day <= 31 and reader.peek("по", "-", "до"):
        after = Reader(reader.text, reader.all[reader.at + 1 :], reader.year)
        if after.number() is not None and after.month() is not None:
            return Span((0, day), (0, day), None, single=True)
    reader.at = start
    return None


def _recurring(reader: Reader) -> Meaning | None:
    found = _frequency(reader)
    if found is None:
        return None
    if reader.ended or found.times > 1:
        return found
    reader.word(",")
    if found.every is Every.YEAR:  # of a plan of one year, it happens once
        start = reader.at
        return _bounded(reader) or _again(reader, start)
    if found.every not in (Every.MONTH, Every.QUARTER, Every.HALF):
        return None
    due = _due(reader, found.every)
    return replace(found, due=due) if due else None


def _frequency(reader: Reader) -> Recurring | None:
    for word, every in EVERY.items():
        if reader.word(word):
            return Recurring(every)
    if reader.stem("кажд") and (each := reader.one_of(TIMES_IN)):
        return Recurring(each)
    reader.at = 0
    reader.phrase("не реже", "не менее")
    times = reader.quantity() or 1
    if not reader.phrase("раз", "раза") or not reader.phrase("в", "за"):
        return None
    within = reader.one_of(TIMES_IN)
    if within is None:
        return None
    if times > 1 and (within is not Every.YEAR or 12 % times):
        raise Unread(f"«{reader.text}»: не видно, к каким числам.", *_instead(within))
    return Recurring(within, times)


def _instead(every: Every) -> tuple[str, ...]:
    return ("ежемесячно", "ежеквартально") if every is not Every.WEEK else ("еженедельно",)


def _again(reader: Reader, start: int) -> Meaning | None:
    reader.at = start
    return _period(reader)


def _due(reader: Reader, every: Every) -> Due | None:
    if reader.phrase("в последний рабочий день", "до последнего рабочего дня"):
        reader.phrase(*_SAME)
        return Due(0, working=True)
    if reader.phrase("в конце", "до конца") and reader.phrase(*_OF_PERIOD):
        return Due(0)
    reader.phrase("в срок")
    if not reader.phrase("до", "не позднее", "не позже", "к"):
        return None
    day = reader.ordinal()
    if day is None:
        return None
    if not 1 <= day <= 31:
        raise Unread(f"Числа {day} в месяце нет.")
    working = bool(reader.phrase("рабочего дня", "рабочего числа"))
    if not working:
        reader.phrase("числа", "дня")
    if reader.phrase(*_FOLLOWING):
        return Due(day, working, following=True)
    same = bool(reader.phrase(*_SAME))
    return Due(day, working, following=not same and every is not Every.MONTH)


_OF_PERIOD = ("месяца", "квартала", "полугодия")
_SAME = ("каждого месяца", "отчетного месяца", "последнего месяца квартала", "месяца")
_FOLLOWING = (
    "месяца следующего за отчетным кварталом",
    "месяца следующего за отчетным месяцем",
    "месяца следующего за отчетным периодом",
    "месяца следующего за отчетным полугодием",
    "месяца следующего за отчетным",
    "следующего за отчетным кварталом месяца",
    "следующего за отчетным периодом месяца",
    "следующего за отчетным месяца",
    "следующего за отчетным кварталом",
    "следующего за отчетным месяцем",
    "следующего за отчетным периодом",
    "следующего за отчетным",
    "следующего месяца",
)


_DATED_ELSEWHERE = ("график", "план", "расписани", "дорожн", "регламент")


def _scheduled(reader: Reader) -> Meaning | None:
    """«согласно графику», «по отдельному плану», «в соответствии с графиком конкурсов»."""
    if not reader.phrase("согласно", "в соответствии с", "в соответствии со", "по"):
        return None
    reader.stem("отдельн")
    reader.stem("утвержденн")
    if any(reader.stem(word) for word in _DATED_ELSEWHERE) or reader.phrase("согласованию"):
        reader.rest()
        return Scheduled(reader.text)
    return None


def _set_by(reader: Reader) -> Meaning | None:
    """«в течение срока, определенного Планом мероприятий»."""
    reader.phrase("в течение", "в течении", "в")
    if not reader.phrase("срока", "срок", "сроки", "сроков", "сроке"):
        return None
    reader.word(",")
    if any(reader.stem(word) for word in ("определ", "установл", "указанн", "предусмотр")):
        return SetBy(reader.text) if reader.rest() else None
    return None


def _as_needed(reader: Reader) -> Meaning | None:
    start = reader.at
    if reader.phrase(
        "по мере", "при необходимости", "по необходимости", "по запросу", "по запросам"
    ):
        reader.rest()
        return AsNeeded(reader.text[reader.all[start].start :])
    return None


def _relative(reader: Reader) -> Meaning | None:
    """«не позднее 3 рабочих дней после …», «за 5 дней до …», «после утверждения перечня»."""
    if reader.phrase("не позднее чем за", "не позднее, чем за", "не позже чем за", "за"):
        return _amount_and_event(reader, before=True)
    if reader.phrase(
        "не позднее чем через",
        "не позднее, чем через",
        "не позднее",
        "не позже",
        "в течение",
        "в течении",
        "через",
        "по истечении",
        "в срок не более",
    ):
        return _amount_and_event(reader, before=False)
    reader.word("в")
    if (amount := _day_term(reader)) is not None:
        return _event(reader, before=False, amount=amount)
    reader.at = 0
    return _bare_event(reader)


def _bare_event(reader: Reader) -> Meaning | None:
    for before, words in (
        (False, ("после", "по итогам", "по окончании", "по завершении")),
        (True, ("до",)),
    ):
        if reader.phrase(*words):
            if reader.ended or reader.number() is not None or reader.month() is not None:
                return None
            if reader.stem("конц") or reader.stem("начал"):
                return None
            event = reader.rest()
            return Relative(event, before=before) if event else None
    return None


def _day_term(reader: Reader) -> tuple[int, Unit] | None:
    """«трехдневный срок», «3-дневный срок», «месячный срок»."""
    for word, amount in COMPOUNDS.items():
        if reader.stem(f"{word}дневн"):
            return (amount, Unit.DAY) if reader.phrase("срок") else None
    if reader.stem("недельн"):
        return (1, Unit.WEEK) if reader.phrase("срок") else None
    if reader.stem("месячн"):
        return (1, Unit.MONTH) if reader.phrase("срок") else None
    number = reader.number()
    reader.word("-")
    if number is None or not reader.stem("дневн"):
        return None
    return (number, Unit.DAY) if reader.phrase("срок") else None


def _amount_and_event(reader: Reader, *, before: bool) -> Meaning | None:
    amount = reader.quantity()
    working = bool(reader.stem("рабоч"))
    if not working:
        reader.stem("календарн")
    unit = reader.unit()
    if unit is None or (amount is None and unit is Unit.DAY):
        return None
    kind = Unit.WORKING_DAY if working and unit is Unit.DAY else unit
    if reader.ended:
        raise Unread(f"«{reader.text}»: не сказано, после какого события.")
    return _event(reader, before=before, amount=(amount or 1, kind))


def _event(reader: Reader, *, before: bool, amount: tuple[int, Unit]) -> Meaning | None:
    side = ("до",) if before else ("после", "со дня", "с даты", "с момента", "от", "с")
    if not reader.phrase(*side):
        return None
    if amount[0] > FARTHEST:
        raise Unread(f"«{reader.text}»: {amount[0]} – слишком много для плана одного года.")
    event = reader.rest()
    return Relative(event, amount[0], amount[1], before) if event else None


RULES: tuple[Callable[[Reader], Meaning | None], ...] = (
    _always,
    _recurring,
    _bounded,
    _period,
    _set_by,
    _scheduled,
    _as_needed,
    _relative,
)
