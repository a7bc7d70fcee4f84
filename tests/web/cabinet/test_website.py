"""The organisation's site in its cabinet: own findings alone, objections, their receipts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from noko.models import Cycle, SiteObjection
from tests.factories import make_organisations
from tests.small_cycle import make_cycle, make_person
from tests.small_sites import make_round, make_shown, visit_of

pytestmark = pytest.mark.django_db

PHONE = "common.phone"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def now(monkeypatch, settings):
    """Pages ask the clock; the term of these rounds lies around the real day."""
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now(), timezone.localdate() + timedelta(days=5)


@pytest.fixture
def pair():
    return make_organisations(2)


@pytest.fixture
def visit(pair, now):
    at, until = now
    made = make_shown(make_cycle(), {one: [PHONE] for one in pair}, at=at, until=until)
    return visit_of(made, pair[0])


@pytest.fixture
def signed_in(client, pair):
    client.force_login(make_person("organisation_head", organisation=pair[0]))
    return client


def typed(**more):
    return {"text": "Телефон в подвале", "address": "https://org1.example/", "sure": "on", **more}


def test_site_shows_what_is_wanting_with_its_cure(signed_in, visit):
    shown = signed_in.get(reverse("cabinet:site", args=[visit.organisation_id])).content.decode()
    for words in ("отсутствует", "Разместите сведения", "приказ № 1493", "itemprop=", "Возразить"):
        assert words in shown


def test_sites_of_one_organisation_open_at_once(signed_in, visit):
    answer = signed_in.get("/cabinet/sites/")
    assert (answer.status_code, answer.url) == (302, f"/cabinet/sites/{visit.organisation_id}/")


def test_pages_of_an_invented_cycle_say_so(signed_in, visit):
    Cycle.objects.update(invented=True)
    form = reverse("cabinet:site_object", args=[visit.pk, PHONE])
    pages = [
        signed_in.get(reverse("cabinet:site_visit", args=[visit.pk])),
        signed_in.get(reverse("cabinet:site_item", args=[visit.pk, PHONE])),
        signed_in.get(form),
        signed_in.post(form, typed(), follow=True),
    ]
    assert ["Данные вымышлены" in page.content.decode() for page in pages] == [True] * 4


def test_site_that_was_not_shown_says_what_will_be_here(signed_in, pair):
    make_round(make_cycle(), {pair[0]: [PHONE]})
    shown = signed_in.get(f"/cabinet/sites/{pair[0].pk}/").content.decode()
    assert "Выводов о сайте пока нет" in shown


def test_site_of_another_organisation_is_not_found(signed_in, visit, pair):
    other = visit_of(visit.round, pair[1])
    stranger = make_person("organisation_head", "other@example.org", organisation=pair[1])
    signed_in.post(reverse("cabinet:site_object", args=[visit.pk, PHONE]), typed())
    objection = SiteObjection.objects.get()
    own = [
        f"/cabinet/sites/{pair[1].pk}/",
        f"/cabinet/sites/visits/{other.pk}/",
        f"/cabinet/sites/visits/{other.pk}/items/{PHONE}/",
        f"/cabinet/sites/visits/{other.pk}/items/{PHONE}/object/",
    ]
    assert [signed_in.get(address).status_code for address in own] == [404] * 4
    assert signed_in.post(own[3], typed()).status_code == 404
    signed_in.force_login(stranger)
    for name in ("site_objection", "site_objection_file"):
        address = reverse(f"cabinet:{name}", args=[objection.pk])
        assert signed_in.get(address).status_code == 404
    assert SiteObjection.objects.count() == 1


def test_cabinet_site_is_closed_to_people_of_the_office(client, visit):
    client.force_login(make_person("operator_expert"))
    assert client.get("/cabinet/sites/").status_code == 403


def test_objection_is_filed_with_a_file_and_has_a_receipt(signed_in, visit, settings, tmp_path):
    settings.FILES = tmp_path
    address = reverse("cabinet:site_object", args=[visit.pk, PHONE])
    file = SimpleUploadedFile("снимок.png", PNG)
    answer = signed_in.post(address, typed(address="", file=file), follow=True)
    made = SiteObjection.objects.get()
    assert answer.redirect_chain == [(reverse("cabinet:site_objection", args=[made.pk]), 302)]
    assert (made.file_name, made.size) == ("снимок.png", len(PNG))
    kept = signed_in.get(reverse("cabinet:site_objection_file", args=[made.pk]))
    assert kept.getvalue() == PNG
    assert kept["Content-Disposition"].startswith("attachment")
    assert "уже подано" in signed_in.get(address).content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": ""}, "Обязательное поле"),
        ({"sure": ""}, "Подтвердите"),
        ({"address": ""}, "ничем не подтверждено"),
        ({"file": ("a.exe", b"MZ\x90\x00")}, "Такой файл не подойдёт"),
        ({"file": ("a.zip", b"PK\x03\x04broken")}, "Такой файл не подойдёт"),
    ],
)
def test_objection_that_is_not_taken_keeps_what_was_typed(
    signed_in, visit, settings, tmp_path, more, words
):
    settings.FILES = tmp_path
    values = typed(**more)
    if "file" in values:
        values["file"] = SimpleUploadedFile(*values["file"])
    answer = signed_in.post(reverse("cabinet:site_object", args=[visit.pk, PHONE]), values)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert SiteObjection.objects.count() == 0
    assert (values["text"] or "name") in shown
