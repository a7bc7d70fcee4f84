"""Two records of one organisation become one; what is frozen stays as it was."""

from datetime import date

import pytest

from noko.actions.merge import both_states, merge, set_apart
from noko.actions.organisation import save_all
from noko.core.refusal import Refusal
from noko.models import (
    Distinction,
    JournalEntry,
    Organisation,
    OrganisationScore,
    Reorganisation,
    RoleGrant,
    Succession,
    Wave,
)
from noko.queries.assessment import assessments_of
from noko.queries.card import doubles
from noko.queries.merging import FROZEN, OWN, references, relations
from tests.racing import at_once
from tests.small_cycle import (
    NOW,
    make_cycle,
    make_dataset,
    make_done,
    make_organisations,
    make_person,
    make_registry_events,
    make_release,
)
from tests.waves import make_wave

INN, OTHER_INN = "7707083893", "7728168971"
DOUBLE = {"full_name": "МБДОУ «Берёзка»", "type": "preschool", "municipality": "Заречный район"}


def records(**double):
    """A kindergarten and its double."""
    kept = make_organisations()[0]
    save_all(added=[DOUBLE | {"inn": INN, "site": "https://b.example", **double}], by=None, now=NOW)
    return kept, Organisation.objects.get(full_name=DOUBLE["full_name"])


def joined(kept, gone, taken=(), **changes):
    facts = {"seen": both_states(kept, gone), "reason": "Одна запись лишняя", "by": None}
    return merge(kept=kept, merged=gone, taken=taken, now=NOW, **{**facts, **changes})


def refused(kept, gone, **changes):
    with pytest.raises(Refusal) as refusal:
        joined(kept, gone, **changes)
    return refusal.value.kind


@pytest.mark.django_db
def test_merge_keeps_one_record_with_the_chosen_values():
    kept, gone = records()
    joined(kept, gone, taken=["inn", "site"])
    kept.refresh_from_db()
    gone = Organisation.every.get(pk=gone.pk)
    assert (kept.inn, kept.site, kept.full_name) == (
        INN,
        "https://b.example",
        "Детский сад «Берёзка»",
    )
    assert (gone.merged_into, gone.inn, gone.merged_at) == (kept, INN, NOW)
    assert gone not in Organisation.objects.all()


@pytest.mark.django_db
def test_merge_passes_everything_on_in_both_journals():
    kept, gone = records()
    school = Organisation.objects.get(full_name="Школа № 1")
    head = make_person("organisation_head", organisation=gone)
    both = make_person("organisation_editor", organisation=gone)
    RoleGrant.objects.create(
        person=both, role="organisation_editor", starts_on=date(2020, 1, 1), organisation=kept
    )
    event = Reorganisation.objects.create(kind="unknown")
    Succession.objects.create(reorganisation=event, predecessor=gone, successor=school)
    Succession.objects.create(reorganisation=event, predecessor=kept, successor=gone)
    joined(kept, gone)
    assert [g.organisation for g in head.grants.all()] == [kept]
    assert [g.organisation for g in both.grants.all()] == [kept]
    assert [(s.predecessor, s.successor) for s in Succession.objects.all()] == [(kept, school)]
    entries = JournalEntry.objects.filter(deed="organisation.merged").order_by("id")
    assert [(e.key, e.reason) for e in entries] == [
        (str(kept.pk), "Одна запись лишняя"),
        (str(gone.pk), "Одна запись лишняя"),
    ]
    assert entries[0].after["роли пользователей"] == 1
    assert references(Organisation.every.get(pk=gone.pk)) == ([], [])


@pytest.mark.django_db
def test_merge_leaves_published_results_alone_and_shows_them_on_the_card():
    kept, gone = records()
    those = [gone, *list(Organisation.objects.exclude(pk__in=[kept.pk, gone.pk]))]
    cycle = make_cycle()
    make_release(make_done(cycle, make_dataset(cycle), those))
    before = list(OrganisationScore.objects.order_by("pk").values())
    joined(kept, gone)
    assert list(OrganisationScore.objects.order_by("pk").values()) == before
    assert [(a.year, a.name) for a in assessments_of(kept)] == [(2026, "Детский сад «Берёзка»")]


@pytest.mark.django_db
def test_merge_of_two_published_in_one_rating_is_refused():
    first, second, third = make_organisations()
    cycle = make_cycle()
    make_release(make_done(cycle, make_dataset(cycle), [first, second, third]))
    assert refused(first, second) == "merge_rated_together"
    assert Organisation.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"seen": "x"}, "organisation_changed"),
        ({"reason": " "}, "reason_required"),
    ],
)
def test_merge_refused_changes_nothing(changes, kind):
    kept, gone = records()
    number = Organisation.objects.count()
    assert refused(kept, gone, **changes) == kind
    assert Organisation.objects.count() == number
    assert refused(kept, kept) == "merge_same"


@pytest.mark.django_db
def test_merge_leads_earlier_marks_on():
    kept, gone = records()
    save_all(added=[DOUBLE | {"full_name": "МБДОУ Сад Берёзка"}], by=None, now=NOW)
    oldest = Organisation.objects.get(full_name="МБДОУ Сад Берёзка")
    joined(gone, oldest)
    gone.refresh_from_db()
    joined(kept, gone)
    marks = Organisation.every.filter(merged_into__isnull=False).values_list(
        "merged_into", flat=True
    )
    assert list(marks) == [kept.pk, kept.pk]


@pytest.mark.django_db
def test_merge_of_what_was_merged_is_refused():
    kept, gone = records()
    joined(kept, gone)
    assert refused(kept, gone) == "organisation_gone"


@pytest.mark.django_db(transaction=True)
def test_merge_at_once_happens_once():
    kept, gone = records()
    seen = both_states(kept, gone)
    done, kinds = at_once(lambda: joined(kept, gone, seen=seen).pk)
    assert (done, kinds) == ([kept.pk], ["organisation_gone"] * 3)


@pytest.mark.django_db(transaction=True)
def test_merge_both_ways_at_once_leaves_one():
    first, second = records()
    pairs = iter([(first, second), (second, first)] * 2)
    done, _ = at_once(lambda: joined(*next(pairs)).pk)
    assert len(done) == 1
    assert Organisation.objects.filter(pk__in=[first.pk, second.pk]).count() == 1


@pytest.mark.django_db
def test_relations_every_table_that_refers_to_an_organisation_is_known():
    """A new table with an organisation passes on by itself; one that is frozen is named."""
    codes = {relation.code for relation in relations()}
    assert codes >= OWN
    assert codes >= FROZEN.keys()


@pytest.mark.django_db
def test_set_apart_is_not_proposed_again():
    kept, gone = records(inn="")
    assert [(p.first, p.second) for p in doubles(Organisation.objects.all())] == [(kept, gone)]
    set_apart(first=gone, second=kept, by=None, now=NOW)
    set_apart(first=kept, second=gone, by=None, now=NOW)
    assert doubles(Organisation.objects.all()) == []
    assert Distinction.objects.count() == 1
    assert JournalEntry.objects.filter(deed="organisation.distinct").count() == 2


@pytest.mark.django_db
def test_merge_after_a_reorganisation_keeps_its_links():
    those = make_organisations()
    make_registry_events(those)
    save_all(added=[DOUBLE], by=None, now=NOW)
    gone = Organisation.objects.get(full_name=DOUBLE["full_name"])
    those[0].refresh_from_db()
    joined(gone, those[0])
    link = Succession.objects.get()
    assert (link.predecessor, link.successor) == (those[1], gone)


@pytest.mark.django_db
def test_merge_passes_a_wave_on_unless_both_are_in_it():
    wave = make_wave()
    first, second = (place.organisation for place in wave.places.order_by("id"))
    assert refused(first, second) == "merge_conflict"
    kept = make_organisations()[2]
    joined(kept, first)
    assert {place.organisation for place in wave.places.all()} == {kept, second}


@pytest.mark.django_db
def test_merge_leaves_a_closed_wave_alone():
    wave = make_wave()
    first, second = (place.organisation for place in wave.places.order_by("id"))
    Wave.objects.filter(pk=wave.pk).update(
        status="closed", salt=None, closed_at=NOW, digest="0" * 64
    )
    joined(first, second)
    assert wave.places.filter(organisation=second.pk).count() == 1
