"""The methodology as it is printed from the edition."""

import pytest

from noko.queries.edition import edition_codes, get_edition, worked_cases
from noko.web.public.methodology import unverified


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("code", edition_codes())
def test_methodology_prints_the_whole_edition(client, code):
    html = page(client, f"/methodology/{code}/")
    edition = get_edition(code)
    for indicator in edition.indicators:
        assert f'id="indicator-{indicator.code}"' in html
        assert indicator.formula.text in html
    for rounding in edition.roundings:
        assert rounding.code in html
    for policy in edition.policies:
        assert f'id="policy-{policy.code}"' in html
    assert html.count('id="case-') == len(worked_cases(code))
    assert edition.digest in html


@pytest.mark.parametrize("code", edition_codes())
def test_methodology_marks_what_was_not_compared_with_the_act(client, code):
    html = page(client, f"/methodology/{code}/")
    assert len(unverified(get_edition(code))) > 0
    assert html.count("не сверено с актом") >= len(unverified(get_edition(code)))


def test_methodology_lists_editions_the_newest_first(client):
    html = page(client, "/methodology/")
    assert html.index("/methodology/344n-2018/") < html.index("/methodology/1547-2014/")


def test_methodology_of_an_unknown_edition_is_not_found(client):
    assert client.get("/methodology/..").status_code == 404
    assert client.get("/methodology/2030/").status_code == 404
