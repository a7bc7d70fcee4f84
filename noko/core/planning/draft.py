"""A plan before it is kept: from a file, from the template, from last year's plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from noko.core.planning.calendar import WorkingCalendar
from noko.core.planning.logic import Finding, Item, check_plan
from noko.core.planning.people import split_responsible
from noko.core.planning.reading import Understood
from noko.core.planning.rows import Section
from noko.core.planning.template import PlanTemplate
from noko.core.planning.term_grammar import parse_term

_YEARS = re.compile(r"\b(20\d\d)(?!\d)")
_SHORT_DATES = re.compile(r"\b(\d{1,2}\.\d{1,2}\.)(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """``section`` is a position among the sections; ``meaning``: the wording that is understood,
    "" where it is the printed one. ``inherited``: key of the regional activity."""

    number: str
    activity: str
    term: str
    responsible: str = ""
    result: str = ""
    section: int | None = None
    meaning: str = ""
    code: str = ""
    closes_by: tuple[str, ...] = ()
    second_person: bool = False
    inherited: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    year: int
    template: str
    sections: tuple[Section, ...]
    rows: tuple[DraftRow, ...]


def draft_from_template(template: PlanTemplate, year: int) -> Draft:
    """The activities of the template; their terms name no year, so they are of the plan's."""
    numbers = [section.number for section in template.sections]
    rows = tuple(
        DraftRow(
            number=item.number,
            activity=item.activity,
            term=item.term,
            responsible="\n".join(item.responsible),
            result="\n".join(item.result),
            section=numbers.index(item.section),
            code=item.code,
            closes_by=tuple(item.closes_by),
            second_person=item.second_person,
        )
        for item in template.activities
    )
    sections = tuple(Section(item.number, item.title) for item in template.sections)
    return Draft(template.title.format(year=year), year, template.code, sections, rows)


def draft_from_file(plan: Understood, template: PlanTemplate) -> Draft:
    """The rows of the file; what each activity closes by is the template's, or a document."""
    sections = list(plan.table.sections)
    rows = tuple(
        DraftRow(
            number=row.number,
            activity=row.activity,
            term=row.term,
            responsible=row.responsible_printed,
            result=row.result,
            section=sections.index(row.section) if row.section in sections else None,
            code=item.code,
            **closing_of(item.code, template),  # type: ignore[arg-type]
        )
        for row, item in zip(plan.table.rows, plan.items, strict=True)
    )
    title = plan.table.title or template.title.format(year=plan.year)
    return Draft(title, plan.year, template.code, tuple(sections), rows)


def closing_of(code: str, template: PlanTemplate) -> dict[str, object]:
    """How the template's activity ``code`` closes; one of their own closes by what people bring."""
    known = template.by_code.get(code)
    if known is None:
        return {"closes_by": ("document", "link"), "second_person": False}
    return {"closes_by": tuple(known.closes_by), "second_person": known.second_person}


def next_year(draft: Draft, *, year: int, template: str) -> Draft:
    """The same plan for ``year``: every year named in texts and terms moves along."""
    by = year - draft.year
    rows = tuple(
        replace(
            row,
            activity=later(row.activity, by),
            term=later(row.term, by),
            meaning=later(row.meaning, by),
            result=later(row.result, by),
            inherited=None,
        )
        for row in draft.rows
    )
    sections = tuple(Section(item.number, later(item.title, by)) for item in draft.sections)
    return Draft(later(draft.title, by), year, template, sections, rows)


def later(text: str, by: int) -> str:
    """Every year in the text ``by`` years later: «2016г.», «10.12.2016», «10.12.16»."""
    moved = _YEARS.sub(lambda found: str(int(found[1]) + by), text)
    return _SHORT_DATES.sub(lambda found: f"{found[1]}{int(found[2]) + by:02}", moved)


def renumbered(rows: Sequence[DraftRow], sections: Sequence[Section]) -> tuple[DraftRow, ...]:
    """Rows without a number get the next one of their section: «2.12»."""
    taken = {row.number for row in rows}
    made = []
    for row in rows:
        number = row.number
        if not number:
            prefix = sections[row.section].number if row.section is not None else ""
            number = next(n for n in _numbers(prefix) if n not in taken)
            taken.add(number)
        made.append(replace(row, number=number))
    return tuple(made)


def _numbers(prefix: str) -> list[str]:
    return [f"{prefix}.{n}" if prefix else str(n) for n in range(1, 1000)]


def items_of(draft: Draft) -> tuple[Item, ...]:
    """The rows as the check of a plan's logic takes them; one without a number by its order."""
    return tuple(
        Item(
            key=row.number or f"строка {position}",
            activity=row.activity,
            term=parse_term(row.meaning or row.term, year=draft.year),
            responsible=split_responsible(row.responsible),
            result=row.result,
            code=row.code,
        )
        for position, row in enumerate(draft.rows, start=1)
    )


def check_draft(
    draft: Draft, *, calendar: WorkingCalendar, template: PlanTemplate
) -> tuple[Finding, ...]:
    """Findings of a plan that is not kept yet."""
    return check_plan(items_of(draft), year=draft.year, calendar=calendar, template=template)


def as_data(draft: Draft) -> dict[str, Any]:
    """For JSON; :func:`from_data` gives the draft back."""
    return asdict(draft)


def from_data(data: Mapping[str, Any]) -> Draft:
    rows = tuple(DraftRow(**{**row, "closes_by": tuple(row["closes_by"])}) for row in data["rows"])
    sections = tuple(Section(**section) for section in data["sections"])
    return Draft(data["title"], data["year"], data["template"], sections, rows)
