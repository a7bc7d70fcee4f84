"""Does a plan contradict itself? Findings that name the rows and propose a cure.

Nothing here is corrected by itself: a person accepts a finding, or dismisses it with a reason.
Activities are compared by what they are (codes of the template), so a plan in anybody's words can
be checked; what was not recognised takes part in the checks of its own row only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from noko.core.planning.bodies import wordings
from noko.core.planning.calendar import WorkingCalendar
from noko.core.planning.months import OF_MONTH, long_day
from noko.core.planning.people import Responsible
from noko.core.planning.template import Activity, PlanTemplate
from noko.core.planning.term_grammar import Unclear
from noko.core.planning.terms import (
    Always,
    AsNeeded,
    Period,
    Relative,
    Scheduled,
    SetBy,
    Term,
    Until,
    Window,
    window,
)

DAY = timedelta(days=1)
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


@dataclass(frozen=True, slots=True)
class Item:
    """One activity of the plan under check. ``key`` names its row: the number, or «строка 12».

    ``code`` is the template's, "" when it was not recognised.
    """

    key: str
    activity: str
    term: Term | Unclear
    responsible: tuple[Responsible, ...] = ()
    result: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What mends a finding: ``field`` (term, responsible) of the row ``key`` becomes ``value``."""

    key: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """``fingerprint`` stays the same while the wordings it rests on do."""

    code: str
    keys: tuple[str, ...]
    sentence: str
    cure: str
    changes: tuple[Change, ...] = ()
    rests_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", self.sentence.replace("г..", "г."))

    @property
    def fingerprint(self) -> str:
        text = "\0".join((self.code, *self.keys, *self.rests_on))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


FINDINGS = {
    "number_repeated": "номер повторяется",
    "no_activity": "нет мероприятия",
    "term_unclear": "срок не понят",
    "year_contradicts": "год не тот",
    "no_date": "нет своей даты",
    "control_without_term": "контроль без срока",
    "day_off": "срок в нерабочий день",
    "no_responsible": "нет ответственного",
    "no_result": "нет результата",
    "two_wordings": "два названия одного",
    "prepares_late": "готовит позже, чем нужно",
    "published_before_approved": "размещение раньше утверждения",
    "report_too_early": "отчёт раньше дел",
}
"""Every code with its short Russian name."""


def check_plan(
    items: Sequence[Item], *, year: int, calendar: WorkingCalendar, template: PlanTemplate
) -> tuple[Finding, ...]:
    """All findings of a plan for ``year``: of single rows in their order, then between rows."""
    plan = _Plan(items, year, calendar, template)
    found = [finding for item in items for finding in _of_row(item, plan)]
    found += _repeated(items)
    found += _wordings(items)
    found += _between(plan)
    return tuple(found)


class _Plan:
    """The items with their windows, and those recognised by code."""

    def __init__(
        self,
        items: Sequence[Item],
        year: int,
        calendar: WorkingCalendar,
        template: PlanTemplate,
    ) -> None:
        self.items, self.year = items, year
        self.calendar, self.template = calendar, template
        self.by_code = {item.code: item for item in items if item.code}

    def window(self, item: Item) -> Window | None:
        if isinstance(item.term, Unclear):
            return None
        return window(item.term.meaning, year=self.year, calendar=self.calendar)

    def dated(self, item: Item) -> Window | None:
        """The window where it can be compared: of the plan's year, not «постоянно»."""
        if isinstance(item.term, Unclear) or isinstance(item.term.meaning, Always):
            return None
        found = self.window(item)
        return found if found is not None and found.ends_on.year >= self.year else None


# --- single rows ------------------------------------------------------------------------------


def _of_row(item: Item, plan: _Plan) -> Iterator[Finding]:
    if not item.activity:
        yield Finding(
            "no_activity",
            (item.key,),
            f"{item.key}: мероприятие не названо.",
            "Впишите мероприятие или удалите строку.",
        )
    if isinstance(item.term, Unclear):
        problem, options = item.term.problem, item.term.options
        choice = f" Возможно: {'; '.join(f'«{text}»' for text in options)}." if options else ""
        yield Finding(
            "term_unclear",
            (item.key,),
            f"{item.key}: {problem.message[0].lower()}{problem.message[1:]}",
            f"{problem.cure}{choice}",
            tuple(Change(item.key, "term", text) for text in options),
            (item.term.printed,),
        )
    else:
        yield from _of_term(item, item.term, plan)
    if item.result and not item.responsible:
        yield Finding(
            "no_responsible",
            (item.key,),
            f"{item.key}: у результата «{_short(item.result)}» нет ответственного.",
            "Назначьте, кто отвечает.",
            rests_on=(item.result,),
        )
    if not item.result and item.activity:
        yield Finding(
            "no_result",
            (item.key,),
            f"{item.key}: не сказано, чем кончается мероприятие.",
            "Назовите результат: документ, решение, размещённые сведения.",
        )


def _of_term(item: Item, term: Term, plan: _Plan) -> Iterator[Finding]:
    found = plan.window(item)
    if found is not None and found.ends_on.year < plan.year:
        yield _wrong_year(item, term, found, plan)
    elif isinstance(term.meaning, Scheduled | SetBy | AsNeeded | Relative):
        yield _undated(item, term, plan)
    elif (day := _last_day(term)) is not None and not plan.calendar.is_working(day):
        yield _day_off(item, day, plan.calendar)


def _wrong_year(item: Item, term: Term, found: Window, plan: _Plan) -> Finding:
    wrong = str(found.ends_on.year)
    mended = re.sub(rf"\b{wrong}(?=\D|$)", str(plan.year), term.printed)
    return Finding(
        "year_contradicts",
        (item.key,),
        f"{item.key}: срок «{term.printed}» кончается в {wrong} году, а план – на {plan.year} год.",
        f"Если это описка, исправьте срок на «{mended}».",
        (Change(item.key, "term", mended),),
        (term.printed, str(plan.year)),
    )


def _undated(item: Item, term: Term, plan: _Plan) -> Finding:
    known = plan.template.by_code.get(item.code)
    controls = known is not None and known.controls
    if controls or re.search(r"\bконтрол|\bслед(?:ить|ят)\b", item.activity, re.IGNORECASE):
        return Finding(
            "control_without_term",
            (item.key,),
            f"{item.key}: контроль без своего срока – «{term.printed}».",
            "Назовите, как часто и до какого числа: «ежеквартально до 3 числа».",
            (Change(item.key, "term", "ежеквартально до 3 числа"),),
            (term.printed,),
        )
    return Finding(
        "no_date",
        (item.key,),
        f"{item.key}: у срока «{term.printed}» нет своей даты, напоминать будет не о чем.",
        "Впишите даты или приложите документ, в котором они стоят.",
        rests_on=(term.printed,),
    )


def _last_day(term: Term) -> date | None:
    """The one day that the term ends with, where it is named."""
    match term.meaning:
        case Until(on):
            return on
        case Period(first, last) if first == last:
            return last
        case _:
            return None


def _day_off(item: Item, day: date, calendar: WorkingCalendar) -> Finding:
    mended = f"до {long_day(calendar.on_or_before(day))}"
    return Finding(
        "day_off",
        (item.key,),
        f"{item.key}: {long_day(day)} – нерабочий день, {WEEKDAYS[day.weekday()]}.",
        f"Перенесите срок на рабочий день: «{mended}».",
        (Change(item.key, "term", mended),),
        (day.isoformat(),),
    )


def _short(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _repeated(items: Sequence[Item]) -> Iterator[Finding]:
    keys = [item.key for item in items]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        yield Finding(
            "number_repeated",
            (key,),
            f"Номер {key} стоит у {keys.count(key)} мероприятий.",
            "Дайте мероприятиям разные номера.",
        )


def _wordings(items: Sequence[Item]) -> Iterator[Finding]:
    for group in wordings([(item.key, item.responsible) for item in items]):
        rare = ", ".join(group.rare_keys)
        yield Finding(
            "two_wordings",
            tuple(dict.fromkeys((*group.rare_keys, *group.usual_keys))),
            f"«{group.rare}» ({rare}) и «{group.usual}» ({', '.join(group.usual_keys)}) похожи "
            "на два названия одного.",
            f"Если это одно и то же, везде пишите «{group.usual}».",
            tuple(Change(key, f"responsible:{group.rare}", group.usual) for key in group.rare_keys),
            (group.rare, group.usual),
        )


# --- between rows -----------------------------------------------------------------------------

_NEXT_YEAR = re.compile(r"\b(?:на|в)\s+(?:следующ\w+|очередн\w+)\s+(?:год|цикл)", re.IGNORECASE)
_OF_YEAR = re.compile(r"\bна\s+(20\d\d)\b")


def _between(plan: _Plan) -> Iterator[Finding]:
    for activity in plan.template.activities:
        item = plan.by_code.get(activity.code)
        own = plan.dated(item) if item is not None else None
        if item is None or own is None:
            continue
        if not for_another_year(item.activity, plan.year):
            yield from _late(item, own, activity, plan)
        yield from _early(item, own, activity, plan)
        yield from _report(item, own, activity, plan)


def for_another_year(activity: str, year: int) -> bool:
    """Whether the text says that it prepares another year: «на следующий год», «на 2017 год»."""
    stated = _OF_YEAR.search(activity)
    return bool(_NEXT_YEAR.search(activity)) or bool(stated and int(stated[1]) != year)


def _late(item: Item, own: Window, activity: Activity, plan: _Plan) -> Iterator[Finding]:
    """It prepares others, but ends after the first of them begins (or ends, with no beginning)."""
    later = []
    for code in activity.prepares:
        other = plan.by_code.get(code)
        found = plan.dated(other) if other is not None else None
        if other is None or found is None:
            continue
        starts = found.begins_on or found.ends_on
        beginning = found.begins_on is not None
        if own.ends_on >= starts if beginning else own.ends_on > starts:
            later.append((starts, other))
    if not later:
        return
    first, earliest = min(later, key=lambda pair: (pair[0], pair[1].key))
    mended = f"до {long_day(plan.calendar.on_or_before(first - DAY))}"
    others = ", ".join(other.key for _, other in later)
    cure = f"Назначьте для {item.key} срок «{mended}»."
    if activity.for_next_year:
        cure += (
            f" Если речь о следующем цикле, допишите в мероприятии {item.key}: "
            f"«на {plan.year + 1} год»."
        )
    yield Finding(
        "prepares_late",
        (item.key, *(other.key for _, other in later)),
        f"{item.key} готовит {others}, но кончается {long_day(own.ends_on)}, "
        f"а {earliest.key} начинается {_day(first)}.",
        cure,
        (Change(item.key, "term", mended),),
        tuple(_printed(one) for one in (item, *(other for _, other in later))),
    )


def _day(day: date) -> str:
    return f"{day.day} {OF_MONTH[day.month - 1]}"


def _printed(item: Item) -> str:
    return item.term.printed


def _early(item: Item, own: Window, activity: Activity, plan: _Plan) -> Iterator[Finding]:
    """It publishes what another approves, but is due before that."""
    approved = plan.by_code.get(activity.publishes) if activity.publishes else None
    found = plan.dated(approved) if approved is not None else None
    if approved is None or found is None or own.ends_on >= found.ends_on:
        return
    mended = f"до {long_day(plan.calendar.on_or_after(found.ends_on + DAY))}"
    yield Finding(
        "published_before_approved",
        (item.key, approved.key),
        f"{item.key} размещает то, что утверждает {approved.key}, но срок {item.key} – "
        f"{long_day(own.ends_on)}, а {approved.key} кончается {long_day(found.ends_on)}.",
        f"Назначьте для {item.key} срок «{mended}» или утвердите раньше.",
        (Change(item.key, "term", mended),),
        (_printed(item), _printed(approved)),
    )


def _report(item: Item, own: Window, activity: Activity, plan: _Plan) -> Iterator[Finding]:
    """It reports on activities of which some end later."""
    unfinished = []
    for code in activity.reports_on:
        other = plan.by_code.get(code)
        found = plan.dated(other) if other is not None else None
        if other is not None and found is not None and found.ends_on > own.ends_on:
            unfinished.append((found.ends_on, other))
    if not unfinished:
        return
    last = max(day for day, _ in unfinished)
    others = ", ".join(other.key for _, other in unfinished)
    yield Finding(
        "report_too_early",
        (item.key, *(other.key for _, other in unfinished)),
        f"{item.key} докладывает о выполнении до {long_day(own.ends_on)}, "
        f"а {others} кончаются позже, последнее – {long_day(last)}.",
        f"Перенесите срок {item.key} после {_day(last)} или напишите, за какой период доклад.",
        rests_on=tuple(_printed(one) for one in (item, *(other for _, other in unfinished))),
    )
