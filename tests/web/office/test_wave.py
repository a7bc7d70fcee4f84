"""Pages of waves: preparing, links and posters, how collecting goes, and who sees what."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from noko.actions.response import Sender, accept
from noko.core.answers.slip import Slip
from noko.models import Municipality, Wave
from noko.models.response import Channel
from tests.small_cycle import make_cycle, make_person
from tests.waves import NOON, make_organisations_of, make_wave, place_of

pytestmark = pytest.mark.django_db

DATES = {"starts_on": "2027-02-01", "ends_on": "2027-02-28"}


@pytest.fixture
def signed_in(client):
    client.force_login(make_person("operator_manager"))
    return client


def answered(wave, number, times, now=NOON):
    for key in range(times):
        accept(
            place=place_of(wave, number), slip=Slip("1" * 14), key=f"{now}-{number}-{key}",
            channel=Channel.LINK, sender=Sender(), now=now,
        )  # fmt: skip


def text(answer):
    return answer.content.decode()


def test_wave_is_planned_from_the_free_organisations(signed_in):
    make_cycle("2027", year=2027)
    make_organisations_of("preschool")
    page = text(signed_in.get("/office/cycles/2027/waves/new/"))
    assert "Дошкольные: 2\xa0организации" in page
    sent = {"type": "preschool", "operator": " ООО  «Опрос» ", **DATES}
    answer = signed_in.post("/office/cycles/2027/waves/new/", sent)
    wave = Wave.objects.get()
    assert answer.url == f"/office/waves/{wave.pk}/"
    assert (wave.operator, wave.status) == ("ООО «Опрос»", "planned")
    assert sorted(wave.places.values_list("population", "target")) == [(120, 48), (120, 48)]
    assert len({place.code for place in wave.places.all()}) == 2
    again = signed_in.post("/office/cycles/2027/waves/new/", sent)
    assert again.status_code == 422
    assert "В волне нет ни одной организации" in text(again)


def test_wave_with_bad_dates_is_refused_at_its_field(signed_in):
    make_cycle("2027", year=2027)
    make_organisations_of("preschool")
    sent = {"type": "preschool", "starts_on": "2027-02-28", "ends_on": "2027-02-01"}
    answer = signed_in.post("/office/cycles/2027/waves/new/", sent)
    assert answer.status_code == 422
    assert "Волна заканчивается раньше, чем начинается" in text(answer)
    assert Wave.objects.count() == 0


def test_wave_opens_once_after_a_confirm_step(signed_in):
    wave = make_wave(opened=False)
    page = text(signed_in.get(f"/office/waves/{wave.pk}/open/"))
    assert "Открыть волну для 2\xa0организаций" in page
    for _ in range(2):
        signed_in.post(f"/office/waves/{wave.pk}/open/")
    wave.refresh_from_db()
    assert (wave.status, len(wave.salt)) == ("open", 32)
    assert set(wave.places.values_list("is_open", flat=True)) == {True}


def test_wave_dates_change_and_targets_follow_the_registry(signed_in):
    wave = make_wave(opened=False)
    wave.places.first().organisation.__class__.objects.update(enrolment=1000)
    signed_in.post(f"/office/waves/{wave.pk}/edit/", {"operator": "", **DATES})
    assert set(wave.places.values_list("target", flat=True)) == {400}
    wave.refresh_from_db()
    assert wave.operator == ""


def test_wave_targets_of_an_open_wave_stay(signed_in):
    wave = make_wave()
    wave.places.first().organisation.__class__.objects.update(enrolment=1000)
    later = {"operator": "Новый", "starts_on": "2027-02-01", "ends_on": "2027-03-15"}
    signed_in.post(f"/office/waves/{wave.pk}/edit/", later)
    wave.refresh_from_db()
    assert (wave.operator, wave.ends_on) == ("Новый", date(2027, 3, 15))
    assert set(wave.places.values_list("target", flat=True)) == {48}


# --- how it goes --------------------------------------------------------------------------------


def test_wave_progress_counts_by_organisation_day_and_channel(signed_in):
    wave = make_wave()
    answered(wave, 0, 3)
    answered(wave, 0, 2, NOON + timedelta(days=2))
    page = text(signed_in.get(f"/office/waves/{wave.pk}/"))
    assert "<b>5</b>анкет принято из 96" in page
    assert "<b>5</b>ссылка" in page
    # Two organisations, each alone in its municipality.
    assert page.count('<td data-label="Нужно" class="number">48</td>') == 4
    assert '<th scope="row">2\xa0февраля 2027\xa0г.</th><td class="number">0</td>' in page


def test_wave_names_those_who_fall_behind(signed_in):
    wave = make_wave()
    today = timezone.localdate()
    Wave.objects.update(starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=10))
    answered(wave, 0, 48, timezone.now())
    page = text(signed_in.get(f"/office/waves/{wave.pk}/?state=late-none"))
    assert "Детский сад № 2 (preschool)<span" in page
    assert "Детский сад «Берёзка» (preschool)<span" not in page
    assert "нет ответов" in page
    start = text(signed_in.get("/office/"))
    assert "мало ответов – 1\xa0организация" in start


def test_wave_progress_takes_as_many_queries_for_any_number_of_answers(
    signed_in, django_assert_max_num_queries
):
    wave = make_wave()
    answered(wave, 0, 2)
    with django_assert_max_num_queries(25) as few:
        signed_in.get(f"/office/waves/{wave.pk}/")
    answered(wave, 1, 60, NOON + timedelta(days=1))
    with django_assert_max_num_queries(25) as many:
        signed_in.get(f"/office/waves/{wave.pk}/")
    assert len(few) == len(many)


def test_wave_coordinator_sees_their_own_municipality(client):
    wave = make_wave()
    answered(wave, 0, 3)
    answered(wave, 1, 7)
    own = Municipality.objects.get(name="Город Лугов")
    client.force_login(make_person("municipal_coordinator", municipality=own))
    page = text(client.get(f"/office/waves/{wave.pk}/"))
    assert "<b>7</b>анкет принято из 48" in page
    assert "Берёзка" not in page
    assert "Берёзка" not in text(client.get(f"/office/waves/{wave.pk}/links/"))
    foreign = wave.places.get(organisation__short_name__contains="Берёзка")
    for kind in ("pdf", "svg"):
        assert client.get(f"/office/waves/{wave.pk}/links/{foreign.pk}.{kind}").status_code == 404
    assert client.get(f"/office/waves/{wave.pk}/edit/").status_code == 403


# --- links, posters, questionnaire --------------------------------------------------------------


def test_wave_posters_come_as_one_archive(signed_in):
    wave = make_wave()
    answer = signed_in.get(f"/office/waves/{wave.pk}/links/plakaty.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert sorted(archive.namelist()) == [
        "Город Лугов/002 Детский сад № 2 (preschool).pdf",
        "Заречный район/001 Детский сад Берёзка (preschool).pdf",
    ]
    place = wave.places.get(organisation__short_name__contains="Берёзка")
    page = PdfReader(io.BytesIO(archive.read(archive.namelist()[0])))
    assert len(page.pages) == 1
    words = page.pages[0].extract_text()
    assert f"testserver/s/{place.code}" in words
    assert "Детский сад «Берёзка»" in words
    single = signed_in.get(f"/office/waves/{wave.pk}/links/{place.pk}.pdf").content
    assert single == archive.read(archive.namelist()[0])


def test_wave_sheet_of_an_organisation_names_it_and_the_blank_one_has_a_line(signed_in):
    wave = make_wave()
    place = wave.places.get(organisation__short_name__contains="Берёзка")
    own = signed_in.get(f"/office/waves/{wave.pk}/links/{place.pk}/anketa.pdf").content
    words = PdfReader(io.BytesIO(own)).pages[0].extract_text()
    assert "Детский сад «Берёзка»" in words
    assert place.code in words
    blank = signed_in.get(f"/office/waves/{wave.pk}/anketa.pdf").content
    words = PdfReader(io.BytesIO(blank)).pages[0].extract_text()
    assert "Организация, которую оценивают:" in words
    assert "Берёзка" not in words


def test_wave_code_leads_to_the_form_and_knows_its_channel(signed_in, client):
    wave = make_wave()
    place = wave.places.first()
    picture = signed_in.get(f"/office/waves/{wave.pk}/links/{place.pk}.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert text(picture).startswith("<svg")
    import segno

    code = segno.make(f"http://testserver/s/{place.code}/?c=p", error="m", micro=False)
    buffer = io.BytesIO()
    code.save(buffer, kind="svg", border=2, light="#fff", omitsize=True, xmldecl=False, nl=False)
    assert buffer.getvalue().decode() == text(picture)


def test_wave_links_come_as_a_table(signed_in):
    from noko.exchange.files import read_sheets

    wave = make_wave()
    content = signed_in.get(f"/office/waves/{wave.pk}/links/ssylki.xlsx").content
    [sheet] = read_sheets(content, name="ссылки.xlsx")
    place = wave.places.get(organisation__short_name__contains="Берёзка")
    assert sheet.rows[1][1:] == [
        "Детский сад «Берёзка» (preschool)",
        120,
        48,
        f"http://testserver/s/{place.code}/",
    ]
