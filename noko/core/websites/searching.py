"""Information without microdata: by columns, labels, names of documents and words in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from noko.core.websites.findings import Evidence
from noko.core.websites.page import Line, Link, Table, TableCell
from noko.core.websites.patterns import fold
from noko.core.websites.rules import Sign, ValueWords
from noko.core.websites.statements import Reading, Statement
from noko.core.websites.values import NOTHING, Value, fits, is_negative, judge, known_alone

EXCERPT = 220
FIRST_WORDS = 40
"""Where in the beginning of a sentence a label must start at the latest."""
REFUSAL_LINES = 3
"""A refusal must stand close to its heading."""


@dataclass(frozen=True, slots=True)
class Search:
    """One item looked for on one page.

    ``elsewhere``: the page belongs to another subsection. ``mixed``: the page tells of several
    kinds of people or things, so the words of ``sign.within`` must be near.
    """

    sign: Sign
    reading: Reading
    words: ValueWords
    elsewhere: bool = False
    mixed: bool = False

    @property
    def _narrow(self) -> bool:
        return bool(self.sign.within) and (self.mixed or self.elsewhere)

    def evidence(self) -> Evidence | None:
        """The first thing that carries the item, the surest way of knowing it first."""
        ways = [self._columns, self._labels, self._documents, self._refusals]
        if not self.elsewhere:
            ways += [self._phrases, self._values]
        elif not self.sign.anywhere:
            return None
        for way in ways:
            found = next(iter(way()), None)
            if found is not None:
                return found
        return None

    def _columns(self) -> Iterator[Evidence]:
        for table, above in self.reading.tables:
            for column, title in self._column_titles(table):
                if self._vetoed(title, above) or not self._within(table, above):
                    continue
                for number, row in enumerate(table.grid[table.header_rows :], table.header_rows):
                    if column < len(row) and (value := self._cell(row[column])).filled:
                        place = f"{under(above)}таблица, столбец «{title}», строка {number + 1}"
                        yield self._evidence(row[column].text, place, title, value)

    def _column_titles(self, table: Table) -> Iterator[tuple[int, str]]:
        """(column, title) of the columns that carry the item; elsewhere only by its full name."""
        names = self.sign.labels if self.elsewhere else self.sign.columns
        width = max((len(row) for row in table.grid), default=0)
        for column in range(width if table.header_rows else 0):
            for row in table.grid[: table.header_rows]:
                folded = row[column].folded if column < len(row) else ""
                if names.find(folded) and not self.sign.unless.find(folded):
                    yield column, row[column].folded
                    break

    def _labels(self) -> Iterator[Evidence]:
        for statement in self.reading.statements:
            found = self.sign.labels.find(statement.label)
            if found is None:
                yield from self._none_with(statement)
                continue
            if self._vetoed(statement.label, statement.around):
                continue
            if statement.prose and found.start() > FIRST_WORDS:
                continue
            value, excerpt = self._value(statement)
            if value.filled:
                yield self._stated(statement, excerpt, value)

    def _none_with(self, statement: Statement) -> Iterator[Evidence]:
        """«Общежитие: нет» answers also how many places it has."""
        found = self.sign.none_with.find(statement.label)
        if found is None or found.start() > 0:
            return
        below = next((line.text for line in statement.lines if line.cell is None), "")
        text = statement.rest or below
        value = judge(text, self.words)
        if value.negative:
            yield self._stated(statement, f"{statement.label}: {text}", value)

    def _stated(self, statement: Statement, excerpt: str, value: Value) -> Evidence:
        place = f"{under(statement.around)}строка {statement.line.number + 1}"
        return self._evidence(excerpt, place, statement.label, value)

    def _documents(self) -> Iterator[Evidence]:
        numbers = self.reading.around
        for link in self.reading.content.links:
            if link.frame or link.line not in numbers or not link.alive:
                continue
            folded = fold(link.text)
            if self.sign.documents.find(folded) and not self._vetoed(folded, ()):
                place = f"{under(numbers[link.line])}ссылка «{link.text[:80]}»"
                yield self._evidence(link.text, place, link.text, Value(True))

    def _refusals(self) -> Iterator[Evidence]:
        """«Коллективный договор не заключался» anywhere in the text."""
        for line in self.reading.refusals if self.sign.kind == "document" else ():
            named = self.sign.labels.find(line.folded) or self.sign.documents.find(line.folded)
            if named and not self._vetoed(line.folded, ()):
                yield self._at(line, Value(True, True))

    def _phrases(self) -> Iterator[Evidence]:
        """Words in a sentence. The name of a table says nothing yet, unless it is a refusal."""
        captions, heads = self.reading.captions, self.reading.heads
        for line in self.reading.lines:
            found = (
                None if line.level or line.number in heads else self.sign.phrases.find(line.folded)
            )
            if found is None or self._vetoed(line.folded, ()):
                continue
            refused = self.words.negative.find(found[0]) is not None
            negative = refused or is_negative(line.folded, self.words)
            if not refused and (line.number in captions or self._is_empty_label(line)):
                continue
            if self.sign.kind != "document" or negative or any(x.alive for x in line.links):
                yield self._at(line, Value(True, negative))

    def _is_empty_label(self, line: Line) -> bool:
        """«Библиотека: –» names a thing and says nothing of it."""
        _, colon, rest = line.text.partition(":")
        return bool(colon) and not judge(rest, self.words).filled

    def _values(self) -> Iterator[Evidence]:
        """A telephone, an address of e-mail or a person with a post that needs no label."""
        narrow = self._narrow or (self.sign.kind == "person" and bool(self.sign.within))
        if not self.sign.by_value:
            return
        for line in self.reading.lines:
            above = self.reading.around[line.number]
            text = line.text if self.sign.kind != "email" else _with_mail(line)
            if not known_alone(text, self.sign.kind) or self._vetoed(line.folded, above):
                continue
            texts = (line.folded, *above)
            if not narrow or any(map(self.sign.within.find, texts)):
                yield self._at(line, Value(True))

    def _vetoed(self, label: str, above: Iterable[str]) -> bool:
        """Whether the label or a heading over it says that this is about something else."""
        above = tuple(above)
        if self.sign.unless.find(label) or any(map(self.sign.unless.find, above)):
            return True
        if not self.sign.own:
            return False
        if self.words.entities.find(label) and not self.words.own.find(label):
            return True
        return any(map(self.words.entities.find, above))

    def _within(self, table: Table, above: tuple[str, ...]) -> bool:
        if not self._narrow or any(map(self.sign.within.find, above)):
            return True
        return any(self.sign.within.find(cell.folded) for row in table.grid for cell in row)

    def _cell(self, cell: TableCell) -> Value:
        return self._judge(cell.text, cell.links, cell.images)

    def _judge(self, text: str, links: Iterable[Link], images: int = 0) -> Value:
        """Whether a text with its links is a value of the kind that the item needs."""
        kind = self.sign.kind
        value = judge(text, self.words)
        if kind == "document":
            if any(link.alive for link in links):
                return Value(True)
            return value if value.negative else NOTHING
        if value.negative or not value.filled:
            return value
        if kind == "email" and images:
            return value
        return value if fits(text, kind) else NOTHING

    def _value(self, statement: Statement) -> tuple[Value, str]:
        """The value of a statement and the words to show for it."""
        shown = f"{statement.label}: {statement.rest}".strip(": ")
        if statement.rest or (statement.links and not statement.heading):
            value = self._judge(statement.rest, statement.links)
            if value.filled and self._said_within(statement, statement.rest):
                return value, shown
        if statement.heading and statement.links and self.sign.kind == "document":
            return self._judge("", statement.links), statement.label
        return self._value_after(statement)

    def _value_after(self, statement: Statement) -> tuple[Value, str]:
        """What stands below a heading: tables decide by their columns, then the lines."""
        tables = [statement.table] if statement.table else list(self._tables_of(statement))
        for table in tables:
            decided = self._table_value(table)
            if decided is not None:
                return decided
        texts = [line for line in statement.lines if line.cell is None and not line.level]
        for line in texts:
            near = line in texts[:REFUSAL_LINES]
            value = self._judge(line.text, line.links, line.images)
            meant = value.filled and (near or not value.negative)
            if meant and self._said_within(statement, line.text):
                return value, f"{statement.label}: {line.text}"
        return NOTHING, ""

    def _said_within(self, statement: Statement, text: str) -> bool:
        if not self._narrow:
            return True
        texts = (statement.label, fold(text), *statement.around)
        return any(map(self.sign.within.find, texts))

    def _tables_of(self, statement: Statement) -> Iterator[Table]:
        if not statement.lines:
            return
        first, last = statement.lines[0].number, statement.lines[-1].number
        for table, _ in self.reading.tables:
            if first <= table.line <= last:
                yield table

    def _table_value(self, table: Table) -> tuple[Value, str] | None:
        """The value of a table below a heading; None where the table does not decide."""
        columns = [column for column, _ in self._column_titles(table)]
        others = set() if columns else self._vetoed_columns(table)
        filled = None
        for row in table.grid[table.header_rows :]:
            for column, cell in enumerate(row):
                if (columns and column not in columns) or column in others:
                    continue
                if not columns and _is_number(cell.text) and self.sign.kind != "number":
                    continue
                value = self._cell(cell)
                if value.filled and filled is None:
                    filled = value, cell.text
        if filled is not None:
            return filled
        return (NOTHING, "") if columns or others else None

    def _vetoed_columns(self, table: Table) -> set[int]:
        """Columns that are about something else."""
        found = set()
        for row in table.grid[: table.header_rows]:
            found |= {n for n, cell in enumerate(row) if self.sign.unless.find(cell.folded)}
        return found

    def _at(self, line: Line, value: Value) -> Evidence:
        place = f"{under(self.reading.around[line.number])}строка {line.number + 1}"
        return self._evidence(line.text, place, line.text[:80], value)

    def _evidence(self, excerpt: str, place: str, by: str, value: Value) -> Evidence:
        return Evidence(
            self.reading.content.address,
            place,
            excerpt[:EXCERPT],
            markup=False,
            by=by[:EXCERPT],
            negative=value.negative,
            elsewhere=self.elsewhere,
        )


def under(above: tuple[str, ...]) -> str:
    """The nearest real heading; words with a colon are one only for want of better."""
    named = [text for text in above if text and not text.endswith(":")] or list(above)
    return f"под заголовком «{named[0][:80]}», " if named and named[0] else ""


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(" ", "").isdecimal()


def _with_mail(line: Line) -> str:
    """The line with the addresses of its mailto: links."""
    hrefs = (link.href or "" for link in line.links)
    addresses = [href[7:] for href in hrefs if href.startswith("mailto:")]
    return " ".join([line.text, *addresses])
