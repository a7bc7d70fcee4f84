"""The public rating: official order, filters, sorting, means, and its price in queries."""

import re

import pytest
from django.test import Client

from noko.core.scoring.groups import mean
from noko.models import OrganisationScore
from noko.queries.rating import type_means
from tests.factories import make_cycle, make_organisations, make_release, released_cycle

pytestmark = pytest.mark.django_db

QUERIES = 6


def names(html: str) -> list[str]:
    """Organisations of the table from top to bottom."""
    return re.findall(r'<th scope="row" class="sticky"><a href="[^"]*">([^<]*)</a>', html)


def places(html: str) -> list[str]:
    return re.findall(r'<td class="place">([^<]*)</td><th', html)


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_rating_shows_everybody_in_the_official_order(client):
    release = released_cycle(12)
    html = get(client, "/rating/2026/")
    scores = release.calculation.scores.order_by("place", "organisation__sort_key")
    assert names(html) == [score.name for score in scores]
    assert places(html)[:12] == [str(score.place) for score in scores]
    assert "среди 12\xa0организаций" in html


@pytest.mark.parametrize("number", [1, 1000])
def test_rating_costs_the_same_queries_for_one_row_and_for_a_thousand(
    client, django_assert_num_queries, number
):
    released_cycle(number)
    with django_assert_num_queries(QUERIES):
        html = get(client, "/rating/2026/")
    assert len(names(html)) == number


def test_rating_of_a_type_counts_places_within_the_type(client):
    released_cycle(12)
    html = get(client, "/rating/2026/preschool/")
    assert sorted(places(html)) == ["1", "2", "3", "4"]
    assert "среди 4\xa0дошкольных организаций" in html
    assert all(name.startswith("Детский сад") for name in names(html))


def test_rating_filters_by_municipality_and_type_together(client):
    released_cycle(24)
    html = get(client, "/rating/2026/preschool/?municipality=gorod-lugov")
    assert "среди 2\xa0дошкольных организаций, Город Лугов" in html
    assert places(html) == ["1", "2"]


def test_rating_sorted_by_a_criterion_keeps_the_official_place(client):
    release = released_cycle(12)
    html = get(client, "/rating/2026/?sort=2")
    rows = sorted(release.calculation.scores.all(), key=lambda row: -float(row.criteria["2"]))
    official = {row.name: str(row.place) for row in rows}
    assert names(html)[0] in {
        row.name for row in rows if row.criteria["2"] == rows[0].criteria["2"]
    }
    assert places(html) == [official[name] for name in names(html)]
    assert 'aria-sort="descending"' in html
    assert "место осталось официальным" in html
    assert names(get(client, "/rating/2026/?sort=-2")) != names(html)


def test_rating_ignores_an_order_that_does_not_exist(client):
    released_cycle(3)
    official = names(get(client, "/rating/2026/"))
    assert names(get(client, "/rating/2026/?sort=zzz")) == official


def test_rating_searches_by_every_word_whatever_the_case(client):
    released_cycle(12)
    assert names(get(client, "/rating/2026/?q=САД+%E2%84%96+10")) == ["Детский сад № 10"]
    assert names(get(client, "/rating/2026/?q=елкинский+дом")) == ["Дом творчества № 3"]


def test_rating_says_when_nothing_is_found(client):
    released_cycle(3)
    html = get(client, "/rating/2026/?q=%00нет+такой")
    assert names(html) == []
    assert "По этим условиям ничего не найдено" in html


def test_rating_means_are_plain_and_exact(client):
    release = released_cycle(9)
    rows = list(release.calculation.scores.filter(type="general"))
    means = type_means(release.calculation_id, "general", ("1", "5"))
    assert means["count"] == 3
    assert str(means["total"]) == mean([str(row.total) for row in rows]).text()
    assert str(means["1"]) == mean([row.criteria["1"] for row in rows]).text()
    html = get(client, "/rating/2026/general/")
    assert str(means["total"]).replace(".", ",") in html.partition("<tfoot>")[2]


def test_rating_says_what_the_score_rests_on(client):
    release = released_cycle(3)
    score = OrganisationScore.objects.get(calculation=release.calculation, name="Детский сад № 1")
    assert f"{score.respondents} из {score.recipients}" in get(client, "/rating/2026/")


def test_rating_of_a_correction_is_marked_and_leads_to_the_reason(client):
    organisations, cycle = make_organisations(3), make_cycle()
    make_release(cycle, organisations, seed=1)
    changed = [{"organisation": "А", "kind": "total", "what": "Итог", "before": "1", "after": "2"}]
    make_release(cycle, organisations, seed=2, reason="Повтор анкет", difference=changed)
    html = get(client, "/rating/2026/")
    assert "исправлено, версия 2" in html
    assert 'href="/releases/2026/2/"' in html


def test_rating_is_the_same_for_everybody(client):
    released_cycle(3)
    response = client.get("/rating/2026/")
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert "csrf" not in response.content.decode().lower()


@pytest.mark.parametrize(
    "address",
    [
        "/rating/2025/",
        "/rating/2026/vocational/",
        "/rating/2026/?municipality=nowhere",
        "/rating/2026/?type=%00",
    ],
)
def test_rating_that_does_not_exist_is_not_found(client, address):
    released_cycle(3)
    found = client.get(address).status_code
    assert found == (200 if "%00" in address else 404)


def test_rating_before_the_first_release_says_what_will_be_here(client):
    make_cycle()
    assert "Рейтинг ещё не опубликован" in get(client, "/rating/")


def test_rating_without_a_year_leads_to_the_newest(client):
    released_cycle(3)
    assert client.get("/rating/").headers["Location"] == "/rating/2026/"
