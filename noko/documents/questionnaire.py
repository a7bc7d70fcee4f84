"""The questionnaire on paper: A4, to be ticked by hand, the same bytes each time.

Nothing on it points to a person. The number of a sheet is written on it when the sheets have been
collected: a number that is printed beforehand would tell who was given which sheet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from noko.core.answers.form import Asked, Form
from noko.core.answers.slip import condition_text
from noko.documents.pdf import typeset
from noko.templatetags.russian import long_date

LONG_LABEL = 24
"""Options up to this length stand side by side, longer ones below each other."""

REMARK_LINES = 5


def questionnaire_pdf(
    form: Form,
    *,
    starts_on: date,
    ends_on: date,
    operator: str,
    organisation: str = "",
    code: str = "",
) -> bytes:
    """One sheet, to be copied as often as needed.

    Without ``organisation`` its name is a line to be written on.
    """  # fmt: skip
    by = f"Опрос проводит {operator}. " if operator else ""
    return typeset(
        "questionnaire",
        {
            "title": f"Анкета: {organisation}" if organisation else "Анкета",
            "heading": form.title,
            "preamble": form.preamble,
            "organisation": organisation,
            "code": code,
            "how": "Отметьте один ответ на каждый вопрос знаком × или ✓. Если ошиблись, закрасьте "
            "квадрат целиком и отметьте другой. Вопрос можно пропустить.",
            "anonymous": "Анкета анонимная: не пишите на ней имя, телефон и адрес. Номер листа "
            "ставят, когда анкеты уже собраны.",
            "questions": [_question(form, item) for item in form.asked],
            "footer": f"{by}Ответы принимают с {long_date(starts_on)} по {long_date(ends_on)} "
            f"Версия анкеты {form.version}.",
        },
    )


def _question(form: Form, item: Asked) -> dict[str, Any]:
    condition = condition_text(form, item)
    return {
        "number": item.number,
        "text": item.text,
        "condition": f"Отвечайте, {condition}." if condition else "",
        "options": [option.label for option in item.options],
        "beside": all(len(option.label) <= LONG_LABEL for option in item.options),
        "kind": item.kind,
        "lines": REMARK_LINES if item.kind == "text" else 0,
    }
