"""Numbers, dates and plurals as Russian official texts write them.

Spaces inside a number and between a number and its word do not break: U+202F in thousands,
U+00A0 before a word.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone

register = template.Library()

THIN_SPACE = "\u202f"
SPACE = "\u00a0"
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


@register.filter
def plural(number: int | str | None, forms: str) -> str:
    """The form of a word for ``number``: "организация,организации,организаций"."""
    one, few, many = forms.split(",")
    count = abs(int(number or 0))
    if count % 100 in range(11, 15):
        return many
    return one if count % 10 == 1 else few if count % 10 in (2, 3, 4) else many


@register.filter
def counted(number: int | None, forms: str) -> str:
    """A whole number with its word: "1 организация", "12 034 организации"."""
    return f"{number_text(number)}{SPACE}{plural(number, forms)}"


@register.filter(name="number")
def number_text(value: int | str | None) -> str:
    """A whole number; thousands apart from 10 000 on; a minus sign, not a hyphen."""
    if value is None or value == "":
        return "нет данных"
    whole = int(value)
    digits = f"{abs(whole):,}".replace(",", THIN_SPACE) if abs(whole) >= 10_000 else str(abs(whole))
    return f"−{digits}" if whole < 0 else digits


@register.filter
def score(value: Decimal | str | None) -> str:
    """A score exactly as published, with a decimal comma: nothing is rounded here."""
    if value is None or value == "":
        return "нет данных"
    return str(value).replace("-", "−").replace(".", ",")


@register.filter
def signed(value: Decimal | str | None) -> str:
    """A difference with its sign: "+0,20", "−1,5", "0"."""
    if value is None or value == "":
        return "нет данных"
    number = Decimal(value)
    return f"+{score(str(value))}" if number > 0 else score(str(value))


@register.filter
def share(value: Fraction) -> str:
    """An exact weight or share as a decimal; as a fraction where the decimal has no end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    whole, part = divmod(int(value * 10**digits), 10**digits)
    return f"{whole},{part:0{digits}d}" if digits else str(whole)


@register.filter
def long_date(value: date | datetime | None) -> str:
    """ "30 ноября 2016 г.", in the time zone of the site."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value.day}{SPACE}{MONTHS[value.month - 1]} {value.year}{SPACE}г."


@register.filter
def moment(value: datetime | None) -> str:
    """ "30 ноября 2016 г., 14:05"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{long_date(local)}, {local:%H:%M}"


@register.filter
def file_size(size: int | None) -> str:
    """The size of a file: "640 байт", "12,4 КБ", "3,1 МБ"."""
    count = int(size or 0)
    if count < 1024:
        return counted(count, "байт,байта,байт")
    for unit, width in (("КБ", 1024), ("МБ", 1024**2), ("ГБ", 1024**3)):
        if count < 1024 * width or unit == "ГБ":
            tenths = (count * 20 + width) // (2 * width)
            return f"{number_text(tenths // 10)},{tenths % 10}{SPACE}{unit}"
    raise AssertionError("a unit is always found")


@register.filter
def genitive(number: int | None, forms: str) -> str:
    """A number with a word after «из»: "141 организации", "140 организаций"."""
    one, many = forms.split(",")
    count = int(number or 0)
    single = count % 10 == 1 and count % 100 != 11
    return f"{number_text(count)}{SPACE}{one if single else many}"


_BREAK = re.compile(r"(?<=[а-яё])(?=[бвгджзклмнпрстфхцчшщ][аеёиоуыэюя])")
LONG_WORD = 9


@register.filter
def soft_hyphens(text: str) -> str:
    """A long word may be broken once, near its middle: «Доброжела-тельность» in a narrow column."""
    return " ".join(_broken(word) if len(word) > LONG_WORD else word for word in text.split(" "))


def _broken(word: str) -> str:
    places = [m.start() for m in _BREAK.finditer(word) if 3 <= m.start() <= len(word) - 4]
    if not places:
        return word
    place = min(places, key=lambda p: abs(2 * p - len(word)))
    return f"{word[:place]}\u00ad{word[place:]}"


@register.filter
def get(mapping: dict[str, object] | None, key: object) -> object:
    """``mapping[key]``, None where it is absent: criteria are kept by their codes."""
    return (mapping or {}).get(str(key))
