"""Making a cycle."""

import pytest

from noko.core.refusal import Refusal
from noko.models import Cycle
from noko.queries.edition import get_edition
from tests.small_cycle import make_cycle

pytestmark = pytest.mark.django_db


def test_cycle_create_pins_the_edition():
    cycle = make_cycle(title="  Оценка   2026 года ")
    assert cycle.title == "Оценка 2026 года"
    assert cycle.edition_digest == get_edition("344n-2018").digest
    assert cycle.invented is False


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"edition_code": "nothing"}, "unknown_edition"),
        ({"year": 1990}, "bad_year"),
        ({"title": "  "}, "bad_title"),
        ({"slug": "год"}, "bad_slug"),
        ({"slug": "2026-"}, "bad_slug"),
    ],
)
def test_cycle_create_refuses(fields, kind):
    with pytest.raises(Refusal) as refusal:
        make_cycle(**fields)
    assert refusal.value.kind == kind
    assert Cycle.objects.count() == 0


def test_cycle_create_refuses_a_taken_address():
    make_cycle()
    with pytest.raises(Refusal) as refusal:
        make_cycle()
    assert refusal.value.kind == "slug_taken"
    assert Cycle.objects.count() == 1
