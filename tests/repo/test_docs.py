"""The administrator's pages name every command, option and setting, and nothing that is not."""

import re
from pathlib import Path

from noko.commands.manual import manual

REPOSITORY = Path(__file__).parents[2]
ADMIN = REPOSITORY / "docs" / "admin"
# Set by the program for its own processes, or for the tests alone.
INTERNAL = {
    "NOKO_DEMO",
    "NOKO_ADDRESS",
    "NOKO_CLUSTER",
    "NOKO_THROWAWAY",
    "NOKO_REFERENCE",
    "NOKO_CHROMIUM",
    "NOKO_DEMO_SITES",
}


def test_docs_commands_are_those_of_the_program():
    page = (ADMIN / "commands.md").read_text(encoding="utf-8")
    assert page == manual(), "Commands have changed: make docs"


def test_docs_name_every_setting():
    sources = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "noko").rglob("*.py")]
    used = {name for text in sources for name in re.findall(r"\bNOKO_[A-Z_]+\b", text)}
    page = (ADMIN / "settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\bNOKO_[A-Z_]+\b", page))
    assert told - INTERNAL == used - INTERNAL


def test_docs_links_lead_somewhere():
    broken = []
    for page in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
