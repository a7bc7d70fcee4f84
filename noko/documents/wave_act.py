"""The act of a closed wave as Word and PDF: only from what was kept at the closing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noko.documents.docx import fill
from noko.documents.pdf import typeset
from noko.models import Wave
from noko.templatetags.russian import counted, genitive, long_date, number_text

SUFFIXES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_ANSWERS = "анкета,анкеты,анкет"
_ORGANISATIONS = "организация,организации,организаций"


def wave_act(wave: Wave, suffix: str) -> bytes:
    """``suffix`` of :data:`SUFFIXES`; the same wave, the same bytes."""
    make = fill if suffix == "docx" else typeset
    return make("wave_act", act_data(wave))


def act_data(wave: Wave) -> dict[str, Any]:
    act = wave.act
    day = long_date(wave.closed_at)
    by = f" Опрос проводил оператор: {wave.operator}." if wave.operator else ""
    every = genitive(act["organisations"], "организации,организаций")
    return {
        "title": f"Акт о завершении сбора анкет от {day}",
        "date": day,
        "subject": f"{wave}. Опрос шёл с "
        f"{long_date(wave.starts_on)} по {long_date(wave.ends_on)}{by}",
        "collected": f"Принято {counted(act['accepted'], _ANSWERS)} из "
        f"{number_text(act['target'])} нужных по выборке.",
        "reached": f"Выборку набрали: {number_text(act['reached'])} из {every}.",
        "lines": list(_lines(act)),
        "rows": [
            {
                "number": str(number),
                "organisation": name,
                "municipality": municipality,
                "population": _number(population),
                "target": _number(target),
                "accepted": number_text(accepted),
            }
            for number, (name, municipality, population, target, accepted) in enumerate(
                act["rows"], start=1
            )
        ],
        "checks_title": f"Сверка с контрактом: {act['contract']}" if act.get("checks") else "",
        "checks": [_check(item) for item in act.get("checks", ())],
        "reason": f"Причина закрытия: {act['reason']}" if act.get("reason") else "",
        "required": [
            {
                "number": str(number),
                "organisation": name,
                "municipality": municipality,
                "required": number_text(required),
                "accepted": _number(accepted),
                "inspected": {True: "есть", False: "нет", None: "–"}[inspected],
            }
            for number, (name, municipality, required, accepted, inspected) in enumerate(
                act.get("required", ()), start=1
            )
        ],
        "notes": [
            "После закрытия анкеты не принимаются. Ключи, по которым распознавались повторы, и "
            "следы качества удалены.",
            "Контрольная сумма опроса (SHA-256):",
            wave.digest,
        ],
    }


def _lines(act: dict[str, Any]) -> Iterator[str]:
    if act["channels"]:
        shares = ", ".join(f"{label} – {number_text(number)}" for label, number in act["channels"])
        yield f"По каналам: {shares}."
    if act["excluded"]:
        yield f"Исключены по решению двух человек: {counted(act['excluded'], _ANSWERS)}."
    if act["below"]:
        yield f"Не набрали выборку: {'; '.join(act['below'])}."
    if act["without"]:
        yield f"Нет ни одной анкеты: {'; '.join(act['without'])}."


def _check(item: dict[str, Any]) -> dict[str, str]:
    return {
        "text": item["text"],
        "clauses": ", ".join(item["clauses"]) or "–",
        "result": "выполнено" if item["met"] else "не выполнено",
        "lines": "; ".join([*item["unmet"], *item["notes"]]) or "–",
    }


def _number(value: int | None) -> str:
    return "–" if value is None else number_text(value)
