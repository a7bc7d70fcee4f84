"""The beginning of a year as the secretary lives it: plan, list and specification go through the
council, the activities that asked for them close by themselves, and the journal is whole."""

import io

import docx
import pytest

from noko.actions.vote import close_ballot
from noko.core.journal import breaks
from noko.models import Council, OrganisationList, Plan, Specification
from noko.queries import journal
from tests.journeys.test_office import looked_at, sign_in
from tests.plan_files import as_docx
from tests.small_council import make_ballot, make_council, make_open, make_session, vote_all
from tests.small_cycle import NOW, make_cycle, make_organisations, make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ROWS = (
    ("1. Подготовка",),
    (
        "1.1.",
        "Формирование перечня образовательных организаций для проведения НОКО",
        "до 31 марта 2027 г.",
        "Общественный совет",
        "Решение общественного совета\nУтверждённый перечень организаций",
    ),
    (
        "1.3.",
        "Формирование предложений для разработки технического задания",
        "до 31 марта 2027 г.",
        "Общественный совет",
        "Техническое задание",
    ),
    ("2. Проведение",),
    (
        "2.8.",
        "Публикация результатов НОКО, в том числе рейтингов образовательных организаций",
        "до 5 декабря 2027 г.",
        "Пресс-служба",
        "Рейтинг на официальном сайте",
    ),
)


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    make_organisations()
    make_cycle("2027", year=2027, title="Независимая оценка 2027 года")
    make_person("secretary")
    make_council()
    document = docx.Document(io.BytesIO(as_docx(ROWS)))
    for paragraph in document.paragraphs:
        paragraph.text = paragraph.text.replace("2016", "2027")
    document.save(tmp_path / "план.docx")
    return live_server.url


def said(page, text):
    page.get_by_text(text).first.wait_for()


def click(page, name):
    page.get_by_role("button", name=name).first.click()


def bring_the_plan(page, site, tmp_path):
    sign_in(page, site, "secretary")
    page.goto(f"{site}/office/cycles/2027/")
    page.get_by_role("link", name="Составить план").click()
    page.get_by_role("link", name="Загрузить готовый план").click()
    page.get_by_label("Файл плана").set_input_files(tmp_path / "план.docx")
    click(page, "Проверить файл")
    click(page, "Сохранить план: 3")
    said(page, "План сохранён")
    while page.get_by_text("Отклонить с причиной").count():
        page.get_by_text("Отклонить с причиной").first.click()
        page.get_by_label("Почему это не ошибка").first.fill("Так решил общественный совет.")
        click(page, "Отклонить замечание")
        said(page, "Замечание отклонено")


def place(page, title="Вынести на заседание"):
    """The thing that the page shows goes on the agenda of the session that is open."""
    page.get_by_role("link", name=title).first.click()
    page.get_by_label("Очное заседание").check()
    click(page, "Вынести")


def bring_the_list(page, site):
    page.goto(f"{site}/office/lists/")
    page.get_by_role("link", name="Независимая оценка 2027 года").click()
    click(page, "Составить проект")
    said(page, "Проект составлен")
    looked_at(page, "year-list")
    page.get_by_role("link", name="Охват за три года").click()
    looked_at(page, "year-coverage")
    page.go_back()
    place(page)
    said(page, "Перечень внесён в повестку")


def bring_the_specification(page, site):
    page.goto(f"{site}/office/specifications/")
    page.get_by_role("link", name="Независимая оценка 2027 года").click()
    page.get_by_label("Заказчик").fill("Управление образования области")
    click(page, "Создать черновик")
    page.get_by_role("link", name="Изменить заказчика и сроки").click()
    for label, value in (
        ("Первый день опроса и осмотра", "2027-02-01"),
        ("Последний день опроса и осмотра", "2027-05-31"),
        ("Срок передачи данных", "2027-06-20"),
        ("Срок отчёта", "2027-09-30"),
    ):
        page.get_by_label(label).fill(value)
    click(page, "Сохранить")
    page.get_by_role("link", name="Открыть сбор предложений").click()
    page.get_by_label("До какого дня").fill("2099-12-10")
    click(page, "Открыть сбор предложений")
    page.get_by_role("link", name="Закончить сбор предложений").click()
    click(page, "Закончить сбор предложений")
    place(page)
    said(page, "Вопрос внесён в повестку")


def vote(session, questions):
    for _ in range(questions):
        ballot = make_ballot(session)
        vote_all(ballot, "+++++++")
        close_ballot(ballot=ballot, by=None, now=NOW)


def approve(page, address, number, words):
    page.goto(address)
    page.get_by_role("link", name=f"Утвердить решением № {number}").first.click()
    click(page, f"Утвердить решением № {number}")
    said(page, words)


def test_year_begins(page, site, tmp_path):
    session = make_open(make_session(Council.objects.get()))
    bring_the_plan(page, site, tmp_path)
    plan = Plan.objects.get()
    page.goto(f"{site}/office/plans/{plan.pk}/adopt/")
    place(page, "вынести план на заседание")
    bring_the_list(page, site)
    vote(session, 3)
    item = OrganisationList.objects.get()
    page.goto(f"{site}/office/plans/{plan.pk}/adopt/")
    click(page, "Утвердить решением № 2")
    approve(page, f"{site}/office/lists/{item.pk}/", 3, "Перечень утверждён")
    bring_the_specification(page, site)
    vote(session, 1)
    specification = f"{site}/office/specifications/{Specification.objects.get().pk}/"
    approve(page, specification, 4, "Техническое задание утверждено")

    page.goto(f"{site}/office/plans/{plan.pk}/")
    looked_at(page, "year-plan")
    rows = page.locator("table tbody tr")
    states = {
        number: rows.filter(has_text=number).first.inner_text() for number in ("1.1", "1.3", "2.8")
    }
    assert ("выполнено" in states["1.1"], "выполнено" in states["1.3"]) == (True, True)
    assert "выполнено" not in states["2.8"]
    assert list(breaks(journal.chain())) == []
    assert {"plan.adopted", "list.approved", "specification.adopted"} <= set(
        journal.entries().values_list("deed", flat=True)
    )
