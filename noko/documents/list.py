"""The year's list of organisations as DOCX, PDF and XLSX, and what its digest is over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from noko.core.frequency import ASSESSED, REASONS, FrequencyRule, Reason, Turn, sentence
from noko.core.organisation_types import TYPE_TITLES, type_title
from noko.documents.docx import fill
from noko.documents.formats import Document, in_every_format
from noko.documents.pdf import typeset
from noko.documents.wording import INVENTED, long_date
from noko.documents.xlsx import Cell, Column, Table, xlsx
from noko.models import Decision, ListEntry, OrganisationList
from noko.queries.frequency_rules import rule_named
from noko.queries.list_coverage import Coverage, coverage_of
from noko.queries.list_difference import as_lines, difference
from noko.templatetags.russian import counted, number_text

TEMPLATE = "list"
UNKNOWN = "не известно"


@dataclass(frozen=True, slots=True)
class Approval:
    """By what the list is, or is about to be, approved; both empty: it is a draft."""

    decision: Decision | None = None
    basis: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the documents of one list say, read once."""

    item: OrganisationList
    rule: FrequencyRule
    entries: tuple[ListEntry, ...]
    coverage: Coverage
    digest: str
    approval: Approval

    @property
    def included(self) -> list[ListEntry]:
        return [entry for entry in self.entries if entry.included]

    @property
    def title(self) -> str:
        return (
            f"Перечень образовательных организаций для проведения {self.rule.subject} "
            f"в {self.item.cycle.year} году"
        )


def content_for(
    item: OrganisationList,
    approval: Approval | None = None,
    digest: str = "",
    within: Collection[int] | None = None,
) -> Content:
    """``approval``: what stands on the documents; for an approved list what it was approved by.

    ``within``: the organisations that coverage tells of, all by default.
    """
    if approval is None and item.approved:
        approval = Approval(item.decision, item.basis, item.approved_on)
    return Content(
        item,
        rule_named(item.rule),
        tuple(item.entries.all()),
        coverage_of(item, within),
        digest or item.digest,
        approval or Approval(),
    )


def list_docx(content: Content) -> bytes:
    return fill(TEMPLATE, list_data(content))


def list_pdf(content: Content) -> bytes:
    return typeset(TEMPLATE, list_data(content))


def list_files(content: Content) -> dict[str, bytes]:
    """The list in every format: "docx", "pdf", "xlsx" → its bytes."""
    (texts,) = in_every_format([Document(TEMPLATE, TEMPLATE, list_data(content))])
    made = {name.rpartition(".")[2]: made for name, made in texts}
    return made | {"xlsx": list_xlsx(content)}


def basis_of(entry: ListEntry, year: int) -> str:
    """Why the organisation stands where it stands, as a sentence."""
    return sentence(Turn(Reason(entry.reason), entry.last, entry.until), year)


def list_data(content: Content) -> dict[str, Any]:
    """What stands in the template, all as texts."""
    item, year = content.item, content.item.cycle.year
    rule = content.rule
    act = rule.at_least_once_in.basis.act
    whole = counted(len(content.included), "организация,организации,организаций")
    return {
        "title": content.title,
        "stamp": "УТВЕРЖДЁН" if _is_approved(content.approval) else "ПРОЕКТ",
        "approved": _approved(content.approval),
        "council": content.approval.decision.council.name if content.approval.decision else "",
        "version": f"Версия {item.version}" if item.version > 1 else "",
        "notice": INVENTED if item.cycle.invented else "",
        "lead": f"В перечне {whole}. Правило: {often_words(rule)} ({act}).",
        "groups": _groups(content),
        "decided": [_otherwise(entry, year) for entry in content.included if not entry.proposed],
        "left_out": [
            _otherwise(entry, year)
            for entry in content.entries
            if not entry.included and entry.reason in (Reason.OVERDUE, Reason.DUE)
        ],
        "reason": item.reason,
        "differences": as_lines(difference(item.amends, item)) if item.amends else [],
        "coverage": _coverage(content.coverage),
        "digest": content.digest,
    }


def often_words(rule: FrequencyRule) -> str:
    """«не чаще одного раза в год и не реже одного раза в 3 года»."""
    return (
        f"не чаще одного раза в {_years(rule.at_most_once_in.years)} и не реже одного раза в "
        f"{_years(rule.at_least_once_in.years)}"
    )


def _years(number: int) -> str:
    return "год" if number == 1 else counted(number, "год,года,лет")


def _is_approved(approval: Approval) -> bool:
    return bool(approval.decision or approval.basis)


def _approved(approval: Approval) -> str:
    decision = approval.decision
    if decision is not None:
        return (
            f"решением общественного совета от {long_date(decision.adopted_on)} № {decision.number}"
        )
    return approval.basis


def _groups(content: Content) -> list[dict[str, Any]]:
    groups, number = [], 0
    types = [*TYPE_TITLES, *(e.type for e in content.included if e.type not in TYPE_TITLES)]
    for code in dict.fromkeys(types):
        rows = []
        for entry in content.included:
            if entry.type != code:
                continue
            number += 1
            rows.append(_row(number, entry, content.item.cycle.year))
        if rows:
            whole = counted(len(rows), "организация,организации,организаций")
            groups.append({"title": f"{type_title(code)}: {whole}", "rows": rows})
    return groups


def _row(number: int, entry: ListEntry, year: int) -> dict[str, str]:
    return {
        "number": str(number),
        "name": entry.full_name,
        "municipality": entry.municipality,
        "inn": entry.inn or "–",
        "population": UNKNOWN if entry.enrolment is None else number_text(entry.enrolment),
        "basis": basis_of(entry, year),
    }


def _otherwise(entry: ListEntry, year: int) -> dict[str, str]:
    return {
        "name": entry.short_name,
        "municipality": entry.municipality,
        "basis": basis_of(entry, year),
        "note": entry.note,
    }


def _coverage(found: Coverage) -> dict[str, Any]:
    first, last = found.years[0], found.years[-1]
    return {
        "title": f"Охват за {first}–{last} годы",
        "lead": coverage_sentence(found),
        "rows": [
            {
                "name": name,
                "organisations": number_text(total.organisations),
                "covered": number_text(total.covered),
                "exempt": number_text(total.exempt),
                "uncovered": number_text(total.uncovered),
            }
            for name, total in found.by_municipality.items()
        ],
    }


def coverage_sentence(found: Coverage) -> str:
    """«За 2025–2027 годы из 300 организаций охвачены 296 …»."""
    whole = found.whole
    first, last = found.years[0], found.years[-1]
    text = (
        f"За {first}–{last} годы: организаций в реестре – {number_text(whole.organisations)}, "
        f"охвачено оценкой – {number_text(whole.covered)}"
    )
    if whole.exempt:
        text += f", не оцениваются – {number_text(whole.exempt)}"
    if whole.uncovered:
        return f"{text}, не охвачено – {number_text(whole.uncovered)}."
    return f"{text}. Не охваченных нет."


# --- a table --------------------------------------------------------------------------------------

COLUMNS = (
    Column("№", 6),
    Column("Полное наименование", 60),
    Column("Краткое наименование", 34),
    Column("Тип", 20),
    Column("Муниципальное образование", 28),
    Column("ИНН", 13),
    Column("ОГРН", 16),
    Column("Получателей услуг", 12),
    Column("Последняя оценка", 11),
    Column("Оценить не позднее", 11),
    Column("Основание", 24),
    Column("Почему решено иначе", 40),
)


def list_xlsx(content: Content) -> bytes:
    """Those in the list, those who are not, and the years of everybody."""
    others = [entry for entry in content.entries if not entry.included]
    return xlsx(
        [
            Table("Перечень", COLUMNS, _cells(content.included), frozen=2),
            Table("Не вошли", COLUMNS, _cells(others), frozen=2),
            coverage_table(content.coverage),
        ],
        title=_named(content),
    )


def _named(content: Content) -> str:
    return f"{INVENTED} {content.title}" if content.item.cycle.invented else content.title


def _cells(entries: Sequence[ListEntry]) -> list[list[Cell]]:
    return [
        [
            *(number, entry.full_name, entry.short_name, type_title(entry.type)),
            *(entry.municipality, entry.inn, entry.ogrn, entry.enrolment, entry.last, entry.until),
            *(REASONS[Reason(entry.reason)], entry.note),
        ]
        for number, entry in enumerate(entries, start=1)
    ]


def coverage_table(found: Coverage) -> Table:
    """Organisation × year."""
    columns = [
        Column("Организация", 60),
        Column("Тип", 20),
        Column("Муниципальное образование", 28),
        *(Column(str(year), 12) for year in found.years),
        Column("Охвачена", 10),
        Column("Не оценивается", 16),
        Column("Оценить не позднее", 11),
    ]
    rows: list[list[Cell]] = [
        [
            *(row.entry.short_name, type_title(row.entry.type), row.entry.municipality),
            *(mark_word(row.covered.marks.get(year, "")) for year in found.years),
            *(row.covered.covered, row.covered.exempt, row.covered.until),
        ]
        for row in found.rows
    ]
    return Table("Охват", columns, rows)


def mark_word(mark: str) -> str:
    return {"": "", ASSESSED: "оценена"}.get(mark, "в перечне")


def coverage_xlsx(content: Content) -> bytes:
    return xlsx([coverage_table(content.coverage)], title=f"{_named(content)}: охват")
