"""Lists of organisations as people keep them: what is taken, mended, rejected, and why."""

import pytest

from noko.core.refusal import Refusal
from noko.core.tables.organisations import OrganisationRow, OrganisationsTable, read_organisations
from noko.core.tables.sheet import Block, Sheet

HEADERS = ["Полное наименование", "Тип", "Муниципалитет", "ИНН"]
INN, OTHER_INN, OGRN = "7707083893", "0100000011", "1027700132195"


def read(*rows: list, headers: list[str] = HEADERS, **more: dict) -> OrganisationsTable:
    return read_organisations([Sheet("п.xlsx", "Л", [headers, *rows])], **more)


def refused(*rows: list, headers: list[str] = HEADERS, merged: tuple[Block, ...] = ()) -> Refusal:
    with pytest.raises(Refusal) as found:
        read_organisations([Sheet("п.xlsx", "Л", [headers, *rows], merged)])
    return found.value


def reasons(table: OrganisationsTable) -> list[tuple[int, list[str]]]:
    return [(row.number, [str(item) for item in row.problems]) for row in table.rejected]


def test_organisation_is_read_with_everything_the_list_says() -> None:
    headers = ["Краткое наименование", *HEADERS, "ОГРН", "КПП", "Учредитель", "Адрес",
               "Сайт", "bus.gov.ru", "Контингент", "Состояние", "Комментарий"]  # fmt: skip
    table = read(
        ["Школа № 1", "МБОУ «Школа № 1»", "Школа", "Лугов", INN, OGRN, "770701001", "Город",
         "Сад, 1", "https://school.example", 17, 320.0, "действует", "x"],
        headers=headers,
    )  # fmt: skip
    assert table.rows == (
        OrganisationRow(
            number=2,
            full_name="МБОУ «Школа № 1»",
            short_name="Школа № 1",
            type="general",
            municipality="Лугов",
            inn=INN,
            ogrn=OGRN,
            kpp="770701001",
            founder="Город",
            address="Сад, 1",
            site="https://school.example",
            busgov_id="17",
            enrolment=320,
            status="active",
        ),
    )
    assert (table.rejected, table.warnings) == ((), ())
    assert table.ignored == ("Столбец «N: Комментарий»: не используется.",)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("детский сад", "preschool"),
        ("ДОО", "preschool"),
        ("Общеобразовательная организация", "general"),
        ("доп. образования", ""),
        ("Дополнительное образование", "supplementary"),
        ("СПО", "vocational"),
        ("general", "general"),
        ("", ""),
    ],
)
def test_type_is_recognised_as_people_write_it(written: str, code: str) -> None:
    table = read(["Школа", written, "Лугов", ""])
    assert [row.type for row in table.rows] == ([code] if code or not written else [])


def test_rejected_row_has_every_reason_and_the_others_stand() -> None:
    headers = [*HEADERS, "Численность обучающихся"]
    table = read(
        ["Школа № 1", "школа", "Лугов", INN[:-1] + "4", "много"],
        ["Школа № 2", "завод", "Лугов", "", "100"],
        ["", "школа", "Лугов", "", ""],
        ["Школа № 4", "школа", "Лугов", "#N/A", ""],
        ["Школа № 5", "школа", "Лугов", INN, "1 020"],
        headers=headers,
    )
    assert [(row.number, row.full_name, row.enrolment) for row in table.rows] == [
        (6, "Школа № 5", 1020)
    ]
    at = "Файл «п.xlsx», лист «Л», строка {}, столбец «{}»: "
    types = "дошкольная, общеобразовательная, дополнительного образования, профессиональная"
    assert reasons(table)[:3] == [
        (2, [
            at.format(2, "D: ИНН") + "у ИНН «7707083894» не сходится контрольная цифра."
            " Проверьте номер по ЕГРЮЛ.",
            at.format(2, "E: Численность обучающихся") + "«много» – не целое число."
            " Укажите число людей.",
        ]),
        (3, [at.format(3, "B: Тип") + f"«завод» не распознано. Укажите: {types}."]),
        (4, [at.format(4, "A: Полное наименование") + "не указано название."
             " Впишите его или удалите строку."]),
    ]  # fmt: skip
    assert reasons(table)[3][1][0] == (
        at.format(5, "D: ИНН") + "в ячейке ошибка формулы #Н/Д. Впишите значение."
    )


def test_what_is_mended_or_left_out_is_said_and_does_no_harm() -> None:
    headers = [*HEADERS, "КПП", "Сайт"]
    table = read(
        ["Школа № 1", "школа", "Лугов", "100000011", "77", "wwwШкола.ru"],
        ["Школа № 2", "школа", "Лугов", "", "", "школа2.example"],
        headers=headers,
    )
    assert [(row.inn, row.kpp, row.site) for row in table.rows] == [
        (OTHER_INN, "", ""),
        ("", "", "http://школа2.example"),
    ]
    assert [(item.place.row, item.place.column, item.message) for item in table.warnings] == [
        (2, "D: ИНН", "восстановлен ноль в начале ИНН."),
        (2, "E: КПП", "КПП «77» – не 9 знаков. Поле оставлено пустым."),
        (2, "F: Сайт", "«wwwШкола.ru» не похоже на адрес сайта. Поле оставлено пустым."),
        (3, "F: Сайт", "адрес «школа2.example» записан как «http://школа2.example»."),
    ]


def test_organisation_named_twice_stands_once() -> None:
    table = read(
        ["Школа № 1", "школа", "Лугов", INN],
        ["Лицей", "школа", "Сосны", INN],
        ["ШКОЛА №1.", "школа", "Лугов", ""],
        ["Школа № 1", "школа", "Сосны", ""],
    )
    assert [row.number for row in table.rows] == [2, 5]
    assert reasons(table) == [
        (number, [
            f"Файл «п.xlsx», лист «Л», строка {number}: эта организация уже есть в строке 2."
            " Оставьте одну из строк."
        ])
        for number in (3, 4)
    ]  # fmt: skip


def test_titles_totals_and_empty_rows_are_passed_over() -> None:
    rows = [["Перечень на 2026 год"], [], HEADERS, ["1", "2", "3", "4"],
            ["Школа", "школа", "Лугов", ""], [], ["Итого", "", "", ""]]  # fmt: skip
    table = read_organisations([Sheet("п.xlsx", "Л", rows)])
    assert [(row.number, row.full_name) for row in table.rows] == [(5, "Школа")]


def test_column_may_be_named_by_a_person() -> None:
    headers = ["Кто это", "Тип", "Муниципалитет"]
    assert refused(["Школа", "школа", "Лугов"], headers=headers).kind == "missing_column"
    table = read(["Школа", "", "Лугов"], headers=headers, columns={"full_name": "Кто это"})
    assert table.rows[0].full_name == "Школа"


def test_list_that_cannot_be_read_as_a_whole_is_refused() -> None:
    assert refused().kind == "no_rows"
    assert (
        refused(["Школа", "школа", "Лугов", ""], headers=["А", "Б", "В"]).kind == "missing_column"
    )
    doubled = refused(["а", "б", "в", "г"], headers=["ИНН", "ИНН", "Наименование", "Тип"])
    assert doubled.kind == "ambiguous_column"
    merged = refused(["Школа", "", "", ""], ["", "", "", ""], merged=(Block(1, 0, 2, 0),))
    assert (merged.kind, "A2:A3" in str(merged)) == ("merged_cells", True)


def test_refusal_of_the_list_keeps_all_reasons() -> None:
    table = read(["", "школа", "", ""], ["Школа", "завод", "", "1"])
    refusal = table.refusal()
    assert refusal.kind == "bad_cells"
    assert str(refusal) == ("Перечень организаций не принят. Всего ошибок: 3. Ничего не сохранено.")
    assert [problem.place.row for problem in refusal.problems] == [2, 3, 3]
