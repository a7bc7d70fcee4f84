"""A region at a glance in the office: shares, whom to call, tables without formulas, own scope."""

import io

import pytest
import python_calamine
from django.urls import reverse

from noko.actions.organisation import save_all
from noko.models import Plan, PlanActivity
from tests.factories import make_organisations
from tests.small_cycle import make_cycle, make_person
from tests.small_sites import AFTER, NOW, SILENT, make_round

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "common.phone", "common.email"


@pytest.fixture
def those():
    """The first lacks a telephone, the second a mail address, the third is silent."""
    return make_organisations(3)


@pytest.fixture
def site_round(client, those):
    client.force_login(make_person("secretary"))
    return make_round(make_cycle(), dict(zip(those, ([PHONE], [EMAIL], SILENT), strict=True)))


def opened(client, name, site_round, *more, **query):
    return client.get(reverse(f"office:{name}", args=[site_round.pk, *more]), query)


def table(answer, sheet=0):
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    head, *rows = book.get_sheet_by_index(sheet).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_overview_shows_shares_and_the_worst_items(client, site_round):
    shown = opened(client, "site_overview", site_round)
    found = shown.context["found"]
    assert (found.read, found.organisations, found.silent) == (2, 3, 1)
    assert {row[0].code for row in shown.context["worst"]} == {PHONE, EMAIL}
    texts = shown.content.decode()
    assert "Не прочитано 1: список для звонка" in texts
    assert "Основные сведения" in texts


def test_overview_compares_with_the_round_before(client, those, site_round):
    newer = make_round(site_round.cycle, {those[0]: [], those[1]: [EMAIL]}, at=AFTER)
    shown = opened(client, "site_overview", newer)
    assert shown.context["found"].moved.improved == 1
    assert "сравнение с обходом № 1" in shown.content.decode()


def test_overview_of_a_coordinator_is_the_own_municipality(client, those, site_round):
    own = those[1]
    client.force_login(make_person("municipal_coordinator", municipality=own.municipality))
    for query in ({}, {"municipality": str(those[0].municipality_id)}):
        shown = opened(client, "site_overview", site_round, **query)
        near = [item for item in those if item.municipality_id == own.municipality_id]
        assert shown.context["found"].organisations == len(near)
    rows = table(opened(client, "site_findings_file", site_round, "xlsx"))
    assert {row["Организация"] for row in rows} <= {item.short_name for item in near}


def test_overview_is_filtered_by_type(client, those, site_round):
    shown = opened(client, "site_overview", site_round, type=those[0].type)
    assert shown.context["found"].organisations == 1
    none = opened(client, "site_overview", site_round, type="vocational")
    assert "таких организаций нет" in none.content.decode()


def test_overview_names_the_term_of_the_plans(client, site_round):
    plan = Plan.objects.create(
        cycle=site_round.cycle, year=2026, title="План", status=Plan.Status.ADOPTED,
        template="344n-2018", created_at=NOW, changed_at=NOW,
        adopted_at=NOW, adopted_on=NOW.date(),
    )  # fmt: skip
    PlanActivity.objects.create(
        plan=plan, position=1, number="3.2", activity="Разместить планы", code="placing",
        term="до 12 декабря 2026 г.", meaning="до 12 декабря 2026 г.", ends_on="2026-12-12",
    )  # fmt: skip
    shown = opened(client, "site_overview", site_round).content.decode()
    assert "срок по годовому плану – 12\u00a0декабря 2026" in shown


def test_calls_say_what_happened_and_what_to_ask_for(client, those, site_round):
    save_all(changed={those[2].pk: {"phone": "8-4752-112233"}}, by=None, now=NOW)
    shown = opened(client, "site_calls", site_round).content.decode()
    assert those[2].short_name in shown
    assert "Сайт не ответил вовремя" in shown
    assert "Проверьте, открывается ли сайт" in shown
    assert "8-4752-112233" in shown
    (row,) = table(opened(client, "site_calls_file", site_round))
    assert (row["Организация"], row["Телефон"]) == (those[2].short_name, "8-4752-112233")


def test_calls_of_a_round_that_read_everything_are_none(client, those, site_round):
    newer = make_round(site_round.cycle, {those[0]: []}, at=AFTER)
    assert "Звонить некому" in opened(client, "site_calls", newer).content.decode()


def test_tables_are_texts_and_no_formulas(client, those, site_round):
    save_all(changed={those[0].pk: {"short_name": "=1+1"}}, by=None, now=NOW)
    lines = b"".join(opened(client, "site_findings_file", site_round, "csv")).decode("utf-8-sig")
    assert lines.splitlines()[0].startswith("Организация;Муниципалитет;Тип")
    assert any(line.startswith("'=1+1;") for line in lines.splitlines())
    rows = table(opened(client, "site_findings_file", site_round, "xlsx"))
    assert any(row["Организация"] == "=1+1" for row in rows)


def test_workbook_that_is_too_long_is_refused_with_the_way_out(client, site_round, monkeypatch):
    monkeypatch.setattr("noko.web.office.website_overview.MOST_ROWS", 5)
    answer = client.get(
        reverse("office:site_findings_file", args=[site_round.pk, "xlsx"]), follow=True
    )
    assert "Скачайте CSV" in answer.content.decode()


def test_overview_is_saved_as_a_workbook(client, site_round):
    answer = opened(client, "site_overview_file", site_round)
    names = python_calamine.load_workbook(io.BytesIO(answer.content)).sheet_names
    assert names == ["Подразделы", "Муниципалитеты", "Типы", "Пункты", "Обходы"]
    items = {row["Сведения"]: row["Отсутствует"] for row in table(answer, 3)}
    assert items["контактные телефоны"] == 1


def test_round_that_is_not_there_is_not_found(client, site_round):
    assert client.get(reverse("office:site_overview", args=[999_999])).status_code == 404
    unknown = reverse("office:site_findings_file", args=[site_round.pk, "exe"])
    assert client.get(unknown).status_code == 404
