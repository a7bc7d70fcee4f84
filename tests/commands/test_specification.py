"""``noko specification check``: an operator tries the package before it is handed over."""

import json
from datetime import date

import pytest

from noko.commands.main import run
from noko.core.acceptance import Demand, Required
from noko.core.acceptance_file import demand_bytes
from noko.queries.edition import get_edition
from tests.exchange.test_dataset import EDITION, written

CODES = tuple(item.code for item in EDITION.indicators)


@pytest.fixture
def package(tmp_path):
    return str(written(tmp_path / "package").folder)


def contract(
    tmp_path, questionnaires, names=("Школа № 1", "Детский сад «Ёлочка»"), edition=EDITION
):
    demand = Demand(
        "Контракт № 14 от 20.11.2026",
        edition.code,
        edition.digest,
        date(2027, 6, 20),
        {"answers": "ответы", "inspection": "величины"},
        tuple(
            Required(
                name, "Заречный район", "general", questionnaires=questionnaires, indicators=CODES
            )
            for name in names
        ),
    )
    path = tmp_path / "priemka.json"
    path.write_bytes(demand_bytes(demand))
    return str(path)


def test_check_of_a_whole_delivery_is_0(package, tmp_path, capsys):
    assert run(["specification", "check", package, "--contract", contract(tmp_path, 1)]) == 0
    said = capsys.readouterr()
    assert "Нет в контракте: Лицей." in said.err
    assert "Организаций в контракте: 2, с замечаниями: 0." in said.err


def test_check_of_a_short_delivery_is_1_and_names_what_is_missing(package, tmp_path, capsys):
    path = contract(tmp_path, 100, names=("Школа № 1", "Гимназия"))
    arguments = ["specification", "check", package, "--contract", path, "--format", "json"]
    assert run(arguments) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["complete"] is False
    assert [item["name"] for item in value["organisations"]] == ["Школа № 1", "Гимназия"]
    first, second = (item["lacks"] for item in value["organisations"])
    assert [lack["check"] for lack in first] == ["questionnaires"]
    assert second == [{"check": "organisations", "text": "нет в данных", "grave": True}]


def test_check_table_names_only_what_lacks(package, tmp_path, capsys):
    path = contract(tmp_path, 1, names=("Школа № 1", "Гимназия"))
    base = ["specification", "check", package, "--contract", path, "--format", "csv"]
    assert run(base) == 1
    assert "Школа № 1" not in capsys.readouterr().out
    assert run([*base, "--all"]) == 1
    assert "Школа № 1" in capsys.readouterr().out


def test_check_of_another_edition_is_2(package, tmp_path, capsys):
    path = contract(tmp_path, 1, edition=get_edition("1547-2014"))
    assert run(["specification", "check", package, "--contract", path]) == 2
    assert "Пакет собран по редакции 344n-2018" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00"])
def test_check_with_a_wrong_contract_is_2(package, tmp_path, capsys, content):
    path = tmp_path / "priemka.json"
    path.write_bytes(content)
    assert run(["specification", "check", package, "--contract", str(path)]) == 2
    assert "Скачайте файл приёмки" in capsys.readouterr().err


def test_check_without_a_package_is_2(tmp_path, capsys):
    path = contract(tmp_path, 1)
    assert run(["specification", "check", str(tmp_path / "none"), "--contract", path]) == 2
