"""The fair procedure: findings shown, objections filed and decided, marks by hand beside them."""

from datetime import timedelta

import pytest

from noko.actions import site_mark as marks
from noko.actions import site_objection as deeds
from noko.actions.website_show import publish_round, show_round
from noko.core.refusal import Refusal
from noko.models import JournalEntry, Letter, SiteMark, SiteObjection
from noko.queries.website_standing import standing_of
from tests.factories import make_organisations
from tests.racing import at_once
from tests.small_cycle import make_cycle, make_person
from tests.small_sites import AFTER, NOW, TODAY, UNTIL, make_round, make_shown, visit_of

pytestmark = pytest.mark.django_db

ITEM = "common.phone"
PAGE = "https://org1.example/kontakty"


@pytest.fixture
def organisation():
    return make_organisations(1)[0]


@pytest.fixture
def head(organisation):
    return make_person("organisation_head", organisation=organisation)


@pytest.fixture
def expert():
    return make_person("operator_expert")


@pytest.fixture
def visit(organisation, head):
    return visit_of(make_shown(make_cycle(), {organisation: [ITEM]}), organisation)


def file(visit, head, **more):
    values = {"code": ITEM, "text": "Телефон стоит в подвале сайта.", "address": PAGE}
    return deeds.file_objection(visit=visit, by=head, now=NOW, **{**values, **more})


def kind_of(refused):
    return refused.value.kind


def test_round_is_shown_with_a_letter_to_the_people_of_its_organisations(organisation, head):
    made = make_round(make_cycle(), {organisation: [ITEM]})
    show_round(site_round=made, until=UNTIL, by=None, now=NOW)
    assert (made.status, made.shown_at, made.objections_until) == ("shown", NOW, UNTIL)
    letter = Letter.objects.get()
    assert letter.to == head.email
    assert f"/cabinet/sites/{organisation.pk}/" in letter.text
    assert JournalEntry.objects.filter(deed="site_round.shown").count() == 1
    with pytest.raises(Refusal) as refused:
        show_round(site_round=made, until=UNTIL, by=None, now=NOW)
    assert kind_of(refused) == "round_shown"


def test_round_is_not_shown_for_a_term_that_is_over(organisation):
    made = make_round(make_cycle(), {organisation: []})
    with pytest.raises(Refusal) as refused:
        show_round(site_round=made, until=TODAY, by=None, now=NOW)
    assert kind_of(refused) == "term_too_short"
    assert made.status == "closed"


def test_objection_is_filed_by_the_own_people(visit, head):
    made = file(visit, head)
    assert (made.status, made.code, made.value, made.address) == ("filed", ITEM, "absent", PAGE)
    standing = standing_of(visit).of(ITEM)
    assert (standing.objection, standing.counted) == (made, "absent")
    entry = JournalEntry.objects.get(deed="site_objection.filed")
    assert entry.after["возражение"] == made.text


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"text": " "}, "text_required"),
        ({"text": "а" * 4001}, "text_too_long"),
        ({"address": ""}, "evidence_required"),
        ({"address": "ftp://org1.example"}, "bad_link"),
        ({"code": "common.address"}, "nothing_to_object"),
        ({"code": "no.such"}, "unknown_item"),
    ],
)
def test_objection_that_cannot_be_filed(visit, head, more, kind):
    with pytest.raises(Refusal) as refused:
        file(visit, head, **more)
    assert kind_of(refused) == kind
    assert SiteObjection.objects.count() == 0


def test_objection_of_a_stranger_is_refused(visit):
    for stranger in (make_person("secretary"), make_person("", "other@example.org")):
        with pytest.raises(Refusal) as refused:
            file(visit, stranger)
        assert kind_of(refused) == "not_own_organisation"


def test_objection_is_taken_on_the_last_day_and_not_after(visit, head):
    with pytest.raises(Refusal) as refused:
        deeds.file_objection(
            visit=visit, code=ITEM, text="Поздно", address=PAGE, by=head, now=AFTER
        )
    assert kind_of(refused) == "term_is_over"
    last = AFTER - timedelta(days=1)
    made = deeds.file_objection(
        visit=visit, code=ITEM, text="Вовремя", address=PAGE, by=head, now=last
    )
    assert made.status == "filed"


@pytest.mark.django_db(transaction=True)
def test_one_objection_is_open_for_an_item(visit, head):
    done, refused = at_once(lambda: file(visit, head))
    assert (len(done), set(refused)) == (1, {"objection_open"})


def test_accepted_objection_becomes_a_mark_and_counts(visit, head, expert):
    before = standing_of(visit).counts
    made = file(visit, head)
    deeds.accept(objection=made, reason="Телефон есть в подвале.", by=expert, now=NOW)
    standing = standing_of(visit)
    after = standing.of(ITEM)
    assert (made.status, after.found, after.counted) == ("accepted", "absent", "found")
    assert (after.mark.objection, after.mark.machine, after.mark.made_by) == (
        made, "absent", expert,
    )  # fmt: skip
    assert standing.counts.present == before.present + 1
    assert standing.counts.applicable == before.applicable
    letter = Letter.objects.get(key__startswith="site-objection:")
    assert letter.to == head.email
    assert "Телефон есть в подвале." in letter.text


def test_rejected_objection_leaves_the_finding(visit, head, expert):
    made = file(visit, head)
    deeds.reject(objection=made, reason="По адресу другой телефон.", by=expert, now=NOW)
    assert (made.status, standing_of(visit).of(ITEM).counted) == ("rejected", "absent")
    assert SiteMark.objects.count() == 0
    with pytest.raises(Refusal) as refused:
        deeds.accept(objection=made, reason="Передумал", by=expert, now=NOW)
    assert kind_of(refused) == "objection_decided"


def test_objection_is_not_decided_without_a_reason_or_by_its_own_people(visit, head, expert):
    made = file(visit, head)
    colleague = make_person("organisation_editor", organisation=visit.organisation)
    for person, reason, kind in (
        (expert, " ", "reason_required"),
        (head, "Верно", "own_objection"),
        (colleague, "Верно", "conflict"),
    ):
        with pytest.raises(Refusal) as refused:
            deeds.accept(objection=made, reason=reason, by=person, now=NOW)
        assert kind_of(refused) == kind
    made.refresh_from_db()
    assert made.status == "filed"


def test_objection_to_a_mark_is_decided_by_somebody_else(visit, head, expert):
    marks.make_mark(
        visit=visit, code="common.address", value="absent", reason="Адрес чужой", by=expert, now=NOW
    )
    made = file(visit, head, code="common.address")
    with pytest.raises(Refusal) as refused:
        deeds.accept(objection=made, reason="Верно", by=expert, now=NOW)
    assert kind_of(refused) == "own_mark"
    other = make_person("operator_analyst")
    deeds.accept(objection=made, reason="Адрес верен", by=other, now=NOW)
    assert standing_of(visit).of("common.address").counted == "found"
    assert list(SiteMark.objects.values_list("value", "status")) == [
        ("absent", "replaced"), ("found", "standing"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_objection_is_decided_once(visit, head, expert):
    made = file(visit, head)
    done, refused = at_once(
        lambda: deeds.accept(
            objection=SiteObjection.objects.get(pk=made.pk), reason="Верно", by=expert, now=NOW
        )
    )
    assert (len(done), set(refused)) == (1, {"objection_decided"})
    assert SiteMark.objects.count() == 1


def test_mark_is_carried_over_and_looked_at_again_where_the_machine_disagrees(
    visit, organisation, expert
):
    made = marks.make_mark(
        visit=visit, code=ITEM, value="found", reason="Картинкой", by=expert, now=NOW
    )
    assert standing_of(visit).of(ITEM).again is False
    later = visit_of(make_round(visit.round.cycle, {organisation: [ITEM]}, at=AFTER), organisation)
    standing = standing_of(later).of(ITEM)
    assert (standing.found, standing.counted, standing.again) == ("absent", "found", True)
    marks.confirm_mark(mark=made, visit=later, by=expert, now=AFTER)
    assert standing_of(later).of(ITEM).again is False


def test_mark_is_not_looked_at_again_where_the_machine_agrees(visit, organisation, expert):
    marks.make_mark(visit=visit, code=ITEM, value="found", reason="Картинкой", by=expert, now=NOW)
    later = visit_of(make_round(visit.round.cycle, {organisation: []}, at=AFTER), organisation)
    standing = standing_of(later).of(ITEM)
    assert (standing.found, standing.counted, standing.again) == ("found", "found", False)


def test_mark_made_later_does_not_change_what_held_before(visit, organisation, expert):
    later = visit_of(make_round(visit.round.cycle, {organisation: [ITEM]}, at=AFTER), organisation)
    marks.make_mark(visit=later, code=ITEM, value="found", reason="Есть", by=expert, now=AFTER)
    assert standing_of(visit).of(ITEM).counted == "absent"
    assert standing_of(later).of(ITEM).counted == "found"


def test_mark_withdrawn_lets_the_finding_hold_again(visit, expert):
    made = marks.make_mark(visit=visit, code=ITEM, value="found", reason="Есть", by=expert, now=NOW)
    marks.withdraw_mark(mark=made, reason="Ошибся страницей", by=expert, now=NOW)
    assert (made.status, standing_of(visit).of(ITEM).counted) == ("withdrawn", "absent")
    with pytest.raises(Refusal) as refused:
        marks.withdraw_mark(mark=made, reason="Ещё раз", by=expert, now=NOW)
    assert kind_of(refused) == "mark_moved"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"reason": ""}, "reason_required"),
        ({"value": "maybe"}, "bad_value"),
        ({"code": "no.such"}, "unknown_item"),
        ({"address": "контакты"}, "bad_link"),
    ],
)
def test_mark_that_cannot_be_made(visit, expert, more, kind):
    values = {"code": ITEM, "value": "found", "reason": "Есть", **more}
    with pytest.raises(Refusal) as refused:
        marks.make_mark(visit=visit, by=expert, now=NOW, **values)
    assert kind_of(refused) == kind


def test_round_is_published_after_the_organisations_were_heard(visit, head, expert):
    made = file(visit, head)
    for now, kind in ((NOW, "term_is_open"), (AFTER, "objections_open")):
        with pytest.raises(Refusal) as refused:
            publish_round(site_round=visit.round, by=None, now=now)
        assert kind_of(refused) == kind
    deeds.reject(objection=made, reason="Не нашлось", by=expert, now=AFTER)
    publish_round(site_round=visit.round, by=None, now=AFTER)
    assert (visit.round.status, visit.round.published_at) == ("published", AFTER)
