"""Verdicts: found by text however it is written, absent, and could not check, each with its why."""

import random
from datetime import date

import pytest

from noko.core.websites.findings import Channel, Reason, Status
from noko.core.websites.inspection import inspect
from noko.core.websites.page import Failure, FailureReason, Page
from noko.core.websites.rules import SiteType
from noko.core.websites.site import Site
from noko.demo.website_texts import pieces_of, sections
from noko.demo.websites import Flaw, Owner, Style, make_site
from noko.queries.website_rules import get_regime
from tests.core.websites.pages import HOST, check, page, verdict

EMPTY_TABLE = "<table><tr><th>Год<th>Поступило<tr><td>2025<td>–</table>"
NORM = "<p>Страница должна содержать информацию о библиотеке, спортивном зале, питании.</p>"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("common.reg_date", "<p><b>Год основания школы</b></p><p>1950</p>"),
        ("common.reg_date", "<table><tr><td>Дата создания<td>01.09.1974</table>"),
        ("common.reg_date", "<dl><dt>Дата создания<dd>1974 г.</dl>"),
        ("common.reg_date", "<p>Школа основана в 1974 году.</p>"),
        ("common.phone", "<p>тел. 3-11-46</p>"),
        ("common.phone", "<p>Приёмная +7 (000) 123-45-67</p>"),
        ("common.email", "<p><a href='mailto:a@b.example'>написать</a></p>"),
        ("common.work_time", "<p>Понедельник – пятница: 8.00–17.00</p>"),
        ("common.founder", "<p>Учредителем является город Зареченск.</p>"),
        ("common.founder", "<p>Учредитель: администрация города, адрес, телефон</p>"),
        ("document.charter", "<p><b>Устав:</b> <a href='/u.pdf'>открыть</a></p>"),
        ("document.collective", "<p>Коллективный договор не заключён, отсутствует.</p>"),
        ("document.prescriptions", "<p>Предписаний нет</p>"),
        ("education.languages", "<p>Обучение ведётся на русском языке.</p>"),
        ("grants.hostel", "<p>Общежития нет.</p>"),
        ("grants.scholarships", "<p>Выплата стипендий не предусмотрена.</p>"),
        ("objects.library", "<h3>Библиотека</h3><p>Фонд 9 800 книг.</p>"),
        (
            "vacant.places",
            "<table><tr><td>Класс<td>Свободных мест<tr><td>1<td>0<tr><td>2<td>3</table>",
        ),
        ("managers.phones", "<p>Директор Орлова Нина Петровна, тел. +7 (000) 123-45-67</p>"),
        ("employees.teacher_names", "<li>Орлова Нина Петровна, учитель физики</li>"),
    ],
)
def test_item_written_in_some_way_is_found(code, body):
    assert verdict(body, code) == "found"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("common.reg_date", "<p>Дата создания: –</p>"),
        ("common.reg_date", "<p>Дата создания: уточняется</p>"),
        ("common.phone", "<h3>Учредитель</h3><p>Телефон: +7 (000) 123-45-67</p>"),
        ("common.address", "<p>Адрес электронной почты: a@b.example</p>"),
        ("common.address", "<p>Адрес учредителя: ул. Ленина, 1</p>"),
        ("document.charter", "<p>Устав</p>"),
        ("document.charter", "<p><a href='#'>Устав</a></p>"),
        ("document.mode", "<h4>Режим занятий обучающихся</h4><p><a href=''>Приказ</a></p>"),
        ("objects.library", NORM),
        ("budget.receipts", f"<h4>Поступление средств</h4>{EMPTY_TABLE}"),
        ("education.plan", "<p>Дети, осваивающие программы вне учебного плана</p>"),
    ],
)  # fmt: skip
def test_item_named_but_not_told_is_absent(code, body):
    assert verdict(body, code) == "absent"


def test_address_of_the_school_and_its_branches_is_the_schools():
    body = "<p>Место нахождения организации и её филиалов: ул. Школьная, 5</p>"
    assert verdict(body, "common.address") == "found"


def test_menu_and_what_every_page_repeats_are_no_information():
    foot = "<div>Телефон: +7 (000) 123-45-67, ул. Школьная, 5</div>"
    slugs = ("common", "document", "education", "inter")
    pages = [page(slug, f"<p>Страница {slug}.</p>{foot}") for slug in slugs]
    assert check(*pages).finding("common.phone").status is Status.ABSENT


def test_item_in_another_subsection_is_found_with_a_remark():
    result = check(
        page("education", "<a href='/r.pdf'>Режим занятий обучающихся</a>"),
        page("document", "<p>x</p>"),
    )
    finding = result.finding("document.mode")
    assert (finding.status, finding.elsewhere) == (Status.FOUND, True)
    assert [defect.item for defect in result.defects if defect.kind.value == "wrong_place"] == [
        "document.mode"
    ]


def test_item_of_another_type_is_not_asked_for():
    result = check(page("paid_edu", "<p>x</p>"), kind=SiteType.SUPPLEMENTARY)
    assert result.finding("paid_edu.parents_fee").status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, Status.UNCHECKED),
        ({"collective": True}, Status.ABSENT),
        ({"collective": False}, Status.NOT_APPLICABLE),
    ],
)
def test_item_under_a_condition(facts, status):
    result = check(page("document", "<p>x</p>"), facts=facts)
    assert result.finding("document.collective").status is status


def test_subsection_not_given_could_not_be_checked():
    finding = check(page("common", "<p>x</p>")).finding("document.charter")
    assert (finding.status, finding.reason) == (Status.UNCHECKED, Reason.PAGE_NOT_GIVEN)


def test_subsection_missing_on_a_whole_site_is_absent():
    result = check(page("common", "<p>x</p>"), whole=True)
    assert result.finding("document.charter").status is Status.ABSENT
    missing = [d.subject for d in result.defects if d.kind.value == "missing_subsection"]
    assert "Документы" in missing


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (FailureReason.TIMEOUT, Status.UNCHECKED),
        (FailureReason.BLOCKED, Status.UNCHECKED),
        (FailureReason.FORBIDDEN_BY_ROBOTS, Status.UNCHECKED),
        (FailureReason.SERVER_ERROR, Status.UNCHECKED),
        (FailureReason.MISSING, Status.ABSENT),
    ],
)
def test_subsection_that_failed(reason, status):
    failure = Failure(f"{HOST}/sveden/document", reason)
    result = check(page("common", "<p>x</p>"), whole=True, failures=(failure,))
    assert result.finding("document.charter").status is status


def test_site_wholly_unreachable_could_not_be_checked():
    failure = Failure(f"{HOST}/", FailureReason.TIMEOUT)
    result = check(whole=True, failures=(failure,))
    assert {finding.status for finding in result.findings} <= {
        Status.UNCHECKED,
        Status.NOT_APPLICABLE,
    }


def test_site_that_answers_not_found_to_everything_could_not_be_checked():
    body = "<title>Страница не найдена</title><h1>Ошибка 404</h1>"
    pages = [Page(f"{HOST}{path}", body.encode()) for path in ("/", "/sveden/common", "/x")]
    finding = check(*pages, whole=True).finding("common.reg_date")
    assert (finding.status, finding.reason) == (Status.UNCHECKED, Reason.SITE_ANSWERS_NOT_FOUND)


def test_page_drawn_by_scripts_could_not_be_checked():
    html = "<html><body><div id='app'></div><script src='/app.js'></script></body></html>"
    result = check(Page(f"{HOST}/sveden/common", html.encode()))
    assert result.finding("common.reg_date").reason is Reason.NEEDS_JAVASCRIPT


def test_item_behind_an_unread_link_could_not_be_checked():
    body = "<a href='/teachers.html'>Персональный состав педагогических работников</a>"
    finding = check(page("employees", body)).finding("employees.subjects")
    assert (finding.reason, finding.note) == (Reason.PAGE_NOT_READ, f"{HOST}/teachers.html")


def test_subsection_that_goes_on_could_not_be_checked_to_the_end():
    body = "<p>Начало</p><a itemprop='addRef' href='/sveden/education/2'>дальше</a>"
    assert check(page("education", body)).finding("education.terms").reason is Reason.PAGE_NOT_READ


def test_item_as_a_picture_could_not_be_checked():
    body = "<h3>Режим и график работы</h3><p><img src='/time.png'></p>"
    assert check(page("common", body)).finding("common.work_time").reason is Reason.PICTURE_ONLY


def test_subsection_is_known_by_its_title():
    result = check(page("", "<p>Год основания: 1974</p>", title="Основные сведения", path="/about"))
    assert result.finding("common.reg_date").status is Status.FOUND
    assert [d.right for d in result.defects if d.kind.value == "wrong_address"] == [
        "/sveden/common"
    ]


def test_subsection_is_known_by_the_menu():
    home = page("", "<nav><a href='/about'>Основные сведения</a></nav>", path="/")
    other = page("", "<p>Год основания: 1974</p>", path="/about")
    assert check(home, other).finding("common.reg_date").status is Status.FOUND


def test_channels_of_the_site():
    body = (
        "<p>Тел. +7 (000) 123-45-67, почта a@b.example</p>"
        "<a href='/faq'>Часто задаваемые вопросы</a>"
        "<form><input name=n><textarea></textarea>Согласие на обработку данных</form>"
        "<a href='https://opros.example/1'>Пройти опрос о качестве условий</a>"
    )
    assert set(check(page("", body, path="/")).channels) == set(Channel)


CONDITIONS = dict.fromkeys(get_regime("1493-2023").conditions, True)
OWNER = ("МБУ «Ромашка» города Зареченска", "МБУ «Ромашка»", "администрация города Зареченска")


@pytest.mark.parametrize("seed", range(60))
def test_invented_site_is_judged_as_it_was_made(seed):
    rng = random.Random(seed)
    kind = rng.choice(["preschool", "general", "supplementary", "vocational"])
    on = rng.choice([date(2025, 5, 5), date(2026, 11, 20)])
    full, short, founder = OWNER
    owner = Owner(
        kind, full, short, founder, "123456, г. Зареченск, ул. Школьная, д. 5",
        "+7 (000) 123-45-67", "romashka@example.org", seed,
    )  # fmt: skip
    codes = [p.code for s in sections() if kind in s.types for p in pieces_of(s, kind, on)]
    site = make_site(
        owner,
        list(Style)[seed % 4],
        on=on,
        absent=[code for code in codes if rng.random() < 0.25],
        missing=[section.slug for section in sections() if rng.random() < 0.05],
        flaws=[flaw for flaw in Flaw if rng.random() < 0.25],
    )
    pages = [Page(f"https://romashka.example{path}", body) for path, body in site.pages.items()]
    given = Site(pages, SiteType(kind), on, whole=True, facts=CONDITIONS)
    result = inspect(given, get_regime("1493-2023"))
    got = {finding.item.code: finding.status.value for finding in result.findings}
    expected = dict.fromkeys(site.present, "found") | dict.fromkeys(site.absent, "absent")
    assert {code: got[code] for code in expected} == expected
