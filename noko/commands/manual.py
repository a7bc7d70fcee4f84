"""The administrator's page of commands, made from the commands themselves (``make docs``)."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any

import typer

from noko.commands.main import application
from noko.commands.russian import translate

HEAD = """\
# Команды

Страница составлена по самой программе (`make docs`). После `make run` или `make setup` программа
стоит в `.venv/bin/noko`; справка по любой команде: `noko КОМАНДА --help`.

| код завершения | значение |
|---|---|
| 0 | сделано |
| 1 | сделано, есть замечания |
| 2 | ошибка во входных данных или настройках; ничего не записано |

Сообщения и ход работы идут в поток ошибок, результат – в поток вывода.
"""


def manual() -> str:
    """The whole page in Markdown."""
    root = translate(typer.main.get_command(application()))
    return HEAD + "".join(_section(name, command) for name, command in commands("noko", root))


def commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command that can be typed, in the order of help, with its full name."""
    children = getattr(command, "commands", None)
    if not children:
        yield name, command
        return
    for word, child in children.items():
        yield from commands(f"{name} {word}", child)


def _section(name: str, command: Any) -> str:
    text = inspect.cleandoc(command.help or "")
    rows = "".join(map(_row, command.params))
    table = f"\n| параметр | что это | по умолчанию |\n|---|---|---|\n{rows}" if rows else ""
    return f"\n## {name}\n\n{text}\n{table}"


def _row(parameter: Any) -> str:
    if isinstance(parameter, typer.core.TyperOption):
        words = [*parameter.opts, *parameter.secondary_opts]
        name = " / ".join(f"`{word}`" for word in words)
    else:
        name = f"`{parameter.display_name_raw.upper()}`"
    what = (getattr(parameter, "help", "") or "").replace("|", "\\|")
    return f"| {name} | {what} | {_default(parameter)} |\n"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "обязательно"
    value = parameter.default
    if isinstance(value, bool):
        return "да" if value else "нет"
    if value in (None, "", [], ()):
        return ""
    return f"`{getattr(value, 'value', value)}`"


if __name__ == "__main__":
    sys.stdout.write(manual())
