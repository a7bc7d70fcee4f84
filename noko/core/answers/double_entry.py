"""Two readings of one sheet of paper: whether they agree, and where they do not.

Marks and numbers agree when they are equal, remarks when they are equal but for blanks and case:
who types a handwritten line does not copy its line breaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noko.core.answers.form import Asked, Form
from noko.core.answers.slip import Given, read_given, without_hidden

Values = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one clerk has read: answers by question, none where the sheet is ``spoilt``."""

    values: Values
    spoilt: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question that the two have read differently; None where there is no answer."""

    asked: Asked
    first: int | str | None
    second: int | str | None


def read_sheet(form: Form, given: Mapping[str, object]) -> tuple[Given, tuple[Asked, ...]]:
    """Answers as somebody has typed them from paper, and the questions that are left out of them.

    On paper nothing hides a question: answers that the others make superfluous are left out, as
    the act does not count them. Other flaws are those of
    :func:`noko.core.answers.slip.read_given`.
    """
    found = read_given(form, given)
    hidden = {flaw.question for flaw in found.flaws if flaw.kind == "hidden_answer"}
    if not hidden:
        return found, ()
    kept = without_hidden(form, found.values)
    rest = [flaw for flaw in found.flaws if flaw.kind != "hidden_answer"]
    again = read_given(form, kept)
    left_out = tuple(a for a in form.asked if a.id in found.values and a.id not in kept)
    return Given(kept, rest or again.flaws), left_out


def disagreements(form: Form, first: Values, second: Values) -> Sequence[Disagreement]:
    """Where two readings of a sheet differ, in the order of the form."""
    return [
        Disagreement(asked, first.get(asked.id), second.get(asked.id))
        for asked in form.asked
        if _comparable(first.get(asked.id)) != _comparable(second.get(asked.id))
    ]


def agree(form: Form, first: Reading, second: Reading) -> bool:
    """Whether the sheet needs nobody else."""
    if first.spoilt or second.spoilt:
        return first.spoilt and second.spoilt
    return not disagreements(form, first.values, second.values)


def _comparable(value: int | str | None) -> int | str | None:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value
