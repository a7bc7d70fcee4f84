"""The plan and the report on its progress as Word, PDF and a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from noko.core.planning.progress import TITLES, Status
from noko.documents.docx import fill
from noko.documents.pdf import typeset
from noko.documents.xlsx import Column, Table, xlsx
from noko.queries.plan import Group, PlanView, Row
from noko.templatetags.russian import long_date

SUFFIXES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = ("plan", "progress")
HEAD = ("№ п/п", "Мероприятие", "Срок исполнения", "Ответственные исполнители")
WIDTHS = (8, 60, 24, 34)


def plan_document(view: PlanView, kind: str, suffix: str) -> bytes:
    """``kind`` of :data:`KINDS`, ``suffix`` of :data:`SUFFIXES`; the same view, the same bytes."""
    data = _CONTEXTS[kind](view)
    if suffix == "docx":
        return fill(kind, data)
    if suffix == "pdf":
        return typeset(kind, data)
    return xlsx([_sheet(view, kind)], title=data["title"])


def _plan(view: PlanView) -> dict[str, Any]:
    return {
        "title": view.plan.title,
        "basis": _basis(view),
        "sections": [_section(group, _plan_row) for group in view.groups],
    }


def _progress(view: PlanView) -> dict[str, Any]:
    counts = ". ".join(f"{TITLES[s].capitalize()}: {view.counts[s]}" for s in Status)
    return {
        "title": f"Отчёт о ходе выполнения плана на {long_date(view.today)}",
        "plan": str(view.plan),
        "basis": _basis(view),
        "summary": f"Мероприятий: {len(view.rows)}. {counts}.",
        "sections": [_section(group, _progress_row) for group in view.groups],
    }


_CONTEXTS: Mapping[str, Callable[[PlanView], dict[str, Any]]] = {
    "plan": _plan,
    "progress": _progress,
}


def _basis(view: PlanView) -> str:
    """«Решение совета № 1 (12 января 2026 г.)»; nothing in a draft."""
    plan = view.plan
    return f"{plan.basis} ({long_date(plan.adopted_on)})" if plan.adopted else ""


def _section(group: Group, row: Callable[[Row], dict[str, str]]) -> dict[str, Any]:
    title = str(group.section) if group.section else ""
    return {"title": title, "rows": [row(item) for item in group.rows]}


def _plan_row(row: Row) -> dict[str, str]:
    activity = row.activity
    return {
        "number": activity.number,
        "activity": activity.activity,
        "term": activity.term,
        "responsible": activity.responsible_printed,
        "result": activity.result,
    }


def _progress_row(row: Row) -> dict[str, str]:
    return {**_plan_row(row), "status": status_of(row), "proof": proof_of(row) or "–"}


def status_of(row: Row) -> str:
    """«выполнено 20 ноября 2026 г.», «просрочено с 30 ноября 2026 г.»."""
    return f"{row.status_title} {since(row)}".strip()


def since(row: Row) -> str:
    """Since when the status holds, where that says something: the day it was done or due."""
    if row.standing.done_on is not None:
        return long_date(row.standing.done_on)
    if row.status is Status.OVERDUE and row.standing.due_on is not None:
        return f"с {long_date(row.standing.due_on)}"
    return ""


def proof_of(row: Row) -> str:
    """Facts of the system and documents that people have brought, each on a line."""
    facts = [f"{fact.title} ({long_date(fact.on)})" for fact in row.facts]
    brought = [
        f"{item.title}{f', {item.period}' if item.period else ''} ({long_date(item.done_on)})"
        for item in row.results
    ]
    return "\n".join([*facts, *brought])


def _sheet(view: PlanView, kind: str) -> Table:
    """The section stands in a column of its own, so that the table can be filtered."""
    columns = [Column("Раздел", 28), *(Column(t, w) for t, w in zip(HEAD, WIDTHS, strict=True))]
    tail = (
        [Column("Результат (итоговый документ)", 40)]
        if kind == "plan"
        else [Column("Выполнение", 26), Column("Чем подтверждено", 44)]
    )
    rows = []
    for group in view.groups:
        for row in group.rows:
            data = _progress_row(row)
            common = (data["number"], data["activity"], data["term"], data["responsible"])
            last = (data["result"],) if kind == "plan" else (data["status"], data["proof"])
            rows.append((str(group.section or ""), *common, *last))
    return Table("План" if kind == "plan" else "Выполнение", [*columns, *tail], rows, frozen=2)
