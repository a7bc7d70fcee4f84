"""Templates of documents. One document is files of one name in this folder:

- ``<name>.docx`` the template in Word, filled by docxtpl; ``<name>.py`` builds it (``make.py``);
- ``<name>.typ`` the template of the PDF, over ``style.typ``;
- ``<name>.json`` an example of its data: every field that a template may name.

A document may have one of the two forms only: a poster is printed, not edited.

An office edits templates in a folder of its own, named by the setting ``NOKO_TEMPLATES``: a file
that stands there is taken instead of the built-in one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from noko.core.refusal import Place, Refusal

BUILT_IN = Path(__file__).resolve().parent
HANDED_OUT = (".docx", ".typ", ".json")


def find(file: str, folder: Path | None = None) -> Path:
    """The template ``file`` ("minutes.docx"): the office's own, or the built-in one.

    ``folder`` stands for the one of the setting. Refusal ``templates_gone``: it is not there.
    """
    own = folder or settings.DOCUMENT_TEMPLATES
    if own and not own.is_dir():
        raise Refusal(
            "Папки с шаблонами документов нет.",
            kind="templates_gone",
            cure="Создайте её командой «noko documents templates» или уберите переменную"
            " NOKO_TEMPLATES.",
            place=Place(file=str(own)),
        )
    return own / file if own and (own / file).is_file() else BUILT_IN / file


def hand_out(folder: Path) -> tuple[list[Path], list[str]]:
    """Copies the built-in templates into ``folder``; what stands there already is kept.

    Returns what was written, and names of what was kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, kept = [], []
    for path in sorted(BUILT_IN.iterdir()):
        if path.suffix not in HANDED_OUT:
            continue
        target = folder / path.name
        if target.exists():
            kept.append(path.name)
            continue
        target.write_bytes(path.read_bytes())
        written.append(target)
    return written, kept


def names() -> list[str]:
    """Every document that there is a built-in template for, by name."""
    return sorted(path.stem for path in BUILT_IN.glob("*.json"))


def example(name: str) -> dict[str, Any]:
    """Example data of a document: all its fields, for trying a template."""
    data: dict[str, Any] = json.loads((BUILT_IN / f"{name}.json").read_text(encoding="utf-8"))
    return data


def broken(path: Path, message: str, cure: str, *, row: int | None = None) -> Refusal:
    """The refusal ``broken_template`` of a template that cannot be filled."""
    return Refusal(
        message,
        kind="broken_template",
        cure=f"{cure} Документ не создан.",
        place=Place(file=path.name, row=row),
    )
