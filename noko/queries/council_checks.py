"""What is wrong with a council, or will be soon: said where its composition is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from noko.access.loading import grants_of
from noko.access.permissions import Permission
from noko.access.roles import BY_CODE
from noko.core.council_rules import CouncilRules
from noko.core.editions import Basis
from noko.models import Council, CouncilMember
from noko.queries.council import members_on
from noko.queries.council_rules import rules_of
from noko.templatetags.russian import long_date

SOON = timedelta(days=90)
"""A new council takes months to form: the end of the term is said so long before."""


@dataclass(frozen=True, slots=True)
class Check:
    """``state``: overdue (against the rules) or warning; ``basis``: the rule, if it is one."""

    code: str
    state: str
    text: str
    cure: str
    basis: Basis | None = None


def checks(council: Council, today: date) -> list[Check]:
    """Everything to be put right, the gravest first; empty when all is as it should be."""
    rules, members = rules_of(council), list(members_on(council, today))
    found = [
        *_term(council, rules, today),
        *_number(rules, members),
        *_positions(members),
        *_conflicts(rules, members, today),
        *_reachable(members, today),
        *_papers(council),
        *_pinned(council, rules),
    ]
    return sorted(found, key=lambda check: check.state != "overdue")


def _term(council: Council, rules: CouncilRules, today: date) -> Iterator[Check]:
    ends = council.ends_on
    if ends and ends < today:
        yield Check(
            "term_over",
            "overdue",
            f"Срок полномочий закончился {long_date(ends)}",
            "Внесите совет нового срока: у этого решений больше не принимают.",
        )
    elif ends and ends - today <= SOON:
        yield Check(
            "term_ends",
            "warning",
            f"Срок полномочий заканчивается {long_date(ends)}",
            "Пора формировать новый состав.",
        )
    allowed = rules.term_years
    if allowed and ends and ends >= _later(council.starts_on, allowed.value):
        yield Check(
            "term_long",
            "overdue",
            f"Срок полномочий дольше положенного: лет, не больше, – {allowed.value}.",
            "Проверьте даты по акту о формировании.",
            allowed.basis,
        )


def _number(rules: CouncilRules, members: Sequence[CouncilMember]) -> Iterator[Check]:
    if len(members) < rules.minimum.value:
        yield Check(
            "few_members",
            "overdue",
            f"Членов совета {len(members)}, нужно не меньше {rules.minimum.value}.",
            "Дополните состав.",
            rules.minimum.basis,
        )


def _positions(members: Sequence[CouncilMember]) -> Iterator[Check]:
    held = {member.position for member in members}
    if CouncilMember.Position.CHAIR not in held:
        yield Check(
            "no_chair",
            "warning",
            "У совета нет председателя.",
            "Совет избирает его на заседании; до этого заседание ведёт заместитель.",
        )
    if CouncilMember.Position.SECRETARY not in held:
        yield Check(
            "no_secretary",
            "warning",
            "У совета нет секретаря.",
            "Пока его нет, укажите в заседании, кто ведёт протокол.",
        )


def _conflicts(
    rules: CouncilRules, members: Sequence[CouncilMember], today: date
) -> Iterator[Check]:
    excluded = {side: item for item in rules.excluded for side in item.sides}
    for member in members:
        roles = [BY_CODE[grant.role] for grant in _grants(member, today)]
        against = next((role for role in roles if role.side in excluded), None)
        if against:
            rule = excluded[against.side]
            yield Check(
                "conflict",
                "overdue",
                f"{member}: роль «{against.title}». В совет не входят {rule.text}.",
                "Закройте роль или закончите полномочия члена совета.",
                rule.basis,
            )


def _reachable(members: Sequence[CouncilMember], today: date) -> Iterator[Check]:
    silent = [str(member) for member in members if not _may_vote(member, today)]
    if silent:
        yield Check(
            "no_login",
            "warning",
            f"Не могут голосовать сами: {', '.join(silent)}.",
            "Дайте им вход с ролью совета или отмечайте их голоса на заседании.",
        )
    lost = [str(m) for m in members if not m.email and not (m.person and m.person.email)]
    if lost:
        yield Check(
            "no_address",
            "warning",
            f"Нет адреса для приглашений: {', '.join(lost)}.",
            "Укажите электронную почту или приглашайте иначе.",
        )


def _papers(council: Council) -> Iterator[Check]:
    if not council.regulation_title:
        yield Check(
            "no_regulation",
            "warning",
            "Положение о совете не указано.",
            "Укажите его: кворум и порядок голосования определяет оно.",
        )


def _pinned(council: Council, rules: CouncilRules) -> Iterator[Check]:
    if council.rules_digest != rules.digest:
        yield Check(
            "rules_changed",
            "warning",
            "Набор правил изменился с тех пор, как совет внесён.",
            "Посмотрите на странице правил, по чему теперь решает совет.",
        )


def _grants(member: CouncilMember, today: date) -> list:
    return grants_of(member.person, today=today) if member.person else []


def _may_vote(member: CouncilMember, today: date) -> bool:
    roles = [BY_CODE[grant.role] for grant in _grants(member, today)]
    return any(Permission.COUNCIL_VOTE in role.permissions for role in roles)


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
