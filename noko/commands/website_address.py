"""``noko website check ADDRESS``: one site visited now, politely, without a database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noko.core.refusal import Place, Refusal

if TYPE_CHECKING:
    from noko.core.websites.page import Document, Failure, Page
    from noko.core.websites.rules import Regime, SiteType
    from noko.core.websites.visiting import VisitPlan
    from noko.exchange.kept_answers import KeptAnswers
    from noko.exchange.warc import SiteArchive

Save = Annotated[Path | None, typer.Option(help="Куда сохранить архив WARC при обходе по адресу.")]
Since = Annotated[
    Path | None,
    typer.Option(help="Архив прежнего обхода: что с него не изменилось, не скачивается."),
]
Contact = Annotated[str, typer.Option(help="Адрес для связи, который увидят владельцы сайта.")]
Chromium = Annotated[
    str,
    typer.Option(
        envvar="NOKO_SITES_CHROMIUM",
        help="Открывать страницы, пустые без JavaScript: 1 или путь к Chromium.",
    ),
]
Private = Annotated[
    bool, typer.Option("--private", help="Разрешить адреса закрытых сетей: для своих машин.")
]
Delay = Annotated[
    float, typer.Option(help="Секунд между обращениями; меньше 1 – только с --private.")
]
Given = tuple["list[Page]", "list[Document]", "list[Failure]"]


@dataclass(frozen=True, slots=True)
class Means:
    """How a site is visited: the options of the command."""

    save: Path | None
    since: Path | None
    contact: str
    private: bool
    delay: float
    chromium: str


def only_address(targets: Sequence[str]) -> str:
    """The one address among what was named. Refusal ``many_sites``."""
    if len(targets) > 1:
        raise Refusal(
            "За один раз проверяется один сайт, без файлов.",
            kind="many_sites",
            cure="Все сайты перечня обходит «noko website visit».",
        )
    return targets[0]


def visit_address(address: str, rules: Regime, kind: SiteType, means: Means) -> Given:
    """What the site at ``address`` has. Refusals ``no_contact``, ``bad_address``, ``cannot_write``,
    ``no_file``, ``no_chromium``.
    """
    import asyncio

    from noko.core.websites.addresses import home_address
    from noko.exchange.chromium import renderer_of
    from noko.exchange.fetching import Fetcher
    from noko.exchange.network import Way
    from noko.exchange.visitor import agent_name, visit_home

    agent = agent_name(_contact(means.contact))
    try:
        home_address(address)
    except ValueError as error:
        raise Refusal(
            f"Адрес {error}.", kind="bad_address", cure="Например: https://school5.example.ru."
        ) from None
    sandbox = os.environ.get("NOKO_SITES_CHROMIUM_SANDBOX", "1").strip() != "0"
    kept, renderer = _kept(means.since), renderer_of(means.chromium, sandbox)
    archive = _archive(means.save, address)

    async def run() -> VisitPlan:
        fetcher = Fetcher(agent, Way(private=means.private))
        try:
            return await visit_home(
                address,
                regime=rules,
                kind=kind,
                fetcher=fetcher,
                archive=archive,
                delay=means.delay,
                kept=kept,
                renderer=renderer,
            )
        finally:
            await fetcher.close()

    try:
        plan = asyncio.run(run())
    except BaseException:  # Broken off by hand, too: half an archive is none.
        if archive is not None:
            archive.discard()
        raise
    if archive is not None:
        archive.close()
    return plan.pages, plan.documents, plan.failures


def _contact(named: str) -> str:
    contact = named or os.environ.get("NOKO_MONITOR_CONTACT", "").strip()
    if not contact:
        raise Refusal(
            "Не назван адрес для связи: его видят владельцы сайтов.",
            kind="no_contact",
            cure="Укажите --contact https://… или почту, либо NOKO_MONITOR_CONTACT.",
        )
    return contact


def _archive(path: Path | None, home: str) -> SiteArchive | None:
    from noko.exchange.visitor import SOFTWARE
    from noko.exchange.warc import SiteArchive, is_archive

    if path is None:
        return None
    place = Place(file=str(path))
    if not is_archive(path):
        raise Refusal(
            "Имя архива кончается иначе.",
            kind="bad_name",
            cure="Назовите его так: школа5.warc.gz.",
            place=place,
        )
    try:
        return SiteArchive(path, software=SOFTWARE, home=home)
    except OSError as error:
        raise Refusal(
            f"Не удалось записать архив: {error.strerror}.",
            kind="cannot_write",
            cure="Проверьте папку и права на запись.",
            place=place,
        ) from None


def _kept(path: Path | None) -> KeptAnswers | None:
    from datetime import UTC, datetime

    from noko.exchange.kept_answers import kept_answers
    from noko.exchange.warc import read_archive

    if path is None:
        return None
    read_archive(path)  # a broken archive is refused here, not passed over
    return kept_answers(path, now=datetime.now(UTC))
