"""The calculation of order 344н written a second time, the slow and obvious way.

One organisation, ``Fraction`` everywhere, no columns, no policies but the defaults: what the
tests hold the real one against.
"""

from collections.abc import Mapping
from fractions import Fraction


def half_up(value: Fraction, decimals: int) -> Fraction:
    scale = 10**decimals
    return Fraction((2 * value * scale + 1) // 2, scale)


def halves(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    known = [share for share in (first, second) if share is not None]
    return sum(known, Fraction(0)) * 100 / len(known) if known else None


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def indicators(c: Mapping[str, int]) -> dict[str, Fraction | None]:
    def percent(name: str) -> Fraction | None:
        value = share(c[f"U_{name}"], c[f"A_{name}"])
        return None if value is None else value * 100

    return {
        "1.1": halves(share(c["I_stand"], c["N_stand"]), share(c["I_site"], c["N_site"])),
        "1.2": Fraction(min(100, 30 * c["C_dist"])),
        "1.3": halves(share(c["U_stand"], c["A_stand"]), share(c["U_site"], c["A_site"])),
        "2.1": Fraction(min(100, 20 * c["C_comf"])),
        "2.3": percent("comf"),
        "3.1": Fraction(min(100, 20 * c["C_org"])),
        "3.2": Fraction(min(100, 20 * c["C_usl"])),
        "3.3": percent("inv"),
        "4.1": percent("first"),
        "4.2": percent("service"),
        "4.3": percent("dist"),
        "5.1": percent("rec"),
        "5.2": percent("org"),
        "5.3": percent("all"),
    }


WEIGHTS = {
    "1": {"1.1": Fraction(3, 10), "1.2": Fraction(3, 10), "1.3": Fraction(4, 10)},
    "2": {"2.1": Fraction(1, 2), "2.3": Fraction(1, 2)},
    "3": {"3.1": Fraction(3, 10), "3.2": Fraction(4, 10), "3.3": Fraction(3, 10)},
    "4": {"4.1": Fraction(4, 10), "4.2": Fraction(4, 10), "4.3": Fraction(2, 10)},
    "5": {"5.1": Fraction(3, 10), "5.2": Fraction(2, 10), "5.3": Fraction(5, 10)},
}

STEPS = {
    "indicator_integer": (0, None),
    "stepwise_2": (2, 2),
    "exact_then_2": (None, None),
}


def criteria(c: Mapping[str, int], rounding: str) -> dict[str, Fraction | None]:
    """Criteria as the total takes them."""
    decimals, criterion_decimals = STEPS[rounding]
    values = indicators(c)
    if decimals is not None:
        values = {k: None if v is None else half_up(v, decimals) for k, v in values.items()}
    found: dict[str, Fraction | None] = {}
    for code, weights in WEIGHTS.items():
        known = {k: w for k, w in weights.items() if values[k] is not None}
        total = sum((w * (values[k] or 0) for k, w in known.items()), Fraction(0))
        value = total / sum(known.values()) if known else None
        if value is not None and criterion_decimals is not None:
            value = half_up(value, criterion_decimals)
        found[code] = value
    return found


def total(c: Mapping[str, int], rounding: str) -> Fraction | None:
    """The published total; None where a criterion has no value."""
    values = list(criteria(c, rounding).values())
    if any(value is None for value in values):
        return None
    return half_up(sum((v for v in values if v is not None), Fraction(0)) / 5, 2)
