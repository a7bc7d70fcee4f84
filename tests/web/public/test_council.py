"""The council as everybody sees it: only what is published, with its digests."""

import pytest

from noko import kept
from noko.actions import agenda
from noko.documents.council import minutes_digest
from noko.jobs import council as jobs
from tests.small_council import (
    NOW,
    make_council,
    make_decided,
    make_open,
    make_session,
    members_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES = tmp_path


def signed(council):
    session = make_session(council)
    agenda.add_material(
        item=session.items.get(), name="перечень.txt", content=b"1", annex=True, by=None, now=NOW
    )
    agenda.add_material(
        item=session.items.get(), name="справка.txt", content=b"2", annex=False, by=None, now=NOW
    )
    session, _ = make_decided(session)
    chair = members_of(council)[0].person
    return jobs.sign(session=session, expected=minutes_digest(session), by=chair, now=NOW)


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_council_without_members_is_not_shown(client):
    council = make_council(people=0)
    assert "Здесь будут состав" in text(client, "/council/")
    assert client.get(f"/council/{council.pk}/").status_code == 404


def test_council_composition_is_public_and_addresses_are_not(client):
    council = make_council()
    page = text(client, f"/council/{council.pk}/")
    assert ("Лебедева Ольга Павловна" in page, "Союз родителей" in page) == (True, True)
    assert "@example.org" not in page
    assert "в пересказе источника" in page


def test_council_decision_is_shown_when_it_is_published(client):
    council = make_council()
    session = signed(council)
    decision = session.decisions.get()
    address = f"/council/{council.pk}/decisions/{decision.pk}/"
    assert client.get(address).status_code == 404
    assert "О перечне" not in text(client, "/council/")
    for file in [*decision.files, *decision.annexes, *session.minutes]:
        url = f"/files/council/{file['sha256']}/{file['name']}"
        assert client.get(url).status_code == 404
    jobs.publish(session=session, by=None, now=NOW)
    page = text(client, address)
    assert decision.digest in page
    assert "«за» не меньше 4" in page
    assert "О перечне" in text(client, "/council/")
    for file in [*decision.files, *decision.annexes, *session.minutes]:
        assert f"{file['sha256']}/" in page
        url = f"/files/council/{file['sha256']}/{file['name']}"
        answer = client.get(url)
        content = answer.getvalue()
        assert (answer.status_code, len(content)) == (200, file["bytes"])
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["ETag"] == f'"{file["sha256"]}"'


def test_council_material_that_is_no_annex_stays_inside(client):
    session = signed(make_council())
    jobs.publish(session=session, by=None, now=NOW)
    digest = kept.keep(b"2")
    assert client.get(f"/files/council/{digest}/справка.txt").status_code == 404
    assert client.get(f"/files/council/{kept.keep(b'1')}/другое.txt").status_code == 404


def test_council_decision_stands_under_its_own_council(client):
    council, other = make_council(), make_council(short_name="Другой совет")
    session = signed(council)
    jobs.publish(session=session, by=None, now=NOW)
    decision = session.decisions.get()
    assert client.get(f"/council/{other.pk}/decisions/{decision.pk}/").status_code == 404


def test_council_open_session_is_nobodys_business(client):
    council = make_council()
    make_open(make_session(council))
    page = text(client, f"/council/{council.pk}/")
    assert ("О перечне" in page, "протоколов пока нет" in page) == (False, True)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_council_pages_are_only_read(client, method):
    make_council()
    assert getattr(client, method)("/council/").status_code == 405
