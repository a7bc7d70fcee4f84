"""``noko plan read`` as people use it."""

import json
from pathlib import Path

import pytest

from noko.commands.main import run
from tests.plan_files import as_docx, as_text


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "план.txt"
    path.write_bytes(as_text())
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = run(["plan", "read", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_plan_with_findings_is_code_1(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = shown(capsys, plan)
    assert code == 1
    assert text.splitlines()[-1] == "Мероприятий: 6. Замечаний: 4."
    for words in (
        "3.1.",
        "не позднее 30 ноября 2016 г.",
        "Год не тот. 3.1:",
        "Контроль без срока.",
    ):
        assert words in text


def test_plan_as_json(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = shown(capsys, plan, "--format", "json")
    data = json.loads(text)
    assert code == 1
    assert (data["year"], data["questions"], data["calendar_established"]) == (2016, [], True)
    assert [item["recognised_as"] for item in data["activities"]] == [
        *("list", "section", "wave_preschool", "publication", "improvement", "control")
    ]
    assert data["activities"][0]["term"] == {
        "printed": "до 30 ноября 2016г.",
        "understood": True,
        "meaning": {"kind": "until", "on": "2016-11-30"},
        "in_words": "не позднее 30 ноября 2016 г.",
        "begins_on": None,
        "ends_on": "2016-11-30",
        "due_on": ["2016-11-30"],
    }
    assert [(item["code"], item["activities"]) for item in data["findings"]] == [
        ("day_off", ["2.2"]),
        ("year_contradicts", ["3.1"]),
        ("control_without_term", ["3.2"]),
        ("prepares_late", ["1.1", "2.1"]),
    ]


def test_plan_without_findings_is_code_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "план.docx"
    path.write_bytes(as_docx((("1.1", "Опрос жителей", "май", "Совет", "Отчёт"),)))
    code, text = shown(capsys, path)
    assert (code, text.splitlines()[-1]) == (0, "Мероприятий: 1. Замечаний: 0.")


def test_plan_of_a_year_without_a_calendar_says_so(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(capsys, plan, "--year", 2031)[1]
    assert "Переносы выходных в 2031 году не известны" in text


def test_plan_that_cannot_be_read_is_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "план.txt"
    path.write_text("План на 2016 год: без таблицы.", encoding="utf-8")
    assert run(["plan", "read", str(path)]) == 2
    assert "В файле нет таблицы." in capsys.readouterr().err
    path.write_text("Мероприятие\tСрок\nОпрос\tмай\n", encoding="utf-8")
    assert run(["plan", "read", str(path)]) == 2
    assert "не найден год" in capsys.readouterr().err
    assert run(["plan", "read", str(tmp_path / "нет.docx")]) == 2
    assert "Такого файла нет." in capsys.readouterr().err
