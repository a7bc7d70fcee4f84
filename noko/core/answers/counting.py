"""The one expression: answers of all respondents → counts of every organisation.

Filters, denominators and positive answers come from the questionnaire of the edition; the query
is written with narwhals and runs unchanged on Polars and on PySpark. Every figure is a count of
rows, so counts of parts of the data (a shard, a late wave) are added to give those of the whole.

Source: order 344n, indicator 5.1 ("of those who answered the question"); methodology B4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import reduce
from operator import or_

import narwhals as nw
import polars as pl

from noko.core.answers.lawful import allowed_text, lawful_answers
from noko.core.editions import Edition, Question
from noko.core.refusal import Refusal

KEY = "organisation"
RESPONDENTS = "respondents"
BAD = "bad:"
"""Prefix of the columns that count, question by question, the answers that cannot be."""

_IMPOSSIBLE = -1
"""Stands for a text that is no answer; refused like any other number that is not allowed."""

_RUN = "run"
_LONG_RUN = 8
"""Rows in a row of one organisation from which counting run by run is the faster way."""


def counted(
    answers: nw.LazyFrame, edition: Edition, policies: Mapping[str, str] | None = None
) -> nw.LazyFrame:
    """One row per organisation: its counts, ``respondents``, contradictions and bad answers.

    ``answers`` has ``organisation`` and the closed questions of the edition, see
    :func:`require_columns`; each answer is a whole number, empty where not asked or skipped.
    An archive in the order of organisations is counted without hashing when its frame says so
    (``set_sorted``): twice as fast.
    """
    figures = dict(_figures(edition, policies or {}))
    return (
        as_numbers(answers, edition)
        .group_by(KEY)
        .agg(*(expression.alias(name) for name, expression in figures.items()))
    )


def counted_by_runs(
    answers: pl.LazyFrame, edition: Edition, policies: Mapping[str, str] | None = None
) -> nw.LazyFrame:
    """The same rows as :func:`counted`, faster where each organisation's rows stand together.

    Rows are counted run by run (no hashing of 21 million names), then the few runs are added up;
    so the order of rows changes the speed and never the result.
    """
    figures = dict(_figures(edition, policies or {}))
    runs = answers.with_columns(pl.col(KEY).rle_id().alias(_RUN)).set_sorted(_RUN)
    return (
        as_numbers(nw.from_native(runs), edition, also=(_RUN,))
        .group_by(_RUN)
        .agg(
            nw.col(KEY).max(),
            *(expression.alias(name) for name, expression in figures.items()),
        )
        .group_by(KEY)
        .agg(*(nw.col(name).sum() for name in figures))
    )


def stands_together(head: pl.Series) -> bool:
    """Whether rows of one organisation stand together, judged by the first rows of ``KEY``."""
    runs = head.rle_id()
    return not len(runs) or len(head) >= _LONG_RUN * int(runs[-1])


def require_columns(columns: Sequence[str], edition: Edition) -> None:
    """Refusal ``missing_column`` when ``organisation`` or a closed question is absent."""
    wanted = [KEY, *(question.id for question in edition.questionnaire.closed)]
    missing = [name for name in wanted if name not in columns]
    if not missing:
        return
    asked = {question.id for question in edition.questionnaire.questions}
    foreign = [name for name in columns if name not in asked and name != KEY]
    hints = [
        f"Возможно, «{name}» – это столбец «{column}»."
        for name in missing
        if (column := _most_like(name, foreign))
    ]
    strangers = [name for name in foreign if name[:1] in "qQ" and name[1:].isdigit()]
    if strangers:
        hints.append(f"В анкете этой редакции нет вопросов: {', '.join(strangers)}.")
    raise Refusal(
        f"Для редакции {edition.code} не хватает столбцов: {', '.join(missing)}.",
        kind="missing_column",
        cure=" ".join([f"В файле есть: {', '.join(columns) or 'ничего'}.", *hints]),
    )


def _most_like(name: str, columns: Sequence[str]) -> str:
    """The column that may be ``name`` written otherwise ("Q15", "Вопрос 15"), "" if none is."""
    if name != KEY:
        number = name[1:]
        return next((c for c in columns if "".join(filter(str.isdecimal, c)) == number), "")
    by_word = [c for c in columns if "организац" in c.lower() or "учрежден" in c.lower()]
    return next(iter(by_word or get_close_matches(name, columns, n=1, cutoff=0.6)), "")


def as_numbers(answers: nw.LazyFrame, edition: Edition, also: Sequence[str] = ()) -> nw.LazyFrame:
    """Only the columns needed, texts ("1", "0", "") read as whole numbers."""
    schema = answers.collect_schema()
    return answers.select(
        *also,
        KEY,
        *(_number(edition, question, schema[question.id]) for question in _closed(edition)),
    )


def _number(edition: Edition, question: Question, kind: nw.dtypes.DType) -> nw.Expr:
    """The answer as a whole number; what is none of the possible ones becomes impossible."""
    column = nw.col(question.id)
    if kind.is_integer():
        return column
    if kind == nw.Boolean or kind == nw.Unknown:  # Unknown: a column of nothing but empty cells
        return column.cast(nw.Int8)
    least, greatest = lawful_answers(edition, question)
    lawful = range(least, greatest + 1)
    if kind.is_numeric():
        given, nothing = column, column.is_nan() if kind.is_float() else nw.lit(False)
        known = {answer: given == answer for answer in lawful}
    elif kind in (nw.String, nw.Categorical, nw.Enum):
        given = column.cast(nw.String).str.strip_chars()
        nothing = given == ""
        known = {answer: given == str(answer) for answer in lawful}
    else:
        raise Refusal(
            f"Столбец «{question.id}» хранит не числа, а значения вида {kind}.",
            kind="bad_answers",
            cure=f"Нужны целые числа: {allowed_text(edition, question)}.",
        )
    number = nw.when(given.is_null() | nothing).then(nw.lit(None)).otherwise(nw.lit(_IMPOSSIBLE))
    for answer, condition in known.items():
        number = nw.when(condition).then(nw.lit(answer)).otherwise(number)
    return number.cast(nw.Int8).alias(question.id)


def bad(edition: Edition, question: Question) -> nw.Expr:
    """True where the answer is neither empty nor one of the possible ones."""
    least, greatest = lawful_answers(edition, question)
    column = nw.col(question.id)
    return (column < least) | (column > greatest)


def _closed(edition: Edition) -> tuple[Question, ...]:
    return edition.questionnaire.closed


def contradictions(edition: Edition) -> tuple[str, ...]:
    """Questions with a condition: a result has a column ``contradictory:<id>`` for each."""
    return tuple(question.id for question in _closed(edition) if question.show_if)


def _figures(edition: Edition, policies: Mapping[str, str]) -> Iterator[tuple[str, nw.Expr]]:
    """Every figure of an organisation by its column name, counts in the order of the form."""
    yield RESPONDENTS, nw.len()
    by_filter = policies.get("skipped_question", "answered") == "filter_yes"
    for question in _closed(edition):
        answer = nw.col(question.id)
        counts, everyone = answer.count(), nw.len()
        positive = reduce(or_, (answer == value for value in question.positive))
        if question.show_if:
            asked = nw.col(question.show_if.question) == question.show_if.answer
            counts, everyone = _rows(asked & ~answer.is_null()), _rows(asked)
            positive = asked & positive
            yield f"contradictory:{question.id}", answer.count() - counts
        if question.asked:
            yield question.asked, everyone if by_filter else counts
        if question.satisfied:
            yield question.satisfied, _rows(positive)
        yield f"{BAD}{question.id}", _rows(bad(edition, question))


def _rows(condition: nw.Expr) -> nw.Expr:
    """How many rows meet the condition; counting what is not null is cheaper than summing truth."""
    return nw.when(condition).then(nw.lit(True)).count()


def bad_found(answers: nw.LazyFrame, edition: Edition) -> nw.LazyFrame:
    """Organisations with bad answers: for every question how many (``q1``), and one of them.

    The second pass, made only when :func:`counted` has met bad answers.
    """
    given = answers.with_columns(
        nw.col(question.id).cast(nw.String).alias(f"given:{question.id}")
        for question in _closed(edition)
    )
    kept = tuple(f"given:{question.id}" for question in _closed(edition))
    found = as_numbers(given, edition, also=kept).group_by(KEY)
    return found.agg(
        *(_rows(bad(edition, question)).alias(question.id) for question in _closed(edition)),
        *(
            nw.when(bad(edition, question))
            .then(nw.col(f"given:{question.id}"))
            .max()
            .alias(f"given:{question.id}")
            for question in _closed(edition)
        ),
    ).filter(
        nw.any_horizontal(
            *(nw.col(question.id) > 0 for question in _closed(edition)), ignore_nulls=True
        )
    )
