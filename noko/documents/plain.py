"""Data on the way to a document: texts that no file format stumbles over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Tab and new line stay. What XML cannot hold goes, and so do \a and \f: docxtpl would take them for
# a new paragraph and a new page.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters; line ends become ``\\n``."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(value: Any) -> Any:
    """Mappings, sequences, texts, whole numbers, truths and None, all texts cleaned.

    Dates, decimals and objects are refused by ``TypeError``: how they are written is decided by
    whoever prepares the data, not by a template.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not plain data of a document")
