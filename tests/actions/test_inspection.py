"""Inspections: saved, handed over, settled; two people and two devices at once."""

import pytest

from noko.actions import inspection as deeds
from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT
from noko.core.inspection import FIGURES
from noko.core.refusal import Refusal
from noko.models import Inspection, InspectionSettlement, JournalEntry
from noko.queries.inspection import collected
from tests.racing import at_once
from tests.small_cycle import make_person
from tests.waves import NOON, make_wave

WATER = ("comfort", "water")


@pytest.fixture
def place(db):
    return make_wave().places.select_related("wave__cycle", "organisation").first()


@pytest.fixture
def expert(db):
    return make_person("operator_expert")


def everything(place, mark=PRESENT, **changes):
    found = {
        asked.key: mark
        for part in deeds.parts_for(place)
        for asked in part.asked
        if asked.kind == "item"
    }
    return found | {WATER: changes.get("water", mark)}


def handed_over(place, by, **changes):
    own = deeds.begin(place=place, by=by, now=NOON)
    own = deeds.save(
        inspection=own, found=everything(place, **changes), note="", version=0, by=by, now=NOON
    )
    return deeds.submit(inspection=own, by=by, now=NOON)


def refusal_of(deed):
    with pytest.raises(Refusal) as refusal:
        deed()
    return refusal.value


def test_begin_gives_the_same_inspection_again(place, expert):
    first = deeds.begin(place=place, by=expert, now=NOON)
    assert deeds.begin(place=place, by=expert, now=NOON) == first


def test_begin_a_third_expert_is_not_needed(place, expert):
    for person in (expert, make_person("operator_manager")):
        deeds.begin(place=place, by=person, now=NOON)
    third = make_person("operator_analyst")
    refused = refusal_of(lambda: deeds.begin(place=place, by=third, now=NOON))
    assert refused.kind == "enough_experts"
    assert place.inspections.count() == 2


def test_save_refuses_what_cannot_be(place, expert):
    own = deeds.begin(place=place, by=expert, now=NOON)

    def saving(found, version=0):
        return lambda: deeds.save(
            inspection=own, found=found, note="", version=version, by=expert, now=NOON
        )

    assert refusal_of(saving({WATER: "maybe"})).kind == "bad_mark"
    assert refusal_of(saving({("comfort", "sauna"): PRESENT})).kind == "unknown_item"
    assert refusal_of(saving({WATER: PRESENT}, version=3)).kind == "changed_elsewhere"
    own.refresh_from_db()
    assert (own.found, own.version) == ({}, 0)


def test_save_somebody_elses_inspection_is_refused(place, expert):
    own = deeds.begin(place=place, by=expert, now=NOON)
    other = make_person("operator_manager")
    refused = refusal_of(
        lambda: deeds.save(inspection=own, found={}, note="", version=0, by=other, now=NOON)
    )
    assert refused.kind == "not_own_inspection"


def test_submit_names_what_is_left(place, expert):
    own = deeds.begin(place=place, by=expert, now=NOON)
    found = everything(place)
    del found[WATER]
    own = deeds.save(inspection=own, found=found, note="", version=0, by=expert, now=NOON)
    refused = refusal_of(lambda: deeds.submit(inspection=own, by=expert, now=NOON))
    assert refused.kind == "incomplete_inspection"
    assert [problem.message for problem in refused.problems] == [
        "Не отмечено: «наличие и доступность питьевой воды»."
    ]


def test_submitted_inspection_is_collected_and_not_changed(place, expert):
    own = handed_over(place, expert)
    refused = refusal_of(
        lambda: deeds.save(inspection=own, found={}, note="", version=1, by=expert, now=NOON)
    )
    assert refused.kind == "inspection_submitted"
    whole = collected(place.wave)
    assert whole.figures[place.organisation_id]["C_comf"] == 5
    assert [item.pk for item in whole.lacking] == [
        item.pk for item in place.wave.places.exclude(pk=place.pk)
    ]
    assert JournalEntry.objects.filter(deed="inspection.submitted").count() == 1


def test_settle_decides_between_two_experts_once(place, expert):
    handed_over(place, expert)
    manager = make_person("operator_manager")
    handed_over(place, manager, water=ABSENT)
    assert [item.pk for item in collected(place.wave).disputed] == [place.pk]

    def settling(mark=ABSENT, reason="вода есть только у персонала", key=WATER):
        return lambda: deeds.settle(
            place=place, key=key, mark=mark, reason=reason, by=manager, now=NOON
        )

    assert refusal_of(settling(reason=" ")).kind == "reason_required"
    assert refusal_of(settling(mark="maybe")).kind == "bad_mark"
    assert refusal_of(settling(key=("comfort", "wc"))).kind == "no_difference"
    settling()()
    assert refusal_of(settling()).kind == "already_settled"
    whole = collected(place.wave)
    assert (whole.disputed, whole.figures[place.organisation_id]["C_comf"]) == ((), 4)


def test_give_back_opens_the_inspection_and_forgets_what_was_settled(place, expert):
    own = handed_over(place, expert)
    manager = make_person("operator_manager")
    handed_over(place, manager, water=NOT_APPLICABLE)
    deeds.settle(place=place, key=WATER, mark=PRESENT, reason="видел", by=manager, now=NOON)
    deeds.give_back(inspection=own, reason="проверьте воду", by=manager, now=NOON)
    own.refresh_from_db()
    assert (own.status, InspectionSettlement.objects.count()) == (Inspection.Status.DRAFT, 0)
    refused = refusal_of(
        lambda: deeds.give_back(inspection=own, reason="ещё раз", by=manager, now=NOON)
    )
    assert refused.kind == "inspection_moved"


def test_planned_wave_takes_no_inspections(db, expert):
    place = make_wave("2028", opened=False).places.first()
    refused = refusal_of(lambda: deeds.begin(place=place, by=expert, now=NOON))
    assert refused.kind == "wave_not_open"


def test_marks_of_the_organisation_are_kept(place, expert):
    own = deeds.begin(place=place, by=expert, now=NOON)
    found = everything(place) | {(FIGURES, "historic_building"): PRESENT}
    own = deeds.save(
        inspection=own, found=found, note=" старый дом ", version=0, by=expert, now=NOON
    )
    deeds.submit(inspection=own, by=expert, now=NOON)
    assert collected(place.wave).figures[place.organisation_id]["historic_building"] == 1
    assert own.note == "старый дом"


@pytest.mark.django_db(transaction=True)
def test_begin_by_one_expert_twice_at_once_is_one_inspection():
    place = make_wave().places.first()
    expert = make_person("operator_expert")
    done, refused = at_once(lambda: deeds.begin(place=place, by=expert, now=NOON))
    assert ({item.pk for item in done}, refused) == ({Inspection.objects.get().pk}, [])


@pytest.mark.django_db(transaction=True)
def test_save_from_two_devices_at_once_keeps_one():
    place = make_wave().places.select_related("wave__cycle", "organisation").first()
    expert = make_person("operator_expert")
    own = deeds.begin(place=place, by=expert, now=NOON)
    done, refused = at_once(
        lambda: deeds.save(
            inspection=own, found={WATER: PRESENT}, note="", version=0, by=expert, now=NOON
        )
    )
    assert (len(done), refused) == (1, ["changed_elsewhere"] * 3)
    own.refresh_from_db()
    assert (own.version, own.found) == (1, {"comfort": {"water": PRESENT}})
