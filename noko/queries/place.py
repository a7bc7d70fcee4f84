"""Municipalities and organisations by what a person types when a role asks for one."""

from __future__ import annotations

import re

from noko.models import Municipality, Organisation
from noko.models.organisation import sort_key
from noko.queries.rating import named

SHOWN = 20


def municipalities_named(words: str) -> list[Municipality]:
    """Those that have all words in their name; the one of exactly this name stands alone."""
    found = Municipality.objects.all()
    for word in sort_key(_plain(words)).split():
        found = found.filter(sort_key__contains=word)
    exact = [item for item in found if sort_key(item.name) == sort_key(words.strip())]
    return exact or list(found)


def organisations_named(words: str) -> list[Organisation]:
    """At most one more than :data:`SHOWN` organisations with all words in name, municipality, INN
    or OGRN; one whose :func:`place_title` or name is exactly this stands alone."""
    rows = Organisation.objects.select_related("municipality").filter(named(_plain(words)))
    found = list(rows[: SHOWN + 1])
    wanted = sort_key(" ".join(words.split()))
    for title in (place_title, lambda item: item.short_name):
        exact = [item for item in found if sort_key(title(item)) == wanted]
        if len(exact) == 1:
            return exact
    return found


def place_title(place: Municipality | Organisation) -> str:
    """What tells one place from all others: an organisation with its municipality."""
    if isinstance(place, Municipality):
        return place.name
    return f"{place.short_name}, {place.municipality}"


def _plain(words: str) -> str:
    """Marks between words are not looked for: «Школа № 1, Город Лугов»."""
    return re.sub(r"[,;]+(\s|$)", " ", words)
