"""Minutes and decisions: what they say, with and without the mark of a draft."""

import io
from datetime import timedelta

import docx
import pytest
from pypdf import PdfReader

from noko.actions import agenda
from noko.actions import session as sessions
from noko.actions import vote as votes
from noko.documents.council import (
    decision_data,
    decision_document,
    minutes_data,
    minutes_digest,
    minutes_document,
)
from noko.models import Ballot, Decision
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

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES = tmp_path


def text_of(content):
    """The whole text of a document, table cells among it."""
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def held():
    """A session with a recusal, one absent, an adopted, a rejected and a withdrawn item."""
    council = make_council()
    session = make_session(council, titles=("О перечне", "О выезде", "О смете"))
    first, second, third = session.items.order_by("order")
    agenda.add_material(
        item=first, name="перечень.docx", content=b"1", annex=True, by=None, now=NOW
    )
    session = make_open(session, here=6)
    members = members_of(council)
    absent = {members[6].pk: ("absent", "болезнь")}
    sessions.mark(session=session, marks=absent, by=None, now=NOW)
    agenda.note(item=first, heard="Доклад.", discussion="Ершов Г. И. за.", by=None, now=NOW)
    ballot = votes.open_ballot(item=first, by=None, now=NOW)
    votes.recuse(
        item=first, member=members[3], reason="работает сын", by=members[3].person, now=NOW
    )
    vote_all(ballot, "+++.-0.")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    ballot = votes.open_ballot(item=second, by=None, now=NOW)
    vote_all(ballot, "------.")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    agenda.withdraw(item=third, reason="смета не готова", by=None, now=NOW)
    return sessions.close_session(session=session, by=None, now=NOW + timedelta(hours=1))


def test_minutes_say_everything_that_happened():
    data = minutes_data(held())
    first, second, third = data["items"]
    assert data["title"] == "Протокол № 1 от 23\xa0ноября 2026\xa0г."
    assert [row["name"] for row in data["present"]][:2] == [
        "Лебедева Ольга Павловна",
        "Ершов Глеб Иванович",
    ]
    assert (len(data["present"]), data["absent"]) == (6, ["Гусева Ия Петровна – болезнь"])
    assert (first["heard"], first["discussion"]) == (["Доклад."], ["Ершов Г. И. за."])
    assert first["recusals"] == ["Абрамов Пётр Ильич – работает сын"]
    assert first["rounds"][0]["totals"] == "«За» – 3, «против» – 1, воздержались – 1."
    assert first["rounds"][0]["names"] == [
        "За: Ершов Г.\xa0И., Зимина Р.\xa0Л., Лебедева О.\xa0П.".replace(" Г", "\xa0Г")
        .replace(" Р", "\xa0Р")
        .replace(" О", "\xa0О"),
        "Против: Белова\xa0А.\xa0О.",
        "Воздержались: Воронов\xa0Л.\xa0Ю.",
    ]
    assert (first["result"], first["decided"]) == (
        "Решили (решение № 1)",
        ["Утвердить перечень."],
    )
    assert second["decided"] == ["Решение не принято."]
    assert third["decided"] == ["Снять вопрос с повестки: смета не готова."]
    assert data["annexes"][0].startswith("1. К решению № 1: перечень.docx (SHA-256: ")
    assert data["presiding"] == {
        "position": "Председатель общественного совета",
        "name": "О.\xa0П.\xa0Лебедева",
    }


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_minutes_are_a_draft_until_they_are_signed(kind):
    session = held()
    name, draft = minutes_document(session).file(kind)
    _, signed = minutes_document(session, signed_at=NOW).file(kind)
    assert name == f"protokol-1-2026.{kind}"
    assert ("ПРОЕКТ" in text_of(draft), "ПРОЕКТ" in text_of(signed)) == (True, False)
    for part in ("ПРОТОКОЛ № 1", "О перечне", "Снять вопрос с повестки", "Самоотвод"):
        assert part in text_of(signed)
    assert minutes_digest(session) in text_of(signed).replace("\n", "").replace("\u200b", "")
    assert "не электронная подпись" in " ".join(text_of(signed).split())


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_minutes_of_the_same_session_are_the_same_bytes(kind):
    session = held()
    assert minutes_document(session).file(kind) == minutes_document(session).file(kind)


def test_minutes_digest_follows_the_text_alone():
    session = held()
    before = minutes_digest(session)
    assert minutes_digest(session) == before
    item = session.items.first()
    agenda.note(item=item, heard="Доклад дополнен.", discussion="", by=None, now=NOW)
    assert minutes_digest(session) != before


def test_minutes_of_a_secret_vote_name_nobody():
    council = make_council({"ordinary.secrecy": "allowed"})
    ballot = make_ballot(make_open(make_session(council, secret=True)))
    vote_all(ballot, "++++--0")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    (round,) = minutes_data(ballot.item.session)["items"][0]["rounds"]
    assert (round["title"], round["names"]) == ("Голосовали (тайно)", [])
    assert round["totals"] == "«За» – 4, «против» – 2, воздержались – 1."


def test_minutes_tell_nobodys_vote_while_it_is_going_on():
    ballot = make_ballot(make_open(make_session(make_council())))
    vote_all(ballot, "+++-...")
    (round,) = minutes_data(ballot.item.session)["items"][0]["rounds"]
    assert (round["totals"], round["names"]) == ("Голосование идёт.", [])


def test_minutes_of_a_poll_name_those_who_answered():
    poll = make_open(make_session(make_council(), kind="poll"))
    vote_all(Ballot.objects.get(), "+++++..")
    votes.close_due_polls(now=NOW + timedelta(days=5))
    poll.refresh_from_db()
    data = minutes_data(poll)
    assert (len(data["present"]), len(data["absent"])) == (5, 2)
    assert data["quorum"].startswith("Голоса подали 5 из 7 членов совета.")
    assert data["subject"].startswith("письменного опроса")


def test_decision_says_by_how_many_votes_and_its_digest():
    session, _ = make_decided(make_session(make_council()))
    decision = session.decisions.get()
    data = decision_data(decision)
    assert data["adopted"] == (
        "Принято на заседании 23\xa0ноября 2026\xa0г., протокол № 1. «За» – 5, «против» – 2, "
        "воздержались – 0."
    )
    for kind in ("docx", "pdf"):
        name, content = decision_document(decision, signed_at=NOW).file(kind)
        text = text_of(content).replace("\n", "").replace("\u200b", "")
        assert name == f"reshenie-1-2026.{kind}"
        assert (decision.digest in text, "Утвердить перечень." in text) == (True, True)


def test_documents_bear_whatever_people_write():
    council = make_council(name="Совет <b>&\x07 {{ title }}")
    session = make_session(council, titles=("О {% if %} и <w:p/>",))
    make_decided(session)
    session.refresh_from_db()
    for kind in ("docx", "pdf"):
        assert "О {% if %} и <w:p/>" in text_of(minutes_document(session).file(kind)[1]).replace(
            "\n", " "
        )
        assert "{{ title }}" in text_of(decision_document(Decision.objects.get()).file(kind)[1])
