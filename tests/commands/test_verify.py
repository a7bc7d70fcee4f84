"""``noko verify`` as people use it: files in, findings and exit codes out."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from noko.commands.main import run

RIGHT = """\
# Придуманные школы
org,K1,K2,K3,K4,K5,S,rank
Школа № 1,"98,4","91,5",60,"97,2",96,"88,62",1
Школа № 2,90,85,48,78,79,76,2
Школа № 3,90,,48,78,79,"75,00",3
"""

WRONG = """\
org;K1;K2;K3;K4;K5;S;место;published_group_mean
Школа № 1;98,4;91,5;60,0;97,2;96,2;88;2;84,6
Школа № 2;90;85;48;78;79;83;1;84,6
Школа № 3;90;85;48;78;79;83,0;3;84,6
"""


@pytest.fixture
def right(tmp_path: Path) -> Path:
    path = tmp_path / "итоги.csv"
    path.write_text(RIGHT, encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """As a spreadsheet program saves it: Windows-1251, semicolons."""
    path = tmp_path / "итоги с ошибками.csv"
    path.write_bytes(WRONG.encode("cp1251"))
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = run(["verify", *map(str, arguments)])
    return code, capsys.readouterr().out


def found(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, dict[str, Any]]:
    code, text = shown(capsys, path, "--format", "json")
    return code, json.loads(text)


def test_verify_right_table_is_code_0(right: Path, capsys: pytest.CaptureFixture[str]):
    code, text = shown(capsys, right)
    assert code == 0
    assert text.splitlines()[-1] == "В таблице 3 строки. Замечаний нет."
    assert "88,62" in text
    assert "По остальным он равен 80" in text
    assert "Места идут по убыванию итогов." in text


def test_verify_finding_is_code_1(wrong: Path, capsys: pytest.CaptureFixture[str]):
    code, text = shown(capsys, wrong)
    assert code == 1
    assert text.splitlines()[-1] == "В таблице 3 строки. Найдено 5 замечаний."
    for words in ("отброшено вместо округления", "Верно 89.", "не сходится", "хотя итог больше"):
        assert words in text


def test_verify_long_table_shows_findings_on_the_screen_and_all_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path, out = tmp_path / "область.csv", tmp_path / "проверка.txt"
    lines = [f"Школа № {n};90;85;48;78;79;76" for n in range(301)]
    lines[7] = "Школа № 7;90;85;48;78;79;71"
    path.write_text("\n".join(["org;K1;K2;K3;K4;K5;S", *lines]), encoding="utf-8")
    code, text = shown(capsys, path)
    assert code == 1
    assert "Школа № 7" in text
    assert "Школа № 8" not in text
    assert "Показаны только строки с замечаниями." in text
    assert shown(capsys, path, "--out", out)[0] == 1
    assert "Школа № 8" in out.read_text(encoding="utf-8")


def test_verify_json(wrong: Path, capsys: pytest.CaptureFixture[str]):
    code, data = found(capsys, wrong)
    assert code == 1
    assert data["file"] == "итоги с ошибками.csv"
    assert data["regime"] == "344n-2018"
    assert data["rows"][0] == {
        "sheet": None,
        "line": 2,
        "organisation": "Школа № 1",
        "verdict": "truncated",
        "published": "88",
        "computed": "88.66",
        "interval": ["88.61", "88.71"],
        "allowed": ["89", "89"],
        "difference": "-1",
        "right": "89",
        "missing": None,
        "note": "Лишние знаки отброшены, а не округлены. Верно 89.",
    }
    assert [row["verdict"] for row in data["rows"]] == ["truncated", "inconsistent", "inconsistent"]
    assert data["rows"][2]["difference"] == "6.5"
    assert data["group_means"] == [
        {
            "group": {},
            "rows": 3,
            "verdict": "truncated",
            "published": "84.6",
            "computed": "84.666667",
            "right": "84.7",
            "difference": "-0.1",
            "note": "По 3 итогам среднее равно 84,666667."
            " Лишние знаки отброшены, а не округлены. Верно 84,7.",
        }
    ]
    assert data["order"][0]["breaks"][0]["lines"] == [3, 2]
    assert data["summary"] == {"rows": 3, "truncated": 1, "inconsistent": 2, "findings": 5}


def test_verify_json_of_a_missing_criterion(right: Path, capsys: pytest.CaptureFixture[str]):
    code, data = found(capsys, right)
    assert code == 0
    assert data["rows"][2]["verdict"] == "incomplete"
    assert data["rows"][2]["missing"] == {
        "criteria": ["K2"],
        "sum": "80",
        "sum_interval": ["77.975", "82.025"],
        "each": {"K2": ["77.975", "82.025"]},
    }


def test_verify_csv(right: Path, capsys: pytest.CaptureFixture[str]):
    code, text = shown(capsys, right, "--format", "csv")
    rows = list(csv.reader(io.StringIO(text)))
    assert code == 0
    assert rows[0] == [
        "Строка", "Организация", "Вывод", "Напечатано", "По критериям", "Пояснение"
    ]  # fmt: skip
    assert rows[1] == ["3", "Школа № 1", "точно", "88.62", "88.62", ""]


def test_verify_xlsx_and_back(tmp_path: Path, right: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "проверка.xlsx"
    code, text = shown(capsys, right, "--format", "xlsx", "--out", out)
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert code == 0
    assert rows[1][:5] == [3.0, "Школа № 1", "точно", 88.62, 88.62]
    assert text == "В таблице 3 строки. Замечаний нет.\n"


def test_verify_workbook_with_a_sheet_for_each_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "рейтинг.xlsx"
    with Workbook(path) as book:
        for title, names in (("Школы", ["Школа № 1"]), ("Сады", ["Ивушка", "Ромашка"])):
            sheet = book.add_worksheet(title)
            sheet.merge_range(0, 0, 0, 7, f"{title}: итоги независимой оценки")
            head = ["Место", "Организация", "К1", "К2", "К3", "К4", "К5", "Итоговый балл (из 100)"]
            sheet.write_row(1, 0, head)
            for number, name in enumerate(names, 1):
                numbers = [98.4 - number, 91.5, 60, 97.2, 96, 88.62 - number / 5]
                sheet.write_row(1 + number, 0, [number, name, *numbers])
        book.add_worksheet("Сведения").write_row(0, 0, ["Показатель", "Значение"])
    code, data = found(capsys, path)
    assert code == 0
    assert [(row["sheet"], row["line"], row["verdict"]) for row in data["rows"]] == [
        ("Школы", 3, "exact"),
        ("Сады", 3, "exact"),
        ("Сады", 4, "exact"),
    ]
    assert [(item["list"], item["rows"]) for item in data["order"]] == [
        ({"sheet": "Школы"}, 1),
        ({"sheet": "Сады"}, 2),
    ]
    assert data["notes"] == ["Лист «Сведения» не проверялся: в нём нет столбцов критериев и итога."]


def test_verify_edition_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "группы.csv"
    path.write_text(
        "org;1 критерий;2 критерий;3 критерий;4 критерий;итог\nШкола;36;34,5;18;22;110,5\n"
    )
    assert shown(capsys, path)[0] == 2
    assert shown(capsys, path, "--edition", "1547-2014")[0] == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("territory,n,good\nОбласть,10,5\n", "Нужны столбцы K1…K5 и S"),
        ("org,K1,G1,S\nШкола,90,30,80\n", "столбцы двух порядков"),
        ("org,K1,S\nШкола,много,80\n", "строка 2, столбец «B: K1»"),
        ("", "Файл пуст."),
    ],
)
def test_verify_wrong_input_is_code_2(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "таблица.csv"
    path.write_text(content, encoding="utf-8")
    assert run(["verify", str(path)]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert message in written.err


def test_verify_absent_file_is_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["verify", str(tmp_path / "нет.csv")]) == 2
    assert "нет.csv" in capsys.readouterr().err
