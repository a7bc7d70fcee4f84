"""The command line ``noko``: puts the commands together and turns refusals into exit codes.

0: done; 1: done, and there is a finding; 2: the input is wrong and nothing was written. Anything
else is a defect and shows its traceback.

Each module of :data:`MODULES` has ``register(app)`` and imports at its head only what is quick:
``noko score`` must not wait for Django.
"""

import sys
from importlib import import_module

import typer
from typer import exceptions
from typer._click.exceptions import UsageError

from noko.commands.russian import translate, translate_panels, usage_message
from noko.core.refusal import Refusal

MODULES = (
    "rating",
    "aggregate",
    "verify",
    "rules",
    "questionnaire",
    "analysis",
    "plan",
    "documents",
    "specification",
    "demo",
    "serving",
    "database",
    "administrator",
    "journal",
    "registry",
    "mail",
    "website",
)
WRONG_INPUT = 2
STOPPED = 130


def application() -> typer.Typer:
    """The application with every command."""
    app = typer.Typer(
        name="noko",
        help="НОКО: независимая оценка качества образования, от собранных данных до рейтинга.",
        epilog="Коды завершения: 0 — сделано, 1 — есть замечания, 2 — ошибка во входных данных.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(version)
    for name in MODULES:
        import_module(f"noko.commands.{name}").register(app)
    return app


def version(
    show: bool = typer.Option(
        False, "--version", help="Показать версию и закончить.", is_eager=True
    ),
) -> None:
    """НОКО: независимая оценка качества образования, от собранных данных до рейтинга."""
    if show:
        import noko

        typer.echo(f"НОКО {noko.__version__}")
        raise typer.Exit


def run(arguments: list[str]) -> int:
    """Runs the command line and returns its exit code; messages go to the standard error output."""
    command = translate(typer.main.get_command(application()))
    if not arguments or "--help" in arguments:
        translate_panels()
    try:
        code = command.main(arguments or ["--help"], prog_name="noko", standalone_mode=False)
    except Refusal as refusal:
        print_refusal(refusal)
        return WRONG_INPUT
    except UsageError as error:
        typer.echo(usage_message(error), err=True)
        return WRONG_INPUT
    except (exceptions.Abort, KeyboardInterrupt):
        return STOPPED
    return code if isinstance(code, int) else 0


def print_refusal(refusal: Refusal) -> None:
    """The refusal and, one to a line, each of its single problems."""
    headline, *problems = refusal.lines()
    typer.echo(headline, err=True)
    for problem in problems:
        typer.echo(f"  {problem}", err=True)


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
