"""``noko database``: the embedded PostgreSQL."""

from typing import Any

import typer


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Встроенная база данных: запуск, остановка, состояние.")
    for deed in (start, stop, status, prepare):
        group.command()(deed)
    app.add_typer(group, name="database")


def start() -> None:
    """Запустить сервер базы данных и оставить его работать."""
    address = _cluster().keep()
    typer.echo(f"Сервер базы данных работает: {address.host}:{address.port}")


def stop() -> None:
    """Остановить сервер базы данных, кто бы им ни пользовался."""
    stopped = _cluster().stop()
    typer.echo("Сервер базы данных остановлен." if stopped else "Сервер базы данных не работал.")


def status() -> None:
    """Показать, работает ли сервер. Код 0 — работает, 1 — нет."""
    cluster = _cluster()
    address = cluster.running()
    if address is None:
        typer.echo("Сервер базы данных не работает.")
        raise typer.Exit(1)
    typer.echo(f"Сервер базы данных работает: {address.host}:{address.port}")
    typer.echo(f"Журнал: {cluster.log()}")


def prepare() -> None:
    """Создать базу данных, если её нет, и привести таблицы к нынешней версии."""
    from noko.commands import site

    site.setup()
    from noko.database.preparing import prepare as prepare_database

    prepare_database()
    typer.echo("База данных готова.")


def _cluster() -> Any:
    from noko import settings
    from noko.core.refusal import Refusal
    from noko.database import Cluster

    if settings.DATABASE_URL:
        raise Refusal(
            "Работа идёт с базой данных из переменной DATABASE_URL, а не со встроенной.",
            kind="not_embedded",
            cure="Управляйте тем сервером его средствами или уберите переменную.",
        )
    return Cluster(settings.HOME / "postgres")
