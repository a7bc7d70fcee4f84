"""Counting as a person would do it, row by row: what the one expression must equal."""

from collections.abc import Iterable, Mapping

from noko.core.editions import Edition

Row = Mapping[str, int | None]


def naive_counts(
    edition: Edition, rows: Iterable[tuple[str, Row]], skipped: str = "answered"
) -> dict[str, dict[str, int]]:
    """Organisation → symbol → count, with ``respondents`` and ``contradictory:<question>``."""
    found: dict[str, dict[str, int]] = {}
    for organisation, row in rows:
        counts = found.setdefault(organisation, _zeros(edition))
        counts["respondents"] += 1
        for question in edition.questionnaire.closed:
            answer = row[question.id]
            shown = question.show_if is None or (
                row[question.show_if.question] == question.show_if.answer
            )
            if answer is not None and not shown:
                counts[f"contradictory:{question.id}"] += 1
            if question.asked and shown and (answer is not None or skipped == "filter_yes"):
                counts[question.asked] += 1
            if question.satisfied and shown and answer in question.positive:
                counts[question.satisfied] += 1
    return found


def _zeros(edition: Edition) -> dict[str, int]:
    names = ["respondents"]
    for question in edition.questionnaire.closed:
        names += [symbol for symbol in (question.asked, question.satisfied) if symbol]
        if question.show_if:
            names.append(f"contradictory:{question.id}")
    return dict.fromkeys(names, 0)
