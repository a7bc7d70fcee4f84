"""The frozen data set of a wave as a Data Package: its records, its descriptor, its digests.

Pure: nothing here reads or writes a disk; ``noko.exchange.dataset`` does. A package is a folder
(or a zip of it)::

    datapackage.json       the descriptor: every resource with its Table Schema, size and SHA-256
    organisations.csv      id, name, type, municipality, inn, ogrn, recipients
    inspection.csv         organisation (id) and the edition's inspection inputs, by symbol
    marks.csv              organisation (id), checklist, item, mark 1 / 0 / empty (not applicable)
    sites.csv              where marks of sites are from: item, machine, expert, address, visit
    answers.parquet        organisation (id) and one column per closed question, one row per person
    survey.csv             instead of answers: the edition's survey inputs, by symbol
    edition/*.yaml         the edition that the wave was collected under

The digest of a package is the SHA-256 of ``datapackage.json``, which holds the digests of all the
rest. Source of the format: Data Package standard (Frictionless), Table Schema.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from noko.core.answers.lawful import lawful_answers
from noko.core.editions import Edition, Input
from noko.core.refusal import Place, Refusal

FORMAT = 1
"""Version of the layout; a reader refuses a later one."""

DESCRIPTOR = "datapackage.json"
ORGANISATIONS = "organisations.csv"
INSPECTION = "inspection.csv"
MARKS = "marks.csv"
SITES = "sites.csv"
ANSWERS = "answers.parquet"
SURVEY = "survey.csv"

PRESENT, ABSENT, NOT_APPLICABLE = "present", "absent", "not_applicable"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One assessed organisation. ``id`` is unique in the package and stable between waves."""

    id: str
    name: str
    type: str = ""
    municipality: str = ""
    inn: str = ""
    ogrn: str = ""
    recipients: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What an expert found for one item of a checklist at one organisation (its id)."""

    organisation: str
    checklist: str
    item: str
    mark: str


@dataclass(frozen=True, slots=True)
class SiteLine:
    """Where what is counted of a site is from: one item of the order (``code``) under the ``item``
    of the checklist that it counts for. ``status`` is what counts (found, absent, unchecked,
    not_applicable), ``machine`` and ``expert`` what either said, ``address`` a page of the site.
    """

    organisation: str
    item: str
    code: str
    status: str
    machine: str
    expert: str
    address: str
    visit: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a package: its path inside, size in bytes and SHA-256 (hex)."""

    path: str
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the descriptor says besides the schemas.

    ``settings`` are the choices of calculation that the owner proposes (rounding, policies, ties,
    levels), empty for the edition's defaults.
    """

    title: str
    description: str
    created_on: date
    edition_code: str
    edition_digest: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()

    def resource(self, path: str) -> Resource | None:
        return next((item for item in self.resources if item.path == path), None)


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def inputs_of(edition: Edition, collected: str) -> tuple[Input, ...]:
    """The edition's inputs that an inspection (or a survey) brings, in its order."""
    return tuple(item for item in edition.inputs if item.collected == collected)


# --- the descriptor, read ---------------------------------------------------------------------


def parse_descriptor(data: bytes) -> Manifest:
    """``datapackage.json`` as a :class:`Manifest`.

    Refusals: ``broken_package`` names the key that is absent or wrong; ``newer_package``.
    """
    try:
        body = json.loads(data)
    except ValueError:
        raise broken("Файл не читается как JSON.", DESCRIPTOR) from None
    own = _get(body, "noko", dict)
    if _get(own, "format", int, "noko.") > FORMAT:
        raise Refusal(
            f"Пакет создан более новой версией: вид {own['format']}, здесь известен {FORMAT}.",
            kind="newer_package",
            cure="Обновите программу.",
            place=Place(file=DESCRIPTOR, key="noko.format"),
        )
    edition = _get(own, "edition", dict, "noko.")
    return Manifest(
        title=_get(body, "title", str),
        description=body.get("description", ""),
        created_on=_date(_get(body, "created", str)),
        edition_code=_get(edition, "code", str, "noko.edition."),
        edition_digest=_get(edition, "digest", str, "noko.edition."),
        settings=own.get("settings", {}),
        resources=tuple(_parse_resource(item) for item in _get(body, "resources", list)),
    )


def _parse_resource(item: object) -> Resource:
    path = _get(item, "path", str, "resources.")
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or ":" in path:
        raise broken(f"Путь «{path}» ведёт за пределы пакета.", DESCRIPTOR, "resources.path")
    kind, _, digest = _get(item, "hash", str, "resources.").rpartition(":")
    if kind != "sha256":
        raise broken(f"У «{path}» нет контрольной суммы SHA-256.", DESCRIPTOR, "resources.hash")
    return Resource(path, _get(item, "bytes", int, "resources."), digest)


def _get(body: object, key: str, kind: type[Any], prefix: str = "") -> Any:
    value = body.get(key) if isinstance(body, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise broken("Ключа нет, или его значение другого вида.", DESCRIPTOR, prefix + key)
    return value


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise broken(f"Дата «{text}» не читается.", DESCRIPTOR, "created") from None


def broken(message: str, file: str, key: str = "") -> Refusal:
    """The refusal of a package that is not whole or not ours."""
    return Refusal(
        message,
        kind="broken_package",
        cure="Это не пакет данных НОКО, или он повреждён: получите его заново.",
        place=Place(file=file, key=key),
    )


# --- the descriptor, written -------------------------------------------------------------------


def descriptor_bytes(edition: Edition, manifest: Manifest) -> bytes:
    """``datapackage.json``: the same bytes for the same content, keys in a fixed order."""
    body = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "noko-dataset",
        "title": manifest.title,
        **({"description": manifest.description} if manifest.description else {}),
        "created": f"{manifest.created_on.isoformat()}T00:00:00Z",
        "profile": "data-package",
        "noko": {
            "format": FORMAT,
            "edition": {"code": manifest.edition_code, "digest": manifest.edition_digest},
            **({"settings": dict(manifest.settings)} if manifest.settings else {}),
        },
        "resources": [_resource(edition, item) for item in manifest.resources],
    }
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(edition: Edition, resource: Resource) -> dict[str, Any]:
    path = PurePosixPath(resource.path)
    kind = path.suffix.removeprefix(".")
    described: dict[str, Any] = {
        "name": "-".join([*path.parent.parts, path.stem]),
        "path": resource.path,
        "title": _TITLES[resource.path],
        "format": kind,
        "mediatype": _MEDIA[kind],
        "encoding": "utf-8",
        "bytes": resource.bytes,
        "hash": f"sha256:{resource.digest}",
    }
    if kind == "parquet":
        del described["encoding"]
    if resource.path in _SCHEMAS:
        described["profile"] = "tabular-data-resource"
        described["schema"] = _SCHEMAS[resource.path](edition)
    return described


_TITLES = {
    ORGANISATIONS: "Организации",
    INSPECTION: "Данные осмотра: количества и оценки по организациям",
    MARKS: "Отметки осмотра по пунктам перечней",
    SITES: "Откуда отметки о сайтах: вывод машины, отметка эксперта, страница и обход",
    ANSWERS: "Ответы на анкету: строка – один опрошенный, порядок строк ничего не значит",
    SURVEY: "Данные опроса: количества по организациям",
    "edition/edition.yaml": "Редакция методики",
    "edition/questionnaire.yaml": "Анкета",
    "edition/checklists.yaml": "Перечни осмотра",
}

_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "yaml": "application/yaml",
}


def _organisations_schema(edition: Edition) -> dict[str, Any]:
    required = {"required": True}
    return {
        "fields": [
            _field("id", "string", "Код организации в этом наборе", required | {"unique": True}),
            _field("name", "string", "Название", required),
            _field("type", "string", "Тип организации"),
            _field("municipality", "string", "Муниципальное образование"),
            _field("inn", "string", "ИНН"),
            _field("ogrn", "string", "ОГРН"),
            _field("recipients", "integer", "Получателей услуг", {"minimum": 0}),
        ],
        "primaryKey": ["id"],
        "missingValues": [""],
    }


def _inputs_schema(collected: str, edition: Edition) -> dict[str, Any]:
    fields = [_field("organisation", "string", "Код организации", {"required": True})]
    for item in inputs_of(edition, collected):
        kind = "integer" if item.kind in ("count", "mark") else "number"
        limits: dict[str, Any] = {"minimum": 0}
        if item.maximum is not None:
            limits["maximum"] = item.maximum
        fields.append(_field(item.symbol, kind, item.name, limits))
    return {"fields": fields, "primaryKey": ["organisation"], **_TO_ORGANISATIONS}


def _marks_schema(edition: Edition) -> dict[str, Any]:
    codes = [checklist.code for checklist in edition.checklists]
    return {
        "fields": [
            _field("organisation", "string", "Код организации", {"required": True}),
            _field("checklist", "string", "Перечень", {"required": True, "enum": codes}),
            _field("item", "string", "Пункт перечня", {"required": True}),
            _field("mark", "integer", "1 – есть, 0 – нет, пусто – не применимо", {"enum": [0, 1]}),
        ],
        "primaryKey": ["organisation", "checklist", "item"],
        **_TO_ORGANISATIONS,
    }


def _sites_schema(edition: Edition) -> dict[str, Any]:
    statuses = {"enum": ["found", "absent", "unchecked", "not_applicable"]}
    needed = {"required": True}
    return {
        "fields": [
            _field("organisation", "string", "Код организации", needed),
            _field("item", "string", "Пункт перечня, в который засчитано", needed),
            _field("code", "string", "Пункт правил раздела сайта", needed),
            _field("status", "string", "Что считается", statuses | needed),
            _field("machine", "string", "Вывод машины", statuses | needed),
            _field("expert", "string", "Отметка эксперта, если она есть", statuses),
            _field("address", "string", "Страница сайта"),
            _field("visit", "string", "Обход", needed),
        ],
        "primaryKey": ["organisation", "code"],
        **_TO_ORGANISATIONS,
    }


def _answers_schema(edition: Edition) -> dict[str, Any]:
    fields = [_field("organisation", "string", "Код организации", {"required": True})]
    for question in edition.questionnaire.closed:
        least, greatest = lawful_answers(edition, question)
        lawful = {"enum": list(range(least, greatest + 1))}
        fields.append(_field(question.id, "integer", question.text, lawful))
    return {"fields": fields, **_TO_ORGANISATIONS}


def _field(
    name: str, kind: str, title: str, constraints: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "title": title,
        **({"constraints": dict(constraints)} if constraints else {}),
    }


_TO_ORGANISATIONS = {
    "missingValues": [""],
    "foreignKeys": [
        {
            "fields": ["organisation"],
            "reference": {"resource": "organisations", "fields": ["id"]},
        }
    ],
}

_SCHEMAS: dict[str, Callable[[Edition], dict[str, Any]]] = {
    ORGANISATIONS: _organisations_schema,
    INSPECTION: lambda edition: _inputs_schema("inspection", edition),
    MARKS: _marks_schema,
    SITES: _sites_schema,
    ANSWERS: _answers_schema,
    SURVEY: lambda edition: _inputs_schema("survey", edition),
}
