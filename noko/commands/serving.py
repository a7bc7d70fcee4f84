"""``noko serve`` and ``noko work``: the site and the worker of background jobs."""

import typer


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
    app.command("work")(work)


def serve(
    host: str = typer.Option("127.0.0.1", help="Адрес, на котором отвечать."),
    port: int = typer.Option(8000, min=1, max=65535, help="Порт."),
    workers: int = typer.Option(2, min=1, help="Число процессов сайта."),
    threads: int = typer.Option(4, min=1, help="Число потоков в каждом процессе."),
    worker: bool = typer.Option(
        True, "--worker/--no-worker", help="Запустить вместе с сайтом обработчик фоновых задач."
    ),
) -> None:
    """Запустить сайт для настоящей работы.

    Нужны переменные NOKO_SECRET_KEY и NOKO_HOST и хотя бы один администратор.

    Без них команда отказывается и говорит, что задать.
    """
    from noko.commands import site

    site.prepare()
    from django.conf import settings

    from noko import readiness

    readiness.require()
    processes = [site.start_site(host, port, workers=workers, threads=threads)]
    if worker:
        processes.append(site.start_worker())
    typer.echo(f"Сайт отвечает на http://{host}:{port} — остановить: Ctrl+C", err=True)
    if not settings.EMAIL_HOST:
        kept = f"Почта не настроена: письма складываются в {settings.EMAIL_FILE_PATH}"
        typer.echo(f"{kept} (переменная NOKO_MAIL_HOST)", err=True)
    raise typer.Exit(site.supervise(processes))


def work(
    concurrency: int = typer.Option(1, min=1, help="Сколько задач выполнять одновременно."),
    once: bool = typer.Option(False, "--once", help="Выполнить накопленные задачи и закончить."),
) -> None:
    """Выполнять фоновые задачи: расчёты, проверки, публикацию.

    Обработчиков может быть сколько угодно, на одном или нескольких компьютерах.
    """
    from noko.commands import site

    site.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from noko.database.preparing import prepare

    prepare()
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError("the jobs' application is not connected through Django")
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(concurrency=concurrency, wait=not once, install_signal_handlers=True)
