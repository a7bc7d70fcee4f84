from pathlib import Path

from noko.documents.methodology import manual, methodology_page, write_manual
from noko.queries.edition import edition_codes, get_edition, worked_cases

DOCS = Path(__file__).parents[2] / "docs" / "methodology"


def test_manual_in_the_repository_is_what_the_editions_give() -> None:
    """After a change of an edition or a case: make docs."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert committed == manual()


def test_manual_has_a_page_for_every_edition_and_a_list(tmp_path: Path) -> None:
    written = write_manual(tmp_path / "new")
    assert [path.name for path in written] == [
        "README.md",
        *(f"{code}.md" for code in edition_codes()),
    ]


def test_page_names_every_indicator_with_its_formula_act_and_point() -> None:
    for code in edition_codes():
        edition = get_edition(code)
        page = methodology_page(edition, [])
        for indicator in edition.indicators:
            assert f"#### {indicator.code}. {indicator.name}" in page
            assert indicator.formula.text in page
            assert (
                f"{edition.act_by_id[indicator.basis.act].short}, {indicator.basis.point}" in page
            )


def test_page_marks_what_is_not_verified() -> None:
    page = methodology_page(get_edition("344n-2018"), [])
    assert "⚠ не сверено с актом, скорее всего верно" in page
    assert "Инорм" in page.split("## Акты")[0]


def test_page_prints_every_worked_case() -> None:
    cases = worked_cases("344n-2018")
    page = methodology_page(get_edition("344n-2018"), cases)
    assert page.count("\n### Пример ") == len(cases)
    for case in cases:
        assert case["name"] in page


def test_case_is_told_as_a_change_of_an_earlier_one() -> None:
    given = {"A": 10, "B": 5}
    cases = [
        {"name": "Первый", "act": "правило", "given": given, "expected": {"total": "50.00"}},
        {"name": "Второй", "act": "правило", "given": {"A": 10, "B": 6}, "refused": "no"},
    ]
    chapter = methodology_page(get_edition("344n-2018"), cases).split("## Разобранные примеры")[1]
    assert "- Дано: `A` = 10, `B` = 5\n- Получается: итог 50,00" in chapter
    assert "- Дано: как в примере 1, но `B` = 6\n- Получается: отказ (`no`)" in chapter
