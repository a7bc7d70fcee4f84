"""Generated organisations under order 344н: consistent counts of any size, zeros included."""

from hypothesis import strategies as st

PAIRS = ("stand", "site", "comf", "inv", "first", "service", "dist", "rec", "org", "all")


@st.composite
def organisation_counts(draw: st.DrawFn, least_asked: int = 0) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in ("stand", "site"):
        counts[f"N_{name}"] = draw(st.integers(1, 80))
        counts[f"I_{name}"] = draw(st.integers(0, counts[f"N_{name}"]))
    counts["C_dist"] = draw(st.integers(0, 5))
    counts["C_comf"] = draw(st.integers(0, 6))
    counts["C_org"] = draw(st.integers(0, 5))
    counts["C_usl"] = draw(st.integers(0, 6))
    for name in PAIRS:
        counts[f"A_{name}"] = draw(st.integers(least_asked, 600))
        counts[f"U_{name}"] = draw(st.integers(0, counts[f"A_{name}"]))
    return counts


def many(least: int = 1, most: int = 12) -> st.SearchStrategy[list[dict[str, int]]]:
    return st.lists(organisation_counts(), min_size=least, max_size=most)
