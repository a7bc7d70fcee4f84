"""Text tables: encoding, separator, quotes, comments."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from noko.core.refusal import Place, Refusal
from noko.core.tables.sheet import Sheet

SEPARATORS = (";", ",", "\t")

_SAVE_AS = "Сохраните файл в кодировке UTF-8 («CSV UTF-8») и загрузите снова. Ничего не сохранено."

_FREQUENT = frozenset("оеаинтсрвл")
"""The ten commonest letters of Russian: two thirds of any text."""

_OTHER_ENCODINGS = {"cp866": "DOS (CP866)", "koi8-r": "КОИ-8", "mac_cyrillic": "MacCyrillic"}

_CUT_WITHIN = 4
"""A UTF-8 character is at most so long: an error this near the end means a cut-off file."""


def read_delimited(data: bytes, file: str) -> Sheet:
    """The text file as one sheet; lines beginning with # are empty rows, so numbers stay."""
    text = decode(data, file)
    separator = separator_of(text)
    csv.field_size_limit(1_000_000)
    lines = text.splitlines(keepends=True)
    if re.search(r"(?:^|[\r\n])#", text):
        lines = list(_without_comments(lines))
    rows: list[list[object]] = []
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        rows.extend(list(line) for line in reader)
    except csv.Error:
        raise Refusal(
            "Кавычки не закрыты или стоят посреди текста, строки дальше не разобрать.",
            kind="broken_quotes",
            cure="Кавычки внутри ячейки удвойте, всю ячейку заключите в кавычки. "
            "Ничего не сохранено.",
            place=Place(file=file, row=len(rows) + 1),
        ) from None
    return Sheet(file, "", rows)


def _without_comments(lines: Sequence[str]) -> Iterator[str]:
    """Comment lines emptied; a # inside a quoted cell of several lines is not a comment."""
    inside = False
    for line in lines:
        if not inside and line.startswith("#"):
            yield "\n"
            continue
        if line.count('"') % 2:
            inside = not inside
        yield line


def separator_of(text: str) -> str:
    """The separator that cuts most lines of the beginning into the same number of cells."""
    head = [line for line in text[:65536].splitlines()[:60] if line and not line.startswith("#")]
    if text.startswith("sep=") and len(text) > 4:
        return text[4]

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(head, delimiter=separator) if row]
        except csv.Error:
            return (0, 0)
        wide = Counter(width for width in widths if width > 1)
        width, times = max(wide.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return (times, width)

    return max(SEPARATORS, key=score)


def decode(data: bytes, file: str = "") -> str:
    """The text in UTF-8, UTF-16 (with its mark) or Windows-1251. Refusal ``wrong_encoding``."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_utf16(data, file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_1251(data, file, error)
    if "\ufffd" in text or _double_encoded(text):
        raise Refusal(
            "Буквы в файле испорчены: его уже сохраняли в неверной кодировке.",
            kind="wrong_encoding",
            cure="Возьмите исходный файл. " + _SAVE_AS,
            place=Place(file=file),
        )
    return text


def _decode_utf16(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise _cut(file) from None


def _cut(file: str) -> Refusal:
    return Refusal(
        "Файл обрезан: последний символ неполный.",
        kind="broken_file",
        cure="Скачайте или сохраните его заново. Ничего не сохранено.",
        place=Place(file=file),
    )


def _decode_1251(data: bytes, file: str, error: UnicodeDecodeError) -> str:
    """Windows-1251, unless the letters say that it is another encoding."""
    before = data[: error.start]
    if error.start >= len(data) - _CUT_WITHIN and any(byte > 127 for byte in before):
        raise _cut(file)
    likeness = {encoding: _russian(data, encoding) for encoding in ("cp1251", *_OTHER_ENCODINGS)}
    best = max(likeness, key=lambda encoding: likeness[encoding])
    if likeness["cp1251"] < likeness[best] - 0.1 or likeness["cp1251"] == 0:
        guess = _OTHER_ENCODINGS.get(best, "неизвестная") if likeness[best] else "неизвестная"
        raise Refusal(
            f"Кодировка файла не UTF-8 и не Windows-1251 (похоже, {guess}).",
            kind="wrong_encoding",
            cure=_SAVE_AS,
            place=Place(file=file),
        )
    return data.decode("cp1251")


def _russian(data: bytes, encoding: str) -> float:
    """Share of the commonest Russian letters among all that is not ASCII, 0..1."""
    try:
        text = data[:200_000].decode(encoding).lower()
    except UnicodeDecodeError:
        return 0.0
    signs = [char for char in text if ord(char) > 127 and char not in "«»№–—…“”„\u00a0"]
    return sum(char in _FREQUENT for char in signs) / len(signs) if signs else 0.5


def _double_encoded(text: str) -> bool:
    """«ÐÑ» in place of Cyrillic: UTF-8 taken for a Western encoding and saved again."""
    strange = text.count("\u00d0") + text.count("\u00d1")
    russian = sum("\u0400" <= char <= "\u04ff" for char in text[:20_000])
    return strange > 10 and strange > russian
