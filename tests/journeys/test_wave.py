"""A wave as its people live it: prepared from the approved list of the demonstration, answered on a
phone and by keyboard, inspected, closed, rated."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from noko.actions import cycle as cycles
from noko.actions import organisation as organisations
from noko.demo import DOMAIN
from noko.demo.council import Councils, hold
from noko.demo.loading import OPENED_AT, YEARS, registered_as
from noko.demo.people import PASSWORD, create_people
from noko.demo.region import build_region
from noko.demo.stage import ADOPTED_ON, SLUG, load_stage, prepare_stage, second_stage
from noko.demo.waves import calendar
from noko.exchange.xlsform import to_xform
from noko.jobs.rating import run_calculation
from noko.models import AnswerBox, Calculation, DataSet, Inspection, Wave
from noko.queries.edition import get_edition
from tests.journeys.test_expert import says
from tests.journeys.test_office import looked_at
from tests.journeys.test_respondent import answer_all, at_hand, button, choose, receipt_of
from tests.small_cycle import NOW
from tests.web.office.test_wave_close import inspections

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

COLLEGES = (
    "ОГБПОУ «Заречинский аграрный техникум»",
    "ОГБПОУ «Заречинский политехнический техникум»",
    "ОГБПОУ «Кленоградский аграрный техникум»",
)


@pytest.fixture
def site(live_server, settings, tmp_path):
    """The second stage of the demonstration without the years before it: people, registry, the
    approved list, the contract, a wave that is open already and colleges that wait for theirs."""
    settings.FILES = tmp_path / "files"
    region, last = build_region(), YEARS[-1]
    people = create_people(OPENED_AT)
    secretary = people["secretary"]
    added = [registered_as(item) for item in region]
    organisations.save_all(added=added, by=secretary, now=OPENED_AT)
    first = cycles.create(
        year=last.year, title="Первый этап", slug=str(last.year), edition_code=last.edition,
        invented=True, by=secretary, now=OPENED_AT,
    )  # fmt: skip
    those = second_stage(region, calendar(region)[last.year])
    question = prepare_stage(first, those, secretary, NOW.date())
    councils = Councils(people["council_secretary"])
    on = ADOPTED_ON - timedelta(days=4)
    hold(councils.of(on), on, [question], cycle=first, by=councils.by)
    load_stage(those, people, NOW)
    (tmp_path / "осмотры.xlsx").write_bytes(inspections(COLLEGES[1:]).read())
    return live_server.url


def sign_in(page, address, name):
    page.context.clear_cookies()
    page.goto(address)
    page.locator("input[name=login]").fill(f"{name}@{DOMAIN}")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(f"{address}**")


def seen(page, name):
    """Wide and on a phone."""
    size = page.viewport_size
    for width in (size["width"], 390):
        page.set_viewport_size({"width": width, "height": size["height"]})
        looked_at(page, name)
    page.set_viewport_size(size)


def prepared(page, site):
    """The operator prepares a wave and looks at everything that goes out."""
    sign_in(page, f"{site}/office/", "operator")
    page.goto(f"{site}/office/cycles/{SLUG}/waves/")
    seen(page, "waves")
    page.get_by_role("link", name="Подготовить волну").click()
    page.get_by_label("Профессиональные: 3 организации").check()
    page.get_by_label("Оператор").fill("АНО «Центр общественных опросов»")
    page.get_by_label("Начало").fill(str(timezone.localdate()))
    page.get_by_label("Последний день").fill(str(timezone.localdate() + timedelta(days=20)))
    seen(page, "wave-new")
    button(page, "Подготовить волну").click()
    page.get_by_text("Волна подготовлена").wait_for()
    seen(page, "wave-planned")
    page.get_by_role("link", name="Анкета", exact=True).click()
    seen(page, "wave-questionnaire")
    page.get_by_text("Посмотреть глазами опрошенного").get_by_role("link").click()
    page.get_by_text("Предварительный просмотр").wait_for()
    page.go_back()
    page.get_by_role("link", name="Ход", exact=True).click()
    page.get_by_role("link", name="Открыть волну").click()
    seen(page, "wave-open")
    button(page, "Открыть волну для 3 организаций").click()
    page.get_by_text("Волна открыта").wait_for()


def links_of(page):
    """The operator prints a poster and takes the links."""
    page.get_by_role("link", name="Ссылки и плакаты").click()
    seen(page, "wave-links")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Плакат.*политехнический")).click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"
    return [link.get_attribute("href") for link in page.locator("td[data-label=Ссылка] a").all()]


def answered_on_a_phone(phone, link):
    """A parent loses the network in the middle and comes back."""
    phone.goto(link)
    at_hand(phone)
    choose(phone, "q1", "Да")
    phone.context.set_offline(True)
    answer_all(phone)
    button(phone, "Отправить ответ").click()
    phone.get_by_role("heading", name="Ответ сохранён и ждёт связи").wait_for()
    phone.context.set_offline(False)
    receipt_of(phone)


def answered_by_keyboard(page, link):
    """Another parent has no program and no mouse."""
    page.goto(link)
    for question, key in (("q1", "Space"), ("q2", "Space"), ("q3", "ArrowLeft")):
        page.locator(f"#{question} input").first.focus()
        page.keyboard.press(key)
    for question in ("q6", "q9", "q10", "q13", "q14", "q15"):
        page.locator(f"#{question} input").first.focus()
        page.keyboard.press("Space")
    page.locator("button[type=submit]").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ответ принят").wait_for()


def inspected_offline(phone, site):
    """An expert walks through the checklists without a network and hands them over with one."""
    sign_in(phone, f"{site}/field/", "ekspert")
    phone.get_by_role("link", name=COLLEGES[0]).click()
    phone.wait_for_function(
        "async () => !!(await navigator.serviceWorker.getRegistration('/field/'))?.active"
    )
    phone.reload()  # now the worker sees the page and keeps it
    phone.context.set_offline(True)
    for group in phone.locator(".marks").all():
        labels = group.locator("label")
        # What applies is there; of the marks of the building none is right.
        (labels.first if labels.count() == 3 else labels.last).click()
    says(phone, "отмечено всё", where="left")
    says(phone, "Сети нет")
    looked_at(phone, "wave-expert-offline")
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    says(phone, "Сохранено.")
    button(phone, "Сдать осмотр").click()
    phone.wait_for_url("**/field/")
    found = Inspection.objects.get(place__organisation__short_name=COLLEGES[0])
    assert (found.status, set(found.found["comfort"].values())) == ("submitted", {"present"})


def exported(page):
    """The questionnaire of the wave for KoboToolbox and ODK: pyxform takes it without a warning."""
    page.get_by_role("link", name="Анкета", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Форма для KoboToolbox и ODK").click()
    xform, warnings = to_xform(Path(download.value.path()).read_bytes())
    assert warnings == []
    asked = get_edition(YEARS[-1].edition).questionnaire.questions
    assert [item.id for item in asked if f"/{item.id}" not in xform] == []


def closed(page, tmp_path):
    """The operator looks at the quality, brings the other inspections, closes, freezes."""
    page.get_by_role("link", name="Качество").click()
    page.get_by_text("Ничего необычного").wait_for()
    seen(page, "wave-quality")
    page.get_by_role("link", name="Закрытие и данные").click()
    seen(page, "wave-close")
    page.get_by_label("Осмотры").set_input_files(tmp_path / "осмотры.xlsx")
    button(page, "Проверить файл осмотров").click()
    seen(page, "wave-inspections")
    button(page, "Принять осмотры 2 организаций").click()
    page.get_by_text("Осмотры 2 организаций приняты").wait_for()
    button(page, "Закрыть волну: 4 анкеты").click()
    page.get_by_text("а причина не названа").first.wait_for()
    seen(page, "wave-unexplained")
    page.get_by_label("Почему волна закрывается").fill("Техникумы ушли на каникулы.")
    button(page, "Закрыть волну: 4 анкеты").click()
    page.get_by_text("Волна закрыта. Теперь соберите").wait_for()
    seen(page, "wave-closed")
    button(page, "Зафиксировать набор данных из 3 организаций").click()
    page.get_by_text("Набор данных № 1 зафиксирован").wait_for()


def rated(page):
    page.get_by_role("link", name="Рассчитать рейтинг по набору № 1").click()
    button(page, "Рассчитать").click()
    page.wait_for_url("**/calculations/**")
    run_calculation(Calculation.objects.get().pk)
    page.reload()
    page.get_by_role("rowheader", name="политехнический").wait_for()
    seen(page, "wave-rating")


def test_wave_from_the_list_to_the_rating(page, phone, plain_page, site, tmp_path):
    prepared(page, site)
    links = links_of(page)
    answered_on_a_phone(phone, links[0])
    for link in links:
        answered_by_keyboard(plain_page, link)
    inspected_offline(phone, site)
    exported(page)
    page.get_by_role("link", name="Ход", exact=True).click()
    page.get_by_text("анкеты приняты из 881").wait_for()
    seen(page, "wave-progress")
    closed(page, tmp_path)
    wave = Wave.objects.get(type="vocational")
    assert (wave.status, wave.dataset, DataSet.objects.get().respondents) == (
        "closed", DataSet.objects.get(), 4,
    )  # fmt: skip
    assert [box.answers for box in AnswerBox.objects.filter(place__wave=wave)] == [{}] * 4
    plain_page.goto(links[0])
    plain_page.get_by_role("heading", name="Опрос завершён").wait_for()
    rated(page)
    scores = Calculation.objects.get().scores.all()
    assert sorted(score.organisation.short_name for score in scores) == list(COLLEGES)
    assert all(score.total for score in scores)
