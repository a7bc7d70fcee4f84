"""Documents made to hang or to swell: their reader is killed, and the next one is read."""

import io
import os
import threading
import time
import zipfile
import zlib
from pathlib import Path

import pytest
import typst

from noko.core.websites.page import Document
from noko.exchange import document_child
from noko.exchange.document_reader import SERVES, Child, Readers, read_document

GOOD = typst.compile("Устав образовательной организации, утверждён в 2024 году.".encode())


@pytest.fixture
def readers():
    made = Readers(seconds=20)
    yield made
    made.close()


def pdf_of_stream(content: bytes) -> bytes:
    """A PDF of thirty pages with one drawing, ``content``."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 30>>" % (b"3 0 R " * 30),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources"
        b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    )


SLOW = pdf_of_stream(b"BT /F1 9 Tf " + b"1 0 0 1 0 0 Tm () Tj " * 40_000 + b"ET")


def test_reader_gives_the_length_of_the_text(readers):
    read = readers.read("u.pdf", GOOD)
    assert (read.kind, read.size, read.scanned) == ("pdf", len(GOOD), False)


def test_reader_uses_one_child_for_many_documents(readers):
    for _ in range(3):
        readers.read("u.pdf", GOOD)
    [child] = readers._free
    assert child.served == 3


def test_reader_kills_at_its_time_and_reads_the_next(readers):
    readers.seconds = 0.5
    assert readers.read("slow.pdf", SLOW) is None
    assert readers._free == []
    readers.seconds = 20
    assert readers.read("u.pdf", GOOD).text_length > 20


def test_reader_bounds_memory():
    """An office file that swells to gigabytes in memory has an unknown text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<d>" + b"<a/>" * 4_900_000 + b"</d>")
    child = Child()
    try:
        read = child.ask("bomb.docx", buffer.getvalue(), 20)
        assert read is None or read.text_length is None
        assert peak(child) < document_child.MEMORY
    finally:
        child.end()


def peak(child: Child) -> int:
    """The most memory that the child has had; 0 for a dead one."""
    try:
        lines = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    sizes = [int(line.split()[1]) for line in lines if line.startswith("VmPeak")]
    return sizes[0] * 1024 if sizes else 0


def test_reader_survives_a_child_that_was_killed(readers):
    readers.read("u.pdf", GOOD)
    os.kill(readers._free[0].pid, 9)
    time.sleep(0.1)
    assert readers.read("u.pdf", GOOD).text_length > 20


def test_reader_replaces_a_child_that_has_served_long(readers):
    readers.read("u.pdf", GOOD)
    first = readers._free[0]
    first.served = SERVES - 1
    readers.read("u.pdf", GOOD)
    assert readers._free == []
    assert first.fit is False


def test_reader_serves_many_threads(readers):
    lengths: list[int | None] = []

    def read() -> None:
        lengths.append(readers.read("u.pdf", GOOD).text_length)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(lengths)) == 1
    assert len(lengths) == 6


def test_reader_is_not_asked_for_what_has_no_text():
    assert read_document("a.doc", b"\xd0\xcf") == Document("a.doc", "doc", 2)


def test_child_knows_no_secret_of_its_owner(monkeypatch):
    monkeypatch.setenv("NOKO_SECRET_KEY", "secret")
    child = Child()
    try:
        child.ask("u.pdf", GOOD, 20)
        environment = Path(f"/proc/{child.pid}/environ").read_bytes()
    finally:
        child.end()
    assert b"secret" not in environment
    assert b"PYTHONPATH" in environment
