"""Documents as PDF: text stays text, nothing is fetched, the same data give the same bytes."""

import io
import time

import pypdf
import pytest
from PIL import Image

from noko.core.refusal import Refusal
from noko.documents.pdf import typeset
from noko.documents.templates import BUILT_IN, example, names
from tests.documents.test_docx import HOSTILE, table_of


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content):
    return "\n".join(page.extract_text() for page in read(content).pages)


def squeezed(text):
    """Without what typesetting adds: line ends, blanks, soft hyphens."""
    return "".join(char for char in text if char.isprintable() and char not in " \xad\u200b")


@pytest.mark.parametrize(
    "name", [path.stem for path in BUILT_IN.glob("*.typ") if path.stem != "style"]
)
def test_pdf_every_document_is_typeset_with_its_example(name):
    assert name in names()
    made = read(typeset(name, example(name)))
    assert made.metadata.title == example(name)["title"]


def test_pdf_is_for_archives_and_for_screen_readers():
    made = read(typeset("table", example("table")))
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"
    metadata = root["/Metadata"].get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_pdf_uses_the_fonts_of_the_program():
    fonts = set()
    for page in read(typeset("table", example("table"))).pages:
        fonts |= {
            str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()
        }
    assert {name.split("+")[1].split("-")[0] for name in fonts} == {"LibertinusSerif"}


def test_pdf_same_data_same_bytes():
    first = typeset("table", example("table"))
    time.sleep(1.1)
    assert typeset("table", example("table")) == first


@pytest.mark.parametrize("text", [*HOSTILE[:4], '#read("/etc/passwd") $x$ *a* _b_ @c \\'])
def test_pdf_text_is_written_as_it_is(text):
    found = squeezed(text_of(typeset("table", table_of([[text, "рядом"]]))))
    # Hyphens at line ends are typesetting; the text itself has none.
    assert squeezed(text).replace("-", "") in found.replace("-", "").replace("‐", "")


def test_pdf_head_repeats_on_every_page():
    rows = [[f"Организация {number}", str(number)] for number in range(200)]
    pages = read(typeset("table", table_of(rows))).pages
    assert len(pages) > 3
    assert [page.extract_text().count("Одна") for page in pages] == [1] * len(pages)


def test_pdf_of_ten_thousand_rows_loses_none():
    rows = [[f"Организация-{number}", str(number)] for number in range(10_000)]
    made = read(typeset("table", table_of(rows)))
    assert "Организация-9999" in made.pages[-1].extract_text()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#data.titel", "Поля «titel» у этого документа нет"),
        ("#nothing", "unknown variable: nothing"),
        ('#import "@preview/cetz:0.1.0": *', "Шаблон просит пакет из сети"),
        ('#read("/etc/passwd")', "file not found"),
        ('#image("../../etc/hostname")', "would escape the project root"),
        ("#{", "unclosed delimiter"),
    ],
)
def test_pdf_wrong_template_is_refused_with_its_place(tmp_path, settings, line, said):
    settings.DOCUMENT_TEMPLATES = tmp_path
    head = '#import "style.typ": *\n#let data = json("data.json")\n'
    (tmp_path / "table.typ").write_text(head + line, encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        typeset("table", example("table"))
    assert refusal.value.kind == "broken_template"
    assert said in str(refusal.value)
    assert refusal.value.problem.place.file == "table.typ"
    assert refusal.value.problem.place.row == (None if "@" in line else 3)


def test_pdf_style_of_the_office_is_taken(tmp_path, settings):
    settings.DOCUMENT_TEMPLATES = tmp_path
    style = (BUILT_IN / "style.typ").read_text(encoding="utf-8")
    (tmp_path / "style.typ").write_text(style.replace("#let title-of(body)", "#let title-of(x)"))
    with pytest.raises(Refusal) as refusal:
        typeset("table", example("table"))
    assert refusal.value.problem.place.file == "style.typ"


@pytest.mark.parametrize("described", [True, False])
def test_pdf_picture_beside_the_template_needs_words_for_the_blind(tmp_path, settings, described):
    settings.DOCUMENT_TEMPLATES = tmp_path
    Image.new("RGB", (8, 8), "navy").save(tmp_path / "gerb.png")
    words = ', alt: "Герб области"' if described else ""
    picture = f'image("gerb.png"{words})'
    head = '#import "style.typ": *\n#let data = json("data.json")\n'
    show = "#show: document-of.with(title: data.title)\n#title-of(data.title)\n"
    (tmp_path / "table.typ").write_text(f"{head}{show}#{picture}", encoding="utf-8")
    if described:
        assert len(read(typeset("table", example("table"))).pages[0].images) == 1
        return
    with pytest.raises(Refusal) as refusal:
        typeset("table", example("table"))
    assert "alt text" in str(refusal.value)
