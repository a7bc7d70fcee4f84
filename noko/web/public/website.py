"""What was found on an organisation's site, and the rules that it was judged by."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from noko.core.editions import Basis
from noko.core.websites.findings import Status
from noko.core.websites.rules import ALL_TYPES, TYPE_TITLES, Item, Regime, Subsection
from noko.models import Organisation, SiteVisit
from noko.queries.organisation import living_key, published_results
from noko.queries.website_public import published_visit
from noko.queries.website_rules import get_regime, regime_codes
from noko.queries.website_standing import VisitStanding, standing_of
from noko.web.public.page import HOME, public_page
from noko.web.website_words import Card, Group, groups, outcome


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """The newest published visit of one site as the public sees it.

    ``found`` of ``asked``: items of the order with an answer; ``groups`` in the order of the rules.
    """

    visit: SiteVisit
    standing: VisitStanding
    found: int
    asked: int
    unchecked: int
    groups: tuple[Group, ...]
    outcome: str


def site_check(organisation: int) -> SiteCheck | None:
    """None where nothing is published about the organisation's site."""
    visit = published_visit(organisation)
    if visit is None:
        return None
    standing = standing_of(visit)
    counted = [one.counted for one in standing.own]
    found, absent = counted.count(Status.FOUND), counted.count(Status.ABSENT)
    order = [subsection.code for subsection in standing.regime.judged]
    shown = sorted(groups(standing), key=lambda group: order.index(group.subsection.code))
    return SiteCheck(
        visit,
        standing,
        found,
        found + absent,
        len(standing.doubtful),
        tuple(shown),
        outcome(visit),
    )


def lines(check: SiteCheck) -> list[tuple[Subsection, int, int, int]]:
    """Subsection, found, with an answer, not checked: of the order alone. What is not known to be
    asked for at all is in none of them."""
    rows = []
    for group in check.groups:
        if group.subsection in check.standing.regime.beside:
            continue
        every: list[Card] = [*group.wanting, *group.found]
        states = [card.standing.counted for card in every]
        found, absent = states.count(Status.FOUND), states.count(Status.ABSENT)
        rows.append((group.subsection, found, found + absent, states.count(Status.UNCHECKED)))
    return rows


@public_page
def site(request: HttpRequest, key: int) -> HttpResponse:
    """Every item with what holds of it, as published. Excerpts of the site are not shown again:
    they may name people, and the page itself is one click away."""
    living = living_key(key)
    if living != key:
        return redirect("public-site", living, permanent=True)
    check = site_check(key)
    if check is None:
        raise Http404("Выводов о сайте этой организации не опубликовано.")
    own = Organisation.objects.select_related("municipality").get(pk=key)
    return render(
        request,
        "public/website.html",
        {
            "section": "organisations",
            "invented": check.visit.round.cycle.invented,
            "organisation": own,
            "rated": bool(published_results(key)),
            "check": check,
            "lines": lines(check),
            "regime": check.standing.regime,
            "breadcrumb": [HOME, ("Организации", "/organisations/")],
        },
    )


# --- the rules ------------------------------------------------------------------------------------


def regimes() -> list[Regime]:
    """The orders, the newest first."""
    return [get_regime(code) for code in reversed(regime_codes())]


@dataclass(frozen=True, slots=True)
class Row:
    """An item as the rules page shows it."""

    item: Item
    basis: str
    types: str
    condition: str
    days: str


@public_page
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """An order as data: every item with its act, point and how far it was compared with it."""
    if code not in regime_codes():
        raise Http404("Таких правил проверки сайтов нет.")
    regime = get_regime(code)
    return render(
        request,
        "public/website_rules.html",
        {
            "section": "methodology",
            "regime": regime,
            "sections": [(sub, _rows(regime, sub)) for sub in regime.subsections],
            "beside": [(sub, _rows(regime, sub)) for sub in regime.beside],
            "unverified": sum(not item.basis.evidence.verified for item in regime.items),
            "counts": [(one, regime.wording(one.basis)) for one in regime.counts],
            "others": [
                (title, basis, regime.wording(basis)) for title, basis in _other_bases(regime)
            ],
            "negative": ("отсутствует", "нет", "не предусмотрено", "0"),
            "breadcrumb": [HOME, ("Методика", "/methodology/")],
        },
    )


def _rows(regime: Regime, subsection: Subsection) -> list[Row]:
    return [
        Row(
            item,
            regime.wording(item.basis),
            _types(item, subsection),
            regime.conditions.get(item.condition or "", ""),
            _days(item),
        )
        for item in subsection.items
    ]


def _types(item: Item, subsection: Subsection) -> str:
    """Whom it is asked of; "" for everybody."""
    asked = [kind for kind in ALL_TYPES if kind in item.types and kind in subsection.types]
    if len(asked) == len(ALL_TYPES):
        return ""
    return ", ".join(TYPE_TITLES[kind] for kind in asked)


def _days(item: Item) -> str:
    """«с 01.03.2026», «по 28.02.2026», "" for the whole time of the order."""
    parts = [f"с {item.starts:%d.%m.%Y}"] if item.starts else []
    parts += [f"по {item.ends:%d.%m.%Y}"] if item.ends else []
    return " ".join(parts)


def _other_bases(regime: Regime) -> list[tuple[str, Basis]]:
    kinds = ", ".join(regime.documents.kinds)
    size = regime.documents.maximum_megabytes
    files = f"Файлы: {kinds}" if kinds else "Файлы любого вида"
    files += f", до {size} МБ" if size else ""
    version = "Версия для слабовидящих обязательна"
    found = [(files, regime.documents.basis)]
    if regime.special_version.required:
        found.append((version, regime.special_version.basis))
    return [*found, ("Разметка стоит на видимых посетителю сведениях", regime.visible_markup)]
