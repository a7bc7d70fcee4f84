"""A file to an objection: its kind is told by its content, its size is bounded."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Protocol

from noko import kept
from noko.core.refusal import Refusal
from noko.exchange.uploads import shown_name

MOST_BYTES = 10 * 1024 * 1024
STARTS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
OFFICE = ("[Content_Types].xml", "mimetype")
"""What stands in a DOCX or XLSX, and in an ODT or ODS."""


class Incoming(Protocol):
    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def keep(file: Incoming) -> dict[str, str | int]:
    """Keeps the file by its digest: ``digest``, ``file_name``, ``size``.

    Refusals: ``file_too_large``, ``wrong_file_kind``.
    """
    if (file.size or 0) > MOST_BYTES:
        raise Refusal(
            f"Файл больше {MOST_BYTES // 1024 // 1024} МБ. Он не сохранён.",
            kind="file_too_large",
            cure="Уменьшите его или дайте адрес страницы.",
        )
    content = b"".join(file.chunks())
    if not _known(content):
        raise Refusal(
            "Такой файл не подойдёт. Он не сохранён.",
            kind="wrong_file_kind",
            cure="Приложите PDF, снимок экрана PNG или JPEG, документ DOCX, XLSX, ODT или ODS.",
        )
    digest = kept.keep(content)
    return {"digest": digest, "file_name": shown_name(file.name or ""), "size": len(content)}


def _known(content: bytes) -> bool:
    if content.startswith(STARTS):
        return True
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return bool(names.intersection(OFFICE))
