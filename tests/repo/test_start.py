"""The site starts quickly: what only some jobs and pages need is not loaded with it."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
HEAVY = ("polars", "narwhals", "xlsxwriter", "docxtpl", "docx", "typst", "altair", "vl_convert",
         "scipy", "pyspark", "pymorphy3", "warcio", "pyxform", "pypdf")  # fmt: skip
START = f"""
import sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(" ".join(name for name in {HEAVY} if name in sys.modules))
"""


def test_start_loads_no_heavy_library(tmp_path: Path):
    """Import it inside the function that uses it (types: under ``TYPE_CHECKING``)."""
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=REPOSITORY,
        env={
            "DJANGO_SETTINGS_MODULE": "noko.settings",
            "NOKO_DEMO": "1",
            "NOKO_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
