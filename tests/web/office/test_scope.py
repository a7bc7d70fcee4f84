"""A guessed address: what lies outside of a municipal coordinator's municipality is not there."""

import pytest
from django.urls import reverse

from noko.access.permissions import Permission
from noko.access.roles import BY_CODE
from noko.web.office.urls import urlpatterns
from tests.small_cycle import make_organisations, make_person
from tests.web.office.test_pages import NEEDED

pytestmark = pytest.mark.django_db

MAY = BY_CODE["municipal_coordinator"].permissions


@pytest.fixture
def school():
    return make_organisations()


def of_organisation():
    """Every route of one organisation that a coordinator has the permission for."""
    return [
        pattern.name
        for pattern in urlpatterns
        if str(pattern.pattern).startswith("organisations/<int:key>/")
        and "<int:other>" not in str(pattern.pattern)
        and NEEDED[pattern.name] in MAY
    ]


def test_coordinator_may_look_at_organisations_and_change_them():
    assert {Permission.ORGANISATION_VIEW, Permission.ORGANISATION_EDIT} <= MAY
    assert {"organisation", "organisation_edit"} <= set(of_organisation())


def test_organisation_of_another_municipality_is_not_found(client, school):
    near, far, _ = school
    client.force_login(make_person("municipal_coordinator", municipality=near.municipality))
    for name in of_organisation():
        own, foreign = (reverse(f"office:{name}", args=[item.pk]) for item in (near, far))
        absent = reverse(f"office:{name}", args=[999_999])
        assert (name, client.get(own).status_code) == (name, 200)
        answers = [client.get(foreign), client.get(absent)]
        assert (name, [answer.status_code for answer in answers]) == (name, [404, 404])
        assert client.post(foreign).status_code in (404, 405)  # 405: it is only looked at
        assert far.short_name not in answers[0].content.decode()


def test_organisation_without_the_permission_is_refused_whether_it_is_there_or_not(client, school):
    client.force_login(make_person("operator_clerk"))
    for key in (school[0].pk, 999_999):
        assert client.get(reverse("office:organisation", args=[key])).status_code == 403
