"""The interviewer's pages: one empty questionnaire after another, nothing lost, nothing doubled."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from noko.actions.wave_closing import stop
from noko.models import AnswerBox, JournalEntry, Receipt, Trace, Wave
from tests.racing import at_once
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    return make_wave().places.order_by("organisation__sort_key").first()


@pytest.fixture
def interviewer(client):
    person = make_person("operator_interviewer")
    client.force_login(person)
    return person


def address_of(place):
    return reverse("field:interview", args=[place.pk])


def hidden(page):
    return dict(re.findall(r'name="(key|version|lang)" value="([^"]+)"', page))


def opened(client, place):
    return hidden(client.get(address_of(place)).content.decode())


def filled(**answers):
    return {f"a.{question}": value for question, value in answers.items()}


def boxes():
    return list(AnswerBox.objects.values_list("channel", "day", "number"))


def ticked(page):
    return re.findall(r'name="a\.(\w+)" value="(\d+)" checked', page)


def test_interview_goes_into_the_box_and_the_next_one_is_empty(client, place, interviewer):
    first = opened(client, place)
    answer = client.post(address_of(place), first | filled(q1="1", q2="0"), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{address_of(place)}?lang=ru", 302)]
    assert "Анкета принята" in page
    assert '<strong id="today">1</strong>' in page
    assert ticked(page) == []
    assert hidden(page)["key"] != first["key"]
    assert boxes() == [("interview", timezone.localdate(), 1)]
    client.post(address_of(place), hidden(page) | filled(q1="0"))
    assert boxes() == [("interview", timezone.localdate(), 2)]
    listed = client.get(reverse("field:interviews")).content.decode()
    assert "Сегодня принято в интервью: 2" in listed
    assert "интервью сегодня: 2, всего: 2" in listed
    assert "интервью сегодня: 0, всего: 0" in listed


def test_interview_leaves_nothing_that_points_to_the_interviewer(client, place, interviewer):
    before = JournalEntry.objects.count()
    client.post(address_of(place), opened(client, place) | filled(q1="1"))
    assert JournalEntry.objects.count() == before
    assert sorted(Trace.objects.values_list("kind", flat=True)) == ["way", "window"]
    assert Trace.objects.get(kind="way").token == "interview"


def test_interview_sent_twice_counts_once_and_shows_what_was_typed(client, place, interviewer):
    first = opened(client, place)
    client.post(address_of(place), first | filled(q1="1"))
    again = client.post(address_of(place), first | filled(q1="0", q16="Тепло"))
    page = again.content.decode()
    assert (again.status_code, boxes()[0][2]) == (409, 1)
    assert "уже принята, второй раз она не засчитана" in page
    assert ticked(page) == [("q1", "0")]
    assert "Тепло" in page
    client.post(address_of(place), hidden(page) | filled(q1="0"))
    assert boxes()[0][2] == 2


def test_interview_answer_to_a_hidden_question_is_refused_and_left_out(client, place, interviewer):
    first = opened(client, place)
    refused = client.post(address_of(place), first | filled(q1="0", q2="1", q3="1"))
    page = refused.content.decode()
    assert (refused.status_code, boxes()) == (422, [])
    assert "только если на вопрос 1 ответить «Да»" in page
    assert ticked(page) == [("q1", "0"), ("q3", "1")]
    assert hidden(page)["key"] == first["key"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Нет ни одного ответа"),
        ({"q1": "7"}, "такого варианта ответа нет"),
        ({"q1": "1", "q99": "1"}, "В анкете нет вопроса «q99»"),
    ],
)
def test_interview_with_faults_is_refused(client, place, interviewer, answers, said):
    refused = client.post(address_of(place), opened(client, place) | filled(**answers))
    assert (refused.status_code, boxes()) == (422, [])
    assert said in refused.content.decode()


def test_interview_of_another_version_keeps_the_answers(client, place, interviewer):
    old = opened(client, place) | {"version": "0" * 16}
    answer = client.post(address_of(place), old | filled(q1="1"))
    assert (answer.status_code, boxes()) == (409, [])
    assert "Анкета изменилась" in answer.content.decode()
    assert ticked(answer.content.decode()) == [("q1", "1")]


def test_interview_in_a_wave_that_has_stopped_is_refused_kindly(client, place, interviewer):
    first = opened(client, place)
    stop(wave=Wave.objects.get(), by=None, now=timezone.now())
    answer = client.post(address_of(place), first | filled(q1="1"))
    page = answer.content.decode()
    assert (answer.status_code, boxes()) == (409, [])
    assert "Опрос закрыт, эта анкета не принята" in page
    assert ticked(page) == [("q1", "1")]
    assert "Отправить и начать следующую" not in page
    assert "Опрос закрыт" in client.get(address_of(place)).content.decode()
    assert "Открытых волн нет" in client.get(reverse("field:interviews")).content.decode()


def test_interview_before_the_opening_takes_nothing(client, interviewer):
    place = make_wave(opened=False).places.first()
    page = client.get(address_of(place)).content.decode()
    assert "Опрос ещё не начался" in page
    answer = client.post(address_of(place), filled(q1="1"))
    assert (answer.status_code, boxes()) == (409, [])


@pytest.mark.django_db(transaction=True)
def test_interview_sent_at_once_from_one_page_is_taken_once():
    place = make_wave().places.first()
    person = make_person("operator_interviewer")
    first = Client()
    first.force_login(person)
    sent = opened(first, place) | filled(q1="1")

    def press():
        own = Client()
        own.force_login(person)
        return own.post(address_of(place), sent).status_code

    done, refused = at_once(press, 4)
    assert (sorted(done), refused) == ([302, 409, 409, 409], [])
    assert (boxes()[0][2], Receipt.objects.count()) == (1, 1)
