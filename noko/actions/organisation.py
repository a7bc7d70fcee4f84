"""The registry of organisations: a whole list or one card is written, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from django.db import models

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import entry, record, record_all
from noko.core.refusal import Refusal
from noko.core.tables.names import name_key
from noko.models import Municipality, Organisation, Person
from noko.models.organisation import OrganisationType, sort_key

FIELDS = (
    "full_name",
    "short_name",
    "type",
    "inn",
    "ogrn",
    "kpp",
    "founder",
    "address",
    "site",
    "phone",
    "email",
    "busgov_id",
    "reg_number",
    "enrolment",
    "status",
    "opened_on",
    "closed_on",
)
"""What a list says of an organisation, besides the name of its municipality."""

_MAY_BE_NULL = frozenset({"inn", "ogrn", "enrolment", "opened_on", "closed_on"})
_BATCH = 1000

Difference = tuple[Organisation, dict[str, Any], dict[str, Any]]
"""An organisation with what was and what became different."""


@dataclass(frozen=True, slots=True)
class Saved:
    added: int
    changed: int


def save_all(
    *,
    added: Sequence[Mapping[str, Any]] = (),
    changed: Mapping[int, Mapping[str, Any]] | None = None,
    by: Person | None,
    now: datetime,
) -> Saved:
    """Adds and changes organisations in one transaction.

    ``added``: values of ``FIELDS`` and ``municipality`` (its name; made when new); required are
    ``full_name``, ``type``, ``municipality``; ``short_name`` is the full one when absent.
    ``changed``: key of an organisation → the same, only what changes. ``by`` answers for it.

    Refusals: ``organisation_incomplete``, ``organisation_unknown_type``, ``organisation_gone``,
    ``organisation_repeated``, ``organisation_dates``.
    """
    changed = changed or {}
    _check(added)
    with refusing(REPEATED):
        municipalities = _municipalities([*added, *changed.values()])
        # Changes first: a new organisation may take the name that another one gives up.
        differences = _change(changed, municipalities)
        made = Organisation.objects.bulk_create(
            [_new(row, municipalities) for row in added], batch_size=_BATCH
        )
        record_all(
            [
                entry(
                    Deed.ORGANISATION_CHANGED, thing=thing, by=by, now=now, before=was, after=became
                )
                for thing, was, became in differences
            ]
            + [
                entry(Deed.ORGANISATION_ADDED, thing=thing, by=by, now=now, after=facts_of(thing))
                for thing in made
            ]
        )
    return Saved(len(added), len(changed))


def add(*, values: Mapping[str, Any], by: Person | None, now: datetime) -> Organisation:
    """One organisation by hand. ``values`` and refusals as of :func:`save_all`."""
    _check([values])
    with refusing(REPEATED):
        made = _new(values, _municipalities([values]))
        made.save()
        record(Deed.ORGANISATION_ADDED, thing=made, by=by, now=now, after=facts_of(made))
    return made


def change(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    seen: str,
    by: Person | None,
    now: datetime,
) -> Organisation:
    """Changes one card. ``seen``: the :func:`state` that the person was shown.

    Refusals: ``organisation_changed`` (somebody was faster), ``organisation_gone``,
    ``organisation_repeated``, ``organisation_dates``.
    """
    with refusing(REPEATED):
        held = _held(organisation.pk)
        if state(held) != seen:
            raise Refusal(
                "Пока вы решали, сведения об организации изменил кто-то другой."
                " Ничего не сохранено.",
                kind="organisation_changed",
                cure="Проверьте, что изменится, ещё раз.",
            )
        municipalities = _municipalities([values])
        _, before, after = _apply(held, values, municipalities)
        if before or after:
            held.save()
            record(
                Deed.ORGANISATION_CHANGED, thing=held, by=by, now=now, before=before, after=after
            )
    return held


def state(organisation: Organisation) -> str:
    """What stands on the card now, as a short digest: to notice that somebody has changed it."""
    text = repr(sorted((name, str(value)) for name, value in facts_of(organisation).items()))
    return sha256(f"{organisation.merged_into_id} {text}".encode()).hexdigest()[:16]


def _held(key: int) -> Organisation:
    """The organisation, locked until the end of the transaction."""
    locked = Organisation.objects.select_for_update(of=("self",)).select_related("municipality")
    found = locked.filter(pk=key).first()
    if found is None:
        raise Refusal(
            "Этой организации больше нет в реестре. Ничего не сохранено.",
            kind="organisation_gone",
            cure="Обновите страницу: возможно, запись объединили с другой.",
        )
    return found


def _repeated(what: str) -> Refusal:
    return Refusal(
        f"{what} Ничего не сохранено.",
        kind="organisation_repeated",
        cure="Проверьте, не та же ли это организация: её можно найти в реестре.",
    )


REPEATED = {
    "organisation_once_in_municipality": _repeated(
        "Организация с таким названием в этом муниципалитете уже есть."
    ),
    "organisation_inn_once": _repeated("Организация с таким ИНН уже есть."),
    "organisation_ogrn_once": _repeated("Организация с таким ОГРН уже есть."),
    "organisation_closed_after_opened": Refusal(
        "Дата прекращения раньше даты создания. Ничего не сохранено.",
        kind="organisation_dates",
        cure="Исправьте даты.",
    ),
}


def _check(rows: Iterable[Mapping[str, Any]]) -> None:
    for number, row in enumerate(rows, start=1):
        name = row.get("full_name") or f"организация {number} по порядку"
        missing = [key for key in ("full_name", "type", "municipality") if not row.get(key)]
        if missing:
            raise Refusal(
                f"«{name}»: не заполнено {', '.join(_TITLES[key] for key in missing)}."
                " Ничего не сохранено.",
                kind="organisation_incomplete",
                cure="Дополните строку и загрузите список снова.",
            )
        if row["type"] not in OrganisationType.values:
            raise Refusal(
                f"«{name}»: тип «{row['type']}» не известен. Ничего не сохранено.",
                kind="organisation_unknown_type",
                cure=f"Известны: {', '.join(OrganisationType.values)}.",
            )


_TITLES = {"full_name": "название", "type": "тип", "municipality": "муниципалитет"}


def _municipalities(rows: Iterable[Mapping[str, Any]]) -> dict[str, Municipality]:
    """Municipalities by name; those that are not there yet are made."""
    names = list(dict.fromkeys(row["municipality"] for row in rows if row.get("municipality")))
    found = {item.name: item for item in Municipality.objects.filter(name__in=names)}
    taken = set(Municipality.objects.values_list("slug", flat=True))
    for name in names:
        if name not in found:
            slug = _free(slugified(name), taken)
            taken.add(slug)
            found[name] = Municipality.objects.create(name=name, slug=slug)
    return found


def _new(row: Mapping[str, Any], municipalities: Mapping[str, Municipality]) -> Organisation:
    organisation = Organisation(
        municipality=municipalities[row["municipality"]],
        **{field: _cell(field, row[field]) for field in FIELDS if row.get(field) is not None},
    )
    organisation.short_name = organisation.short_name or organisation.full_name[:300]
    derive(organisation)
    return organisation


def _cell(field: str, value: Any) -> Any:
    """What the column holds: nothing as null or an empty text, a day written as text as a day."""
    if value in ("", None):
        return None if field in _MAY_BE_NULL else ""
    column = cast("models.Field[Any, Any]", Organisation._meta.get_field(field))
    return column.to_python(value)


def derive(organisation: Organisation) -> None:
    """What is computed from what people wrote; empty identifiers are absent, not equal."""
    organisation.name_key = name_key(organisation.full_name)
    organisation.sort_key = sort_key(organisation.short_name)
    organisation.inn = organisation.inn or None
    organisation.ogrn = organisation.ogrn or None


def _change(
    changed: Mapping[int, Mapping[str, Any]], municipalities: Mapping[str, Municipality]
) -> list[Difference]:
    """Writes the changes; what was different before, for the journal."""
    locked = Organisation.objects.select_for_update(of=("self",)).select_related("municipality")
    kept = locked.in_bulk(changed)
    if len(kept) < len(changed):
        raise Refusal(
            "Одной из организаций больше нет в реестре. Ничего не сохранено.",
            kind="organisation_gone",
            cure="Загрузите список заново.",
        )
    differences = [_apply(kept[key], row, municipalities) for key, row in changed.items()]
    written = [*FIELDS, "municipality", "name_key", "sort_key"]
    Organisation.objects.bulk_update(kept.values(), written, batch_size=_BATCH)
    return [item for item in differences if item[1]]


def _apply(
    organisation: Organisation,
    row: Mapping[str, Any],
    municipalities: Mapping[str, Municipality],
) -> Difference:
    was = facts_of(organisation)
    for field in FIELDS:
        if field in row:
            setattr(organisation, field, _cell(field, row[field]))
    if row.get("municipality"):
        organisation.municipality = municipalities[row["municipality"]]
    derive(organisation)
    became = facts_of(organisation)
    names = [name for name in was.keys() | became.keys() if was.get(name) != became.get(name)]
    return (
        organisation,
        {name: was.get(name, "") for name in sorted(names)},
        {name: became.get(name, "") for name in sorted(names)},
    )


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """What is filled, under the names that people read."""
    meta = Organisation._meta
    facts: dict[str, Any] = {
        str(getattr(meta.get_field(name), "verbose_name", name)): getattr(organisation, name)
        for name in FIELDS
    }
    facts["муниципалитет"] = organisation.municipality.name
    facts["тип"] = organisation.get_type_display()
    facts["состояние"] = organisation.get_status_display()
    return {name: value for name, value in facts.items() if value not in ("", None)}


_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a|b|v|g|d|e|e|zh|z|i|y|k|l|m|n|o|p|r|s|t|u|f|kh|ts|ch|sh|shch||y||e|yu|ya".split("|"),  # noqa: SIM905
        strict=True,
    )
)


def slugified(name: str) -> str:
    """Latin letters for an address: «Тамбов (город)» → "tambov-gorod"."""
    spelt = "".join(_LATIN.get(letter, letter) for letter in name.casefold())
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in spelt)
    return "-".join(words.split())[:70].strip("-") or "m"


def _free(slug: str, taken: set[str]) -> str:
    number, free = 2, slug
    while free in taken:
        number, free = number + 1, f"{slug}-{number}"
    return free
