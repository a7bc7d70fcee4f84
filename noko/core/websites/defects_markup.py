"""What is wrong with the microdata of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from noko.core.websites.findings import Defect, DefectKind
from noko.core.websites.markup import Placed, spelt_right
from noko.core.websites.rules import Regime
from noko.core.websites.site import ReadPage

COPY = "copy"
LONG_COPY = 400
"""A tag ``copy`` with more text than this holds the page, not a link to its other version."""


def markup_defects(page: ReadPage, slug: str | None, regime: Regime) -> Iterator[Defect]:
    """All defects of one page; the same one many times over is one with its count."""
    counted: Counter[Defect] = Counter()
    for defect in _all(page, slug, regime):
        counted[defect] += 1
    for defect, times in counted.items():
        yield _times(defect, times)


def _times(defect: Defect, times: int) -> Defect:
    return Defect(
        defect.kind,
        defect.page,
        defect.subject,
        defect.right,
        defect.place,
        defect.excerpt,
        defect.item,
        times,
    )


def _all(page: ReadPage, slug: str | None, regime: Regime) -> Iterator[Defect]:
    address = page.content.address
    for placed in (one for group in page.markup.by_name.values() for one in group):
        yield from _of_name(placed, address, slug, regime)
        yield from _of_nesting(page, placed, address, slug, regime)
    yield from _of_groups(page, address)
    yield from _of_headers(page, address)
    yield from _of_mixture(page, address, regime)
    if slug and not any(name in regime.microdata.generations_of for name in page.markup.by_name):
        yield Defect(DefectKind.NO_MARKUP, address)


def _of_name(placed: Placed, address: str, slug: str | None, regime: Regime) -> Iterator[Defect]:
    marked, microdata = placed.marked, regime.microdata
    if marked.attribute == "itemprop" and marked.written != marked.name:
        yield Defect(DefectKind.MISSPELT_MARKUP, address, marked.written, marked.name)
    if marked.name not in microdata.generations_of:
        right = _likeliest(spelt_right(marked.name, microdata), slug, regime)
        kind = DefectKind.MISSPELT_MARKUP if right else DefectKind.UNKNOWN_MARKUP
        yield Defect(kind, address, marked.written, right)
        return
    if marked.hidden:
        yield Defect(DefectKind.HIDDEN_MARKUP, address, marked.name, excerpt=marked.text[:80])
        return
    generations = microdata.generations_of[marked.name]
    if generations and not set(generations) & set(regime.generations):
        title = microdata.by_code[generations[-1]].title
        yield Defect(DefectKind.OLD_MARKUP, address, marked.name, excerpt=title)
    if not placed.value.filled and marked.name not in microdata.groups and marked.name != COPY:
        yield Defect(DefectKind.EMPTY_MARKUP, address, marked.name)


def _likeliest(names: tuple[str, ...], slug: str | None, regime: Regime) -> str:
    """Of several right names the one of the current generation, of this page first."""
    current = [
        (page, name)
        for code in regime.generations
        for page, name, _, _ in regime.microdata.by_code[code].names()
        if name in names
    ]
    here = [name for page, name in current if page == slug]
    return next(iter([*here, *(name for _, name in current), *names]), "")


def _of_nesting(
    page: ReadPage, placed: Placed, address: str, slug: str | None, regime: Regime
) -> Iterator[Defect]:
    marked, all_marked = placed.marked, page.content.marked
    around = all_marked[marked.parent] if marked.parent >= 0 else None
    if marked.name == COPY and len(marked.text) > LONG_COPY:
        yield Defect(DefectKind.COPY_WRAPS_PAGE, address, COPY)
    groups = regime.groups_needed.get((slug, marked.name), frozenset())
    if groups and placed.group < 0:
        inside = "" if around is None or around.name == COPY else around.name
        yield Defect(
            DefectKind.WRONG_NESTING,
            address,
            marked.name,
            ", ".join(sorted(groups)),
            excerpt=inside,
        )
    elif placed.group >= 0 and marked.parent != placed.group and around is not None:
        group = all_marked[placed.group].name
        if around.name in regime.microdata.groups_of:
            yield Defect(DefectKind.WRONG_NESTING, address, marked.name, group, excerpt=around.name)


def _of_groups(page: ReadPage, address: str) -> Iterator[Defect]:
    """The same nested name several times in a group: one group around many rows, or one name in
    the place of another that the neighbouring groups have.
    """
    children: Counter[tuple[int, str]] = Counter()
    for placed in (one for group in page.markup.by_name.values() for one in group):
        if placed.group >= 0 and not placed.marked.hidden:
            children[placed.group, placed.marked.name] += 1
    worst: dict[int, tuple[str, int]] = {}
    for (group, name), times in children.items():
        if times > 1 and name not in _REPEATABLE and times > worst.get(group, ("", 1))[1]:
            worst[group] = name, times
    usual: dict[str, set[str]] = {}
    for group, name in children:
        usual.setdefault(page.content.marked[group].name, set()).add(name)
    for group, (name, times) in worst.items():
        subject = page.content.marked[group].name
        lacks = usual[subject] - {one for place, one in children if place == group}
        if times == 2 and len(lacks) == 1:
            other = lacks.pop()
            yield Defect(DefectKind.REPEATED_MARKUP, address, name, other, excerpt=subject)
            continue
        yield Defect(DefectKind.ONE_GROUP_FOR_MANY, address, subject, name, excerpt=str(times))


_REPEATABLE = {
    "opMain", "educationPlan", "educationAnnotation", "educationRpd", "educationShedule",
    "methodology", "eduPr", "divisionClauseDocLink", "telephone", "email", "telUchred",
    "mailUchred", "language", "teachingDiscipline", "profDevelopment", "qualification",
    "teachingOp", "eduPred", "eduPrac",
}  # fmt: skip
"""Names that one row may rightly have several of: documents, telephones, subjects."""


def _of_headers(page: ReadPage, address: str) -> Iterator[Defect]:
    """Names of columns marked as if they were data."""
    lines = {line.number: line for line in page.reading.lines}
    for placed in (one for group in page.markup.by_name.values() for one in group):
        line = lines.get(placed.marked.line)
        if line is None or line.number not in page.reading.heads or not placed.marked.text:
            continue
        if placed.marked.text == line.text:
            excerpt = placed.marked.text[:80]
            yield Defect(DefectKind.HEADER_MARKED, address, placed.marked.name, excerpt=excerpt)


def _of_mixture(page: ReadPage, address: str, regime: Regime) -> Iterator[Defect]:
    """Names that no one generation knows together; those of a wrong one are told of already."""
    allowed = set(regime.generations)
    known = {
        name: allowed.intersection(regime.microdata.generations_of.get(name, ()))
        for name in page.markup.by_name
    }
    service = regime.microdata.service
    names = [name for name, found in known.items() if found and name not in service]
    usual = max(names, key=lambda name: len(known[name]), default="")
    for name in names:
        odd = next((one for one in names if not known[one] & known[name]), "")
        if odd and len(known[name]) <= len(known[odd]) and name != usual:
            yield Defect(DefectKind.MIXED_MARKUP, address, name, odd)
