"""``noko documents``: an office takes the templates, edits them, and is told what is wrong."""

from noko.commands.main import run
from noko.documents.templates import BUILT_IN, bricks


def test_documents_templates_are_handed_out_and_never_overwritten(tmp_path, capsys):
    folder = tmp_path / "office"
    assert run(["documents", "templates", str(folder)]) == 0
    handed = {path.name for path in folder.iterdir()}
    assert handed == {p.name for p in BUILT_IN.iterdir() if p.suffix in (".docx", ".typ", ".json")}
    (folder / "table.docx").write_bytes(b"own")
    capsys.readouterr()
    assert run(["documents", "templates", str(folder)]) == 0
    assert (folder / "table.docx").read_bytes() == b"own"
    assert "оставлены как были" in capsys.readouterr().err


def test_documents_check_names_the_wrong_field(tmp_path, capsys):
    assert run(["documents", "check", str(tmp_path)]) == 0
    document = bricks.new_document()
    bricks.paragraph(document, "Итог: {{ itog }}")
    document.save(tmp_path / "table.docx")
    capsys.readouterr()
    assert run(["documents", "check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "Поля «itog» у этого документа нет, абзац «Итог: {{ itog }}»" in said
    assert "table.typ: заполняется" in said
