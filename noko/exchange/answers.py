"""ANSWERS of any size on disk → counts: Parquet and CSV are scanned, sheets of people are read.

``count_file`` is the whole way from a file to :class:`SurveyCounts`. A table with a column
``organisation`` and one per question id (``q1`` …) is counted without being loaded; any other
layout (an export of an online form in CSV, XLSX, ODS) goes through ``noko.core.tables``.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import polars as pl

from noko.core.answers.counting import (
    KEY,
    bad_found,
    counted,
    counted_by_runs,
    require_columns,
    stands_together,
)
from noko.core.answers.lawful import allowed_text
from noko.core.answers.results import SurveyCounts, bad_answers, number_of_bad, survey_counts
from noko.core.editions import Edition
from noko.core.refusal import Place, Problem, Refusal
from noko.core.tables.answers import AnswersTable
from noko.core.tables.names import Reference
from noko.core.tables.roles import read_as

ENGINES = ("polars", "spark")

_HEAD = 100_000
_SHOWN = 1_000
"""So many organisations with bad answers are listed one by one."""

Source = Path | bytes
"""A file or a folder of Parquet files, or the content of one Parquet file."""


def count_file(
    path: Path, edition: Edition, *, engine: str = "polars", skipped: str = ""
) -> SurveyCounts:
    """Counts of the survey part from a file of answers.

    ``skipped`` is the choice for the policy ``skipped_question``, the edition's default when
    empty. Refusals: ``unknown_engine``, ``no_file``, ``broken_parquet``, ``missing_column``,
    ``bad_answers``, ``no_answers``, ``no_organisation``, those of reading sheets, and those of
    :func:`noko.exchange.spark.session`.
    """
    check_engine(engine)
    if not path.exists():
        raise Refusal(f"Файла «{path}» нет.", kind="no_file", cure="Проверьте путь.")
    if path.is_dir() or path.suffix.lower() in (".parquet", ".pq"):
        return count_parquet(path, edition, engine=engine, skipped=skipped)
    if table := plain_table(path):
        return _count_csv(table, edition, engine=engine, skipped=skipped)
    if engine != "polars":
        raise _not_for_a_cluster(path)
    return _count_sheets(path, edition, skipped=skipped)


def _not_for_a_cluster(path: Path) -> Refusal:
    return Refusal(
        f"Файл «{path.name}» нельзя передать кластеру.",
        kind="spark_needs_columns",
        cure=f"Нужен Parquet или CSV в UTF-8 со столбцами «{KEY}» и q1 …; либо уберите --engine.",
        place=Place(file=path.name),
    )


def count_parquet(
    source: Source, edition: Edition, *, engine: str = "polars", skipped: str = "", name: str = ""
) -> SurveyCounts:
    """Counts of a Parquet file, a folder of them, or (Polars only) the bytes of one."""
    label = name or (source.name if isinstance(source, Path) else "")
    _refuse_broken(source, label)
    if engine == "spark":
        return _count_with_spark("parquet", source, {}, edition, skipped, label)
    return _count_frame(_scan(source, label), edition, skipped, label)


def answers_frame(
    ids: Sequence[str], index: npt.NDArray[Any], columns: Mapping[str, npt.NDArray[np.int8]]
) -> pl.DataFrame:
    """Arrays of answers (1, 0 …, -1 for empty) as a table with the column ``organisation``.

    ``index[i]`` is the position in ``ids`` of the organisation that respondent ``i`` speaks of.
    """
    names = pl.Series(KEY, list(ids), dtype=pl.String)
    answers = pl.DataFrame(
        {name: pl.Series(values, dtype=pl.Int8) for name, values in columns.items()}
    )
    empty = pl.when(pl.all() >= 0).then(pl.all())
    return answers.select(names.gather(index), empty)


def check_engine(engine: str) -> None:
    """Refusal ``unknown_engine`` lists the known ones."""
    if engine not in ENGINES:
        raise Refusal(
            f"Вычислителя «{engine}» нет.",
            kind="unknown_engine",
            cure=f"Укажите один из: {', '.join(ENGINES)}.",
        )


# --- one machine --------------------------------------------------------------------------------


def _count_frame(answers: pl.LazyFrame, edition: Edition, skipped: str, file: str) -> SurveyCounts:
    require(answers.collect_schema().names(), edition, file)
    policies = skipped_policy(edition, skipped)
    # Three ways to the same counts; the head only spares a look through what is plainly unsorted.
    head = _collected(answers.select(KEY).head(_HEAD), file)[KEY]
    if _in_order(head) and _in_order(_run_starts(answers, file)):
        query = counted(nw.from_native(answers.set_sorted(KEY)), edition, policies)
    elif stands_together(head):
        query = counted_by_runs(answers, edition, policies)
    else:
        query = counted(nw.from_native(answers), edition, policies)
    table = _collected(query.to_native(), file)
    if number := number_of_bad(table):
        found = _collected(bad_found(nw.from_native(answers), edition).to_native(), file)
        raise bad_answers(bad_problems(found, edition, file), number)
    return survey_counts(table, edition)


def _run_starts(answers: pl.LazyFrame, file: str) -> pl.Series:
    """The name of every run of rows of one organisation, in file order; reads that column only."""
    name = pl.col(KEY)
    return _collected(answers.select(KEY).filter(name.ne_missing(name.shift())), file)[KEY]


def _in_order(names: pl.Series) -> bool:
    return names.dtype == pl.String and names.is_sorted()


def _collected(query: pl.LazyFrame, file: str) -> pl.DataFrame:
    try:
        return query.collect(engine="streaming")
    except pl.exceptions.ComputeError:
        raise _broken(file) from None


def _scan(source: Source, file: str) -> pl.LazyFrame:
    place = source / "**/*.parquet" if isinstance(source, Path) and source.is_dir() else source
    frame = pl.scan_parquet(io.BytesIO(place) if isinstance(place, bytes) else place)
    try:
        frame.collect_schema()
    except pl.exceptions.PolarsError:
        raise _broken(file) from None
    return frame


def _refuse_broken(source: Source, file: str) -> None:
    """A Parquet file begins and ends with the same four letters; a truncated one does not."""
    files: list[Source] = [source]
    if isinstance(source, Path) and source.is_dir():
        files = sorted(source.rglob("*.parquet"))
        if not files:
            raise Refusal(f"В папке «{source}» нет файлов .parquet.", kind="no_file")
    for item in files:
        if isinstance(item, bytes):
            first, last = item[:4], item[-4:]
        else:
            with item.open("rb") as stream:
                first = stream.read(4)
                stream.seek(max(item.stat().st_size - 4, 0))
                last = stream.read(4)
        if first != b"PAR1" or last != b"PAR1":
            raise _broken(file if item is source else item.name)  # type: ignore[union-attr]


def _broken(file: str) -> Refusal:
    return Refusal(
        "Файл не читается как Parquet: он обрезан, повреждён или это файл другого вида.",
        kind="broken_parquet",
        cure="Получите файл заново и сравните его размер с исходным. Ничего не сохранено.",
        place=Place(file=file),
    )


# --- what both engines share --------------------------------------------------------------------


def require(columns: Sequence[str], edition: Edition, file: str) -> None:
    try:
        require_columns(columns, edition)
    except Refusal as refusal:
        problem = refusal.problem
        raise Refusal(
            problem.message, kind=refusal.kind, cure=problem.cure, place=Place(file=file)
        ) from None


def skipped_policy(edition: Edition, skipped: str) -> Mapping[str, str]:
    """The policy for skipped questions. Refusal ``unknown_policy`` lists the choices."""
    policy = edition.policy_by_code.get("skipped_question")
    if policy is None:
        return {}
    known = [choice.code for choice in policy.choices]
    if skipped and skipped not in known:
        raise Refusal(
            f"Правила «skipped_question={skipped}» нет в редакции {edition.code}.",
            kind="unknown_policy",
            cure=f"Известны: {', '.join(known)}.",
        )
    return {"skipped_question": skipped or policy.default}


def bad_problems(found: pl.DataFrame, edition: Edition, file: str) -> list[Problem]:
    """Every organisation and question with bad answers, how many, and one of them."""
    problems = []
    for row in found.sort(KEY).head(_SHOWN).iter_rows(named=True):
        for question in edition.questionnaire.closed:
            if number := row[question.id]:
                problems.append(
                    Problem(
                        f"«{row[KEY]}»: недопустимых ответов – {number}, "
                        f"например «{row[f'given:{question.id}']}».",
                        f"Допустимо: {allowed_text(edition, question)}.",
                        Place(file=file, column=question.id),
                    )
                )
    return problems


def _count_with_spark(
    kind: str, source: Source, options: Mapping[str, str], edition: Edition, skipped: str, file: str
) -> SurveyCounts:
    from noko.exchange.spark import read, rows_of

    if isinstance(source, bytes):
        raise Refusal(
            "Кластеру нельзя передать пакет в архиве.",
            kind="spark_needs_folder",
            cure="Распакуйте пакет и укажите папку.",
        )
    answers = read(kind, source, options)
    require(answers.columns, edition, file)
    table = rows_of(counted(answers, edition, skipped_policy(edition, skipped)))
    if number := number_of_bad(table):
        found = rows_of(bad_found(answers, edition))
        raise bad_answers(bad_problems(found, edition, file), number)
    return survey_counts(table, edition)


# --- plain CSV ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A CSV file whose first line has the column ``organisation``."""

    path: Path
    encoding: str
    delimiter: str


def plain_table(path: Path) -> PlainTable | None:
    """How to scan the CSV file, None when its first line has no column ``organisation``."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        return None
    with path.open("rb") as stream:
        header = stream.readline(1_000_000).decode("utf-8-sig", errors="replace").rstrip("\r\n")
    for delimiter in (",", ";", "\t"):
        if KEY in next(csv.reader([header], delimiter=delimiter), []):
            return PlainTable(path, _encoding(path), delimiter)
    return None


def _encoding(path: Path) -> str:
    """UTF-8 when the whole file is, else Windows-1251; the file is read in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while piece := stream.read(1 << 22):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "windows-1251"
    return "utf-8"


def _count_csv(table: PlainTable, edition: Edition, *, engine: str, skipped: str) -> SurveyCounts:
    file = table.path.name
    if engine == "spark":
        if table.encoding != "utf-8":
            raise _not_for_a_cluster(table.path)
        options = {"header": "true", "sep": table.delimiter}
        return _count_with_spark("csv", table.path, options, edition, skipped, file)
    source: Path | io.BytesIO = table.path
    if table.encoding != "utf-8":
        text = table.path.read_text(encoding=table.encoding)
        source = io.BytesIO(text.encode())
    frame = pl.scan_csv(source, separator=table.delimiter, infer_schema=False)
    try:
        return _count_frame(frame, edition, skipped, file)
    except Refusal as refusal:
        if refusal.kind != "broken_parquet":
            raise
        raise Refusal(
            "Файл не читается как таблица CSV.",
            kind="broken_csv",
            cure="Проверьте кавычки и число столбцов в строках.",
            place=Place(file=file),
        ) from None


# --- sheets of people ---------------------------------------------------------------------------


def _count_sheets(path: Path, edition: Edition, *, skipped: str) -> SurveyCounts:
    from noko.exchange.files import read_sheets

    table: AnswersTable = read_as("answers", read_sheets(path), edition)
    names = [described(item, table.organisations) for item in table.organisations]
    order = sorted(range(len(names)), key=names.__getitem__)
    return count_table(table, edition, skipped=skipped).taken(order, [names[i] for i in order])


def count_table(table: AnswersTable, edition: Edition, *, skipped: str = "") -> SurveyCounts:
    """Counts of a table that people made: one entry per ``table.organisations``, in their order."""
    columns = {
        name: pl.Series(values, dtype=pl.Int8).replace(-1, None)
        for name, values in table.columns.items()
    }
    frame = pl.LazyFrame({KEY: table.organisation_index, **columns})
    counts = _count_frame(frame, edition, skipped, "")
    return counts.taken(range(len(counts)), [item.name for item in table.organisations])


def described(item: Reference, among: Sequence[Reference]) -> str:
    """The name, with its municipality where another organisation is called the same."""
    alike = sum(other.name == item.name for other in among)
    return f"{item.name} ({item.municipality})" if alike > 1 and item.municipality else item.name
