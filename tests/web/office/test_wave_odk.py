"""Addresses for ODK Collect in the office: given, printed, withdrawn."""

import io

import pypdf
import pytest

from noko.actions import odk
from noko.core.refusal import Refusal
from noko.models import JournalEntry, OdkAddress
from tests.documents.test_pdf import squeezed
from tests.small_cycle import NOW, make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(client):
    client.force_login(make_person("operator_manager"))
    return make_wave(opened=False)


def give(client, wave, holder="Петрова, планшет 3", municipality=""):
    values = {"holder": holder, "municipality": municipality}
    return client.post(f"/office/waves/{wave.pk}/odk/", values)


def test_address_is_given_printed_and_withdrawn(client, wave):
    place = wave.places.order_by("organisation__sort_key").first()
    assert give(client, wave, municipality=place.organisation.municipality_id).status_code == 302
    made = OdkAddress.objects.get()
    page = client.get(f"/office/waves/{wave.pk}/odk/").content.decode()
    assert f"http://testserver/odk/{made.code}<" in page
    card = client.get(f"/office/waves/{wave.pk}/odk/{made.pk}.pdf")
    read = pypdf.PdfReader(io.BytesIO(card.content))
    text = "".join(sheet.extract_text() for sheet in read.pages)
    assert (len(read.pages), "Заречныйрайон:1организация." in squeezed(text)) == (1, True)
    asked = client.get(f"/office/waves/{wave.pk}/odk/{made.pk}/withdraw/").content.decode()
    assert "Принятые анкеты останутся." in asked
    for _ in range(2):
        client.post(f"/office/waves/{wave.pk}/odk/{made.pk}/withdraw/")
    page = client.get(f"/office/waves/{wave.pk}/odk/").content.decode()
    assert (page.count("отозван</span>"), "Этот адрес уже отозван." in page) == (1, True)
    deeds = JournalEntry.objects.filter(deed__startswith="odk").order_by("pk")
    assert list(deeds.values_list("deed", flat=True)) == ["odk.given", "odk.withdrawn"]


def test_address_is_given_once_to_a_holder(client, wave):
    assert give(client, wave).status_code == 302
    again = give(client, wave, "  Петрова,  планшет 3 ")
    assert (again.status_code, OdkAddress.objects.count()) == (422, 1)
    assert "уже выдан" in again.content.decode()
    odk.withdraw(address=OdkAddress.objects.get(), by=None, now=NOW)
    assert give(client, wave).status_code == 302


def test_address_of_another_wave_is_not_found(client, wave):
    other = make_wave("2028", "general", opened=False)
    made = odk.give(wave=other, holder="Он", municipality=None, by=None, now=NOW)
    assert client.get(f"/office/waves/{wave.pk}/odk/{made.pk}.pdf").status_code == 404


def test_address_of_a_closed_wave_is_refused(wave):
    wave.__class__.objects.filter(pk=wave.pk).update(
        status="closed", closed_at=NOW, digest="d" * 64
    )
    with pytest.raises(Refusal) as refusal:
        odk.give(wave=wave, holder="Он", municipality=None, by=None, now=NOW)
    assert refusal.value.kind == "wave_moved"
