"""Numbers, dates and plurals in Russian."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from noko.templatetags import russian

FORMS = "организация,организации,организаций"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "организаций"),
        (1, "организация"),
        (2, "организации"),
        (5, "организаций"),
        (11, "организаций"),
        (14, "организаций"),
        (21, "организация"),
        (104, "организации"),
        (111, "организаций"),
        (121, "организация"),
    ],
)
def test_plural_follows_the_number(number, word):
    assert russian.plural(number, FORMS) == word


def test_counted_keeps_the_number_and_its_word_together():
    assert russian.counted(12034, FORMS) == "12\u202f034\xa0организации"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1"), (999, "999"), (9999, "9999"), (10000, "10\u202f000"), (-5, "−5")]
)
def test_number_has_thin_spaces_from_ten_thousand(number, text):
    assert russian.number_text(number) == text


def test_score_keeps_every_published_digit():
    assert russian.score("88.10") == "88,10"
    assert russian.score(Decimal("100.00")) == "100,00"
    assert russian.score(None) == "нет данных"
    assert russian.signed("0.20") == "+0,20"
    assert russian.signed("-1.5") == "−1,5"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 10), "0,3"),
        (Fraction(1, 5), "0,2"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1), "1"),
        (Fraction(40), "40"),
    ],
)
def test_share_is_exact(value, text):
    assert russian.share(value) == text


def test_dates_are_written_out():
    assert russian.long_date(date(2016, 11, 30)) == "30\xa0ноября 2016\xa0г."
    late = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)
    assert russian.long_date(late) == "1\xa0января 2027\xa0г."
    assert russian.moment(late) == "1\xa0января 2027\xa0г., 00:30"


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "1\xa0байт"), (640, "640\xa0байт"), (12_700, "12,4\xa0КБ"), (3_250_586, "3,1\xa0МБ")],
)
def test_file_size_is_read_easily(size, text):
    assert russian.file_size(size) == text


def test_genitive_after_out_of():
    forms = "организации,организаций"
    assert russian.genitive(141, forms) == "141\xa0организации"
    assert russian.genitive(111, forms) == "111\xa0организаций"


def test_soft_hyphens_break_a_long_word_once():
    assert russian.soft_hyphens("Доброжелательность") == "Доброжела\u00adтельность"
    assert russian.soft_hyphens("Комфортность") == "Комфорт\u00adность"
    assert russian.soft_hyphens("Цена для инвалидов") == "Цена для инвалидов"
