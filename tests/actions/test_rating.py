"""Calculations from the request to the result."""

from decimal import Decimal

import pytest

from noko.actions import rating
from noko.core.refusal import Refusal
from noko.models import Calculation, OrganisationScore
from tests.racing import at_once
from tests.small_cycle import NOW, make_cycle, make_dataset, make_done, make_organisations


@pytest.fixture
def small(db):
    cycle = make_cycle()
    return cycle, make_dataset(cycle)


def start(cycle, dataset, **settings):
    return rating.start(cycle=cycle, dataset=dataset, by=None, now=NOW, **settings)


def test_rating_start_writes_out_the_defaults(small):
    calculation = start(*small)
    assert calculation.status == "queued"
    assert calculation.rounding == "indicator_integer"
    assert calculation.ties == "competition"
    assert calculation.levels == "bands_20"
    assert calculation.policies["disabled_absent"] == "renormalise"


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"rounding": "up"}, "unknown_rounding"),
        ({"policies": {"disabled_absent": "up"}}, "unknown_policy"),
        ({"ties": "random"}, "unknown_ties"),
        ({"levels": "stars"}, "unknown_levels"),
    ],
)
def test_rating_start_refuses_unknown_settings(small, settings, kind):
    with pytest.raises(Refusal) as refusal:
        start(*small, **settings)
    assert refusal.value.kind == kind
    assert Calculation.objects.count() == 0


def test_rating_start_refuses_the_data_of_another_cycle(small):
    with pytest.raises(Refusal) as refusal:
        start(make_cycle("2025"), small[1])
    assert refusal.value.kind == "foreign_dataset"


def test_rating_start_refuses_a_second_while_one_is_at_work(small):
    start(*small)
    with pytest.raises(Refusal) as refusal:
        start(*small)
    assert refusal.value.kind == "calculation_at_work"


def test_rating_fail_ends_with_a_note_and_frees_the_cycle(small):
    calculation = rating.fail(calculation=start(*small), note="Файл повреждён.", now=NOW)
    assert (calculation.status, calculation.note) == ("failed", "Файл повреждён.")
    with pytest.raises(Refusal) as refusal:
        rating.begin(calculation=calculation, now=NOW)
    assert refusal.value.kind == "calculation_ended"
    assert start(*small).status == "queued"


def test_rating_report_moves_only_what_runs(small):
    calculation = start(*small)
    rating.report(calculation=calculation, progress=30)
    calculation.refresh_from_db()
    assert calculation.progress == 0
    rating.begin(calculation=calculation, now=NOW)
    rating.report(calculation=calculation, progress=130)
    calculation.refresh_from_db()
    assert calculation.progress == 100


def test_rating_finish_writes_every_organisation(small):
    organisations = make_organisations()
    calculation = make_done(*small, organisations)
    assert (calculation.status, calculation.progress) == ("done", 100)
    first, *_ = OrganisationScore.objects.filter(calculation=calculation)
    assert (first.name, first.place, first.respondents) == ("Детский сад «Берёзка»", 1, 40)
    assert first.total == Decimal("95.20")
    assert first.criteria["1"] == "98.0"
    assert first.places["type"]["total"] == [1, 2]
    assert first.counts["U_stand"] == "30"
    assert first.explanation["value"] == "95.20"


def test_rating_finish_gives_the_same_digest_for_the_same_data(small):
    organisations = make_organisations()
    once = make_done(*small, organisations)
    again = make_done(*small, organisations)
    other = make_done(*small, organisations, {"C_comf": (4, 4, 5)})
    assert once.digest == again.digest
    assert once.digest != other.digest


@pytest.mark.django_db(transaction=True)
def test_rating_start_at_once_makes_one():
    cycle = make_cycle()
    dataset = make_dataset(cycle)
    done, refused = at_once(lambda: start(cycle, dataset))
    assert len(done) == 1
    assert refused == ["calculation_at_work"] * 3


@pytest.mark.django_db(transaction=True)
def test_rating_finish_at_once_writes_one_result():
    cycle = make_cycle()
    dataset, organisations = make_dataset(cycle), make_organisations()
    calculation = start(cycle, dataset)
    rating.begin(calculation=calculation, now=NOW)

    def finish():
        from noko.core.scoring.places import all_places
        from noko.core.scoring.scores import score
        from noko.queries.edition import get_edition
        from tests.small_cycle import counts_of

        scores = score(get_edition(cycle.edition), counts_of())
        return rating.finish(
            calculation=Calculation.objects.get(pk=calculation.pk),
            scores=scores,
            places=all_places(scores),
            organisations=organisations,
            comparison={},
            respondents=[1, 2, 3],
            recipients=[None, None, None],
            now=NOW,
        )

    done, refused = at_once(finish)
    assert len(done) == 1
    assert refused == ["calculation_ended"] * 3
    assert OrganisationScore.objects.count() == 3
