"""The command line as a whole: help, exit codes, refusals."""

import subprocess
import sys

import pytest

from noko.commands.main import run


def test_main_help_is_russian_and_complete(capsys: pytest.CaptureFixture[str]):
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    for word in ("Использование", "Команды", "Параметры", "serve", "work", "database"):
        assert word in text
    for word in ("Usage", "Options", "Show this message", "COMMAND"):
        assert word not in text


@pytest.mark.parametrize("command", ["score", "rate", "verify", "aggregate", "rules check"])
def test_main_help_of_a_command_names_kinds_of_values_in_russian(
    command: str, capsys: pytest.CaptureFixture[str]
):
    assert run([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    assert "ПУТЬ" in text
    assert "<path>" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sevre"], "Нет команды 'sevre'."),
        (["serve", "--prot", "1"], "Нет параметра --prot. Возможно: --host, --port."),
        (["serve", "--port", "x"], "Недопустимое значение для --port: ожидается целое число."),
        (["serve", "extra"], "Лишние аргументы: extra."),
        (["serve", "--port"], "Параметру --port нужно значение."),
        (["administrator", "create"], "Не задано обязательное: --email."),
    ],
)
def test_main_wrong_use_is_code_2_in_russian(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
):
    assert run(arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.splitlines()[0] == message
    assert written.err.splitlines()[1].startswith("Справка: noko")


def test_main_key_is_long_and_new_each_time(capsys: pytest.CaptureFixture[str]):
    assert run(["administrator", "key"]) == 0
    assert run(["administrator", "key"]) == 0
    first, second = capsys.readouterr().out.split()
    assert len(first) >= 50
    assert first != second


def test_main_without_django_until_it_is_needed():
    program = (
        "import sys; from noko.commands.main import application; application(); "
        "print([name for name in ('django', 'polars', 'rich', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
