"""What a site should mend beside missing information, and how it is told."""

from datetime import date

import pytest

from noko.core.refusal import Refusal
from noko.core.websites.counts import count_site
from noko.core.websites.findings import DefectKind, Status
from noko.core.websites.page import Document, Failure, FailureReason
from noko.core.websites.wording import FAILURES, REASONS, finding_words
from noko.core.websites.wording_defects import TITLES, defect_words
from noko.queries.website_rules import get_regime
from tests.core.websites.pages import HOST, check, page


def of_kind(result, kind: DefectKind) -> list[tuple[str, str]]:
    return [(defect.subject, defect.right) for defect in result.of_kind(kind)]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/sveden/eduStandarts", []),
        ("/sveden/eduStandarts/", []),
        ("/sveden/eduStandarts.html", []),
        ("/sveden/eduStandarts/index.php", []),
        ("/sveden/edustandarts", [("edustandarts", "/sveden/eduStandarts")]),
        ("/sveden/standarty", [("standarty", "/sveden/eduStandarts")]),
    ],
)
def test_address_of_a_subsection(path, found):
    result = check(page("", "<p>x</p>", title="Образовательные стандарты", path=path))
    assert of_kind(result, DefectKind.WRONG_ADDRESS) == found


def test_address_wrong_in_the_menu():
    menu = "<nav><a href='/sveden/dokument'>Документы</a></nav>"
    result = check(page("common", menu))
    assert of_kind(result, DefectKind.WRONG_ADDRESS) == [("dokument", "/sveden/document")]


def test_title_of_another_subsection():
    result = check(page("paid_edu", "<p>x</p>", title="Документы"))
    assert of_kind(result, DefectKind.WRONG_TITLE) == [
        ("Документы", "Платные образовательные услуги")
    ]


def test_norm_instead_of_information():
    body = "<p>Страница должна содержать информацию о порядке оказания платных услуг.</p>"
    result = check(page("paid_edu", body))
    assert of_kind(result, DefectKind.NORM_INSTEAD) == [("Платные образовательные услуги", "")]


def test_link_to_nowhere():
    result = check(page("document", "<a href='!!!fix me!!!'>Устав</a>"))
    assert of_kind(result, DefectKind.EMPTY_LINK) == [("!!!fix me!!!", "")]


def test_link_to_what_is_not_there():
    failure = Failure(f"{HOST}/files/u.pdf", FailureReason.MISSING, "404")
    result = check(page("document", "<a href='/files/u.pdf'>Устав</a>"), failures=(failure,))
    assert of_kind(result, DefectKind.BROKEN_LINK) == [("/files/u.pdf", "")]


def test_document_of_a_link_that_is_broken_is_absent():
    failure = Failure(f"{HOST}/files/u.pdf", FailureReason.MISSING, "404")
    result = check(page("document", "<a href='/files/u.pdf'>Устав</a>"), failures=(failure,))
    assert result.finding("document.charter").status is Status.ABSENT


@pytest.mark.parametrize(
    ("regime", "kind", "wrong"),
    [
        ("785-2014", "pdf", False),
        ("785-2014", "rar", True),
        ("785-2014", "jpg", True),
        ("785-2014", "rtf", True),
        ("1493-2023", "rtf", False),
        ("1493-2023", "zip", True),
        ("1493-2023", "png", True),
    ],
)
def test_document_of_a_kind(regime, kind, wrong):
    result = check(page("document", f"<a href='/u.{kind}'>Устав</a>"), regime=regime)
    assert bool(result.of_kind(DefectKind.DOCUMENT_KIND)) is wrong


def test_document_too_large_and_scanned():
    document = Document(f"{HOST}/u.pdf", "pdf", 16_000_000, text_length=0, pages=3, images=3)
    body = "<a href='/u.pdf'>Устав</a>"
    result = check(page("document", body), regime="785-2014", documents=(document,))
    assert of_kind(result, DefectKind.DOCUMENT_SIZE) == [("/u.pdf", "15 Мб")]
    assert of_kind(result, DefectKind.SCAN_WITHOUT_TEXT) == [("/u.pdf", "")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Отчёт о самообследовании за 2024 год", []),
        ("Отчёт о самообследовании за 2021 год", [("2021", "2024")]),
        ("Отчёт о самообследовании", []),
    ],
)
def test_date_that_is_stale(text, found):
    result = check(page("document", f"<a href='/r.pdf'>{text}</a>"), on=date(2025, 5, 5))
    assert of_kind(result, DefectKind.STALE_DATE) == found


@pytest.mark.parametrize(
    "link",
    [
        "<a itemprop='copy' href='/?v=1'>Версия для слабовидящих</a>",
        "<header><a href='/special'>Версия сайта для слабовидящих</a></header>",
        "<a href='#bvi'>Для слабовидящих</a>",
    ],
)
def test_special_version_is_seen(link):
    result = check(page("common", link))
    assert result.special_version is not None
    assert of_kind(result, DefectKind.NO_SPECIAL_VERSION) == []


def test_special_version_is_missing():
    assert of_kind(check(page("common", "<p>x</p>")), DefectKind.NO_SPECIAL_VERSION) == [("", "")]


def test_form_without_consent():
    body = "<form>Имя <input name=n> Текст <textarea></textarea></form>"
    assert len(check(page("", body, path="/")).of_kind(DefectKind.FORM_WITHOUT_CONSENT)) == 1


def test_form_of_search_needs_no_consent():
    body = "<form><input name=q></form>"
    result = check(page("", body, path="/"), whole=True)
    assert result.of_kind(DefectKind.FORM_WITHOUT_CONSENT) == ()
    assert len(result.of_kind(DefectKind.NO_FEEDBACK_FORM)) == 1


def test_page_that_only_says_not_found():
    html = "<h1>Страница не найдена</h1>"
    result = check(page("", html, path="/sveden/common"), page("document", "<p>Устав</p>"))
    assert [defect.page for defect in result.of_kind(DefectKind.SOFT_NOT_FOUND)] == [
        f"{HOST}/sveden/common"
    ]


def test_words_for_every_kind_of_defect():
    regime = get_regime("1493-2023")
    result = check(page("document", "<a href='#'>Устав</a>"), whole=True)
    assert set(DefectKind) == set(TITLES)
    for defect in result.defects:
        words = defect_words(defect, regime)
        assert words.title == TITLES[defect.kind]
        assert words.seen.endswith(".")
        assert words.cure.endswith(".")


def test_words_for_every_reason():
    assert set(FAILURES) == set(FailureReason)
    texts = [text for pair in (*FAILURES.values(), *REASONS.values()) for text in pair]
    assert [text for text in texts if "!" in text] == []


def test_words_of_an_absent_item_say_what_where_and_the_cure():
    result = check(page("common", "<p>x</p>"))
    words = finding_words(result.finding("common.reg_date"), result)
    assert (words.title, words.status, words.basis) == (
        "Дата создания организации",
        "отсутствует",
        "приказ № 1493, пункт 7.б",
    )
    assert words.where == f"Подраздел «Основные сведения»: {HOST}/sveden/common."
    assert words.seen == "Не нашлось ни микроданных, ни текста."
    assert words.cure == (
        "Разместите сведения в подразделе «Основные сведения». "
        "Прочерк и пустая ячейка не считаются."
    )
    assert words.example == (
        '<p>Дата создания: <span itemprop="regDate">1 сентября 1974 года</span></p>'
    )


def test_words_of_a_found_item_quote_it():
    result = check(page("common", "<p>Дата создания: 1974 год</p>"))
    words = finding_words(result.finding("common.reg_date"), result)
    assert words.seen == (
        f"Найдено по тексту: «дата создания: 1974 год» – {HOST}/sveden/common, строка 1."
    )
    assert words.cure.startswith("Сведения есть, исправлять не нужно.")


def test_words_of_a_refusal_say_so():
    result = check(page("grants", "<p>Общежития нет.</p>"))
    assert finding_words(result.finding("grants.hostel"), result).seen.startswith(
        "Сказано, что сведений нет по тексту: «Общежития нет.»"
    )


def test_words_of_a_failure_name_the_address():
    failure = Failure(f"{HOST}/sveden/common", FailureReason.TIMEOUT, "20 с")
    result = check(page("document", "x"), whole=True, failures=(failure,))
    words = finding_words(result.finding("common.reg_date"), result)
    assert words.seen == f"Сайт не ответил вовремя: {HOST}/sveden/common (20 с)."


def test_counts_of_the_present_edition_are_all_items_that_apply():
    body = "<p>Полное наименование: школа № 5</p><p>Дата создания: 1974</p><p>Телефон: 3-11-46</p>"
    result = check(page("common", body))
    counts = count_site(result, "344n-2018")
    found = len(result.of_status(Status.FOUND))
    absent = len(result.of_status(Status.ABSENT))
    assert (counts.present, counts.applicable) == (found, found + absent)
    assert (found, absent) == (3, 7)


def test_counts_of_the_edition_of_2016_go_by_its_checklist():
    body = "<p>Дата создания: 1974</p><p>Телефон: 3-11-46</p><p>Почта: a@b.example</p>"
    result = check(page("common", body), regime="785-2014")
    counts = count_site(result, "1547-2014")
    assert (counts.present, counts.applicable, counts.unchecked) == (3, 6, 55)
    assert counts.marks["site_01"] is Status.FOUND
    assert counts.marks["site_02"] is Status.ABSENT
    assert counts.marks["site_50"] is Status.NOT_APPLICABLE


def test_counts_of_an_edition_unknown_to_the_order_are_refused():
    with pytest.raises(Refusal) as refused:
        count_site(check(page("common", "x")), "1547-2014")
    assert refused.value.kind == "edition_not_counted"
