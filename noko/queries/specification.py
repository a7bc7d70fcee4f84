"""Reading the technical specification: its versions, its filled text, its annex, what it lacks."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from noko.core.editions import Edition
from noko.core.sampling import sample_size
from noko.core.specification import Piece, SpecificationTemplate, filled, pieces
from noko.models import Clause, ClauseProposal, Cycle, Organisation, Session, Specification
from noko.models.organisation import OrganisationType
from noko.queries import list as lists
from noko.queries.edition import get_edition
from noko.queries.specification_template import get_template
from noko.templatetags.methodology import percent
from noko.templatetags.russian import counted, genitive, long_date, number_text

UNSET = "(срок не указан)"
NAMED = 5
"""Organisations that a sentence names; the others are counted."""

Status = Specification.Status


# --- which specification ------------------------------------------------------------------------


def specifications() -> QuerySet[Specification]:
    """Every version of every cycle, the newest year first."""
    found = Specification.objects.select_related("cycle", "decision", "agenda_item__session")
    waiting = Count("proposals", filter=Q(proposals__status=ClauseProposal.Status.OPEN))
    # Django leaves the order of the model out where rows are counted.
    return found.annotate(waiting=waiting).order_by("-cycle__year", "-cycle", "-version")


def newest_of(cycle: Cycle) -> Specification | None:
    """The version in preparation, else the last adopted one."""
    return specifications().filter(cycle=cycle).order_by("-version").first()


def adopted_of(cycle: Cycle) -> Specification | None:
    """The version in force."""
    adopted = specifications().filter(cycle=cycle, status=Status.ADOPTED)
    return adopted.order_by("-version").first()


def cycles_without() -> QuerySet[Cycle]:
    """Cycles that have no specification and whose rating is not published yet."""
    return Cycle.objects.filter(specifications__isnull=True, releases__isnull=True)


def in_preparation(cycle: Cycle) -> Specification | None:
    """The version that is not adopted yet."""
    return cycle.specifications.exclude(status=Status.ADOPTED).first()


def recently_adopted(now: datetime, days: int = 30) -> QuerySet[Specification]:
    found = specifications().filter(status=Status.ADOPTED)
    return found.filter(adopted_at__gte=now - timedelta(days=days))


def over(specification: Specification, now: datetime) -> bool:
    """Whether the time of proposals has passed."""
    until = specification.proposals_until
    return until is not None and until < timezone.localdate(now)


def sessions_ahead(now: datetime) -> QuerySet[Session]:
    """Sessions whose agenda a question may still be put on."""
    coming = (Session.Status.PLANNED, Session.Status.INVITED, Session.Status.OPEN)
    found = Session.objects.filter(status__in=coming).select_related("council")
    ahead = found.filter(Q(starts_at__gte=now) | Q(status=Session.Status.OPEN))
    return ahead.order_by("starts_at")


def sources_for(cycle: Cycle) -> QuerySet[Specification]:
    """What a new version may be copied from: adopted ones by the same edition, newest last."""
    adopted = Specification.objects.filter(status=Status.ADOPTED, cycle__edition=cycle.edition)
    return adopted.select_related("cycle").order_by("adopted_at")


def first_values(cycle: Cycle) -> dict[str, Any]:
    """What a new version begins with: the terms of the plan, the customer of the last one."""
    last = Specification.objects.order_by("-created_at").first()
    return {"customer": last.customer if last else "", **planned_terms(cycle)}


def proposals_of(specification: Specification) -> QuerySet[ClauseProposal]:
    return specification.proposals.select_related("clause", "by", "considered_by")


# --- the organisations that it is about ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """Organisations of a cycle and where they are taken from, in words."""

    source: str
    final: bool
    organisations: Sequence[Organisation]


def listing_of(cycle: Cycle) -> Listing:
    """Who is assessed in the cycle: the approved list; before it those assessed already, else the
    list that is being drawn up, else all that act in the registry. Only the first two are final."""
    if approved := lists.current_list(cycle):
        act = approved.decision or approved.basis
        version = f", версия {approved.version}" if approved.version > 1 else ""
        return Listing(f"утверждённый перечень{version}: {act}", True, lists.listed(cycle))
    found = Organisation.objects.select_related("municipality")
    assessed = found.filter(scores__calculation__cycle=cycle).distinct()
    if assessed.exists():
        return Listing("организации, которые оценены в этом цикле", True, _in_order(assessed))
    if drawn_up := lists.in_preparation(cycle):
        source = f"перечень ещё не утверждён: {drawn_up.get_status_display()}"
        return Listing(source, False, lists.organisations_in(drawn_up))
    acting = found.filter(status=Organisation.Status.ACTIVE)
    return Listing("все действующие организации реестра", False, _in_order(acting))


def _in_order(organisations: QuerySet[Organisation]) -> list[Organisation]:
    """By type as the waves go, then municipality, then name."""
    types = list(OrganisationType.values)
    return sorted(
        organisations,
        key=lambda item: (
            types.index(item.type) if item.type in types else len(types),
            item.municipality.sort_key,
            item.sort_key,
            item.pk,
        ),
    )


def annex_of(specification: Specification) -> list[dict[str, Any]]:
    """The list with the size of each sample; what was adopted, or as it would be now."""
    if specification.adopted:
        return list(specification.annex)
    return _annex(listing_of(specification.cycle), specification)


def _annex(listing: Listing, specification: Specification) -> list[dict[str, Any]]:
    rule = get_edition(specification.cycle.edition).sample
    rows = []
    for item in listing.organisations:
        found = sample_size(item.enrolment, rule)
        rows.append(
            {
                "organisation": item.pk,
                "name": item.short_name,
                "inn": item.inn or "",
                "ogrn": item.ogrn or "",
                "type": item.type,
                "municipality": item.municipality.name,
                "population": found.population,
                "size": found.size,
                "everyone": found.everyone,
            }
        )
    return rows


# --- what stands in its fields ------------------------------------------------------------------

_TYPES = {
    OrganisationType.PRESCHOOL: "дошкольных",
    OrganisationType.GENERAL: "общеобразовательных",
    OrganisationType.SUPPLEMENTARY: "дополнительного образования",
    OrganisationType.VOCATIONAL: "профессиональных",
}


def facts_of(specification: Specification, annex: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Field → text; what was adopted, or as it would be now."""
    if specification.adopted:
        return dict(specification.facts)
    edition = get_edition(specification.cycle.edition)
    return {
        "год": str(specification.cycle.year),
        "заказчик": specification.customer,
        **_edition_facts(edition, get_template(specification.template)),
        **_annex_facts(annex),
        "опрос с": _day(specification.survey_starts_on),
        "опрос по": _day(specification.survey_ends_on),
        "данные до": _day(specification.data_due_on),
        "отчёт до": _day(specification.report_due_on),
    }


def _edition_facts(edition: Edition, template: SpecificationTemplate) -> dict[str, str]:
    acts = [act.short for act in edition.acts if act.id.startswith(("law", "order"))]
    rule = edition.sample
    most = counted(rule.maximum, "человека,человек,человек")
    return {
        "акты": "; ".join(acts),
        "правило выборки": f"{percent(rule.share)} получателей услуг, но не больше {most}",
        "порог": number_text(rule.everyone_up_to),
        "критериев": genitive(len(edition.criteria), "критерию,критериям"),
        "показателей": counted(len(edition.indicators), "показатель,показателя,показателей"),
        "вопросов": counted(
            len(edition.questionnaire.closed),
            "закрытый вопрос,закрытых вопроса,закрытых вопросов",
        ),
        "перечни": "; ".join(f"«{item.title}»" for item in edition.checklists),
        "форматы": "; ".join(item.title for item in template.formats),
    }


def _annex_facts(annex: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    types = Counter(row["type"] for row in annex)
    listed = [
        f"{_TYPES.get(OrganisationType(code), code)} – {number_text(types[code])}"
        for code in OrganisationType.values
        if types[code]
    ]
    return {
        "организаций": genitive(len(annex), "организации,организациях"),
        "организаций по типам": ", ".join(listed) or "перечень пуст",
        "муниципалитетов": number_text(len({row["municipality"] for row in annex})),
        "анкет": counted(sum(row["size"] or 0 for row in annex), "анкеты,анкет,анкет"),
        "получателей": number_text(sum(row["population"] or 0 for row in annex)),
    }


def _day(value: date | None) -> str:
    return long_date(value) if value else UNSET


# --- the whole text -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause with its fields filled."""

    clause: Clause
    pieces: Sequence[Piece]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class SectionText:
    number: str
    title: str
    clauses: Sequence[ClauseText]


@dataclass(frozen=True, slots=True)
class Content:
    """The whole specification as it reads. ``missing``: what the council cannot consider it
    without; ``unsettled``: what it cannot be adopted without."""

    specification: Specification
    edition: Edition
    template: SpecificationTemplate
    title: str
    source: str
    sections: Sequence[SectionText]
    annex: Sequence[Mapping[str, Any]]
    facts: Mapping[str, str]
    missing: Sequence[str]
    unsettled: str = ""

    @property
    def questionnaires(self) -> int:
        return sum(row["size"] or 0 for row in self.annex)

    @property
    def digest(self) -> str:
        return content_digest(self)


def content_of(specification: Specification) -> Content:
    """The specification with every field filled; clauses that are excluded stay in, marked."""
    listing = None if specification.adopted else listing_of(specification.cycle)
    annex = _annex(listing, specification) if listing else list(specification.annex)
    facts = facts_of(specification, annex)
    clauses = list(specification.clauses.all())
    return Content(
        specification=specification,
        edition=get_edition(specification.cycle.edition),
        template=get_template(specification.template),
        title=filled(specification.title, facts),
        source=listing.source if listing else "",
        sections=list(_sections(clauses, facts)),
        annex=annex,
        facts=facts,
        missing=[] if specification.adopted else list(_missing(specification, annex, clauses)),
        unsettled=_UNSETTLED if listing and not listing.final else "",
    )


def _sections(clauses: Sequence[Clause], facts: Mapping[str, str]) -> Iterator[SectionText]:
    by_section: dict[str, list[Clause]] = {}
    for clause in clauses:
        by_section.setdefault(clause.section, []).append(clause)
    for number, those in by_section.items():
        texts = [ClauseText(clause, pieces(clause.text, facts)) for clause in those]
        yield SectionText(number, those[0].section_title, texts)


_TERMS = {
    "survey_starts_on": "первый день опроса и осмотра",
    "survey_ends_on": "последний день опроса и осмотра",
    "data_due_on": "срок передачи данных",
    "report_due_on": "срок отчёта",
}


_UNSETTLED = "Перечень организаций ещё не утверждён."


def _missing(
    specification: Specification, annex: Sequence[Mapping[str, Any]], clauses: Sequence[Clause]
) -> Iterator[str]:
    unset = [title for name, title in _TERMS.items() if getattr(specification, name) is None]
    if unset:
        yield f"Не указаны сроки: {', '.join(unset)}."
    if not annex:
        yield "В перечне нет ни одной организации."
    unknown = [row["name"] for row in annex if row["population"] is None]
    if unknown:
        shown = ", ".join(f"«{name}»" for name in unknown[:NAMED])
        rest = f" и ещё {len(unknown) - NAMED}" if len(unknown) > NAMED else ""
        yield (
            f"Не известно число получателей услуг: {shown}{rest}. Без него не вычислить выборку:"
            " дополните реестр организаций."
        )
    if all(clause.excluded for clause in clauses):
        yield "Исключены все пункты."


def content_digest(content: Content) -> str:
    """SHA-256 (hex) over everything that is adopted: title, clauses as they read, list, edition."""
    whole = {
        "title": content.title,
        "edition": content.edition.digest,
        "clauses": [
            [item.clause.section_title, item.text]
            for section in content.sections
            for item in section.clauses
            if not item.clause.excluded
        ],
        "annex": list(content.annex),
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


# --- terms of the plan --------------------------------------------------------------------------

_WAVES = ("wave_preschool", "wave_general", "wave_supplementary")


def planned_terms(cycle: Cycle) -> dict[str, date]:
    """What the region's plan of the cycle says about terms of the specification, if it does.

    The survey lasts from the first day of the waves to their last; the report is due when the
    rating is (activity 2.5).
    """
    plan = cycle.plans.filter(municipality__isnull=True).first()
    if plan is None:
        return {}
    days = {
        code: (begins, ends)
        for code, begins, ends in plan.activities.filter(code__in=[*_WAVES, "rating"]).values_list(
            "code", "begins_on", "ends_on"
        )
    }
    waves = [days[code] for code in _WAVES if code in days]
    begins = [day for day, _ in waves if day]
    ends = [day for _, day in waves if day]
    found = {
        "survey_starts_on": min(begins, default=None),
        "survey_ends_on": max(ends, default=None),
        "report_due_on": days.get("rating", (None, None))[1],
    }
    return {name: day for name, day in found.items() if day}
