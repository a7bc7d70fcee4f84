"""A document of the house in every format it is given out in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from noko.documents.docx import fill
from noko.documents.pdf import typeset

MAKERS: Mapping[str, Callable[[str, Mapping[str, Any]], bytes]] = {"docx": fill, "pdf": typeset}


@dataclass(frozen=True, slots=True)
class Document:
    """``stem``: the name of its files without the ending; ``data``: the fields of ``template``."""

    stem: str
    template: str
    data: Mapping[str, Any]

    def file(self, kind: str) -> tuple[str, bytes]:
        """File name and content as "docx" or "pdf"."""
        return f"{self.stem}.{kind}", MAKERS[kind](self.template, self.data)


def in_every_format(documents: Sequence[Document]) -> list[list[tuple[str, bytes]]]:
    """File names and contents of each document, in the order of :data:`MAKERS`."""
    # Typst works outside of Python's lock: the PDFs are made beside the others.
    with ThreadPoolExecutor(max_workers=1) as beside:
        typeset_ones = [beside.submit(document.file, "pdf") for document in documents]
        return [
            [document.file("docx"), pdf.result()]
            for document, pdf in zip(documents, typeset_ones, strict=True)
        ]
