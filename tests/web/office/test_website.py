"""Sites in the office: rounds, findings, evidence, decisions."""

import pytest
from django.urls import reverse
from django.utils import timezone

from noko.actions import site_objection
from noko.exchange.site_answers import Answer
from noko.exchange.warc import Expected, SiteArchive
from noko.models import Municipality, SiteMark, SiteRound, SiteVisit
from tests.factories import make_organisations
from tests.small_cycle import make_cycle, make_person
from tests.small_sites import NOW, make_round, make_shown, visit_of

pytestmark = pytest.mark.django_db

PHONE = "common.phone"


@pytest.fixture
def organisation():
    return make_organisations(1)[0]


@pytest.fixture
def visit(organisation):
    return visit_of(make_shown(make_cycle(), {organisation: [PHONE]}), organisation)


@pytest.fixture
def objection(visit, organisation):
    head = make_person("organisation_head", organisation=organisation)
    return site_objection.file_objection(
        visit=visit, code=PHONE, text="Есть", address="https://org1.example/", by=head, now=NOW
    )


def text_of(answer):
    return answer.content.decode()


def test_round_is_begun_over_the_organisations_of_the_cycle(client, organisation):
    cycle = make_cycle()
    client.force_login(make_person("secretary"))
    address = reverse("office:site_round_new", args=[cycle.slug])
    assert "Начать обход" in text_of(client.get(address))
    client.post(address, {"on": "2025-03-03"})
    made = SiteRound.objects.get()
    assert (made.regime, made.visits.count()) == ("1493-2023", 1)
    again = client.post(address, {"on": "2025-03-03"})
    assert again.status_code == 422
    assert "уже идёт" in text_of(again)
    client.post(reverse("office:site_round_stop", args=[made.pk]))
    made.refresh_from_db()
    assert made.status == "stopped"


def test_round_is_shown_after_a_confirmation(client, organisation):
    made = make_round(make_cycle(), {organisation: [PHONE]})
    client.force_login(make_person("secretary"))
    address = reverse("office:site_round_show", args=[made.pk])
    assert client.get(address).status_code == 200
    early = client.post(address, {"until": timezone.localdate().isoformat()})
    assert early.status_code == 422
    client.post(address, {"until": "2999-01-01"})
    made.refresh_from_db()
    assert made.status == "shown"


def test_round_lists_only_organisations_of_ones_own_municipality(client):
    organisations = make_organisations(2)
    made = make_round(make_cycle(), {one: [PHONE] for one in organisations})
    own = Municipality.objects.get(pk=organisations[0].municipality_id)
    client.force_login(make_person("municipal_coordinator", municipality=own))
    shown = text_of(client.get(reverse("office:site_round", args=[made.pk])))
    assert organisations[0].short_name in shown
    assert organisations[1].short_name not in shown
    other = reverse("office:site_visit", args=[visit_of(made, organisations[1]).pk])
    assert client.get(other).status_code == 404


def test_objection_is_accepted_with_a_reason(client, objection):
    client.force_login(make_person("operator_expert"))
    address = reverse("office:site_objection", args=[objection.pk])
    silent = client.post(address, {"accept": "1", "value": "found", "reason": ""})
    assert silent.status_code == 422
    assert "почему решено так" in text_of(silent)
    answer = client.post(address, {"accept": "1", "value": "found", "reason": "Да, есть"})
    assert answer.url == reverse("office:site_objections")
    objection.refresh_from_db()
    assert (objection.status, SiteMark.objects.get().value) == ("accepted", "found")


def test_objection_is_rejected_with_a_reason(client, objection):
    client.force_login(make_person("operator_expert"))
    address = reverse("office:site_objection", args=[objection.pk])
    client.post(address, {"reject": "1", "value": "found", "reason": "Там факс"})
    objection.refresh_from_db()
    assert (objection.status, SiteMark.objects.count()) == ("rejected", 0)
    assert "Там факс" in text_of(client.get(address))


def test_mark_is_made_confirmed_and_withdrawn(client, visit, organisation):
    client.force_login(make_person("operator_expert"))
    made = {"value": "found", "reason": "Картинкой", "address": ""}
    client.post(reverse("office:site_mark", args=[visit.pk, PHONE]), made)
    mark = SiteMark.objects.get()
    later = visit_of(make_round(visit.round.cycle, {organisation: [PHONE]}), organisation)
    queue = reverse("office:site_objections")
    link = reverse("office:site_item", args=[later.pk, PHONE])
    assert f'href="{link}"' in text_of(client.get(queue))
    client.post(reverse("office:site_mark_confirm", args=[later.pk, mark.pk]))
    assert f'href="{link}"' not in text_of(client.get(queue))
    client.post(reverse("office:site_mark_withdraw", args=[mark.pk]), {"reason": "Ошибка"})
    mark.refresh_from_db()
    assert mark.status == "withdrawn"


def archived(visit, tmp_path, body):
    """The visit with an archive of one page."""
    path = "sites/1.warc.gz"
    archive = SiteArchive(tmp_path / path, software="test", home=visit.address)
    address = f"{visit.address}/sveden/common"
    answer = Answer(address, address, 200, {"content-type": "text/html"}, body, NOW)
    archive.answer(address, answer, {"user-agent": "test"}, expected=Expected.PAGE)
    SiteVisit.objects.filter(pk=visit.pk).update(archive=path, archive_digest=archive.close())
    return address


def test_kept_page_is_shown_as_text_and_saved_as_a_file(client, visit, settings, tmp_path):
    settings.FILES = tmp_path
    body = b"<script>alert(1)</script><p>3-11-46</p><img src=x onerror=alert(2)>"
    address = archived(visit, tmp_path, body)
    client.force_login(make_person("operator_expert"))
    page = reverse("office:site_page", args=[visit.pk])
    shown = text_of(client.get(page, {"address": address, "excerpt": "3-11-46"}))
    assert "<mark>3-11-46</mark>" in shown
    assert "alert(" not in shown
    saved = client.get(reverse("office:site_page_file", args=[visit.pk]), {"address": address})
    assert saved.content == body
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith("attachment")
    assert "sandbox" in saved["Content-Security-Policy"]
    other = client.get(page, {"address": "https://other.example/"})
    assert other.status_code == 404


def test_first_page_tells_of_objections_and_of_rounds(client, objection, organisation):
    client.force_login(make_person("secretary"))
    shown = text_of(client.get("/office/"))
    assert "Возражения о сайтах: 1\u00a0возражение" in shown
    make_round(make_cycle("2027"), {organisation: []})
    assert "показать организациям" in text_of(client.get("/office/"))


def test_pages_of_a_site_without_a_site_say_so(client, organisation):
    organisation.site = ""
    organisation.save()
    made = make_round(make_cycle(), {organisation: []})
    client.force_login(make_person("secretary"))
    shown = text_of(client.get(reverse("office:site_visit", args=[made.visits.get().pk])))
    assert "сайта нет в реестре" in shown
