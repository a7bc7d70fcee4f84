"""Imports and the data sets that they become."""

import pytest

from noko.actions import dataset, imports
from noko.core.refusal import Refusal
from noko.models import DataSet, Import
from tests.racing import at_once
from tests.small_cycle import NOW, make_cycle, make_dataset, make_person


def make_import(cycle):
    return imports.remember(
        cycle=cycle,
        kind="data",
        folder="abc",
        file_names={"answers": "анкеты.xlsx"},
        preview={"organisations": 3},
        by=None,
        now=NOW,
    )


def freeze(cycle, source, digest="a" * 64, organisations=3):
    return dataset.freeze(
        cycle=cycle,
        folder="abc",
        digest=digest,
        organisations=organisations,
        respondents=10,
        source=source,
        by=None,
        now=NOW,
    )


@pytest.mark.django_db
def test_import_is_decided_once():
    person, item = make_person(), make_import(make_cycle())
    assert item.status == "previewed"
    assert imports.accept(item=item, by=person, now=NOW).status == "accepted"
    assert item.decided_by == person
    with pytest.raises(Refusal) as refusal:
        imports.dismiss(item=item, by=person, now=NOW)
    assert refusal.value.kind == "import_decided"
    assert "принята" in str(refusal.value)


@pytest.mark.django_db
def test_import_correct_keeps_decisions_until_it_is_decided():
    item = make_import(make_cycle())
    imports.correct(item=item, confirmed={"names": {"А": "Б"}}, preview={"left": 1}, by=None)
    assert (item.confirmed, item.preview) == ({"names": {"А": "Б"}}, {"left": 1})
    imports.dismiss(item=item, by=None, now=NOW)
    with pytest.raises(Refusal) as refusal:
        imports.correct(item=item, confirmed={}, preview={}, by=None)
    assert refusal.value.kind == "import_decided"


@pytest.mark.django_db
def test_dataset_freeze_numbers_within_the_cycle():
    first, second = make_cycle("2025"), make_cycle("2026")
    assert make_dataset(first, "1" * 64).number == 1
    assert make_dataset(first, "2" * 64).number == 2
    assert make_dataset(second, "1" * 64).number == 1


@pytest.mark.django_db
def test_dataset_freeze_accepts_its_import():
    cycle = make_cycle()
    item = make_import(cycle)
    frozen = freeze(cycle, item)
    assert frozen.source.status == "accepted"
    with pytest.raises(Refusal) as refusal:
        freeze(cycle, item, digest="b" * 64)
    assert refusal.value.kind == "import_decided"
    assert DataSet.objects.count() == 1


@pytest.mark.django_db
def test_dataset_freeze_refuses_the_same_package_and_leaves_the_import_waiting():
    cycle = make_cycle()
    freeze(cycle, None)
    item = make_import(cycle)
    with pytest.raises(Refusal) as refusal:
        freeze(cycle, item)
    assert refusal.value.kind == "dataset_repeated"
    assert Import.objects.get().status == "previewed"


@pytest.mark.django_db
def test_dataset_freeze_refuses_an_empty_one():
    with pytest.raises(Refusal) as refusal:
        freeze(make_cycle(), None, organisations=0)
    assert refusal.value.kind == "dataset_empty"


@pytest.mark.django_db(transaction=True)
def test_dataset_freeze_at_once_makes_one():
    cycle = make_cycle()
    item = make_import(cycle)
    digests = iter("abcdefgh")
    done, refused = at_once(
        lambda: freeze(cycle, Import.objects.get(pk=item.pk), digest=next(digests) * 64)
    )
    assert len(done) == 1
    assert refused == ["import_decided"] * 3
    assert DataSet.objects.get().number == 1
