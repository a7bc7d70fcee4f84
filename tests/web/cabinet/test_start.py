"""The cabinet's first page: one's own organisations and how they stand, nobody else's."""

from datetime import date

import pytest

from noko.models import RoleGrant
from tests.factories import released_cycle
from tests.small_cycle import make_cycle, make_organisations, make_person
from tests.small_sites import make_shown

pytestmark = pytest.mark.django_db


def test_cabinet_shows_own_organisations_with_their_published_result(client, settings, tmp_path):
    settings.FILES = tmp_path
    release = released_cycle(6)
    scores = list(release.calculation.scores.select_related("organisation"))
    own, other = scores[0], scores[1]
    client.force_login(make_person("organisation_head", organisation=own.organisation))
    shown = client.get("/cabinet/").content.decode()
    assert own.organisation.short_name in shown
    assert str(own.total).replace(".", ",") in shown
    assert f'href="/organisations/{own.organisation_id}/2026/"' in shown
    assert f"{own.place}-е из\u00a0" in shown
    assert f">{other.organisation.short_name}<" not in shown


def test_cabinet_without_a_published_result_says_what_will_be_here(client):
    school = make_organisations()[2]
    client.force_login(make_person("organisation_editor", organisation=school))
    shown = client.get("/cabinet/").content.decode()
    assert "Опубликованных результатов пока нет" in shown


def test_cabinet_of_two_organisations_shows_both(client):
    first, second, _ = make_organisations()
    person = make_person("organisation_head", organisation=first)
    RoleGrant.objects.create(
        person=person, role="organisation_editor", organisation=second, starts_on="2020-01-01"
    )
    client.force_login(person)
    shown = client.get("/cabinet/").content.decode()
    assert (first.short_name in shown, second.short_name in shown) == (True, True)


def test_cabinet_is_closed_once_the_role_is_over(client):
    school = make_organisations()[0]
    person = make_person("organisation_head", organisation=school)
    RoleGrant.objects.update(ends_on="2020-02-01")
    client.force_login(person)
    assert client.get("/cabinet/").status_code == 403


def test_cabinet_tells_of_the_newest_findings_about_the_site(client):
    school = make_organisations()[0]
    school.site = "https://berezka.example"
    school.save()
    client.force_login(make_person("organisation_head", organisation=school))
    assert "пока не показаны" in client.get("/cabinet/").content.decode()
    make_shown(make_cycle(), {school: ["common.phone"]}, until=date(2999, 1, 1))
    shown = client.get("/cabinet/").content.decode()
    assert "нет 1\xa0пункта, возражения по 1\xa0января 2999" in shown
