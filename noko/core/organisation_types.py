"""The types of organisations that the waves follow (2.2, 2.3, 2.4; vocational since 2018)."""

from collections.abc import Mapping

TYPE_TITLES: Mapping[str, str] = {
    "preschool": "Дошкольные",
    "general": "Общеобразовательные",
    "supplementary": "Дополнительного образования",
    "vocational": "Профессиональные",
}
"""Code → how a list of such organisations is headed."""


def type_title(code: str) -> str:
    """«Дошкольные»; a type that is not among the known ones is shown as the data have it."""
    return TYPE_TITLES.get(code, code)
