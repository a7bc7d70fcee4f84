"""The plan that follows an assessment: found anywhere on the site, counted for no indicator."""

from datetime import date

import pytest

from noko.core.websites.counts import count_site
from noko.core.websites.findings import Reason, Status
from noko.core.websites.page import Failure, FailureReason, Page
from noko.core.websites.wording import finding_words
from tests.core.websites.pages import HOST, check, page

CODE = "assessment.plan"
ASSESSED = {"assessed": True}
NEW = "План по устранению недостатков, выявленных в ходе независимой оценки качества, на 2025 год"


def judged(*pages, facts=ASSESSED, **more):
    return check(*pages, whole=True, facts=facts, **more).finding(CODE)


def nok(body, path="/nok"):
    return page("", body, path=path, title="Независимая оценка качества")


@pytest.mark.parametrize(
    "body",
    [
        f"<p><a href='/plan.pdf'>{NEW}</a></p>",
        f"<p>{NEW}: <a href='/plan.pdf'>скачать</a></p>",
        "<p><a href='/p.docx'>План мероприятий по улучшению качества работы школы</a></p>",
        "<p><a href='/p.docx'>План мероприятий по результатам НОКО 2024</a></p>",
        f"<h2>{NEW}</h2><table><tr><th>Недостаток<th>Мера<tr><td>Нет пандуса<td>Поставить</table>",
        "<p><a href='/plan'>План по итогам независимой оценки</a></p>",
    ],
)
def test_plan_is_found_however_it_is_placed(body):
    found = judged(nok(body))
    assert found.status is Status.FOUND
    assert found.evidence[0].page == f"{HOST}/nok"


@pytest.mark.parametrize(
    "body",
    [
        "<p><a href='/p.pdf'>План работы школы по повышению качества на 2025 год</a></p>",
        "<p><a href='/p.pdf'>Отчёт о выполнении плана по устранению недостатков</a></p>",
        "<p><a href='/p.pdf'>План ВСОКО: повышение качества работы на 2025 год</a></p>",
        f"<p>{NEW} будет размещён позже</p>",
        f"<h2>{NEW}</h2>",
        "<p><a href='/p.pdf'>План финансово-хозяйственной деятельности</a></p>",
    ],
)
def test_other_documents_are_not_the_plan(body):
    assert judged(nok(body)).status is Status.ABSENT


def test_plan_of_earlier_years_is_not_the_one_asked_for():
    result = check(
        nok("<p><a href='/p.pdf'>План по устранению недостатков НОКО на 2021 год</a></p>"),
        whole=True,
        facts=ASSESSED,
    )
    found = result.finding(CODE)
    assert found.status is Status.ABSENT
    assert "есть только план прошлых лет" in finding_words(found, result).seen.casefold()


def test_plan_is_not_asked_of_who_was_not_assessed():
    assert judged(nok("<p>текст</p>"), facts={"assessed": False}).status is Status.NOT_APPLICABLE


def test_plan_is_in_doubt_while_its_page_was_not_read():
    menu = page("common", "<p><a href='/nok'>Независимая оценка качества</a></p>")
    found = judged(menu)
    assert (found.status, found.reason, found.note) == (
        Status.UNCHECKED, Reason.PAGE_NOT_READ, f"{HOST}/nok",
    )  # fmt: skip
    assert judged(menu, nok("<p>Результаты оценки</p>")).status is Status.ABSENT


def test_plan_is_in_doubt_where_the_site_is_silent_or_nothing_is_known():
    failure = Failure(f"{HOST}/", FailureReason.TIMEOUT)
    assert judged(failures=(failure,)).reason is Reason.FAILURE
    assert judged(nok("<p>текст</p>"), facts={}).reason is Reason.CONDITION_UNKNOWN
    part = check(nok("<p>текст</p>"), facts=ASSESSED).finding(CODE)
    assert part.reason is Reason.PAGE_NOT_GIVEN


def test_dead_link_is_no_plan():
    dead = Failure(f"{HOST}/plan.pdf", FailureReason.MISSING)
    body = f"<p><a href='/plan.pdf'>{NEW}</a></p>"
    assert judged(nok(body), failures=(dead,)).status is Status.ABSENT


@pytest.mark.parametrize("regime", ["785-2014", "831-2020", "1493-2023"])
def test_plan_is_never_counted_among_the_items_of_the_order(regime):
    result = check(nok("<p>текст</p>"), regime=regime, whole=True, facts=ASSESSED)
    assert CODE not in {finding.item.code for finding in result.findings}
    edition = result.regime.counts[0].edition
    assert CODE not in count_site(result, edition).marks


def test_words_name_the_plan_of_the_year_and_the_cure():
    result = check(nok("<p>текст</p>"), whole=True, facts=ASSESSED)
    words = finding_words(result.finding(CODE), result)
    assert words.basis == "годовой план, мероприятие 3.2"
    assert words.where.startswith("Весь сайт")
    assert "Разместите утверждённый план" in words.cure
    assert "план" in words.example.casefold()


def test_menu_of_the_home_page_with_the_plan_counts():
    home = Page(f"{HOST}/", f"<nav><a href='/x/plan.docx'>{NEW}</a></nav>".encode())
    assert judged(home, on=date(2025, 3, 3)).status is Status.FOUND
