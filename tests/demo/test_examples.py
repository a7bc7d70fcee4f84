from noko.core.tables.answers import read_answers
from noko.core.tables.inspection import read_inspection
from noko.core.tables.matching import match_names
from noko.demo.busgov import REPORT
from noko.demo.collected import collect
from noko.demo.examples import ANSWERS, INSPECTION, LIST, PACKETS, example_files
from noko.demo.region import PRESCHOOL, build_region
from noko.exchange.busgov_file import read_busgov_file
from noko.exchange.files import read_sheets
from noko.exchange.registry_file import read_registry_file
from noko.queries.edition import get_edition

REGION = build_region()
EDITION = get_edition("344n-2018")
FILES = example_files(REGION, EDITION)
ASSESSED = [item for item in REGION if item.type == PRESCHOOL][:120:5]


def test_example_files_are_the_same_for_the_same_region() -> None:
    assert example_files(REGION, EDITION) == FILES
    assert sorted(FILES) == sorted([ANSWERS, INSPECTION, LIST, PACKETS, REPORT])


def test_answers_are_read_without_preparation() -> None:
    table = read_answers(read_sheets(FILES[ANSWERS], name=ANSWERS), EDITION)
    survey = collect(2027, EDITION, ASSESSED).survey
    assert len(table.organisations) == 24
    assert table.warnings == ()
    assert {key: column.tolist() for key, column in table.columns.items()} == {
        key: column.tolist() for key, column in survey.answers.items()
    }


def test_inspection_gives_the_counts_that_were_found() -> None:
    table = read_inspection(read_sheets(FILES[INSPECTION], name=INSPECTION), EDITION)
    figures = collect(2027, EDITION, ASSESSED).figures
    ids = {item.short_name: item.id for item in ASSESSED}
    for row in table.rows:
        expected = figures[ids[row.organisation.name]]
        assert {key: expected[key] for key in row.counts} == dict(row.counts)


def test_names_in_both_files_meet_and_some_wait_for_a_person() -> None:
    answers = read_answers(read_sheets(FILES[ANSWERS], name=ANSWERS), EDITION)
    inspection = read_inspection(read_sheets(FILES[INSPECTION], name=INSPECTION), EDITION)
    found = match_names(answers.organisations, [row.organisation for row in inspection.rows])
    assert (found.only_left, found.only_right) == ((), ())
    assert len(found.certain) + len(found.proposed) == 24
    assert len(found.proposed) == 6


def test_completeness_report_names_every_organisation_and_what_it_lacks() -> None:
    table = read_busgov_file(FILES[REPORT], name=REPORT, limit_bytes=10**7).table
    assert (len(table.rows), table.rejected, table.years) == (len(REGION), (), (2026, 2025))
    assert {row.complete for row in table.rows} == {True, False}
    assert all(row.lacks for row in table.rows if row.complete is False)


def test_packets_hold_news_a_branch_and_a_mistake() -> None:
    found = read_registry_file(FILES[PACKETS], name=PACKETS, limit_bytes=10**7).table
    known = {item.inn: item for item in REGION}
    met = [row for row in found.rows if row.inn in known]
    assert [row.type for row in met] == [known[row.inn].type for row in met]
    assert [row.short_name for row in found.rows if row.inn not in known] == [
        "МБОУ «Новая школа» микрорайона Южный"
    ]
    reasons = [item.problems[0].message for item in found.rejected]
    assert reasons[0].startswith("это филиал или представительство")
    assert reasons[1].endswith("не сходится контрольная цифра.")
