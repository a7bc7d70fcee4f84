"""Approved lists on the public site."""

import pytest

from noko.core.listing import digest
from noko.queries.pages import page_stamps
from tests.small_cycle import make_cycle
from tests.small_list import make_approved, make_draft, make_history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def approved():
    cycle, _ = make_history()
    return make_approved(make_draft(cycle))


def test_lists_without_any_say_what_will_be_here(client):
    assert "Утверждённых перечней пока нет" in client.get("/lists/").content.decode()


def test_list_is_public_once_it_is_approved(client):
    make_draft(make_history()[0])
    assert client.get("/lists/2027/").status_code == 404
    assert client.get("/lists/2027/1/").status_code == 404
    assert "/lists/2027/" not in page_stamps("p")


def test_list_page_tells_who_why_and_by_what(client, approved):
    item, decision = approved
    page = client.get("/lists/2027/")
    groups = page.context["groups"]
    assert [(g["title"], [(e.short_name, basis) for e, basis in g["rows"]]) for g in groups] == [
        (
            "Дошкольные",
            [("Детский сад «Берёзка»", "Оценена в 2024 году, снова – не позднее 2027 года.")],
        ),
        ("Общеобразовательные", [("Школа № 1", "Сведений об оценке нет.")]),
    ]
    text = page.content.decode()
    assert str(decision) in text
    assert item.digest in text
    assert client.get("/lists/").context["rows"] == [item]


def test_list_files_are_given_out_as_they_were_approved(client, approved):
    item, _ = approved
    files = client.get("/lists/2027/1/").context["files"]
    assert [file["url"].rsplit(".", 1)[-1] for file in files] == ["docx", "pdf", "xlsx", "json"]
    answer = client.get(files[-1]["url"])
    content = answer.getvalue()
    assert (digest(content), answer["ETag"]) == (item.digest, f'"{item.digest}"')
    assert client.get("/files/lists/2027/1/rating.csv").status_code == 404
    assert client.get("/files/lists/2027/9/perechen-2027.json").status_code == 404


def test_list_new_version_replaces_the_old_one_which_stays(client, approved):
    item, decision = approved
    before = page_stamps("p")
    make_approved(make_draft(item.cycle, reason="Ошибка"), decision.council)
    assert client.get("/lists/2027/").context["item"].version == 2
    old = client.get("/lists/2027/1/").content.decode()
    assert "Эта версия заменена" in old
    after = page_stamps("p")
    assert {"/lists/", "/lists/2027/", "/lists/2027/1/"} <= before.keys()
    assert all(before[a] != after[a] for a in ("/lists/", "/lists/2027/", "/lists/2027/1/"))
    assert "/lists/2027/2/" in after


def test_list_of_another_cycle_is_not_found(client, approved):
    make_cycle("2028", year=2028)
    assert client.get("/lists/2028/").status_code == 404
