"""Documents for Word: whatever stands in the data, the file is whole and always the same."""

import io
import shutil
import subprocess
import time
import zipfile

import docx
import pytest

from noko.core.refusal import Refusal
from noko.documents.docx import fill
from noko.documents.templates import BUILT_IN, bricks, example, names
from noko.documents.templates.make import built

HOSTILE = [
    "{{ title }} {% for x in y %} {# … #}",
    "</w:t><w:p/> & \" ' <b>",
    "страница\x0cзвонок\x07ноль\x00",
    "слово" * 300,
    "первая\nвторая\tтретья\r\nчетвёртая",
    "\U0001f600 Ё ё — «»",
]
READ_BACK = [
    HOSTILE[0],
    HOSTILE[1],
    "страницазвонокноль",
    HOSTILE[3],
    "первая\nвторая\tтретья\nчетвёртая",
    HOSTILE[5],
]


def opened(content):
    return docx.Document(io.BytesIO(content))


IN_WORD = [name for name in names() if (BUILT_IN / f"{name}.docx").exists()]


def inside(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def cells(content):
    """Texts of the last table, row by row, without its head."""
    rows = opened(content).tables[-1].rows
    return [[cell.text for cell in row.cells] for row in rows][1:]


def table_of(rows, title="Таблица"):
    return {"title": title, "lead": "", "columns": ["Одна", "Две"], "rows": rows}


def own_template(folder, *lines, name="table"):
    """A template of an office in ``folder`` with ``lines`` as paragraphs."""
    document = bricks.new_document()
    for line in lines:
        bricks.paragraph(document, line)
    document.save(folder / f"{name}.docx")


def test_docx_templates_are_what_the_script_builds():
    """After a change of a template's script: make docs. Machines compress differently, so what is
    inside is compared."""
    kept = {path.name: inside(path.read_bytes()) for path in BUILT_IN.glob("*.docx")}
    assert {name: inside(content) for name, content in built().items()} == kept


@pytest.mark.parametrize("name", IN_WORD)
def test_docx_every_document_fills_with_its_example(name):
    content = fill(name, example(name))
    assert opened(content).core_properties.title == example(name)["title"]


def test_docx_same_data_same_bytes():
    first = fill("table", example("table"))
    time.sleep(2.1)  # the clock of a ZIP counts in two seconds
    assert fill("table", example("table")) == first


@pytest.mark.parametrize(("text", "read"), list(zip(HOSTILE, READ_BACK, strict=True)))
def test_docx_text_is_written_as_it_is(text, read):
    content = fill("table", table_of([[text, "рядом"]], title="Документ"))
    assert cells(content) == [[read, "рядом"]]


def test_docx_title_with_signs_stands_in_the_properties():
    content = fill("table", table_of([], title="«А & Б» <1>"))
    assert opened(content).core_properties.title == "«А & Б» <1>"


def test_docx_of_ten_thousand_rows_loses_none():
    rows = [[f"Организация {number}", str(number)] for number in range(10_000)]
    body = zipfile.ZipFile(io.BytesIO(fill("table", table_of(rows)))).read("word/document.xml")
    assert body.count(b"<w:tr>") + body.count(b"<w:tr ") == 10_001
    assert "Организация 9999".encode() in body


def test_docx_page_is_that_of_an_office():
    section = opened(fill("table", example("table"))).sections[0]
    margins = (section.left_margin.mm, section.right_margin.mm, section.top_margin.mm)
    assert [round(value) for value in margins] == [30, 10, 20]
    assert "PAGE" in section.header._element.xml


def test_docx_head_of_a_table_repeats():
    body = opened(fill("table", example("table"))).tables[0]._tbl.xml
    assert body.count("<w:tblHeader/>") == 1


def test_docx_of_the_office_stands_before_the_built_in_one(tmp_path, settings):
    settings.DOCUMENT_TEMPLATES = tmp_path
    own_template(tmp_path, "Своя форма: {{ title }}")
    texts = [item.text for item in opened(fill("table", example("table"))).paragraphs]
    assert texts == ["Своя форма: Сверка поставки с контрактом № 14"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Дата: {{ titel }}", "Поля «titel» у этого документа нет, абзац «Дата: {{ titel }}»"),
        ("{{ title.name }}", "Поля «name» у этого документа нет, абзац «{{ title.name }}»"),
        ("{%p for row in rows %}", "Поля шаблона написаны с ошибкой"),
        ("{{ title|shout }}", "Обработки «shout» нет, абзац «{{ title|shout }}»"),
        ("{{ title.__class__.__mro__ }}", "шаблону не разрешено"),
    ],
)
def test_docx_wrong_template_is_refused_with_its_place(tmp_path, settings, line, said):
    settings.DOCUMENT_TEMPLATES = tmp_path
    own_template(tmp_path, "Первый абзац", line)
    with pytest.raises(Refusal) as refusal:
        fill("table", example("table"))
    assert refusal.value.kind == "broken_template"
    assert said in str(refusal.value)
    assert "ключ" not in str(refusal.value)
    assert refusal.value.problem.place.file == "table.docx"


def test_docx_wrong_field_in_a_header_is_found(tmp_path, settings):
    settings.DOCUMENT_TEMPLATES = tmp_path
    document = bricks.new_document()
    document.sections[0].footer.paragraphs[0].text = "Внизу {{ nothing }}"
    document.save(tmp_path / "table.docx")
    with pytest.raises(Refusal) as refusal:
        fill("table", example("table"))
    assert "абзац «Внизу {{ nothing }}»" in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7"])
def test_docx_file_that_is_no_document_is_refused(tmp_path, settings, content):
    settings.DOCUMENT_TEMPLATES = tmp_path
    (tmp_path / "table.docx").write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        fill("table", example("table"))
    assert refusal.value.kind == "broken_template"


def test_docx_folder_of_templates_must_be_there(tmp_path, settings):
    settings.DOCUMENT_TEMPLATES = tmp_path / "nothing"
    with pytest.raises(Refusal) as refusal:
        fill("table", example("table"))
    assert refusal.value.kind == "templates_gone"


def test_docx_takes_plain_data_only():
    with pytest.raises(TypeError):
        fill("table", table_of([[1.5, "часть"]]))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", IN_WORD)
def test_docx_opens_in_an_office(tmp_path, name):
    (tmp_path / "made.docx").write_bytes(fill(name, example(name)))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "made.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF")
