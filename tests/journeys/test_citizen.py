"""A citizen's way: from the front page to the counts behind one total, on any device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from noko.models import OrganisationScore, Release
from tests.factories import make_cycle, make_organisations, make_release

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/rating/2026/",
    "/rating/2026/preschool/?municipality=gorod-lugov&sort=2",
    "/rating/2026/?q=нет+такой",
    "/organisations/",
    "/organisations/{key}/",
    "/organisations/{key}/2024/#s-1-3",
    "/compare/?cycle=2026&org={key}&org={other}&q=школа",
    "/methodology/",
    "/methodology/344n-2018/",
    "/methodology/1547-2014/",
    "/releases/",
    "/releases/2026/",
    "/releases/2026/2/",
    "/account/login/",
    "/nowhere/",
)
NARROW = 320


@pytest.fixture
def region() -> Release:
    """Two years and a correction of the second one."""
    organisations = make_organisations(8)
    make_release(make_cycle(2024), organisations[:6], seed=1)
    cycle = make_cycle(2026)
    make_release(cycle, organisations, seed=2)
    changed = [
        {"organisation": "Школа № 2", "kind": "total", "what": "Итог", "before": "1", "after": "2"}
    ]
    return make_release(cycle, organisations, seed=3, reason="Повтор анкет", difference=changed)


@pytest.fixture
def complaints(page: Any) -> Iterator[list[str]]:
    """What the browser complained of (a broken content policy is such a complaint)."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if _wrong(message) else None)
    return found


def _wrong(message: Any) -> bool:
    return message.type == "error" and "404 (Not Found)" not in message.text


def addresses() -> Iterator[str]:
    first, second = OrganisationScore.objects.filter(calculation__cycle__slug="2024").values_list(
        "organisation_id", flat=True
    )[:2]
    for address in PAGES:
        yield address.format(key=first, other=second)


def walk(page: Any, site: str) -> None:
    """Front page → search → organisation → criterion → indicator → counts."""
    page.goto(site)
    page.get_by_label("Найти организацию").fill("школа 2")
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Школа № 2").click()
    score = OrganisationScore.objects.get(
        name="Школа № 2", calculation__release__version=2, calculation__cycle__slug="2026"
    )
    total = str(score.total).replace(".", ",")
    page.get_by_role("link", name=total).first.click()
    for step in ("s-5", "s-5-3"):
        page.locator(f"#{step} > summary").click()
    counts = page.locator("#s-5-3 table").inner_text()
    assert re.search(rf"Ууд\s+{score.counts['U_all']}\b", counts)
    assert re.search(rf"Чобщ\s+{score.counts['A_all']}\b", counts)
    basis = page.locator("#s-5-3 > .step__body > dl").inner_text()
    assert "приказ Минтруда России от 31.05.2018 № 344н, показатель 5.3" in basis
    assert f"100 × {score.counts['U_all']} / {score.counts['A_all']}" in basis


def test_citizen_walks_from_the_front_page_to_the_counts(live_server, region, page, complaints):
    walk(page, live_server.url)
    assert complaints == []


def test_citizen_walks_on_a_phone(live_server, region, phone):
    walk(phone, live_server.url)


def test_citizen_walks_without_javascript(live_server, region, plain_page):
    walk(plain_page, live_server.url)


def test_citizen_walks_with_the_keyboard_alone(live_server, region, page):
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Перейти к содержанию"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("школа 2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/?q=**")
    reach(page, "Школа № 2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    reach(page, "Из чего сложился балл")
    page.keyboard.press("Enter")
    for name in ("5. Удовлетворённость", "5.3. Удовлетворённость в целом"):
        reach(page, name, tag="SUMMARY")
        page.keyboard.press("Enter")
    assert page.locator("#s-5-3 table").is_visible()


def reach(page: Any, text: str, tag: str = "A") -> None:
    """Tabs on until the focus is on ``text``; the focus must be visible there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        element = page.evaluate(
            "(() => { const e = document.activeElement; return [e.tagName, e.innerText,"
            " getComputedStyle(e).outlineStyle]; })()"
        )
        if element[0] == tag and element[1].startswith(text):
            assert element[2] != "none"
            return
    pytest.fail(f"The keyboard does not reach «{text}»")


def test_citizen_compares_organisations_marked_in_the_rating(live_server, region, page):
    page.goto(f"{live_server.url}/rating/2026/")
    page.get_by_label("Сравнить: Школа № 2").check()
    page.get_by_label("Сравнить: Детский сад № 1").check()
    page.get_by_role("button", name="Сравнить отмеченные организации").click()
    heads = page.locator("thead th").all_inner_texts()
    assert len(heads) == 3
    page.get_by_role("link", name="Убрать из сравнения: Школа № 2").click()
    assert page.locator("thead th").count() == 2


def test_citizen_downloads_the_table_of_the_release(live_server, region, page):
    page.goto(f"{live_server.url}/releases/2026/")
    page.get_by_role("link", name="Версия 2").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Рейтинг – CSV").click()
    assert download.value.suggested_filename == "noko-2026-v2-rating.csv"


def test_citizen_opens_a_link_to_a_step_inside_closed_ones(live_server, region, page):
    key = OrganisationScore.objects.filter(calculation__release=region)[0].organisation_id
    page.goto(f"{live_server.url}/organisations/{key}/2026/#s-3-1")
    assert page.locator("#s-3-1 table").is_visible()


def test_public_pages_have_no_barriers_and_break_no_policy(live_server, region, page, complaints):
    axe = Axe()
    for address in addresses():
        page.goto(f"{live_server.url}{address}")
        found = axe.run(page).response["violations"]
        assert [(address, item["id"], item["nodes"][0]["html"]) for item in found] == []
    assert complaints == []


def test_public_pages_have_no_barriers_in_the_dark(live_server, region, browser):
    context = browser.new_context(locale="ru-RU", color_scheme="dark")
    page = context.new_page()
    axe = Axe()
    for address in addresses():
        page.goto(f"{live_server.url}{address}")
        found = axe.run(page).response["violations"]
        assert [(address, item["id"], item["nodes"][0]["html"]) for item in found] == []
    context.close()


def test_public_pages_fit_the_narrowest_phone(live_server, region, browser):
    context = browser.new_context(
        viewport={"width": NARROW, "height": 640}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    for address in addresses():
        page.goto(f"{live_server.url}{address}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (address, width) == (address, NARROW)
    context.close()
