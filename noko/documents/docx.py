"""Documents for Word: a template of an office filled with data.

Templates speak Jinja (docxtpl): ``{{ field }}``, ``{%p for … %}``, ``{%tr for … %}``, with the
filters of :data:`FILTERS`. They run in a sandbox: a template names fields, it does no work.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from noko.documents.plain import plain
from noko.documents.templates import broken, find
from noko.templatetags.russian import counted, genitive, number_text, plural

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2 import Template
    from jinja2.nodes import Template as Node

MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed moment of the format, in no time zone)
"""Stands in the properties of every document: the same data give the same bytes."""

FILTERS: Mapping[str, Callable[..., str]] = {
    "number": number_text,
    "plural": plural,
    "counted": counted,
    "genitive": genitive,
}
PICTURE_WIDTH = 165
"""Millimetres: a little less than the text."""
LONGEST_TITLE = 255
"""What Word keeps in the properties of a file."""


def fill(
    template: str,
    context: Mapping[str, Any],
    *,
    folder: Path | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The document ``template`` ("minutes") with ``context`` as DOCX; the same bytes each time.

    Texts of ``context`` are written as they are: signs of XML and of the template language in them
    mean nothing. ``context["title"]`` also becomes the title in the properties of the file.
    ``folder``: templates to try instead of the office's own. ``pictures``: field → PNG, as wide
    as the text.

    Refusals: ``broken_template`` names the field and the paragraph; ``templates_gone``.
    """
    from docx.shared import Mm
    from docxtpl import InlineImage

    path = find(f"{template}.docx", folder)
    data = plain(context)
    document = _opened(path)
    for name, png in (pictures or {}).items():
        data[name] = InlineImage(document, io.BytesIO(png), width=Mm(PICTURE_WIDTH))
    try:
        document.render(data, _environment(), autoescape=True)
    except TemplateError as error:
        raise _refusal(path, error) from None
    _describe(document, str(data.get("title", "")))
    buffer = io.BytesIO()
    document.save(buffer)
    return repacked(buffer.getvalue())


def _opened(path: Path) -> DocxTemplate:
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate

    try:
        document = DocxTemplate(io.BytesIO(path.read_bytes()))
        document.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, FileNotFoundError):
        raise broken(
            path,
            "Шаблон не открывается как документ Word (.docx).",
            "Сохраните его в Word в формате DOCX или возьмите встроенный.",
        ) from None
    return document


class _Environment(SandboxedEnvironment):
    """A template is compiled once, however many documents are made with it."""

    @lru_cache(maxsize=64)  # noqa: B019 (there is one environment)
    def from_string(self, source: str | Node) -> Template:  # type: ignore[override]
        return super().from_string(source)


@cache
def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=True)
    environment.filters.update(FILTERS)
    return environment


def _describe(document: DocxTemplate, title: str) -> None:
    properties = document.docx.core_properties
    properties.title = " ".join(title.split())[:LONGEST_TITLE]
    properties.author = properties.last_modified_by = "НОКО"
    properties.created = properties.modified = MOMENT
    properties.revision = 1


def repacked(package: bytes) -> bytes:
    """The same ZIP with fixed times, so that equal contents are equal bytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, MOMENT.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(item))
    return buffer.getvalue()


# --- what is wrong with a template, and where -----------------------------------------------------

_FIELD = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'|named '([^']+)'")


def _refusal(path: Path, error: TemplateError) -> Exception:
    if isinstance(error, SecurityError):
        return broken(
            path,
            f"В шаблоне написано то, что шаблону не разрешено: {error.message}.",
            "Оставьте в фигурных скобках только поля документа.",
        )
    found = _FIELD.search(error.message or "")
    name = next(filter(None, found.groups()), "") if found else ""
    where = _place(path, name) if name else ""
    if isinstance(error, UndefinedError):
        return broken(
            path,
            f"Поля «{name}» у этого документа нет{where}.",
            "Исправьте имя поля: все поля перечислены в примере данных рядом с шаблоном.",
        )
    if name:
        return broken(path, f"Обработки «{name}» нет{where}.", "Уберите её.")
    row = error.lineno if isinstance(error, TemplateSyntaxError) else None
    return broken(
        path,
        f"Поля шаблона написаны с ошибкой: {error.message}{_around(error)}.",
        "Проверьте, что каждая скобка и каждый «for» и «if» закрыты.",
        row=row,
    )


def _place(path: Path, name: str) -> str:
    """The first paragraph whose braces name the field, in words."""
    whole = re.compile(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b")
    for text in _paragraphs(path):
        if whole.search(text):
            return f", абзац «{text[:120]}»"
    return ""


def _around(error: TemplateError) -> str:
    """The paragraph where the syntax broke, as docxtpl remembers it."""
    lines = [line.strip() for line in getattr(error, "docx_context", ())]
    marked = [line for line in lines if "{%" in line or "{{" in line]
    return f", около «{marked[-1][:120]}»" if marked else ""


def _paragraphs(path: Path) -> Iterator[str]:
    """Texts of the body, of cells, headers and footers, in the order of the file."""
    document = _opened(path).docx
    parts = [document.element]
    for section in document.sections:
        for part in (section.header, section.first_page_header, section.footer):
            parts.append(part._element)
    for part in parts:
        for paragraph in part.iter(f"{_WORD}p"):
            yield "".join(text.text or "" for text in paragraph.iter(f"{_WORD}t"))


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
