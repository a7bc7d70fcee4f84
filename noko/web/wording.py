"""Words that several pages share: types of organisations and places with their scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from noko.models import OrganisationScore
from noko.templatetags.russian import SPACE, genitive, number_text

TYPE_GENITIVE = {
    "preschool": "дошкольной организации,дошкольных организаций",
    "general": "общеобразовательной организации,общеобразовательных организаций",
    "supplementary": (
        "организации дополнительного образования,организаций дополнительного образования"
    ),
    "vocational": "профессиональной организации,профессиональных организаций",
}
TYPE_DATIVE = {
    "preschool": "дошкольным организациям",
    "general": "общеобразовательным организациям",
    "supplementary": "организациям дополнительного образования",
    "vocational": "профессиональным организациям",
}
TYPE_ONE = {
    "preschool": "Дошкольная организация",
    "general": "Общеобразовательная организация",
    "supplementary": "Организация дополнительного образования",
    "vocational": "Профессиональная организация",
}
TYPE_SHORT = {
    "preschool": "дошкольная",
    "general": "общеобразовательная",
    "supplementary": "доп. образования",
    "vocational": "профессиональная",
}
ANY_GENITIVE = "организации,организаций"
SCOPES = ("type", "all", "type_municipality", "municipality")
"""Scopes in the order in which they say something to a reader."""


def scope_text(scope: str, among: int, score_type: str, municipality: str) -> str:
    """What a place is out of: «140 дошкольных организаций», «12 организаций, Заречный район»."""
    forms = TYPE_GENITIVE.get(score_type, ANY_GENITIVE) if "type" in scope else ANY_GENITIVE
    text = genitive(among, forms)
    return f"{text}, {municipality}" if "municipality" in scope else text


def place_texts(score: OrganisationScore) -> list[str]:
    """Places of an organisation, each with its scope: «12-е из 140 …»."""
    return [
        f"{place}-е из{SPACE}{scope_text(scope, among, score.type, score.municipality)}"
        for scope, (place, among) in _places(score.places, SCOPES)
    ]


def under_name(score: OrganisationScore, *, typed: bool = False) -> str:
    """What stands under a name in a table; ``typed``: all rows are of one type anyway."""
    if typed:
        return score.municipality
    return f"{score.municipality}, {TYPE_SHORT.get(score.type, score.type)}"


def place_in(score: OrganisationScore, scope: str) -> int | None:
    """The place by the total within ``scope``; None where the organisation is not rated."""
    found: Sequence[int] | None = score.places.get(scope, {}).get("total")
    return found[0] if found else None


def asked_of(score: OrganisationScore) -> str:
    """What a score rests on: «48 из 120», «48» where the number of recipients is not known."""
    asked = number_text(score.respondents)
    if score.respondents is None or not score.recipients:
        return asked
    return f"{asked} из {number_text(score.recipients)}"


def _places(
    places: Mapping[str, Mapping[str, Sequence[int]]], scopes: Sequence[str]
) -> list[tuple[str, tuple[int, int]]]:
    found = [(scope, places.get(scope, {}).get("total")) for scope in scopes]
    return [(scope, (pair[0], pair[1])) for scope, pair in found if pair]
