"""The pages of plans: import with corrections, findings, changes, evidence, tasks, the feed."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import docx
import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from noko.actions import evidence as evidences
from noko.models import CalendarFeed, Evidence, Import, JournalEntry, Municipality, Plan, Session
from noko.queries.plan_logic import open_findings
from tests.plan_files import NUMBERS, as_docx, as_text, saved
from tests.small_council import NOW as COUNCIL_DAY
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import make_cycle, make_person
from tests.small_plan import NOW, ROWS, activity, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client):
    person = make_person("secretary")
    client.force_login(person)
    return person


def address(name, *args):
    return reverse(f"office:{name}", args=args)


def uploaded(client, data, name="план.docx", slug="2016"):
    return client.post(address("plan_upload", slug), {"plan": SimpleUploadedFile(name, data)})


def fields(item, **changes):
    """What the form of the preview sends when nothing is touched but ``changes``."""
    rows = (item.confirmed or item.preview)["rows"]
    sent = {"title": (item.confirmed or item.preview)["title"]}
    for n, row in enumerate(rows):
        for name in ("number", "activity", "term", "responsible", "result", "code"):
            sent[f"row-{n}-{name}"] = row[name]
    return {**sent, **changes}


# --- import -----------------------------------------------------------------------------------


def test_import_shows_what_was_read_and_saves_it_whole(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    answer = uploaded(client, as_docx())
    item = Import.objects.get()
    assert (answer.status_code, answer.url) == (302, address("import", item.pk))
    shown = client.get(answer.url).content.decode()
    assert "Сохранить план: 6" in shown.replace("\u00a0", " ")
    assert "понят: не позднее 30 ноября 2016 г." in shown
    assert Plan.objects.count() == 0
    answer = client.post(address("import", item.pk), fields(item, save="1"))
    plan = Plan.objects.get()
    assert answer.url == address("plan_findings", plan.pk)
    assert [one.number for one in plan.activities.all()] == NUMBERS
    assert [one.code for one in plan.activities.all()] == [
        *("list", "section", "wave_preschool", "publication", "improvement", "control")
    ]
    item.refresh_from_db()
    assert item.status == Import.Status.ACCEPTED


def test_import_keeps_corrections_and_checks_again(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    uploaded(client, as_text(), "план.txt")
    item = Import.objects.get()
    url = address("import", item.pk)
    client.post(url, fields(item, check="1", **{"row-0-term": "до 29 февраля", "row-1-drop": "1"}))
    item.refresh_from_db()
    assert item.confirmed["rows"][0]["term"] == "до 29 февраля"
    assert len(item.confirmed["rows"]) == 5
    shown = client.get(url).content.decode()
    assert "понят: не позднее 29 февраля 2016 г." in shown


def test_import_applies_a_proposal_at_a_click(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    uploaded(client, as_docx())
    item = Import.objects.get()
    shown = client.get(address("import", item.pk))
    wrong_year = next(f for f in shown.context["findings"] if f.code == "year_contradicts")
    client.post(address("import", item.pk), fields(item, apply=f"{wrong_year.fingerprint}:0"))
    item.refresh_from_db()
    assert item.confirmed["rows"][4]["term"] == "до 10 декабря 2016г."


def test_import_of_another_year_is_saved_only_when_a_person_says_so(client, secretary):
    make_cycle("2026")
    uploaded(client, as_docx(), slug="2026")
    item = Import.objects.get()
    answer = client.post(address("import", item.pk), fields(item, save="1"))
    assert (answer.status_code, Plan.objects.count()) == (422, 0)
    assert "План составлен на 2016 год, а цикл – 2026 года." in answer.content.decode()
    client.post(address("import", item.pk), fields(item, save="1", year="1"))
    assert Plan.objects.get().year == 2026


def test_import_of_a_bad_file_says_why_and_keeps_nothing(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    answer = uploaded(client, b"%PDF-1.7 scan", "план.docx")
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert "Файл назван «.docx», а внутри документ PDF." in answer.content.decode()
    document = docx.Document()
    document.add_paragraph("Без таблицы")
    answer = uploaded(client, saved(document))
    assert "В файле нет таблицы." in answer.content.decode()


def test_import_saved_twice_makes_one_plan(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    uploaded(client, as_docx())
    item = Import.objects.get()
    sent = fields(item, save="1")
    client.post(address("import", item.pk), sent)
    answer = client.post(address("import", item.pk), sent)
    assert (answer.status_code, Plan.objects.count()) == (200, 1)


# --- the plan ---------------------------------------------------------------------------------


def test_plan_page_begins_with_three_ways(client, secretary):
    make_plan(make_cycle("2025", year=2025, edition_code="344n-2018"), rows=rows_of(2025))
    make_cycle("2026")
    shown = client.get(address("cycle_plan", "2026")).content.decode()
    for words in ("Загрузить готовый план", "Составить по образцу", "Продолжить план 2025 года"):
        assert words in shown


def rows_of(year):
    return tuple(replace(row, term=row.term.replace("2026", str(year))) for row in ROWS)


def test_plan_is_made_from_the_template_and_from_last_year(client, secretary):
    make_cycle("2026")
    client.post(address("plan_new", "2026"))
    plan = Plan.objects.get()
    assert plan.activities.count() == 21
    make_cycle("2027", year=2027)
    answer = client.post(f"{address('plan_new', '2027')}?from={plan.pk}")
    made = Plan.objects.get(year=2027)
    assert (answer.url, made.made_from_id) == (address("plan_findings", made.pk), plan.pk)
    answer = client.post(address("plan_new", "2027"))
    assert (answer.status_code, Plan.objects.count()) == (422, 2)


def test_plan_in_draft_is_deleted_after_a_question(client, secretary):
    plan = make_plan(make_cycle(), adopted=False)
    url = address("plan_discard", plan.pk)
    assert "Вернуть проект нельзя" in client.get(url).content.decode()
    assert client.post(url).url == address("cycle_plan", "2026")
    assert Plan.objects.count() == 0


def test_second_plan_is_announced_as_impossible(client, secretary):
    make_plan(make_cycle(), adopted=False)
    for name in ("plan_upload", "plan_new"):
        shown = client.get(address(name, "2026")).content.decode()
        assert "План этого цикла уже есть" in shown, name


def test_plan_views_show_the_same_activities(client, secretary):
    plan = make_plan(make_cycle())
    for name in ("plan", "plan_calendar", "plan_chart"):
        shown = client.get(address(name, plan.pk)).content.decode()
        assert "Составить перечень организаций" in shown, name
    chart = client.get(address("plan_chart", plan.pk)).content.decode()
    assert chart.count("<g class=") == 5
    assert "style=" not in chart


def test_findings_are_accepted_and_dismissed_on_their_page(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    uploaded(client, as_docx())
    item = Import.objects.get()
    client.post(address("import", item.pk), fields(item, save="1"))
    plan = Plan.objects.get()
    url = address("plan_findings", plan.pk)
    for code, finding in {f.code: f for f in open_findings(plan)}.items():
        sent = {"finding": finding.fingerprint}
        if code == "year_contradicts":
            client.post(url, {**sent, "accept": "0"})
            continue
        assert client.post(url, {**sent, "reason": " "}).status_code == 422
        client.post(url, {**sent, "reason": "Так решил совет"})
    # The mended term falls on a Saturday: the plan is checked anew after every change.
    (left,) = open_findings(plan)
    assert (left.code, left.keys) == ("day_off", ("3.1",))
    client.post(url, {"finding": left.fingerprint, "accept": "0"})
    assert open_findings(plan) == []
    verdicts = plan.decisions.values_list("code", "verdict")
    assert dict(verdicts)["year_contradicts"] == "accepted"
    form = {"basis": "решение № 1", "on": "2016-01-12"}
    answer = client.post(address("plan_adopt", plan.pk), form)
    plan.refresh_from_db()
    assert (answer.url, plan.status) == (address("plan", plan.pk), "adopted")


def test_plan_is_not_adopted_over_open_findings(client, secretary):
    make_cycle("2016", year=2016, edition_code="1547-2014")
    uploaded(client, as_docx())
    item = Import.objects.get()
    client.post(address("import", item.pk), fields(item, save="1"))
    plan = Plan.objects.get()
    assert "Не решены замечания" in client.get(address("plan_adopt", plan.pk)).content.decode()
    form = {"basis": "решение № 1", "on": "2016-01-12"}
    assert client.post(address("plan_adopt", plan.pk), form).status_code == 422


# --- activities -------------------------------------------------------------------------------


def form_of(one, **changes):
    sent = {
        "number": one.number,
        "activity": one.activity,
        "term": one.term,
        "meaning": "",
        "responsible_printed": one.responsible_printed,
        "result": one.result,
        "code": one.code,
        "reason": "Решение совета",
    }
    return {**sent, **changes}


def test_activity_is_changed_with_its_reason(client, secretary):
    one = activity(make_plan(make_cycle()), "1.1")
    url = address("activity_edit", one.pk)
    assert client.post(url, form_of(one, reason="")).status_code == 422
    answer = client.post(url, form_of(one, term="31 февраля"))
    assert "Числа 31 нет: в феврале 2026 года 28 дней." in answer.content.decode()
    assert client.post(url, form_of(one, term="до 20 ноября")).status_code == 302
    one.refresh_from_db()
    assert (one.term, one.ends_on) == ("до 20 ноября", date(2026, 11, 20))
    assert JournalEntry.objects.get(deed="plan.changed").reason == "Решение совета"


def test_activity_is_added_and_removed_on_its_pages(client, secretary):
    plan = make_plan(make_cycle(), adopted=False)
    sent = {"activity": "Опрос", "term": "май", "section": "1", "result": "Отчёт"}
    client.post(address("activity_add", plan.pk), sent)
    made = plan.activities.get(number="2.4")
    assert (made.activity, made.closes_by) == ("Опрос", ["document", "link"])
    client.post(address("activity_remove", made.pk))
    assert plan.activities.count() == 5


def test_reminders_are_bound_to_people_on_their_page(client, secretary):
    one = activity(make_plan(make_cycle()), "2.1")
    named = one.responsible.get()
    head = make_person("head")
    client.post(address("activity_bind", one.pk), {f"who-{named.pk}": f"person:{head.pk}"})
    named.refresh_from_db()
    assert (named.person, named.role) == (head, "")
    client.post(address("activity_bind", one.pk), {f"who-{named.pk}": "role:secretary"})
    named.refresh_from_db()
    assert (named.person, named.role) == (None, "secretary")


def test_evidence_is_brought_confirmed_and_given_out(client, secretary, settings, tmp_path):
    settings.FILES = tmp_path
    one = activity(make_plan(make_cycle()), "1.2")
    specialist = make_person("specialist")
    client.force_login(specialist)
    url = address("evidence_add", one.pk)
    sent = {"title": "Порядок", "done_on": "2026-02-01"}
    assert client.post(url, sent).status_code == 422
    file = SimpleUploadedFile("порядок.html", b"<script>alert(1)</script>")
    assert client.post(url, {**sent, "file": file}).status_code == 302
    kept = Evidence.objects.get()
    assert (kept.status, kept.added_by) == ("waiting", specialist)
    client.force_login(secretary)
    client.post(address("evidence", kept.pk), {"confirm": "1"})
    kept.refresh_from_db()
    assert (kept.status, kept.decided_by) == ("confirmed", secretary)
    with closing(client.get(address("evidence_file", kept.pk))) as answer:
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_evidence_returned_is_seen_by_its_bringer(client, secretary):
    specialist = make_person("specialist")
    one = activity(make_plan(make_cycle()), "1.2")
    kept = evidences.add(
        activity=one,
        title="Порядок",
        done_on=date(2026, 1, 12),
        address="https://example.org",
        by=specialist,
        now=NOW,
    )
    assert client.post(address("evidence", kept.pk), {"reason": ""}).status_code == 422
    client.post(address("evidence", kept.pk), {"reason": "Нет подписи"})
    client.force_login(specialist)
    shown = client.get(address("tasks")).content.decode()
    assert "Нет подписи" in shown
    assert "Возвращено: 1.2, Порядок" in client.get(address("start")).content.decode()


# --- municipalities ---------------------------------------------------------------------------


def test_municipality_inherits_and_its_coordinator_sees_only_its_own(client, secretary):
    region = make_plan(make_cycle())
    here = Municipality.objects.create(name="Заречный район", slug="zarechny")
    there = Municipality.objects.create(name="Город Лугов", slug="lugov")
    coordinator = make_person("municipal_coordinator", municipality=here)
    client.post(address("plan_municipal", "2026"), {"municipality": there.pk})
    other = Plan.objects.get(municipality=there)
    client.force_login(coordinator)
    shown = client.get(address("plan_municipal", "2026")).content.decode()
    assert "Город Лугов" not in shown
    client.post(address("plan_municipal", "2026"), {"municipality": here.pk})
    own = Plan.objects.get(municipality=here)
    assert client.get(address("plan", own.pk)).status_code == 200
    assert client.get(address("activity_add", own.pk)).status_code == 200
    assert client.get(address("plan", other.pk)).status_code == 404
    assert client.get(address("activity_add", other.pk)).status_code == 404
    assert client.get(address("activity_add", region.pk)).status_code == 403
    assert (
        client.post(address("plan_municipal", "2026"), {"municipality": there.pk}).status_code
        == 404
    )


# --- tasks and the feed -----------------------------------------------------------------------


def test_tasks_are_those_of_the_person(client):
    make_plan(make_cycle())
    client.force_login(make_person("operator_manager"))
    rows = client.get(address("tasks")).context["rows"]
    assert [own.row.activity.number for own in rows] == ["2.1"]
    client.force_login(make_person("press_officer"))
    rows = client.get(address("tasks")).context["rows"]
    assert [own.row.activity.number for own in rows] == ["2.2"]


def test_feed_holds_the_due_dates_and_dies_when_revoked(client):
    make_plan(make_cycle())
    client.force_login(make_person("press_officer"))
    client.post(address("feed_renew"))
    feed = CalendarFeed.objects.get()
    url = reverse("calendar-feed", args=[feed.token])
    assert len(feed.token) >= 40
    client.logout()
    answer = client.get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    calendar = icalendar.Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == date(2026, 12, 4)
    assert event["SUMMARY"] == "Срок 2.2: Опубликовать результаты"
    client.force_login(feed.person)
    client.post(address("feed_renew"))
    client.logout()
    assert client.get(url).status_code == 404
    fresh = CalendarFeed.objects.get()
    client.force_login(fresh.person)
    client.post(address("feed_renew"), {"revoke": "1"})
    client.logout()
    assert client.get(reverse("calendar-feed", args=[fresh.token])).status_code == 404


# --- documents --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plan", "progress"])
@pytest.mark.parametrize("suffix", ["docx", "pdf", "xlsx"])
def test_documents_come_with_a_russian_name(client, secretary, kind, suffix):
    plan = make_plan(make_cycle())
    answer = client.get(address("plan_file", plan.pk, kind, suffix))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f"2026.{suffix}")
    assert answer.content[:2] == (b"%P" if suffix == "pdf" else b"PK")


def test_documents_of_another_kind_are_not_found(client, secretary):
    plan = make_plan(make_cycle())
    assert client.get(address("plan_file", plan.pk, "plan", "exe")).status_code == 404
    assert client.get(address("plan_file", plan.pk, "secrets", "pdf")).status_code == 404


# --- the council ------------------------------------------------------------------------------


def test_plan_goes_to_the_council_and_comes_back_adopted(client, secretary):
    plan = make_plan(make_cycle(), adopted=False)
    url = address("plan_place", plan.pk)
    assert "Назначенных заседаний нет" in client.get(url).content.decode()
    later = timezone.now() + timedelta(days=3)
    session = make_session(make_council(), titles=(), starts_at=later)
    assert client.post(url, {"session": session.pk}).url == address("plan", plan.pk)
    item = session.items.get()
    assert [one.name for one in item.materials.all()] == ["План 2026.docx"]
    Session.objects.update(starts_at=COUNCIL_DAY)  # the day has come
    session.refresh_from_db()
    make_decided(session)
    shown = client.get(address("plan_adopt", plan.pk)).content.decode()
    assert "Утвердить решением № 1" in shown
    assert client.post(address("plan_adopt", plan.pk)).url == address("plan", plan.pk)
    plan.refresh_from_db()
    assert (plan.status, plan.decision.item) == ("adopted", item)
