"""The operator's contract: signed by an adopted specification, with its list of requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from noko.actions.clause import locked
from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.tables.identifiers import inn_is_valid
from noko.models import AcceptanceItem, Contract, Person, Specification
from noko.queries.edition import get_edition
from noko.queries.specification_template import get_template

PURCHASE_CODE_DIGITS = 36
"""Of an ИКЗ: 2 + 20 + 4 + 3 + 4 + 3, приказ Минфина России от 10.04.2019 № 55н as it is retold
(spectender.ru, "Что такое идентификационный код закупки"); the order itself is not compared."""
LARGEST_PRICE = Decimal(10) ** 12
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract says; ``purchase_code`` (ИКЗ) may be empty."""

    number: str
    signed_on: date
    operator_name: str
    operator_inn: str
    price: Decimal
    starts_on: date
    ends_on: date
    data_due_on: date
    purchase_code: str = ""


def sign(
    *,
    specification: Specification,
    terms: Terms,
    types: Sequence[str] = (),
    by: Person | None,
    now: datetime,
) -> Contract:
    """Enters a signed contract; its requirements are those of the specification's annex.

    ``types``: types of organisations that the contract is about; all when empty.

    Refusals: ``specification_not_adopted``, ``bad_contract_number``, ``no_operator``,
    ``bad_inn``, ``bad_price``, ``bad_purchase_code``, ``bad_contract_terms``,
    ``contract_repeated``, ``organisations_contracted``, ``no_organisations``.
    """
    terms = checked(terms, now)
    with refusing({"contract_once": _repeated(terms)}):
        held = locked(specification)
        if not held.adopted:
            raise Refusal(
                "Контракт заключают по утверждённому техническому заданию.",
                kind="specification_not_adopted",
                cure="Дождитесь решения общественного совета.",
            )
        rows = _rows(held, types)
        made = Contract.objects.create(
            specification=held,
            **asdict(terms),
            formats=[[item.code, item.title] for item in get_template(held.template).formats],
            clauses=_clauses(held),
            created_at=now,
            created_by=by,
        )
        AcceptanceItem.objects.bulk_create(_items(made, rows), batch_size=_BATCH)
        after = {**_shown(made), "организаций": len(rows)}
        record(Deed.CONTRACT_SIGNED, thing=made, by=by, now=now, cycle=held.cycle, after=after)
    return made


def amend(
    *, contract: Contract, terms: Terms, reason: str, by: Person | None, now: datetime
) -> Contract:
    """Other terms of the contract, by an additional agreement or because of a slip.

    Refusals: ``reason_required``, ``nothing_amended`` and those of :func:`sign` about terms.
    """
    terms = checked(terms, now)
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему изменены сведения контракта.",
            kind="reason_required",
            cure="Назовите дополнительное соглашение или ошибку, которую исправляете.",
        )
    with refusing({"contract_once": _repeated(terms)}):
        held = Contract.objects.select_for_update().get(pk=contract.pk)
        before = _shown(held)
        for name, value in asdict(terms).items():
            setattr(held, name, value)
        after = _shown(held)
        names = [name for name in after if before[name] != after[name]]
        if not names:
            raise Refusal(
                "Сведения не изменены.", kind="nothing_amended", cure="Исправьте то, что нужно."
            )
        held.save(update_fields=list(asdict(terms)))
        record(
            Deed.CONTRACT_CHANGED,
            thing=held,
            by=by,
            now=now,
            cycle=held.specification.cycle,
            reason=reason,
            before={name: before[name] for name in names},
            after={name: after[name] for name in names},
        )
    return held


def checked(terms: Terms, now: datetime) -> Terms:
    """The terms without stray blanks, lawful; refusals as of :func:`sign`."""
    number = " ".join(terms.number.split())
    operator = " ".join(terms.operator_name.split())
    inn = re.sub(r"\s", "", terms.operator_inn)
    code = re.sub(r"\s", "", terms.purchase_code)
    for problem in _problems(number, operator, inn, code, terms, now):
        raise problem
    values = {
        **asdict(terms),
        "number": number,
        "operator_name": operator,
        "operator_inn": inn,
        "purchase_code": code,
    }
    return Terms(**values)


def _problems(
    number: str, operator: str, inn: str, code: str, terms: Terms, now: datetime
) -> Iterable[Refusal]:
    if not number:
        yield Refusal(
            "Не указан номер контракта.",
            kind="bad_contract_number",
            cure="Если номера нет, напишите «б/н».",
        )
    if not operator:
        yield Refusal("Не указан оператор.", kind="no_operator", cure="Напишите его наименование.")
    if not inn_is_valid(inn):
        yield Refusal(
            f"ИНН «{inn}» неверный: не сходятся контрольные цифры или их не 10 и не 12.",
            kind="bad_inn",
            cure="Сверьте ИНН с контрактом.",
        )
    if not 0 <= terms.price < LARGEST_PRICE or terms.price != round(terms.price, 2):
        yield Refusal(
            "Цена не читается как сумма в рублях.",
            kind="bad_price",
            cure="Напишите рубли и, если нужно, копейки, например: 1250000,50.",
        )
    if code and (len(code) != PURCHASE_CODE_DIGITS or not code.isascii() or not code.isdigit()):
        yield Refusal(
            f"В ИКЗ ожидается {PURCHASE_CODE_DIGITS} цифр.",
            kind="bad_purchase_code",
            cure="Сверьте код или оставьте поле пустым.",
        )
    yield from _date_problems(terms, now)


def _date_problems(terms: Terms, now: datetime) -> Iterable[Refusal]:
    said = ""
    if terms.signed_on > timezone.localdate(now):
        said = "Контракт датирован будущим днём."
    elif terms.ends_on < terms.starts_on:
        said = "Контракт кончается раньше, чем начинается."
    elif not terms.starts_on <= terms.data_due_on <= terms.ends_on:
        said = "Срок передачи данных лежит вне срока контракта."
    if said:
        yield Refusal(said, kind="bad_contract_terms", cure="Исправьте даты.")


def _repeated(terms: Terms) -> Refusal:
    return Refusal(
        f"Контракт № {terms.number} этого оператора от {terms.signed_on:%d.%m.%Y} уже внесён.",
        kind="contract_repeated",
        cure="Откройте его на странице технических заданий.",
    )


def _rows(specification: Specification, types: Sequence[str]) -> list[Mapping[str, Any]]:
    """Lines of the annex that the contract is about; none of them is in another contract."""
    rows = [row for row in specification.annex if not types or row["type"] in types]
    if not rows:
        raise Refusal(
            "В контракте не было бы ни одной организации.",
            kind="no_organisations",
            cure="Отметьте типы организаций, которые есть в перечне.",
        )
    keys = [row["organisation"] for row in rows]
    taken = AcceptanceItem.objects.filter(
        contract__specification__cycle=specification.cycle, organisation__in=keys
    ).select_related("contract")
    first = taken.first()
    if first:
        raise Refusal(
            f"Эти организации уже есть в другом контракте: {first.contract}.",
            kind="organisations_contracted",
            cure="Отметьте другие типы организаций.",
        )
    return rows


def _items(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> list[AcceptanceItem]:
    edition = get_edition(contract.specification.cycle.edition)
    indicators = [indicator.code for indicator in edition.indicators]
    return [
        AcceptanceItem(
            contract=contract,
            organisation_id=row["organisation"],
            order=order,
            name=row["name"],
            municipality=row["municipality"],
            type=row["type"],
            questionnaires=row["size"],
            indicators=indicators,
        )
        for order, row in enumerate(rows, start=1)
    ]


def _clauses(specification: Specification) -> dict[str, list[str]]:
    """Check → numbers of the clauses that ask for it."""
    found: dict[str, list[str]] = {}
    for clause in specification.clauses.filter(excluded=False):
        for check in clause.checks:
            found.setdefault(check, []).append(clause.number)
    return found


def _shown(contract: Contract) -> dict[str, Any]:
    meta = Contract._meta
    return {
        str(meta.get_field(name).verbose_name): getattr(contract, name)  # type: ignore[union-attr]
        for name in Terms.__dataclass_fields__
    }
