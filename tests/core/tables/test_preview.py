"""A list against the registry: what it adds, changes, leaves, and what it cannot mean."""

from typing import Any

from noko.core.tables.organisations import OrganisationsTable, read_organisations
from noko.core.tables.preview import COMPARED, Known, Preview, compare
from noko.core.tables.sheet import Sheet

INN, OTHER_INN = "7707083893", "0100000011"
OGRN = "1027700132195"
HEADERS = ["Полное наименование", "Тип", "Муниципалитет", "ИНН", "ОГРН", "Адрес"]


def known(key: int, **values: Any) -> Known:
    name = values.get("full_name", f"Школа № {key}")
    plain = {"full_name": name, "short_name": name, "type": "general", "municipality": "Лугов"}
    empty: dict[str, Any] = dict.fromkeys(COMPARED, "") | {"enrolment": None}
    return Known(key, {**empty, **plain, **values})


def listed(*rows: list, headers: list[str] = HEADERS) -> OrganisationsTable:
    return read_organisations([Sheet("п.xlsx", "Л", [headers, *rows])])


def row(name: str, inn: str = "", ogrn: str = "", address: str = "", place: str = "Лугов") -> list:
    return [name, "школа", place, inn, ogrn, address]


def told(preview: Preview) -> dict[str, Any]:
    return {
        "added": [item.full_name for item in preview.added],
        "changed": {item.key: dict(item.fields) for item in preview.changed},
        "unchanged": list(preview.unchanged),
        "rejected": [(item.number, item.problems[0].message) for item in preview.rejected],
    }


NOTHING: dict[str, Any] = {"added": [], "changed": {}, "unchanged": [], "rejected": []}


def test_new_organisation_is_added_and_a_known_one_left() -> None:
    preview = compare([known(1)], listed(row("Школа № 1"), row("Школа № 2")))
    assert told(preview) == NOTHING | {"added": ["Школа № 2"], "unchanged": [1]}


def test_change_tells_every_field_before_and_after() -> None:
    registry = [known(1, inn=INN, address="Садовая, 1")]
    preview = compare(registry, listed(row("Лицей № 1", INN, OGRN, "Садовая, 2")))
    assert told(preview) == NOTHING | {
        "changed": {
            1: {
                "full_name": ("Школа № 1", "Лицей № 1"),
                "ogrn": ("", OGRN),
                "address": ("Садовая, 1", "Садовая, 2"),
            }
        }
    }


def test_empty_cell_and_absent_column_change_nothing() -> None:
    registry = [known(1, inn=INN, address="Садовая, 1", enrolment=300, site="http://a.example")]
    assert told(compare(registry, listed(row("Школа № 1")))) == NOTHING | {"unchanged": [1]}


def test_organisation_is_recognised_by_ogrn_then_inn_then_name() -> None:
    registry = [known(1, ogrn=OGRN), known(2, inn=INN), known(3)]
    rows = [row("Новое имя", INN, OGRN), row("МБОУ «Школа № 3»")]
    preview = compare(registry, listed(*rows))
    assert [item.key for item in preview.changed] == [1]
    assert [item.full_name for item in preview.added] == ["МБОУ «Школа № 3»"]
    typed = compare(registry, listed(row("школа №3")))
    assert typed.changed[0].key == 3


def test_name_alone_is_not_enough_where_numbers_contradict_or_two_are_called_so() -> None:
    same = compare([known(1, inn=INN)], listed(row("Школа № 1", OTHER_INN)))
    assert told(same) == NOTHING | {"added": ["Школа № 1"]}
    two = [known(1, full_name="Школа"), known(2, full_name="Школа", municipality="Сосны")]
    nowhere = listed(["Школа", "школа", ""], headers=HEADERS[:3])
    assert told(compare(two, nowhere)) == NOTHING | {
        "rejected": [(2, "новая организация: не указано – муниципалитет.")]
    }
    here = compare(two, listed(row("Школа", place="Сосны")))
    assert told(here) == NOTHING | {"unchanged": [2]}


def test_new_organisation_without_type_or_municipality_is_rejected() -> None:
    preview = compare([], listed(["Школа", "", "", "", "", ""]))
    assert told(preview) == NOTHING | {
        "rejected": [(2, "новая организация: не указано – тип, муниципалитет.")]
    }


def test_two_rows_that_mean_one_organisation_are_not_both_taken() -> None:
    registry = [known(1, inn=INN, full_name="Школа № 1", short_name="СОШ 1")]
    preview = compare(registry, listed(row("Лицей", INN), row("СОШ № 1", place="Лугов")))
    assert [item.key for item in preview.changed] == [1]
    assert told(preview)["rejected"] == [(3, "это та же организация, что в строке 2.")]


def test_rejected_rows_of_the_list_stand_among_the_others_in_file_order() -> None:
    rows = [row("Школа № 1", "123"), row(""), ["Школа № 9", "", "Лугов", "", "", ""]]
    assert [item.number for item in compare([], listed(*rows)).rejected] == [2, 3, 4]
