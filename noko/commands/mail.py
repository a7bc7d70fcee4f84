"""``noko mail``: whether letters reach people."""

import typer

To = typer.Option(..., "--to", help="Куда отправить: адрес электронной почты.")


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Почта: проверка настроек.")
    group.callback()(_group)
    group.command()(check)
    app.add_typer(group, name="mail")


def _group() -> None:
    """Почта: проверка настроек."""


def check(to: str = To) -> None:
    """Отправить проверочное письмо и сказать, приняла ли его почта.

    Если почтовый сервер не задан, письмо будет напечатано и записано в файл.
    """
    from noko.commands import site

    site.setup()
    from django.conf import settings

    from noko.actions.letter import written
    from noko.exchange.mail import send

    subject, text = written("check", {})
    send(to=to, subject=subject, text=text)
    if settings.EMAIL_HOST:
        typer.echo(f"Почтовый сервер {settings.EMAIL_HOST} принял письмо для {to}.")
