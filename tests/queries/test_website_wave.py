"""What a wave takes from a round: each item of an order under words of its own."""

import pytest

from noko.queries.website_rules import get_regime, regime_codes


@pytest.mark.parametrize("code", regime_codes())
def test_items_of_an_order_are_told_apart_by_their_words(code):
    """Marks of a data set are known by checklist and item: the same words would be one mark."""
    regime = get_regime(code)
    words = [(regime.subsection_of[item.code].title, item.name) for item in regime.items]
    assert sorted(words) == sorted(set(words))
