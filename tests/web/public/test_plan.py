"""The public page of a plan: only what is adopted, with its progress, as a published file."""

import pytest

from noko.actions import plan as plans
from noko.exchange.pages import publish_pages
from noko.models import Municipality
from tests.factories import released_cycle
from tests.small_cycle import make_cycle
from tests.small_plan import NOW, adopt, make_plan

pytestmark = pytest.mark.django_db


def test_plan_in_draft_is_not_public(client):
    plan = make_plan(make_cycle(), adopted=False)
    assert client.get("/plan/2026/").status_code == 404
    assert "Утверждённых планов пока нет" in client.get("/plan/").content.decode()
    adopt(plan)
    assert client.get("/plan/2026/").status_code == 200
    assert "План мероприятий на 2026 год" in client.get("/plan/").content.decode()


def test_plan_shows_what_closed_an_activity(client):
    release = released_cycle(2)
    make_plan(release.cycle)
    shown = client.get("/plan/2026/").content.decode()
    assert "Рейтинг, версия 1" in shown
    assert "23\u00a0ноября 2026\u00a0г." in shown


def test_plan_page_is_among_the_published_files_and_follows_its_state(settings, tmp_path):
    settings.PUBLISHED = tmp_path / "published"
    plan = make_plan(make_cycle())
    first = publish_pages()
    page = first.folder / "plan" / "2026" / "index.html"
    assert "Составить перечень организаций" in page.read_text(encoding="utf-8")
    assert publish_pages().rendered == 0
    plan.activities.filter(number="1.1").update(activity="Утвердить перечень")
    assert publish_pages().rendered == 0  # a deed changes the plan, not a row of the table
    plan.changed_at = plan.changed_at.replace(year=2027)
    plan.save()
    again = publish_pages()
    assert again.rendered == 2
    page = again.folder / "plan" / "2026" / "index.html"
    assert "Утвердить перечень" in page.read_text(encoding="utf-8")


def test_plan_page_of_the_region_names_municipal_plans_in_force(client):
    region = make_plan(make_cycle())
    place = Municipality.objects.create(name="Заречный район", slug="zarechny")
    own = plans.inherit(parent=region, municipality=place, by=None, now=NOW)
    assert "Заречный район" not in client.get("/plan/2026/").content.decode()
    adopt(own)
    assert "Заречный район" in client.get("/plan/2026/").content.decode()
