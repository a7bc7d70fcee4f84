"""The sites on the page of a cycle: where the newest round stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from noko.actions.website import open_round
from noko.actions.website_show import publish_round, show_round
from noko.models import SiteRound
from noko.web.office.website_stage import websites_stage
from tests.small_cycle import make_cycle, make_organisations
from tests.small_sites import REGIME, make_round

pytestmark = pytest.mark.django_db


def said(cycle):
    item = websites_stage(cycle)
    return item["state"], item["word"]


def test_stage_of_sites_before_the_first_round():
    assert said(make_cycle()) == ("", "ещё нет")


def test_stage_of_sites_follows_the_round():
    cycle, now = make_cycle(), timezone.now()
    made = make_round(cycle, {make_organisations()[0]: []})
    assert said(cycle) == ("warning", "не показан")
    show_round(site_round=made, until=timezone.localdate(now + timedelta(days=3)), by=None, now=now)
    assert said(cycle) == ("underway", "возражения")
    SiteRound.objects.update(objections_until=timezone.localdate(now - timedelta(days=1)))
    assert said(cycle) == ("underway", "показан")
    publish_round(site_round=SiteRound.objects.get(), by=None, now=now)
    assert said(cycle) == ("done", "опубликован")


def test_stage_of_sites_tells_of_the_round_that_goes_on():
    cycle, those = make_cycle(), make_organisations()[:1]
    make_round(cycle, {those[0]: []})
    now = timezone.now()
    open_round(
        cycle=cycle,
        organisations=those,
        regime=REGIME,
        on=timezone.localdate(now),
        by=None,
        now=now,
    )
    assert said(cycle) == ("underway", "идёт")
