"""Who may open what: every address of the office for every role."""

import pytest
from django.urls import reverse

from noko.access.permissions import Permission
from noko.access.roles import ROLES, Reach
from noko.actions import imports
from noko.models import Organisation
from noko.web.office.urls import urlpatterns
from tests.small_cycle import (
    NOW,
    make_cycle,
    make_dataset,
    make_done,
    make_organisations,
    make_person,
)
from tests.web.office import (
    routes_busgov,
    routes_council,
    routes_list,
    routes_person,
    routes_plan,
    routes_registry,
    routes_specification,
    routes_wave,
    routes_website,
)

pytestmark = pytest.mark.django_db

NEEDED = {
    "start": Permission.OFFICE_ENTER,
    "cycles": Permission.CYCLE_VIEW,
    "cycle_new": Permission.CYCLE_EDIT,
    "cycle": Permission.CYCLE_VIEW,
    "dataset_upload": Permission.DATASET_IMPORT,
    "calculate": Permission.RATING_CALCULATE,
    "import": Permission.DATASET_IMPORT,
    "import_dismiss": Permission.DATASET_IMPORT,
    "calculation": Permission.RATING_VIEW,
    "calculation_report": Permission.RATING_VIEW,
    "progress": Permission.RATING_VIEW,
    "release": Permission.RELEASE_PUBLISH,
    "journal": Permission.JOURNAL_VIEW,
    "journal_file": Permission.JOURNAL_VIEW,
    **routes_busgov.NEEDED,
    **routes_council.NEEDED,
    **routes_list.NEEDED,
    **routes_person.NEEDED,
    **routes_plan.NEEDED,
    **routes_registry.NEEDED,
    **routes_specification.NEEDED,
    **routes_wave.NEEDED,
    **routes_website.NEEDED,
}
SUBJECTS = (
    routes_busgov,
    routes_council,
    routes_list,
    routes_person,
    routes_plan,
    routes_registry,
    routes_specification,
    routes_wave,
    routes_website,
)
ONLY_POST = {"import_dismiss"}.union(*(subject.ONLY_POST for subject in SUBJECTS))
"""Nothing is done by opening an address: these answer 405 to a GET."""
ANSWERS = {**routes_specification.ANSWERS, **routes_wave.ANSWERS, **routes_website.ANSWERS}
"""What those who may get where it is not a page."""


def status(client, address):
    """What is answered; a file that comes with it is read to its end."""
    answer = client.get(address)
    if answer.streaming:
        answer.getvalue()
    return answer.status_code


@pytest.fixture
def addresses(settings, tmp_path):
    """One real address for every route."""
    settings.FILES = tmp_path
    cycle = make_cycle()
    dataset = make_dataset(cycle)
    organisations = make_organisations()
    done = make_done(cycle, dataset, organisations)
    item = imports.remember(
        cycle=cycle, kind="data", folder="x", file_names={}, preview=PREVIEW, by=None, now=NOW
    )
    given = {
        "cycle": ["2026"],
        "dataset_upload": ["2026"],
        "calculate": ["2026", 1],
        "import": [item.pk],
        "import_dismiss": [item.pk],
        "calculation": [done.pk],
        "calculation_report": [done.pk, "pdf"],
        "progress": [done.pk],
        "release": [done.pk],
        **routes_busgov.given(),
        **routes_council.given(),
        **routes_person.given(),
        **routes_registry.arguments(organisations),
        **routes_plan.given(cycle),
        **routes_specification.arguments(cycle),
        **routes_wave.arguments(cycle),
        **routes_website.arguments(cycle, organisations),
        **routes_list.arguments(),
    }
    names = [pattern.name for pattern in urlpatterns]
    return {name: reverse(f"office:{name}", args=given.get(name, [])) for name in names}


PREVIEW = {
    "ready": False,
    "problems": [],
    "files": [],
    "certain": 0,
    "open": [],
    "only": {},
    "skipped": [],
    "organisations": 0,
    "respondents": 0,
}


def test_office_every_route_is_named_here(addresses):
    assert set(addresses) == set(NEEDED)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_office_opens_to_those_who_may(client, addresses, role):
    client.force_login(make_reaching(role))
    for name, address in addresses.items():
        expected = 200 if NEEDED[name] in role.permissions else 403
        if expected == 200:
            expected = ANSWERS.get(name, 200)
        if name == "calculation_report" and expected == 200:
            expected = 302  # back to the calculation: this one has no data set on the disk
        if name in ONLY_POST:
            expected = 405
        if name in routes_council.SEATED and expected == 200:
            expected = 404
        if expected == 200:
            expected = routes_list.answer(name, role)
        assert (name, status(client, address)) == (name, expected)
        if NEEDED[name] not in role.permissions and name in ONLY_POST:
            assert (name, client.post(address).status_code) == (name, 403)


def make_reaching(role):
    """A person whose role reaches the organisations of the addresses."""
    organisation = Organisation.objects.get(full_name="Детский сад «Берёзка»")
    if role.reach is Reach.MUNICIPALITY:
        return make_person(role.code, municipality=organisation.municipality)
    if role.reach is Reach.ORGANISATION:
        return make_person(role.code, organisation=organisation)
    return make_person(role.code)


def test_office_sends_strangers_to_sign_in(client, addresses):
    for address in addresses.values():
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")


def test_office_is_closed_to_a_person_without_roles(client, addresses):
    client.force_login(make_person("", "nobody@example.org"))
    for name, address in addresses.items():
        expected = 405 if name in ONLY_POST else 403
        assert (name, client.get(address).status_code) == (name, expected)


@pytest.mark.parametrize(
    "address",
    [
        "/office/cycles/nothing/",
        "/office/cycles/nothing/upload/",
        "/office/cycles/2026/datasets/9/calculate/",
        "/office/imports/999999/",
        "/office/calculations/999999/",
        "/office/calculations/999999/release/",
        "/office/people/999999/",
        "/office/people/999999/roles/1/end/",
        "/office/people/invitations/999999/",
        "/office/lists/999999/",
        "/office/lists/999999/coverage/",
        "/office/lists/999999/approve/",
        "/office/cycles/nothing/list/new/",
        "/office/organisations/999999/",
        "/office/organisations/999999/edit/",
        "/office/organisations/999999/merge/",
        "/office/organisations/999999/merge/999998/",
        "/office/organisations/999999/reorganise/",
        "/office/reorganisations/999999/cancel/",
        "/office/specifications/999999/",
        "/office/specifications/999999/tehzadanie.docx",
        "/office/cycles/nothing/specification/new/",
        "/office/clauses/999999/propose/",
        "/office/clauses/proposals/999999/",
        "/office/contracts/999999/",
        "/office/cycles/nothing/waves/",
        "/office/waves/999999/",
        "/office/waves/999999/links/1.pdf",
        "/office/websites/rounds/999999/",
        "/office/websites/visits/999999/",
        "/office/websites/visits/999999/items/common.phone/",
        "/office/websites/objections/999999/",
        "/office/websites/marks/999999/withdraw/",
        "/office/websites/new/nothing/",
        "/office/nothing/",
    ],
)
def test_office_guessed_address_is_not_found(client, addresses, address):
    client.force_login(make_person("administrator"))
    assert client.get(address).status_code == 404


def test_office_dismiss_needs_the_permission(client, addresses):
    client.force_login(make_person("head"))
    assert client.post(addresses["import_dismiss"]).status_code == 403
