"""The background calculation over a real package on the disk."""

from datetime import date

import pytest
from django.conf import settings as django_settings

from noko.actions import dataset as datasets
from noko.actions import rating as deeds
from noko.core.dataset import Organisation as Assessed
from noko.core.refusal import Refusal
from noko.core.scoring.scores import Settings
from noko.exchange.dataset import write_package
from noko.jobs.rating import DEFECT, dataset_folder, effects_before, run_calculation
from noko.jobs.release import prepare_release
from noko.models import Organisation, OrganisationScore, Release
from noko.queries.edition import get_edition
from tests.small_cycle import (
    EDITION,
    INSPECTION,
    MUNICIPALITIES,
    NAMES,
    NOW,
    SURVEY,
    TYPES,
    make_cycle,
    make_organisations,
)


def freeze_package(cycle, names=NAMES):
    """The figures of ``small_cycle`` as a package of ready counts."""
    ids = ["a", "b", "c"]
    folder = django_settings.FILES / "datasets" / "small"
    folder.parent.mkdir(parents=True, exist_ok=True)
    survey = {
        key: {f"{letter}_{name}": pairs[i][n] for name, pairs in SURVEY.items()
              for n, letter in enumerate("UA")}
        for i, key in enumerate(ids)
    }  # fmt: skip
    package = write_package(
        folder,
        edition=get_edition(EDITION),
        title="Оценка",
        created_on=date(2026, 11, 23),
        organisations=[
            Assessed(id=key, name=name, type=kind, municipality=place, recipients=100)
            for key, name, kind, place in zip(ids, names, TYPES, MUNICIPALITIES, strict=True)
        ],
        inspection={
            key: {symbol: values[i] for symbol, values in INSPECTION.items()}
            for i, key in enumerate(ids)
        },
        survey=survey,
    )
    return datasets.freeze(
        cycle=cycle,
        folder="small",
        digest=package.digest,
        organisations=3,
        respondents=153,
        by=None,
        now=NOW,
    )


@pytest.fixture
def queued(db, settings, tmp_path):
    settings.FILES = tmp_path
    make_organisations()
    cycle = make_cycle()
    return deeds.start(cycle=cycle, dataset=freeze_package(cycle), by=None, now=NOW)


def test_rating_job_calculates(queued):
    run_calculation(queued.pk)
    queued.refresh_from_db()
    assert (queued.status, queued.note) == ("done", "")
    rows = OrganisationScore.objects.order_by("place").values_list("name", "respondents")
    assert rows[0] == ("Детский сад «Берёзка»", 40)
    assert [row["rounding"] for row in queued.comparison["roundings"]] == [
        "indicator_integer",
        "stepwise_2",
        "exact_then_2",
    ]


def test_rating_job_repeated_changes_nothing(queued):
    run_calculation(queued.pk)
    keys = list(OrganisationScore.objects.values_list("pk", flat=True))
    run_calculation(queued.pk)
    assert list(OrganisationScore.objects.values_list("pk", flat=True)) == keys


def test_rating_job_taken_up_again_after_its_worker_was_killed(queued):
    deeds.begin(calculation=queued, now=NOW)
    run_calculation(queued.pk)
    queued.refresh_from_db()
    assert queued.status == "done"
    assert OrganisationScore.objects.count() == 3


def test_rating_job_keeps_the_reason_of_a_failure(queued):
    Organisation.objects.filter(full_name="Школа № 1").delete()
    run_calculation(queued.pk)
    queued.refresh_from_db()
    assert queued.status == "failed"
    assert queued.note == (
        "Этих организаций нет в реестре: «Школа № 1». "
        "Добавьте их в реестр организаций и повторите расчёт."
    )


def test_rating_job_names_a_changed_package(queued):
    (dataset_folder(queued.dataset) / "survey.csv").write_text("", encoding="utf-8")
    run_calculation(queued.pk)
    queued.refresh_from_db()
    assert queued.status == "failed"
    assert "survey.csv" in queued.note


def test_rating_job_of_a_defect_ends_and_shows_it(queued, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("noko.jobs.rating.registered", broken)
    with pytest.raises(ZeroDivisionError):
        run_calculation(queued.pk)
    queued.refresh_from_db()
    assert (queued.status, queued.note) == ("failed", DEFECT)


def test_rounding_effects_before_choosing(queued):
    effects = effects_before(queued.cycle, queued.dataset, Settings())
    assert effects.base == "indicator_integer"
    assert [row["rounding"] for row in effects.rows] == list(effects.results)
    assert effects.rows[0]["totals"] == 0


def test_release_files_hold_the_result_and_the_data(queued):
    run_calculation(queued.pk)
    queued.refresh_from_db()
    release = prepare_release(calculation=queued, by=None, now=NOW, pages=False)
    folder = django_settings.FILES / "releases" / release.folder
    assert {file["name"] for file in release.files} == {path.name for path in folder.iterdir()}
    assert "dataset.zip" in {file["name"] for file in release.files}
    assert release.digest == next(
        file["sha256"] for file in release.files if file["name"] == "release.json"
    )


def test_release_refused_leaves_no_folder(queued):
    run_calculation(queued.pk)
    queued.refresh_from_db()
    prepare_release(calculation=queued, by=None, now=NOW, pages=False)
    with pytest.raises(Refusal) as refusal:
        prepare_release(calculation=queued, by=None, now=NOW, pages=False)
    assert refusal.value.kind == "calculation_published"
    folders = [path.name for path in (django_settings.FILES / "releases").iterdir()]
    assert folders == [Release.objects.get().folder]
