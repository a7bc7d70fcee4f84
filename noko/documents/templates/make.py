"""Builds the templates for Word: ``python -m noko.documents.templates.make`` (``make docs``).

``<name>.py`` in this folder builds ``<name>.docx`` by its function ``build()``.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pathlib import Path

from noko.documents.docx import MOMENT, repacked
from noko.documents.templates import BUILT_IN, names


def built() -> dict[str, bytes]:
    """File name → bytes of every built-in template for Word; the same bytes each time."""
    files = {}
    for name in names():
        if not (BUILT_IN / f"{name}.py").exists():
            continue
        document = import_module(f"{__package__}.{name}").build()
        properties = document.core_properties
        properties.title, properties.comments, properties.author = "", "", "НОКО"
        properties.created = properties.modified = MOMENT
        properties.language = "ru-RU"
        buffer = io.BytesIO()
        document.save(buffer)
        files[f"{name}.docx"] = repacked(buffer.getvalue())
    return files


def write(folder: Path = BUILT_IN) -> list[Path]:
    """Writes all templates for Word into ``folder``."""
    written = []
    for name, content in built().items():
        (folder / name).write_bytes(content)
        written.append(folder / name)
    return written


if __name__ == "__main__":
    import django

    django.setup()
    for path in write():
        sys.stdout.write(f"{path}\n")
