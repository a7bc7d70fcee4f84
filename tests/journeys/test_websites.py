"""Sites as their people live it: visited on this machine, shown, objected to, counted in the
rating, mended, and visited again."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from django.utils import timezone

from noko.actions import inspection as inspections
from noko.actions import organisation as organisations
from noko.actions import wave as waves
from noko.actions.response import Place, Sender, accept
from noko.core.answers.slip import Slip
from noko.core.dataset import PRESENT
from noko.core.websites.addresses import host_of
from noko.demo import DOMAIN
from noko.demo.loading import OPENED_AT, registered_as
from noko.demo.people import ORGANISATION, create_local_people, create_people
from noko.demo.region import build_region
from noko.demo.site_server import PDF
from noko.demo.sites import site_of
from noko.demo.websites import Owner, Style, make_site
from noko.exchange.dataset import package_sites, read_package
from noko.jobs.rating import run_calculation
from noko.jobs.site_worker import visit_sites
from noko.models import Calculation, DataSet, Letter, Organisation, SiteObjection, SiteRound, Wave
from noko.models.response import Channel
from noko.queries.website_standing import standing_of, visits_of
from tests.exchange.site_server import serve
from tests.journeys.test_wave import button, seen, sign_in
from tests.small_cycle import make_cycle

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE, EMAIL = "common.phone", "common.email"
WHERE = "https://school1-dubravinskiy.example/kontakty"
ANSWERS = "1" * 14


@pytest.fixture
def sites():
    """Host and path → bytes of every page of the generated sites, changed as by their owners."""
    return {}


@pytest.fixture
def schools():
    """Two schools of one municipality of the demonstration; the first one's people have logins."""
    region = build_region()
    own = next(item for item in region if item.short_name == ORGANISATION)
    same = [one for one in region if (one.municipality, one.type) == (own.municipality, own.type)]
    return [own, next(one for one in same if one != own and one.site)]


@pytest.fixture
def site(live_server, settings, tmp_path, sites, schools):
    """Their sites on loopback, their wave open, inspected and answered; nobody has visited yet."""
    settings.FILES = tmp_path / "files"
    settings.MONITOR_CONTACT = "mailto:monitor@example.org"
    people = create_people(OPENED_AT)
    added = [registered_as(one) | {"site": one.site.replace("https", "http")} for one in schools]
    organisations.save_all(added=added, by=people["secretary"], now=OPENED_AT)
    create_local_people(OPENED_AT)
    publish(sites, schools[0], own_site(schools[0], [PHONE, EMAIL]))
    publish(sites, schools[1], site_of(schools[1], timezone.localdate()))
    with serve(sites) as served:
        settings.MONITOR_ALL_TO = served.way.all_to
        yield live_server.url


def own_site(school, absent):
    """The first school's site without these items."""
    owner = Owner(
        school.type, school.full_name, school.short_name, school.founder, school.address,
        "+7 (000) 100-10-05", f"school@{DOMAIN}",
    )  # fmt: skip
    return make_site(owner, Style.LABELS, on=timezone.localdate(), absent=absent)


def publish(sites, school, made):
    """Puts the pages, and the files that they link to, behind the school's host name."""
    host = host_of(school.site)
    for path, body in made.pages.items():
        sites[f"{host}{path}"] = body
        for file in re.findall(rb'href="(/files/[^"]+)"', body):
            sites[f"{host}{file.decode()}"] = given_out


def given_out(handler):
    handler.answer(200, PDF, "application/pdf")


def visited():
    """The worker, in a thread of its own: the browser of the tests keeps an event loop in ours."""
    worker = Thread(target=lambda: visit_sites(delay=0.0))
    worker.start()
    worker.join(60)
    found = SiteRound.objects.order_by("-number").first()
    assert found.status == "closed"
    return found


def begun(page, site):
    """The secretary begins a round and shows it to the schools."""
    sign_in(page, f"{site}/office/", "sekretar")
    page.goto(f"{site}/office/websites/")
    seen(page, "websites")
    page.get_by_role("link", name="Начать обход").click()
    seen(page, "website-round-new")
    button(page, "Начать обход").click()
    page.get_by_text("начат. Страницу можно закрыть").wait_for()
    found = visited()
    page.reload()
    page.get_by_role("link", name="Показать выводы организациям").click()
    seen(page, "website-show")
    button(page, "Показать выводы").click()
    page.get_by_text("Организации видят выводы и могут возражать").wait_for()
    seen(page, "website-round")
    return found


def objected(page, site):
    """The head of the school reads the findings and objects to one, without JavaScript."""
    sign_in(page, f"{site}/cabinet/", "direktor")
    page.get_by_role("link", name="Сайт", exact=True).click()
    page.get_by_role("heading", name="Сайт", exact=True).wait_for()
    page.locator(f"article[id='{PHONE}']").get_by_role("link", name="Возразить").click()
    button(page, "Подать возражение").click()
    page.get_by_text("Исправьте ошибки").wait_for()
    page.get_by_label("С чем вы не согласны").fill("Телефон стоит на странице контактов.")
    page.get_by_label("Адрес страницы сайта").fill(WHERE)
    page.get_by_label("Возражение проверено").check()
    button(page, "Подать возражение").click()
    page.get_by_text("Возражение подано").wait_for()


def looked_through(page, site):
    """The same pages with everything that a look at them needs."""
    sign_in(page, f"{site}/cabinet/", "direktor")
    page.get_by_role("link", name="Сайт", exact=True).click()
    seen(page, "cabinet-site")
    page.get_by_role("link", name="Возразить").first.click()
    button(page, "Подать возражение").click()
    page.get_by_text("Исправьте ошибки").wait_for()
    seen(page, "cabinet-objection-errors")
    page.goto(f"{site}/cabinet/sites/objections/{SiteObjection.objects.get().pk}/")
    seen(page, "cabinet-receipt")
    page.goto(f"{site}/cabinet/sites/visits/{SiteObjection.objects.get().visit_id}/items/{PHONE}/")
    seen(page, "cabinet-item")


def decided(page, site):
    """An expert looks at the evidence and accepts."""
    sign_in(page, f"{site}/office/", "ekspert")
    page.get_by_role("link", name="Возражения о сайтах: 1").first.click()
    seen(page, "website-objections")
    page.get_by_role("link", name=f"{ORGANISATION}: контактные телефоны").click()
    seen(page, "website-objection")
    button(page, "Принять возражение").click()
    page.get_by_text("Напишите, почему решено так").first.wait_for()
    page.get_by_label("Почему").fill("Телефон стоит на странице контактов картинкой.")
    button(page, "Принять возражение").click()
    page.get_by_text("Возражение принято, пункт отмечен").wait_for()


def opened_wave(cycle, schools):
    """A wave of both schools with an answer about each, over by today."""
    visited_ones = visits_of(SiteRound.objects.get()).values("organisation")
    today, now = timezone.localdate(), timezone.now()
    wave = waves.plan(
        cycle=cycle, type=schools[0].type, operator="", starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=1),
        organisations=Organisation.objects.filter(pk__in=visited_ones), by=None, now=now,
    )  # fmt: skip
    wave = waves.open_wave(wave=wave, by=None, now=now)
    for place in wave.places.all():
        accept(
            place=Place(place.pk, wave.pk, bytes(wave.salt)), slip=Slip(ANSWERS, (), ()),
            key=f"key {place.pk}", channel=Channel.LINK,
            sender=Sender(device=str(place.pk), network="n"), now=now,
        )  # fmt: skip
    return wave


def inspected(wave, by):
    """The expert looks at everything but the sites that the round has checked."""
    for place in wave.places.select_related("wave__cycle", "wave__site_round", "organisation"):
        parts = inspections.asked_at(place)
        assert "site" not in {part.code for part in parts}
        found = {one.key: PRESENT for part in parts for one in part.asked if one.kind == "item"}
        own = inspections.begin(place=place, by=by, now=timezone.now())
        own = inspections.save(
            inspection=own, found=found, note="", version=0, by=by, now=timezone.now()
        )
        inspections.submit(inspection=own, by=by, now=timezone.now())


def frozen(page, site, wave, people_expert):
    """The operator takes the marks of the sites from the round, closes the wave and freezes."""
    sign_in(page, f"{site}/office/", "operator")
    page.goto(f"{site}/office/waves/{wave.pk}/close/")
    page.get_by_role("link", name="Изменить").click()
    seen(page, "wave-sites")
    page.get_by_label("обход № 1").check()
    button(page, "Сохранить выбор").click()
    page.get_by_text("Сведения взяты для 2").wait_for()
    wave.refresh_from_db()
    inspected(wave, people_expert)
    page.reload()
    page.get_by_role("button", name="Закрыть волну").click()
    page.get_by_text("Волна закрыта. Теперь соберите").wait_for()
    button(page, "Зафиксировать набор данных из 2 организаций").click()
    page.get_by_text("Организации ещё могут возражать").first.wait_for()
    seen(page, "wave-term-open")
    # The days of the term go by.
    SiteRound.objects.update(objections_until=timezone.localdate() - timedelta(days=1))
    button(page, "Зафиксировать набор данных из 2 организаций").click()
    page.get_by_text("Набор данных № 1 зафиксирован").wait_for()
    page.get_by_role("link", name="Рассчитать рейтинг по набору № 1").click()
    button(page, "Рассчитать").click()
    page.wait_for_url("**/calculations/**")
    run_calculation(Calculation.objects.get().pk)
    page.reload()
    page.get_by_role("rowheader", name="Средняя школа № 1").wait_for()


def counted_in_the_rating(settings, visit):
    """I and N of the site are those that stand, in the score and in the package."""
    counts = standing_of(visit).counts
    score = Calculation.objects.get().scores.get(organisation=visit.organisation)
    assert (score.counts["I_site"], score.counts["N_site"]) == (
        str(counts.present), str(counts.applicable),
    )  # fmt: skip
    package = read_package(settings.FILES / "datasets" / DataSet.objects.get().folder)
    own = f"o{visit.organisation_id}"
    lines = {one.code: one for one in package_sites(package) if one.organisation == own}
    told = [(lines[code].machine, lines[code].expert) for code in (PHONE, EMAIL)]
    assert told == [("absent", "found"), ("absent", "")]
    assert lines[PHONE].address == WHERE
    return counts


def test_sites_from_the_first_visit_to_the_next(page, plain_page, site, sites, schools, settings):
    cycle = make_cycle(str(timezone.localdate().year), invented=True)
    first = begun(page, site)
    letters = Letter.objects.filter(key__startswith="site-shown")
    assert sorted(letters.values_list("to", flat=True)) == [
        f"direktor@{DOMAIN}", f"redaktor@{DOMAIN}",
    ]  # fmt: skip
    objected(plain_page, site)
    looked_through(page, site)
    decided(page, site)
    assert SiteObjection.objects.get().status == "accepted"
    plain_page.reload()
    plain_page.get_by_text("Телефон стоит на странице контактов картинкой").wait_for()
    visit = visits_of(first).get(organisation__short_name=ORGANISATION)
    wave = opened_wave(cycle, schools)
    frozen(page, site, wave, SiteObjection.objects.get().decided_by)
    assert Wave.objects.get().dataset == DataSet.objects.get()
    before = counted_in_the_rating(settings, visit)

    # The school puts its e-mail on the page; the mark about the telephone is carried over.
    publish(sites, schools[0], own_site(schools[0], [PHONE]))
    second = begun(page, site)
    later = visits_of(second).get(organisation__short_name=ORGANISATION)
    after = standing_of(later)
    assert (after.of(EMAIL).counted, after.of(PHONE).counted) == ("found", "found")
    assert after.counts.present == before.present + 1
    assert counted_in_the_rating(settings, visit) == before
    plain_page.goto(f"{site}/cabinet/sites/{later.organisation_id}/")
    row = plain_page.get_by_role("row").filter(has_text="электронной почты")
    assert "появилось" in row.inner_text()
    sign_in(page, f"{site}/cabinet/", "redaktor")
    page.goto(f"{site}/cabinet/sites/{later.organisation_id}/")
    seen(page, "cabinet-difference")
    sign_in(page, f"{site}/office/", "ekspert")
    page.goto(f"{site}/office/websites/objections/")
    page.get_by_role("heading", name="Проверить снова").wait_for()
    page.get_by_role("link", name=f"{ORGANISATION}: контактные телефоны").first.click()
    seen(page, "website-again")
    button(page, "Отметка верна").click()
    page.get_by_text("Отметка верна: записано").wait_for()
    assert standing_of(later).of(PHONE).again is False
