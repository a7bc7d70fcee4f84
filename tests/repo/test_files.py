"""What is kept in the repository: true on any machine, locked, and nobody's private path."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
REQUIREMENTS = REPOSITORY / "requirements"
OWN_MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|work|opt)/\w+")


def kept_texts() -> dict[str, str]:
    """Every text that git keeps, by its path."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        try:
            texts[name] = (REPOSITORY / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return texts


def test_files_name_no_path_of_one_machine():
    found = {name: OWN_MACHINE.findall(text) for name, text in kept_texts().items()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_requirements_name_no_index():
    words = ("http:", "https:", "file:", "index-url", "find-links", " @ ")
    for path in REQUIREMENTS.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert [word for word in words if word in text] == [], path.name


def test_requirements_are_locked_with_hashes():
    for path in REQUIREMENTS.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9._\[\]-]+==.*?(?=^[a-z]|\Z)", text, re.MULTILINE | re.DOTALL)
        assert pins, path.name
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_requirements_lock_what_is_asked_for():
    for path in REQUIREMENTS.glob("*.in"):
        locked = path.with_suffix(".txt").read_text(encoding="utf-8")
        asked = re.findall(r"^([A-Za-z0-9_.-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        names = [name.lower() for name in asked if not name.startswith("-")]
        missing = [name for name in names if not re.search(rf"^{name}==", locked, re.MULTILINE)]
        assert missing == [], path.name
