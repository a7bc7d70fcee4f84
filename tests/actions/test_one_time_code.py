"""One-time codes: used once, only for their organisation, never beside an answer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from noko.actions import one_time_code as codes
from noko.actions.response import Sender
from noko.actions.wave_closing import close, stop
from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.core.statistics.marks import Mark
from noko.models import AnswerBox, JournalEntry, OneTimeCode, Receipt, Wave
from noko.models.response import Channel
from noko.queries.wave import confirmed_by_place
from tests.racing import one_each
from tests.small_cycle import make_person
from tests.waves import NOON, make_wave, place_of

pytestmark = pytest.mark.django_db

SLIP = Slip("1" * 14)


def issued(wave, number=3):
    place = wave.places.order_by("organisation__sort_key").first()
    return codes.issue(place=place, number=number, by=None, now=NOON)


def send(place, key, code=""):
    return codes.accept_with_code(
        code=code, place=place, slip=SLIP, key=key, channel=Channel.LINK, sender=Sender(), now=NOON
    )


def marks():
    return dict(AnswerBox.objects.values_list("marks", "number"))


def test_code_confirms_one_answer_and_is_gone():
    wave = make_wave()
    place, (code, *_) = place_of(wave), issued(wave)
    assert (len(code), OneTimeCode.objects.count()) == (10, 3)
    send(place, "a", code)
    assert (marks(), OneTimeCode.objects.count()) == ({int(Mark.CONFIRMED): 1}, 2)
    send(place, "b", code)
    send(place, "c", "abcdefghjk")
    send(place, "d")
    assert marks() == {int(Mark.CONFIRMED): 1, 0: 3}
    assert confirmed_by_place(wave) == {place.id: 1}


def test_code_of_another_organisation_confirms_nothing():
    wave = make_wave()
    code = issued(wave)[0]
    send(place_of(wave, 1), "a", code)
    assert (marks(), OneTimeCode.objects.count()) == ({0: 1}, 3)


def test_code_is_not_used_up_by_a_repeated_answer():
    wave = make_wave()
    place, (one, two, _) = place_of(wave), issued(wave)
    first = send(place, "a", one)
    again = send(place, "a", two)
    assert (again.new, again.receipt, OneTimeCode.objects.count()) == (False, first.receipt, 2)
    assert send(place, "a", one).new is False
    send(place, "b", two)
    assert marks() == {int(Mark.CONFIRMED): 2}


def test_code_is_kept_as_a_digest_alone():
    wave = make_wave()
    code = issued(wave)[0]
    with connection.cursor() as cursor:
        cursor.execute("select t::text from noko_onetimecode t")
        text = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("select t::text from noko_journalentry t")
        text += " ".join(row[0] for row in cursor.fetchall())
    assert code not in text
    assert JournalEntry.objects.get(deed="codes.issued").after["кодов"] == 3


@pytest.mark.parametrize("number", [0, 601])
def test_codes_in_impossible_numbers_are_refused(number):
    with pytest.raises(Refusal) as refused:
        issued(make_wave(), number)
    assert refused.value.kind == "bad_number"


def test_codes_are_issued_while_the_wave_is_open_and_gone_when_it_is_closed():
    wave = make_wave()
    issued(wave)
    stop(wave=wave, by=None, now=NOON)
    with pytest.raises(Refusal) as refused:
        issued(wave)
    assert refused.value.kind == "wave_closed"
    close(wave=wave, folder="x", digest="d" * 64, act={}, by=None, now=NOON)
    assert OneTimeCode.objects.count() == 0


def test_codes_withdrawn_confirm_nothing():
    wave = make_wave()
    code = issued(wave)[0]
    place = wave.places.order_by("organisation__sort_key").first()
    assert codes.withdraw(place=place, by=None, now=NOON) == 3
    send(place_of(wave), "a", code)
    assert marks() == {0: 1}


@pytest.mark.django_db(transaction=True)
def test_code_used_by_two_at_once_confirms_one():
    wave = make_wave()
    place, code = place_of(wave), issued(wave, 1)[0]
    done, refused = one_each([lambda key=key: send(place, key, code) for key in "abcd"])
    assert ([item.new for item in done], refused) == ([True] * 4, [])
    assert (marks(), Receipt.objects.count()) == ({int(Mark.CONFIRMED): 1, 0: 3}, 4)


# --- on the pages -------------------------------------------------------------------------------


def test_code_of_a_slip_goes_with_the_form_and_is_taken(client):
    wave = make_wave()
    place = wave.places.order_by("organisation__sort_key").first()
    code = issued(wave)[0]
    address = reverse("survey:survey", args=[place.code])
    page = client.get(address, {"c": f"k{code}"}).content.decode()
    assert f'name="c" value="k{code}"' in page
    assert 'name="c" value=""' in client.get(address, {"c": "kABC"}).content.decode()
    sent = {"key": "1" * 32, "version": wave.version, "c": f"k{code}", "lang": "ru", "q1": "7"}
    back = client.post(address, sent)
    assert (back.status_code, OneTimeCode.objects.count()) == (422, 3)
    assert f'value="k{code}"' in back.content.decode()
    assert client.post(address, sent | {"q1": "1"}).status_code == 303
    assert (marks(), OneTimeCode.objects.count()) == ({int(Mark.CONFIRMED): 1}, 2)
    assert AnswerBox.objects.get().channel == "link"


def test_code_of_a_slip_may_be_typed_by_hand(client):
    wave = make_wave()
    place = wave.places.first()
    typed = {"code": f"{place.code} abcde fghjk"}
    answer = client.get(reverse("survey:enter"), typed)
    assert answer.url == reverse("survey:survey", args=[place.code]) + "?c=kabcdefghjk"
    assert client.get(reverse("survey:enter"), {"code": "nothing abcde fghjk"}).status_code == 404


def test_slips_come_as_a_file_once_and_may_be_taken_back(client):
    wave = make_wave()
    place = wave.places.first()
    client.force_login(make_person("operator_manager"))
    address = reverse("office:wave_codes_issue", args=[wave.pk, place.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": "0"}).status_code == 422
    answer = client.post(address, {"number": "12"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.content.startswith(b"%PDF")
    assert OneTimeCode.objects.filter(place=place).count() == 12
    listed = client.get(reverse("office:wave_codes", args=[wave.pk])).content.decode()
    assert 'class="number">12<' in listed
    assert "Отозвать 12\xa0кодов" in client.get(address).content.decode()
    client.post(address, {"withdraw": "1"})
    assert OneTimeCode.objects.count() == 0
    assert Wave.objects.get().status == "open"
