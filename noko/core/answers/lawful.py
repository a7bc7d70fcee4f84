"""What may be answered to a closed question, as a number and in words."""

from __future__ import annotations

from noko.core.editions import Edition, Question


def lawful_answers(edition: Edition, question: Question) -> tuple[int, int]:
    """The least and the greatest possible answer to a closed question."""
    if question.scale == "levels":
        return 1, len(edition.questionnaire.levels)
    return 0, 1


def allowed_text(edition: Edition, question: Question) -> str:
    """What a cell of the question may hold, in Russian."""
    if question.scale == "levels":
        return f"от 1 до {len(edition.questionnaire.levels)} (номер ответа) или пусто"
    return "1 (да), 0 (нет) или пусто"
