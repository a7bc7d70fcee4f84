"""The clerks' pages: sheet after sheet, nothing of another's reading, nothing doubled or lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from noko.access.permissions import Permission
from noko.access.roles import ROLES, Reach
from noko.actions import batch as batches
from noko.actions import sheet as sheets
from noko.actions.wave_closing import stop
from noko.core.answers.double_entry import Reading
from noko.models import AnswerBox, Batch, SheetTyping, Wave
from tests.racing import at_once
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db


def make_pile(count=3):
    wave = Wave.objects.first() or make_wave()
    Wave.objects.update(starts_on=timezone.localdate())
    place = wave.places.order_by("organisation__sort_key").first()
    now = timezone.now()
    return batches.begin(place=place, sheets=count, day=timezone.localdate(), by=None, now=now)


@pytest.fixture
def pile(db):
    return make_pile()


@pytest.fixture
def clerk(client):
    person = make_person("operator_clerk")
    client.force_login(person)
    return person


@pytest.fixture
def colleague():
    return make_person("operator_clerk", "colleague@example.org")


def address_of(pile):
    return reverse("field:sheet", args=[pile.pk])


def hidden(page):
    return dict(re.findall(r'name="(numbered|offered|mine|sheet)" value="([^"]+)"', page))


def opened(client, pile, query=""):
    return hidden(client.get(address_of(pile) + query).content.decode())


def filled(**answers):
    return {f"a.{question}": value for question, value in answers.items()}


def ticked(page):
    return re.findall(r'name="a\.(\w+)" value="(\d+)" checked', page)


def read_by(who, pile, sheet, **values):
    reading = Reading(values) if values else Reading({}, spoilt=True)
    return sheets.type_sheet(
        batch=pile, sheet=sheet, reading=reading, numbered=True, by=who, now=timezone.now()
    )


def taken():
    return sum(AnswerBox.objects.values_list("number", flat=True))


def test_sheet_saved_is_followed_by_the_next_one(client, pile, clerk):
    first = opened(client, pile)
    assert first == {"numbered": "0", "offered": "1", "sheet": "1"}
    answer = client.post(address_of(pile), first | filled(q1="1", q2="0"), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{address_of(pile)}?after=1", 302)]
    assert "Лист № 1 сохранён." in page
    assert (ticked(page), hidden(page)["sheet"]) == ([], "2")
    assert "Напишите этот номер на листе." in page
    assert (SheetTyping.objects.get().values, taken()) == ({"q1": 1, "q2": 0}, 0)


def test_sheet_of_the_second_clerk_shows_nothing_of_the_first(client, pile, clerk, colleague):
    read_by(colleague, pile, 1, q1=0, q16="Тайное слово")
    page = client.get(address_of(pile)).content.decode()
    assert "Возьмите лист, на котором написан этот номер." in page
    assert "Тайное слово" not in page
    assert ticked(page) == []
    client.post(address_of(pile), hidden(page) | filled(q1="0", q16="тайное слово"))
    assert taken() == 1
    assert '<strong id="decided">1</strong>' in client.get(address_of(pile)).content.decode()


def test_sheet_that_differs_is_not_told_to_the_clerk(client, pile, clerk, colleague):
    read_by(colleague, pile, 1, q1=0)
    page = client.post(
        address_of(pile), opened(client, pile) | filled(q1="1"), follow=True
    ).content.decode()
    assert "Лист № 1 сохранён." in page
    assert (SheetTyping.objects.count(), taken()) == (2, 0)
    assert "расх" not in page.lower()


def test_sheet_whose_number_another_sheet_got_keeps_its_answers(client, pile, clerk, colleague):
    first = opened(client, pile)
    read_by(colleague, pile, 1, q1=0)
    answer = client.post(address_of(pile), first | filled(q1="1", q16="Тепло"))
    page = answer.content.decode()
    assert (answer.status_code, SheetTyping.objects.count()) == (409, 1)
    assert "Номер 1 только что получил другой лист." in page
    assert (hidden(page)["sheet"], hidden(page)["numbered"]) == ("2", "0")
    assert ticked(page) == [("q1", "1")]
    assert "Тепло" in page
    client.post(address_of(pile), hidden(page) | filled(q1="1", q16="Тепло"))
    assert SheetTyping.objects.filter(clerk=clerk).values_list("sheet", flat=True)[0] == 2


def test_sheet_of_a_number_read_off_the_paper_joins_the_first_reading(
    client, pile, clerk, colleague
):
    read_by(colleague, pile, 3, q1=1)
    sent = opened(client, pile) | {"sheet": "3"}
    client.post(address_of(pile), sent | filled(q1="1"))
    assert taken() == 1


def test_sheet_sent_twice_counts_once(client, pile, clerk, colleague):
    sent = opened(client, pile) | filled(q1="1")
    client.post(address_of(pile), sent)
    assert client.post(address_of(pile), sent).status_code == 302
    assert SheetTyping.objects.count() == 1
    other = client.post(address_of(pile), sent | filled(q1="0"))
    assert (other.status_code, SheetTyping.objects.count()) == (409, 1)
    assert "Открыть свой ввод листа № 1" in other.content.decode()
    read_by(colleague, pile, 1, q1=1)
    late = client.post(address_of(pile), sent)
    assert (late.status_code, taken()) == (409, 1)
    assert "Лист № 1 уже введён дважды и учтён." in late.content.decode()


def test_sheet_with_an_answer_that_is_not_asked_for_is_taken_without_it(client, pile, clerk):
    sent = opened(client, pile) | filled(q1="0", q2="1")
    page = client.post(address_of(pile), sent, follow=True).content.decode()
    assert "Не учтён ответ на вопрос 2" in page
    assert SheetTyping.objects.get().values == {"q1": 0}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Нет ни одного ответа"),
        (filled(q1="7"), "такого варианта ответа нет"),
        (filled(q1="1", q18="сорок"), "укажите целое число"),
        (filled(q1="1") | {"spoilt": "1"}, "Оставьте одно из двух"),
    ],
)
def test_sheet_with_faults_is_refused(client, pile, clerk, sent, said):
    refused = client.post(address_of(pile), opened(client, pile) | sent)
    assert (refused.status_code, SheetTyping.objects.count()) == (422, 0)
    assert said in refused.content.decode()


@pytest.mark.parametrize("number", ["", "0", "4", "x", "-1", "99999999"])
def test_sheet_with_an_impossible_number_is_refused(client, pile, clerk, number):
    sent = opened(client, pile) | filled(q1="1") | {"sheet": number}
    refused = client.post(address_of(pile), sent)
    assert (refused.status_code, SheetTyping.objects.count()) == (409, 0)
    assert "листы с номерами от 1 до 3" in refused.content.decode()
    assert ticked(refused.content.decode()) == [("q1", "1")]


def test_sheet_spoilt_for_both_is_counted_apart(client, pile, clerk, colleague):
    read_by(colleague, pile, 1)
    client.post(address_of(pile), opened(client, pile) | {"spoilt": "1"})
    pile.refresh_from_db()
    assert (pile.spoilt, pile.accepted, taken()) == (1, 0, 0)


def test_own_reading_may_be_put_right_until_the_sheet_is_taken(client, pile, clerk, colleague):
    client.post(address_of(pile), opened(client, pile) | filled(q1="0"))
    page = client.get(address_of(pile) + "?sheet=1").content.decode()
    assert ticked(page) == [("q1", "0")]
    assert hidden(page)["mine"] == "1"
    read_by(colleague, pile, 1, q1=1)
    client.post(address_of(pile), hidden(page) | filled(q1="1"))
    assert (SheetTyping.objects.count(), taken()) == (0, 1)


def test_others_reading_cannot_be_opened(client, pile, clerk, colleague):
    read_by(colleague, pile, 1, q1=0)
    page = client.get(address_of(pile) + "?sheet=1").content.decode()
    assert (ticked(page), "mine" in hidden(page)) == ([], False)


def test_clerk_who_has_read_everything_is_told_so(client, clerk):
    pile = make_pile(1)
    client.post(address_of(pile), opened(client, pile) | filled(q1="1"))
    page = client.get(address_of(pile)).content.decode()
    assert "Для вас листов больше нет" in page
    listed = client.get(reverse("field:piles")).content.decode()
    assert "вам вводить больше нечего" in listed


def test_pile_is_begun_from_the_page(client, clerk):
    wave = make_wave()
    Wave.objects.update(starts_on=timezone.localdate())
    place, today = wave.places.first(), timezone.localdate()
    page = client.get(reverse("field:piles")).content.decode()
    assert "Начатых пачек нет." in page
    sent = {"place": place.pk, "sheets": "40", "day": today.isoformat()}
    answer = client.post(reverse("field:piles"), sent)
    made = Batch.objects.get()
    assert answer.url == address_of(made)
    assert (made.sheets, made.place, made.created_by) == (40, place, clerk)
    assert "ждут вас: 40" in client.get(reverse("field:piles")).content.decode()
    assert "ждут вашего ввода: 40" in client.get(reverse("office:start")).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sheets": "0"}, "от 1 до 1000"),
        ({"sheets": ""}, "Обязательное поле"),
        ({"day": "2001-01-01"}, "раньше начала волны"),
        ({"place": "999999"}, "Выберите корректный вариант"),
    ],
)
def test_pile_with_faults_is_not_begun(client, clerk, change, said):
    place = make_wave().places.first()
    sent = {"place": place.pk, "sheets": "4", "day": timezone.localdate().isoformat()}
    answer = client.post(reverse("field:piles"), sent | change)
    assert (answer.status_code, Batch.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_sheets_of_a_wave_that_has_stopped_are_refused_kindly(client, clerk):
    pile = make_pile(1)
    sent = opened(client, pile) | filled(q1="1")
    batches.remove(batch=pile, reason="не те", by=None, now=timezone.now())
    answer = client.post(address_of(pile), sent)
    assert (answer.status_code, SheetTyping.objects.count()) == (409, 0)
    assert "Пачка № 1 уже удалена" in answer.content.decode()
    stop(wave=Wave.objects.get(), by=None, now=timezone.now())
    assert "Листы не принимаются" in client.get(address_of(pile)).content.decode()
    assert "Открытых волн нет" in client.get(reverse("field:piles")).content.decode()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_sheets_open_to_those_who_may(client, pile, role):
    where = {}
    if role.reach is Reach.MUNICIPALITY:
        where = {"municipality": pile.place.organisation.municipality}
    if role.reach is Reach.ORGANISATION:
        where = {"organisation": pile.place.organisation}
    client.force_login(make_person(role.code, **where))
    expected = 200 if Permission.RESPONSE_ENTER in role.permissions else 403
    assert client.get(reverse("field:piles")).status_code == expected
    assert client.get(address_of(pile)).status_code == expected


def test_sheets_send_strangers_to_sign_in(client, pile):
    answer = client.get(address_of(pile))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")


def test_sheets_of_an_unknown_pile_are_not_found(client, clerk):
    assert client.get(reverse("field:sheet", args=[999])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_sheet_sent_at_once_from_one_page_is_one_reading():
    pile, person = make_pile(), make_person("operator_clerk")
    first = Client()
    first.force_login(person)
    sent = opened(first, pile) | filled(q1="1")

    def press():
        own = Client()
        own.force_login(person)
        return own.post(address_of(pile), sent).status_code

    done, refused = at_once(press, 4)
    assert (done, refused, SheetTyping.objects.count()) == ([302] * 4, [], 1)
