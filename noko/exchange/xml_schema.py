"""Official schemas (XSD) from a folder of the installation, and what violates them, in Russian.

Schemas are not part of the program. Imports between them are resolved inside their folder only;
nothing is fetched.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from noko.core.refusal import Place, Problem, Refusal
from noko.exchange.xml import SIGN, events, in_russian

MAIN = "External.xsd"
"""The schema of the packets of bus.gov.ru; else the one that has their namespace."""
LARGEST = 20 * 1024 * 1024
MOST = 200
"""So many violations are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A compiled schema and the file it begins with."""

    file: Path
    compiled: Any


def load_schema(folder: Path, namespace: str) -> Schema:
    """The schema in ``folder`` that describes ``namespace``.

    Refusals: ``xsd_folder_missing``, ``xsd_missing``, ``xsd_broken`` with the row,
    ``xsd_outside`` when one schema asks for another that is not in the folder.
    """
    main = _main(folder, namespace)
    resolver = _Inside(folder)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(resolver)
    try:
        compiled = etree.XMLSchema(etree.parse(str(main), parser))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        if resolver.refused:
            raise _outside(main, resolver.refused) from None
        raise _broken_schema(main, error) from None
    if resolver.refused:
        raise _outside(main, resolver.refused)
    return Schema(main, compiled)


def _main(folder: Path, namespace: str) -> Path:
    if not folder.is_dir():
        raise Refusal(
            "Папки со схемами XSD нет.",
            kind="xsd_folder_missing",
            cure="Проверьте путь или уберите проверку по схеме.",
            place=Place(file=str(folder)),
        )
    if (folder / MAIN).is_file():
        return folder / MAIN
    sign = f'targetNamespace="{namespace}"'
    for path in sorted(folder.glob("*.xsd")):
        if sign in path.read_text(encoding="utf-8", errors="replace").replace("'", '"'):
            return path
    raise Refusal(
        f"В папке нет схемы {MAIN} или другой схемы для «{namespace}».",
        kind="xsd_missing",
        cure="Положите туда файлы XSD с сайта bus.gov.ru, все вместе.",
        place=Place(file=str(folder)),
    )


class _Inside(etree.Resolver):
    """Gives schemas of the folder and remembers what was asked for beyond it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.refused: list[str] = []

    def resolve(self, url: str, public: str, context: Any) -> Any:
        path = self._path(url)
        if path is None:
            self.refused.append(url)
            return self.resolve_empty(context)
        content = path.read_bytes()
        if SIGN in content[: 64 * 1024].upper() or len(content) > LARGEST:
            self.refused.append(url)
            return self.resolve_empty(context)
        return self.resolve_string(content, context, base_url=str(path))

    def _path(self, url: str) -> Path | None:
        parts = urlsplit(url)
        if parts.scheme not in ("", "file") or parts.netloc:
            return None
        path = Path(unquote(parts.path))
        path = (path if path.is_absolute() else self.folder / path).resolve()
        return path if path.is_relative_to(self.folder) and path.is_file() else None


def _outside(main: Path, asked: list[str]) -> Refusal:
    names = ", ".join(f"«{name.rsplit('/', 1)[-1]}»" for name in dict.fromkeys(asked))
    return Refusal(
        f"Схема подключает то, чего в её папке нет или что схемой не является: {names}.",
        kind="xsd_outside",
        cure="Положите в папку все файлы XSD одной версии формата.",
        place=Place(file=main.name),
    )


def _broken_schema(main: Path, error: Any) -> Refusal:
    entry = next(iter(error.error_log), None)
    file = Path(urlsplit(entry.filename or "").path).name if entry else main.name
    said = in_russian(entry.message if entry else str(error))
    return Refusal(
        f"Схема написана с ошибкой: {said}.",
        kind="xsd_broken",
        cure="Возьмите файлы XSD с сайта bus.gov.ru без изменений.",
        place=Place(file=file or main.name, row=(entry.line or None) if entry else None),
    )


@dataclass(frozen=True, slots=True)
class Violations:
    """What violates the schema, in the order of the file; ``number`` counts all."""

    shown: tuple[Problem, ...]
    number: int


def violations(stream: IO[bytes], schema: Schema, *, name: str) -> Violations:
    """Reads the file twice, in flat memory: ``stream`` can be rewound.

    Refusals as of :func:`noko.exchange.xml.events`.
    """
    # While it validates, libxml2 passes over what is not well-formed: that is looked for first.
    deque(events(stream, name=name), maxlen=0)
    stream.seek(0)
    found: list[Problem] = []
    counted = 0

    def logged(row: int, entry: Any) -> None:
        nonlocal counted
        if not str(entry.type_name).startswith("SCHEMA"):
            return
        counted += 1
        if len(found) < MOST:
            found.append(Problem(violation(entry.message), "", Place(file=name, row=row)))

    reading = events(stream, name=name, schema=schema.compiled, logged=logged)
    deque(reading, maxlen=0)
    return Violations(tuple(found), counted)


_ELEMENT = re.compile(r"Element '([^']+)'(?:, attribute '([^']+)')?: (.*)", re.DOTALL)
_NAME = re.compile(r"\{[^{}]*[:/][^{}]*\}")

TYPES: Mapping[str, str] = {
    "date": "дата вида 2026-09-01",
    "dateTime": "дата и время вида 2026-09-01T09:00:00",
    "integer": "целое число",
    "int": "целое число",
    "decimal": "число",
    "double": "число",
    "boolean": "true или false",
    "base64Binary": "файл в виде base64",
}

_FACETS: tuple[tuple[str, str], ...] = (
    (r"\[facet 'pattern'\] The value '(.*)' is not accepted by the pattern '(.*)'\.?",
     r"значение «\1» не подходит к образцу «\2»"),
    (r"\[facet 'enumeration'\] The value '(.*?)' is not an element of the set \{(.*)\}\.?",
     r"значения «\1» нет среди допустимых: \2"),
    (r"\[facet 'minLength'\] The value(?: '.*')? has a length of '(\d+)'; this underruns the "
     r"allowed minimum length of '(\d+)'\.?", r"знаков \1, а нужно не меньше \2"),
    (r"\[facet 'maxLength'\] The value(?: '.*')? has a length of '(\d+)'; this exceeds the allowed "
     r"maximum length of '(\d+)'\.?", r"знаков \1, а допускается не больше \2"),
    (r"\[facet 'length'\] The value(?: '.*')? has a length of '(\d+)'; this differs from the "
     r"allowed length of '(\d+)'\.?", r"знаков \1, а нужно \2"),
    (r"\[facet 'm(?:in|ax)(?:In|Ex)clusive'\] The value '(.*)' (?:is|must be) .*?'([^']*)'\.?",
     r"значение «\1» выходит за границу «\2»"),
    (r"\[facet '(?:totalDigits|fractionDigits)'\] The value '(.*)' has more digits.*",
     r"в значении «\1» больше цифр, чем допускается"),
    (r"'(.*)' is not a valid value of the (?:atomic|local atomic|union|list) type(?: '(.*)')?\.?",
     r"значение «\1» не подходит"),
    (r"This element is not expected\. Expected is one of \( (.*) \)\.?",
     r"здесь его быть не должно: ожидается один из – \1"),
    (r"This element is not expected\. Expected is \( (.*) \)\.?",
     r"здесь его быть не должно: ожидается \1"),
    (r"This element is not expected\.?", "здесь его быть не должно"),
    (r"Missing child element\(s\)\. Expected is one of \( (.*) \)\.?",
     r"внутри не хватает одного из элементов: \1"),
    (r"Missing child element\(s\)\. Expected is \( (.*) \)\.?", r"внутри не хватает элемента \1"),
    (r"No matching global declaration available for the validation root\.?",
     "схема не знает документа с таким корневым элементом"),
    (r"Character content other than whitespace is not allowed because the content type is "
     r"'element-only'\.?", "текст стоит там, где могут быть только элементы"),
    (r"Element content is not allowed, because the .* is a simple type definition\.?",
     "внутри может быть только текст, а не элементы"),
    (r"The attribute '(.*)' is required but missing\.?", r"нет обязательного атрибута «\1»"),
    (r"The attribute '(.*)' is not allowed\.?", r"атрибута «\1» здесь быть не должно"),
    (r"The value '(.*)' does not match the fixed value constraint '(.*)'\.?",
     r"значение «\1», а должно быть «\2»"),
    (r"The (?:QName )?value '(.*)' of the xsi:type attribute does not resolve to a type definition"
     r"\.?", r"тип «\1» схеме не известен"),
)  # fmt: skip


def violation(message: str) -> str:
    """A message of libxml2 about a schema as a Russian sentence that names the element."""
    found = _ELEMENT.match(message)
    if not found:
        return f"{_NAME.sub('', message).strip().rstrip('.')}."
    element, attribute, said = found.groups()
    where = f"элемент «{_NAME.sub('', element)}»"
    if attribute:
        where += f", атрибут «{_NAME.sub('', attribute)}»"
    return f"{where}: {_said(_NAME.sub('', said).strip())}."


def _said(text: str) -> str:
    for pattern, russian in _FACETS:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            plain = found.expand(russian)
            return plain + _expected(found) if "is not a valid value" in pattern else plain
    return text.rstrip(".")


def _expected(found: re.Match[str]) -> str:
    """What a value of a built-in type looks like."""
    kind = str(found.groups()[-1] or "").removeprefix("xs:")
    return f": нужно – {TYPES[kind]}" if kind in TYPES else ""
