"""What an order demands of a site, as typed, immutable data: see ``noko/rules/websites``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from noko.core.editions import Act, Basis, Rule
from noko.core.websites.patterns import Patterns


class SiteType(StrEnum):
    """Types of organisations that the orders tell apart; the first four are the registry's."""

    PRESCHOOL = "preschool"
    GENERAL = "general"
    SUPPLEMENTARY = "supplementary"
    VOCATIONAL = "vocational"
    HIGHER = "higher"
    FURTHER = "further"


ALL_TYPES = tuple(SiteType)

TYPE_TITLES = {
    SiteType.PRESCHOOL: "дошкольная",
    SiteType.GENERAL: "общеобразовательная",
    SiteType.SUPPLEMENTARY: "дополнительного образования детей",
    SiteType.VOCATIONAL: "профессиональная",
    SiteType.HIGHER: "высшего образования",
    SiteType.FURTHER: "дополнительного профессионального образования",
}

Kind = Literal["text", "document", "person", "phone", "email", "date", "address", "number"]


class Sign(Rule):
    """How an item is known without microdata; the file ``signs.yaml`` explains each key."""

    labels: Patterns = Patterns()
    columns: Patterns = Patterns()
    documents: Patterns = Patterns()
    phrases: Patterns = Patterns()
    unless: Patterns = Patterns()
    within: Patterns = Patterns()
    none_with: Patterns = Patterns()
    own: bool = False
    elsewhere: bool = False
    by_value: bool = False
    kind: Kind = "text"
    example: str = ""

    @property
    def anywhere(self) -> bool:
        """Whether it counts (with a remark) when it stands in another subsection."""
        return self.elsewhere or self.kind == "document"


class ValueWords(Rule):
    """Words that make a value a refusal ("отсутствует": filled) or nothing at all."""

    negative: Patterns
    empty: Patterns
    placeholders: tuple[str, ...]
    norms: Patterns
    generic_links: tuple[str, ...]
    entities: Patterns
    own: Patterns


class SiteWords(Rule):
    """What is looked for on the whole site."""

    assessment: Patterns
    special_version: Patterns
    consent: Patterns
    feedback: Patterns
    faq: Patterns
    survey: Patterns
    not_found: Patterns
    needs_script: Patterns


class Signs(Rule):
    """The file ``signs.yaml``."""

    values: ValueWords
    signs: Mapping[str, Sign]
    site: SiteWords


class MarkupPage(Rule):
    """Microdata names of one subsection; a star at the end: "отсутствует" may be marked."""

    roots: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Generation(Rule):
    """One generation of microdata names."""

    code: str
    title: str
    itemtypes: tuple[str, ...] = ()
    basis: Basis
    pages: Mapping[str, MarkupPage]

    def names(self) -> Iterator[tuple[str, str, str | None, bool]]:
        """(subsection's slug, name, group or None, may be absent) of every name."""
        for slug, page in self.pages.items():
            for name in page.roots:
                yield slug, name.rstrip("*"), None, name.endswith("*")
            for group, children in page.groups.items():
                for name in children:
                    yield slug, name.rstrip("*"), group, name.endswith("*")


def bare_name(name: str) -> str:
    """A microdata name by its letters alone, for recognising a misspelt one."""
    return "".join(char for char in name.lower() if char.isalnum())


class Microdata(Rule):
    """The file ``microdata.yaml``: all generations, the oldest first; ``service`` names stand on
    any page.
    """

    generations: tuple[Generation, ...]
    service: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Generation]:
        return {generation.code: generation for generation in self.generations}

    @cached_property
    def generations_of(self) -> Mapping[str, tuple[str, ...]]:
        """Name → codes of the generations that know it."""
        found: dict[str, list[str]] = {name: [] for name in self.service}
        for generation in self.generations:
            for name in [*(row[1] for row in generation.names()), *generation.itemtypes]:
                if generation.code not in found.setdefault(name, []):
                    found[name].append(generation.code)
        return {name: tuple(codes) for name, codes in found.items()}

    @cached_property
    def by_bare_name(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in self.generations_of:
            found[bare_name(name)] = (*found.get(bare_name(name), ()), name)
        return found

    @cached_property
    def groups_of(self) -> Mapping[str, frozenset[str]]:
        """Child name → the group names that it may stand in, over all generations."""
        found: dict[str, set[str]] = {}
        for generation in self.generations:
            for _, name, group, _ in generation.names():
                if group:
                    found.setdefault(name, set()).add(group)
        return {name: frozenset(groups) for name, groups in found.items()}

    @cached_property
    def groups(self) -> frozenset[str]:
        return frozenset(group for groups in self.groups_of.values() for group in groups)

    @cached_property
    def roots(self) -> frozenset[str]:
        """Names that in some generation need no group."""
        rows = (row for generation in self.generations for row in generation.names())
        return frozenset(name for _, name, group, _ in rows if group is None)


class Item(Rule):
    """One piece of information that must be there.

    ``markup`` names are alternatives, "group>name" a nested one; ``fresh`` is how many years
    back the newest year named in it may lie; ``starts`` and ``ends`` bound its time in force.
    """

    code: str
    name: str
    sign: Sign
    markup: tuple[str, ...] = ()
    types: tuple[SiteType, ...] = ALL_TYPES
    condition: str | None = None
    fresh: int | None = None
    starts: date | None = None
    ends: date | None = None
    basis: Basis

    def in_force(self, on: date) -> bool:
        return (self.starts or on) <= on <= (self.ends or on)


class Subsection(Rule):
    """``follow`` are names of links to pages that carry on the subsection; ``mixed``: its page
    tells of several kinds of people, told apart by the words of ``Sign.within``.
    """

    code: str
    slug: str
    title: str
    titles: tuple[str, ...] = ()
    other_slugs: tuple[str, ...] = ()
    follow: Patterns = Patterns()
    mixed: bool = False
    types: tuple[SiteType, ...] = ALL_TYPES
    items: tuple[Item, ...]

    @property
    def all_titles(self) -> tuple[str, ...]:
        return (self.title, *self.titles)


class DocumentRules(Rule):
    """``kinds``: the only kinds of files allowed (empty: any); the size in megabytes or None."""

    kinds: tuple[str, ...] = ()
    maximum_megabytes: int | None = None
    basis: Basis


class SpecialVersion(Rule):
    required: bool
    basis: Basis


class Section(Rule):
    path: str
    title: str


class Counts(Rule):
    """How an edition counts the site: I of N items.

    With ``items``: its checklist's item → our items, all of which must be found; without: every
    applicable item of the order counts.
    """

    edition: str
    checklist: str
    basis: Basis
    items: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Regime(Rule):
    """The whole of an order in force from ``valid_from`` to ``valid_to``.

    ``beside``: what is looked for on the site beside the order's section and never counted.

    ``digest`` is the SHA-256 of the texts that it was read from: a finding names it.
    """

    code: str
    title: str
    short: str
    valid_from: date
    valid_to: date | None = None
    acts: tuple[Act, ...]
    section: Section
    documents: DocumentRules
    visible_markup: Basis
    special_version: SpecialVersion
    subsections: tuple[Subsection, ...]
    beside: tuple[Subsection, ...] = ()
    counts: tuple[Counts, ...] = ()
    generations: tuple[str, ...]
    microdata: Microdata
    words: ValueWords
    site: SiteWords
    conditions: Mapping[str, str]
    digest: str

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for subsection in self.subsections for item in subsection.items)

    @property
    def judged(self) -> tuple[Subsection, ...]:
        """Everything that gets a verdict: the order's subsections and what stands beside."""
        return (*self.subsections, *self.beside)

    @cached_property
    def item_by_code(self) -> Mapping[str, Item]:
        """Items of the order and beside it."""
        return {item.code: item for sub in self.judged for item in sub.items}

    @cached_property
    def subsection_of(self) -> Mapping[str, Subsection]:
        """Item's code → its subsection, of the order or beside it."""
        return {item.code: sub for sub in self.judged for item in sub.items}

    @cached_property
    def act_by_id(self) -> Mapping[str, Act]:
        return {act.id: act for act in self.acts}

    @cached_property
    def groups_needed(self) -> Mapping[tuple[str | None, str], frozenset[str]]:
        """(slug, name) → groups that the name must stand in there; empty where it may be alone.

        Under None: on a page of any subsection.
        """
        found: dict[tuple[str | None, str], set[str | None]] = {}
        for code in self.generations:
            for slug, name, group, _ in self.microdata.by_code[code].names():
                for page in (slug, None):
                    found.setdefault((page, name), set()).add(group)
        return {
            key: frozenset() if None in groups else frozenset(g for g in groups if g)
            for key, groups in found.items()
        }

    @cached_property
    def alone(self) -> Mapping[str, frozenset[str]]:
        """Slug → nested names that have one group only on pages of that subsection."""
        groups: dict[tuple[str, str], set[str]] = {}
        for code in self.generations:
            for slug, name, group, _ in self.microdata.by_code[code].names():
                if group:
                    groups.setdefault((slug, name), set()).add(group)
        found: dict[str, set[str]] = {}
        for (slug, name), several in groups.items():
            if len(several) == 1:
                found.setdefault(slug, set()).add(name)
        return {slug: frozenset(names) for slug, names in found.items()}

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or on)

    def wording(self, basis: Basis) -> str:
        """The act and its point as people read it: «приказ № 1493, пункт 7.а»."""
        act = self.act_by_id[basis.act].short
        point = basis.point
        if point and point[0].isdigit():
            point = f"пункт {point}"
        return f"{act}, {point}" if point else act

    @model_validator(mode="after")
    def _hangs_together(self) -> Regime:
        for complaint in _complaints(self):
            raise ValueError(complaint)
        return self


def _complaints(regime: Regime) -> Iterator[str]:
    every = [item for sub in regime.judged for item in sub.items]
    codes = [item.code for item in every]
    if len(codes) != len(set(codes)):
        yield "код пункта повторяется: " + next(c for c in codes if codes.count(c) > 1)
    for code in regime.generations:
        if code not in regime.microdata.by_code:
            yield f"поколения микроданных «{code}» нет в microdata.yaml"
    for item in every:
        yield from _item_complaints(regime, item)
    for counts in regime.counts:
        for code in (code for group in counts.items.values() for code in group):
            if code not in regime.item_by_code:
                yield f"counts.{counts.edition}: пункта «{code}» нет"
    acts = set(regime.act_by_id)
    bases = [regime.documents.basis, regime.visible_markup, regime.special_version.basis]
    bases += [item.basis for item in every] + [counts.basis for counts in regime.counts]
    for basis in bases:
        if basis.act not in acts:
            yield f"акт «{basis.act}» не описан в acts"


def _item_complaints(regime: Regime, item: Item) -> Iterator[str]:
    if item.condition and item.condition not in regime.conditions:
        yield f"{item.code}: условия «{item.condition}» нет в conditions.yaml"
    for written in item.markup:
        group, _, name = written.rpartition(">")
        if name not in regime.microdata.generations_of:
            yield f"{item.code}: имени «{name}» нет в microdata.yaml"
        elif group and group not in regime.microdata.groups_of.get(name, ()):
            yield f"{item.code}: имя «{name}» не вкладывается в «{group}»"
