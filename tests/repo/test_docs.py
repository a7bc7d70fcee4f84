"""The administrator's pages name every command, option and setting, and nothing that is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer

from noko.commands.main import application

REPOSITORY = Path(__file__).parents[2]
ADMIN = REPOSITORY / "docs" / "admin"
# Set by the program for its own processes, or for the tests alone.
INTERNAL = {"NOKO_DEMO", "NOKO_CLUSTER", "NOKO_THROWAWAY", "NOKO_REFERENCE", "NOKO_CHROMIUM"}


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command as it is typed, with its options."""
    waiting = [("noko", typer.main.get_command(application()))]
    while waiting:
        name, command = waiting.pop()
        children = getattr(command, "commands", {})
        waiting += [(f"{name} {word}", child) for word, child in children.items()]
        if not children:
            yield name, {text for option in command.params for text in option.opts if "--" in text}


def test_docs_name_every_command():
    page = (ADMIN / "commands.md").read_text(encoding="utf-8")
    assert [name for name, _ in commands() if name not in page] == []


def test_docs_name_every_option():
    page = (ADMIN / "commands.md").read_text(encoding="utf-8")
    missing = {name: {text for text in texts if text not in page} for name, texts in commands()}
    assert {name: texts for name, texts in missing.items() if texts} == {}


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
