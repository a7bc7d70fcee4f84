"""Sites in a wave: marks from a round of visits on their way into the data set."""

import pytest

from noko.actions import inspection as fields
from noko.actions import site_mark, site_objection
from noko.actions import wave_closing as closing
from noko.core.dataset import PRESENT
from noko.core.refusal import Refusal
from noko.exchange.dataset import package_marks, package_sites, read_package
from noko.models import JournalEntry
from noko.queries.wave_closing import inspection_of
from noko.queries.website_standing import standing_of
from tests.small_cycle import make_cycle, make_person
from tests.small_sites import AFTER, NOW, SILENT, make_round, make_shown, visit_of
from tests.waves import NOON, make_wave
from tests.web.office.test_wave_close import answered, closed_through_the_page

pytestmark = pytest.mark.django_db

PHONE = "common.phone"


@pytest.fixture
def manager(client, settings, tmp_path):
    settings.FILES = tmp_path
    client.force_login(make_person("operator_manager"))
    return client


@pytest.fixture
def wave():
    made = make_wave()
    for number, place in enumerate(made.places.select_related("organisation")):
        place.organisation.site = f"https://ds{number}.example"
        place.organisation.save()
    return made


def organisations_of(wave):
    return [place.organisation for place in wave.places.order_by("organisation__sort_key")]


def chosen(wave, site_round):
    return closing.choose_sites(wave=wave, site_round=site_round, by=None, now=NOW)


def handed_over(place, parts):
    """An expert has looked at everything in ``parts``."""
    expert = make_person("operator_expert", f"expert{place.pk}@example.org")
    found = {one.key: PRESENT for part in parts for one in part.asked if one.kind == "item"}
    own = fields.begin(place=place, by=expert, now=NOON)
    own = fields.save(inspection=own, found=found, note="", version=0, by=expert, now=NOON)
    return fields.submit(inspection=own, by=expert, now=NOON)


def places_of(wave):
    rows = wave.places.select_related("wave__cycle", "wave__site_round", "organisation")
    return list(rows.order_by("organisation__sort_key"))


def test_expert_does_not_look_at_a_site_that_the_round_has_checked(wave):
    first, second = organisations_of(wave)
    chosen(wave, make_shown(wave.cycle, {first: [PHONE], second: SILENT}))
    asked = [{part.code for part in fields.asked_at(place)} for place in places_of(wave)]
    assert ["site" in codes for codes in asked] == [False, True]


def test_figures_and_marks_of_sites_come_from_the_round(wave):
    first, second = organisations_of(wave)
    made = make_shown(wave.cycle, {first: [PHONE], second: SILENT})
    chosen(wave, made)
    for place in places_of(wave):
        handed_over(place, fields.asked_at(place))
    whole = inspection_of(wave)
    counts = standing_of(visit_of(made, first)).counts
    assert counts.present == counts.applicable - 1
    one, other = (whole.figures[f"o{place.organisation_id}"] for place in places_of(wave))
    assert (one["I_site"], one["N_site"]) == (counts.present, counts.applicable)
    assert (other["I_site"], other["N_site"]) == (14, 14)
    absent = [mark.item for mark in whole.marks if mark.mark == "absent"]
    assert absent == ["Основные сведения: контактные телефоны"]
    assert whole.ready is True


def test_mark_by_hand_reaches_the_figures_and_says_where_it_is_from(wave):
    first, second = organisations_of(wave)
    made = make_shown(wave.cycle, {first: [PHONE], second: []})
    visit = visit_of(made, first)
    expert = make_person("operator_analyst")
    page = "https://ds0.example/kontakty"
    site_mark.make_mark(
        visit=visit, code=PHONE, value="found", reason="Картинкой", address=page, by=expert, now=NOW
    )
    chosen(wave, made)
    for place in places_of(wave):
        handed_over(place, fields.asked_at(place))
    whole = inspection_of(wave)
    figures = whole.figures[f"o{first.pk}"]
    assert figures["I_site"] == figures["N_site"]
    [line] = [one for one in whole.sites if one.expert]
    assert (line.code, line.machine, line.expert, line.status, line.address) == (
        PHONE, "absent", "found", "found", page,
    )  # fmt: skip


def test_site_that_nobody_has_looked_at_holds_the_data_set_back(wave):
    first, second = organisations_of(wave)
    chosen(wave, make_shown(wave.cycle, {first: [], second: []}))
    for place in places_of(wave):
        handed_over(place, fields.asked_at(place))
    assert inspection_of(wave).ready is True
    chosen(wave, None)
    whole = inspection_of(wave)
    assert (len(whole.unseen), whole.figures, whole.ready) == (2, {}, False)


def test_round_of_another_cycle_or_still_open_is_not_chosen(wave):
    first, _ = organisations_of(wave)
    other = make_round(make_cycle("2030"), {first: []})
    with pytest.raises(Refusal) as refused:
        chosen(wave, other)
    assert refused.value.kind == "other_cycle"


def test_wave_takes_marks_of_sites_through_the_pages(manager, wave):
    first, second = organisations_of(wave)
    made = make_shown(wave.cycle, {first: [PHONE], second: []})
    head = make_person("organisation_head", organisation=first)
    objection = site_objection.file_objection(
        visit=visit_of(made, first), code=PHONE, text="Есть", address="https://ds0.example/",
        by=head, now=NOW,
    )  # fmt: skip
    answered(wave)
    answered(wave, 1)
    page = f"/office/waves/{wave.pk}/sites/"
    assert f"обход № {made.number}" in manager.get(page).content.decode()
    manager.post(page, {"source": str(made.pk)})
    wave.refresh_from_db()
    assert wave.site_round == made
    for place in places_of(wave):
        handed_over(place, fields.asked_at(place))
    closed_through_the_page(manager, wave)
    refused = manager.post(f"/office/waves/{wave.pk}/dataset/").content.decode()
    assert "Не решены возражения организаций: 1" in refused
    expert = make_person("operator_analyst")
    site_objection.accept(objection=objection, reason="Есть", by=expert, now=AFTER)
    manager.post(f"/office/waves/{wave.pk}/dataset/")
    wave.refresh_from_db()
    package = read_package(wave_folder(wave))
    assert "обходу сайтов № 1" in package.manifest.description
    lines = [line for line in package_sites(package) if line.code == PHONE]
    assert [(line.machine, line.expert, line.status) for line in lines] == [
        ("absent", "found", "found"), ("found", "", "found"),
    ]  # fmt: skip
    phones = [m.mark for m in package_marks(package) if m.item.endswith("контактные телефоны")]
    assert phones == ["present", "present"]
    locked = manager.post(page, {"source": "0"})
    assert locked.status_code == 422
    assert JournalEntry.objects.filter(deed="wave.sites_chosen").count() == 1


def wave_folder(wave):
    from pathlib import Path

    from django.conf import settings

    return Path(settings.FILES) / "datasets" / wave.dataset.folder


def test_data_set_waits_for_the_end_of_the_term(wave):
    first, second = organisations_of(wave)
    made = make_shown(wave.cycle, {first: [], second: []}, until=AFTER.date())
    chosen(wave, made)
    closing.stop(wave=wave, by=None, now=NOON)
    closing.close(wave=wave, folder="x", digest="d" * 64, act={}, by=None, now=NOON)
    given = {"folder": "y", "digest": "e" * 64, "organisations": 2, "respondents": 1}
    with pytest.raises(Refusal) as refused:
        closing.freeze_dataset(wave=wave, **given, by=None, now=NOW)
    assert refused.value.kind == "term_is_open"
    hidden = make_round(wave.cycle, {first: [], second: []})
    chosen(wave, hidden)
    with pytest.raises(Refusal) as refused:
        closing.freeze_dataset(wave=wave, **given, by=None, now=AFTER)
    assert refused.value.kind == "round_not_shown"
