"""Institutions as bus.gov.ru describes them (``institutionInfo``) → rows of the registry.

The exchange gives texts by their places in the packet; here they become the same rows that a list
of people gives, with the same checks, and go through the same preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from noko.core.editions import Basis, Rule
from noko.core.refusal import Place, Problem
from noko.core.rule_files import broken_file, read_mapping
from noko.core.tables.identifiers import (
    Mended,
    mend_day,
    mend_email,
    mend_inn,
    mend_kpp,
    mend_ogrn,
    mend_site,
)
from noko.core.tables.matching import same_municipality
from noko.core.tables.names import typographic_key
from noko.core.tables.organisations import (
    LONGEST,
    OrganisationRow,
    OrganisationsTable,
    Rejected,
    repeated,
)
from noko.core.tables.text import lowered

BROKEN = "broken_busgov_rules"

GIVEN = frozenset(
    {
        "full_name",
        "short_name",
        "inn",
        "ogrn",
        "kpp",
        "founder",
        "address",
        "site",
        "phone",
        "email",
        "reg_number",
    }
)
"""Fields that a packet may change. Type, municipality and day of creation it only gives to new
organisations: there its words are a guess, and the registry knows better."""

SPELT = frozenset({"full_name", "short_name", "founder", "address"})
"""The site writes names in capitals: that alone changes nothing."""

SHOWN = 20


class KindRule(Rule):
    """A type of organisation and how it is recognised."""

    type: str
    words: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()


class KindRules(Rule):
    """``kinds`` are tried in their order; ``education``: beginnings of activities at all."""

    basis: Basis
    kinds: tuple[KindRule, ...]
    education: tuple[str, ...]

    def kind_of(self, texts: Iterable[str], activities: Sequence[str]) -> str:
        """The type by the first fitting words, else by the first fitting activity, else ""."""
        spelt = [lowered(text) for text in texts]
        for kind in self.kinds:
            if any(word in text for text in spelt for word in kind.words):
                return kind.type
        for activity in activities:
            for kind in self.kinds:
                if any(_begins(activity, code) for code in kind.activities):
                    return kind.type
        return ""

    def is_education(self, activities: Sequence[str]) -> bool:
        return any(_begins(activity, code) for activity in activities for code in self.education)


def parse_kinds(name: str, text: str) -> KindRules:
    """The rules of a YAML text. Refusal ``broken_busgov_rules``."""
    loaded = read_mapping(name, text, kind=BROKEN)
    try:
        return KindRules.model_validate(loaded)
    except ValidationError as error:
        message = "Правила распознавания типов не читаются."
        raise broken_file(message, name, error, kind=BROKEN) from None


def _begins(activity: str, code: str) -> bool:
    return activity == code or activity.startswith(f"{code}.")


@dataclass(slots=True)
class Institution:
    """One position of a packet: texts by their places (``initiator/inn`` …), several at each.

    ``older``: how many earlier versions of it were met.
    """

    file: str
    line: int
    number: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    older: int = 0

    def first(self, *places: str) -> str:
        """The first text that stands at one of the places, in their order; "" for none."""
        for place in places:
            for text in self.texts.get(place, ()):
                if text:
                    return text
        return ""

    def every(self, place: str) -> list[str]:
        return [text for text in self.texts.get(place, ()) if text]

    def own(self, what: str) -> str:
        """``fullName``, ``inn`` … of the institution: of the initiator, else of the placer.

        The placer may be another body that fills in the packet for it.
        """
        named = any(place.startswith("initiator/") for place in self.texts)
        return self.first(f"initiator/{what}" if named else f"placer/{what}")

    @property
    def branch(self) -> str:
        """The head office of a branch, "" for an institution of its own."""
        return self.first(
            "additional/branchInfo/headOffice/fullName", "additional/branchInfo/headOffice/regNum"
        )


ADDRESS = "main/complexAddress/address"
ADDRESS_PARTS = (
    ("zip", ""),
    ("subject/name", ""),
    ("region/name", ""),
    ("city/name", ""),
    ("locality/name", ""),
    ("street/name", ""),
    ("building", "д. "),
    ("office", "помещ. "),
)
PLACES = frozenset(
    {
        "changeDate",
        "versionNumber",
        *(f"{who}/{what}" for who in ("initiator", "placer")
          for what in ("regNum", "fullName", "inn", "kpp")),
        "main/shortName",
        "main/ogrn",
        "main/classifier/oktmo/name",
        "main/classifier/okved/code",
        "main/classifier/okved/type",
        *(f"{ADDRESS}/{part}" for part, _ in ADDRESS_PARTS),
        "additional/institutionType/name",
        "additional/ppo/name",
        "additional/ppo/oktmo/name",
        "additional/phone",
        "additional/www",
        "additional/eMail",
        "additional/okato/name",
        "additional/activity/okved/code",
        "additional/activity/okved/type",
        "additional/branchInfo/headOffice/fullName",
        "additional/branchInfo/headOffice/regNum",
        "other/founder/fullName",
        "other/ogrnData",
        "document/type",
    }
)  # fmt: skip
"""What is read of a position; everything else is passed over. Heads' names are not among it."""


def institution_rows(
    institutions: Iterable[Institution],
    rules: KindRules,
    *,
    municipalities: Sequence[str] = (),
    rejected: Iterable[Rejected] = (),
    ignored: Iterable[str] = (),
) -> OrganisationsTable:
    """Rows for the registry. Of several versions of an institution the newest stands.

    ``municipalities``: names of the registry, so that «городской округ Лугов» becomes «Город
    Лугов». Branches are rejected; institutions without activities of education are passed over.
    ``rejected`` and ``ignored``: what the reader of the files has put aside already.
    """
    reader = _Reader(rules, municipalities)
    for item in _newest(institutions):
        reader.read(item)
    reader.reject_repeated()
    aside = list(ignored)
    if reader.foreign:
        aside.append(_counted("Не образовательные организации", reader.foreign))
    if reader.older:
        aside.append(f"Прежние версии тех же сведений: {reader.older}")
    return OrganisationsTable(
        tuple(reader.rows),
        tuple(sorted([*rejected, *reader.rejected], key=lambda item: item.number)),
        GIVEN,
        tuple(aside),
        tuple(reader.warnings),
        SPELT,
    )


def _counted(title: str, names: Sequence[str]) -> str:
    shown = ", ".join(f"«{name}»" for name in names[:SHOWN])
    rest = f" и ещё {len(names) - SHOWN}" if len(names) > SHOWN else ""
    return f"{title} ({len(names)}): {shown}{rest}"


def _newest(institutions: Iterable[Institution]) -> list[Institution]:
    """One for each INN with KPP (else number of the register), the newest, in the file's order."""
    found: dict[tuple[str, str], Institution] = {}
    unnamed: list[Institution] = []
    for item in institutions:
        inn, kpp = item.own("inn"), item.own("kpp")
        key = (inn, kpp) if inn else (item.own("regNum"), "")
        if key == ("", ""):
            unnamed.append(item)
            continue
        before = found.get(key)
        if before is None:
            found[key] = item
        else:
            item_is_newer = _version(item) >= _version(before)
            newer = item if item_is_newer else before
            newer.older = item.older + before.older + 1
            found[key] = newer
    return sorted([*found.values(), *unnamed], key=lambda item: item.number)


def _version(item: Institution) -> tuple[str, int]:
    number = item.first("versionNumber")
    return item.first("changeDate"), int(number) if number.isdecimal() and len(number) < 12 else 0


class _Reader:
    """Reads one institution after another; what is wrong with one rejects that one alone."""

    def __init__(self, rules: KindRules, municipalities: Sequence[str]) -> None:
        self.rules = rules
        self.municipalities = municipalities
        self.rows: list[OrganisationRow] = []
        self.rejected: list[Rejected] = []
        self.warnings: list[Problem] = []
        self.places: dict[int, Institution] = {}
        self.foreign: list[str] = []
        self.older = 0

    def read(self, item: Institution) -> None:
        name = item.own("fullName")
        self.older += item.older
        activities = _activities(item)
        kind = self.rules.kind_of([item.first("additional/institutionType/name"), name], activities)
        if not kind and activities and not self.rules.is_education(activities):
            self.foreign.append(name or item.own("inn") or "без названия")
            return
        problems: list[Problem] = []
        row = self._row(item, name, kind, problems)
        if problems:
            self.rejected.append(Rejected(item.number, name, tuple(problems)))
            return
        self.rows.append(row)
        self.places[item.number] = item

    def reject_repeated(self) -> None:
        """A second institution with the same number, a branch that does not say so."""
        twins = repeated(self.rows)
        for row in self.rows:
            if row.number in twins:
                first = self.places[twins[row.number]]
                where = Place(file=first.file, row=first.line)
                message = f"эта организация уже есть: {where}."
                problem = _problem(self.places[row.number], message, "Оставлена первая.")
                self.rejected.append(Rejected(row.number, row.full_name, (problem,)))
        self.rows = [row for row in self.rows if row.number not in twins]

    def _row(
        self, item: Institution, name: str, kind: str, problems: list[Problem]
    ) -> OrganisationRow:
        if not typographic_key(name):
            problems.append(_problem(item, "нет названия (fullName).", "Проверьте выгрузку."))
        if item.branch:
            message = f"это филиал или представительство: {item.branch}."
            problems.append(_problem(item, message, "Оценивается головная организация."))
        if len(name) > LONGEST["full_name"]:
            message = f"название длиннее {LONGEST['full_name']} знаков."
            problems.append(_problem(item, message, "Сократите его в реестре вручную."))
        inn = self._number(item, mend_inn, item.own("inn"), problems)
        ogrn = self._number(item, mend_ogrn, item.first("main/ogrn"), problems)
        if not inn and not ogrn and not problems:
            message = "нет ни ИНН, ни ОГРН."
            problems.append(_problem(item, message, "Проверьте выгрузку."))
        return OrganisationRow(
            item.number,
            name,
            self._short(item, "short_name", item.first("main/shortName")),
            type=kind,
            municipality=self._municipality(item),
            inn=inn,
            ogrn=ogrn,
            kpp=self._soft(item, mend_kpp, item.own("kpp")),
            founder=self._short(item, "founder", "; ".join(item.every("other/founder/fullName"))),
            address=self._short(item, "address", _address(item)),
            site=self._soft(item, mend_site, item.first("additional/www")),
            phone=self._short(item, "phone", item.first("additional/phone")),
            email=self._soft(item, mend_email, item.first("additional/eMail")),
            reg_number=self._short(item, "reg_number", item.own("regNum")),
            opened_on=self._soft(item, mend_day, item.first("other/ogrnData")),
        )

    def _number(
        self,
        item: Institution,
        mend: Callable[[str], Mended],
        text: str,
        problems: list[Problem],
    ) -> str:
        mended = mend(text)
        if mended.error:
            problems.append(_problem(item, mended.error, "Проверьте номер по ЕГРЮЛ."))
        return mended.value

    def _soft(self, item: Institution, mend: Callable[[str], Mended], text: str) -> str:
        """A value that may be wrong without harm: it is left out and said."""
        mended = mend(text)
        if mended.error:
            message = f"{mended.error} Поле оставлено прежним."
            self.warnings.append(_problem(item, message, ""))
        return mended.value

    def _short(self, item: Institution, key: str, text: str) -> str:
        if len(text) <= LONGEST[key]:
            return text
        message = f"«{text[:40]}…» длиннее {LONGEST[key]} знаков. Лишнее отрезано."
        self.warnings.append(_problem(item, message, ""))
        return text[: LONGEST[key] - 1].rstrip() + "…"

    def _municipality(self, item: Institution) -> str:
        """A municipality of the registry that one of the packet's names means, else the name."""
        names = [
            item.first(place)
            for place in (
                "additional/ppo/name",
                "additional/ppo/oktmo/name",
                "main/classifier/oktmo/name",
                f"{ADDRESS}/region/name",
                f"{ADDRESS}/city/name",
                "additional/okato/name",
            )
        ]
        given = [name for name in names if name]
        for name in given:
            if known := _meant(name, self.municipalities):
                return known
        return self._short(item, "municipality", given[0]) if given else ""


def _meant(name: str, municipalities: Sequence[str]) -> str:
    """The one municipality that ``name`` means; "" when none or several."""
    key = typographic_key(name)
    for known in municipalities:
        if typographic_key(known) == key:
            return known
    alike = [known for known in municipalities if key and same_municipality(name, known)]
    return alike[0] if len(alike) == 1 else ""


def _activities(item: Institution) -> list[str]:
    """Codes of activities, the main ones (type C) first."""
    pairs: list[tuple[str, str]] = []
    for place in ("main/classifier/okved", "additional/activity/okved"):
        codes, types = item.every(f"{place}/code"), item.every(f"{place}/type")
        pairs += (
            zip(codes, types, strict=True)
            if len(codes) == len(types)
            else ((code, "") for code in codes)
        )
    return [code for code, kind in sorted(pairs, key=lambda pair: pair[1] != "C")]


def _address(item: Institution) -> str:
    """«392000, Тамбовская обл, Тамбов г, Советская ул, д. 1»; parts said twice stand once."""
    parts: list[str] = []
    for part, word in ADDRESS_PARTS:
        text = item.first(f"{ADDRESS}/{part}")
        if text and text not in parts:
            parts.append(f"{word}{text}")
    return ", ".join(parts)


def _problem(item: Institution, message: str, cure: str) -> Problem:
    return Problem(message, cure, Place(file=item.file, row=item.line))
