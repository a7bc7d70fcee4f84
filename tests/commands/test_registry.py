"""``noko registry check``: what a file would bring, before anybody uploads it."""

import json

import pytest

from noko.commands.main import run
from tests.busgov_files import packet, position, write_schemas


@pytest.fixture
def schemas(tmp_path):
    return write_schemas(tmp_path / "xsd")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "выгрузка.xml"
    path.write_bytes(packet())
    return path


def test_registry_check_of_a_right_file(file, schemas, capsys):
    assert run(["registry", "check", str(file), "--xsd", str(schemas)]) == 0
    said = capsys.readouterr().out
    assert "Схема External.xsd: файл ей соответствует." in said
    assert "Прочитано организаций: 1, отклонено: 0." in said


def test_registry_check_without_schemas_says_so(file, capsys):
    assert run(["registry", "check", str(file)]) == 0
    assert "Со схемами XSD файл не сверялся" in capsys.readouterr().out


def test_registry_check_tells_violations(file, schemas, capsys):
    file.write_bytes(packet(position(version="x")))
    assert run(["registry", "check", str(file), "--xsd", str(schemas)]) == 1
    said = capsys.readouterr().out
    assert "Схема External.xsd: нарушений – 1." in said
    assert "элемент «versionNumber»: значение «x» не подходит" in said


def test_registry_check_tells_rejected(file, capsys):
    file.write_bytes(packet(position(inn="7707083890")))
    assert run(["registry", "check", str(file)]) == 1
    assert "не сходится контрольная цифра" in capsys.readouterr().out


def test_registry_check_as_json(file, schemas, capsys):
    arguments = ["registry", "check", str(file), "--xsd", str(schemas), "--format", "json"]
    assert run(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["violated"]) == ("External.xsd", 0)
    assert [row["inn"] for row in found["organisations"]] == ["7707083893"]


def test_registry_check_reads_tables_too(tmp_path, capsys):
    path = tmp_path / "список.csv"
    path.write_text("Полное наименование;Тип\nШкола № 1;школа\n", encoding="utf-8")
    assert run(["registry", "check", str(path)]) == 0
    assert "Общеобразовательные" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<a", "Файл не читается как XML"),
        (packet(root="stateTask"), "Это пакет «stateTask»"),
        (b"", "Файл пуст"),
    ],
)
def test_registry_check_of_a_wrong_file(file, capsys, content, said):
    file.write_bytes(content)
    assert run(["registry", "check", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_registry_check_of_nothing(tmp_path, capsys):
    assert run(["registry", "check", str(tmp_path / "нет.xml")]) == 2
    assert "Такого файла нет" in capsys.readouterr().err


def test_registry_check_with_schemas_missing(file, tmp_path, capsys):
    assert run(["registry", "check", str(file), "--xsd", str(tmp_path / "нет")]) == 2
    assert "Папки со схемами XSD нет" in capsys.readouterr().err
