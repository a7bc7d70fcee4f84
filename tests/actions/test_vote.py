"""Voting: who is counted, what the database refuses, and what a ballot ends with."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from noko.actions import session as sessions
from noko.actions import vote as votes
from noko.core.refusal import Refusal
from noko.models import (
    AgendaItem,
    Ballot,
    Decision,
    JournalEntry,
    Recusal,
    SecretTally,
    Vote,
    Voted,
)
from tests.racing import at_once, one_each
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


def refused(kind):
    return pytest.raises(Refusal, check=lambda refusal: refusal.kind == kind)


def vote(ballot, place, choice="for", by=None, now=NOW):
    member = members_of(ballot.item.session.council)[place]
    return votes.cast(ballot=ballot, member=member, choice=choice, by=by or member.person, now=now)


@pytest.fixture
def ballot():
    return make_ballot(make_open(make_session(make_council())))


def make_secret(here=7):
    council = make_council({"ordinary.secrecy": "allowed"})
    return make_ballot(make_open(make_session(council, secret=True), here))


# --- open votes -----------------------------------------------------------------------------------


def test_vote_majority_adopts_and_the_decision_is_numbered_and_frozen():
    cycle = make_cycle()
    session = make_open(make_session(make_council(), cycle=cycle))
    ballot = make_ballot(session)
    vote_all(ballot, "++++--0")
    closed = votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert (closed.outcome, closed.votes_for, closed.votes_against, closed.votes_abstained) == (
        "adopted",
        4,
        2,
        1,
    )
    assert closed.explanation[-1] == "Решение принято."
    decision = Decision.objects.get()
    assert (decision.number, decision.year, decision.text, decision.cycle) == (
        1,
        2026,
        "Утвердить перечень.",
        cycle,
    )
    assert AgendaItem.objects.get().status == "adopted"
    deeds = list(JournalEntry.objects.order_by("-id").values_list("deed", flat=True)[:2])
    assert deeds == ["decision.adopted", "ballot.closed"]


def test_vote_minority_does_not_adopt(ballot):
    vote_all(ballot, "+++----")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert (AgendaItem.objects.get().status, Decision.objects.count()) == ("rejected", 0)


def test_vote_decisions_follow_each_other():
    session, _ = make_decided(
        make_session(make_council(), titles=("О перечне", "О задании", "О плане"))
    )
    assert list(session.decisions.order_by("number").values_list("number", "title")) == [
        (1, "О перечне"),
        (2, "О задании"),
        (3, "О плане"),
    ]


def test_vote_is_changed_while_the_ballot_is_open(ballot):
    vote(ballot, 1, "for")
    vote(ballot, 1, "against", now=NOW + timedelta(minutes=1))
    assert list(Vote.objects.values_list("choice", flat=True)) == ["against"]
    assert JournalEntry.objects.filter(deed="vote.changed").count() == 1


def test_vote_the_same_once_more_changes_nothing(ballot):
    vote(ballot, 1, "for")
    vote(ballot, 1, "for")
    assert (Vote.objects.count(), JournalEntry.objects.filter(deed="vote.cast").count()) == (1, 1)


def test_vote_is_not_changed_where_the_rule_forbids_it():
    council = make_council({"change": "never"})
    ballot = make_ballot(make_open(make_session(council)))
    vote(ballot, 1, "for")
    with refused("voted_already"):
        vote(ballot, 1, "against")
    assert Vote.objects.get().choice == "for"


def test_vote_of_the_absent_is_refused():
    ballot = make_ballot(make_open(make_session(make_council()), here=5))
    with refused("absent"):
        vote(ballot, 6)
    assert Vote.objects.count() == 0


def test_vote_of_one_who_has_left_stays_and_counts_them_in(ballot):
    vote_all(ballot, "++++...")
    members = members_of(ballot.item.session.council)
    left = {member.pk: ("left", "") for member in (members[0], members[6])}
    sessions.mark(session=ballot.item.session, marks=left, by=None, now=NOW)
    with refused("absent"):
        vote(ballot, 6)
    closed = votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert (closed.present, closed.votes_for, closed.outcome) == (6, 4, "adopted")


def test_vote_after_the_close_is_refused(ballot):
    vote_all(ballot, "+++++..")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    with refused("ballot_closed"):
        vote(ballot, 5)
    with refused("ballot_closed"):
        vote(ballot, 0, "against")
    assert Vote.objects.count() == 5


def test_vote_close_twice_is_refused(ballot):
    vote_all(ballot, "+++++..")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    with refused("ballot_closed"):
        votes.close_ballot(ballot=ballot, by=None, now=NOW)


def test_vote_of_the_recused_is_refused(ballot):
    member = members_of(ballot.item.session.council)[3]
    votes.recuse(
        item=ballot.item, member=member, reason="Здесь учится сын", by=member.person, now=NOW
    )
    with refused("recused"):
        vote(ballot, 3)
    vote_all(ballot, "+++.---")
    closed = votes.close_ballot(ballot=ballot, by=None, now=NOW)
    # Three for and three against of six: a tie that the chair, who is for, decides.
    assert (closed.present, closed.recused, closed.outcome) == (7, 1, "adopted")


@pytest.mark.parametrize(
    ("reason", "kind"), [("", "reason_required"), ("Родственник", "voted_already")]
)
def test_vote_recusal_is_refused(ballot, reason, kind):
    vote(ballot, 3)
    member = members_of(ballot.item.session.council)[3]
    with refused(kind):
        votes.recuse(item=ballot.item, member=member, reason=reason, by=member.person, now=NOW)


def test_vote_recusal_after_the_end_is_refused(ballot):
    vote_all(ballot, "+++++..")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    member = members_of(ballot.item.session.council)[6]
    with refused("item_decided"):
        votes.recuse(item=ballot.item, member=member, reason="Сын", by=member.person, now=NOW)


def test_vote_hand_is_noted_by_the_secretary_but_never_over_a_vote_of_ones_own(ballot):
    secretary = make_person("secretary")
    vote(ballot, 4, "against", by=secretary)
    vote(ballot, 4, "for", by=secretary)
    vote(ballot, 5, "against")
    with refused("voted_himself"):
        vote(ballot, 5, "for", by=secretary)
    vote(ballot, 4, "against")
    assert list(Vote.objects.values_list("choice", flat=True)) == ["against", "against"]


def test_vote_needs_a_draft_a_quorum_and_one_item_at_a_time():
    council = make_council()
    session = make_session(council, titles=("О перечне", "О задании"))
    session = make_open(session)
    first, second = session.items.order_by("order")
    AgendaItem.objects.filter(pk=second.pk).update(draft_decision="")
    votes.discuss(item=first, by=None, now=NOW)
    with refused("other_item"):
        votes.discuss(item=second, by=None, now=NOW)
    votes.conclude(item=first, by=None, now=NOW)
    second.refresh_from_db()
    with refused("no_draft"):
        votes.open_ballot(item=second, by=None, now=NOW)
    gone = {member.pk: ("left", "") for member in members_of(council)[:4]}
    sessions.mark(session=session, marks=gone, by=None, now=NOW)
    AgendaItem.objects.filter(pk=second.pk).update(draft_decision="Принять.")
    second.refresh_from_db()
    with refused("no_quorum"):
        votes.open_ballot(item=second, by=None, now=NOW)


# --- a tie in every rule --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tie", "votes_cast", "expected"),
    [
        ("chair", "+++---.", "adopted"),
        ("chair", "---+++.", "rejected"),
        ("chair", "0++---+", "rejected"),
        ("rejected", "+++---.", "rejected"),
        ("again", "+++---.", "tied"),
    ],
)
def test_vote_tie_ends_as_the_rule_says(tie, votes_cast, expected):
    ballot = make_ballot(make_open(make_session(make_council({"ordinary.tie": tie})), here=6))
    members = members_of(ballot.item.session.council)
    if votes_cast[6] != ".":
        marks = {members[6].pk: ("present", "")}
        sessions.mark(session=ballot.item.session, marks=marks, by=None, now=NOW)
    vote_all(ballot, votes_cast)
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert AgendaItem.objects.get().status == expected


def test_vote_tie_is_voted_once_more_and_then_it_is_over():
    session = make_open(make_session(make_council({"ordinary.tie": "again"})), here=6)
    for status in ("tied", "rejected"):
        ballot = make_ballot(session)
        vote_all(ballot, "+++---.")
        votes.close_ballot(ballot=ballot, by=None, now=NOW)
        assert AgendaItem.objects.get().status == status
    assert list(Ballot.objects.values_list("round", "outcome")) == [(1, "tied"), (2, "rejected")]


def test_vote_second_round_may_adopt():
    session = make_open(make_session(make_council({"ordinary.tie": "again"})), here=6)
    for choices in ("+++---.", "++++--."):
        ballot = make_ballot(session)
        vote_all(ballot, choices)
        votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert (AgendaItem.objects.get().status, Decision.objects.count()) == ("adopted", 1)


def test_vote_rule_is_kept_as_it_was_when_the_ballot_was_opened(ballot):
    from noko.actions import council as councils

    strict = {"ordinary.majority": {"choice": "two_thirds_members", "point": "п. 5"}}
    councils.change(council=ballot.item.session.council, choices=strict, by=None, now=NOW)
    vote_all(ballot, "++++---")
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert AgendaItem.objects.get().status == "adopted"


# --- secret votes ---------------------------------------------------------------------------------


def test_vote_secret_counts_sums_and_names_only_who_took_part():
    ballot = make_secret()
    vote_all(ballot, "++++--0")
    closed = votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert (closed.votes_for, closed.votes_against, closed.votes_abstained) == (4, 2, 1)
    assert (closed.outcome, Voted.objects.count(), Vote.objects.count()) == ("adopted", 7, 0)


def test_vote_secret_is_cast_once_and_by_oneself():
    ballot = make_secret(here=6)
    members = members_of(ballot.item.session.council)

    def secretly(place, by=None):
        member = members[place]
        votes.cast_secretly(
            ballot=ballot, member=member, choice="for", by=by or member.person, now=NOW
        )

    secretly(0)
    with refused("voted_already"):
        secretly(0)
    with refused("not_own_vote"):
        secretly(1, by=members[2].person)
    with refused("absent"):
        secretly(6)
    with refused("other_way"):
        vote(ballot, 1)
    assert (SecretTally.objects.get().votes_for, Voted.objects.count()) == (1, 1)


def test_vote_secret_tie_is_not_decided_by_the_chair_whose_vote_is_not_known():
    ballot = make_secret(here=6)
    vote_all(ballot, "+++---.")
    closed = votes.close_ballot(ballot=ballot, by=None, now=NOW)
    assert (closed.outcome, "его голос не известен" in closed.explanation[-2]) == ("rejected", True)


def test_vote_secret_where_the_rules_do_not_allow_it_is_refused():
    with refused("secret_not_allowed"):
        make_session(make_council(), secret=True)


def test_vote_secret_in_a_poll_is_refused():
    council = make_council({"ordinary.secrecy": "allowed"})
    with refused("secret_not_allowed"):
        make_session(council, kind="poll", secret=True)


def test_vote_secret_where_the_rules_demand_it_needs_no_asking():
    session = make_session(make_council({"ordinary.secrecy": "always"}))
    assert session.items.get().secret


# --- written polls --------------------------------------------------------------------------------


def make_poll(council=None, titles=("О перечне", "О плане")):
    return make_open(make_session(council or make_council(), kind="poll", titles=titles))


def test_vote_poll_opens_every_item_and_closes_at_its_end():
    poll = make_poll()
    first, second = Ballot.objects.order_by("item__order")
    vote_all(first, "+++++..")
    vote_all(second, "++.....")
    assert votes.close_due_polls(now=NOW + timedelta(days=4)) == []
    assert votes.close_due_polls(now=NOW + timedelta(days=5)) == [poll]
    assert votes.close_due_polls(now=NOW + timedelta(days=6)) == []
    poll.refresh_from_db()
    assert poll.status == "closed"
    outcomes = list(Ballot.objects.order_by("item__order").values_list("outcome", "present"))
    assert outcomes == [("adopted", 5), ("no_quorum", 2)]
    assert Decision.objects.get().title == "О перечне"


def test_vote_poll_takes_no_vote_after_its_end_even_before_it_is_closed():
    poll = make_poll(titles=("О перечне",))
    ballot = Ballot.objects.get()
    with refused("ballot_closed"):
        vote(ballot, 0, now=poll.ends_at)
    vote(ballot, 0, now=poll.ends_at - timedelta(seconds=1))
    assert Vote.objects.count() == 1


def test_vote_poll_ends_early_only_when_everybody_has_answered():
    poll = make_poll(titles=("О перечне",))
    ballot = Ballot.objects.get()
    vote_all(ballot, "++++++.")
    with refused("poll_not_over"):
        votes.close_poll(session=poll, by=None, now=NOW)
    with refused("poll_by_itself"):
        votes.close_ballot(ballot=ballot, by=None, now=NOW)
    with refused("poll_by_itself"):
        sessions.close_session(session=poll, by=None, now=NOW)
    member = members_of(poll.council)[6]
    votes.recuse(item=ballot.item, member=member, reason="Сын", by=member.person, now=NOW)
    assert votes.close_poll(session=poll, by=None, now=NOW).status == "closed"
    ballot.refresh_from_db()
    assert (ballot.present, ballot.recused, ballot.outcome) == (7, 1, "adopted")


# --- what the database itself refuses -----------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "update noko_decision set text = 'Отклонить.'",
        "update noko_decision set number = 9",
        "update noko_decision set digest = repeat('0', 64)",
        "update noko_decision set status = 'published', published_at = now()",
        "delete from noko_decision",
        "update noko_ballot set votes_for = 7",
        "update noko_ballot set status = 'open', outcome = ''",
        "delete from noko_ballot",
        "update noko_vote set choice = 'against'",
        "delete from noko_vote",
        "update noko_agendaitem set draft_decision = 'Другое.'",
        "insert into noko_vote (ballot_id, member_id, choice, at)"
        " select ballot_id, member_id, 'for', now() from noko_vote limit 1",
    ],
)
def test_vote_database_keeps_what_was_decided(statement):
    make_decided(make_session(make_council()))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update noko_secrettally set votes_for = votes_for + 2",
        "update noko_secrettally set votes_for = votes_for - 1, votes_against = votes_against + 2",
        "update noko_secrettally set votes_for = 0",
        "delete from noko_secrettally",
        "delete from noko_voted",
        "update noko_voted set member_id = member_id",
    ],
)
def test_vote_database_keeps_the_sums_of_a_secret_ballot(statement):
    vote_all(make_secret(), "++-....")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_vote_database_takes_no_sums_that_nobody_has_voted():
    ballot = make_secret()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        SecretTally.objects.bulk_create([SecretTally(ballot=ballot, votes_for=7)])
    assert caught.value.__cause__.diag.constraint_name == "council_kept"


# --- several people at the same moment ----------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_vote_two_members_at_the_same_moment_both_count(ballot):
    deeds = [lambda place=place: vote(ballot, place) for place in range(7)]
    done, refusals = one_each(deeds)
    assert (len(done), refusals, Vote.objects.count()) == (7, [], 7)


@pytest.mark.django_db(transaction=True)
def test_vote_double_click_is_one_vote(ballot):
    done, refusals = at_once(lambda: vote(ballot, 2))
    assert (len(done), refusals, Vote.objects.count()) == (4, [], 1)
    assert JournalEntry.objects.filter(deed="vote.cast").count() == 1


@pytest.mark.django_db(transaction=True)
def test_vote_secret_double_click_is_one_vote():
    ballot = make_secret()
    member = members_of(ballot.item.session.council)[2]

    def secretly():
        votes.cast_secretly(ballot=ballot, member=member, choice="for", by=member.person, now=NOW)

    done, refusals = at_once(secretly)
    assert (len(done), refusals) == (1, ["voted_already"] * 3)
    assert (SecretTally.objects.get().votes_for, Voted.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_vote_secret_of_all_at_once_are_all_counted():
    ballot = make_secret()
    members = members_of(ballot.item.session.council)

    def secretly(place):
        member = members[place]
        choice = "for" if place < 4 else "against"
        votes.cast_secretly(ballot=ballot, member=member, choice=choice, by=member.person, now=NOW)

    done, refusals = one_each([lambda place=place: secretly(place) for place in range(7)])
    tally = SecretTally.objects.get()
    assert (len(done), refusals, tally.votes_for, tally.votes_against) == (7, [], 4, 3)


@pytest.mark.django_db(transaction=True)
def test_vote_at_the_moment_of_the_close_is_counted_or_refused_never_lost(ballot):
    def close():
        return votes.close_ballot(ballot=ballot, by=None, now=NOW)

    deeds = [close, *(lambda place=place: vote(ballot, place) for place in range(7))]
    done, refusals = one_each(deeds)
    ballot.refresh_from_db()
    assert set(refusals) <= {"ballot_closed"}
    assert ballot.votes_for == Vote.objects.count() == len(done) - 1


@pytest.mark.django_db(transaction=True)
def test_vote_close_by_two_secretaries_is_one_close(ballot):
    vote_all(ballot, "+++++..")
    done, refusals = at_once(lambda: votes.close_ballot(ballot=ballot, by=None, now=NOW))
    assert (len(done), refusals) == (1, ["ballot_closed"] * 3)
    assert (Decision.objects.count(), Ballot.objects.get().outcome) == (1, "adopted")


@pytest.mark.django_db(transaction=True)
def test_vote_opened_by_two_secretaries_is_one_ballot():
    item = make_open(make_session(make_council())).items.get()
    done, refusals = at_once(lambda: votes.open_ballot(item=item, by=None, now=NOW))
    assert (len(done), refusals, Ballot.objects.count()) == (1, ["moved_already"] * 3, 1)


@pytest.mark.django_db(transaction=True)
def test_vote_or_recusal_at_the_same_moment_is_one_of_them(ballot):
    member = members_of(ballot.item.session.council)[1]

    def recuse():
        return votes.recuse(
            item=ballot.item, member=member, reason="Сын", by=member.person, now=NOW
        )

    done, refusals = one_each([recuse, lambda: vote(ballot, 1)])
    assert (len(done), len(refusals)) == (1, 1)
    assert Vote.objects.count() + Recusal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_vote_poll_is_closed_by_several_workers_once():
    make_poll(titles=("О перечне",))
    vote_all(Ballot.objects.get(), "+++++..")
    done, refusals = at_once(lambda: votes.close_due_polls(now=NOW + timedelta(days=5)))
    assert (sorted(len(closed) for closed in done), refusals) == ([0, 0, 0, 1], [])
    assert (Decision.objects.count(), Ballot.objects.get().status) == (1, "closed")


@pytest.mark.django_db(transaction=True)
def test_vote_two_sessions_of_one_council_number_their_decisions_apart():
    council = make_council()
    opened = [make_open(make_session(council, titles=(title,))) for title in ("Первый", "Второй")]
    ballots = [make_ballot(session) for session in opened]
    for one in ballots:
        vote_all(one, "+++++..")
    deeds = [lambda one=one: votes.close_ballot(ballot=one, by=None, now=NOW) for one in ballots]
    done, refusals = one_each(deeds)
    assert (len(done), refusals) == (2, [])
    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_vote_everybody_at_once_never_locks_up_and_adds_up():
    """Votes, recusals, attendance, notes and the close together: whoever waits gets through."""
    from noko.actions import agenda

    session = make_open(make_session(make_council(), titles=("О перечне", "О плане")))
    ballot = make_ballot(session)
    members = members_of(session.council)
    hands = [(member, "for") for member in members[3:]]
    secretary = make_person("secretary")

    def mark(word):
        marks = {member.pk: (word, "") for member in members}
        return sessions.mark(session=session, marks=marks, by=None, now=NOW)

    def note():
        return agenda.note(item=ballot.item, heard="Доклад.", discussion="", by=None, now=NOW)

    def recuse(place):
        member = members[place]
        return votes.recuse(item=ballot.item, member=member, reason="сын", by=None, now=NOW)

    deeds = [
        *(lambda place=place: vote(ballot, place) for place in range(5)),
        lambda: votes.note_hands(ballot=ballot, votes=hands, by=secretary, now=NOW),
        lambda: recuse(5),
        lambda: recuse(6),
        lambda: mark("present"),
        lambda: mark("remote"),
        note,
        lambda: votes.close_ballot(ballot=ballot, by=None, now=NOW),
    ]
    _, refusals = one_each(deeds)
    ballot.refresh_from_db()
    assert set(refusals) <= {"ballot_closed", "recused", "voted_already", "item_decided"}
    assert ballot.votes_for == Vote.objects.count()
    assert ballot.recused == Recusal.objects.count()
    voters = set(Vote.objects.values_list("member_id", flat=True))
    assert voters & set(Recusal.objects.values_list("member_id", flat=True)) == set()
