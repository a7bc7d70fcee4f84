"""The answers of a data package as a Parquet file, also those that are too many for the memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from noko.core.editions import Edition
from noko.core.refusal import Place, Refusal

if TYPE_CHECKING:
    import polars as pl

ROW_GROUP = 100_000


def write_answers(
    answers: pl.DataFrame | pl.LazyFrame | Iterator[pl.DataFrame],
    edition: Edition,
    ids: Sequence[str],
    target: Path,
) -> None:
    """Only closed questions, sorted by organisation and then by the answers themselves."""
    if not isinstance(answers, Iterator):
        _checked_answers(answers.lazy(), edition, ids).write_parquet(target, compression="zstd")
        return
    import polars as pl

    from noko.core.answers.counting import KEY

    with tempfile.TemporaryDirectory(prefix=".answers.", dir=target.parent) as place:
        parts, last = [], ""
        for number, part in enumerate(answers):
            table = _checked_answers(part.lazy(), edition, ids)
            if len(table) and table[KEY][0] <= last:
                raise ValueError("parts of answers are not in the order of organisations")
            last = table[KEY][-1] if len(table) else last
            parts.append(Path(place) / f"{number}.parquet")
            table.write_parquet(parts[-1], compression="uncompressed")
        pl.scan_parquet(parts).sink_parquet(target, compression="zstd", row_group_size=ROW_GROUP)


def _checked_answers(answers: pl.LazyFrame, edition: Edition, ids: Sequence[str]) -> pl.DataFrame:
    """Refusals: ``missing_column``, ``bad_answers``, ``unknown_organisation``."""
    import narwhals as nw
    import polars as pl

    from noko.core.answers.counting import KEY, as_numbers, bad, require_columns

    require_columns(answers.collect_schema().names(), edition)
    closed = edition.questionnaire.closed
    names = [question.id for question in closed]
    numbers = as_numbers(nw.from_native(answers), edition)
    checks = [bad(edition, question).sum().alias(question.id) for question in closed]
    wrong = numbers.select(*checks).to_native().collect().row(0, named=True)
    if any(wrong.values()):
        listed = ", ".join(f"{name} – {number}" for name, number in wrong.items() if number)
        raise Refusal(
            f"В анкетах есть недопустимые ответы: {listed}.",
            kind="bad_answers",
            cure="Исправьте их и повторите.",
        )
    table = (
        numbers.to_native()
        .with_columns(pl.col(KEY).cast(pl.String), pl.col(names).cast(pl.Int8))
        .sort(KEY, *names)
        .collect()
    )
    present = table[KEY].unique().to_list()
    refuse_strangers(sorted({key or "" for key in present} - set(ids)), "анкеты")
    return table


def refuse_strangers(strangers: Sequence[str], what: str, file: str = "") -> None:
    if strangers:
        shown = ", ".join(f"«{key}»" for key in strangers[:10])
        raise Refusal(
            f"Есть {what} об организациях, которых нет в перечне: {shown}.",
            kind="unknown_organisation",
            cure="Дополните перечень или исправьте коды организаций.",
            place=Place(file=file),
        )
