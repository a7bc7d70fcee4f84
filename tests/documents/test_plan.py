"""The plan and its progress as documents: what stands in them, and always the same bytes."""

import io
from datetime import date

import docx
import pypdf
import pytest
from python_calamine import load_workbook

from noko.actions import evidence as evidences
from noko.documents.plan import plan_document
from noko.exchange.plan_files import read_plan_file
from noko.queries.plan import view_of
from tests.small_cycle import make_cycle
from tests.small_plan import NOW, activity, make_plan

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 4)


@pytest.fixture
def plan():
    plan = make_plan(make_cycle())
    evidences.add(
        activity=activity(plan, "1.1"),
        title="Решение № 4",
        done_on=date(2026, 1, 12),
        address="https://example.org/4",
        by=None,
        now=NOW,
    )
    return plan


def test_plan_document_is_read_back_as_the_same_plan(plan):
    table = read_plan_file(plan_document(view_of(plan, TODAY), "plan", "docx"), name="план.docx")
    assert table.year == 2026
    assert [(row.number, row.term) for row in table.rows] == [
        (item.number, item.term) for item in plan.activities.all()
    ]
    assert table.rows[0].responsible_printed == "Общественный совет\nСекретарь процедуры"


def test_plan_workbook_is_read_back_as_the_same_plan(plan):
    table = read_plan_file(plan_document(view_of(plan, TODAY), "plan", "xlsx"), name="план.xlsx")
    assert [row.number for row in table.rows] == ["1.1", "1.2", "2.1", "2.2", "2.3"]


def test_progress_tells_status_and_proof(plan):
    content = plan_document(view_of(plan, TODAY), "progress", "docx")
    document = docx.Document(io.BytesIO(content))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    found = {row[0]: row[4:] for row in rows}
    assert found["1.1"] == [
        "выполнено 12\u00a0января 2026\u00a0г.",
        "Решение № 4 (12\u00a0января 2026\u00a0г.)",
    ]
    assert found["2.1"] == ["просрочено с 30\u00a0апреля 2026\u00a0г.", "–"]
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "Не начато: 1. Выполняется: 1. Выполнено: 1. Просрочено: 2." in text


def test_progress_in_pdf_and_workbook_says_the_same(plan):
    view = view_of(plan, TODAY)
    reader = pypdf.PdfReader(io.BytesIO(plan_document(view, "progress", "pdf")))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Просрочено: 2." in " ".join(text.split())
    book = load_workbook(io.BytesIO(plan_document(view, "progress", "xlsx")))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["1.1", "1.2", "2.1", "2.2", "2.3"]
    assert rows[1][5] == "выполнено 12\u00a0января 2026\u00a0г."


@pytest.mark.parametrize("suffix", ["docx", "pdf", "xlsx"])
def test_documents_of_the_same_day_are_the_same_bytes(plan, suffix):
    made = [plan_document(view_of(plan, TODAY), "progress", suffix) for _ in range(2)]
    assert made[0] == made[1]
