"""The first page of an organisation's own people: which organisations are theirs, and how each
stands in the last published rating."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.loaders import User, organisations_for
from noko.access.permissions import Permission
from noko.models import Organisation
from noko.queries.busgov import standing_of
from noko.queries.edition import get_edition
from noko.queries.organisation import published_results
from noko.web.cabinet.pages import page
from noko.web.cabinet.website import site_news
from noko.web.wording import TYPE_ONE, asked_of, place_texts


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    own = organisations_for(request.user, Permission.CABINET_ENTER)
    cards = [_card(request.user, organisation) for organisation in own]
    invented = any(card["latest"] and card["cycle"].invented for card in cards)
    return page(
        request, "start.html", "start", cards=cards, invented=invented, today=timezone.localdate()
    )


def _card(person: User, organisation: Organisation) -> dict[str, Any]:
    """``latest``: the newest published score, ``site``: the newest findings about its site; None
    where there is nothing yet."""
    results = published_results(organisation.pk)
    card: dict[str, Any] = {
        "organisation": organisation,
        "type": TYPE_ONE.get(organisation.type, organisation.type),
        "latest": results[0] if results else None,
        "busgov": standing_of(organisation),
        "site": site_news(person, organisation),
    }
    if results:
        cycle = results[0].calculation.cycle
        card |= {
            "cycle": cycle,
            "maximum": get_edition(cycle.edition).total.maximum,
            "places": place_texts(results[0]),
            "asked": asked_of(results[0]),
            "address": reverse("organisation-cycle", args=[organisation.pk, cycle.slug]),
        }
    return card
