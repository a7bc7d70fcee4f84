"""What was found on a site, for everybody: only once published, without a new release."""

import json

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from noko.actions import site_objection
from noko.actions.website_show import publish_round
from noko.exchange.pages import publish_pages
from noko.models import Organisation
from noko.queries.website_rules import get_regime, regime_codes
from tests.factories import make_cycle, make_organisations, make_release
from tests.small_cycle import make_person
from tests.small_sites import AFTER, NOW, SILENT, make_shown, visit_of

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "common.phone", "common.email"


@pytest.fixture
def those():
    made = make_organisations(3)
    make_release(make_cycle(), made)
    return made


@pytest.fixture
def shown(those):
    lacking = dict(zip(those, ([PHONE, EMAIL], [], SILENT), strict=True))
    return make_shown(make_cycle(2027), lacking)


@pytest.fixture
def published(shown):
    return publish_round(site_round=shown, by=None, now=AFTER)


def page(client, organisation, name="public-site"):
    return client.get(reverse(name, args=[organisation.pk]))


def test_nothing_is_public_before_the_round_is_published(client, those, shown):
    assert page(client, those[0]).status_code == 404
    assert (
        "Сведения на сайте организации"
        not in page(client, those[0], "organisation").content.decode()
    )


def test_published_findings_stand_on_the_organisations_page_without_a_new_release(
    client, those, published
):
    shown = page(client, those[0], "organisation")
    check = shown.context["check"]
    assert check.asked - check.found == 2
    texts = shown.content.decode()
    assert f"{check.found} из {check.asked}" in texts
    assert reverse("public-site", args=[those[0].pk]) in texts
    assert shown.context["release"].version == 1


def test_findings_are_told_item_by_item_with_act_and_point(client, those, published):
    shown = page(client, those[0])
    states = {
        card.code: card.standing.counted
        for group in shown.context["check"].groups
        for card in (*group.wanting, *group.found)
    }
    assert (states[PHONE], states[EMAIL], states["common.address"]) == ("absent", "absent", "found")
    texts = shown.content.decode()
    assert "приказ № 1493, пункт 7.е" in texts
    assert "3\u00a0марта 2025" in texts


def test_page_repeats_no_excerpts_and_tells_no_names(client, those, shown):
    visit = visit_of(shown, those[0])
    head = make_person("organisation_head", organisation=those[0])
    filed = site_objection.file_objection(
        visit=visit, code=PHONE, text="Телефон есть внизу", address=those[0].site, by=head, now=NOW
    )
    expert = make_person("operator_expert", "expert@example.org")
    site_objection.accept(
        objection=filed, value="found", reason="Нашёл в подвале сайта", by=expert, now=NOW
    )
    publish_round(site_round=shown, by=None, now=AFTER)
    texts = page(client, those[0]).content.decode()
    assert "отмечено экспертом" in texts
    for hidden in ("Телефон есть внизу", "Нашёл в подвале", "Иванова", "+7 (000) 100-10-05"):
        assert hidden not in texts


def test_silent_site_is_told_as_not_checked(client, those, published):
    texts = page(client, those[2]).content.decode()
    assert "Непроверенное не считается отсутствующим" in texts
    assert "сайт не ответил вовремя" in texts


def test_page_of_a_merged_record_leads_to_the_living_one(client, those, published):
    kept, other = those[1], those[0]
    Organisation.every.filter(pk=other.pk).update(merged_into=kept, merged_at=NOW)
    answer = page(client, other)
    assert (answer.status_code, answer.url) == (301, reverse("public-site", args=[kept.pk]))


def test_page_of_an_unknown_organisation_is_not_found(client, published):
    assert client.get(reverse("public-site", args=[999_999])).status_code == 404


def test_publishing_in_the_office_asks_for_new_pages(client, those, shown):
    client.force_login(make_person("secretary"))
    address = reverse("office:site_round_publish", args=[shown.pk])
    assert "Баллы опубликованного рейтинга не изменятся" in client.get(address).content.decode()
    assert client.post(address).status_code == 302  # the term is over long since
    shown.refresh_from_db()
    assert shown.status == "published"
    names = ProcrastinateJob.objects.values_list("task_name", flat=True)
    assert list(names) == ["noko.release.pages"]


def test_start_page_of_who_publishes_names_the_round_that_is_ready(client, those, shown):
    words = "возражения принимались по"
    client.force_login(make_person("press_officer"))
    assert words in client.get(reverse("office:start")).content.decode()
    head = make_person("organisation_head", organisation=those[0])
    site_objection.file_objection(
        visit=visit_of(shown, those[0]), code=PHONE, text="Есть", address=those[0].site, by=head,
        now=NOW,
    )  # fmt: skip
    assert words not in client.get(reverse("office:start")).content.decode()


def test_round_is_not_published_before_objections_are_decided(client, those, shown):
    head = make_person("organisation_head", organisation=those[0])
    site_objection.file_objection(
        visit=visit_of(shown, those[0]), code=PHONE, text="Есть", address=those[0].site, by=head,
        now=NOW,
    )  # fmt: skip
    client.force_login(make_person("press_officer"))
    answer = client.post(reverse("office:site_round_publish", args=[shown.pk]))
    assert answer.status_code == 422
    assert "Не решены возражения" in answer.content.decode()


def test_published_files_change_where_the_round_touches_them(settings, tmp_path, those, shown):
    settings.PUBLISHED = tmp_path / "published"
    before = json.loads((publish_pages().folder / "pages.json").read_text())
    publish_round(site_round=shown, by=None, now=AFTER)
    result = publish_pages()
    after = json.loads((result.folder / "pages.json").read_text())
    changed = {address for address in after if after[address] != before.get(address)}
    own = {f"/websites/{item.pk}/" for item in those}
    own |= {f"/organisations/{item.pk}/" for item in those}
    own |= {f"/organisations/{item.pk}/2026/" for item in those}
    assert changed == own
    assert result.rendered == 2 * len(those)
    assert publish_pages().rendered == 0


@pytest.mark.parametrize("code", regime_codes())
def test_rules_of_sites_are_printed_from_the_data(client, code):
    regime = get_regime(code)
    shown = client.get(reverse("website-rules", args=[code])).content.decode()
    for item in regime.item_by_code.values():
        assert f'id="item-{item.code}"' in shown
    assert regime.digest in shown
    assert all(act.title in shown for act in regime.acts)


def test_rules_that_are_not_there_are_not_found(client):
    assert client.get(reverse("website-rules", args=["1-1900"])).status_code == 404


def test_methodology_names_the_rules_of_sites(client):
    shown = client.get(reverse("methodology")).content.decode()
    assert all(reverse("website-rules", args=[code]) in shown for code in regime_codes())
