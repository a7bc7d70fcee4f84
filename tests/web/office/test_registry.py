"""The registry: looking through it, a card, its change, a new one, doubles, reorganisations."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from noko.actions.organisation import save_all
from noko.core.tables.organisations import LONGEST, read_organisations
from noko.exchange.files import read_sheets
from noko.models import Distinction, Import, Municipality, Organisation, Reorganisation
from noko.queries.registry import list_preview
from tests.small_cycle import (
    NOW,
    make_cycle,
    make_dataset,
    make_done,
    make_organisations,
    make_person,
    make_registry_events,
    make_release,
)

pytestmark = pytest.mark.django_db

BERYOZKA, SECOND, SCHOOL = "Детский сад «Берёзка»", "Детский сад № 2", "Школа № 1"


@pytest.fixture
def those(client, settings, tmp_path):
    settings.FILES = tmp_path
    client.force_login(make_person("secretary"))
    return make_organisations()


@pytest.fixture
def coordinator(client, those):
    """Signed in: the coordinator of the municipality of the first and the third organisation."""
    person = make_person("municipal_coordinator", municipality=those[0].municipality)
    client.force_login(person)
    return person


def names(client, **query):
    rows = client.get(reverse("office:organisations"), query).context["rows"]
    return [row.full_name for row in rows]


def card(organisation, page="organisation", *more):
    return reverse(f"office:{page}", args=[organisation.pk, *more])


def posted(client, organisation, **changes):
    """The form of the card as it stands now, with changes."""
    form = client.get(card(organisation, "organisation_edit")).context["form"]
    values = {name: value for name, value in form.initial.items() if value is not None}
    return client.post(card(organisation, "organisation_edit"), {**values, **changes})


def confirmed(client, organisation, **changes):
    """The change shown, then confirmed as it was shown."""
    shown = posted(client, organisation, **changes)
    return posted(client, organisation, confirm="1", seen=shown.context["seen"], **changes)


# --- looking through ------------------------------------------------------------------------------


def test_registry_is_found_by_what_people_know(client, those):
    save_all(changed={those[2].pk: {"inn": "7707083893", "founder": "Город"}}, by=None, now=NOW)
    assert names(client) == [BERYOZKA, SECOND, SCHOOL]
    assert names(client, q="березка") == [BERYOZKA]
    assert names(client, q="лугов") == [SECOND]
    assert names(client, q="770708") == [SCHOOL]
    assert names(client, type="general") == [SCHOOL]
    assert names(client, municipality=str(those[1].municipality_id)) == [SECOND]
    assert names(client, founder="Город") == [SCHOOL]
    assert names(client, q="сад", municipality=str(those[0].municipality_id)) == [BERYOZKA]


def test_registry_is_filtered_by_state_and_last_assessment(client, those):
    old = make_cycle("2022", year=2022)
    make_release(make_done(old, make_dataset(old), those))
    make_registry_events(those)
    assert names(client, status="reorganised") == [SECOND]
    assert names(client, assessed="never") == []
    assert names(client, assessed="long-ago") == [BERYOZKA, SECOND, SCHOOL]
    assert names(client, assessed="2022") == [BERYOZKA, SECOND, SCHOOL]


def test_registry_with_a_senseless_filter_shows_everything(client, those):
    assert names(client, type="nothing", municipality="999") == [BERYOZKA, SECOND, SCHOOL]


def test_registry_file_can_be_loaded_back(client, those):
    save_all(changed={those[2].pk: {"opened_on": "1998-09-01", "enrolment": 300}}, by=None, now=NOW)
    answer = client.get(reverse("office:registry_file"), {"type": "general"})
    table = read_organisations(read_sheets(answer.content, name="organizacii.xlsx"))
    assert [(row.full_name, row.enrolment, row.opened_on) for row in table.rows] == [
        (SCHOOL, 300, "1998-09-01")
    ]
    preview = list_preview(table)
    assert (preview["added"], preview["changed"], preview["unchanged"]) == ([], [], 1)


# --- the card -------------------------------------------------------------------------------------


def test_card_shows_results_history_and_who_may_change(client, those):
    cycle = make_cycle()
    make_release(make_done(cycle, make_dataset(cycle), those))
    confirmed(client, those[0], site="https://new.example")
    page = client.get(card(those[0]))
    assert [(item.year, item.place) for item in page.context["assessments"]] == [(2026, (1, 2))]
    assert [row["title"] for row in page.context["history"]] == [
        "Изменены сведения об организации",
        "Добавлена организация",
    ]
    assert page.context["history"][0]["changes"] == [("сайт", "", "https://new.example")]
    assert [str(person) for person, _ in page.context["editors"]] == ["Иванова Анна"]


def test_card_is_not_changed_before_the_change_was_seen(client, those):
    answer = posted(client, those[0], enrolment="555", phone="8 (000) 1")
    assert answer.context["changes"] == [
        ("Телефон", "", "8 (000) 1"),
        ("Получателей услуг", "100", "555"),
    ]
    assert Organisation.objects.get(pk=those[0].pk).enrolment == 100
    assert confirmed(client, those[0], enrolment="555").url == card(those[0])
    assert Organisation.objects.get(pk=those[0].pk).enrolment == 555


def test_card_changed_by_somebody_meanwhile_is_shown_anew(client, those):
    shown = posted(client, those[0], enrolment="555")
    save_all(changed={those[0].pk: {"site": "https://other.example"}}, by=None, now=NOW)
    answer = client.post(
        card(those[0], "organisation_edit"),
        {
            **{n: v for n, v in shown.context["form"].data.items() if n != "csrfmiddlewaretoken"},
            "confirm": "1",
            "seen": shown.context["seen"],
        },
    )
    assert answer.status_code == 422
    assert "изменил кто-то другой" in answer.content.decode()
    assert ("Сайт", "https://other.example", "") in answer.context["changes"]
    assert Organisation.objects.get(pk=those[0].pk).enrolment == 100


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"inn": "7707083890"}, "inn"),
        ({"ogrn": "1027700132190"}, "ogrn"),
        ({"kpp": "1"}, "kpp"),
        ({"site": "почта@школа.рф"}, "site"),
        ({"email": "почта"}, "email"),
        ({"enrolment": "много"}, "enrolment"),
        ({"full_name": ""}, "full_name"),
        ({"municipality": ""}, "municipality"),
        ({"opened_on": "2020-01-01", "closed_on": "2019-01-01", "status": "closed"}, "closed_on"),
        ({"closed_on": "2019-01-01"}, "closed_on"),
        ({"founder": "у" * 301}, "founder"),
    ],
)
def test_card_with_a_fault_is_not_saved(client, those, changes, field):
    answer = posted(client, those[0], **changes)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_card_taking_another_ones_number_is_refused(client, those):
    save_all(changed={those[2].pk: {"inn": "7707083893"}}, by=None, now=NOW)
    answer = confirmed(client, those[0], inn="7707083893")
    assert answer.status_code == 422
    assert "Организация с таким ИНН уже есть" in answer.content.decode()


def test_card_unchanged_says_so(client, those):
    assert posted(client, those[0]).url == card(those[0])


# --- a new one ------------------------------------------------------------------------------------

NEW = {
    "full_name": "Школа № 7",
    "type": "general",
    "municipality": "Город Лугов",
    "status": "active",
    "inn": "7707083893",
}


def test_new_organisation_is_added_after_a_look(client, those):
    address = reverse("office:organisation_new")
    shown = client.post(address, NEW)
    assert ("ИНН", "", "7707083893") in shown.context["changes"]
    assert shown.context["doubles"] == []
    assert Organisation.objects.count() == 3
    made = client.post(address, {**NEW, "confirm": "1"})
    assert made.url == card(Organisation.objects.get(inn="7707083893"))


def test_new_organisation_alike_one_is_shown_first(client, those):
    values = {**NEW, "full_name": "МБДОУ «Берёзка»", "type": "preschool", "inn": ""}
    shown = client.post(
        reverse("office:organisation_new"), {**values, "municipality": "Заречный район"}
    )
    assert [double.organisation.full_name for double in shown.context["doubles"]] == [BERYOZKA]


def test_new_organisation_may_stand_in_a_new_municipality(client, those):
    values = {**NEW, "municipality": "", "new_municipality": "Новый район", "confirm": "1"}
    client.post(reverse("office:organisation_new"), values)
    assert Organisation.objects.get(inn="7707083893").municipality.name == "Новый район"


# --- where a person reaches -----------------------------------------------------------------------


def test_coordinator_sees_own_organisations_only(client, those, coordinator):
    assert names(client) == [BERYOZKA, SCHOOL]
    assert names(client, municipality=str(those[1].municipality_id)) == [BERYOZKA, SCHOOL]
    for page in ("organisation", "organisation_edit"):
        assert client.get(card(those[1], page)).status_code == 404
        assert client.get(card(those[0], page)).status_code == 200
    file = client.get(reverse("office:registry_file")).content
    rows = read_organisations(read_sheets(file, name="a.xlsx")).rows
    assert [row.full_name for row in rows] == [BERYOZKA, SCHOOL]


def test_coordinator_cannot_move_an_organisation_away(client, those, coordinator):
    answer = posted(client, those[0], municipality="Город Лугов")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["municipality"])
    answer = posted(client, those[0], new_municipality="Новый район")
    assert (answer.status_code, answer.url) == (302, card(those[0]))
    assert Municipality.objects.filter(name="Новый район").count() == 0


def test_coordinator_loads_a_list_of_own_organisations_only(client, those, coordinator):
    rows = (
        "Школа № 1;школа;Заречный район;;300\n"
        "Детский сад № 2;детский сад;Город Лугов;;300\n"
        "Школа № 9;школа;Город Лугов;;10\n"
        "Школа № 8;школа;Заречный район;;10\n"
    )
    head = "Полное наименование;Тип;Муниципалитет;ИНН;Получателей услуг\n"
    file = SimpleUploadedFile("перечень.csv", (head + rows).encode())
    client.post(reverse("office:organisations_upload"), {"organisations": file})
    item = Import.objects.get()
    assert [row["full_name"] for row in item.preview["added"]] == ["Школа № 8"]
    assert [row["name"] for row in item.preview["changed"]] == [SCHOOL]
    assert [
        (row["number"], row["reasons"][0].split(". ")[0]) for row in item.preview["rejected"]
    ] == [
        (3, "Строка 3: организация другого муниципалитета"),
        (4, "Строка 4: организация другого муниципалитета"),
    ]
    client.post(reverse("office:import", args=[item.pk]), {"without_rejected": "1"})
    assert Organisation.objects.get(full_name=SECOND).enrolment == 100
    assert Organisation.objects.get(full_name=SCHOOL).enrolment == 300


def test_coordinator_does_not_see_the_lists_of_others(client, those, coordinator):
    client.force_login(make_person("specialist"))
    file = SimpleUploadedFile("а.csv", "Полное наименование;Тип\nШкола № 1;школа\n".encode())
    address = client.post(reverse("office:organisations_upload"), {"organisations": file}).url
    client.force_login(coordinator)
    assert client.get(address).status_code == 404
    assert "Список организаций" not in client.get(reverse("office:start")).content.decode()
    client.force_login(make_person("secretary", "other@example.org"))
    assert client.get(address).status_code == 200


# --- doubles --------------------------------------------------------------------------------------


@pytest.fixture
def double(those):
    row = {"full_name": "МБДОУ «Берёзка»", "type": "preschool", "municipality": "Заречный район"}
    save_all(added=[{**row, "inn": "7707083893"}], by=None, now=NOW)
    return Organisation.objects.get(inn="7707083893")


def test_doubles_are_proposed_and_may_be_set_apart(client, those, double):
    pairs = client.get(reverse("office:duplicates")).context["rows"]
    assert [(pair.first, pair.second) for pair in pairs] == [(those[0], double)]
    assert [d.organisation for d in client.get(card(double)).context["doubles"]] == [those[0]]
    client.post(card(those[0], "merge_apart", double.pk), {"list": "1"})
    assert Distinction.objects.count() == 1
    assert list(client.get(reverse("office:duplicates")).context["rows"]) == []


def test_merge_is_seen_before_it_happens(client, those, double):
    address = card(those[0], "merge", double.pk)
    form = client.get(address).context["form"]
    assert [name for name in form.fields if name.startswith("take-")] == [
        "take-full_name",
        "take-short_name",
        "take-inn",
        "take-enrolment",
    ]
    choice = {
        "take-full_name": "kept",
        "take-short_name": "kept",
        "take-inn": "merged",
        "take-enrolment": "kept",
        "reason": "Одна запись лишняя",
    }
    shown = client.post(address, choice)
    assert "Из исчезающей записи возьмётся: ИНН." in shown.context["effects"]
    assert Organisation.objects.count() == 4
    done = client.post(address, {**choice, "confirm": "1", "seen": shown.context["seen"]})
    assert done.url == card(those[0])
    assert Organisation.objects.get(pk=those[0].pk).inn == "7707083893"
    assert client.get(card(double)).url == card(those[0])
    assert client.get(address).url == card(those[0])


def test_merge_without_a_reason_is_refused(client, those, double):
    answer = client.post(card(those[0], "merge", double.pk), {"take-inn": "kept"})
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors


def test_merged_record_leads_on_the_public_site_too(client, those, double):
    cycle = make_cycle()
    make_release(make_done(cycle, make_dataset(cycle), [double, *those[1:]]))
    address = card(those[0], "merge", double.pk)
    choice = {f"take-{key}": "kept" for key in ("full_name", "short_name", "inn", "enrolment")}
    choice["reason"] = "Одна запись лишняя"
    seen = client.post(address, choice).context["seen"]
    client.post(address, {**choice, "confirm": "1", "seen": seen})
    old, new = f"/organisations/{double.pk}/", f"/organisations/{those[0].pk}/"
    assert (client.get(old).status_code, client.get(old).url) == (301, new)
    assert client.get(f"{old}2026/").url == f"{new}2026/"
    page = client.get(f"{new}2026/")
    assert page.context["organisation"] == those[0]
    (row, *_) = client.get("/organisations/").context["rows"]
    assert (row["organisation"], row["latest"].organisation_id) == (those[0], double.pk)


def test_merged_record_is_recognised_in_a_list(client, those, double):
    choice = {f"take-{key}": "kept" for key in ("full_name", "short_name", "inn", "enrolment")}
    choice["reason"] = "Одна запись лишняя"
    address = card(those[0], "merge", double.pk)
    seen = client.post(address, choice).context["seen"]
    client.post(address, {**choice, "confirm": "1", "seen": seen})
    head = "Полное наименование;Тип;Муниципалитет;ИНН;Получателей услуг\n"
    row = "МБДОУ «Берёзка»;детский сад;Заречный район;7707083893;120\n"
    preview = list_preview(read_organisations(read_sheets((head + row).encode(), name="а.csv")))
    assert preview["added"] == []
    assert [(item["pk"], item["fields"]) for item in preview["changed"]] == [
        (those[0].pk, [["enrolment", "Получателей услуг", 100, 120]])
    ]


# --- reorganisation -------------------------------------------------------------------------------

ACT = {"kind": "accession", "on": "2026-09-01", "act": "Постановление от 12.08.2026 № 418"}


def test_reorganisation_gathers_participants_by_search(client, those):
    address = card(those[1], "reorganise")
    found = client.post(address, {"words": "берёзка", "find": "1", "act": "Постановление"})
    assert [(part.organisation, part.side) for part in found.context["parts"]] == [
        (those[1], "before"),
        (those[0], ""),
    ]
    assert found.context["form"].initial["act"] == "Постановление"
    sides = {f"part-{those[1].pk}": "before", f"part-{those[0].pk}": "after"}
    shown = client.post(address, {**ACT, **sides})
    assert shown.context["effects"][0] == f"Передают: «{SECOND}»."
    assert Reorganisation.objects.count() == 0
    done = client.post(address, {**ACT, **sides, "confirm": "1"})
    assert done.url == card(those[1])
    assert Organisation.objects.get(pk=those[1].pk).status == "reorganised"
    assert "Передала работу" in client.get(card(those[1])).content.decode()


def test_reorganisation_of_a_wrong_shape_is_refused(client, those):
    answer = client.post(card(those[1], "reorganise"), {**ACT, "confirm": "1"})
    assert answer.status_code == 422
    assert "Участников не столько" in answer.content.decode()
    assert Reorganisation.objects.count() == 0


def test_reorganisation_may_be_cancelled_with_a_reason(client, those):
    event = make_registry_events(those)
    address = reverse("office:reorganisation_cancel", args=[event.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Ошибка"}).url == card(those[1])
    assert client.get(address).status_code == 404
    assert Organisation.objects.get(pk=those[1].pk).status == "active"


def test_registry_holds_as_many_letters_as_a_list_may_bring():
    kept = {
        key: Organisation._meta.get_field(key).max_length
        for key in LONGEST
        if key != "municipality"
    }
    kept["municipality"] = Municipality._meta.get_field("name").max_length
    assert kept == LONGEST
