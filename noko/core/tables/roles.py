"""What a file is for: answers, an inspection, ready counts, or a list of organisations.

A file that was put in the place of another is told so; otherwise the person would read that every
column is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from noko.core.editions import Edition
from noko.core.refusal import Place, Refusal
from noko.core.tables.answers import read_answers
from noko.core.tables.columns import suggest_mapping
from noko.core.tables.counts import read_counts
from noko.core.tables.inspection import checklist_of, read_inspection, symbol_columns
from noko.core.tables.organisations import FIELDS, OrganisationsTable, read_organisations
from noko.core.tables.questions import QuestionMatcher
from noko.core.tables.sheet import Sheet, locate

TITLES = {
    "answers": "анкеты",
    "inspection": "таблица осмотра",
    "counts": "готовые количества",
    "organisations": "перечень организаций",
}
_READERS: Mapping[str, Callable[..., Any]] = {
    "answers": read_answers,
    "inspection": read_inspection,
    "counts": read_counts,
}
_PLAINLY = 0.5
"""A file is plainly of a role when it has at least so much of what the role asks for."""


def read_as(
    role: str,
    sheets: Sequence[Sheet],
    edition: Edition,
    *,
    columns: Mapping[str, str] | None = None,
) -> Any:
    """The table of the role; refusal ``another_role`` where the file is plainly of another."""
    try:
        return _READERS[role](sheets, edition, columns=columns)
    except Refusal as refusal:
        other = role_of(sheets, edition) if refusal.kind == "missing_column" else ""
        if other in ("", role):
            raise
        raise _another(other, role, sheets) from None


def read_list(sheets: Sequence[Sheet], editions: Iterable[Edition]) -> OrganisationsTable:
    """The list of organisations; refusal ``another_role`` where it is plainly something else.

    Names of organisations stand in every file, so the reader of lists would take any of them.
    """
    for edition in editions:
        other = role_of(sheets, edition)
        if other not in ("", "organisations"):
            raise _another(other, "organisations", sheets)
    return read_organisations(sheets)


_NEEDED = {"inspection": "нужна", "organisations": "нужен"}


def _another(found: str, wanted: str, sheets: Sequence[Sheet]) -> Refusal:
    needed = _NEEDED.get(wanted, "нужны")
    return Refusal(
        f"Похоже, это {TITLES[found]}, а здесь {needed} {TITLES[wanted]}.",
        kind="another_role",
        cure="Проверьте, тот ли файл выбран. Ничего не сохранено.",
        place=Place(file=sheets[0].file),
    )


def role_of(sheets: Sequence[Sheet], edition: Edition) -> str:
    """The role that the file has most of, "" when it has not half of any.

    Ready counts hold the figures of an inspection too: of equal shares the earlier role counts.
    """
    shares = {role: _share(sheets, fits, whole) for role, (fits, whole) in _measures(edition)}
    best = max(shares, key=lambda role: shares[role])
    return best if shares[best] >= _PLAINLY else ""


def _share(sheets: Sequence[Sheet], fits: Callable[[Sequence[str]], int], whole: int) -> float:
    return min(fits(locate(sheets, fits).headers) / whole, 1)


def _measures(
    edition: Edition,
) -> list[tuple[str, tuple[Callable[[Sequence[str]], int], int]]]:
    """Role → how many of its columns a row of headers has, and how many there are."""
    inspected = [item for item in edition.inputs if item.collected == "inspection"]
    required = [item for item in edition.inputs if not item.optional]
    lists = [item for item in edition.checklists if item.present and item.signs]
    matcher = QuestionMatcher(edition)

    def checklists(headers: Sequence[str]) -> int:
        found = {found.code for header in headers if (found := checklist_of(edition, header))}
        return max(len(found), len(symbol_columns(inspected, headers, set())))

    def counts(headers: Sequence[str]) -> int:
        return len(symbol_columns(required, headers, set()))

    def organisations(headers: Sequence[str]) -> int:
        return len(suggest_mapping(headers, FIELDS).columns)

    return [
        ("answers", (matcher.recognised, len(matcher.closed))),
        ("counts", (counts, len(required))),
        ("inspection", (checklists, max(len(lists), 1))),
        ("organisations", (organisations, 6)),
    ]
