"""The analytical report as people get it: every name and number in both files."""

import io

import docx
from pypdf import PdfReader

from noko.core.analysis import analyse
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import score
from noko.documents.analysis import Heading, analysis_files, organisation_files, report_data
from noko.queries.edition import get_edition
from tests.core.test_analysis import IDS, MARKS
from tests.small_cycle import EDITION, NAMES, counts_of

HEADING = Heading("Аналитический отчёт", "ООО «Опрос & Ко»", "Заречная область, 2026 год", "№ 1")


def parts():
    scores = score(get_edition(EDITION), counts_of())
    places = all_places(scores)
    found = analyse(
        scores,
        places,
        ids=IDS,
        marks=MARKS,
        recipients=[100, None, 4000],
        respondents=[40, 33, 80],
    )
    return scores, places, found, HEADING


def texts(content):
    """Everything that the DOCX and the PDF say, each as one text without line ends."""
    document = docx.Document(io.BytesIO(content["otchet.docx"]))
    words = [paragraph.text for paragraph in document.paragraphs]
    words += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    pages = PdfReader(io.BytesIO(content["otchet.pdf"])).pages
    printed = " ".join(page.extract_text() for page in pages)
    return " ".join(" ".join(words).split()), " ".join(printed.split())


def test_report_says_every_organisation_total_and_shortcoming():
    scores, *_ = made = parts()
    word, printed = texts(analysis_files(*made))
    for index, name in enumerate(NAMES):
        total = scores.total.text(index).replace(".", ",")
        assert (name in word, total in word, total in printed) == (True, True, True)
    assert "своё условие" in word
    assert "абонентский номер телефона" in word
    assert "ООО «Опрос & Ко»" in word


def test_report_has_its_two_charts_and_is_the_same_twice():
    first, second = analysis_files(*parts()), analysis_files(*parts())
    assert first == second
    document = docx.Document(io.BytesIO(first["otchet.docx"]))
    assert len(document.inline_shapes) == 2


def test_report_of_one_organisation_is_about_it_alone():
    word, printed = texts(organisation_files(*parts(), 0))
    assert NAMES[0] in word
    assert all(name not in word for name in NAMES[1:])
    assert "Опрошено: 40 из 100" in word
    assert "своё условие" in printed


def test_report_data_says_the_sample_and_what_is_not_known():
    data = report_data(*parts())
    assert data["facts"]["respondents"] == "153"
    assert data["sample"][0] == {
        "name": NAMES[0],
        "recipients": "100",
        "required": "40",
        "respondents": "40",
        "share": "40,0 %",
    }
    assert [row["required"] for row in data["sample"]] == ["40", "нет данных", "600"]
