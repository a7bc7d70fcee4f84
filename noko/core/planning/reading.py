"""A plan as read from a file, understood: terms, what each activity is, questions and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from noko.core.planning.calendar import WorkingCalendar
from noko.core.planning.logic import Finding, Item, check_plan
from noko.core.planning.rows import PlanRow, PlanTable
from noko.core.planning.template import PlanTemplate, recognise_all
from noko.core.planning.term_grammar import Unclear, parse_term
from noko.core.planning.term_words import described
from noko.core.planning.terms import as_data, occurrences, window
from noko.core.refusal import Place, Refusal


@dataclass(frozen=True, slots=True)
class Understood:
    """``items`` stand in the order of ``table.rows``."""

    table: PlanTable
    year: int
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    calendar: WorkingCalendar

    @property
    def questions(self) -> tuple[Finding, ...]:
        """What was not understood and waits for an answer."""
        return tuple(item for item in self.findings if item.code == "term_unclear")


def understand(
    table: PlanTable, *, year: int, calendar: WorkingCalendar, template: PlanTemplate
) -> Understood:
    """Terms are read for ``year``; a row without a number is named by its place in the file."""
    codes = recognise_all([row.activity for row in table.rows], template)
    items = tuple(
        Item(
            key=_key(row),
            activity=row.activity,
            term=parse_term(row.term, year=year),
            responsible=row.responsible,
            result=row.result,
            code=code,
        )
        for row, code in zip(table.rows, codes, strict=True)
    )
    findings = check_plan(items, year=year, calendar=calendar, template=template)
    return Understood(table, year, items, findings, calendar)


def _key(row: PlanRow) -> str:
    return row.number or f"строка {row.place.row}"


def year_of(table: PlanTable, given: int | None) -> int:
    """The year given, or the one in the plan's title. Refusal ``no_year``."""
    if given is not None:
        return given
    if table.year is None:
        place = table.rows[0].place if table.rows else Place()
        raise Refusal(
            "В заголовке плана не найден год, на который он составлен.",
            kind="no_year",
            cure="Назовите год. Ничего не сохранено.",
            place=Place(file=place.file),
        )
    return table.year


def understood_as(item: Item) -> str:
    """The term in words, or the question to it."""
    if isinstance(item.term, Unclear):
        return f"? {item.term.problem.message}"
    return described(item.term.meaning)


def plan_data(plan: Understood) -> dict[str, Any]:
    """The whole for JSON; dates as ISO text."""
    rows = zip(plan.table.rows, plan.items, strict=True)
    return {
        "title": plan.table.title,
        "year": plan.year,
        "calendar_established": plan.calendar.established(plan.year),
        "sections": [{"number": s.number, "title": s.title} for s in plan.table.sections],
        "activities": [_activity_data(row, item, plan) for row, item in rows],
        "questions": _findings_data(plan.questions),
        "findings": _findings_data([f for f in plan.findings if f.code != "term_unclear"]),
        "notes": [str(note) for note in plan.table.notes],
    }


def _activity_data(row: PlanRow, item: Item, plan: Understood) -> dict[str, Any]:
    return {
        "number": row.number,
        "section": row.section.number,
        "activity": row.activity,
        "recognised_as": item.code,
        "term": _term_data(item, plan),
        "responsible": [
            {"kind": one.kind, "name": one.name, "note": one.note} for one in row.responsible
        ],
        "result": row.result.splitlines(),
        "place": {"sheet": row.place.sheet, "row": row.place.row, "joined_rows": row.joined_rows},
    }


def _term_data(item: Item, plan: Understood) -> dict[str, Any]:
    printed = {"printed": item.term.printed}
    if isinstance(item.term, Unclear):
        return {**printed, "understood": False, "question": str(item.term.problem)}
    meaning = item.term.meaning
    found = window(meaning, year=plan.year, calendar=plan.calendar)
    due = occurrences(meaning, year=plan.year, calendar=plan.calendar)
    return {
        **printed,
        "understood": True,
        "meaning": as_data(meaning),
        "in_words": described(meaning),
        "begins_on": found.begins_on.isoformat() if found and found.begins_on else None,
        "ends_on": found.ends_on.isoformat() if found else None,
        "due_on": [one.due_on.isoformat() for one in due],
    }


def _findings_data(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": item.code,
            "activities": list(item.keys),
            "finding": item.sentence,
            "cure": item.cure,
            "changes": [
                {"activity": c.key, "field": c.field, "value": c.value} for c in item.changes
            ],
        }
        for item in findings
    ]
