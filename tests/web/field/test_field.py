"""The expert's pages: who may, what is kept, photographs, differences."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from noko.access.permissions import Permission
from noko.access.roles import ROLES, Reach
from noko.core.dataset import ABSENT, PRESENT
from noko.models import Inspection, InspectionPhoto
from noko.web.field.urls import urlpatterns
from tests.actions.test_inspection import WATER, everything, handed_over
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db

NEEDED = {
    "route": Permission.INSPECTION_FILL,
    "worker": Permission.INSPECTION_FILL,
    "inspection": Permission.INSPECTION_FILL,
    "card": Permission.INSPECTION_FILL,
    "photos": Permission.INSPECTION_FILL,
    "photo": Permission.INSPECTION_FILL,
    "differences": Permission.INSPECTION_SETTLE,
    "interviews": Permission.RESPONSE_INTERVIEW,
    "interview": Permission.RESPONSE_INTERVIEW,
    "piles": Permission.RESPONSE_ENTER,
    "sheet": Permission.RESPONSE_ENTER,
}
NOT_FOR_GET = {"photos": 405, "sheet": 404}  # there is no pile in these tests


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def place(db):
    return make_wave().places.select_related("wave__cycle", "organisation").first()


@pytest.fixture
def expert(client):
    person = make_person("operator_expert")
    client.force_login(person)
    return person


def picture(size=(2400, 1200), kind="JPEG", exif=None):
    buffer = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, "green").save(buffer, kind, **extra)
    buffer.seek(0)
    buffer.name = "IMG_1.jpg"
    return buffer


def with_place():
    """EXIF of a camera that knows where it is."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 43.0, 16.32), 3: "E", 4: (41.0, 27.0, 8.28)}
    exif[0x010F] = "Camera"
    return exif


def addresses(place, photo=1):
    given = {"route": [], "worker": [], "interviews": [], "piles": [], "photo": [place.pk, photo]}
    return {
        pattern.name: reverse(f"field:{pattern.name}", args=given.get(pattern.name, [place.pk]))
        for pattern in urlpatterns
    }


def values(found, **more):
    return {f"m.{key[0]}.{key[1]}": mark for key, mark in found.items()} | {"version": "0"} | more


def test_field_every_route_is_named_here():
    assert {pattern.name for pattern in urlpatterns} == set(NEEDED)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_field_opens_to_those_who_may(client, place, role):
    where = {
        Reach.MUNICIPALITY: {"municipality": place.organisation.municipality},
        Reach.ORGANISATION: {"organisation": place.organisation},
    }.get(role.reach, {})
    client.force_login(make_person(role.code, **where))
    for name, address in addresses(place).items():
        allowed = NEEDED[name] in role.permissions
        expected = NOT_FOR_GET.get(name, 200) if allowed else 403
        if name == "photos":
            expected = 405
        if name == "photo" and allowed:
            expected = 404
        assert (name, client.get(address).status_code) == (name, expected)


def test_field_sends_strangers_to_sign_in(client, place):
    for address in addresses(place).values():
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")


def test_field_guessed_organisation_is_not_found(client, place, expert):
    assert client.get(reverse("field:inspection", args=[place.pk + 999])).status_code == 404


def test_inspection_is_saved_then_handed_over(client, place, expert):
    address = reverse("field:inspection", args=[place.pk])
    page = client.get(address).content.decode()
    assert f"осталось отметить: {len(everything(place))}<" in page
    assert Inspection.objects.count() == 0
    client.post(address, values({WATER: ABSENT}, save="1"))
    assert Inspection.objects.get().found == {"comfort": {"water": ABSENT}}
    answer = client.post(address, values(everything(place), version="1", submit="1"))
    assert (answer.status_code, answer.url) == (302, reverse("field:route"))
    assert Inspection.objects.get().status == "submitted"


def test_inspection_refused_shows_what_was_typed(client, place, expert):
    address = reverse("field:inspection", args=[place.pk])
    answer = client.post(address, values({WATER: ABSENT}, submit="1", note="холодно"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Осмотрено не всё" in page
    assert "холодно" in page
    assert 'value="absent" checked' in page


def test_inspection_of_another_device_is_named_to_a_script(client, place, expert):
    address = reverse("field:inspection", args=[place.pk])
    json = {"headers": {"Accept": "application/json"}}
    first = client.post(address, values({WATER: ABSENT}), **json)
    assert (first.status_code, first.json()) == (200, {"version": 1})
    second = client.post(address, values({WATER: PRESENT}), **json)
    assert (second.status_code, second.json()["kind"]) == (409, "changed_elsewhere")
    assert Inspection.objects.get().found == {"comfort": {"water": ABSENT}}


def test_photo_is_made_small_and_freed_of_the_camera(client, place, expert):
    sent = {"item": "comfort.water", "key": "a" * 32, "photo": picture(exif=with_place())}
    answer = client.post(
        reverse("field:photos", args=[place.pk]), sent, headers={"Accept": "application/json"}
    )
    photo = InspectionPhoto.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"photo": photo.pk})
    assert (photo.width, photo.height, photo.location) == (1600, 800, "")
    shown = client.get(reverse("field:photo", args=[place.pk, photo.pk]))
    with Image.open(io.BytesIO(b"".join(shown.streaming_content))) as kept:
        assert (kept.format, dict(kept.getexif())) == ("JPEG", {})


def test_photo_keeps_its_place_when_asked(client, place, expert):
    sent = {"item": "comfort.water", "key": "b", "location": "1"}
    client.post(
        reverse("field:photos", args=[place.pk]), {**sent, "photo": picture(exif=with_place())}
    )
    assert InspectionPhoto.objects.get().location == "52.7212, 41.4523"


def test_photo_sent_twice_is_kept_once(client, place, expert, settings):
    for _ in range(2):
        sent = {"item": "comfort.water", "key": "c", "photo": picture()}
        client.post(reverse("field:photos", args=[place.pk]), sent)
    assert InspectionPhoto.objects.count() == 1
    assert len(list((settings.FILES / "inspections").iterdir())) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "Это не фотография"),
        (b"\xff\xd8\xff\xe0 not really", "Это не фотография"),
        (b"", "Это не фотография"),
    ],
)
def test_photo_that_is_none_is_refused(client, place, expert, settings, content, words):
    file = io.BytesIO(content)
    file.name = "photo.jpg"
    answer = client.post(
        reverse("field:photos", args=[place.pk]),
        {"item": "comfort.water", "photo": file},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
    assert (InspectionPhoto.objects.count(), words in answer.json()["message"]) == (0, True)


def test_photo_of_a_hundred_megapixels_is_refused(client, place, expert):
    large = picture((10_000, 9_000), "PNG")
    answer = client.post(
        reverse("field:photos", args=[place.pk]),
        {"item": "comfort.water", "photo": large},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, "слишком большой" in answer.json()["message"]) == (422, True)


def test_photo_to_an_unknown_item_leaves_no_file(client, place, expert, settings):
    sent = {"item": "comfort.sauna", "photo": picture()}
    answer = client.post(
        reverse("field:photos", args=[place.pk]), sent, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert list((settings.FILES / "inspections").iterdir()) == []


def test_differences_are_settled_on_their_page(client, place):
    handed_over(place, make_person("operator_expert"))
    manager = make_person("operator_manager")
    handed_over(place, manager, water=ABSENT)
    client.force_login(manager)
    address = reverse("field:differences", args=[place.pk])
    assert "наличие и доступность питьевой воды" in client.get(address).content.decode()
    refused = client.post(address, {"item": "comfort.water", "mark": ABSENT, "reason": ""})
    assert (refused.status_code, "Не указана причина" in refused.content.decode()) == (422, True)
    client.post(address, {"item": "comfort.water", "mark": ABSENT, "reason": "кран не работает"})
    page = client.get(address).content.decode()
    assert "кран не работает" in page
    assert "Эксперты согласны во всём" in page


def test_card_names_every_item(client, place, expert):
    page = client.get(reverse("field:card", args=[place.pk])).content.decode()
    assert "наличие и доступность питьевой воды" in page
    assert "отметка: здание – объект культурного наследия" in page
