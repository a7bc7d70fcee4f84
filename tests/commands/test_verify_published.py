"""Every open published table of the reference folder through ``noko verify``.

The folder is no part of the project: ``NOKO_REFERENCE`` names it.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from noko.commands.main import run

RESULTS = Path(os.environ.get("NOKO_REFERENCE") or "no-such-folder") / "results"

pytestmark = pytest.mark.skipif(
    not RESULTS.is_dir(), reason="no published tables: set NOKO_REFERENCE to their folder"
)

VERDICTS = {
    "r1547_01_sverdlovsk2015_berdugino": {"exact": 1},
    "r1547_03_totals": {"unchecked": 4},
    "r344_01_hmao2020_org214": {"exact": 1},
    "r344_03_stavropol_raduga2022": {"exact": 1},
    "r344_05_ko_uzl2022": {"incomplete": 1},
    "r344_06_kirov2023": {"exact": 2},
    "r344_07_tuva2022_erzin": {"incomplete": 1, "unchecked": 6},
    "r344_09_sverdlovsk2021_leaders": {"unchecked": 3},
    "r344_10_izhevsk2023_ds169": {"unchecked": 1},
    "r344_11_inschool": {"unchecked": 1},
    "r344_12_news_totals": {"unchecked": 11},
}


def found(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(["verify", str(RESULTS / f"{name}.csv"), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", VERDICTS)
def test_verify_published_table_has_no_finding(name: str, capsys: pytest.CaptureFixture[str]):
    data = found(name, capsys)
    rows = sum(VERDICTS[name].values())
    assert data["summary"] == {"rows": rows, **VERDICTS[name], "findings": 0}


@pytest.mark.parametrize(
    "name",
    ["registry_01_sample_orgs", "registry_02_busgov_region_ids", "tambov_02_organisations"],
)
def test_verify_other_table_is_code_2(name: str, capsys: pytest.CaptureFixture[str]):
    assert run(["verify", str(RESULTS / f"{name}.csv")]) == 2
    assert "Нужны столбцы K1…K5 и S" in capsys.readouterr().err


def test_verify_published_missing_criteria_are_a_hundred(capsys: pytest.CaptureFixture[str]):
    (row,) = found("r344_05_ko_uzl2022", capsys)["rows"]
    assert row["missing"]["criteria"] == ["K4", "K5"]
    assert row["missing"]["sum"] == "200"
    assert "каждый равен 100" in row["note"]


def test_verify_published_four_criteria_from_one(capsys: pytest.CaptureFixture[str]):
    data = found("r344_07_tuva2022_erzin", capsys)
    assert data["rows"][1]["missing"]["sum"] == "355.6"
    (mean,) = data["group_means"]
    assert (mean["verdict"], mean["published"], mean["rows"]) == ("exact", "83.86", 7)
    (places,) = data["order"]
    assert (places["rows"], places["ties"], places["breaks"]) == (7, "none", [])


def test_verify_published_maxima_of_another_regime_are_only_noted(
    capsys: pytest.CaptureFixture[str],
):
    notes = found("r344_01_hmao2020_org214", capsys)["notes"]
    assert [note[:23] for note in notes] == [f"Напечатан максимум K{n} —" for n in range(1, 6)]
