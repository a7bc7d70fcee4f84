"""Letters about a wave: to whom, about what, each step once; with a real mail server."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from noko.actions import wave as waves
from noko.actions import wave_letter as deeds
from noko.actions.response import Sender, accept
from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.core.wave_letters import Step, steps_on
from noko.jobs.mail import send_letter
from noko.jobs.wave import posters_of, write_due, write_letters
from noko.models import JournalEntry, Letter, Organisation, RoleGrant, WaveLetter
from noko.models.response import Channel
from noko.queries.calendar import working_calendar
from tests.postbox import postbox
from tests.small_cycle import make_person
from tests.waves import NOON, make_wave, place_of

pytestmark = pytest.mark.django_db

OPENED, MIDDLE = NOON, NOON + timedelta(days=15)
LAST = datetime(2027, 2, 25, 9, 0, tzinfo=UTC)
FIRST, SECOND = "Детский сад «Берёзка» (preschool)", "Детский сад № 2 (preschool)"


@pytest.fixture
def wave():
    """Open: the first has a coordinator and a head, the second an address in the registry."""
    found = make_wave(opened=False)
    first, second = (p.organisation for p in found.places.order_by("organisation__sort_key"))
    make_person("municipal_coordinator", municipality=first.municipality)
    make_person("organisation_head", organisation=first)
    Organisation.objects.filter(pk=second.pk).update(email="Sad2@Example.org ")
    return waves.open_wave(wave=found, by=None, now=OPENED)


def write(wave, now):
    return deeds.make_due(wave=wave, attach=posters_of, now=now)


def written():
    rows = WaveLetter.objects.order_by("to").values_list("to", "step", "organisations")
    return list(rows)


def answer(wave, number, times, now=NOON):
    for turn in range(times):
        accept(
            place=place_of(wave, number), slip=Slip("1-------------"), key=f"{number}-{turn}",
            channel=Channel.LINK, sender=Sender(), now=now,
        )  # fmt: skip


def test_letters_of_the_opening_reach_coordinator_head_and_registered_address(wave, settings):
    assert write(wave, OPENED) == 3
    with postbox(settings) as box:
        for _ in range(2):
            for letter in Letter.objects.order_by("pk"):
                send_letter(letter.pk)
    by_address = {message["To"]: message for message in box.letters}
    assert sorted(by_address) == [
        "municipal_coordinator@example.org", "organisation_head@example.org", "sad2@example.org",
    ]  # fmt: skip
    assert len(box.letters) == 3
    codes = list(wave.places.order_by("organisation__sort_key").values_list("code", flat=True))
    texts = {address: message.get_body().get_content() for address, message in by_address.items()}
    for address, own, other in (
        ("municipal_coordinator@example.org", codes[0], codes[1]),
        ("organisation_head@example.org", codes[0], codes[1]),
        ("sad2@example.org", codes[1], codes[0]),
    ):
        assert (f"/s/{own}/" in texts[address], f"/s/{other}/" in texts[address]) == (True, False)
        assert "нужно анкет: 48" in texts[address]
    files = {
        address: [part.get_content_type() for part in message.iter_attachments()]
        for address, message in by_address.items()
    }
    assert files == {
        "municipal_coordinator@example.org": [],
        "organisation_head@example.org": ["application/pdf"],
        "sad2@example.org": ["application/pdf"],
    }
    assert "/office/waves/" in texts["municipal_coordinator@example.org"]
    assert by_address["sad2@example.org"]["Subject"].strip().startswith("Опрос открыт: Оценка 2027")


def test_letters_are_written_once_however_often_the_job_runs(wave):
    for _ in range(3):
        write(wave, OPENED)
    assert (WaveLetter.objects.count(), Letter.objects.count()) == (3, 3)


def test_letters_that_a_killed_run_has_left_are_written_by_the_next(wave, monkeypatch):
    post, made = deeds.letter.post, []

    def dies(**fields):
        if made:
            raise KeyboardInterrupt
        made.append(fields)
        return post(**fields)

    with monkeypatch.context() as patched:
        patched.setattr(deeds.letter, "post", dies)
        with pytest.raises(KeyboardInterrupt):
            write(wave, OPENED)
    assert (WaveLetter.objects.count(), Letter.objects.count()) == (1, 1)
    write(wave, OPENED)
    assert (WaveLetter.objects.count(), Letter.objects.count()) == (3, 3)


def test_letters_of_the_middle_go_to_those_who_are_behind(wave):
    answer(wave, 0, 40)
    write(wave, OPENED)
    assert write(wave, MIDDLE) == 1
    assert [row for row in written() if row[1] == "half"] == [("sad2@example.org", "half", 1)]
    text = Letter.objects.latest("pk").text
    assert "принято 0 из 48, не хватает: 48" in text
    assert FIRST not in text


def test_letters_of_the_last_days_come_again_when_the_wave_is_prolonged(wave):
    write(wave, OPENED)
    assert write(wave, LAST) == 3
    assert write(wave, LAST + timedelta(days=1)) == 0
    waves.change(
        wave=wave, operator="", starts_on=wave.starts_on, ends_on=date(2027, 3, 31), by=None,
        now=LAST,
    )  # fmt: skip
    assert write(wave, datetime(2027, 3, 29, 9, 0, tzinfo=UTC)) == 3
    assert {step for _, step, _ in written()} == {"opened", "last"}


def test_letters_stop_with_the_last_day_and_when_the_wave_is_not_open(wave):
    assert write(wave, datetime(2027, 3, 1, 9, 0, tzinfo=UTC)) == 0
    planned = make_wave("2028", "general", opened=False)
    assert write(planned, OPENED) == 0
    write_letters(planned.pk)
    write_letters(0)
    write_due.func(0)


def test_letters_to_one_address_are_one_letter(wave):
    first, second = (p.organisation for p in wave.places.order_by("organisation__sort_key"))
    Organisation.objects.filter(pk__in=[first.pk, second.pk]).update(email="same@example.org")
    head = deeds.people_for(wave, Step.OPENED, OPENED).addressees
    assert [(item.to, item.coordinator, len(item.places)) for item in head] == [
        ("municipal_coordinator@example.org", True, 1),
        ("same@example.org", False, 1),
        ("organisation_head@example.org", False, 1),
    ]


def test_people_name_whoever_cannot_be_reached():
    wave = make_wave(opened=False)
    Organisation.objects.filter(pk__in=wave.places.values("organisation")).update(email="нет почты")
    people = deeds.people_for(wave, Step.OPENED, OPENED)
    assert [str(row.place) for row in people.unreached] == [FIRST, SECOND]
    assert people.addressees == []


def test_remind_writes_to_those_at_risk_once_a_day(wave):
    person = make_person()
    answer(wave, 0, 48)
    assert deeds.remind(wave=wave, by=person, now=MIDDLE) == 1
    assert written() == [("sad2@example.org", "help", 1)]
    with pytest.raises(Refusal) as refusal:
        deeds.remind(wave=wave, by=person, now=MIDDLE + timedelta(hours=3))
    assert refusal.value.kind == "reminded_today"
    assert deeds.remind(wave=wave, by=person, now=MIDDLE + timedelta(days=1)) == 1
    entries = JournalEntry.objects.filter(deed="wave.reminded")
    assert [entry.after for entry in entries] == [{"писем": 1, "организаций": 1}] * 2


def test_remind_refuses_when_nobody_is_late_or_reached(wave):
    answer(wave, 0, 48)
    answer(wave, 1, 48)
    with pytest.raises(Refusal) as refusal:
        deeds.remind(wave=wave, by=None, now=MIDDLE)
    assert refusal.value.kind == "nobody_late"
    RoleGrant.objects.all().delete()
    other = make_wave("2028", "general")
    with pytest.raises(Refusal) as refusal:
        deeds.remind(wave=other, by=None, now=MIDDLE)
    assert refusal.value.kind == "nobody_reached"
    planned = make_wave("2029", "supplementary", opened=False)
    with pytest.raises(Refusal) as refusal:
        deeds.remind(wave=planned, by=None, now=MIDDLE)
    assert refusal.value.kind == "wave_moved"


@pytest.mark.django_db(transaction=True)
def test_remind_by_a_double_click_is_one_letter_to_each(wave):
    results = []

    def click():
        try:
            results.append(deeds.remind(wave=wave, by=None, now=MIDDLE))
        except Refusal as refusal:
            results.append(refusal.kind)
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["3", *["reminded_today"] * 3]
    assert (WaveLetter.objects.count(), Letter.objects.count()) == (3, 3)


@pytest.mark.parametrize(
    ("today", "steps"),
    [
        (date(2027, 2, 1), ["opened"]),
        (date(2027, 2, 13), ["opened"]),
        (date(2027, 2, 14), ["opened", "half"]),
        (date(2027, 2, 24), ["opened", "last"]),
        (date(2027, 2, 28), ["opened", "last"]),
        (date(2027, 3, 1), []),
    ],
)
def test_steps_of_a_wave_follow_its_days(today, steps):
    found = steps_on(
        opened_on=date(2027, 2, 1), starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 28),
        today=today, calendar=working_calendar(),
    )  # fmt: skip
    assert found == tuple(steps)
