"""Quality of a wave in the office: flags with reasons and effects, exclusion by two people."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from noko.actions import exclusion as deeds
from noko.actions import wave_closing as closing
from noko.actions.response import Sender, accept
from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.models import AnswerBox, Exclusion, JournalEntry
from noko.models.response import Channel
from noko.queries.wave_quality import flags_of
from tests.racing import at_once
from tests.small_cycle import make_person
from tests.waves import NOON, make_wave, place_of

pytestmark = pytest.mark.django_db

GOOD, BAD = "111110-1111111", "0-0-00-000-000"


def answered(wave, patterns, number=0, **sender):
    for pattern, times in patterns.items():
        for copy in range(times):
            accept(
                place=place_of(wave, number), slip=Slip(pattern), channel=Channel.LINK,
                key=f"{number} {pattern} {copy} {sender}", sender=Sender(**sender), now=NOON,
            )  # fmt: skip


@pytest.fixture
def wave():
    """Ten honest answers and nine from one device: the device's are all good."""
    made = make_wave()
    for number in range(10):
        answered(made, {BAD if number % 2 else GOOD: 1}, device=f"d{number}")
    answered(made, {GOOD: 9}, device="one")
    return made


@pytest.fixture
def people(settings, tmp_path):
    settings.FILES = tmp_path
    return make_person("operator_analyst"), make_person("operator_manager")


def text(answer):
    return answer.content.decode()


def proposed(client, wave, reason="Одно устройство, подряд."):
    flag = quote(flags_of(wave)[0].key)
    address = f"/office/waves/{wave.pk}/quality/propose/?flag={flag}"
    page = text(client.get(address))
    assert "Предложить исключить 8\xa0анкет" in page
    client.post(address, {"reason": reason})
    return Exclusion.objects.get()


def test_quality_names_reason_and_effect(client, people, wave):
    client.force_login(people[0])
    page = text(client.get(f"/office/waves/{wave.pk}/quality/"))
    assert "С одного устройства пришло до 9\xa0анкет" in page
    assert "Повторных с одного устройства всего 8\xa0анкет" in page
    # Fourteen of nineteen are satisfied; without the eight, six of eleven.
    assert re.findall(r"(\d+) → (\d+)", page)[:1] == [("74", "55")]


def test_quality_without_anything_unusual_says_so(client, people):
    wave = make_wave()
    answered(wave, {GOOD: 2})
    client.force_login(people[0])
    assert "Ничего необычного" in text(client.get(f"/office/waves/{wave.pk}/quality/"))


def test_exclusion_takes_two_people(client, people, wave):
    analyst, manager = people
    client.force_login(analyst)
    item = proposed(client, wave)
    address = f"/office/waves/{wave.pk}/quality/{item.pk}/"
    assert "Исключить 8" not in text(client.get(address))
    own = client.post(address, {"confirm": "1"})
    assert (own.status_code, "другой человек" in text(own)) == (422, True)
    client.force_login(manager)
    assert "Исключить 8\xa0анкет" in text(client.get(address))
    assert client.post(address, {"confirm": "1"}).status_code == 302
    item.refresh_from_db()
    assert (item.status, item.number, item.decided_by) == ("confirmed", 8, manager)
    assert [sum(part["answers"].values()) for part in item.removed.values()] == [8]
    assert item.effect["total"] is None
    assert ["74", "55"] in [pair for _, *pair in item.effect["indicators"]]
    assert sum(AnswerBox.objects.values_list("number", flat=True)) == 11
    again = client.post(address, {"confirm": "1"})
    assert (again.status_code, "уже принято решение" in text(again)) == (422, True)


def test_exclusion_stands_in_the_journal_with_its_reason_and_no_answers(client, people, wave):
    client.force_login(people[0])
    item = proposed(client, wave, "Подряд с одного устройства.")
    deeds.confirm(exclusion=item, effect={}, by=people[1], now=NOON)
    entries = JournalEntry.objects.filter(deed__startswith="exclusion").order_by("pk")
    assert [(e.deed, e.by, e.reason) for e in entries] == [
        ("exclusion.proposed", people[0], "Подряд с одного устройства."),
        ("exclusion.confirmed", people[1], "Подряд с одного устройства."),
    ]
    assert GOOD not in str([entry.after for entry in entries])


def test_exclusion_may_be_declined_or_taken_back(client, people, wave):
    client.force_login(people[0])
    item = proposed(client, wave)
    client.post(f"/office/waves/{wave.pk}/quality/{item.pk}/", {"decline": "1"})
    item.refresh_from_db()
    assert (item.status, item.removed) == ("declined", {})
    assert sum(AnswerBox.objects.values_list("number", flat=True)) == 19


def test_exclusion_without_a_reason_is_refused(client, people, wave):
    client.force_login(people[0])
    flag = quote(flags_of(wave)[0].key)
    for reason in ("", "   "):
        answer = client.post(
            f"/office/waves/{wave.pk}/quality/propose/?flag={flag}", {"reason": reason}
        )
        assert (answer.status_code, Exclusion.objects.count()) == (422, 0)


def test_exclusion_of_a_flag_that_is_gone_leads_back(client, people, wave):
    client.force_login(people[0])
    answer = client.get(f"/office/waves/{wave.pk}/quality/propose/?flag=device.999.1..")
    assert answer.url == f"/office/waves/{wave.pk}/quality/"


def test_exclusion_is_proposed_once(people, wave):
    facts = {"place": wave.places.first(), "flag": "device", "marks": 1, "day": None,
             "pattern": "", "number": 8, "reason": "Да.", "by": people[0], "now": NOON}  # fmt: skip
    deeds.propose(**facts)
    with pytest.raises(Refusal) as refused:
        deeds.propose(**facts)
    assert refused.value.kind == "exclusion_waiting"


def test_exclusion_of_one_pattern_leaves_the_others(people, wave):
    place = wave.places.order_by("organisation__sort_key").first()
    item = deeds.propose(
        place=place, flag="same", marks=0, day=None, pattern=BAD, number=5, reason="Одинаковые.",
        by=people[0], now=NOON,
    )  # fmt: skip
    deeds.confirm(exclusion=item, effect={}, by=people[1], now=NOON)
    rest = {}
    for box in AnswerBox.objects.all():
        for pattern, number in box.answers.items():
            rest[pattern] = rest.get(pattern, 0) + number
    assert (item.number, rest) == (5, {GOOD: 14})


def test_closing_waits_for_proposals_and_keeps_what_was_left_out(client, people, wave):
    client.force_login(people[0])
    item = proposed(client, wave)
    client.force_login(people[1])
    answer = client.post(f"/office/waves/{wave.pk}/close/")
    assert (answer.status_code, "Не решено, исключать ли анкеты" in text(answer)) == (422, True)
    assert wave.places.filter(is_open=True).count() == 2
    deeds.confirm(exclusion=item, effect={}, by=people[1], now=NOON)
    client.post(f"/office/waves/{wave.pk}/close/")
    wave.refresh_from_db()
    item.refresh_from_db()
    assert (wave.act["accepted"], wave.act["excluded"]) == (11, 8)
    assert item.removed == {"": {"answers": {GOOD: 8}}}
    late = client.post(f"/office/waves/{wave.pk}/quality/{item.pk}/", {"decline": "1"})
    assert late.status_code == 422


def test_exclusion_of_a_closed_wave_is_refused(people, wave):
    closing.stop(wave=wave, by=None, now=NOON)
    with pytest.raises(Refusal) as refused:
        deeds.propose(
            place=wave.places.first(), flag="device", marks=1, day=None, pattern="", number=8,
            reason="Да.", by=people[0], now=NOON,
        )  # fmt: skip
    assert refused.value.kind == "wave_moved"


@pytest.mark.django_db(transaction=True)
def test_exclusion_confirmed_by_many_at_once_is_done_once():
    wave = make_wave()
    answered(wave, {GOOD: 9}, device="one")
    analyst, manager = make_person("operator_analyst"), make_person("operator_manager")
    item = deeds.propose(
        place=wave.places.order_by("organisation__sort_key").first(), flag="device", marks=1,
        day=None, pattern="", number=8, reason="Да.", by=analyst, now=NOON,
    )  # fmt: skip
    done, refused = at_once(
        lambda: deeds.confirm(
            exclusion=Exclusion.objects.get(pk=item.pk), effect={}, by=manager, now=NOON
        )
    )
    assert (len(done), refused) == (1, ["exclusion_decided"] * 3)
    assert sum(AnswerBox.objects.values_list("number", flat=True)) == 1
