"""An adopted plan of a few activities, made by the same deeds as a real one."""

from __future__ import annotations

from datetime import UTC, date, datetime

from noko.actions import plan as plans
from noko.actions import plan_adoption, plan_findings
from noko.core.planning.draft import Draft, DraftRow
from noko.core.planning.rows import Section
from noko.models import Cycle, Municipality, Plan, PlanActivity
from noko.queries.plan_logic import open_findings

NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
SECTIONS = (Section("1", "Подготовка"), Section("2", "Проведение"))
ROWS = (
    DraftRow("1.1", "Составить перечень организаций на следующий год", "до 30 ноября 2026 г.",
             "Общественный совет\nСекретарь процедуры", "Утверждённый перечень", 0,
             code="list", closes_by=("document",)),
    DraftRow("1.2", "Помогать муниципалитетам", "постоянно", "Секретарь процедуры", "Порядок", 0,
             code="support", closes_by=("document",), second_person=True),
    DraftRow("2.1", "Провести оценку в дошкольных организациях", "Февраль – апрель",
             "Организация-оператор", "Данные", 1, code="wave_preschool", closes_by=("document",)),
    DraftRow("2.2", "Опубликовать результаты", "до 4 декабря 2026 г.", "Пресс-служба", "Рейтинг", 1,
             code="publication", closes_by=("release_published",)),
    DraftRow("2.3", "Контроль за выполнением планов", "ежеквартально до 3 числа",
             "Секретарь процедуры", "Сведения", 1, code="control", closes_by=("document",),
             second_person=True),
)  # fmt: skip


def draft(*, year: int = 2026, rows: tuple[DraftRow, ...] = ROWS) -> Draft:
    return Draft(f"План мероприятий на {year} год", year, "344n-2018", SECTIONS, rows)


def make_plan(
    cycle: Cycle,
    *,
    adopted: bool = True,
    rows: tuple[DraftRow, ...] = ROWS,
    municipality: Municipality | None = None,
) -> Plan:
    """``adopted``: findings that stand in the way are dismissed."""
    plan = plans.create(cycle=cycle, draft=draft(year=cycle.year, rows=rows), by=None, now=NOW)
    return adopt(plan) if adopted else plan


def adopt(plan: Plan) -> Plan:
    for finding in open_findings(plan):
        plan_findings.dismiss(
            plan=plan, fingerprint=finding.fingerprint, reason="Так и надо.", by=None, now=NOW
        )
    return plan_adoption.adopt(
        plan=plan, basis="решение общественного совета № 1", on=date(2026, 1, 12), by=None, now=NOW
    )


def activity(plan: Plan, number: str) -> PlanActivity:
    return plan.activities.select_related("plan__cycle").get(number=number)
