"""The expected "no": a Russian message that says what is wrong, where, and what to do.

Everything that a person can mend is a :class:`Refusal`: a form shows it at the field, the command
line prints it and ends with code 2, a job keeps it as its note. Any other exception is a defect
and is never caught.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 20
"""How many single problems a person is shown at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a person's file something stands: any part may be unknown ("" or None).

    ``row`` is the number that the person sees at the left edge of the sheet, from 1.
    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    key: str = ""

    def __str__(self) -> str:
        parts = [
            f"файл «{self.file}»" if self.file else "",
            f"лист «{self.sheet}»" if self.sheet else "",
            f"строка {self.row}" if self.row is not None else "",
            f"столбец «{self.column}»" if self.column else "",
            f"ключ «{self.key}»" if self.key else "",
        ]
        return ", ".join(part for part in parts if part)


def with_inner_quotes(text: str) -> str:
    """Quotes inside quotes as Russian writes them: «Детский сад „Берёзка“».

    A text whose quotes are not paired is left as it is.
    """
    if text.count("«") != text.count("»") or "«" not in text:
        return text
    depth, written = 0, []
    for char in text:
        if char == "«":
            depth += 1
            written.append("«" if depth == 1 else "„")
        elif char == "»":
            written.append("»" if depth <= 1 else "“")
            depth -= 1
        else:
            written.append(char)
    return "".join(written)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and the cure. All texts are Russian sentences."""

    message: str
    cure: str = ""
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        """Names of organisations bring quotes of their own into the sentence's."""
        object.__setattr__(self, "message", with_inner_quotes(self.message))
        object.__setattr__(self, "cure", with_inner_quotes(self.cure))

    def __str__(self) -> str:
        place = str(self.place)
        where = f"{place[0].upper()}{place[1:]}: " if place else ""
        return f"{where}{self.message}{' ' + self.cure if self.cure else ''}"


class Refusal(Exception):
    """An expected refusal.

    ``kind`` is a short stable code (``missing_column``, ``unknown_edition`` …) for tests and the
    API; ``problems`` holds every single problem when there are several, in file order.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        cure: str = "",
        place: Place | None = None,
        problems: Iterable[Problem] = (),
    ) -> None:
        self.problem = Problem(message, cure, place or Place())
        self.kind = kind
        self.problems = tuple(problems)
        super().__init__(str(self.problem))

    def lines(self) -> list[str]:
        """The refusal as it is shown: its sentence, then the single problems, the first many."""
        problems = self.problems
        if len(problems) == 1 and problems[0].message[1:] in str(self):
            problems = ()  # the sentence says it already
        shown = [str(problem) for problem in problems[:SHOWN]]
        rest = len(problems) - len(shown)
        return [str(self), *shown, *([f"И ещё таких замечаний: {rest}."] if rest else [])]
