"""The small language of text signs, compiled to regular expressions.

A pattern is words with single spaces between: ``дат* .. созда*``. ``*`` at the end of a word is
any ending, at its start any beginning; ``..`` up to six words of anything, ``...`` up to thirty;
``(а|б в)`` one of several; a ``?`` after a word or a group makes it optional. Texts are compared
folded: lower case, ``ё`` as ``е``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

GAPS = {"..": r"(?:[\w\-]+[^\w\-]+){0,6}?", "...": r"(?:[\w\-]+[^\w\-]+){0,30}?"}
BETWEEN = r"[^\w\-]+"
TOKEN = re.compile(r"\([^)]*\)\??|\S+")


def fold(text: str) -> str:
    """Lower case with ``е`` for ``ё``, for comparing."""
    return text.lower().replace("ё", "е")


class Patterns:
    """Several patterns as one question; iterable as they were written."""

    __slots__ = ("_search", "written")

    def __init__(self, written: tuple[str, ...] = ()) -> None:
        self.written = written
        parts = "|".join(f"(?:{compile_pattern(text)})" for text in written)
        self._search = re.compile(parts).search if written else None

    def find(self, folded: str) -> re.Match[str] | None:
        """The first place in a folded text where one of the patterns stands."""
        return self._search(folded) if self._search else None

    def __bool__(self) -> bool:
        return self._search is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.written)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Patterns) and other.written == self.written

    def __hash__(self) -> int:
        return hash(self.written)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._from_file,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda patterns: list(patterns.written)
            ),
        )

    @classmethod
    def _from_file(cls, value: Any) -> Patterns:
        if isinstance(value, Patterns):
            return value
        if not isinstance(value, list | tuple) or not all(isinstance(x, str) for x in value):
            raise ValueError("ожидался список образцов")
        return cls(tuple(value))


def compile_pattern(text: str) -> str:
    """The regular expression of one pattern, for folded text. ValueError for an empty one."""
    tokens = TOKEN.findall(fold(text))
    if not tokens or tokens[0] in GAPS or tokens[-1] in GAPS:
        raise ValueError(f"образец «{text}» пуст, начинается или кончается пропуском")
    if any(token.count("(") > 1 or ".." in token.split()[1:] for token in tokens):
        raise ValueError(f"в образце «{text}» скобки в скобках или пропуск в скобках")
    expression, glue = r"(?<![\w\-])", ""
    for number, token in enumerate(tokens):
        if token in GAPS:
            continue
        gap = BETWEEN + GAPS.get("".join(tokens[number + 1 : number + 2]), "")
        word = _word(token.removesuffix("?"))
        if token.endswith("?") and glue:
            # An optional word carries its own gap, so that its absence leaves no double one.
            expression += f"(?:{glue}{word})?"
            glue = gap if len(gap) > len(glue) else glue
        elif token.endswith("?"):
            expression += f"(?:{word}{gap})?"
        else:
            expression += glue + word
            glue = gap
    return expression


def _word(token: str) -> str:
    if token.startswith("("):
        inner = "|".join(BETWEEN.join(map(_plain, x.split())) for x in token[1:-1].split("|"))
        return f"(?:{inner})"
    return _plain(token)


def _plain(word: str) -> str:
    stem = re.escape(word.strip("*"))
    start = r"[\w\-]*" if word.startswith("*") else ""
    return start + stem + (r"[\w\-]*" if word.endswith("*") else r"(?![\w\-])")
