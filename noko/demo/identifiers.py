"""Tax and registration numbers with right control digits and a region code that nobody has."""

from __future__ import annotations

REGION_CODE = "99"
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def inn(number: int) -> str:
    """ИНН of an organisation (10 digits): region, office 01, ``number``, control digit."""
    digits = f"{REGION_CODE}01{number:05d}"
    total = sum(weight * int(digit) for weight, digit in zip(_INN_WEIGHTS, digits, strict=True))
    return f"{digits}{total % 11 % 10}"


def ogrn(year: int, number: int) -> str:
    """ОГРН (13 digits): sign 1, two digits of ``year``, region, ``number``, control digit."""
    digits = f"1{year % 100:02d}{REGION_CODE}{number:07d}"
    return f"{digits}{int(digits) % 11 % 10}"
