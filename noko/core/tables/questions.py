"""Which column holds the answers to which question.

Operators' files have question texts for headers: shortened, renumbered, without quotes, reworded.
A header is compared with every question by its words (endings cut, rare words weigh more); the
order of the columns decides only between questions that the words cannot tell apart, and that is
said in a warning. Headers ``q1`` … are the edition's ids; ``v1`` … or «Вопрос 1» … are read in
order when there is exactly one for every question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from noko.core.editions import Edition, Question
from noko.core.tables.sheet import letter, shortened
from noko.core.tables.text import plain, stems

ALIKE = 0.55
"""A header at least so alike (0..1) may be the question's."""

SURE = 0.85
"""Below this a match is reported as a warning."""

CLEARLY = 0.07

_NUMBERED = re.compile(r"(?:v|в|вопрос\s*№?|question|№)?\s*(\d{1,2})\.?")


@dataclass(slots=True)
class QuestionColumns:
    """``columns``: question id → column; ``open_questions``: free ones (comment, sex, age)."""

    columns: dict[str, int] = field(default_factory=dict)
    open_questions: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


class QuestionMatcher:
    """Compares headers with the questions of one edition; keeps what it has compared."""

    def __init__(self, edition: Edition) -> None:
        self.questions = edition.questionnaire.questions
        self.closed = edition.questionnaire.closed
        self._texts = {q.id: plain(q.text) for q in self.questions}
        words = {q.id: set(stems(self._texts[q.id])) for q in self.questions}
        spread = Counter(word for group in words.values() for word in group)
        total = len(self.questions)
        self._weights = {w: math.log(1 + total / n) for w, n in spread.items()}
        self._words = words
        self._strange = math.log(1 + total)
        self._cache: dict[str, dict[str, float]] = {}

    def recognised(self, headers: Sequence[str]) -> int:
        """How many closed questions the row of headers seems to hold."""
        ids = {q.id for q in self.closed} & {header.strip().casefold() for header in headers}
        by_text = {
            best
            for header in headers
            if (best := max(self.scores(header).items(), key=lambda i: i[1], default=("", 0.0)))[1]
            >= ALIKE
        }
        numbered = self._numbered(headers, range(len(headers)))
        return max(len(ids), len({q for q, _ in by_text}), len(numbered))

    def scores(self, header: str) -> dict[str, float]:
        """Question id → likeness 0..1, only those that are alike at all."""
        if header not in self._cache:
            text = plain(header)
            found = {q.id: self._score(text, q) for q in self.questions} if text else {}
            self._cache[header] = {key: score for key, score in found.items() if score >= ALIKE}
        return self._cache[header]

    def _score(self, header: str, question: Question) -> float:
        text = self._texts[question.id]
        if header == text:
            return 1.0
        shorter, longer = sorted((header, text), key=len)
        if len(shorter) >= 20 and longer.startswith(shorter):
            return 0.99
        return self._cosine(set(stems(header)), self._words[question.id])

    def _cosine(self, header: set[str], question: set[str]) -> float:
        def squared(words: set[str]) -> float:
            return sum(self._weights.get(word, self._strange) ** 2 for word in words)

        whole = squared(header) * squared(question)
        return squared(header & question) / math.sqrt(whole) if whole else 0.0

    def _numbered(self, headers: Sequence[str], columns: Sequence[int]) -> dict[str, int]:
        """Columns «v1» … «v14» in order, or numbered as the printed form is."""
        found: dict[int, int] = {}
        for column in columns:
            match = _NUMBERED.fullmatch(headers[column].strip().casefold())
            if match and int(match[1]) and int(match[1]) not in found:
                found[int(match[1])] = column
        ids = [q.id for q in self.closed]
        if sorted(found) == list(range(1, len(ids) + 1)):
            return {ids[number - 1]: column for number, column in sorted(found.items())}
        if {f"q{number}" for number in found} == set(ids):
            return {f"q{number}": column for number, column in sorted(found.items())}
        return {}

    def match(
        self, headers: Sequence[str], columns: Sequence[int], chosen: Mapping[str, int]
    ) -> QuestionColumns:
        """Columns among ``columns`` for the questions; ``chosen`` are given by a person."""
        result = QuestionColumns(dict(chosen))
        free = [c for c in columns if headers[c] and c not in set(chosen.values())]
        by_id = self._by_id(headers, free)
        if len(by_id) * 2 >= len(self.closed):
            result.columns |= {k: c for k, c in by_id.items() if k not in chosen}
            return result
        self._by_text(headers, free, result)
        if not result.columns:
            result.columns = self._numbered(headers, free)
            if result.columns:
                result.warnings.append(
                    "Столбцы с номерами вопросов приняты по порядку: "
                    + ", ".join(f"{letter(c)} – {key}" for key, c in result.columns.items())
                    + "."
                )
        return result

    def _by_id(self, headers: Sequence[str], columns: Sequence[int]) -> dict[str, int]:
        ids = {q.id for q in self.closed}
        found: dict[str, int] = {}
        for column in columns:
            key = headers[column].strip().casefold()
            if key in ids and key not in found:
                found[key] = column
        return found

    def _by_text(
        self, headers: Sequence[str], columns: Sequence[int], result: QuestionColumns
    ) -> None:
        candidates = {c: self._best(headers[c]) for c in columns}
        candidates = {c: group for c, group in candidates.items() if group}
        assigned = {c: q for q, c in result.columns.items()}
        self._take_unique(headers, candidates, assigned, result)
        self._take_by_order(headers, candidates, assigned, result)
        closed = {q.id for q in self.closed}
        for column, key in sorted(assigned.items()):
            target = result.columns if key in closed else result.open_questions
            target.setdefault(key, column)

    def _best(self, header: str) -> tuple[str, ...]:
        """Questions that the header cannot be told apart from, the best first."""
        ranked = sorted(self.scores(header).items(), key=lambda item: -item[1])
        return tuple(key for key, score in ranked if ranked[0][1] - score < CLEARLY)

    def _take_unique(
        self,
        headers: Sequence[str],
        candidates: Mapping[int, tuple[str, ...]],
        assigned: dict[int, str],
        result: QuestionColumns,
    ) -> None:
        """Headers with one best question that no other header claims as well."""
        claims: dict[str, list[int]] = {}
        for column, group in candidates.items():
            if len(group) == 1:
                claims.setdefault(group[0], []).append(column)
        for key, columns in claims.items():
            ranked = sorted(columns, key=lambda c: -self.scores(headers[c])[key])
            best = ranked[0]
            score = self.scores(headers[best])[key]
            rival = self.scores(headers[ranked[1]])[key] if len(ranked) > 1 else 0.0
            if key in assigned.values() or score - rival < CLEARLY:
                continue
            assigned[best] = key
            if score < SURE:
                result.warnings.append(self._told(headers, best, key, f"сходство {score:.0%}"))

    def _take_by_order(
        self,
        headers: Sequence[str],
        candidates: Mapping[int, tuple[str, ...]],
        assigned: dict[int, str],
        result: QuestionColumns,
    ) -> None:
        """What words leave open between neighbours: as many columns as questions, in order."""
        order = {q.id: place for place, q in enumerate(self.questions)}
        open_columns = [c for c in sorted(candidates) if c not in assigned]
        groups: dict[tuple[str, ...], list[int]] = {}
        for column in open_columns:
            low, high = _between(column, assigned, order)
            left = sorted(
                (
                    key
                    for key in candidates[column]
                    if key not in assigned.values() and low < order[key] < high
                ),
                key=order.__getitem__,
            )
            groups.setdefault(tuple(left), []).append(column)
        for keys, columns in groups.items():
            if keys and len(keys) == len(columns):
                for column, key in zip(columns, keys, strict=True):
                    assigned[column] = key
                    result.warnings.append(self._told(headers, column, key, "по порядку столбцов"))

    def _told(self, headers: Sequence[str], column: int, key: str, how: str) -> str:
        text = next(q.text for q in self.questions if q.id == key)
        return (
            f"Столбец {letter(column)} «{shortened(headers[column])}» принят за вопрос {key}"
            f" «{shortened(text)}» ({how})."
        )


def _between(
    column: int, assigned: Mapping[int, str], order: Mapping[str, int]
) -> tuple[float, float]:
    """Places of the questions of the nearest known columns to the left and to the right."""
    before = [order[key] for c, key in assigned.items() if c < column]
    after = [order[key] for c, key in assigned.items() if c > column]
    low = max(before, default=-1)
    high = min(after, default=math.inf)
    return (low, high) if low < high else (-1, math.inf)
