"""``noko demo``: the demonstration region with its site and worker, in one command."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

HOST, PORT = "127.0.0.1", 8000
FIRST_PAGE_SECONDS = 60
SERVER_ERROR = 500

Host = Annotated[str, typer.Option(help="Адрес, на котором отвечать.")]
Port = Annotated[int, typer.Option(help="Порт.", min=1, max=65535)]
Start = Annotated[bool, typer.Option("--start/--no-start", help="Запустить сайт после загрузки.")]
Reset = Annotated[bool, typer.Option("--reset", help="Создать демонстрацию заново.")]


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(host: Host = HOST, port: Port = PORT, start: Start = True, reset: Reset = False) -> None:
    """Показать систему на вымышленном регионе.

    Создаёт демонстрационную базу, если её нет, запускает сайт и обработчик фоновых задач.

    Настоящие данные не затрагиваются: у демонстрации своя база и своя папка.
    """
    import os

    os.environ["NOKO_DEMO"] = "1"
    os.environ["NOKO_ADDRESS"] = f"http://{host}:{port}"
    if start:
        _require_free(host, port)
        os.environ["NOKO_DEMO_SITES"] = str(_any_port())
    from noko import settings

    with _alone(settings.OWN_HOME):
        whole = _prepare(reset=reset)
        if start:
            raise typer.Exit(_run(host, port, whole=whole))
        if not whole:
            _load()


def _any_port() -> int:
    """A free port of this machine."""
    import socket

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _require_free(host: str, port: int) -> None:
    """Refuses a busy port before anything is made."""
    import socket

    from noko.core.refusal import Refusal

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Refusal(
                f"Порт {port} на {host} занят другой программой.",
                kind="port_busy",
                cure=f"Остановите её или выберите другой порт: noko demo --port {port + 1} "
                f"(make run PORT={port + 1}).",
            ) from None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Only one demonstration of a home at a time; the lock vanishes with its process."""
    import fcntl

    from noko.core.refusal import Refusal

    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "Демонстрация уже запущена.",
                kind="demo_running",
                cure="Откройте её в браузере или остановите (Ctrl+C) и повторите команду.",
            ) from None
        yield


def _prepare(*, reset: bool) -> bool:
    """The demonstration's database with its tables; whether the demonstration of this very version
    is there. Of any other one nothing is left."""
    from noko.commands import site

    site.setup()
    from django.conf import settings

    from noko.database import preparing
    from noko.demo import state

    mark = _mark_beside_reading()
    from noko.demo.loading import nothing_collected

    whole = mark == state.fingerprint() and settings.FILES.exists() and not reset
    if not whole:
        typer.echo(_why(mark, reset=reset), err=True)
        if mark is not None:
            preparing.drop()
        state.clear_files()
    with nothing_collected():
        site.prepare()
    return whole


def _mark_beside_reading() -> str | None:
    """The mark of the database, whose server is made and started while we read the programs."""
    import importlib
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    from noko.demo import state

    with ThreadPoolExecutor(max_workers=1) as beside:
        mark = beside.submit(state.mark)
        importlib.import_module("noko.demo.loading")
        beside.submit(connections.close_all).result()
        return mark.result()


def _load() -> None:
    from noko.demo import loading

    loading.load()


def _why(mark: str | None, *, reset: bool) -> str:
    if mark is None:
        return "Создаём демонстрацию: вымышленный регион, 300 организаций, четыре цикла…"
    if reset:
        return "Создаём демонстрацию заново: всё, что в ней изменили, удаляется…"
    if not mark:
        return "Прошлая загрузка демонстрации не закончилась, создаём её заново…"
    return "Программа обновилась, создаём демонстрацию заново…"


def _run(host: str, port: int, *, whole: bool) -> int:
    from django.conf import settings

    from noko.commands import site
    from noko.demo.loading import SENT_ON
    from noko.jobs.release import enqueue_pages

    # The site reads its programs while we load, and answers when the demonstration is whole. One
    # process is enough for those who try it, and leaves the loading more of the machine.
    processes = [site.start_site(host, port, workers=1)]
    try:
        if whole:
            # The templates may have changed since; pages that have not are not rendered again.
            enqueue_pages()
        else:
            _load()
        _await_first_page(processes[0], host, port)
        if settings.MONITOR_ALL_TO is not None:
            port_of_sites = settings.MONITOR_ALL_TO[1]
            processes.append(site.start_demo_sites(port_of_sites, SENT_ON.isoformat()))
        # Not beside the site: two processors are busy enough with the first page.
        processes.append(site.start_worker())
    except BaseException:
        site.stop(processes)
        raise
    typer.echo(_welcome(f"http://{host}:{port}"))
    return site.supervise(processes)


def _await_first_page(process: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Returns when the front page answers; a site that ended, is silent or fails is a defect."""
    import time

    end = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        status = _asked(host, port)
        if status is not None and status >= SERVER_ERROR:
            raise RuntimeError(f"the front page answered {status}")
        if status is not None:
            return
        time.sleep(0.05)
    raise RuntimeError("the site did not answer")


def _asked(host: str, port: int) -> int | None:
    """The status of the front page, None while nobody listens."""
    from http.client import HTTPConnection

    connection = HTTPConnection(host, port, timeout=FIRST_PAGE_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _welcome(address: str) -> str:
    from noko import settings
    from noko.demo.loading import YEARS
    from noko.demo.people import LOGINS, PASSWORD
    from noko.demo.stage import example_code
    from noko.demo.state import EXAMPLES

    code = example_code()
    survey = f"\n  Анкета родителя {address}/s/{code}/" if code else ""
    examples = settings.OWN_HOME / EXAMPLES
    wide = max(len(login.email) for login in LOGINS)
    title = max(len(login.title) for login in LOGINS)
    people = "\n".join(
        f"  {login.email:<{wide}}  {login.title:<{title}}  {login.place}" for login in LOGINS
    )
    return f"""
НОКО работает на вымышленных данных.

  Сайт            {address}/
  Рейтинг         {address}/rating/{YEARS[-1].year}/
  Рабочее место   {address}/office/{survey}

Войти можно так (пароль у всех {PASSWORD}):
{people}

Файлы, на которых можно попробовать загрузку: {examples}

Остановить: Ctrl+C
"""
