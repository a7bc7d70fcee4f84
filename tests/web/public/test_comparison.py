"""Comparison of up to ten organisations."""

import re

import pytest

from noko.models import Organisation
from tests.factories import make_cycle, released_cycle

pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def heads(html):
    head = html.partition("<thead>")[2].partition("</thead>")[0]
    return re.findall(r'<th scope="col"><a href="[^"]*">([^<]*)</a>', head)


def keys(*names):
    found = {item.short_name: item.pk for item in Organisation.objects.all()}
    return "&".join(f"org={found[name]}" for name in names)


def test_comparison_keeps_the_order_that_was_asked_for(client):
    released_cycle(6)
    asked = keys("Школа № 2", "Детский сад № 1", "Школа № 2")
    assert heads(page(client, f"/compare/?cycle=2026&{asked}")) == ["Школа № 2", "Детский сад № 1"]


def test_comparison_costs_the_same_queries_for_two_and_for_ten(client, django_assert_num_queries):
    released_cycle(12)
    everybody = [item.short_name for item in Organisation.objects.all()]
    for number in (2, 10):
        asked = keys(*everybody[:number])
        with django_assert_num_queries(3):
            page(client, f"/compare/?cycle=2026&{asked}")


def test_comparison_of_more_than_ten_shows_ten_and_says_so(client):
    released_cycle(12)
    everybody = [item.short_name for item in Organisation.objects.order_by("pk")]
    html = page(client, f"/compare/?cycle=2026&{keys(*everybody)}")
    assert heads(html) == everybody[:10]
    assert "Отмечено больше десяти организаций" in html


def test_comparison_finds_one_more_organisation(client):
    released_cycle(6)
    html = page(client, f"/compare/?cycle=2026&{keys('Школа № 2')}&q=сад")
    assert "Детский сад № 1" in html
    added = re.search(r'<li><a href="([^"]*)">Детский сад № 1</a>', html).group(1)
    assert heads(page(client, added.replace("&amp;", "&"))) == ["Школа № 2", "Детский сад № 1"]


def test_comparison_names_those_without_a_result(client):
    released_cycle(2)
    html = page(client, "/compare/?cycle=2026&org=999999&org=zzz&org=-1")
    assert heads(html) == []
    assert "Не все организации есть в этом рейтинге" in html


def test_comparison_before_the_first_release_says_so(client):
    make_cycle()
    assert "Сравнивать пока нечего" in page(client, "/compare/")
    assert client.get("/compare/?cycle=2026").status_code == 404
