"""What a contract asks for as a file, so that a delivery can be compared anywhere and later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from noko.core.acceptance import Demand, Required
from noko.core.refusal import Place, Refusal
from noko.core.specification import Check

FORMAT = 1
"""Version of the layout; a reader refuses a later one."""

KIND = "broken_contract"


def demand_bytes(demand: Demand) -> bytes:
    """The file: JSON, UTF-8, keys in a fixed order; the same demand gives the same bytes."""
    body = {
        "noko_acceptance": FORMAT,
        "contract": demand.contract,
        "edition": {"code": demand.edition, "digest": demand.edition_digest},
        "due_on": demand.due_on.isoformat() if demand.due_on else None,
        "formats": dict(demand.formats),
        "clauses": {str(check): list(numbers) for check, numbers in demand.clauses.items()},
        "organisations": [_organisation(item) for item in demand.organisations],
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _organisation(item: Required) -> dict[str, Any]:
    return {
        "name": item.name,
        "municipality": item.municipality,
        "type": item.type,
        "inn": item.inn,
        "ogrn": item.ogrn,
        "questionnaires": item.questionnaires,
        "inspection": item.inspection,
        "indicators": list(item.indicators),
    }


def parse_demand(data: bytes, *, file: str) -> Demand:
    """The demand in a file. Refusals: ``broken_contract`` names the key, ``newer_contract``."""
    try:
        body = json.loads(data)
    except ValueError:
        raise _broken("Файл не читается как JSON.", file) from None
    reading = _Reading(file)
    version = reading.get(body, "noko_acceptance", int)
    if version > FORMAT:
        raise Refusal(
            f"Файл создан более новой версией: вид {version}, здесь известен {FORMAT}.",
            kind="newer_contract",
            cure="Обновите программу.",
            place=Place(file=file, key="noko_acceptance"),
        )
    edition = reading.get(body, "edition", dict)
    listed = reading.get(body, "organisations", list)
    return Demand(
        contract=reading.get(body, "contract", str),
        edition=reading.get(edition, "code", str, "edition."),
        edition_digest=reading.get(edition, "digest", str, "edition."),
        due_on=reading.day(body, "due_on"),
        formats=reading.texts(body, "formats"),
        organisations=tuple(
            _required(reading, item, f"organisations[{number}].")
            for number, item in enumerate(listed)
        ),
        clauses=_clauses(reading, body),
    )


def _required(reading: _Reading, item: Any, prefix: str) -> Required:
    number = reading.get(item, "questionnaires", int, prefix)
    if number < 0:
        raise _broken("Число анкет отрицательное.", reading.file, f"{prefix}questionnaires")
    return Required(
        name=reading.get(item, "name", str, prefix),
        municipality=reading.get(item, "municipality", str, prefix),
        type=reading.get(item, "type", str, prefix),
        inn=reading.get(item, "inn", str, prefix),
        ogrn=reading.get(item, "ogrn", str, prefix),
        questionnaires=number,
        inspection=reading.get(item, "inspection", bool, prefix),
        indicators=reading.list_of_texts(item, "indicators", prefix),
    )


def _clauses(reading: _Reading, body: Mapping[str, Any]) -> dict[Check, tuple[str, ...]]:
    given = reading.get(body, "clauses", dict)
    known = {str(check) for check in Check}
    return {
        Check(name): reading.list_of_texts(given, name, "clauses.")
        for name in given
        if name in known
    }


class _Reading:
    """Values of the expected kind out of parsed JSON, or a refusal with the key."""

    def __init__(self, file: str) -> None:
        self.file = file

    def get(self, body: Any, key: str, kind: type[Any], prefix: str = "") -> Any:
        value = body.get(key) if isinstance(body, dict) else None
        wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or wrong_bool:
            raise _broken("Ключа нет, или его значение другого вида.", self.file, prefix + key)
        return value

    def day(self, body: Any, key: str) -> date | None:
        value = body.get(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise _broken(f"Дата «{value}» не читается.", self.file, key) from None

    def texts(self, body: Any, key: str) -> dict[str, str]:
        return {str(name): str(text) for name, text in self.get(body, key, dict).items()}

    def list_of_texts(self, body: Any, key: str, prefix: str = "") -> tuple[str, ...]:
        return tuple(str(item) for item in self.get(body, key, list, prefix))


def _broken(message: str, file: str, key: str = "") -> Refusal:
    return Refusal(
        message,
        kind=KIND,
        cure="Скачайте файл приёмки со страницы контракта заново.",
        place=Place(file=file, key=key),
    )
