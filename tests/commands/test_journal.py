"""``noko journal`` on an installation of its own."""

import csv

import pytest

from tests.commands.test_serving import environment, noko

pytestmark = pytest.mark.database

__all__ = ["environment"]


def test_journal_command_verifies_finds_and_exports(environment, tmp_path):
    made = ["administrator", "create", "--email", "a@example.org", "--name", "Громов Пётр"]
    assert noko(environment, *made).returncode == 0
    whole = noko(environment, "journal", "verify")
    assert (whole.returncode, whole.stdout.splitlines()[0]) == (0, "Журнал цел. Записей: 1.")
    head = whole.stdout.split()[-1]
    assert noko(environment, "journal", "verify", "--head", head).returncode == 0
    lost = noko(environment, "journal", "verify", "--head", "f" * 64)
    assert (lost.returncode, "записи с конца удалены" in lost.stdout) == (1, True)
    table = tmp_path / "journal.csv"
    assert noko(environment, "journal", "export", str(table)).returncode == 0
    with table.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [(row["Кто"], row["Действие"], row["Предмет"]) for row in rows] == [
        ("система", "Добавлен пользователь", "Громов Пётр")
    ]
