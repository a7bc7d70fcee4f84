"""The public council: forming it, its regulation, its members; :func:`put_on_agenda` for others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from noko.access.loading import grants_of
from noko.access.roles import BY_CODE
from noko.actions.agenda import put_on_agenda
from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.council_rules import Chosen
from noko.core.refusal import Refusal
from noko.models import Council, CouncilMember, Municipality, Person
from noko.queries.council_rules import get_rules, rules_of

__all__ = [
    "add_member",
    "appoint",
    "change",
    "change_member",
    "end_membership",
    "form",
    "put_on_agenda",
]

FIELDS = (
    "name",
    "short_name",
    "act_body",
    "act_title",
    "act_number",
    "act_on",
    "regulation_title",
    "regulation_number",
    "regulation_on",
    "starts_on",
    "ends_on",
)
"""What may be corrected of a council; the rule set is pinned for the whole term."""


def form(
    *,
    rules: str,
    name: str,
    short_name: str,
    act_body: str,
    act_title: str,
    act_on: date,
    starts_on: date,
    ends_on: date | None = None,
    act_number: str = "",
    regulation_title: str = "",
    regulation_number: str = "",
    regulation_on: date | None = None,
    choices: Mapping[str, Chosen] | None = None,
    municipality: Municipality | None = None,
    invented: bool = False,
    by: Person | None,
    now: datetime,
) -> Council:
    """A council for one term, by the act that forms it; members are added after.

    Without ``ends_on`` the term is what the rule set says, when it says it.

    Refusals: ``unknown_council_rules``, ``empty_name``, ``bad_term``, and those of
    :meth:`CouncilRules.check <noko.core.council_rules.CouncilRules.check>`.
    """
    held = get_rules(rules)
    held.check(choices or {})
    _check_names(name, short_name, act_body, act_title)
    if ends_on is None and held.term_years:
        ends_on = _years_later(starts_on, held.term_years.value)
    with refusing(_taken()):
        council = Council.objects.create(
            rules=held.code,
            rules_digest=held.digest,
            choices=dict(choices or {}),
            name=" ".join(name.split()),
            short_name=" ".join(short_name.split()),
            municipality=municipality,
            act_body=act_body.strip(),
            act_title=act_title.strip(),
            act_number=act_number.strip(),
            act_on=act_on,
            regulation_title=regulation_title.strip(),
            regulation_number=regulation_number.strip(),
            regulation_on=regulation_on,
            starts_on=starts_on,
            ends_on=ends_on,
            invented=invented,
            created_at=now,
        )
        record(Deed.COUNCIL_FORMED, thing=council, by=by, now=now, after=_shown(council))
    return council


def change(
    *,
    council: Council,
    choices: Mapping[str, Chosen] | None = None,
    by: Person | None,
    now: datetime,
    **fields: Any,
) -> Council:
    """Corrects the particulars (:data:`FIELDS`) and what the regulation chooses.

    Votes already opened keep the rule they were opened under. Refusals as of :func:`form`.
    """
    if unknown := fields.keys() - set(FIELDS):
        raise TypeError(f"not a particular of a council: {unknown}")
    if choices is not None:
        rules_of(council).check(choices)
    with refusing(_taken()):
        held = Council.objects.select_for_update(no_key=True).get(pk=council.pk)
        before = _shown(held)
        for name, value in fields.items():
            setattr(held, name, value.strip() if isinstance(value, str) else value)
        if choices is not None:
            held.choices = dict(choices)
        _check_names(held.name, held.short_name, held.act_body, held.act_title)
        after = _shown(held)
        changed = [name for name in after if before[name] != after[name]]
        if changed:
            held.save()
            record(
                Deed.COUNCIL_CHANGED,
                thing=held,
                by=by,
                now=now,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
    return held


def add_member(
    *,
    council: Council,
    full_name: str,
    association: str,
    position: str,
    starts_on: date,
    person: Person | None = None,
    email: str = "",
    by: Person | None,
    now: datetime,
) -> CouncilMember:
    """Somebody joins the council.

    Refusals: ``empty_name``, ``empty_association``, ``conflict_of_interest`` (the person holds a
    role of a side that the rules exclude), ``outside_of_term``, ``chair_taken``,
    ``secretary_taken``, ``member_twice``.
    """
    full_name, association = " ".join(full_name.split()), " ".join(association.split())
    _check_member(council, full_name, association, starts_on)
    if person:
        _check_sides(council, person)
    with refusing(_taken()):
        member = CouncilMember.objects.create(
            council=council,
            full_name=full_name,
            association=association,
            position=CouncilMember.Position(position),
            starts_on=starts_on,
            person=person,
            email=email.strip(),
        )
        record(
            Deed.COUNCIL_MEMBER_ADDED,
            thing=council,
            by=by,
            now=now,
            after={**_member(member), "с": starts_on},
        )
    return member


def change_member(
    *,
    member: CouncilMember,
    full_name: str,
    association: str,
    email: str,
    person: Person | None,
    by: Person | None,
    now: datetime,
) -> CouncilMember:
    """Corrects the particulars of a member. Refusals as of :func:`add_member`."""
    full_name, association = " ".join(full_name.split()), " ".join(association.split())
    _check_member(member.council, full_name, association, member.starts_on)
    if person:
        _check_sides(member.council, person)
    with refusing(_taken()):
        held = CouncilMember.objects.select_for_update(no_key=True).get(pk=member.pk)
        before = _member(held)
        held.full_name, held.association, held.email = full_name, association, email.strip()
        held.person = person
        held.save()
        after = _member(held)
        if before != after:
            record(
                Deed.COUNCIL_MEMBER_CHANGED,
                thing=held.council,
                by=by,
                now=now,
                before=before,
                after=after,
            )
    return held


def appoint(
    *, member: CouncilMember, position: str, on: date, by: Person | None, now: datetime
) -> CouncilMember:
    """The member takes another position from ``on``: the time in the old one ends the day before.

    Refusals: ``same_position``, ``chair_taken``, ``secretary_taken``, ``outside_of_term``.
    """
    wanted = CouncilMember.Position(position)
    if member.position == wanted:
        raise Refusal("Это положение у члена совета уже есть.", kind="same_position")
    with refusing(_taken()):
        if on <= member.starts_on:
            CouncilMember.objects.filter(pk=member.pk).update(position=wanted)
            moved = CouncilMember.objects.get(pk=member.pk)
        else:
            _end(member, on - timedelta(days=1), f"теперь {wanted.label}")
            moved = CouncilMember.objects.create(
                council=member.council,
                full_name=member.full_name,
                association=member.association,
                position=wanted,
                person=member.person,
                email=member.email,
                starts_on=on,
            )
        record(
            Deed.COUNCIL_MEMBER_CHANGED,
            thing=member.council,
            by=by,
            now=now,
            before=_member(member),
            after={**_member(moved), "с": on},
        )
    return moved


def end_membership(
    *, member: CouncilMember, on: date, reason: str, by: Person | None, now: datetime
) -> CouncilMember:
    """The member leaves; ``on`` is the last day. Refusals: ``reason_required``, ``left_already``,
    ``bad_term``."""
    reason = reason.strip()
    if not reason:
        raise Refusal(
            "Не сказано, почему человек выбывает.",
            kind="reason_required",
            cure="Например: по собственному желанию, решение от 3 марта.",
        )
    with refusing(_taken()):
        _end(member, on, reason)
        record(
            Deed.COUNCIL_MEMBER_LEFT,
            thing=member.council,
            by=by,
            now=now,
            reason=reason,
            before=_member(member),
            after={"член совета": member.full_name, "по": on},
        )
    member.refresh_from_db()
    return member


def _end(member: CouncilMember, on: date, reason: str) -> None:
    left = CouncilMember.objects.filter(pk=member.pk, ends_on__isnull=True)
    if not left.update(ends_on=on, ended_because=reason):
        raise Refusal(
            f"{member.full_name} уже не в составе совета.",
            kind="left_already",
            cure="Обновите страницу.",
        )


def _check_names(*names: str) -> None:
    if not all(name.strip() for name in names):
        raise Refusal(
            "Названия совета и акта о его формировании обязательны.",
            kind="empty_name",
            cure="Напишите их, как в документе.",
        )


def _check_member(council: Council, full_name: str, association: str, starts_on: date) -> None:
    if not full_name:
        raise Refusal("Не указано имя.", kind="empty_name", cure="Напишите фамилию, имя, отчество.")
    if not association:
        raise Refusal(
            "Не сказано, кого представляет член совета.",
            kind="empty_association",
            cure="Напишите название общественного объединения.",
        )
    late = council.ends_on is not None and starts_on > council.ends_on
    if late or starts_on < council.starts_on:
        raise Refusal(
            "В этот день у совета нет полномочий.",
            kind="outside_of_term",
            cure="Проверьте дату или сначала внесите совет нового срока.",
        )


def _check_sides(council: Council, person: Person) -> None:
    excluded = rules_of(council).excluded_sides()
    held = [BY_CODE[grant.role] for grant in grants_of(person)]
    against = [role.title for role in held if role.side in excluded]
    if against:
        raise Refusal(
            f"{person} не может быть членом совета: роль «{against[0]}».",
            kind="conflict_of_interest",
            cure="В совет не входят должностные лица, работники оцениваемых организаций и "
            "оператора. Выберите другого человека.",
        )


def _shown(council: Council) -> dict[str, Any]:
    names = {name: str(council._meta.get_field(name).verbose_name) for name in FIELDS}  # type: ignore[union-attr]
    shown: dict[str, Any] = {title: getattr(council, name) for name, title in names.items()}
    shown["набор правил"] = council.rules
    shown["выбор положения"] = {
        part.title: f"{dict(part.options)[part.choice]} ({part.point})"
        for part in rules_of(council).parts(council.choices)
        if part.point
    }
    return shown


def _member(member: CouncilMember) -> dict[str, Any]:
    return {
        "член совета": member.full_name,
        "кого представляет": member.association,
        "положение": CouncilMember.Position(member.position).label,
        "пользователь": str(member.person) if member.person else "",
        "адрес": member.email,
    }


def _years_later(day: date, years: int) -> date:
    """The last day of a term of so many years."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)


def _taken() -> dict[str, Refusal]:
    return {
        "council_one_chair_at_a_time": Refusal(
            "В эти дни у совета уже есть председатель.",
            kind="chair_taken",
            cure="Сначала закончите его полномочия или выберите другое положение.",
        ),
        "council_one_secretary_at_a_time": Refusal(
            "В эти дни у совета уже есть секретарь.",
            kind="secretary_taken",
            cure="Сначала закончите его полномочия или выберите другое положение.",
        ),
        "council_person_once_at_a_time": Refusal(
            "Этот пользователь уже в составе совета.",
            kind="member_twice",
            cure="Найдите его в составе: там можно изменить положение.",
        ),
        "council_ends_after_start": Refusal(
            "Полномочия заканчиваются раньше, чем начинаются.",
            kind="bad_term",
            cure="Исправьте даты.",
        ),
        "council_member_ends_after_start": Refusal(
            "Дата выбытия раньше, чем человек вошёл в состав.",
            kind="bad_term",
            cure="Исправьте дату.",
        ),
    }
