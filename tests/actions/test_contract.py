"""The operator's contract and its requirements."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from noko.actions import contract as contracts
from noko.core.refusal import Refusal
from noko.models import Contract, JournalEntry
from noko.queries.contract import demand_of
from noko.queries.edition import get_edition
from noko.queries.facts import facts
from tests.racing import at_once
from tests.small_cycle import EDITION, make_cycle, make_organisations
from tests.small_specification import CONTRACT, NOW, make_adopted, make_considered, make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def cycle(db):
    make_organisations()
    return make_cycle("2027", year=2027)


def kind_of(deed, **values):
    with pytest.raises(Refusal) as refusal:
        deed(**values, by=None, now=NOW)
    return refusal.value.kind


def test_contract_keeps_what_is_asked_for_each_organisation(cycle):
    contract = make_contract(cycle)
    codes = [indicator.code for indicator in get_edition(EDITION).indicators]
    assert [(i.name, i.questionnaires, i.inspection) for i in contract.items.all()] == [
        ("Детский сад № 2", 40, True),
        ("Детский сад «Берёзка»", 40, True),
        ("Школа № 1", 40, True),
    ]
    assert contract.items.first().indicators == codes
    assert [code for code, _ in contract.formats] == ["answers", "inspection", "marks", "report"]
    assert contract.clauses["questionnaires"] == ["5.1", "11.1"]
    assert [(f.title, f.on) for f in facts(cycle, "contract_signed")] == [
        ("Контракт № 14/2027 от 20.11.2026, ООО «Центр опросов»", date(2026, 11, 20))
    ]
    demand = demand_of(contract)
    assert (demand.edition_digest, demand.due_on) == (cycle.edition_digest, CONTRACT.data_due_on)
    assert [item.questionnaires for item in demand.organisations] == [40, 40, 40]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"number": " "}, "bad_contract_number"),
        ({"operator_name": ""}, "no_operator"),
        ({"operator_inn": "7707083890"}, "bad_inn"),
        ({"operator_inn": "١٢٣٤٥٦٧٨٩٠"}, "bad_inn"),
        ({"price": Decimal("-1")}, "bad_price"),
        ({"price": Decimal("0.001")}, "bad_price"),
        ({"price": Decimal(10) ** 12}, "bad_price"),
        ({"purchase_code": "123"}, "bad_purchase_code"),
        ({"purchase_code": "x" * 36}, "bad_purchase_code"),
        ({"signed_on": date(2026, 11, 24)}, "bad_contract_terms"),
        ({"ends_on": date(2026, 11, 19)}, "bad_contract_terms"),
        ({"data_due_on": date(2028, 1, 1)}, "bad_contract_terms"),
    ],
)
def test_contract_with_wrong_values_is_refused(cycle, change, kind):
    adopted = make_adopted(cycle)
    terms = replace(CONTRACT, **change)
    assert kind_of(contracts.sign, specification=adopted, terms=terms) == kind
    assert Contract.objects.count() == 0


def test_contract_values_are_tidied(cycle):
    terms = replace(
        CONTRACT, operator_inn="77 0708 3893", purchase_code="12 " * 18, number=" 1  2 "
    )
    made = contracts.sign(specification=make_adopted(cycle), terms=terms, by=None, now=NOW)
    assert (made.operator_inn, made.purchase_code, made.number) == ("7707083893", "12" * 18, "1 2")


def test_contract_asks_for_an_adopted_specification(cycle):
    considered = make_considered(cycle)
    kind = kind_of(contracts.sign, specification=considered, terms=CONTRACT)
    assert kind == "specification_not_adopted"


def test_contract_about_some_types_leaves_room_for_another(cycle):
    first = make_contract(cycle, types=["general"])
    assert [item.name for item in first.items.all()] == ["Школа № 1"]
    sign = {"specification": first.specification}
    again = replace(CONTRACT, number="15/2027")
    assert kind_of(contracts.sign, **sign, terms=CONTRACT, types=["preschool"]) == (
        "contract_repeated"
    )
    assert kind_of(contracts.sign, **sign, terms=again) == "organisations_contracted"
    assert kind_of(contracts.sign, **sign, terms=again, types=["vocational"]) == "no_organisations"
    second = contracts.sign(**sign, terms=again, types=["preschool"], by=None, now=NOW)
    assert second.items.count() == 2


def test_contract_is_amended_with_a_reason(cycle):
    contract = make_contract(cycle)
    dearer = replace(CONTRACT, price=Decimal("1300000"))
    amend = {"contract": contract, "terms": dearer}
    assert kind_of(contracts.amend, **amend, reason=" ") == "reason_required"
    same = {"contract": contract, "terms": CONTRACT}
    assert kind_of(contracts.amend, **same, reason="Так.") == "nothing_amended"
    contracts.amend(**amend, reason="Дополнительное соглашение № 1", by=None, now=NOW)
    entry = JournalEntry.objects.get(deed="contract.changed")
    assert entry.reason == "Дополнительное соглашение № 1"
    assert (entry.before, entry.after) == (
        {"цена, руб.": "1250000.00"},
        {"цена, руб.": "1300000"},
    )
    assert Contract.objects.get().items.count() == 3


@pytest.mark.django_db(transaction=True)
def test_race_one_contract_about_an_organisation(settings, tmp_path):
    make_organisations()
    adopted = make_adopted(make_cycle("2027", year=2027))
    numbers = iter(["1", "2", "3"])

    def sign():
        terms = replace(CONTRACT, number=next(numbers))
        return contracts.sign(specification=adopted, terms=terms, by=None, now=NOW)

    done, refused = at_once(sign, people=3)
    assert (len(done), set(refused)) == (1, {"organisations_contracted"})
