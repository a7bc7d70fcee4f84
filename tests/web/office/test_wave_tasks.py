"""What a wave puts on somebody's first page: what a second or a third person decides."""

import pytest

from noko.actions.response import Sender, accept
from noko.core.answers.slip import Slip
from noko.models import Exclusion, Inspection
from noko.models.response import Channel
from tests.small_cycle import NOW, make_person
from tests.waves import NOON, make_wave, place_of

pytestmark = pytest.mark.django_db

PROPOSED = "Исключить 3\xa0анкеты: Детский сад «Берёзка» (preschool)"


@pytest.fixture
def wave(settings, tmp_path):
    settings.FILES = tmp_path
    wave = make_wave()
    accept(
        place=place_of(wave), slip=Slip("1" * 14), key="k", channel=Channel.LINK, sender=Sender(),
        now=NOON,
    )  # fmt: skip
    return wave


def start(client, person):
    client.force_login(person)
    return client.get("/office/").content.decode()


def test_proposal_waits_for_a_second_person_and_not_for_the_one_who_made_it(client, wave):
    analyst, manager = make_person("operator_analyst"), make_person("operator_manager")
    Exclusion.objects.create(
        place=wave.places.order_by("organisation__sort_key").first(), flag="device", number=3,
        reason="Один телефон.", proposed_at=NOW, proposed_by=analyst,
    )  # fmt: skip
    page = start(client, manager)
    assert PROPOSED in page
    assert "Один телефон." in page
    assert PROPOSED not in start(client, analyst)


def test_experts_who_differ_wait_for_a_third_person(client, wave):
    place = wave.places.order_by("organisation__sort_key").first()
    manager = make_person("operator_manager")
    for name, mark in (("one", "present"), ("two", "absent")):
        expert = make_person("operator_expert", f"{name}@example.org")
        Inspection.objects.create(
            place=place, expert=expert, status="submitted", found={"comfort": {"water": mark}},
            started_at=NOW, saved_at=NOW, submitted_at=NOW,
        )  # fmt: skip
    address = f"/field/{place.pk}/differences/"
    assert address in start(client, manager)
    assert address not in start(client, expert)
    client.force_login(manager)
    assert "эксперты разошлись" in client.get("/field/").content.decode()
    assert f'<a href="{address}">' in client.get(f"/office/waves/{wave.pk}/close/").content.decode()
    client.force_login(expert)
    assert "эксперты разошлись" not in client.get("/field/").content.decode()
