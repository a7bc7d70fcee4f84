"""Publishing."""

import pytest

from noko.actions import release
from noko.actions.rating import start
from noko.core.refusal import Refusal
from noko.models import Calculation, Release
from tests.racing import at_once
from tests.small_cycle import NOW, make_cycle, make_dataset, make_done, make_organisations

CHANGE = [{"organisation": "Школа № 1", "what": "Итоговый балл", "before": "1", "after": "2"}]


def publish(calculation, **fields):
    values = {"difference": CHANGE, "reason": "Исправлены отметки осмотра.", "by": None, "now": NOW}
    return release.publish(
        calculation=calculation,
        folder=f"c{calculation.pk}",
        digest="e" * 64,
        files=[{"name": "rating.csv", "bytes": 5, "sha256": "f" * 64}],
        **values | fields,
    )


@pytest.fixture
def done(db):
    cycle = make_cycle()
    return make_done(cycle, make_dataset(cycle), make_organisations())


@pytest.fixture
def corrected(done):
    organisations = [row.organisation for row in done.scores.order_by("id")]
    return make_done(done.cycle, done.dataset, organisations, {"C_comf": (4, 4, 5)})


def test_release_publish_first_version_needs_no_reason(done):
    first = publish(done, reason="", difference=[])
    assert (first.version, first.reason, first.difference) == (1, "", [])


def test_release_publish_correction_is_the_next_version(done, corrected):
    publish(done)
    second = publish(corrected)
    assert (second.version, second.reason) == (2, "Исправлены отметки осмотра.")
    assert second.difference == CHANGE


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"reason": " "}, "reason_required"),
        ({"difference": []}, "nothing_changed"),
        ({"expected_version": 1}, "version_changed"),
    ],
)
def test_release_publish_refuses_an_unlawful_correction(done, corrected, fields, kind):
    publish(done)
    with pytest.raises(Refusal) as refusal:
        publish(corrected, **fields)
    assert refusal.value.kind == kind
    assert Release.objects.count() == 1


def test_release_publish_refuses_what_is_not_calculated(done):
    waiting = start(cycle=done.cycle, dataset=done.dataset, by=None, now=NOW)
    with pytest.raises(Refusal) as refusal:
        publish(waiting)
    assert refusal.value.kind == "calculation_not_done"


def test_release_publish_refuses_the_same_calculation_twice(done):
    publish(done)
    with pytest.raises(Refusal) as refusal:
        publish(done)
    assert refusal.value.kind == "calculation_published"


@pytest.mark.django_db(transaction=True)
def test_release_publish_at_once_makes_one():
    cycle = make_cycle()
    done = make_done(cycle, make_dataset(cycle), make_organisations())
    published, refused = at_once(lambda: publish(Calculation.objects.get(pk=done.pk)))
    assert [item.version for item in published] == [1]
    assert refused == ["calculation_published"] * 3
