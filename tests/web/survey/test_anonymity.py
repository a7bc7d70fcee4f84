"""Nobody can say who answered what: an attacker with dumps, keys and the salt does as chance does.

First the attacker is tried on a table that keeps answers as rows: there all are found, so that the
other results mean something.
"""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection

from noko.actions import batch as batches
from noko.actions import sheet as sheets
from noko.actions.response import Sender, accept, key_digest
from noko.core.answers.double_entry import Reading
from noko.core.answers.slip import Slip, slip_of
from noko.models import WaveOrganisation
from noko.models.response import Channel
from noko.queries.response import form_of_wave
from tests.small_cycle import make_person
from tests.waves import DAY, NOON, make_wave, place_of
from tests.web.survey import attacker
from tests.web.survey.attacker import Known

# Each answer must be a transaction of its own, as it is in life.
pytestmark = pytest.mark.django_db(transaction=True)

OF_A_DAY, DAYS = 60, 3


def respondents():
    """Known people on three days, with answers that are mostly unlike each other."""
    rng = random.Random(20270201)
    for day in range(DAYS):
        at = NOON + timedelta(days=day)
        for _ in range(OF_A_DAY):
            at += timedelta(seconds=rng.randint(40, 400))
            signs = "".join("1" if rng.random() < 0.8 else "0" for _ in range(14))
            key, word = f"{rng.getrandbits(128):032x}", f"q16={rng.getrandbits(40):010x}"
            yield Known(at, DAY + timedelta(days=day), key, Slip(signs, (), (word,)))


def answered(place, person, number):
    sender = Sender(f"device {number}", f"10.0.{number % 7}", 90 + number, way="proved")
    accept(
        place=place, slip=person.slip, key=person.key, channel=Channel.LINK, sender=sender,
        now=person.at,
    )  # fmt: skip


@pytest.fixture
def attacked():
    """Place, known people, and the dumps of three nights."""
    place = place_of(make_wave())
    known, nights = list(respondents()), []
    for number, person in enumerate(known):
        answered(place, person, number)
        if (number + 1) % OF_A_DAY == 0:
            nights.append(attacker.dump())
    return place, known, nights


def test_attacker_finds_everybody_in_a_table_of_rows():
    known = list(respondents())
    with connection.cursor() as cursor:
        cursor.execute("create table naive (id serial, day date, pattern text, digest bytea)")
        try:
            for person in known:
                cursor.execute(
                    "insert into naive (day, pattern, digest) values (%s, %s, %s)",
                    [person.day, person.slip.pattern, person.key.encode()],
                )
            whole = attacker.dump()
        finally:
            cursor.execute("drop table naive")
    found = {name: attacker.hits(known, order) for name, order in attacker.in_order(whole)}
    assert found["disk"] == found["transaction"] == found["number"] == len(known)
    keys = [person.key.encode() for person in known]
    assert attacker.hits_by_transaction(known, whole, keys) == len(known)


def test_attacker_with_a_dump_does_as_chance_does(attacked):
    _, known, nights = attacked
    expected, limit = attacker.chance(known)
    found = {name: attacker.hits(known, order) for name, order in attacker.in_order(nights[-1])}
    assert len(found) == 9
    assert {name: number for name, number in found.items() if number > limit} == {}
    assert expected < 0.2 * len(known)


def test_attacker_with_backups_of_several_nights_does_as_chance_does(attacked):
    _, known, nights = attacked
    for before, after in pairwise(nights):
        new = attacker.added(before, after)
        day = new[0][0]
        assert len(new) == OF_A_DAY
        of_day = [person for person in known if person.day == day]
        _, limit = attacker.chance(of_day)
        assert attacker.hits(of_day, new) <= limit


def test_attacker_with_keys_and_salt_finds_receipts_and_no_answers(attacked):
    place, known, nights = attacked
    digests = [key_digest(place, person.key) for person in known]
    _, limit = attacker.chance(known)
    assert attacker.hits_by_transaction(known, nights[-1], digests) <= limit
    assert attacker.hits_by_transaction(known, nights[0], digests) <= limit


def test_dump_holds_no_key_device_address_or_moment(attacked):
    _, known, nights = attacked
    text = nights[-1].text()
    for number, person in enumerate(known):
        assert person.key not in text
        assert f'"device {number}"' not in text
        assert f"{person.at:%H:%M:%S}" not in text
    assert "10.0." not in text


def test_remark_cannot_be_laid_beside_an_answer(attacked):
    """Remarks stand in an order of their own, so the n-th is not the n-th answer's."""
    _, known, nights = attacked
    [table] = [rows for name, rows in nights[-1].tables.items() if name == "noko_answerbox"]
    by_remark = {person.slip.remarks[0]: person.slip.pattern for person in known}
    found = 0
    for row in table:
        remarks = attacker.as_json(row["remarks"])
        found += sum(
            by_remark[remark] == pattern
            for remark, pattern in zip(remarks, attacker.answers_in(row), strict=False)
        )
    _, limit = attacker.chance(known)
    assert found <= limit


@pytest.fixture
def typed():
    """Place, sheets whose numbers the attacker knows, and the dumps of three nights of typing."""
    wave = make_wave()
    form = form_of_wave(wave)
    place = place_of(wave)
    clerks = [make_person("operator_clerk", f"{name}@example.org") for name in "ab"]
    pile = batches.begin(
        place=WaveOrganisation.objects.get(pk=place.id), sheets=OF_A_DAY * DAYS, day=DAY, by=None,
        now=NOON,
    )  # fmt: skip
    rng = random.Random(20270202)
    known, nights = [], []
    for number in range(1, OF_A_DAY * DAYS + 1):
        values = {item.id: int(rng.random() < 0.8) for item in form.closed}
        for asked in form.closed:
            if asked.condition and values[asked.condition.question] != asked.condition.answer:
                del values[asked.id]
        values["q16"] = f"{rng.getrandbits(40):010x}"
        for clerk in clerks:
            sheets.type_sheet(
                batch=pile, sheet=number, reading=Reading(values), numbered=True, by=clerk,
                now=NOON,
            )  # fmt: skip
        slip = slip_of(form, values)
        key = batches.sheet_key(pile, number)
        known.append(Known(NOON + timedelta(seconds=number), DAY, key, slip))
        if number % OF_A_DAY == 0:
            nights.append(attacker.dump())
    return place, known, nights


def test_attacker_who_knows_the_numbers_of_sheets_does_as_chance_does(typed):
    place, known, nights = typed
    _, limit = attacker.chance(known)
    found = {name: attacker.hits(known, order) for name, order in attacker.in_order(nights[-1])}
    assert {name: number for name, number in found.items() if number > limit} == {}
    digests = [key_digest(place, person.key) for person in known]
    assert attacker.hits_by_transaction(known, nights[-1], digests) <= limit
    assert nights[-1].tables["noko_sheettyping"] == []
    assert nights[-1].tables["noko_trace"] == []


def test_sheet_that_waits_for_its_second_reading_holds_no_moment():
    """It is as readable as the paper itself; the decision about boxes says so."""
    wave = make_wave()
    pile = batches.begin(place=wave.places.first(), sheets=1, day=DAY, by=None, now=NOON)
    sheets.type_sheet(
        batch=pile, sheet=1, reading=Reading({"q1": 1}), numbered=True,
        by=make_person("operator_clerk"), now=NOON,
    )  # fmt: skip
    [row] = attacker.dump().tables["noko_sheettyping"]
    kept = {"id", "sheet", "slot", "values", "spoilt", "batch_id", "clerk_id"}
    assert set(row) - {"ctid", "xmin"} == kept
