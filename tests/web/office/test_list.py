"""Lists in the office: the draft with its reasons, decisions of people, moves, who sees what."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from noko.actions import organisation
from noko.core.listing import digest
from noko.exchange.files import read_sheets
from noko.models import Decision, OrganisationList, Session
from noko.queries.list import content_of
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import NOW, make_person
from tests.small_list import make_approved, make_draft, make_history, make_placed

pytestmark = pytest.mark.django_db

BERYOZKA, SECOND, SCHOOL = "Детский сад «Берёзка»", "Детский сад № 2", "Школа № 1"


@pytest.fixture(autouse=True)
def those(client, settings, tmp_path):
    settings.FILES = tmp_path
    client.force_login(make_person("specialist"))
    return make_history()


@pytest.fixture
def cycle(those):
    return those[0]


@pytest.fixture
def draft(cycle):
    return make_draft(cycle)


def url(item, page="list", *more):
    return reverse(f"office:{page}", args=[item.pk, *more])


def shown(client, item, **query):
    return [entry.short_name for entry in client.get(url(item), query).context["rows"]]


def decide(client, item, deed, *organisations, note="", **query):
    data = {"organisation": [one.pk for one in organisations], "note": note, deed: "1"}
    address = url(item) + ("?state=excluded" if query else "")
    return client.post(address, data)


def included(item):
    return [entry.short_name for entry in item.entries.filter(included=True)]


# --- the draft ------------------------------------------------------------------------------------


def test_list_is_drawn_up_from_its_register(client, cycle):
    page = client.get(reverse("office:lists"))
    assert list(page.context["cycles"].filter(slug="2027")) == [cycle]
    address = reverse("office:list_new", args=["2027"])
    assert "не реже одного раза в 3\xa0года" in client.get(address).content.decode()
    assert OrganisationList.objects.count() == 0
    made = client.post(address)
    assert made.url == url(OrganisationList.objects.get())
    assert client.get(address).url == made.url


def test_list_shows_the_reason_of_every_organisation(client, draft):
    lines = client.get(url(draft)).context["lines"]
    assert [(entry.short_name, basis) for entry, basis, _ in lines] == [
        (SECOND, "Оценена в 2026 году, снова – не позднее 2029 года."),
        (BERYOZKA, "Оценена в 2024 году, снова – не позднее 2027 года."),
        (SCHOOL, "Сведений об оценке нет."),
    ]


def test_list_is_filtered(client, draft):
    assert shown(client, draft, state="included") == [BERYOZKA, SCHOOL]
    assert shown(client, draft, state="excluded") == [SECOND]
    assert shown(client, draft, state="decided") == []
    assert shown(client, draft, reason="due") == [BERYOZKA]
    assert shown(client, draft, type="general") == [SCHOOL]
    assert shown(client, draft, municipality="Город Лугов") == [SECOND]
    assert shown(client, draft, q="березка") == [BERYOZKA]
    assert shown(client, draft, reason="nothing") == [SECOND, BERYOZKA, SCHOOL]


def test_list_decision_against_the_rule_asks_for_the_reason_and_keeps_the_marks(
    client, draft, those
):
    answer = decide(client, draft, "include", those[1][1])
    assert answer.status_code == 422
    assert "Не сказано, почему решено иначе" in answer.content.decode()
    assert [marked for _, _, marked in answer.context["lines"]] == [True, False, False]
    assert included(draft) == [BERYOZKA, SCHOOL]


def test_list_decision_leads_back_to_the_same_rows(client, draft, those):
    answer = decide(client, draft, "include", those[1][1], note="По обращению", same=True)
    assert answer.url == url(draft) + "?state=excluded"
    assert included(draft) == [SECOND, BERYOZKA, SCHOOL]
    decide(client, draft, "exclude", those[1][0], note="Ремонт")
    page = client.get(url(draft))
    assert [entry.short_name for entry in page.context["left_out"]] == [BERYOZKA]
    assert "Исключена решением: Ремонт" in page.content.decode()


def test_list_decision_with_senseless_marks_changes_nothing(client, draft):
    data = {"organisation": ["x", "-1", "9" * 30, "999999"], "note": "x", "include": "1"}
    answer = client.post(url(draft), data)
    assert answer.status_code == 422
    assert "Не отмечено ни одной организации" in answer.content.decode()


def test_list_tells_that_the_registry_has_changed(client, draft):
    new = {"full_name": "Школа № 9", "type": "general", "municipality": "Город Лугов"}
    organisation.save_all(added=[new], by=None, now=NOW)
    assert "Реестр изменился" in client.get(url(draft)).content.decode()
    found = client.get(url(draft, "list_difference")).context["drift"]
    assert [item.full_name for item in found.new] == ["Школа № 9"]
    assert "Новых организаций в реестре: 1." in client.get(
        url(draft, "list_refresh")
    ).content.decode().replace("\xa0", " ")
    assert client.post(url(draft, "list_refresh")).url == url(draft)
    assert len(shown(client, draft)) == 4


def test_list_draft_is_discarded_after_a_look(client, draft):
    assert client.get(url(draft, "list_discard")).status_code == 200
    assert client.post(url(draft, "list_discard")).url == reverse("office:lists")
    assert OrganisationList.objects.count() == 0


# --- coverage and difference ----------------------------------------------------------------------


def test_list_coverage_is_a_matrix_with_totals(client, draft):
    page = client.get(url(draft, "list_coverage"))
    assert page.context["found"].years == (2025, 2026, 2027)
    assert [(row.entry.short_name, marks) for row, marks in page.context["lines"]] == [
        (SECOND, ["", "оценена", ""]),
        (BERYOZKA, ["", "", "в перечне"]),
        (SCHOOL, ["", "", "в перечне"]),
    ]
    assert [(name, years) for name, _, years in page.context["municipalities"]] == [
        ("Город Лугов", [0, 1, 0]),
        ("Заречный район", [0, 0, 2]),
    ]


def test_list_coverage_names_who_is_not_covered(client, draft, those):
    decide(client, draft, "exclude", those[1][0], note="Ремонт")
    page = client.get(url(draft, "list_coverage"), {"show": "uncovered"})
    assert [row.entry.short_name for row, _ in page.context["lines"]] == [BERYOZKA]
    assert "срок – 2027 год" in page.content.decode()
    file = client.get(url(draft, "list_coverage_file"))
    (sheet,) = read_sheets(file.content, name="ohvat.xlsx")
    assert [row[0] for row in sheet.rows] == ["Организация", SECOND, BERYOZKA, SCHOOL]


def test_list_difference_from_last_year(client, cycle, those):
    make_approved(make_draft(cycle))
    from tests.small_cycle import make_cycle

    later = make_draft(make_cycle("2028", year=2028))
    page = client.get(url(later, "list_difference"))
    assert page.context["before"].cycle == cycle
    found = page.context["year"]
    assert ([e.short_name for e in found.removed], found.kept) == ([BERYOZKA, SCHOOL], 0)


# --- the council ----------------------------------------------------------------------------------


def test_list_goes_the_whole_way(client, draft, cycle):
    session = make_session(
        make_council(), titles=(), cycle=cycle, starts_at=timezone.now() + timedelta(days=7)
    )
    address = url(draft, "list_agenda")
    assert "утвердить перечень из 2" in client.get(address).content.decode().replace("\xa0", " ")
    assert client.post(address, {"session": session.pk}).url == url(draft)
    page = client.get(url(draft)).content.decode()
    assert "Перечень стоит в повестке" in page
    assert 'name="organisation"' not in page
    Session.objects.update(starts_at=NOW)
    session.refresh_from_db()
    make_decided(session)
    decision = Decision.objects.get()
    assert "Утвердить решением № 1" in client.get(url(draft)).content.decode()
    assert client.post(url(draft, "list_approve")).url == url(draft)
    approved = OrganisationList.objects.get()
    assert (approved.status, approved.decision) == ("approved", decision)
    page = client.get(url(draft)).content.decode()
    assert "Изменить перечень" in page
    assert approved.digest in page
    assert client.get(url(draft, "list_approve")).url == url(draft)


def test_list_without_sessions_says_whom_to_ask(client, draft):
    assert "Назначенных заседаний нет" in client.get(url(draft, "list_agenda")).content.decode()


def test_list_decided_meanwhile_is_not_approved_twice(client, draft):
    make_approved(draft)
    assert client.post(url(draft, "list_approve")).url == url(draft)
    assert client.post(url(draft, "list_outside")).url == url(draft)


def test_list_approved_outside_needs_its_act(client, draft):
    answer = client.post(url(draft, "list_outside"), {"basis": "", "on": "2026-01-20"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["basis"])
    answer = client.post(url(draft, "list_outside"), {"basis": "Приказ № 1", "on": "2099-01-20"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["on"])
    client.post(url(draft, "list_outside"), {"basis": "Приказ № 1", "on": "2026-01-20"})
    assert OrganisationList.objects.get().basis == "Приказ № 1"


def test_list_amendment_asks_for_the_reason(client, cycle):
    make_approved(make_draft(cycle))
    address = reverse("office:list_new", args=["2027"])
    assert client.post(address, {"reason": ""}).status_code == 422
    made = client.post(address, {"reason": "Ошибка в перечне"})
    amended = OrganisationList.objects.get(version=2)
    assert made.url == url(amended)
    page = client.get(url(amended, "list_difference"))
    assert not page.context["version"]


# --- documents ------------------------------------------------------------------------------------


def test_list_documents_of_a_draft_are_made_now(client, draft):
    answer = client.get(url(draft, "list_file", "docx"))
    texts = [p.text for p in docx.Document(BytesIO(answer.content)).paragraphs]
    assert "ПРОЕКТ" in texts
    assert "В перечне 2\xa0организации." in " ".join(texts)
    assert client.get(url(draft, "list_file", "exe")).status_code == 404
    rows = read_sheets(client.get(url(draft, "list_file", "xlsx")).content, name="a.xlsx")
    assert [sheet.name for sheet in rows] == ["Перечень", "Не вошли", "Охват"]
    assert [row[2] for row in rows[1].rows[1:]] == [SECOND]


def test_list_documents_of_an_approved_list_are_the_kept_ones(client, draft, cycle):
    approved, decision = make_approved(draft)
    answer = client.get(url(draft, "list_file", "docx"))
    organisation.save_all(
        changed={approved.entries.first().organisation_id: {"short_name": "Иначе"}},
        by=None,
        now=NOW,
    )
    assert client.get(url(draft, "list_file", "docx")).content == answer.content
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "УТВЕРЖДЁН" in text
    assert f"№ {decision.number}" in text
    canonical = client.get(url(draft, "list_file", "json")).content
    assert digest(canonical) == approved.digest == digest(content_of(approved))
    assert len(json.loads(canonical)["organisations"]) == 3


# --- who sees what --------------------------------------------------------------------------------


def test_coordinator_sees_the_own_rows_only(client, draft, those):
    person = make_person("municipal_coordinator", municipality=those[1][0].municipality)
    client.force_login(person)
    assert shown(client, draft) == [BERYOZKA, SCHOOL]
    page = client.get(url(draft, "list_coverage"))
    assert [row.entry.short_name for row, _ in page.context["lines"]] == [BERYOZKA, SCHOOL]
    assert client.get(url(draft, "list_difference")).status_code == 404
    assert client.get(url(draft, "list_file", "docx")).status_code == 404
    assert decide(client, draft, "exclude", those[1][0], note="x").status_code == 403


def test_member_of_the_council_reads_and_changes_nothing(client, draft, those):
    client.force_login(make_person("council_member"))
    page = client.get(url(draft)).content.decode()
    assert 'name="organisation"' not in page
    assert "Вынести на заседание</a>" not in page
    assert decide(client, draft, "exclude", those[1][0], note="x").status_code == 403


# --- the first page and the cycle -----------------------------------------------------------------


def tasks(client, group):
    return [(task.word, task.title) for task in client.get(reverse("office:start")).context[group]]


def test_list_waits_on_the_first_page(client, draft):
    title = "Перечень организаций на 2027 год"
    assert ("проект", title) in tasks(client, "waiting")
    placed, session = make_placed(draft)
    assert title not in [words for _, words in tasks(client, "waiting")]
    make_decided(session)
    assert ("есть решение совета", title) in tasks(client, "waiting")
    assert placed.status == "proposed"


def test_list_is_a_stage_of_the_cycle(client, cycle):
    address = reverse("office:cycle", args=["2027"])

    def stage():
        stages = client.get(address).context["stages"]
        return next(s["word"] for s in stages if s["title"] == "Перечень организаций")

    assert stage() == "ещё нет"
    draft = make_draft(cycle)
    assert stage() == "проект"
    make_approved(draft)
    assert stage() == "утверждён"


@pytest.mark.parametrize("page", ["list", "list_coverage", "list_difference"])
def test_list_of_a_demonstration_says_so_on_every_page(client, cycle, draft, page):
    assert "Данные вымышлены" not in client.get(url(draft, page)).text
    type(cycle).objects.update(invented=True)
    assert "Данные вымышлены" in client.get(url(draft, page)).text
