"""Saved pages and files of a site."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document as Docx
from PIL import Image

from noko.core.refusal import Refusal
from noko.exchange.document_reader import read_document
from noko.exchange.saved_pages import read_saved


def test_saved_folder_gives_pages_and_documents(tmp_path: Path):
    (tmp_path / "sveden").mkdir()
    (tmp_path / "sveden" / "common.html").write_text("<p>x</p>", encoding="utf-8")
    (tmp_path / "устав.rtf").write_bytes(b"{\\rtf1}")
    (tmp_path / "style.css").write_text("p{}", encoding="utf-8")
    site = read_saved([tmp_path])
    assert [page.address for page in site.pages] == ["sveden/common.html"]
    assert [(one.address, one.kind, one.size) for one in site.documents] == [
        ("устав.rtf", "rtf", 7)
    ]


def test_saved_page_remembers_its_address(tmp_path: Path):
    path = tmp_path / "Основные сведения.htm"
    mark = "<!-- saved from url=(0037)https://school.example/sveden/common -->"
    path.write_text(f"<!DOCTYPE html>\n{mark}\n<html></html>", encoding="utf-8")
    assert [page.address for page in read_saved([path]).pages] == [
        "https://school.example/sveden/common"
    ]


def test_saved_file_without_an_ending_is_a_page_when_it_looks_like_one(tmp_path: Path):
    (tmp_path / "common").write_text("<html><body>x</body></html>", encoding="utf-8")
    (tmp_path / "README").write_text("text", encoding="utf-8")
    assert [page.address for page in read_saved([tmp_path]).pages] == ["common"]


def test_saved_nothing_is_refused(tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        read_saved([tmp_path])
    assert refused.value.kind == "no_pages"
    with pytest.raises(Refusal) as refused:
        read_saved([tmp_path / "нет"])
    assert refused.value.kind == "no_file"


def pdf_of(image: bool) -> bytes:
    buffer = io.BytesIO()
    if image:
        Image.new("L", (200, 300), 255).save(buffer, "PDF")
        return buffer.getvalue()
    import typst

    return typst.compile("Устав образовательной организации, утверждён в 2024 году.".encode())


def test_document_scan_has_no_text():
    scan = read_document("u.pdf", pdf_of(image=True))
    assert (scan.scanned, scan.text_length, scan.pages, scan.images) == (True, 0, 1, 1)


def test_document_with_text_is_no_scan():
    document = read_document("u.pdf", pdf_of(image=False))
    assert document.scanned is False
    assert document.text_length is not None
    assert document.text_length > 20


def test_document_of_word_has_its_text():
    buffer = io.BytesIO()
    docx = Docx()
    docx.add_paragraph("Правила приёма")
    docx.save(buffer)
    assert read_document("r.docx", buffer.getvalue()).text_length == len("Правила приёма")


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"%PDF", b"%PDF-1.4\n%%EOF"])
def test_document_broken_has_unknown_text(content):
    assert read_document("u.pdf", content).text_length is None


def test_document_of_unknown_packing_has_unknown_text():
    content = pdf_of(image=False).replace(b"/FlateDecode", b"/FlateUnread")
    assert read_document("u.pdf", content).text_length is None


def test_document_archive_bomb_is_not_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    assert read_document("bomb.docx", buffer.getvalue()).text_length is None


def test_document_with_entities_is_not_expanded():
    xml = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", xml)
    assert read_document("e.docx", buffer.getvalue()).text_length == len("&b;")
