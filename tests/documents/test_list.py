"""The list as a document: the same bytes, whoever asks; what is decided against the rule stands."""

import io
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from noko.actions import list as lists
from noko.documents import list as documents
from tests.small_cycle import NOW
from tests.small_list import make_approved, make_draft, make_history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def decided():
    """The kindergarten of 2026 put in early, that of 2024 left out though it is due."""
    cycle, (first, second, _) = make_history()
    draft = make_draft(cycle)
    for one, included, note in ((second, True, "По обращению"), (first, False, "Ремонт")):
        lists.decide(
            item=draft, organisations=[one.pk], included=included, note=note, by=None, now=NOW
        )
    return draft


def test_list_data_tells_what_was_decided_against_the_rule(decided):
    data = documents.list_data(documents.content_for(decided))
    assert data["title"] == (
        "Перечень образовательных организаций для проведения независимой оценки качества условий "
        "осуществления образовательной деятельности в 2027 году"
    )
    assert (data["stamp"], data["approved"], data["version"]) == ("ПРОЕКТ", "", "")
    assert [group["title"] for group in data["groups"]] == [
        "Дошкольные: 1\xa0организация",
        "Общеобразовательные: 1\xa0организация",
    ]
    assert [(row["name"], row["note"]) for row in data["decided"]] == [
        ("Детский сад № 2", "По обращению")
    ]
    assert [(row["name"], row["note"]) for row in data["left_out"]] == [
        ("Детский сад «Берёзка»", "Ремонт")
    ]
    assert data["coverage"]["lead"] == (
        "За 2025–2027 годы: организаций в реестре – 3, охвачено оценкой – 2, не охвачено – 1."
    )


def test_list_of_2016_names_the_assessment_of_its_time():
    from tests.small_cycle import make_cycle, make_organisations

    make_organisations()
    cycle = make_cycle("2016", year=2016, edition_code="1547-2014")
    title = documents.content_for(make_draft(cycle)).title
    assert title.endswith("независимой оценки качества образовательной деятельности в 2016 году")


@pytest.mark.parametrize("make", [documents.list_docx, documents.list_pdf, documents.list_xlsx])
def test_list_documents_are_the_same_bytes_each_time(decided, make):
    content = documents.content_for(decided)
    assert make(content) == make(documents.content_for(decided))


def test_list_pdf_of_an_amendment_shows_its_difference(tmp_path):
    cycle, (_, second, _) = make_history()
    _, decision = make_approved(make_draft(cycle))
    amended = make_draft(cycle, reason="Учредитель просит")
    lists.decide(
        item=amended, organisations=[second.pk], included=True, note="По просьбе", by=None, now=NOW
    )
    approved, _ = make_approved(amended, decision.council)
    path = tmp_path / "a.pdf"
    path.write_bytes(documents.list_pdf(documents.content_for(approved)))
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    plain = " ".join(text.split())
    assert "УТВЕРЖДЁН решением общественного совета" in plain
    assert "Версия 2" in plain
    assert "Причина: Учредитель просит" in plain
    assert "добавлена Детский сад № 2" in plain
    assert approved.digest[:20] in plain.replace("\u200b", "").replace(" ", "")


def test_list_of_a_demonstration_says_that_its_data_are_invented(decided):
    assert documents.list_data(documents.content_for(decided))["notice"] == ""
    decided.cycle.invented = True
    content = documents.content_for(decided)
    assert documents.list_data(content)["notice"] == "Данные вымышлены."
    printed = PdfReader(io.BytesIO(documents.list_pdf(content))).pages[0].extract_text()
    assert "Данные вымышлены." in printed
    with ZipFile(io.BytesIO(documents.list_docx(content))) as package:
        assert "Данные вымышлены." in package.read("word/document.xml").decode()
    with ZipFile(io.BytesIO(documents.list_xlsx(content))) as package:
        assert "Данные вымышлены." in package.read("docProps/core.xml").decode()
