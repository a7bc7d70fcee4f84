"""The texts of ``noko/rules/websites`` read into a :class:`Regime`, or refused by file and key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from noko.core.refusal import Place, Problem, Refusal
from noko.core.websites.rules import Regime

SHARED_FILES = ("signs.yaml", "microdata.yaml", "conditions.yaml", "beside.yaml")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_regime(code: str, texts: Mapping[str, str]) -> Regime:
    """The regime ``code`` from the texts of its own file and of :data:`SHARED_FILES`.

    Refusal ``broken_website_rules`` names file, key and reason of every fault.
    """
    names = (f"{code}.yaml", *SHARED_FILES)
    own, signs, microdata, conditions, beside = (_yaml(name, texts) for name in names)
    whole = {
        **own,
        "subsections": [_subsection(own, part, signs) for part in own.get("subsections", [])],
        "beside": [_subsection(beside, part, signs) for part in beside.get("subsections", [])],
        "acts": [*own.get("acts", []), *beside.get("acts", [])],
        "special_version": _special_version(own),
        "microdata": microdata,
        "words": signs.get("values"),
        "site": signs.get("site"),
        "conditions": conditions.get("conditions"),
        "digest": regime_digest(code, texts),
    }
    whole.pop("basis", None)
    try:
        return Regime.model_validate(whole)
    except ValidationError as error:
        raise _broken(names[0], error) from None


def regime_digest(code: str, texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over names and texts of the files of the regime."""
    digest = hashlib.sha256()
    for name in (f"{code}.yaml", *SHARED_FILES):
        digest.update(f"{name}\0{texts[name]}\0".encode())
    return digest.hexdigest()


def _subsection(
    own: Mapping[str, Any], part: Mapping[str, Any], signs: Mapping[str, Any]
) -> dict[str, Any]:
    """A subsection with its items filled from its own defaults and the order's."""
    types = part.get("for")
    items = [_item(own, part, item, signs) for item in part.get("items", [])]
    kept = {key: value for key, value in part.items() if key not in ("point", "for", "items")}
    return kept | {"items": items} | ({"types": types} if types else {})


KEYS = {"if": "condition", "for": "types", "from": "starts", "until": "ends"}


def _item(
    own: Mapping[str, Any],
    part: Mapping[str, Any],
    item: Mapping[str, Any],
    signs: Mapping[str, Any],
) -> dict[str, Any]:
    ready = {KEYS.get(key, key): value for key, value in item.items()}
    basis = ready.pop("basis", None) or dict(own.get("basis", {}))
    point = ready.pop("point", None) or basis.get("point") or part.get("point", "")
    evidence = ready.pop("evidence", None) or basis.get("evidence")
    key = ready.pop("signs", ready.get("code"))
    known = signs.get("signs", {})
    if key not in known:
        raise Refusal(
            f"Признаков «{key}» нет.",
            kind="broken_website_rules",
            cure="Добавьте их в signs.yaml или исправьте ключ.",
            place=Place(file=f"{own.get('code')}.yaml", key=str(ready.get("code"))),
        )
    ready.setdefault("types", part.get("for"))
    if ready["types"] is None:
        del ready["types"]
    basis |= {"point": str(point), "evidence": evidence}
    return ready | {"sign": known[key], "basis": basis}


def _special_version(own: Mapping[str, Any]) -> dict[str, Any]:
    written = dict(own.get("special_version", {}))
    return {"required": written.pop("required", False), "basis": written}


def _yaml(name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    if name not in texts:
        raise Refusal(
            "Файла правил нет.",
            kind="broken_website_rules",
            cure="Добавьте его: правила сайтов состоят из файла приказа и "
            + ", ".join(SHARED_FILES)
            + ".",
            place=Place(file=name),
        )
    try:
        loaded = yaml.load(texts[name], Loader=_LOADER)  # noqa: S506 (a safe one)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Refusal(
            "Файл не читается как YAML.",
            kind="broken_website_rules",
            cure="Проверьте отступы и кавычки в указанной строке.",
            place=Place(file=name, row=mark.line + 1 if mark else None),
        ) from None
    if not isinstance(loaded, dict):
        raise Refusal(
            "Ожидались ключи со значениями.", kind="broken_website_rules", place=Place(file=name)
        )
    return loaded


def _broken(name: str, error: ValidationError) -> Refusal:
    problems = [
        Problem(
            f"{item['msg'].removeprefix('Value error, ')}.",
            "Исправьте файл правил.",
            Place(file=name, key=".".join(str(part) for part in item["loc"])),
        )
        for item in error.errors()
    ]
    return Refusal(
        "Правила проверки сайтов описаны с ошибкой.",
        kind="broken_website_rules",
        problems=problems,
    )
