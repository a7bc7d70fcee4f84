"""Letters of a wave in the office: what will go, what went, a reminder after its preview."""

import pytest
from django.utils import timezone

from noko.actions import wave as waves
from noko.models import Letter, Organisation, Wave, WaveLetter
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(client):
    """Open since twenty days, without an answer; the first organisation has an address."""
    client.force_login(make_person("operator_manager"))
    found = make_wave(opened=False)
    today = timezone.localdate()
    day = timezone.timedelta(days=1)
    Wave.objects.filter(pk=found.pk).update(starts_on=today - 20 * day, ends_on=today + 10 * day)
    first = found.places.order_by("organisation__sort_key").first().organisation
    Organisation.objects.filter(pk=first.pk).update(email="sad1@example.org")
    found.refresh_from_db()
    return found


def test_open_says_who_will_be_written_to(client, wave):
    text = client.get(f"/office/waves/{wave.pk}/open/").content.decode()
    assert "координаторам – 0, организациям – 1." in text
    assert "Для 1 организации нет ни координатора, ни почты" in text.replace("\xa0", " ")


def test_remind_shows_every_letter_and_sends_it_once(client, wave):
    waves.open_wave(wave=wave, by=None, now=timezone.now())
    address = f"/office/waves/{wave.pk}/letters/remind/"
    text = client.get(address).content.decode()
    assert "Детский сад «Берёзка» (preschool), sad1@example.org: 1\xa0организация" in text
    assert "принято 0 из 48, не хватает: 48" in text
    assert "Детский сад № 2 (preschool), Город Лугов" in text
    assert "Отправить 1\xa0письмо" in text
    assert Letter.objects.count() == 0
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert (Letter.objects.count(), WaveLetter.objects.count()) == (1, 1)
    text = client.get(f"/office/waves/{wave.pk}/letters/").content.decode()
    assert "Сегодня всем отстающим уже написано." in text
    assert (text.count("sad1@example.org"), "ждёт отправки" in text) == (1, True)
    assert "Сегодня всем отстающим уже написано" in client.get(address).content.decode()


def test_remind_of_a_planned_wave_leads_back(client, wave):
    assert client.post(f"/office/waves/{wave.pk}/letters/remind/").status_code == 302
    assert Letter.objects.count() == 0
