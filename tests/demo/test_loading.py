"""The whole region in the database, loaded once for all tests of this module."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from noko.access.roles import BY_CODE
from noko.core.statistics.quality import Kind
from noko.demo import DOMAIN, NOTICE, state
from noko.demo.collected import LOST_SHEETS, collect, first_delivery, mistake_in
from noko.demo.loading import SENT_ON, load, package_of
from noko.demo.region import build_region
from noko.demo.stage import PASSED, SLUG, example_code
from noko.demo.waves import calendar
from noko.exchange.dataset import read_package
from noko.exchange.delivery import delivered
from noko.jobs.rating import open_dataset
from noko.models import (
    AnswerBox,
    Batch,
    Cycle,
    DataSet,
    Import,
    Letter,
    Organisation,
    OrganisationScore,
    Person,
    Release,
    SiteMark,
    SiteObjection,
    SiteRound,
    Specification,
    Wave,
    WaveOrganisation,
)
from noko.queries.batch import piles
from noko.queries.contract import delivery
from noko.queries.correction import organisations_touched
from noko.queries.edition import get_edition
from noko.queries.inspection import collected
from noko.queries.wave import organisations_to_assess, progress_of
from noko.queries.wave_quality import flags_of
from noko.queries.website_standing import term_is_open


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("loaded", "db")


def test_every_cycle_is_labelled_as_invented() -> None:
    cycles = Cycle.objects.order_by("year")
    assert [cycle.year for cycle in cycles] == [2016, 2024, 2025, 2026, 2026, 2027]
    assert all(cycle.invented and "вымышленная" in cycle.title for cycle in cycles)


def test_every_year_but_the_next_has_a_release_and_2026_a_correction() -> None:
    releases = Release.objects.order_by("cycle__year", "version")
    assert [(item.cycle.slug, item.version) for item in releases] == [
        ("2016", 1),
        ("2024", 1),
        ("2025", 1),
        ("2026", 1),
        ("2026", 2),
    ]


def test_correction_has_a_reason_and_a_difference_in_two_organisations() -> None:
    correction = Release.objects.get(cycle__slug="2026", version=2)
    assert f"{LOST_SHEETS} бумажных анкет" in correction.reason
    mistake = mistake_in(collect(2026, get_edition("344n-2018"), calendar(build_region())[2026]))
    assert sorted(organisations_touched(correction.difference)["own"]) == sorted(
        [mistake.school.short_name, mistake.kindergarten.short_name]
    )
    assert {"total", "place"} <= {item["kind"] for item in correction.difference}


def test_next_cycle_has_files_that_wait_for_a_decision() -> None:
    [waiting] = Import.objects.filter(status=Import.Status.PREVIEWED)
    assert waiting.cycle is not None
    assert (waiting.cycle.slug, waiting.kind) == ("2027", Import.Kind.DATA)
    assert waiting.created_by is not None
    assert waiting.created_by.grants.get().role == "operator_analyst"
    assert waiting.preview["organisations"] > 0
    assert waiting.preview["open"]


def test_registry_has_all_organisations_with_places_in_municipalities() -> None:
    assert Organisation.objects.count() == 300
    assert Organisation.objects.values("municipality").distinct().count() == 30


def test_several_organisations_share_the_first_place() -> None:
    correction = Release.objects.get(cycle__slug="2026", version=2)
    first = OrganisationScore.objects.filter(calculation=correction.calculation, place=1)
    assert first.count() >= 3
    assert {str(item.total) for item in first} == {"100.00"}


def test_edge_cases_are_there_to_look_at() -> None:
    calculation = Release.objects.get(cycle__slug="2026", version=2).calculation
    counts = OrganisationScore.objects.filter(calculation=calculation)
    assert counts.filter(counts__A_inv="0").count() >= 5
    assert counts.filter(counts__no_site="1").count() == 1
    assert counts.filter(counts__historic_building="1").count() == 1
    assert counts.filter(respondents__lte=12).count() >= 3


def test_people_have_addresses_of_the_demonstration_and_known_roles() -> None:
    people = Person.objects.prefetch_related("grants")
    assert {person.email.partition("@")[2] for person in people} == {DOMAIN}
    assert {grant.role for person in people for grant in person.grants.all()} <= BY_CODE.keys()


def test_database_is_marked_as_whole() -> None:
    with connection.cursor() as cursor:
        cursor.execute(state._MARK, [connection.settings_dict["NAME"]])
        assert cursor.fetchone() == (state.fingerprint(),)


def test_packages_say_that_they_are_invented() -> None:
    for dataset in DataSet.objects.all():
        package = read_package(Path(settings.FILES) / "datasets" / dataset.folder)
        assert package.manifest.description == NOTICE
        assert package.digest == dataset.digest


def test_same_seed_gives_the_same_digests(tmp_path: Path) -> None:
    """Written once more from the seed, packages have the digests that the loaded ones have."""
    organisations = calendar(build_region())
    again = {}
    for dataset in DataSet.objects.select_related("cycle"):
        collected = collect(
            dataset.cycle.year,
            get_edition(dataset.cycle.edition),
            organisations[dataset.cycle.year],
        )
        if dataset.cycle.year == 2026 and dataset.number == 1:
            collected = first_delivery(collected, mistake_in(collected))
        written = package_of(
            tmp_path / dataset.folder,
            collected,
            title=f"Независимая оценка: {dataset.cycle.title}",
            created_on=date.fromisoformat(str(dataset.frozen_at.date())),
        )
        again[dataset.folder] = written.digest
    assert again == dict(DataSet.objects.values_list("folder", "digest"))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/rating/2026/",
        "/rating/2016/",
        "/rating/2026/preschool/",
        "/methodology/",
        "/methodology/344n-2018/",
        "/releases/",
        "/releases/2026/",
        "/releases/2026/2/",
    ],
)
def test_every_public_page_has_something_to_show(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 200
    assert len(response.content) > 2000


def test_every_assessed_organisation_has_a_page_with_its_history() -> None:
    exemplary = OrganisationScore.objects.filter(total=100).order_by("organisation_id").first()
    assert exemplary is not None
    page = Client().get(f"/organisations/{exemplary.organisation_id}/").content.decode()
    assert exemplary.name in page
    assert "2026" in page
    assert "вымышлен" in page


def test_specification_of_2026_is_adopted_and_its_contract_asks_about_those_assessed() -> None:
    adopted = Specification.objects.get(cycle__slug="2026")
    assert (adopted.status, len(adopted.annex)) == ("adopted", 171)
    assert [item.get_status_display() for item in adopted.proposals.all()] == [
        "принято",
        "отклонено",
    ]
    contract = adopted.contracts.get()
    assert contract.items.count() == 171
    dataset = DataSet.objects.get(cycle__slug="2026", number=1)
    found = delivery(contract, delivered(open_dataset(dataset), on=date(2026, 9, 25)))
    assert [lack.text for lack in found.general if lack.grave] == []
    assert {row.received is None for row in found.rows} == {False}
    assert found.incomplete
    assert not found.strangers


def test_specification_of_2027_waits_for_two_answers() -> None:
    opened = Specification.objects.get(cycle__slug="2027")
    assert (opened.status, opened.proposals.filter(status="open").count()) == ("open", 2)


# --- the second stage, which is going on --------------------------------------------------------


def test_second_stage_has_a_list_of_those_who_were_left_and_a_contract_about_them() -> None:
    stage = Cycle.objects.get(slug=SLUG)
    approved = stage.lists.get()
    first = Cycle.objects.get(slug="2026").lists.get()
    stood = {item.organisation_id for item in first.entries.filter(included=True)}
    entries = approved.entries.filter(included=True)
    assert (approved.status, entries.count()) == ("approved", 21)
    assert {entry.organisation_id for entry in entries} & stood == set()
    assert stage.specifications.get().contracts.get().items.count() == 21


def test_wave_is_open_and_on_its_way() -> None:
    wave = Wave.objects.get()
    today = max(SENT_ON, timezone.localdate())
    assert (wave.status, wave.type, wave.cycle.slug) == ("open", "supplementary", SLUG)
    assert wave.starts_on == today - timedelta(days=PASSED)
    progress = progress_of(wave, wave.places.select_related("organisation__municipality"), today)
    states = Counter(row.state for row in progress.places)
    assert (states["none"], states["done"], states.total()) == (1, 1, 18)
    assert states["late"] > 2
    assert states["underway"] > 5
    assert {label for label, _ in progress.channels} == {"ссылка", "плакат", "бумага"}


def test_wave_has_a_pile_of_paper_that_is_being_typed() -> None:
    [pile] = piles(Batch.objects.all())
    assert (pile.batch.accepted, pile.once, pile.differing, pile.untouched) == (3, 2, (4,), 2)


def test_colleges_of_the_list_wait_for_a_wave() -> None:
    waiting = organisations_to_assess(Cycle.objects.get(slug=SLUG), "vocational")
    assert len(waiting) == 3


def test_wave_answers_are_whole_and_of_past_days() -> None:
    boxes = AnswerBox.objects.all()
    held = sum(sum(box.answers.values()) for box in boxes)
    assert held == boxes.aggregate(number=Sum("number"))["number"]
    assert max(box.day for box in boxes) < max(SENT_ON, timezone.localdate())


def test_wave_shows_what_the_page_of_quality_is_for() -> None:
    found = flags_of(Wave.objects.get())
    held = {item.flag.kind for item in found if item.flag.level == "hold"}
    assert held == {Kind.DEVICE, Kind.FAST}


def test_wave_is_partly_inspected_and_two_experts_differ() -> None:
    found = collected(Wave.objects.get())
    assert (len(found.figures), len(found.lacking), len(found.disputed)) == (6, 12, 1)


def test_wave_example_leads_to_an_open_link() -> None:
    assert WaveOrganisation.objects.get(code=example_code()).is_open


def test_findings_about_sites_are_shown_objected_to_and_decided() -> None:
    found = SiteRound.objects.get()
    told = list(SiteObjection.objects.order_by("pk").values_list("status", flat=True))
    assert (found.status, told) == ("shown", ["accepted", "rejected", "filed"])
    assert list(SiteMark.objects.values_list("value", flat=True)) == ["found", "found"]
    assert term_is_open(found, timezone.localdate())
    assert set(Letter.objects.filter(key__startswith="site-").values_list("status")) == {("sent",)}
