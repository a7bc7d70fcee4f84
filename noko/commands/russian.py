"""Typer speaks English; here its few own words and its errors are said in Russian."""

from functools import partial
from typing import Any

from typer import exceptions
from typer._click import exceptions as usage
from typer._click.core import Command, Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperArgument, TyperOption

PANELS = {
    "ARGUMENTS_PANEL_TITLE": "Аргументы",
    "OPTIONS_PANEL_TITLE": "Параметры",
    "COMMANDS_PANEL_TITLE": "Команды",
    "DEFAULT_STRING": "[по умолчанию: {}]",
    "ENVVAR_STRING": "[переменная: {}]",
    "REQUIRED_LONG_STRING": "[обязательно]",
}

TYPES = {
    "<str>": "ТЕКСТ",
    "<int>": "ЧИСЛО",
    "<int range>": "ЧИСЛО",
    "<float>": "ЧИСЛО",
    "<path>": "ПУТЬ",
    "<file>": "ФАЙЛ",
    "<dir>": "ПАПКА",
    "<list[Path]>": "ПУТЬ…",
    "<bool>": "",
    "<list[str]>": "ТЕКСТ",
}


class RussianFormatter(HelpFormatter):
    """The line of usage begins in Russian."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args.replace("[OPTIONS]", "[ПАРАМЕТРЫ]").replace(
            "COMMAND [ARGS]", "КОМАНДА [АРГУМЕНТЫ]"
        )
        super().write_usage(prog, words, prefix or "Использование: ")


class RussianContext(Context):
    """A context whose help is Russian."""

    formatter_class = RussianFormatter


def translate(command: Command) -> Command:
    """Makes ``command`` and everything under it print its help in Russian."""
    command.context_class = RussianContext
    context = Context(command)
    option = command.get_help_option(context)
    if option is not None:
        option.help = "Показать эту справку и закончить."
    for parameter in command.get_params(context):
        kind = str(parameter.display_type(context))  # type: ignore[attr-defined]
        if isinstance(parameter, TyperArgument):
            parameter.metavar = (parameter.metavar or parameter.display_name_raw).upper()
            # Where rich prints the type of an argument it asks for it here, not for the metavar.
            word = partial(_told, TYPES.get(kind, kind))
            parameter.display_type_rich = word  # type: ignore[method-assign]
        elif kind in TYPES:
            parameter.metavar = parameter.metavar or TYPES[kind]
    for child in getattr(command, "commands", {}).values():
        translate(child)
    return command


def _told(word: str, ctx: Context) -> str:
    return word


def translate_panels() -> None:
    """The titles of help; costs the import of rich, so only when help is asked for."""
    from typer import rich_utils

    for name, text in PANELS.items():
        setattr(rich_utils, name, text)


def usage_message(error: exceptions.TyperException) -> str:
    """What is wrong with the command line, and the cure."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context else "noko"
    return f"{_what(error)}\nСправка: {path} --help"


def _what(error: exceptions.TyperException) -> str:
    match error:
        case usage.NoSuchOption():
            hint = f" Возможно: {', '.join(sorted(error.possibilities or ()))}."
            return f"Нет параметра {error.option_name}.{hint if error.possibilities else ''}"
        case usage.MissingParameter():
            return f"Не задано обязательное: {_name(error)}."
        case usage.BadParameter():
            return f"Недопустимое значение для {_name(error)}: {_value(error.message)}"
        case usage.BadOptionUsage():
            if "does not take" in error.message:
                return f"Параметр {error.option_name} не принимает значения."
            return f"Параметру {error.option_name} нужно значение."
        case _:
            return _general(error.message)


def _name(error: usage.BadParameter) -> str:
    if error.param is None:
        return "аргумента"
    if isinstance(error.param, TyperOption):
        return str(error.param.opts[0])
    return error.param.display_name_raw


def _value(message: str) -> str:
    """The commonest reasons in Russian; a rare one stays as the library says it."""
    for english, russian in {
        "does not exist": "нет такого файла или папки",
        "is a directory": "это папка, а нужен файл",
        "is a file": "это файл, а нужна папка",
        "is not readable": "файл не читается, проверьте права",
        "valid integer": "ожидается целое число",
    }.items():
        if english in message:
            quoted = message.split("'")[1] if "'" in message else ""
            return f"{russian}{': ' + quoted if quoted else ''}."
    return message.replace("Input should be", "ожидается").replace(" or ", " или ")


def _general(message: str) -> str:
    if message.startswith("No such command"):
        return f"Нет команды {message.removeprefix('No such command ').split('. ')[0].rstrip('.')}."
    if message.startswith("Missing command"):
        return "Не названа команда."
    if message.startswith("Got unexpected extra argument"):
        return f"Лишние аргументы: {message.split('(')[-1].rstrip(').')}."
    return message
