"""``noko questionnaire`` and the answers that come back from another survey system."""

from noko.commands.main import run

ANSWERS = """\
"preamble";"organisation";"q1";"q2";"q3";"q4";"q6";"q7";"q8";"q9";"q10";"q11";"q12";"q13";"q14";\
"q15";"q16";"q17";"q18";"_id";"_uuid";"_submission_time";"__version__";"_index"
"";"6829000001";"1";"1";"0";"";"1";"0";"";"1";"1";"1";"0";"1";"1";"1";"";"2";"34";"101";"a1";\
"2026-11-20T10:00:00";"v";"1"
"";"6829000001";"0";"";"1";"1";"0";"0";"";"1";"1";"0";"";"1";"1";"1";"да";"2";"41";"102";"a2";\
"2026-11-20T10:01:00";"v";"2"
"""
"""As KoboToolbox exports the answers of our own form."""


def test_questionnaire_export_then_check(tmp_path, capsys):
    out = tmp_path / "forma.xlsx"
    assert run(["questionnaire", "export", str(out)]) == 0
    assert run(["questionnaire", "check", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Ответы этой формы считаются по редакции 344n-2018."
    )
    assert run(["questionnaire", "check", str(out), "--edition", "1547-2014"]) == 1


def test_questionnaire_check_refuses_what_is_no_form(tmp_path, capsys):
    path = tmp_path / "форма.csv"
    path.write_text("Организация;Балл\nШкола № 1;97,5\n", encoding="utf-8")
    assert run(["questionnaire", "check", str(path)]) == 2
    assert "нет листа «survey»" in capsys.readouterr().err


def test_questionnaire_answers_of_kobotoolbox_are_counted(tmp_path, capsys):
    path = tmp_path / "kobo.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    assert run(["aggregate", str(path), "--edition", "344n-2018"]) == 0
    header, row = capsys.readouterr().out.split()
    counts = dict(zip(header.split(","), row.split(","), strict=True))
    assert (counts["organisation"], counts["respondents"]) == ("6829000001", "2")
    assert [counts[name] for name in ("U_stand", "A_stand", "U_comf", "A_comf", "A_dist")] == [
        "1",
        "1",
        "1",
        "2",
        "1",
    ]
