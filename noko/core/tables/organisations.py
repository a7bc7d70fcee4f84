"""A list of organisations as people keep it: good rows beside the rejected ones, with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noko.core.refusal import Problem, Refusal
from noko.core.tables.columns import (
    INN,
    MUNICIPALITY,
    OGRN,
    ORGANISATION,
    TYPE,
    Field,
    missing_column,
    refuse_doubled,
    suggest_mapping,
)
from noko.core.tables.identifiers import (
    Mended,
    mend_day,
    mend_email,
    mend_inn,
    mend_kpp,
    mend_ogrn,
    mend_site,
)
from noko.core.tables.names import typographic_key
from noko.core.tables.sheet import (
    Sheet,
    Table,
    body,
    error_in,
    locate,
    no_rows,
    refusal,
    refuse_merged,
    text_of,
    unused_notes,
    wide_rows,
)
from noko.core.tables.text import plain

FULL_NAME = Field(
    "full_name", "Полное наименование", ("Полное название", "Полное наименование организации")
)
SHORT_NAME = Field(
    "short_name",
    "Краткое наименование",
    ("Сокращённое наименование", "Краткое название", "Сокращённое название"),
)
ANY_NAME = Field(
    "organisation",
    ORGANISATION.title,
    tuple(
        name for name in ORGANISATION.synonyms if name not in (FULL_NAME.title, SHORT_NAME.title)
    ),
)
FIELDS = (
    FULL_NAME,
    SHORT_NAME,
    ANY_NAME,
    TYPE,
    MUNICIPALITY,
    INN,
    OGRN,
    Field("kpp", "КПП"),
    Field("founder", "Учредитель"),
    Field("address", "Адрес", ("Юридический адрес", "Место нахождения", "Адрес организации")),
    Field("site", "Сайт", ("website", "Официальный сайт", "Адрес сайта", "Сайт организации")),
    Field("phone", "Телефон", ("Контактный телефон", "Телефон организации")),
    Field("email", "Электронная почта", ("e-mail", "Адрес электронной почты", "Эл. почта")),
    Field("busgov_id", "Номер на bus.gov.ru", ("bus.gov.ru",)),
    Field("reg_number", "Номер в сводном реестре", ("Реестровый номер", "Код по сводному реестру")),
    Field(
        "enrolment",
        "Получателей услуг",
        ("recipients", "Численность обучающихся", "Количество обучающихся", "Контингент"),
    ),
    Field("status", "Состояние", ("Статус",)),
    Field("opened_on", "Дата создания", ("Дата открытия",)),
    Field("closed_on", "Дата прекращения", ("Дата закрытия", "Дата ликвидации")),
)

PLAIN = ("municipality", "founder", "address", "phone", "busgov_id", "reg_number")
"""Fields that are taken as they are written."""

LONGEST = {
    "full_name": 700,
    "short_name": 300,
    "municipality": 200,
    "founder": 300,
    "address": 500,
    "site": 300,
    "phone": 100,
    "email": 254,
    "busgov_id": 40,
    "reg_number": 20,
}
"""How many characters the registry holds."""

MOST_RECIPIENTS = 1_000_000
"""No organisation has more; a longer number is a telephone or an INN in the wrong column."""

TYPES = {
    "preschool": ("дошкольная", "дошкольные", "дошкольное", "доо", "доу", "до", "детский сад",
                  "дошкольная организация", "дошкольная образовательная организация"),
    "general": ("общеобразовательная", "общеобразовательные", "общеобразовательное", "оо", "оу",
                "школа", "общеобразовательная организация"),
    "supplementary": ("дополнительного образования", "дополнительное образование", "дод", "удо",
                      "одо", "организация дополнительного образования"),
    "vocational": ("профессиональная", "профессиональные", "профессиональное", "спо", "поо",
                   "профессиональная образовательная организация",
                   "среднее профессиональное образование"),
}  # fmt: skip
"""Codes of the types and what people write for them."""

STATUSES = {
    "active": ("действует", "действующая", "действующее"),
    "reorganised": ("реорганизована", "реорганизовано", "в стадии реорганизации"),
    "closed": ("ликвидирована", "ликвидировано", "закрыта", "недействующая"),
}


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation; texts are "" and ``enrolment`` None where the file says nothing.

    ``type`` and ``status`` are codes, days are written as 2026-09-01; ``number`` is the row in the
    file, from 1.
    """

    number: int
    full_name: str
    short_name: str
    type: str = ""
    municipality: str = ""
    inn: str = ""
    ogrn: str = ""
    kpp: str = ""
    founder: str = ""
    address: str = ""
    site: str = ""
    phone: str = ""
    email: str = ""
    busgov_id: str = ""
    reg_number: str = ""
    enrolment: int | None = None
    status: str = ""
    opened_on: str = ""
    closed_on: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken, and every reason."""

    number: int
    name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class OrganisationsTable:
    """``given``: the fields that the file has columns for; others say nothing about changes.

    ``spelt``: those whose spelling the file is not asked about: capitals, quotes, dashes.
    """

    rows: tuple[OrganisationRow, ...]
    rejected: tuple[Rejected, ...]
    given: frozenset[str]
    ignored: tuple[str, ...]
    warnings: tuple[Problem, ...]
    spelt: frozenset[str] = frozenset()

    def refusal(self) -> Refusal:
        """All reasons of all rejected rows, for where only a whole list will do."""
        problems = [problem for row in self.rejected for problem in row.problems]
        return refusal("Перечень организаций не принят.", problems, kind="bad_cells")


def read_organisations(
    sheets: Sequence[Sheet], *, columns: Mapping[str, str] | None = None
) -> OrganisationsTable:
    """Rows of the list; a row with a fault is rejected with its reasons, the others stand.

    Refusals: ``missing_column`` (no name at all), ``ambiguous_column``, ``merged_cells``,
    ``several_sheets``, ``no_rows``.
    """
    table = locate(sheets, lambda headers: len(suggest_mapping(headers, FIELDS).columns))
    mapping = suggest_mapping(table.headers, FIELDS, chosen=columns)
    refuse_doubled(table, mapping)
    found = dict(mapping.columns)
    names = [key for key in ("full_name", "short_name", "organisation") if key in found]
    if not names:
        raise missing_column(table, [FULL_NAME])
    refuse_merged(table, list(found.values()))
    rows = body(table, name_column=found[names[0]])
    if not rows:
        raise no_rows(table.sheet.file, table.sheet.name)
    reader = _Reader(table, found)
    wide = {problem.place.row: problem for problem in wide_rows(table, rows)}
    for row in rows:
        reader.read(row, wide.get(row + 1))
    reader.reject_repeated()
    used = list(found.values())
    return OrganisationsTable(
        tuple(reader.rows),
        tuple(sorted(reader.rejected, key=lambda item: item.number)),
        frozenset(found),
        tuple(unused_notes(table, used)),
        tuple(reader.warnings),
    )


class _Reader:
    """Reads row by row; what is wrong with a row rejects that row alone."""

    def __init__(self, table: Table, columns: Mapping[str, int]) -> None:
        self.table = table
        self.columns = columns
        self.rows: list[OrganisationRow] = []
        self.rejected: list[Rejected] = []
        self.warnings: list[Problem] = []

    def read(self, row: int, wide: Problem | None) -> None:
        texts = {
            key: text_of(self.table.value(row, at)).replace("\x00", "")
            for key, at in self.columns.items()
        }
        problems = [wide] if wide else []
        problems += self._formula_errors(row)
        name = texts.get("full_name") or texts.get("short_name") or texts.get("organisation", "")
        if not typographic_key(name):
            at = next(key for key in ("full_name", "short_name", "organisation") if key in texts)
            problems.append(
                self._problem("не указано название.", "Впишите его или удалите строку.", row, at)
            )
        values = {
            "inn": self._mended("inn", mend_inn, texts, row, problems),
            "ogrn": self._mended("ogrn", mend_ogrn, texts, row, problems),
            "kpp": self._warned("kpp", mend_kpp, texts, row),
            "site": self._warned("site", mend_site, texts, row),
            "email": self._warned("email", mend_email, texts, row),
            "opened_on": self._warned("opened_on", mend_day, texts, row),
            "closed_on": self._warned("closed_on", mend_day, texts, row),
            "type": self._code("type", TYPES, texts, row, problems),
            "status": self._code("status", STATUSES, texts, row, problems),
        }
        enrolment = self._enrolment(texts, row, problems)
        problems += self._too_long(texts, row)
        if problems:
            self.rejected.append(Rejected(row + 1, name, tuple(problems)))
            return
        plain_texts = {key: texts.get(key, "") for key in PLAIN}
        short = texts.get("short_name") or texts.get("organisation") or name
        short = short[: LONGEST["short_name"]]
        self.rows.append(
            OrganisationRow(row + 1, name, short, enrolment=enrolment, **values, **plain_texts)
        )

    def _problem(self, message: str, cure: str, row: int, key: str) -> Problem:
        return Problem(message, cure, self.table.place(row, self.columns.get(key)))

    def _too_long(self, texts: Mapping[str, str], row: int) -> list[Problem]:
        limits = LONGEST | {"organisation": LONGEST["short_name"]}
        return [
            self._problem(
                f"{len(text)} знаков, а помещается {limits[key]}.", "Сократите.", row, key
            )
            for key, text in texts.items()
            if len(text) > limits.get(key, len(text))
        ]

    def _formula_errors(self, row: int) -> list[Problem]:
        return [
            self._problem(f"в ячейке ошибка формулы {error}.", "Впишите значение.", row, key)
            for key, at in self.columns.items()
            if (error := error_in(self.table.value(row, at)))
        ]

    def _mended(
        self,
        key: str,
        mend: object,
        texts: Mapping[str, str],
        row: int,
        problems: list[Problem],
    ) -> str:
        """An identifier: a wrong one rejects the row."""
        mended: Mended = mend(texts.get(key, ""))  # type: ignore[operator]
        if mended.error:
            problems.append(self._problem(mended.error, "Проверьте номер по ЕГРЮЛ.", row, key))
        elif mended.note:
            self.warnings.append(self._problem(f"{mended.note}.", "", row, key))
        return mended.value

    def _warned(self, key: str, mend: object, texts: Mapping[str, str], row: int) -> str:
        """A value that may be wrong without harm: it is left out and said."""
        mended: Mended = mend(texts.get(key, ""))  # type: ignore[operator]
        if mended.error:
            message = f"{mended.error} Поле оставлено пустым."
            self.warnings.append(self._problem(message, "Уточните у организации.", row, key))
        elif mended.note:
            self.warnings.append(self._problem(f"{mended.note}.", "", row, key))
        return mended.value

    def _code(
        self,
        key: str,
        known: Mapping[str, tuple[str, ...]],
        texts: Mapping[str, str],
        row: int,
        problems: list[Problem],
    ) -> str:
        text = plain(texts.get(key, ""))
        if not text:
            return ""
        for code, words in known.items():
            if text == code or text in {plain(word) for word in words}:
                return code
        listed = ", ".join(words[0] for words in known.values())
        problems.append(
            self._problem(f"«{texts[key]}» не распознано.", f"Укажите: {listed}.", row, key)
        )
        return ""

    def _enrolment(self, texts: Mapping[str, str], row: int, problems: list[Problem]) -> int | None:
        text = texts.get("enrolment", "").replace(" ", "")
        if not text:
            return None
        if text.isascii() and text.isdigit() and int(text) <= MOST_RECIPIENTS:
            return int(text)
        what = "слишком большое число" if text.isdigit() else "не целое число"
        problems.append(
            self._problem(
                f"«{texts['enrolment']}» – {what}.",
                "Укажите число людей.",
                row,
                "enrolment",
            )
        )
        return None

    def reject_repeated(self) -> None:
        """Rows that name an organisation once more: the first one stands."""
        twins = repeated(self.rows)
        for item in self.rows:
            if item.number not in twins:
                continue
            problem = Problem(
                f"эта организация уже есть в строке {twins[item.number]}.",
                "Оставьте одну из строк.",
                self.table.place(item.number - 1),
            )
            self.rejected.append(Rejected(item.number, item.full_name, (problem,)))
        self.rows = [item for item in self.rows if item.number not in twins]


def repeated(rows: Sequence[OrganisationRow]) -> dict[int, int]:
    """Number of a row that names an organisation once more → number of its first row."""
    seen: dict[tuple[str, str], int] = {}
    twins: dict[int, int] = {}
    for item in rows:
        keys = [(key, value) for key in ("inn", "ogrn") if (value := getattr(item, key))]
        place = typographic_key(item.municipality)
        keys.append((f"name {place}", typographic_key(item.full_name)))
        twin = next((seen[key] for key in keys if key in seen), None)
        if twin is None:
            seen.update(dict.fromkeys(keys, item.number))
        else:
            twins[item.number] = twin
    return twins
