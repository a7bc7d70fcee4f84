"""The council in the office: who sees what, what a refusal says, what waits for whom."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from noko.access.council import within
from noko.access.scope import Scope
from noko.actions import agenda
from noko.actions import session as sessions
from noko.actions import vote as votes
from noko.models import Attendance, Council, Municipality, Session, Vote
from noko.web.office.council_steps import council_stage, council_tasks
from tests.small_council import (
    NOW,
    make_ballot,
    make_council,
    make_decided,
    make_open,
    make_session,
    members_of,
    vote_all,
)
from tests.small_cycle import make_cycle, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES = tmp_path


def address(name, *keys):
    return reverse(f"office:{name}", args=keys)


def seat(client, council, place):
    member = members_of(council)[place]
    client.force_login(member.person)
    return member


def confirmed(ballot):
    """What the confirm step sends."""
    return {"choice": "for", "confirmed": "1", "ballot": ballot.pk}


def main(answer):
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


# --- a member -------------------------------------------------------------------------------------


def test_member_votes_in_two_steps(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    seat(client, ballot.item.session.council, 3)
    url = address("council_vote", ballot.item_id)
    assert main(client.get(url)).count('name="choice"') == 3
    asked = client.post(url, {"choice": "for"})
    assert ("Подать голос «за»" in main(asked), Vote.objects.count()) == (True, 0)
    answer = client.post(url, confirmed(ballot), follow=True)
    assert "Ваш голос учтён: за." in main(answer)
    assert (Vote.objects.get().choice, 'name="choice"' in main(answer)) == ("for", False)
    assert 'name="choice"' in main(client.get(f"{url}?change"))


@pytest.mark.parametrize("choice", ["", "maybe", "for'; drop table"])
def test_member_vote_that_is_none_is_not_counted(client, choice):
    ballot = make_ballot(make_open(make_session(make_council())))
    seat(client, ballot.item.session.council, 3)
    url = address("council_vote", ballot.item_id)
    assert client.post(url, {**confirmed(ballot), "choice": choice}).status_code == 200
    assert Vote.objects.count() == 0


def test_member_vote_of_a_round_that_is_over_does_not_count_in_the_next(client):
    council = make_council({"ordinary.tie": "again"})
    session = make_open(make_session(council), here=6)
    first = make_ballot(session)
    vote_all(first, "+++---.")
    votes.close_ballot(ballot=first, by=None, now=NOW)
    second = make_ballot(session)
    seat(client, council, 0)
    url = address("council_vote", first.item_id)
    answer = client.post(url, confirmed(first), follow=True)
    assert "Это другое голосование." in main(answer)
    assert second.votes.count() == 0
    client.post(url, confirmed(second))
    assert second.votes.count() == 1


def test_member_opening_an_address_votes_for_nothing(client):
    """A mail scanner that follows every link changes nothing."""
    ballot = make_ballot(make_open(make_session(make_council())))
    seat(client, ballot.item.session.council, 3)
    client.get(f"{address('council_vote', ballot.item_id)}?choice=for&confirmed=1")
    for name in ("session_reply", "session_join"):
        url = address(name, ballot.item.session_id)
        assert client.get(f"{url}?answer=coming").status_code == 405
    assert Vote.objects.count() == 0


def test_member_who_is_absent_sees_no_buttons_and_is_told_why(client):
    ballot = make_ballot(make_open(make_session(make_council()), here=5))
    seat(client, ballot.item.session.council, 6)
    url = address("council_vote", ballot.item_id)
    page = main(client.get(url))
    assert ('name="choice"' in page, "Вы не отмечены среди участвующих" in page) == (False, True)
    answer = client.post(url, confirmed(ballot), follow=True)
    assert "Скажите секретарю, что вы здесь" in main(answer)
    assert Vote.objects.count() == 0


def test_member_too_late_is_told_that_the_vote_was_not_counted(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    seat(client, ballot.item.session.council, 3)
    url = address("council_vote", ballot.item_id)
    answer = client.post(url, confirmed(ballot), follow=True)
    assert "Голосование закрыто. Голос не учтён." in main(answer)


def test_member_of_another_council_does_not_find_the_vote(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    stranger = make_person("council_member", "stranger@example.org")
    client.force_login(stranger)
    for name in ("council_vote", "council_recuse"):
        assert client.get(address(name, ballot.item_id)).status_code == 404
    url = address("session_reply", ballot.item.session_id)
    assert client.post(url, {"answer": "coming"}).status_code == 404
    assert client.get(address("session", ballot.item.session_id)).status_code == 200


def test_member_sees_no_names_while_an_open_vote_goes_on(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    vote_all(ballot, "+-.....")
    seat(client, ballot.item.session.council, 3)
    page = main(client.get(address("agenda_item", ballot.item_id)))
    assert ("Проголосовали 2 из 7" in page, "Лебедева" in page) == (True, False)


def test_member_answers_the_invitation_and_changes_the_answer(client):
    council = make_council()
    session = make_session(council, starts_at=timezone.now() + timedelta(days=3))
    member = seat(client, council, 3)
    url = address("session_reply", session.pk)
    for answer in ("coming", "not_coming"):
        client.post(url, {"answer": answer})
        assert Attendance.objects.get(member=member).reply == answer
    told = client.post(url, {"answer": "perhaps"}, follow=True)
    assert "Выберите, придёте ли вы." in main(told)


def test_member_joins_a_remote_session(client):
    council = make_council()
    session = make_session(council, kind="remote", starts_at=timezone.now())
    member = seat(client, council, 3)
    assert "Я участвую" in main(client.get(address("session", session.pk)))
    client.post(address("session_join", session.pk))
    assert Attendance.objects.get(member=member).mark == "remote"


# --- the secretary --------------------------------------------------------------------------------


def test_secretary_notes_hands_but_not_over_a_vote_of_ones_own(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    council = ballot.item.session.council
    members = members_of(council)
    vote_all(ballot, "-......")
    seat(client, council, 2)
    url = address("ballot_hands", ballot.pk)
    data = {f"vote-{member.pk}": "for" for member in members}
    answer = client.post(url, data, follow=True)
    assert "Голоса записаны." in main(answer)
    assert Vote.objects.filter(choice="for").count() == 6
    assert Vote.objects.get(member=members[0]).choice == "against"


def test_secretary_is_told_who_has_not_voted_before_closing(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    vote_all(ballot, "++++++.")
    seat(client, ballot.item.session.council, 2)
    page = main(client.get(address("ballot_close", ballot.pk)))
    assert ("Ещё не голосовали" in page, "Гусева Ия Петровна" in page) == (True, True)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("conclude", "Вопрос рассмотрен без голосования."),
        ("discuss", "Совет перешёл к вопросу."),
        ("ballot", "Голосование открыто"),
        ("before", "Повестку уже не меняют: идёт."),
    ],
)
def test_secretary_moves_an_item(client, deed, said):
    session = make_open(make_session(make_council()))
    seat(client, session.council, 2)
    url = address("agenda_move", session.items.get().pk)
    assert said in main(client.post(url, {"deed": deed}, follow=True))


def test_secretary_asks_for_an_unknown_deed(client):
    session = make_open(make_session(make_council()))
    seat(client, session.council, 2)
    url = address("agenda_move", session.items.get().pk)
    assert client.post(url, {"deed": "burn"}).status_code == 404


def test_secretary_is_refused_at_the_field(client):
    council = make_council()
    seat(client, council, 2)
    url = address("council_member_new", council.pk)
    data = {
        "full_name": "Дроздов Яков",
        "association": "Союз",
        "position": "chair",
        "starts_on": "2026-03-01",
    }
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "В эти дни у совета уже есть председатель." in main(answer)


def test_secretary_adds_and_removes_a_file(client):
    council = make_council()
    item = make_session(council).items.get()
    seat(client, council, 2)
    url = address("agenda_material_new", item.pk)
    empty = client.post(url, {"file": SimpleUploadedFile("пусто.txt", b"")})
    assert (empty.status_code, "пуст" in main(empty)) == (422, True)
    file = SimpleUploadedFile("../../перечень <b>.html", b"<script>alert(1)</script>")
    client.post(url, {"file": file, "annex": "on"})
    material = item.materials.get()
    answer = client.get(address("agenda_material", material.pk))
    assert answer.getvalue() == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    page = main(client.get(address("agenda_item", item.pk)))
    assert "перечень &lt;b&gt;.html" in page
    client.post(address("agenda_material_remove", material.pk))
    assert item.materials.count() == 0


def test_secretary_of_the_council_does_not_open_sessions(client):
    session = make_session(make_council())
    seat(client, session.council, 2)
    assert client.post(address("session_open", session.pk)).status_code == 403
    assert Session.objects.get().status == "planned"


def test_official_of_the_authority_never_votes(client):
    ballot = make_ballot(make_open(make_session(make_council())))
    for role in ("secretary", "administrator", "head"):
        client.force_login(make_person(role))
        url = address("council_vote", ballot.item_id)
        assert client.post(url, confirmed(ballot)).status_code == 403
    assert Vote.objects.count() == 0


# --- the chair ------------------------------------------------------------------------------------


def test_chair_is_told_why_a_session_does_not_open(client):
    session = make_session(make_council(), starts_at=timezone.now())
    chair = seat(client, session.council, 0)
    marks = {chair.pk: ("present", "")}
    sessions.mark(session=session, marks=marks, by=None, now=NOW)
    url = address("session_open", session.pk)
    answer = client.post(url, {"presiding": chair.pk})
    assert (answer.status_code, "Кворума нет" in main(answer) or "Кворум нет" in main(answer)) == (
        422,
        True,
    )


def test_chair_signs_what_was_read(client):
    session, items = make_decided(make_session(make_council()))
    seat(client, session.council, 0)
    url = address("session_sign", session.pk)
    page = main(client.get(url))
    digest = page.split('name="digest" value="')[1].split('"')[0]
    agenda.note(item=items[0], heard="Иначе.", discussion="", by=None, now=NOW)
    refused = client.post(url, {"digest": digest}, follow=True)
    assert "Пока вы читали, протокол изменили." in main(refused)
    page = main(client.get(url))
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert "Протокол подписан." in main(client.post(url, {"digest": digest}, follow=True))


def test_session_piece_renews_the_page_when_the_session_is_over(client):
    session = make_open(make_session(make_council()))
    seat(client, session.council, 3)
    url = address("session_live", session.pk)
    assert "HX-Refresh" not in client.get(url)
    agenda.withdraw(item=session.items.get(), reason="не готов", by=None, now=NOW)
    sessions.close_session(session=session, by=None, now=NOW)
    assert client.get(url)["HX-Refresh"] == "true"


# --- reach ----------------------------------------------------------------------------------------


def test_councils_of_municipalities_are_found_where_the_scope_reaches():
    lugov = Municipality.objects.create(name="Город Лугов", slug="lugov")
    other = Municipality.objects.create(name="Заречный район", slug="zarechny")
    region = make_council()
    near = make_council(municipality=lugov, short_name="Совет Лугова")
    far = make_council(municipality=other, short_name="Совет района")
    session = make_session(near)
    make_session(far)
    local = Scope(municipalities=frozenset({lugov.pk}))
    assert set(Council.objects.filter(within(Scope(everything=True)))) == {region, near, far}
    assert list(Council.objects.filter(within(local))) == [near]
    assert list(Session.objects.filter(within(local, "council__"))) == [session]
    assert list(Council.objects.filter(within(Scope()))) == []


@pytest.mark.parametrize(
    "guessed",
    [
        "/office/council/999999/",
        "/office/council/999999/rules/",
        "/office/council/members/999999/",
        "/office/council/sessions/999999/",
        "/office/council/sessions/999999/protokol.docx",
        "/office/council/items/999999/",
        "/office/council/materials/999999/",
        "/office/council/ballots/999999/close/",
        "/office/council/decisions/999999/",
    ],
)
def test_council_guessed_address_is_not_found(client, guessed):
    client.force_login(make_person("administrator"))
    assert client.get(guessed).status_code == 404


@pytest.mark.parametrize("name", ["session_minutes", "council_decision_draft"])
def test_council_document_of_an_unknown_kind_is_not_found(client, name):
    session, _ = make_decided(make_session(make_council()))
    key = session.pk if name == "session_minutes" else session.decisions.get().pk
    client.force_login(make_person("administrator"))
    assert client.get(address(name, key, "exe")).status_code == 404


def test_council_file_of_another_decision_is_not_found(client):
    session, _ = make_decided(make_session(make_council()))
    client.force_login(make_person("administrator"))
    url = address("council_decision_file", session.decisions.get().pk, "a" * 64)
    assert client.get(url).status_code == 404


# --- what waits for whom --------------------------------------------------------------------------


def words(person, now=NOW):
    return [(task.group.value, task.word) for task in council_tasks(person, now)]


def test_tasks_of_a_member_are_answers_and_votes():
    council = make_council()
    member = members_of(council)[3]
    coming = make_session(council, starts_at=NOW + timedelta(days=3))
    sessions.invite(session=coming, by=None, now=NOW)
    ballot = make_ballot(make_open(make_session(council)))
    assert words(member.person) == [
        ("waiting", "проголосуйте"),
        ("waiting", "ответьте, придёте ли"),
    ]
    votes.cast(ballot=ballot, member=member, choice="for", by=member.person, now=NOW)
    sessions.reply(session=coming, member=member, answer="coming", by=member.person, now=NOW)
    assert words(member.person) == []


def test_tasks_of_a_member_end_with_a_recusal():
    ballot = make_ballot(make_open(make_session(make_council())))
    member = members_of(ballot.item.session.council)[3]
    votes.recuse(item=ballot.item, member=member, reason="сын", by=member.person, now=NOW)
    assert words(member.person) == []


def test_tasks_of_the_chair_and_the_secretary():
    council = make_council()
    make_decided(make_session(council))
    chair, secretary = (members_of(council)[place].person for place in (0, 2))
    assert words(chair) == [("waiting", "подпишите")]
    assert words(chair, NOW + timedelta(days=4)) == [
        ("waiting", "подпишите"),
        ("late", "не подписан"),
    ]
    make_session(council, starts_at=NOW + timedelta(days=3))
    assert words(secretary) == [("waiting", "пригласите")]
    assert words(secretary, NOW + timedelta(days=9)) == [("late", "не открыто в срок")]


def test_tasks_of_those_who_do_not_see_the_council_are_none():
    make_decided(make_session(make_council()))
    assert words(make_person("operator_analyst")) == []


def test_stage_of_a_cycle_says_where_the_council_stands():
    cycle = make_cycle()
    assert council_stage(cycle)["word"] == "ещё не решал"
    council = make_council()
    session = make_session(council, cycle=cycle)
    assert council_stage(cycle)["word"] == "заседание назначено"
    make_decided(session)
    found = council_stage(cycle)
    assert (found["word"], found["text"]) == ("принимает решения", "Принято: 1\xa0решение.")


def test_council_page_shows_every_council(client):
    for year in (2022, 2025):
        make_council(
            short_name=f"Совет {year}", starts_on=date(year, 2, 1), people=7 if year == 2025 else 0
        )
    client.force_login(make_person("head"))
    page = main(client.get(address("councils")))
    assert ("Совет 2022" in page, "Совет 2025" in page) == (True, True)
    assert page.count("действует") == 1
