"""``noko rate`` given what it cannot use: each has its own sentence with place and cure, the exit
code is 2, and whatever stood in the output folder stays as it was."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from noko.commands.main import run
from noko.core.edition_files import EDITION_FILES, edition_digest
from tests.commands.test_rate import (
    CENTRE,
    CLOSED,
    EDITION,
    GARDEN,
    SCHOOL,
    answers,
    inspection,
)
from tests.exchange.test_dataset import written
from tests.operator_files import workbook

NAMES = (GARDEN, CENTRE, SCHOOL)
SYMBOLS = ("I_stand", "N_stand", "I_site", "N_site", "C_dist", "C_comf", "C_org", "C_usl")
LARGE = 200 * 1024 * 1024
TABLE = "Подойдёт таблица XLSX, ODS, XLS или CSV. Ничего не сохранено."
PARQUET = (
    "Файл «a.parquet»: Файл не читается как Parquet: он обрезан, повреждён или это файл другого"
    " вида. Получите файл заново и сравните его размер с исходным. Ничего не сохранено."
)

Make = Callable[[Path], list[str | Path]]


def pair(
    folder: Path, *, answered: Path | None = None, inspected: Path | None = None, edition: str = ""
) -> list[str | Path]:
    """The arguments for a pair of files, of which the tests spoil one."""
    return [
        *("--answers", answered or answers(folder / "a.csv")),
        *("--inspection", inspected or inspection(folder / "i.xlsx")),
        *("--edition", edition or EDITION.code),
    ]


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def ready(folder: Path, *figures: object) -> Path:
    """An inspection with ready figures, the same for every organisation."""
    rows = [["Организация", *SYMBOLS], *([name, *figures] for name in NAMES)]
    return put(folder / "i.xlsx", workbook(rows, "Осмотр"))


def archive(folder: Path) -> bytes:
    columns = dict.fromkeys([q.id for q in CLOSED], pl.Series([1, 0] * 3000, dtype=pl.Int8))
    buffer = io.BytesIO()
    pl.DataFrame({"organisation": [*NAMES] * 2000, **columns}).write_parquet(buffer)
    return buffer.getvalue()


# --- files of an operator -------------------------------------------------------------------


def missing_question(folder: Path) -> list[str | Path]:
    rows = [["Организация", *(q.id for q in CLOSED[:-1])], [SCHOOL, *["Да"] * (len(CLOSED) - 1)]]
    return pair(folder, answered=put(folder / "a.xlsx", workbook(rows, "Лист 1")))


def files_swapped(folder: Path) -> list[str | Path]:
    return pair(
        folder,
        answered=inspection(folder / "i.xlsx"),
        inspected=answers(folder / "a.csv"),
    )


def missing_checklist(folder: Path) -> list[str | Path]:
    rows = [["Организация", *SYMBOLS[:-1]], *([name, *[3] * 7] for name in NAMES)]
    return pair(folder, inspected=put(folder / "i.xlsx", workbook(rows, "Осмотр")))


def dos_encoding(folder: Path) -> list[str | Path]:
    text = answers(folder / "a.csv").read_text("cp1251")
    for char in "№«»„“–":
        text = text.replace(char, " ")
    return pair(folder, answered=put(folder / "a.csv", text.encode("cp866")))


def spoilt_encoding(folder: Path) -> list[str | Path]:
    text = answers(folder / "a.csv").read_text("cp1251")
    return pair(folder, answered=put(folder / "a.csv", text.encode().decode("latin-1").encode()))


def merged_cells(folder: Path) -> list[str | Path]:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Ответы")
    sheet.write_row(0, 0, ["Организация", *(q.text for q in CLOSED)])
    for row in (1, 2, 3):
        sheet.write_row(row, 1, ["Да"] * len(CLOSED))
    sheet.merge_range(1, 0, 2, 0, SCHOOL)
    sheet.write(3, 0, GARDEN)
    book.close()
    return pair(folder, answered=put(folder / "a.xlsx", buffer.getvalue()))


def same_organisation_twice(folder: Path) -> list[str | Path]:
    return pair(folder, inspected=inspection(folder / "i.xlsx", [*NAMES, "мбоу СОШ №5"]))


def unknown_edition(folder: Path) -> list[str | Path]:
    return pair(folder, edition="344n-2019")


def percent_for_a_count(folder: Path) -> list[str | Path]:
    rows = [["Организация", *SYMBOLS], [GARDEN, "85 %", 10, 40, 44, 4, 5, 3, 4]]
    return pair(folder, inspected=put(folder / "i.xlsx", workbook(rows, "Осмотр")))


def share_for_a_count(folder: Path) -> list[str | Path]:
    rows = [["Организация", *SYMBOLS], [GARDEN, 0.85, 10, 40, 44, 4, 5, 3, 4]]
    return pair(folder, inspected=put(folder / "i.xlsx", workbook(rows, "Осмотр")))


def percents_for_answers(folder: Path) -> list[str | Path]:
    rows = [["Организация", *(q.id for q in CLOSED)], [GARDEN, *["Да"] * 13, "87 %"]]
    return pair(folder, answered=put(folder / "a.xlsx", workbook(rows, "Сводка")))


def formula_error(folder: Path) -> list[str | Path]:
    return pair(folder, inspected=ready(folder, 9, 10, 40, 44, 4, "#DIV/0!", 3, 4))


def more_found_than_applicable(folder: Path) -> list[str | Path]:
    return pair(folder, inspected=ready(folder, 12, 10, 40, 44, 4, 5, 3, 4))


def parquet_cut_short(folder: Path) -> list[str | Path]:
    whole = archive(folder)
    return pair(folder, answered=put(folder / "a.parquet", whole[: len(whole) // 2]))


def parquet_without_its_middle(folder: Path) -> list[str | Path]:
    whole = archive(folder)
    third = len(whole) // 3
    return pair(folder, answered=put(folder / "a.parquet", whole[:third] + whole[-third:]))


def document_for_answers(folder: Path) -> list[str | Path]:
    return pair(folder, answered=put(folder / "a.xlsx", b"%PDF-1.7 \n"))


def picture_for_inspection(folder: Path) -> list[str | Path]:
    return pair(folder, inspected=put(folder / "i.xlsx", b"\x89PNG\r\n\x1a\n"))


def large_answers(folder: Path) -> list[str | Path]:
    path = put(folder / "a.xlsx", b"PK\x03\x04")
    with path.open("ab") as stream:
        stream.truncate(LARGE)
    return pair(folder, answered=path)


def large_inspection(folder: Path) -> list[str | Path]:
    path = put(folder / "i.csv", b"organisation;I_stand\n")
    with path.open("ab") as stream:
        stream.truncate(LARGE)
    return pair(folder, inspected=path)


def absent_answers(folder: Path) -> list[str | Path]:
    return pair(folder, answered=folder / "нет.xlsx")


def empty_inspection(folder: Path) -> list[str | Path]:
    return pair(folder, inspected=put(folder / "i.csv", b""))


def unknown_rounding(folder: Path) -> list[str | Path]:
    return [*pair(folder), "--rounding", "up"]


REFUSED: dict[Make, list[str]] = {
    missing_question: [
        "Файл «a.xlsx», лист «Лист 1», строка 1: Не хватает столбца: «Удовлетворены ли Вы в целом"
        " условиями оказания услуг в организации?» (q15). В файле есть: «Организация», «q1», «q2»,"
        " «q3», «q4», «q6», «q7», «q8», «q9», «q10», «q11», «q12», «q13», «q14». Переименуйте или"
        " добавьте столбец и загрузите файл снова. Ничего не сохранено."
    ],
    files_swapped: [
        "Файл «a.csv»: Похоже, это анкеты, а здесь нужна таблица осмотра. Проверьте, тот ли файл"
        " выбран. Ничего не сохранено."
    ],
    missing_checklist: [
        "Файл «i.xlsx», лист «Осмотр», строка 1: Не хватает столбца: «условий доступности"
        " услуг, столбцы „… условий доступности … [пункт]“» (C_usl). В файле есть: «Организация»,"
        " «I_stand», «N_stand», «I_site», «N_site», «C_dist», «C_comf», «C_org». Переименуйте или"
        " добавьте столбец и загрузите файл снова. Ничего не сохранено."
    ],
    dos_encoding: [
        "Файл «a.csv»: Кодировка файла не UTF-8 и не Windows-1251 (похоже, DOS (CP866))."
        " Сохраните файл в кодировке UTF-8 («CSV UTF-8») и загрузите снова. Ничего не сохранено."
    ],
    spoilt_encoding: [
        "Файл «a.csv»: Буквы в файле испорчены: его уже сохраняли в неверной кодировке. Возьмите"
        " исходный файл. Сохраните файл в кодировке UTF-8 («CSV UTF-8») и загрузите снова. Ничего"
        " не сохранено."
    ],
    merged_cells: [
        "Файл «a.xlsx», лист «Ответы», строка 2, столбец «A: Организация»: В таблице есть"
        " объединённые ячейки. Объединены ячейки A2:A3. Отмените объединение и заполните каждую"
        " ячейку отдельно. Ничего не сохранено."
    ],
    same_organisation_twice: [
        "Файл «i.xlsx», лист «Чек-листы», строка 5: Организации повторяются. Организация «МБОУ"
        " СОШ № 5» уже есть в строке 4. Оставьте одну строку или уточните название, муниципалитет"
        " или ИНН. Ничего не сохранено."
    ],
    unknown_edition: [
        "Редакции методики «344n-2019» нет. Укажите одну из: 1547-2014, 344n-2018.",
    ],
    percent_for_a_count: [
        "Файл «i.xlsx», лист «Осмотр», строка 2, столбец «B: I_stand»: В файле стоят проценты там,"
        " где нужны количества. Стоит «85 %», похоже на процент или долю, а нужно количество."
        " Укажите, сколько человек или пунктов, целым числом. Ничего не сохранено."
    ],
    share_for_a_count: [
        "Файл «i.xlsx», лист «Осмотр», строка 2, столбец «B: I_stand»: В файле стоят проценты там,"
        " где нужны количества. Стоит «0,85», похоже на процент или долю, а нужно количество."
        " Укажите, сколько человек или пунктов, целым числом. Ничего не сохранено."
    ],
    percents_for_answers: [
        "Файл «a.xlsx», лист «Сводка», строка 2, столбец «O: q15»: В файле стоят проценты там, где"
        " нужны ответы каждого опрошенного. Стоит «87 %», похоже на процент или долю, а ожидается"
        " «Да», «Нет» или пустая ячейка. Нужны сами анкеты: строка на каждого опрошенного, а не"
        " сводка. Ничего не сохранено."
    ],
    formula_error: [
        "Данные осмотра не приняты. Всего ошибок: 3. Ничего не сохранено.",
        *(
            f"  Файл «i.xlsx», лист «Осмотр», строка {row}, столбец «G: C_comf»: в ячейке ошибка"
            " формулы #ДЕЛ/0! Исправьте формулу или замените её значением и загрузите файл снова."
            for row in (2, 3, 4)
        ),
    ],
    more_found_than_applicable: [
        "Исходные данные противоречивы, расчёт не выполнен. Исправьте данные и повторите.",
        *(
            f"  «{name}»: I_stand = 12 больше, чем N_stand = 10. Проверьте оба числа."
            for name in ("МБДОУ „Детский сад № 7 Ёлочка“", CENTRE, SCHOOL)
        ),
    ],
    parquet_cut_short: [PARQUET],
    parquet_without_its_middle: [PARQUET],
    document_for_answers: [f"Файл «a.xlsx»: Это документ PDF, а не таблица. {TABLE}"],
    picture_for_inspection: [f"Файл «i.xlsx»: Это изображение, а не таблица. {TABLE}"],
    large_answers: [
        "Файл «a.xlsx»: Файл занимает 200 МБ, а принимаются файлы до 100 МБ. Разделите его на части"
        " или удалите лишние листы и картинки. Ничего не сохранено."
    ],
    large_inspection: [
        "Файл «i.csv»: Файл занимает 200 МБ, а принимаются файлы до 100 МБ. Разделите его на части"
        " или удалите лишние листы и картинки. Ничего не сохранено."
    ],
    absent_answers: ["Файла «{folder}/нет.xlsx» нет. Проверьте путь."],
    empty_inspection: ["Файл «i.csv»: Файл пуст. Проверьте его."],
    unknown_rounding: [
        "Правила округления «up» нет в редакции 344n-2018. Укажите одно из: indicator_integer,"
        " stepwise_2, exact_then_2."
    ],
}


# --- a package ------------------------------------------------------------------------------


def package(folder: Path) -> Path:
    place = folder / "пакет"
    written(place)
    return place


def with_digests_of_its_own(place: Path) -> Path:
    """The package after somebody has put everything right but what it says."""
    texts = {name: (place / "edition" / name).read_text("utf-8") for name in EDITION_FILES}
    descriptor = json.loads((place / "datapackage.json").read_text("utf-8"))
    descriptor["noko"]["edition"]["digest"] = edition_digest(texts)
    for resource in descriptor["resources"]:
        content = (place / resource["path"]).read_bytes()
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    (place / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return place


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def another_digest(folder: Path) -> list[str | Path]:
    place = package(folder)
    changed(place / "inspection.csv", ",40,", ",41,")
    return [place]


def file_gone(folder: Path) -> list[str | Path]:
    place = package(folder)
    (place / "inspection.csv").unlink()
    return [place]


def answers_cut_short(folder: Path) -> list[str | Path]:
    place = package(folder)
    whole = (place / "answers.parquet").read_bytes()
    put(place / "answers.parquet", whole[: len(whole) // 2])
    return [with_digests_of_its_own(place)]


def unknown_formula(folder: Path) -> list[str | Path]:
    place = package(folder)
    changed(place / "edition" / "edition.yaml", "name: points_each", "name: points_eech")
    return [with_digests_of_its_own(place)]


def no_package(folder: Path) -> list[str | Path]:
    return [put(folder / "a.zip", b"%PDF-1.7 \n")]


def package_of_another_edition(folder: Path) -> list[str | Path]:
    return [package(folder), "--edition", "1547-2014"]


def package_and_files(folder: Path) -> list[str | Path]:
    return [package(folder), *pair(folder)]


REFUSED |= {
    another_digest: [
        "Файл «inspection.csv»: Файл изменён после фиксации: SHA-256 файла – {found}, а должна быть"
        " {digest}. Получите пакет заново; изменённые данные фиксируют новым набором."
    ],
    file_gone: [
        "Файл «inspection.csv»: Файла пакета нет. Пакет неполон: получите его заново.",
    ],
    answers_cut_short: [PARQUET.replace("a.parquet", "answers.parquet")],
    unknown_formula: [
        "Файл «edition.yaml», ключ «formula.name»: Для показателя 1.2 указана формула"
        " «points_eech», а такой формулы нет. Укажите в редакции одну из: mean_of_shares,"
        " points_each, as_given."
    ],
    no_package: [
        "«{folder}/a.zip» – не пакет данных. Укажите папку с файлом datapackage.json или её архив"
        " .zip."
    ],
    package_of_another_edition: [
        "Пакет собран по редакции 344n-2018, а указана 1547-2014. Уберите --edition: редакция"
        " берётся из пакета."
    ],
    package_and_files: [
        "Недопустимое значение для аргумента: укажите либо пакет данных, либо файлы оператора, но"
        " не всё сразу",
        "Справка: noko rate --help",
    ],
}


def refused(make: Make, folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines said; the run ends with 2 and touches nothing."""
    code = run(["rate", *map(str, make(folder)), "--out", str(out)])
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    return said.err.splitlines()


def test_rate_refuses_each_bad_file_by_its_own_words(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "рейтинг"
    said = refused(make, tmp_path, out, capsys)
    assert said == [_filled(line, tmp_path) for line in REFUSED[make]]
    assert not out.exists()


def _filled(line: str, folder: Path) -> str:
    """The line with the paths and digests of this very run."""
    line = line.replace("{folder}", str(folder))
    if "{digest}" not in line:
        return line
    file = folder / "пакет" / "inspection.csv"
    descriptor = json.loads(file.with_name("datapackage.json").read_text("utf-8"))
    (kept,) = (item["hash"] for item in descriptor["resources"] if item["path"] == file.name)
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    return line.format(found=found, digest=kept.removeprefix("sha256:"))


def test_rate_leaves_an_earlier_rating_as_it_was(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "рейтинг"
    good = pair(tmp_path)
    assert run(["rate", *map(str, good), "--out", str(out)]) == 0
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    refused(make, tmp_path, out, capsys)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "make" in metafunc.fixturenames:
        metafunc.parametrize("make", REFUSED, ids=lambda make: make.__name__)
