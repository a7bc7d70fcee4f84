"""What a data package delivers, for the comparison with a contract."""

from __future__ import annotations

from datetime import date

from noko.core.acceptance import Delivered, Received
from noko.core.dataset import ANSWERS, INSPECTION, MARKS, SURVEY
from noko.core.scoring.counts import Counts
from noko.exchange.dataset import Package, package_counts, package_survey

_FORMATS = {ANSWERS: "answers", INSPECTION: "inspection", MARKS: "marks", SURVEY: "survey"}


def delivered(package: Package, *, on: date | None = None) -> Delivered:
    """The package as a delivery; ``on`` is the day it came."""
    counts = package_counts(package)
    asked = respondents(package, counts)
    return Delivered(
        edition=package.edition.code,
        edition_digest=package.edition.digest,
        formats=frozenset(
            code for path, code in _FORMATS.items() if package.manifest.resource(path)
        ),
        organisations=tuple(
            Received(
                name=item.name,
                municipality=item.municipality,
                inn=item.inn,
                ogrn=item.ogrn,
                respondents=asked[index],
                known=_symbols(counts, index, zero=False),
                zero=_symbols(counts, index, zero=True),
            )
            for index, item in enumerate(package.organisations)
        ),
        on=on,
    )


def _symbols(counts: Counts, index: int, *, zero: bool) -> frozenset[str]:
    """Symbols that have a figure; with ``zero`` only those that are 0."""
    return frozenset(
        symbol
        for symbol, column in counts.columns.items()
        if column.known[index] and (not zero or column.values.numerator[index] == 0)
    )


def respondents(package: Package, counts: Counts) -> list[int | None]:
    """How many were asked at each organisation.

    Where only counts are known: the largest number that answered any one question.
    """
    if package.answers is not None:
        return [int(number) for number in package_survey(package).respondents]
    asked = [question.asked for question in package.edition.questionnaire.closed if question.asked]
    columns = [counts.columns[symbol] for symbol in asked if symbol in counts.columns]
    largest: list[int | None] = []
    for index in range(len(counts)):
        known = [int(column.values.at(index)) for column in columns if column.known[index]]
        largest.append(max(known) if known else None)
    return largest
