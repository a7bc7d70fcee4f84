"""``noko rate`` from an operator's files: what it writes, and how organisations are matched."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from noko.commands.main import run
from noko.queries.edition import get_edition
from tests.operator_files import HEADS, workbook

EDITION = get_edition("344n-2018")
CLOSED = EDITION.questionnaire.closed
ITEMS = {"stand": 6, "site": 8, "distance": 4, "comfort": 5, "equipment": 5, "access": 6}
GARDEN, CENTRE, SCHOOL = "МБДОУ «Детский сад № 7 Ёлочка»", "Дом творчества", "МБОУ СОШ № 5"
# Organisation → how many of its people say «Да» and «Нет» to the last question; all else is «Да».
PEOPLE = {GARDEN: (2, 0), CENTRE: (0, 2), SCHOOL: (7, 3)}
# With everything else perfect: K5 = 0.3 × 100 + 0.2 × 100 + 0.5 × share; the total is a fifth of 5.
TOTALS = {GARDEN: ("100.00", 1), SCHOOL: ("97.00", 2), CENTRE: ("90.00", 3)}
FILES = ["explanation.json", "rating.csv", "rating.json", "rating.xlsx", "release.json"]


def answers(path: Path, names: dict[str, str] | None = None, encoding: str = "cp1251") -> Path:
    """An export of an online form; ``names``: organisation → how its rows spell it."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["Отметка времени", "Учреждение", *(q.text for q in CLOSED)])
        for organisation, (yes, no) in PEOPLE.items():
            name = (names or {}).get(organisation, organisation)
            for last in ["Да"] * yes + ["Нет"] * no:
                writer.writerow(["01.10.2026", name, *["Да"] * (len(CLOSED) - 1), last])
    return path


def inspection(path: Path, names: Sequence[str] = (SCHOOL, GARDEN, CENTRE)) -> Path:
    """Checklists where everything is found, in another order than the answers."""
    heads = [HEADS[code].format(n + 1) for code in HEADS for n in range(ITEMS[code])]
    rows = [["Наименование организации", *heads], *([name, *[1] * len(heads)] for name in names)]
    path.write_bytes(workbook(rows, "Чек-листы"))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "рейтинг"


def rated(answers: Path, inspection: Path, out: Path, *more: str | Path) -> int:
    files = ["--answers", answers, "--inspection", inspection, "--out", out]
    return run(["rate", *map(str, files), "--edition", EDITION.code, *map(str, more)])


def results(out: Path) -> dict[str, tuple[str, int]]:
    """Organisation → total and place."""
    found = json.loads((out / "rating.json").read_text("utf-8"))["results"]
    return {row["organisation"]: (row["total"], row["place"]) for row in found}


def test_rate_writes_the_tables_with_the_totals_that_the_files_give(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = answers(tmp_path / "анкеты.csv"), inspection(tmp_path / "осмотр.xlsx")
    assert rated(*pair, out) == 0
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert capsys.readouterr().err == f"Рейтинг записан: {out}. Организаций – 3.\n"
    assert results(out) == TOTALS
    release = json.loads((out / "release.json").read_text("utf-8"))
    assert (release["edition"], release["organisations"]) == (EDITION.code, 3)
    assert sorted(release["inputs"]) == ["анкеты.csv", "осмотр.xlsx"]


def test_rate_reads_the_same_from_every_kind_of_file(tmp_path: Path, out: Path) -> None:
    sheet = inspection(tmp_path / "осмотр.xlsx")
    by_id = [
        {"organisation": name, **dict.fromkeys([q.id for q in CLOSED], 1), "q15": last}
        for name, (yes, no) in PEOPLE.items()
        for last in [1] * yes + [0] * no
    ]
    pl.DataFrame(by_id).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame(by_id).write_csv(tmp_path / "ids.csv")
    texts = answers(tmp_path / "utf8.csv", encoding="utf-8-sig")
    with texts.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    (tmp_path / "a.xlsx").write_bytes(workbook(rows, "Ответы на форму (1)"))
    for name in ("a.parquet", "ids.csv", "utf8.csv", "a.xlsx"):
        assert rated(tmp_path / name, sheet, out) == 0, name
        assert results(out) == TOTALS, name


def test_rate_joins_names_that_differ_by_typing_only(tmp_path: Path, out: Path) -> None:
    typed = {GARDEN: 'МБДОУ «Детский сад №7 "Елочка".', SCHOOL: "мбоу  сош N5"}
    pair = answers(tmp_path / "a.csv", typed, "utf-8"), inspection(tmp_path / "i.xlsx")
    assert rated(*pair, out) == 0
    assert results(out) == TOTALS


def test_rate_asks_about_names_that_are_only_alike_and_takes_the_answer(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = "Муниципальное бюджетное общеобразовательное учреждение СОШ № 5"
    pair = answers(tmp_path / "a.csv", {SCHOOL: full}), inspection(tmp_path / "i.xlsx")
    assert rated(*pair, out) == 2
    assert capsys.readouterr().err.splitlines() == [
        "Похоже, что это одни и те же организации под разными названиями. Ничего не сохранено. "
        "Подтвердите пары: --same «первое=второе» для каждой или --accept-similar для всех "
        "однозначных; либо исправьте названия.",
        f"  «{full}» и «{SCHOOL}»: правовая форма или вид написаны по-разному.",
    ]
    assert not out.exists()
    assert rated(*pair, out, "--same", f"{SCHOOL}={full}") == 0
    assert results(out) == TOTALS
    assert rated(*pair, tmp_path / "снова", "--accept-similar") == 0
    assert results(tmp_path / "снова") == TOTALS


def test_rate_names_who_is_in_one_file_only_and_leaves_them_out_when_told(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = answers(tmp_path / "a.csv"), inspection(tmp_path / "i.xlsx", [SCHOOL, "Лицей", GARDEN])
    assert rated(*pair, out) == 2
    assert capsys.readouterr().err.splitlines() == [
        "Не все организации есть в каждом файле. Ничего не сохранено. Добавьте недостающие данные "
        "или укажите --only-complete, чтобы рассчитать только организации, которые есть везде.",
        f"  «{CENTRE}» есть только в анкетах.",
        "  «Лицей» есть только в таблице осмотра.",
    ]
    assert not out.exists()
    assert rated(*pair, out, "--only-complete") == 0
    assert results(out) == {key: TOTALS[key] for key in (GARDEN, SCHOOL)}


def test_rate_takes_types_and_municipalities_from_the_list(tmp_path: Path, out: Path) -> None:
    listed = tmp_path / "перечень.csv"
    listed.write_text(
        "Наименование;Тип;Муниципалитет\n"
        f"{SCHOOL};школа;Заречный район\n{CENTRE};УДО;Заречный район\n"
        f"{GARDEN};детский сад;Город Лугов\n",
        "cp1251",
    )
    pair = answers(tmp_path / "a.csv"), inspection(tmp_path / "i.xlsx")
    assert rated(*pair, out, "--organisations", listed) == 0
    rows = json.loads((out / "rating.json").read_text("utf-8"))["results"]
    assert [(row["type"], row["municipality"], row["places"]["municipality"]["total"])
            for row in rows] == [
        ("preschool", "Город Лугов", [1, 1]),
        ("general", "Заречный район", [1, 2]),
        ("supplementary", "Заречный район", [2, 2]),
    ]  # fmt: skip


def test_rate_gives_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path, out: Path) -> None:
    sheet = inspection(tmp_path / "i.xlsx")
    assert rated(answers(tmp_path / "a.csv"), sheet, out) == 0
    lines = (tmp_path / "a.csv").read_text("cp1251").splitlines(keepends=True)
    (tmp_path / "mixed.csv").write_text("".join([lines[0], *lines[:0:-1]]), "cp1251")
    mixed = inspection(tmp_path / "i2.xlsx", [GARDEN, CENTRE, SCHOOL])
    assert rated(tmp_path / "mixed.csv", mixed, tmp_path / "снова") == 0
    assert (tmp_path / "снова" / "rating.json").read_bytes() == (out / "rating.json").read_bytes()
