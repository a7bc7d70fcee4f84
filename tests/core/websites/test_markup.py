"""Microdata: the official algorithm, all generations, and everything that is wrong with it."""

import pytest

from noko.core.websites.findings import DefectKind, Seen, Status
from tests.core.websites.pages import check, page

UNITS = "structOrgUprav"


def struct(body: str, **more):
    facts = {"units": True, "unit_sites": True}
    return check(page("struct", body), facts=facts, **more)


def kinds(result) -> dict[str, tuple[str, str]]:
    return {one.kind.value: (one.subject, one.right) for one in result.defects}


@pytest.mark.parametrize(
    ("regime", "body", "code"),
    [
        ("785-2014", '<p itemprop="RegDate">1974 год</p>', "common.reg_date"),
        (
            "785-2014",
            '<div itemscope itemtype="http://obrnadzor.gov.ru/microformats/UchredLaw">Город</div>',
            "common.founder",
        ),
        ("785-2014", '<p itemprop="regDate">1974 год</p>', "common.reg_date"),
        (
            "785-2014",
            '<tr itemprop="filInfo"><td itemprop="nameFil">Филиал в селе</td></tr>',
            "common.branches",
        ),
        ("831-2020", '<p itemprop="addressPlace">ул. Школьная, 5</p>', "common.places"),
        ("1493-2023", '<p itemprop="fullName">Школа № 5</p>', "common.full_name"),
    ],
)
def test_markup_of_every_generation_is_found(regime, body, code):
    table = f"<table>{body}</table>" if body.startswith("<tr") else body
    finding = check(page("common", table), regime=regime).finding(code)
    assert (finding.status, finding.official) == (Status.FOUND, True)


def test_markup_in_its_group_is_official():
    row = f'<tr itemprop="{UNITS}"><td><b itemprop="name">Педагогический совет</b></td></tr>'
    finding = struct(f"<table>{row}</table>").finding("struct.names")
    assert (finding.seen, finding.official) == (Seen.BOTH, True)


def test_markup_group_is_the_first_fitting_one_around():
    body = (
        '<div itemprop="structOrgUprav"><div itemprop="filInfo">'
        '<span itemprop="divisionClauseDocLink"><a href="/p.pdf">Положение</a></span></div></div>'
    )
    assert struct(body).finding("struct.clauses").status is Status.ABSENT


def test_markup_without_its_group_is_information_but_not_official():
    result = struct('<p itemprop="fio">Орлова Нина Петровна</p>')
    finding = result.finding("struct.heads")
    assert (finding.status, finding.seen, finding.official) == (Status.FOUND, Seen.MARKUP, False)
    assert kinds(result)["wrong_nesting"] == ("fio", UNITS)


def test_markup_without_a_group_does_not_say_what_it_is_about():
    result = check(page("objects", '<p itemprop="objName">Зал Победы</p>'))
    statuses = {code: result.finding(code).status for code in ("objects.library", "objects.sport")}
    assert statuses == {"objects.library": Status.ABSENT, "objects.sport": Status.ABSENT}


def test_markup_in_a_foreign_group_is_about_that():
    body = '<div itemprop="rucovodstvoZam"><b itemprop="fio">Гусев Олег Иванович</b></div>'
    finding = check(page("managers", body)).finding("managers.names")
    assert (finding.official, finding.seen) == (False, Seen.NOTHING)


def test_markup_of_schema_org_is_not_ours():
    inner = '<span itemprop="address">ул. Школьная, 5</span>'
    body = f'<div itemscope itemtype="https://schema.org/School">{inner}</div>'
    assert check(page("common", body)).finding("common.address").official is False


def test_markup_hidden_is_not_information():
    body = '<p itemprop="regDate" style="display: none">1974</p>'
    result = check(page("common", body))
    assert result.finding("common.reg_date").status is Status.ABSENT
    assert kinds(result)["hidden_markup"] == ("regDate", "")


def test_markup_hidden_by_a_tag_around():
    result = check(page("common", '<div hidden><p itemprop="regDate">1974</p></div>'))
    assert kinds(result)["hidden_markup"] == ("regDate", "")


def test_markup_in_a_spoiler_is_information():
    body = '<button>Показать</button><div hidden><p itemprop="regDate">1974 год</p></div>'
    assert check(page("common", body)).finding("common.reg_date").official


@pytest.mark.parametrize("value", ["–", "", "non", "в разработке"])
def test_markup_empty_is_not_information(value):
    result = check(page("common", f'<p itemprop="regDate">{value}</p>'))
    assert result.finding("common.reg_date").status is Status.ABSENT
    assert kinds(result)["empty_markup"] == ("regDate", "")


@pytest.mark.parametrize("value", ["отсутствует", "нет", "не предусмотрено", "0"])
def test_markup_refusal_is_information(value):
    body = f'<div itemprop="internationalDog"><b itemprop="orgName">{value}</b></div>'
    assert check(page("inter", body)).finding("inter.agreements").status is Status.FOUND


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (" regDate", "regDate"),
        ("regdate", "regDate"),
        ("”regDate”", "regDate"),
        ("regDat", "regDate"),
        ("regDaet", "regDate"),
        ("workTimes", "workTime"),
    ],
)
def test_markup_misspelt_is_told_with_the_right_name(written, right):
    result = check(page("common", f"<p itemprop='{written}'>1974 год</p>"))
    assert kinds(result)["misspelt_markup"] == (written, right)


def test_markup_unknown_is_a_remark():
    result = check(page("common", '<p itemprop="osnovSveden">x</p>'))
    assert kinds(result)["unknown_markup"] == ("osnovSveden", "")


def test_markup_of_another_generation_is_a_remark():
    result = check(page("common", '<p itemprop="RegDate">1974 год</p>'))
    assert kinds(result)["old_markup"] == ("RegDate", "")
    assert result.finding("common.reg_date").status is Status.ABSENT


def test_markup_of_two_generations_on_one_page():
    body = (
        '<p itemprop="paidEdu">не оказываются</p><a itemprop="PaidEdu_DocLink" href="/a.pdf">п</a>'
    )
    result = check(page("paid_edu", body), regime="785-2014")
    assert kinds(result)["mixed_markup"] == ("PaidEdu_DocLink", "paidEdu")


def test_markup_field_inside_a_field():
    inner = '<p itemprop="post"><b itemprop="fio">Орлова Нина Петровна</b></p>'
    body = f'<div itemprop="structOrgUprav">{inner}</div>'
    result = struct(body)
    assert kinds(result)["wrong_nesting"] == ("fio", UNITS)
    assert result.finding("struct.posts").status is Status.ABSENT


def test_markup_one_group_for_the_whole_table():
    rows = "".join(f"<tr><td itemprop='name'>Отдел {n}</td></tr>" for n in range(3))
    result = struct(f'<table itemprop="structOrgUprav">{rows}</table>')
    defect = result.of_kind(DefectKind.ONE_GROUP_FOR_MANY)[0]
    assert (defect.subject, defect.right, defect.excerpt) == (UNITS, "name", "3")


def test_markup_of_headers_is_no_data():
    body = (
        '<table><tr itemprop="structOrgUprav"><th itemprop="name">Наименование органа</th>'
        "<th>Адрес</th><th>Сайт</th></tr><tr><td></td><td></td><td></td></tr></table>"
    )
    result = struct(body)
    assert kinds(result)["header_marked"] == ("name", "")
    assert result.finding("struct.names").status is Status.ABSENT


def test_markup_copy_around_the_page():
    body = f'<div itemprop="copy">{"Сведения о школе. " * 40}<p itemprop="regDate">1974</p></div>'
    result = check(page("common", body))
    assert kinds(result)["copy_wraps_page"] == ("copy", "")
    assert result.finding("common.reg_date").official
    assert result.special_version is None


def test_markup_none_is_a_remark_and_no_fault():
    result = check(page("common", "<p>Дата создания: 1974 год</p>"))
    finding = result.finding("common.reg_date")
    assert (finding.status, finding.seen) == (Status.FOUND, Seen.TEXT)
    assert "no_markup" in kinds(result)


def test_markup_document_needs_a_link_that_leads_somewhere():
    dead = check(page("document", '<a itemprop="ustavDocLink" href="#">Устав</a>'))
    live = check(page("document", '<a itemprop="ustavDocLink" href="/ustav.pdf">Устав</a>'))
    statuses = [one.finding("document.charter").status for one in (dead, live)]
    assert statuses == [Status.ABSENT, Status.FOUND]
    assert kinds(dead)["empty_link"] == ("#", "")


def test_markup_one_name_in_the_place_of_another():
    def row(*names: str) -> str:
        cells = "".join(f"<td itemprop='{name}'>Отдел</td>" for name in names)
        return f"<tr itemprop='structOrgUprav'>{cells}</tr>"

    result = struct(f"<table>{row('name', 'fio', 'post')}{row('name', 'fio', 'fio')}</table>")
    [defect] = result.of_kind(DefectKind.REPEATED_MARKUP)
    assert (defect.subject, defect.right, defect.excerpt) == ("fio", "post", UNITS)
    assert result.of_kind(DefectKind.ONE_GROUP_FOR_MANY) == ()
