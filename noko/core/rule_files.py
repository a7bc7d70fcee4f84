"""The texts of rule files: YAML read safely, and a mistake in one named by file, row and key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from noko.core.refusal import Place, Problem, Refusal

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where it is built: ten times faster."""

_MESSAGES = {
    "missing": "ключа нет",
    "extra_forbidden": "ключ не известен",
    "enum": "такого значения нет",
    "literal_error": "такого значения нет",
    "greater_than_equal": "число слишком мало",
}


def read_mapping(name: str, text: str, *, kind: str) -> dict[str, Any]:
    """The keys and values of a YAML text. Refusal ``kind`` names the file ``name`` and the row."""
    try:
        loaded = yaml.load(text, Loader=_LOADER)  # noqa: S506 (a safe one)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Refusal(
            "Файл не читается как YAML.",
            kind=kind,
            cure="Проверьте отступы и кавычки в указанной строке.",
            place=Place(file=name, row=mark.line + 1 if mark else None),
        ) from None
    if not isinstance(loaded, dict):
        raise Refusal("Ожидались ключи со значениями.", kind=kind, place=Place(file=name))
    return loaded


def faults(error: ValidationError) -> Iterator[tuple[list[str], str]]:
    """Path of keys and Russian reason of every fault that the model found."""
    for item in error.errors():
        reason = _MESSAGES.get(item["type"], item["msg"].removeprefix("Value error, "))
        yield [str(part) for part in item["loc"]], reason


def broken_file(message: str, name: str, error: ValidationError, *, kind: str) -> Refusal:
    """The refusal of one rule file with all its faults."""
    return Refusal(
        message,
        kind=kind,
        problems=[
            Problem(f"{reason}.", "Исправьте файл.", Place(file=name, key=".".join(path)))
            for path, reason in faults(error)
        ],
    )
