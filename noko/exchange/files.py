"""People's files on disk or in memory → sheets of plain cells.

``read_sheets(source, *, name, limit_bytes)`` reads CSV (UTF-8, UTF-16 or Windows-1251; comma,
semicolon or tab; lines beginning with # left out), XLSX, XLSB, XLS and ODS. What a file is, is
told by its content; its name serves the messages only. Everything is checked before the parser
sees it: size, kind, encryption, a cut-off archive, what it unpacks to, how far the cells reach.

Refusal kinds: ``no_file``, ``too_large``, ``empty_file``, ``wrong_kind``, ``broken_file``,
``encrypted_file``, ``wrong_encoding``, ``broken_quotes``.
"""

from __future__ import annotations

from pathlib import Path

from noko.core.refusal import Place, Refusal
from noko.core.tables.delimited import read_delimited
from noko.core.tables.sheet import Sheet
from noko.exchange.opendocument import read_opendocument
from noko.exchange.workbook import open_archive, read_old, read_xlsx

LIMIT_BYTES = 100 * 1024 * 1024
"""Larger files are refused before they are read."""

ACCEPTED = "Подойдёт таблица XLSX, ODS, XLS или CSV."

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "документ PDF"),
    (b"PAR1", "файл Parquet"),
    (b"{\\rtf", "документ RTF"),
    (b"\x89PNG", "изображение"),
    (b"\xff\xd8\xff", "изображение"),
    (b"GIF8", "изображение"),
    (b"Rar!", "архив RAR"),
    (b"7z\xbc\xaf", "архив 7-Zip"),
    (b"\x1f\x8b", "архив gzip"),
    (b"SQLite format 3", "база данных SQLite"),
    (b"MZ", "программа"),
    (b"\x7fELF", "программа"),
)


def read_sheets(
    source: Path | bytes, *, name: str = "", limit_bytes: int = LIMIT_BYTES
) -> list[Sheet]:
    """Every sheet of the file, in its order; a text file is one sheet without a name."""
    file = name or (source.name if isinstance(source, Path) else "файл")
    data = read_bytes(source, file, limit_bytes)
    if data.startswith(_ZIP):
        return _from_archive(data, file)
    if data.startswith(_OLE):
        return _from_ole(data, file)
    _refuse_other_kinds(data, file)
    return [read_delimited(data, file)]


def read_bytes(source: Path | bytes, file: str, limit: int) -> bytes:
    """The content, its size checked first. Refusals ``no_file``, ``too_large``, ``empty_file``."""
    if isinstance(source, bytes):
        size = len(source)
    elif source.is_file():
        size = source.stat().st_size
    elif source.is_dir():
        raise Refusal(
            "Это папка, а нужен файл.", kind="no_file", cure=ACCEPTED, place=Place(file=file)
        )
    else:
        raise Refusal(
            "Такого файла нет.", kind="no_file", cure="Проверьте путь.", place=Place(file=file)
        )
    if size > limit:
        raise Refusal(
            f"Файл занимает {_megabytes(size)}, а принимаются файлы до {_megabytes(limit)}.",
            kind="too_large",
            cure="Разделите его на части или удалите лишние листы и картинки. Ничего не сохранено.",
            place=Place(file=file),
        )
    data = source if isinstance(source, bytes) else source.read_bytes()
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise Refusal(
            "Файл пуст.", kind="empty_file", cure="Проверьте его.", place=Place(file=file)
        )
    return data


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0") + " МБ"


def wrong_kind(file: str, what: str, cure: str = "") -> Refusal:
    return Refusal(
        f"Это {what}, а не таблица.",
        kind="wrong_kind",
        cure=f"{cure or ACCEPTED} Ничего не сохранено.",
        place=Place(file=file),
    )


def _from_archive(data: bytes, file: str) -> list[Sheet]:
    archive = open_archive(data, file)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return read_xlsx(archive, data, file)
    if "xl/workbook.bin" in names:
        return read_old(data, file)
    mimetype = archive.read("mimetype").strip() if "mimetype" in names else b""
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return read_opendocument(archive, file)
    if any(item.startswith("xl/") for item in names):
        return read_xlsx(archive, data, file)
    if any(item.startswith("word/") for item in names):
        raise wrong_kind(file, "документ Word")
    if any(item.startswith("ppt/") for item in names):
        raise wrong_kind(file, "презентация")
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise wrong_kind(file, "документ OpenDocument другого вида")
    raise wrong_kind(file, "архив ZIP", f"Распакуйте его. {ACCEPTED}")


def _from_ole(data: bytes, file: str) -> list[Sheet]:
    """The old container of Office: a workbook, an encrypted XLSX, a Word document."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refusal(
            "Файл защищён паролем.",
            kind="encrypted_file",
            cure="Снимите пароль и загрузите файл снова. Ничего не сохранено.",
            place=Place(file=file),
        )
    if holds("WordDocument"):
        raise wrong_kind(file, "документ Word")
    if holds("PowerPoint Document"):
        raise wrong_kind(file, "презентация")
    return read_old(data, file)


def _refuse_other_kinds(data: bytes, file: str) -> None:
    what = what_it_is(data)
    if what in ("страница HTML", "файл XML"):
        save_as = "Откройте его в программе электронных таблиц и сохраните как XLSX."
        raise wrong_kind(file, what, save_as)
    if what:
        raise wrong_kind(file, what)


def what_it_is(data: bytes) -> str:
    """The Russian name of what the bytes are, when they are neither a table nor a plain text."""
    for magic, what in _OTHER_KINDS:
        if data.startswith(magic):
            return what
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return "страница HTML"
    if head.startswith(b"<?xml"):
        return "файл XML"
    if head.startswith((b'{"', b"[{")):
        return "файл JSON"
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "" if utf16 or b"\x00" not in data[:65536] else "двоичный файл неизвестного вида"
