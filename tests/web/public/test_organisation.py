"""Pages of organisations: the number, its places, its years and the walk down."""

import re

import pytest

from noko.models import Organisation, OrganisationScore
from noko.queries.rating import type_means
from noko.web.public.history import panels
from tests.factories import make_cycle, make_organisations, make_release, released_cycle

pytestmark = pytest.mark.django_db

QUERIES = 3


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("number", [1, 300])
def test_organisation_costs_the_same_queries_however_many_there_are(
    client, django_assert_num_queries, number
):
    released_cycle(number)
    key = Organisation.objects.get(short_name="Детский сад № 1").pk
    type_means.cache_clear()
    with django_assert_num_queries(QUERIES + 1):
        page(client, f"/organisations/{key}/")
    with django_assert_num_queries(QUERIES):
        page(client, f"/organisations/{key}/")


def test_organisation_shows_score_places_and_what_it_rests_on(client):
    released_cycle(12)
    score = OrganisationScore.objects.get(name="Школа № 2")
    html = page(client, f"/organisations/{score.organisation_id}/")
    place, among = score.places["type"]["total"]
    assert f"{place}-е из\xa0{among}\xa0общеобразовательных организаций" in html
    assert str(score.total).replace(".", ",") in html
    assert f"{score.respondents} из {score.recipients}" in html
    assert score.level in html


def test_organisation_every_number_leads_to_its_step_down_to_the_counts(client):
    released_cycle(3)
    score = OrganisationScore.objects.get(name="Школа № 2")
    html = page(client, f"/organisations/{score.organisation_id}/2026/")
    anchors = set(re.findall(r'id="(s-[^"]+)"', html))
    assert set(re.findall(r'href="#(s-[^"]+)"', html)) <= anchors
    indicators = {f"s-{code.replace('.', '-')}" for code in score.indicators}
    assert {"s-total", *indicators} <= anchors
    table = html.partition('id="s-5-3"')[2].partition("</table>")[0]
    assert f'<td class="number">{score.counts["U_all"]}</td>' in table
    assert f'<td class="number">{score.counts["A_all"]}</td>' in table
    assert "приказ Минтруда России от 31.05.2018 № 344н, показатель 5.3" in table


def test_organisation_with_nobody_disabled_says_what_was_decided(client):
    released_cycle(3)
    score = OrganisationScore.objects.get(name="Детский сад № 1")
    html = page(client, f"/organisations/{score.organisation_id}/")
    assert "Показатель 3.3 исключён" in html


def test_organisation_keeps_its_years_together(client):
    organisations = make_organisations(3)
    for year, seed in ((2024, 1), (2026, 2)):
        make_release(make_cycle(year), organisations, seed=seed)
    key = organisations[0].pk
    newest = page(client, f"/organisations/{key}/")
    assert newest == page(client, f"/organisations/{key}/2026/")
    old = page(client, f"/organisations/{key}/2024/")
    assert "Это результат за 2024 год" in old
    assert [f'href="/organisations/{key}/{year}/"' in newest for year in (2024, 2026)] == [True] * 2


def test_organisation_history_starts_at_zero_and_needs_two_years(client):
    organisations = make_organisations(3)
    make_release(make_cycle(2024), organisations, seed=1)
    scores = list(OrganisationScore.objects.filter(organisation=organisations[0]))
    assert panels(scores) == []
    make_release(make_cycle(2026), organisations, seed=2)
    scores = list(OrganisationScore.objects.filter(organisation=organisations[0]))
    (panel,) = panels(scores)
    assert [dot.year for dot in panel.dots] == [2024, 2026]
    assert panel.maximum == 100


def test_organisation_page_shows_the_corrected_version(client):
    organisations, cycle = make_organisations(3), make_cycle()
    make_release(cycle, organisations, seed=1)
    changed = [{"organisation": "А", "kind": "total", "what": "Итог", "before": "1", "after": "2"}]
    second = make_release(cycle, organisations, seed=2, reason="Повтор", difference=changed)
    html = page(client, f"/organisations/{organisations[0].pk}/")
    score = second.calculation.scores.get(organisation=organisations[0])
    assert str(score.total).replace(".", ",") in html
    assert "исправлено, версия 2" in html


@pytest.mark.parametrize(
    "address", ["/organisations/{}/2024/", "/organisations/9{}99999999999999/"]
)
def test_organisation_without_a_published_result_is_not_found(client, address):
    make_cycle(2024)
    released_cycle(1)
    key = Organisation.objects.get().pk
    response = client.get(address.format(key))
    assert response.status_code == 404
    assert "Страница не найдена" in response.content.decode()


def test_organisations_are_found_by_name_number_and_municipality(client):
    released_cycle(12)
    assert "Детский сад № 10" in page(client, "/organisations/?q=сад+10")
    html = page(client, "/organisations/?q=сосновский")
    assert "3\xa0организации" in html
    assert "ничего не найдено" in page(client, "/organisations/?q=гимназия")


def test_organisations_page_escapes_what_was_searched(client):
    html = page(client, "/organisations/?q=<script>alert(1)</script>")
    assert "<script>alert" not in html


def test_organisations_not_published_are_not_listed(client):
    make_organisations(3)
    assert "Здесь будут организации" in page(client, "/organisations/")
