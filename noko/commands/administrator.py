"""``noko administrator``: the first account and the secret key."""

import secrets

import typer

PASSWORD_BYTES = 12
KEY_BYTES = 48

Email = typer.Option(..., "--email", help="Электронная почта; ею входят на сайт.")


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Администраторы и секретный ключ.")
    for deed in (create, password, second_factor, key):
        group.command()(deed)
    app.add_typer(group, name="administrator")


def create(
    email: str = Email,
    name: str = typer.Option(..., "--name", help="Фамилия, имя, отчество."),
) -> None:
    """Завести администратора и напечатать его пароль.

    Пароль печатается один раз; сменить его можно на сайте после входа.
    """
    _prepare()
    from django.utils import timezone

    from noko.actions import person as people

    secret = secrets.token_urlsafe(PASSWORD_BYTES)
    made = people.create(
        email=email,
        full_name=name,
        password=secret,
        roles=[people.Granted("administrator")],
        by=None,
        now=timezone.now(),
    )
    typer.echo(f"Администратор {made.full_name} заведён.")
    typer.echo(f"Вход: {made.email}")
    typer.echo(f"Пароль: {secret}")


def password(email: str = Email) -> None:
    """Дать пользователю новый пароль и напечатать его."""
    _prepare()
    from django.utils import timezone

    from noko.actions.person import set_password

    secret = secrets.token_urlsafe(PASSWORD_BYTES)
    person = set_password(email=email, password=secret, by=None, now=timezone.now())
    typer.echo(f"Новый пароль для {person.email}: {secret}")


def second_factor(
    email: str = Email,
    reason: str = typer.Option(
        "потерян телефон или ключ", "--reason", help="Почему; останется в журнале."
    ),
) -> None:
    """Сбросить второй фактор: на случай, если его потерял единственный администратор.

    Все сеансы человека завершатся; дальше он войдёт с одним паролем.
    """
    _prepare()
    from django.utils import timezone

    from noko.actions.person import find, reset_second_factor

    person = find(email)
    reset_second_factor(person=person, reason=reason, by=None, now=timezone.now())
    typer.echo(f"Второй фактор сброшен: {person.email}.")


def key() -> None:
    """Напечатать новый секретный ключ для переменной NOKO_SECRET_KEY."""
    typer.echo(secrets.token_urlsafe(KEY_BYTES))


def _prepare() -> None:
    from noko.commands import site

    site.setup()
    from noko.database.preparing import prepare

    prepare()
