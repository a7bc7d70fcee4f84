"""Sites of a region at a glance: shares, worst items, whom to call, how it moved. All counted by
the database, in as many queries for ten sites as for a thousand.

Counted is what holds: an expert's mark where there is one, else the machine's finding, as in
:mod:`noko.queries.website_standing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from noko.core.organisation_types import TYPE_TITLES
from noko.core.websites.rules import Item, Regime, Subsection
from noko.core.websites.wording import FAILURES
from noko.models import Municipality, Organisation, SiteRound, SiteVisit
from noko.queries.website_rules import get_regime

DONE = SiteVisit.State.DONE
BATCH = 2000
CAUSES = {
    "no_site": "Узнайте адрес сайта и внесите его в реестр организаций.",
    "bad_address": "Исправьте адрес сайта в реестре организаций.",
    "defect": "Организации делать ничего не нужно: сообщите администратору системы.",
    "broken_archive": "Обойдите сайт заново.",
    **{reason.value: words[1] for reason, words in FAILURES.items()},
}
"""How a visit ended → what to ask the organisation for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items are found, absent and could not be checked. Items of which it is not known
    whether they are asked for at all are in none of them."""

    found: int = 0
    absent: int = 0
    unchecked: int = 0

    @property
    def asked(self) -> int:
        """Items with an answer: what the share is of."""
        return self.found + self.absent

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.found + other.found,
            self.absent + other.absent,
            self.unchecked + other.unchecked,
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """How many items appeared and how many disappeared since an earlier round."""

    improved: int = 0
    worsened: int = 0

    def __add__(self, other: Moved) -> Moved:
        return Moved(self.improved + other.improved, self.worsened + other.worsened)


Figures = TypeVar("Figures")
Summed = TypeVar("Summed", Tally, Moved)


@dataclass(frozen=True, slots=True)
class Line:
    """A subsection, a municipality or a type. The numbers of visits are of municipalities alone:
    all, sites that were read, sites that gave nothing."""

    title: str
    tally: Tally
    moved: Moved
    visits: int = 0
    read: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """``plan``: the improvement plan, never part of the other figures; ``silent`` visits brought
    nothing; ``before``: the earlier round that ``moved`` compares with, if any."""

    round: SiteRound
    regime: Regime
    whole: Tally
    plan: Tally
    subsections: tuple[Line, ...]
    municipalities: tuple[Line, ...]
    types: tuple[Line, ...]
    items: Mapping[str, Tally]
    organisations: int
    read: int
    silent: int
    before: SiteRound | None
    moved: Moved

    def worst(self, number: int) -> list[tuple[Item, Subsection, Tally]]:
        """The items that are absent at most organisations; of equals, those rarer found."""
        rows = [
            (self.regime.item_by_code[code], self.regime.subsection_of[code], tally)
            for code, tally in self.items.items()
            if tally.absent
        ]
        rows.sort(key=lambda row: (-row[2].absent, row[2].found / row[2].asked, row[0].code))
        return rows[:number]


def overview(site_round: SiteRound, organisations: QuerySet[Organisation]) -> Overview:
    """The round as far as ``organisations`` reaches."""
    regime = get_regime(site_round.regime)
    codes = [item.code for item in regime.items]
    found = _tallies(site_round, organisations, codes)
    beside = _tallies(site_round, organisations, beside_codes(regime))
    before = round_before(site_round)
    moved = _moves(before, site_round, organisations, codes)
    visits = _visits(site_round, organisations)
    return Overview(
        round=site_round,
        regime=regime,
        whole=sum(found.code.values(), Tally()),
        plan=sum(beside.code.values(), Tally()),
        subsections=tuple(
            Line(sub.title, _of(sub, found.code, Tally()), _of(sub, moved.code, Moved()))
            for sub in regime.subsections
        ),
        municipalities=tuple(
            Line(
                name,
                found.place.get(key, Tally()),
                moved.place.get(key, Moved()),
                *visits[key],
            )
            for key, name in Municipality.objects.values_list("pk", "name")
            if key in visits
        ),
        types=tuple(
            Line(title, found.type[key], moved.type.get(key, Moved()))
            for key, title in TYPE_TITLES.items()
            if key in found.type
        ),
        items=found.code,
        organisations=sum(row[0] for row in visits.values()),
        read=sum(row[1] for row in visits.values()),
        silent=sum(row[2] for row in visits.values()),
        before=before,
        moved=sum(moved.code.values(), Moved()),
    )


def beside_codes(regime: Regime) -> list[str]:
    return [item.code for sub in regime.beside for item in sub.items]


def _of(subsection: Subsection, by_code: Mapping[str, Summed], nothing: Summed) -> Summed:
    return sum((by_code.get(item.code, nothing) for item in subsection.items), nothing)


def _visits(
    site_round: SiteRound, organisations: QuerySet[Organisation]
) -> dict[int, tuple[int, int, int]]:
    """Municipality → how many visits, how many sites were read, how many gave nothing."""
    rows = (
        SiteVisit.objects.filter(round=site_round, organisation__in=organisations.order_by())
        .values("organisation__municipality")
        .annotate(
            every=Count("pk"),
            read=Count("pk", filter=Q(state=DONE, outcome="")),
            silent=Count("pk", filter=Q(state=DONE) & ~Q(outcome="")),
        )
        .order_by()
    )
    return {
        row["organisation__municipality"]: (row["every"], row["read"], row["silent"])
        for row in rows
    }


# --- items ----------------------------------------------------------------------------------------

_ITEMS = """
select f.code, v.organisation_id, v.type, o.municipality_id,
    case when m.value is null and f.status = 'unchecked' and f.reason = 'condition_unknown'
        then 'unknown' else coalesce(m.value, f.status) end as status
from noko_sitefinding f
join noko_sitevisit v on v.id = f.visit_id
join noko_organisation o on o.id = v.organisation_id
left join (
    select distinct on (own.organisation_id, own.code) own.organisation_id, own.code, own.value
    from noko_sitemark own
    join noko_sitevisit mv on mv.id = own.visit_id
    join noko_siteround mr on mr.id = mv.round_id
    where own.cycle_id = %s and own.status <> 'withdrawn' and mr.number <= %s
    order by own.organisation_id, own.code, own.id desc
) m on m.organisation_id = v.organisation_id and m.code = f.code
where v.round_id = %s and v.state = 'done' and f.code = any(%s) and v.organisation_id in ({within})
"""
_TALLIES = """
select i.code, i.municipality_id, i.type,
    count(*) filter (where i.status = 'found'),
    count(*) filter (where i.status = 'absent'),
    count(*) filter (where i.status = 'unchecked')
from ({items}) i
group by grouping sets ((i.code), (i.municipality_id), (i.type))
"""
_MOVES = """
select i.code, i.municipality_id, i.type,
    count(*) filter (where b.status = 'absent' and i.status = 'found'),
    count(*) filter (where b.status = 'found' and i.status = 'absent')
from ({items}) i join ({before}) b on b.organisation_id = i.organisation_id and b.code = i.code
group by grouping sets ((i.code), (i.municipality_id), (i.type))
"""
Parameters = tuple[Any, ...]


def _items(
    site_round: SiteRound, organisations: QuerySet[Organisation], codes: Sequence[str]
) -> tuple[str, Parameters]:
    """SQL of the items ``codes`` of the round with what is counted of each, and its parameters."""
    within, reached = organisations.order_by().values("pk").query.sql_with_params()
    own = (site_round.cycle_id, site_round.number, site_round.pk, list(codes))
    return _ITEMS.format(within=within), (*own, *reached)


@dataclass(frozen=True, slots=True)
class _Grouped(Generic[Figures]):
    """Figures by item, by municipality and by type."""

    code: dict[str, Figures]
    place: dict[int, Figures]
    type: dict[str, Figures]


def _tallies(
    site_round: SiteRound, organisations: QuerySet[Organisation], codes: Sequence[str]
) -> _Grouped[Tally]:
    items, parameters = _items(site_round, organisations, codes)
    return _grouped(_TALLIES.format(items=items), parameters, Tally)


def _moves(
    before: SiteRound | None,
    after: SiteRound,
    organisations: QuerySet[Organisation],
    codes: Sequence[str],
) -> _Grouped[Moved]:
    """What appeared and disappeared between two rounds."""
    if before is None:
        return _Grouped({}, {}, {})
    older, first = _items(before, organisations, codes)
    newer, second = _items(after, organisations, codes)
    return _grouped(_MOVES.format(items=newer, before=older), (*second, *first), Moved)


def _grouped(sql: str, parameters: Parameters, made: Callable[..., Figures]) -> _Grouped[Figures]:
    found: _Grouped[Figures] = _Grouped({}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for code, place, kind, *figures in cursor.fetchall():
            if code is not None:
                found.code[code] = made(*figures)
            elif place is not None:
                found.place[place] = made(*figures)
            else:
                found.type[kind] = made(*figures)
    return found


# --- rounds ---------------------------------------------------------------------------------------


def round_before(site_round: SiteRound) -> SiteRound | None:
    """The round before that was judged by the same order, of the same cycle or an earlier one."""
    rows = SiteRound.objects.filter(
        regime=site_round.regime, opened_at__lt=site_round.opened_at, closed_at__isnull=False
    )
    return rows.select_related("cycle").order_by("-opened_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class Step:
    """A round with what the machine found then, before any mark."""

    round: SiteRound
    tally: Tally
    read: int
    organisations: int


def progress(
    site_round: SiteRound, organisations: QuerySet[Organisation], number: int = 12
) -> list[Step]:
    """The rounds up to this one under the same order, the oldest first."""
    rounds = SiteRound.objects.filter(
        regime=site_round.regime, opened_at__lte=site_round.opened_at
    ).select_related("cycle")
    latest = list(rounds.order_by("-opened_at", "-pk")[:number])
    rows = (
        SiteVisit.objects.filter(round__in=latest, organisation__in=organisations.order_by())
        .values("round")
        .annotate(
            f=Sum("found"),
            a=Sum("absent"),
            u=Sum("unchecked"),
            every=Count("pk"),
            read=Count("pk", filter=Q(state=DONE, outcome="")),
        )
        .order_by()
    )
    by_round = {row["round"]: row for row in rows}
    return [
        Step(one, Tally(row["f"], row["a"], row["u"]), row["read"], row["every"])
        for one in reversed(latest)
        if (row := by_round.get(one.pk))
    ]


# --- whom to call ---------------------------------------------------------------------------------


def silent_visits(
    site_round: SiteRound, organisations: QuerySet[Organisation]
) -> QuerySet[SiteVisit]:
    """Visits that brought nothing, by municipality, with whom to call."""
    rows = SiteVisit.objects.filter(
        round=site_round, state=DONE, organisation__in=organisations.order_by()
    ).exclude(outcome="")
    rows = rows.select_related("organisation__municipality")
    return rows.order_by(
        "organisation__municipality__sort_key", "organisation__sort_key", "organisation_id"
    )


def finding_rows(
    site_round: SiteRound, organisations: QuerySet[Organisation]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Every item of every organisation, read from the database piece by piece: organisation,
    municipality, type, address of the site, item, what is counted."""
    regime = get_regime(site_round.regime)
    items, parameters = _items(site_round, organisations, list(regime.item_by_code))
    sql = f"""
        select org.short_name, mun.name, i.type, v.address, i.code, i.status
        from ({items}) i
        join noko_organisation org on org.id = i.organisation_id
        join noko_municipality mun on mun.id = i.municipality_id
        join noko_sitevisit v on v.round_id = %s and v.organisation_id = i.organisation_id
        where i.status <> 'not_applicable'
        order by mun.sort_key, org.sort_key, org.id, i.code
    """  # noqa: S608 (made of constants and of a queryset's own SQL)
    with connection.cursor() as cursor:
        cursor.execute(sql, (*parameters, site_round.pk))
        while rows := cursor.fetchmany(BATCH):
            yield from rows
