"""The organisations of the invented region: who they are, how large, and how good (latent)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from noko.demo import REGION_OF, SEED, names
from noko.demo.identifiers import REGION_CODE, inn, ogrn
from noko.demo.names import MUNICIPALITIES, Made, Place

PRESCHOOL, GENERAL = "preschool", "general"
SUPPLEMENTARY, VOCATIONAL = "supplementary", "vocational"

# Median of recipients and the limits, by type and by how large the settlement is.
_SIZES = {
    (PRESCHOOL, "city"): (190, 60, 350),
    (PRESCHOOL, "centre"): (105, 45, 260),
    (PRESCHOOL, "village"): (44, 28, 90),
    (GENERAL, "city"): (820, 280, 1500),
    (GENERAL, "centre"): (390, 120, 900),
    (GENERAL, "village"): (80, 30, 210),
    (SUPPLEMENTARY, "city"): (980, 260, 2500),
    (SUPPLEMENTARY, "centre"): (360, 100, 900),
    (VOCATIONAL, "city"): (620, 240, 1200),
    (VOCATIONAL, "centre"): (380, 180, 700),
}
_TINY = 4
_EXEMPLARY = {PRESCHOOL: 3, GENERAL: 2, SUPPLEMENTARY: 2, VOCATIONAL: 1}


@dataclass(frozen=True, slots=True)
class Invented:
    """One organisation. ``warmth`` moves its survey, ``upkeep`` what an inspection finds.

    Both are on the logit scale, with the municipality's share in them. ``exemplary`` ones have
    everything and please everybody: they tie at the top.
    """

    number: int
    type: str
    municipality: str
    full_name: str
    short_name: str
    inn: str
    ogrn: str
    kpp: str
    founder: str
    address: str
    site: str
    recipients: int
    warmth: float
    upkeep: float
    exemplary: bool = False
    has_site: bool = True
    historic: bool = False

    @property
    def id(self) -> str:
        """Its code in every data set, the same from year to year."""
        return f"o{self.number:03d}"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A name and a place before numbers are drawn."""

    type: str
    setting: str
    made: Made
    place: Place
    full: str
    short: str
    host: str


def build_region(seed: int = SEED) -> tuple[Invented, ...]:
    """All organisations in a fixed order; the same seed gives the same ones."""
    rng = np.random.default_rng([seed, 1])
    villages = iter([names.VILLAGES[i] for i in rng.permutation(len(names.VILLAGES))])
    drafts = [draft for made in MUNICIPALITIES for draft in _drafts(made, villages)]
    effects = rng.normal(0, 0.4, (len(MUNICIPALITIES), 2))
    shared = {made.slug: effect for made, effect in zip(MUNICIPALITIES, effects, strict=True)}
    own = rng.normal(0, 0.75, (len(drafts), 2))
    tiny = [n for n, d in enumerate(drafts) if (d.type, d.setting) == (PRESCHOOL, "village")]
    exemplary = set(_exemplary(drafts))
    school = next(n for n, d in enumerate(drafts) if (d.type, d.setting) == (GENERAL, "village"))
    return tuple(
        _organisation(
            number,
            draft,
            recipients=28 + tiny.index(number) % 3
            if number in tiny[:_TINY]
            else _recipients(rng, draft),
            latent=shared[draft.made.slug] + own[number],
            street=names.STREETS[int(rng.integers(len(names.STREETS)))],
            house=int(rng.integers(1, 60)),
            opened=int(rng.integers(2, 13)),
            exemplary=number in exemplary,
            has_site=number != school,
            historic=(draft.host, draft.made.slug) == ("gymnasia1", "zarechinsk"),
        )
        for number, draft in enumerate(drafts)
    )


def _exemplary(drafts: list[_Draft]) -> Iterator[int]:
    for kind, many in _EXEMPLARY.items():
        of_kind = [number for number, draft in enumerate(drafts) if draft.type == kind]
        yield from of_kind[2 :: len(of_kind) // 3][:many]


def _recipients(rng: np.random.Generator, draft: _Draft) -> int:
    median, least, most = _SIZES[draft.type, draft.setting]
    return int(np.clip(round(median * float(rng.lognormal(0, 0.45))), least, most))


def _organisation(
    number: int,
    draft: _Draft,
    *,
    recipients: int,
    latent: np.ndarray,
    street: str,
    house: int,
    opened: int,
    exemplary: bool,
    has_site: bool,
    historic: bool,
) -> Invented:
    return Invented(
        number=number + 1,
        type=draft.type,
        municipality=draft.made.name,
        full_name=draft.full,
        short_name=draft.short,
        inn=inn(number + 1),
        ogrn=ogrn(2000 + opened, number + 1),
        kpp=f"{REGION_CODE}0101001",
        founder=f"Министерство образования {REGION_OF}"
        if draft.type == VOCATIONAL
        else f"Администрация {draft.made.of}",
        address=f"{draft.place.short}, ул. {street}, д. {house}",
        site=f"https://{draft.host}-{draft.made.slug}.example" if has_site else "",
        recipients=recipients,
        warmth=float(latent[0]),
        upkeep=float(latent[1]) - (0.35 if draft.setting == "village" else 0.0),
        exemplary=exemplary,
        has_site=has_site,
        historic=historic,
    )


def _drafts(made: Made, villages: Iterator[Place]) -> Iterator[_Draft]:
    """The organisations of one municipality: most in its centre, one of each kind in a village."""
    setting = "city" if made.centre.sort == "г." and made.preschool > 5 else "centre"
    for number in range(made.preschool):
        away = setting == "centre" and number == made.preschool - 1
        place = next(villages) if away else made.centre
        yield _kindergarten(made, place, number, "village" if away else setting)
    for number in range(made.general):
        away = setting == "centre" and number > 0 and number >= made.general - 2
        place = next(villages) if away else made.centre
        yield _school(made, place, number, "village" if away else setting)
    for number in range(made.supplementary):
        yield _supplementary(made, number, setting)
    for number in range(made.vocational):
        yield _vocational(made, number, setting)


def _kindergarten(made: Made, place: Place, number: int, setting: str) -> _Draft:
    shift = sum(map(ord, made.slug))
    pet = names.KINDERGARTENS[(shift + number) % len(names.KINDERGARTENS)]
    name = f"детский сад № {number + 1} «{pet}» {{}}"
    if setting == "village":
        name = f"детский сад «{pet}» {{}}"
    return _Draft(
        PRESCHOOL,
        setting,
        made,
        place,
        "Муниципальное бюджетное дошкольное образовательное учреждение " + name.format(place.of),
        "МБДОУ " + name.format(place.of_short),
        f"ds{number + 1}",
    )


def _school(made: Made, place: Place, number: int, setting: str) -> _Draft:
    form, name, host = "бюджетное", f"«Средняя школа № {number + 1}» {{}}", f"school{number + 1}"
    if setting == "city" and number in (0, 1):
        form = "автономное"
        name = ("«Гимназия № 1» {}", "«Лицей № 2» {}")[number]
        host = ("gymnasia1", "licey2")[number]
    if setting == "village":
        sort = "Основная" if number == made.general - 1 else "Средняя"
        name = f"«{sort} школа» {{}}"
    return _Draft(
        GENERAL,
        setting,
        made,
        place,
        f"Муниципальное {form} общеобразовательное учреждение {name.format(place.of)}",
        f"М{form[0].upper()}ОУ {name.format(place.of_short)}",
        host,
    )


def _supplementary(made: Made, number: int, setting: str) -> _Draft:
    shift = 0 if setting == "city" else sum(map(ord, made.slug))
    title, host = names.SUPPLEMENTARY[(shift + number) % len(names.SUPPLEMENTARY)]
    return _Draft(
        SUPPLEMENTARY,
        setting,
        made,
        made.centre,
        "Муниципальное бюджетное учреждение дополнительного образования "
        f"«{title}» {made.centre.of}",
        f"МБУ ДО «{title}» {made.centre.of_short}",
        host,
    )


def _vocational(made: Made, number: int, setting: str) -> _Draft:
    shift = sum(map(ord, made.slug)) if setting == "centre" else 0
    title, host = names.VOCATIONAL[(shift + number) % len(names.VOCATIONAL)]
    name = f"«{made.adjective} {title}»"
    return _Draft(
        VOCATIONAL,
        setting,
        made,
        made.centre,
        "Областное государственное бюджетное профессиональное образовательное учреждение " + name,
        "ОГБПОУ " + name,
        host,
    )
