"""Batches of a wave in the office: progress, what differs, removal, the way to the closing."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from noko.actions import batch as batches
from noko.actions import sheet as sheets
from noko.core.answers.double_entry import Reading
from noko.models import AnswerBox, Batch, JournalEntry, SheetTyping, Wave
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [make_person("operator_clerk", f"{name}@example.org") for name in "ab"]


@pytest.fixture
def pile(people):
    """Five sheets: one in, one spoilt, one read once, one differing, one untouched."""
    wave = make_wave()
    Wave.objects.update(starts_on=timezone.localdate())
    place = wave.places.order_by("organisation__sort_key").first()
    made = batches.begin(
        place=place, sheets=5, day=timezone.localdate(), by=people[0], now=timezone.now()
    )
    for who in people:
        read(made, 1, who, {"q1": 1})
        read(made, 2, who, {})
        read(made, 4, who, {"q1": 1, "q16": f"Слово {who.email}", "q6": int(who is people[0])})
    read(made, 3, people[0], {"q1": 1})
    return made


def read(pile, sheet, who, values):
    reading = Reading(values, spoilt=not values)
    sheets.type_sheet(
        batch=pile, sheet=sheet, reading=reading, numbered=True, by=who, now=timezone.now()
    )


@pytest.fixture
def manager(client):
    person = make_person("operator_manager")
    client.force_login(person)
    return person


def address(name, pile, *rest):
    return reverse(f"office:{name}", args=[pile.wave_id, pile.number, *rest])


def cells(page):
    return [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", page)]


def taken():
    return sum(AnswerBox.objects.values_list("number", flat=True))


def test_batches_of_a_wave_stand_with_their_progress(client, pile, manager):
    page = client.get(reverse("office:wave_batches", args=[pile.wave_id])).content.decode()
    assert cells(page) == [
        ["5"], ["1"], ["1"], ["1"], ["лист", "№", "4"], ["вводится"],
    ]  # fmt: skip
    card = client.get(address("batch", pile)).content.decode()
    assert "Не введено: 1. Введено один раз: 1. Учтено: 1. Пустых и испорченных: 1." in card
    assert "Слово" not in card
    assert "двое прочли по-разному: 1" in client.get(reverse("office:start")).content.decode()


def test_batches_of_a_new_wave_say_what_will_be_here(client, manager):
    wave = make_wave()
    page = client.get(reverse("office:wave_batches", args=[wave.pk])).content.decode()
    assert "Пачек ещё нет." in page


def test_sheet_that_differs_is_settled_with_the_paper_in_hand(client, pile, manager):
    page = client.get(address("batch_sheet", pile, 4)).content.decode()
    assert re.findall(r'name="([ct]\.\w+)"', page).count("c.q6") == 3
    assert "Слово a@example.org" in page
    assert '"c.q1"' not in page
    half = client.post(address("batch_sheet", pile, 4), {"c.q16": "first"})
    assert (half.status_code, taken()) == (422, 1)
    assert "Не решено по вопросам: 5." in half.content.decode()
    assert 'value="first" checked' in half.content.decode()
    done = client.post(
        address("batch_sheet", pile, 4), {"c.q6": "0", "c.q16": "else", "t.q16": "Третье"}
    )
    assert (done.url, taken()) == (address("batch", pile), 2)
    box = AnswerBox.objects.get()
    assert box.remarks == {"q16=Третье": 1}
    assert sum(pattern[4] == "0" for pattern in box.answers) == 1
    assert client.get(address("batch_sheet", pile, 4)).status_code == 404
    assert client.post(address("batch_sheet", pile, 4), {"c.q6": "0"}).status_code == 302
    history = client.get(address("batch", pile)).content.decode()
    assert "Решено расхождение при вводе листа" in history
    assert "Третье" not in history


@pytest.mark.parametrize(("choice", "remarks"), [("second", 1), ("first", 1)])
def test_sheet_settled_as_one_of_the_two_read_it(client, pile, manager, choice, remarks):
    client.post(address("batch_sheet", pile, 4), {"c.q6": "", "c.q16": choice})
    word = {"first": "a", "second": "b"}[choice]
    assert AnswerBox.objects.get().remarks == {f"q16=Слово {word}@example.org": remarks}


def test_sheet_settled_with_an_impossible_answer_is_refused(client, pile, manager):
    answer = client.post(address("batch_sheet", pile, 4), {"c.q6": "9", "c.q16": "first"})
    assert (answer.status_code, taken()) == (422, 1)
    assert "такого варианта ответа нет" in answer.content.decode()


def test_sheet_is_not_settled_by_one_of_the_two(client, pile, people, manager):
    read(pile, 5, manager, {"q1": 1})
    read(pile, 5, people[0], {"q1": 0})
    page = client.get(address("batch_sheet", pile, 5)).content.decode()
    assert "Решает третий" in page
    assert "Записать решение" not in page
    answer = client.post(address("batch_sheet", pile, 5), {"c.q1": "1"})
    assert (answer.status_code, taken()) == (422, 1)
    assert "третий человек" in answer.content.decode()
    client.post(address("batch_sheet", pile, 5), {"give_back": "1"})
    assert not SheetTyping.objects.filter(sheet=5).exists()


def test_sheet_that_one_holds_for_spoilt_is_settled(client, pile, people, manager):
    read(pile, 3, people[1], {})
    page = client.get(address("batch_sheet", pile, 3)).content.decode()
    assert "Один из двух отметил лист как пустой или испорченный" in page
    assert client.post(address("batch_sheet", pile, 3), {}).status_code == 422
    client.post(address("batch_sheet", pile, 3), {"spoilt": "1"})
    pile.refresh_from_db()
    assert (pile.spoilt, taken()) == (2, 1)


def test_batch_is_removed_after_a_confirm_step_with_a_reason(client, pile, manager):
    page = client.get(address("batch_remove", pile)).content.decode()
    assert "Из волны будет убрано: 1\xa0анкета" in page
    bare = client.post(address("batch_remove", pile), {"reason": " "})
    assert (bare.status_code, taken()) == (422, 1)
    answer = client.post(address("batch_remove", pile), {"reason": "Чужие листы"}, follow=True)
    assert "Из волны убрано: 1\xa0анкета" in answer.content.decode()
    assert (taken(), SheetTyping.objects.count()) == (0, 0)
    assert JournalEntry.objects.get(deed="batch.removed").reason == "Чужие листы"
    card = client.get(address("batch", pile)).content.decode()
    assert "Чужие листы" in card
    assert client.get(address("batch_remove", pile)).status_code == 302
    assert client.post(address("batch", pile), {"sheets": "9"}).status_code == 422


def test_batch_counted_again(client, pile, manager):
    low = client.post(address("batch", pile), {"sheets": "2"})
    assert low.status_code == 422
    assert "Лист № 4 этой пачки уже введён" in low.content.decode()
    client.post(address("batch", pile), {"sheets": "4"})
    assert Batch.objects.get().sheets == 4


def test_wave_with_unsettled_sheets_does_not_close_and_says_why(client, pile, manager):
    close = reverse("office:wave_close", args=[pile.wave_id])
    assert "Бумажные анкеты введены не все: 1\xa0пачка." in client.get(close).content.decode()
    answer = client.post(close)
    assert (answer.status_code, Wave.objects.get().status) == (422, "open")
    assert "Пачка № 1 (" in answer.content.decode()


def test_batch_of_another_wave_is_not_found(client, pile, manager):
    other = make_wave("2028", "general")
    assert client.get(reverse("office:batch", args=[other.pk, 1])).status_code == 404
