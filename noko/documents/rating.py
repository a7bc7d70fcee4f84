"""The rating as files: rating.xlsx for people, rating.csv and rating.json for machines,
explanation.json with the walk to the counts, release.json with digests and versions.

The same result gives the same bytes: no clock, no random, fixed order.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noko import __version__
from noko.core.editions import EVIDENCE_TITLES
from noko.core.organisation_types import type_title
from noko.core.scoring.explanation import explain
from noko.core.scoring.groups import mean
from noko.core.scoring.places import all_places
from noko.core.scoring.publishing import AllPlaces, official_order, published
from noko.core.scoring.scores import Scores
from noko.documents.xlsx import HEAD, new_sheet, new_workbook

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


def rating_files(scores: Scores, inputs: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """File name → bytes of every file of a rating. ``inputs``: name → SHA-256 of what went in."""
    places = all_places(scores)
    result = published(scores, places)
    files = {
        "rating.xlsx": rating_xlsx(scores, places, result),
        "rating.csv": rating_csv(scores, result),
        "rating.json": json_bytes(result),
        "explanation.json": explanation_json(scores, places),
    }
    files["release.json"] = json_bytes(_manifest(scores, files, inputs or {}))
    return files


def write_rating_files(
    folder: Path, scores: Scores, inputs: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """Write :func:`rating_files` into ``folder`` (made when absent); returns them.

    Files of an earlier rating give way only when all the new ones are on the disk.
    """
    files = rating_files(scores, inputs)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = {name: folder / f".{name}.unfinished" for name in files}
    try:
        for name, content in files.items():
            unfinished[name].write_bytes(content)
        for name, path in unfinished.items():
            path.replace(folder / name)
    finally:
        for path in unfinished.values():
            path.unlink(missing_ok=True)
    return files


def json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def explanation_json(scores: Scores, places: AllPlaces) -> bytes:
    order = official_order(scores, places)
    trees = [
        {"organisation": scores.counts.organisations[i], **explain(scores, i).as_dict()}
        for i in order
    ]
    # One organisation to a line: an indented tree takes ten times as long to write.
    lines = ",\n".join(json.dumps(tree, ensure_ascii=False) for tree in trees)
    head = json.dumps(scores.edition.code, ensure_ascii=False)
    return f'{{"edition": {head}, "explanations": [\n{lines}\n]}}\n'.encode()


def _manifest(
    scores: Scores, files: Mapping[str, bytes], inputs: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "noko": __version__,
        "edition": scores.edition.code,
        "edition_digest": scores.edition.digest,
        "rounding": scores.rounding.code,
        "policies": dict(scores.policies),
        "ties": scores.ties,
        "levels": scores.levels,
        "organisations": len(scores),
        "inputs": dict(inputs),
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }


def rating_csv(scores: Scores, result: Mapping[str, Any]) -> bytes:
    """UTF-8, comma, decimal point; criteria under K1… or G1…, the total under S."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    keys = {criterion.code: criterion.key for criterion in scores.edition.criteria}
    indicators = [indicator.code for indicator in scores.edition.indicators]
    groups = [name for name in ("type", "municipality") if _has(scores, name)]
    writer.writerow(["rank", "org", *groups, *keys.values(), "S", "level", *indicators])
    for row in result["results"]:
        writer.writerow(
            [
                row["place"],
                row["organisation"],
                *(row[name] for name in groups),
                *(row["criteria"][code] for code in keys),
                row["total"],
                row["level"],
                *(row["indicators"][code] for code in indicators),
            ]
        )
    return buffer.getvalue().encode()


def _has(scores: Scores, name: str) -> bool:
    return bool(scores.counts.types if name == "type" else scores.counts.municipalities)


def rating_xlsx(scores: Scores, places: AllPlaces, result: Mapping[str, Any]) -> bytes:
    """The workbook: rating, rating of every type, indicators, primary figures, calculation."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer)
    formats = _formats(workbook, scores)
    rows = result["results"]
    _rating_sheet(workbook, formats, scores, "Рейтинг", rows, "all")
    for kind in dict.fromkeys(row["type"] for row in rows if "type" in row):
        own = [row for row in rows if row["type"] == kind]
        _rating_sheet(workbook, formats, scores, type_title(kind), own, "type")
    _indicator_sheet(workbook, formats, scores, rows)
    _counts_sheet(workbook, formats, scores, official_order(scores, places))
    _calculation_sheet(workbook, formats, scores)
    workbook.close()
    return buffer.getvalue()


def _formats(workbook: Workbook, scores: Scores) -> dict[str, Format]:
    def numbers(decimals: int) -> str:
        return "0" if decimals == 0 else "0." + "0" * decimals

    rounding = scores.rounding
    return {
        "head": workbook.add_format(HEAD),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "bold": workbook.add_format({"bold": True, "valign": "top", "text_wrap": True}),
        "whole": workbook.add_format({"num_format": "0", "valign": "top"}),
        "indicator": workbook.add_format(
            {"num_format": numbers(rounding.indicator.decimals), "valign": "top"}
        ),
        "criterion": workbook.add_format(
            {"num_format": numbers(rounding.criterion.decimals), "valign": "top"}
        ),
        "total": workbook.add_format(
            {"num_format": numbers(rounding.total.decimals), "bold": True, "valign": "top"}
        ),
        "mean": workbook.add_format({"num_format": "0.00", "top": 1, "bold": True}),
        "mean_text": workbook.add_format({"top": 1, "bold": True}),
    }


def _number(sheet: Worksheet, row: int, column: int, text: str | None, cell: Format) -> None:
    if text is None:
        sheet.write_string(row, column, "нет данных")
    else:
        sheet.write_number(row, column, float(text), cell)


def _rating_sheet(
    workbook: Workbook,
    formats: dict[str, Format],
    scores: Scores,
    title: str,
    rows: list[dict[str, Any]],
    scope: str,
) -> None:
    criteria = scores.edition.criteria
    groups = [name for name in ("municipality", "type") if _has(scores, name)]
    titles = {"municipality": "Муниципалитет", "type": "Тип"}
    head = ["Место", "Организация", *(titles[name] for name in groups)]
    head += [f"{c.key} {c.short}" for c in criteria]
    head += [f"{scores.edition.total.name} (из {scores.edition.total.maximum})", "Уровень"]
    sheet = new_sheet(workbook, title, head, formats["head"])
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 48)
    sheet.set_column(2, 1 + len(groups), 28)
    sheet.set_column(2 + len(groups), len(head) - 1, 14)
    for number, row in enumerate(rows, start=1):
        place = row["places"].get(scope, {}).get("total")
        sheet.write(number, 0, place[0] if place else "–", formats["whole"])
        sheet.write_string(number, 1, row["organisation"], formats["text"])
        for column, name in enumerate(groups, start=2):
            text = type_title(row[name]) if name == "type" else row[name]
            sheet.write_string(number, column, text, formats["text"])
        start = 2 + len(groups)
        for column, criterion in enumerate(criteria, start=start):
            text = row["criteria"][criterion.code]
            _number(sheet, number, column, text, formats["criterion"])
        _number(sheet, number, start + len(criteria), row["total"], formats["total"])
        sheet.write_string(number, start + len(criteria) + 1, row["level"], formats["text"])
    _means_row(sheet, formats, scores, rows, 2 + len(groups))
    sheet.autofilter(0, 0, len(rows), len(head) - 1)


def _means_row(
    sheet: Worksheet,
    formats: dict[str, Format],
    scores: Scores,
    rows: list[dict[str, Any]],
    start: int,
) -> None:
    last = len(rows) + 1
    for column in range(start):
        sheet.write_blank(last, column, None, formats["mean_text"])
    sheet.write_string(last, 1, "Среднее по организациям", formats["mean_text"])
    columns = [[row["criteria"][c.code] for row in rows] for c in scores.edition.criteria]
    columns.append([row["total"] for row in rows])
    for column, values in enumerate(columns, start=start):
        average = mean(values)
        if average is not None:
            sheet.write_number(last, column, float(average.text()), formats["mean"])


def _indicator_sheet(
    workbook: Workbook, formats: dict[str, Format], scores: Scores, rows: list[dict[str, Any]]
) -> None:
    indicators = scores.edition.indicators
    head = ["Место", "Организация", *(f"{i.code} {i.short}" for i in indicators)]
    sheet = new_sheet(workbook, "Показатели", head, formats["head"])
    sheet.set_column(1, 1, 48)
    sheet.set_column(2, len(head) - 1, 14)
    for number, row in enumerate(rows, start=1):
        sheet.write(number, 0, row["place"] or "–", formats["whole"])
        sheet.write_string(number, 1, row["organisation"], formats["text"])
        for column, indicator in enumerate(indicators, start=2):
            text = row["indicators"][indicator.code]
            _number(sheet, number, column, text, formats["indicator"])


def _counts_sheet(
    workbook: Workbook, formats: dict[str, Format], scores: Scores, order: list[int]
) -> None:
    inputs = [
        item for item in scores.edition.inputs if scores.counts.columns[item.symbol].known.any()
    ]
    head = ["Место", "Организация", *(f"{item.symbol}: {item.name}" for item in inputs)]
    sheet = new_sheet(workbook, "Исходные данные", head, formats["head"])
    sheet.set_column(1, 1, 48)
    sheet.set_column(2, len(head) - 1, 12)
    places = all_places(scores)["all"]["total"].place
    for number, index in enumerate(order, start=1):
        sheet.write(number, 0, int(places[index]) or "–", formats["whole"])
        sheet.write_string(number, 1, scores.counts.organisations[index], formats["text"])
        for column, item in enumerate(inputs, start=2):
            value = scores.counts.value(item.symbol, index)
            if value is not None:
                sheet.write_number(number, column, float(value))


def _calculation_sheet(workbook: Workbook, formats: dict[str, Format], scores: Scores) -> None:
    edition = scores.edition
    lines = [
        ("Редакция методики", edition.title),
        ("Код редакции", edition.code),
        ("Контрольная сумма редакции", edition.digest),
        ("Округление", f"{scores.rounding.title} ({scores.rounding.code})"),
        ("Основание округления", EVIDENCE_TITLES[scores.rounding.basis.evidence]),
        ("Равные места", "1, 2, 2, 4" if scores.ties == "competition" else "1, 2, 2, 3"),
    ]
    for policy in edition.policies:
        lines.append((policy.title, policy.title_of(scores.policies[policy.code])))
    lines += [("Предупреждение", text) for text in edition.warnings]
    lines.append(("Программа", f"НОКО {__version__}"))
    sheet = workbook.add_worksheet("Сведения о расчёте")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    for number, (name, text) in enumerate(lines):
        sheet.write_string(number, 0, name, formats["bold"])
        sheet.write_string(number, 1, text, formats["text"])
