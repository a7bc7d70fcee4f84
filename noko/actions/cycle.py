"""Cycles: one year of assessment under one edition of the methodology."""

from __future__ import annotations

import re
from datetime import datetime

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Cycle, Person
from noko.queries.edition import get_edition

YEARS = (2013, 2100)
"""Assessment of quality by independent bodies is known to the law since 2013 (256-ФЗ)."""


def create(
    *,
    year: int,
    title: str,
    slug: str,
    edition_code: str,
    invented: bool = False,
    by: Person | None,
    now: datetime,
) -> Cycle:
    """A new cycle that pins the edition by the digest of its texts.

    Refusals: ``unknown_edition``, ``bad_year``, ``bad_title``, ``bad_slug``, ``slug_taken``.
    """
    edition = get_edition(edition_code)
    title = " ".join(title.split())
    _check(year, title, slug)
    taken = Refusal(
        f"Цикл с адресом «{slug}» уже есть.",
        kind="slug_taken",
        cure="Выберите другое слово для адреса, например с номером: 2026-2.",
    )
    with refusing({"noko_cycle_slug_key": taken}):
        cycle = Cycle.objects.create(
            year=year,
            title=title,
            slug=slug,
            edition=edition.code,
            edition_digest=edition.digest,
            invented=invented,
            created_at=now,
        )
        after = {"год": year, "редакция": edition.code, "контрольная сумма": edition.digest}
        record(Deed.CYCLE_CREATED, thing=cycle, by=by, now=now, cycle=cycle, after=after)
    return cycle


def _check(year: int, title: str, slug: str) -> None:
    first, last = YEARS
    if not first <= year <= last:
        raise Refusal(
            f"Год {year} не подходит.",
            kind="bad_year",
            cure=f"Укажите год от {first} до {last}.",
        )
    if not title:
        raise Refusal("Название цикла пустое.", kind="bad_title", cure="Напишите название.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise Refusal(
            f"Слово «{slug}» не подходит для адреса.",
            kind="bad_slug",
            cure="Возьмите строчные латинские буквы, цифры и дефис, например: 2026.",
        )
