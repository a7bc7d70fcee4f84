"""A file of another system on its way into an open wave: read, matched, counted, dropped.

Names are joined to the organisations of the wave as in every file; forms made here hold the code
of a link or the INN instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Any

from django.utils import timezone

from noko.actions.batch_file import Drop
from noko.core.refusal import Refusal
from noko.core.tables.sheet import Sheet
from noko.core.tables.slip_cells import Period
from noko.core.tables.slips import SlipRow, SlipsTable, columns_in, read_slips
from noko.exchange.intake import Decisions, Incoming, Intake, match, titled
from noko.models import Organisation, Wave
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave

ROLE = "answers"
ROWS_SHOWN = 12
REPEATED = "уже принята в другой пачке"
SKIPPED = "организацию решено не включать"


def period_of(wave: Wave, today: date) -> Period:
    """From the day of the opening, or the announced beginning if that is earlier, to today."""
    opened = timezone.localdate(wave.opened_at) if wave.opened_at else wave.starts_on
    return Period(min(opened, wave.starts_on), today)


def take_in_slips(
    sheets: Sequence[Sheet], wave: Wave, decisions: Decisions, *, today: date
) -> Intake:
    """What is known of the file; ``problems`` say why it could not be read as a whole."""
    edition = get_edition(wave.cycle.edition)
    languages = sorted(wave.additions.get("wordings", {}))
    forms = [form_of_wave(wave), *(form_of_wave(wave, code) for code in languages)]
    registry = list(Organisation.objects.select_related("municipality").filter(waves__wave=wave))
    choice = decisions.columns.get(ROLE, {})
    file = Incoming(ROLE)
    intake = Intake(edition, decisions, {ROLE: file}, registry)
    try:
        file.columns = columns_in(sheets, edition, forms[0], {})
        file.table = read_slips(
            sheets, edition, forms, period=period_of(wave, today), choice=choice
        )
    except Refusal as refusal:
        file.problems = refusal.lines()
        return intake
    file.references = file.table.organisations
    _match_codes(intake, file, wave)
    return intake


def _match_codes(intake: Intake, file: Incoming, wave: Wave) -> None:
    """Codes of links, and INN or OGRN in the place of a name, are certain: forms made here hold
    them. Everything else goes by name."""
    codes = dict(wave.places.values_list("code", "organisation"))
    for item in intake.registry:
        codes |= {number: item.pk for number in (item.inn, item.ogrn) if number}
    by_key = {item.pk: item for item in intake.registry}
    whole = file.references
    known = {
        place: by_key[codes[item.name.casefold()]]
        for place, item in enumerate(whole)
        if codes.get(item.name.casefold()) in by_key
    }
    others = [place for place in range(len(whole)) if place not in known]
    file.references = tuple(whole[place] for place in others)
    match(intake, file, intake.registry)
    file.matched = known | {others[place]: item for place, item in file.matched.items()}
    file.skipped = {others[place] for place in file.skipped}
    file.references = whole
    intake.certain += len(known)


def slips_of(intake: Intake) -> SlipsTable | None:
    table = intake.files[ROLE].table
    return table if isinstance(table, SlipsTable) else None


def keys_of(intake: Intake) -> list[str]:
    """By what the rows are known again in another file."""
    table = slips_of(intake)
    return [row.key for row in table.rows if row.key] if table else []


def taken_rows(intake: Intake, repeated: Set[str]) -> list[tuple[SlipRow, Organisation]]:
    """Rows that go into the wave, each with its organisation. ``repeated``: keys that are in."""
    table = slips_of(intake)
    matched = intake.files[ROLE].matched
    return [
        (row, matched[row.organisation])
        for row in (table.rows if table else ())
        if row.organisation in matched and row.key not in repeated
    ]


def drops_of(wave: Wave, rows: Sequence[tuple[SlipRow, Organisation]], today: date) -> list[Drop]:
    """Boxes of the batch: organisation and day → patterns, profile and remarks."""
    places = dict(wave.places.values_list("organisation", "pk"))
    boxes: dict[tuple[int, date], Drop] = {}
    for row, organisation in rows:
        key = (places[organisation.pk], row.day or today)
        box = boxes.setdefault(key, Drop(*key))
        box.answers[row.slip.pattern] += 1
        box.profile.update(row.slip.profile)
        box.remarks.update(row.slip.remarks)
    return list(boxes.values())


# --- the preview ------------------------------------------------------------------------------


def preview_of_slips(intake: Intake, name: str, repeated: Set[str]) -> dict[str, Any]:
    """What the page shows, as plain JSON."""
    file, table = intake.files[ROLE], slips_of(intake)
    taken = taken_rows(intake, repeated)
    rejected = _rejected(intake, repeated)
    problems = file.problems
    return {
        "ready": bool(taken) and not problems and not intake.open_names,
        "problems": problems,
        "files": [
            {
                "role": ROLE,
                "name": name,
                "read": table is not None,
                "names": len(file.references),
                "rows": len(table) if table else 0,
                "columns": [[item.letter, item.header, item.field] for item in file.columns],
                "ignored": list(table.ignored) if table else [],
                "warnings": _warnings(table),
            }
        ],
        "certain": intake.certain,
        "open": [
            {"label": label, "candidates": [list(item) for item in found]}
            for label, found in sorted(intake.open_names.items())
        ],
        "free": [[item.pk, titled(item)] for item in intake.registry] if intake.open_names else [],
        "only": {},
        "skipped": [],
        "organisations": len({organisation.pk for _, organisation in taken}),
        "respondents": len(taken),
        "by_organisation": _by_organisation(intake, taken, rejected),
        "rejected": _by_reason(rejected),
        "rejected_number": len(rejected),
    }


def _warnings(table: SlipsTable | None) -> list[str]:
    if table is None:
        return []
    left_out = (
        f"Не учтены ответы на вопросы, которые по условию не задаются: анкет {table.superfluous}."
    )
    return [*table.warnings, *([left_out] if table.superfluous else [])]


def _rejected(intake: Intake, repeated: Set[str]) -> list[tuple[int, int, str]]:
    """Row of the file, position of the organisation, why it does not go in."""
    table = slips_of(intake)
    if table is None:
        return []
    skipped = intake.files[ROLE].skipped
    found = [(row.number, row.organisation, row.reason) for row in table.rejected]
    for row in table.rows:
        if row.organisation in skipped:
            found.append((row.number, row.organisation, SKIPPED))
        elif row.key in repeated:
            found.append((row.number, row.organisation, REPEATED))
    return sorted(found)


def _by_organisation(
    intake: Intake,
    taken: Sequence[tuple[SlipRow, Organisation]],
    rejected: Sequence[tuple[int, int, str]],
) -> list[list[Any]]:
    """Title of the organisation, taken, rejected; what has no organisation yet by its own name."""
    file = intake.files[ROLE]
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for _, organisation in taken:
        numbers[titled(organisation)][0] += 1
    for _, place, _ in rejected:
        known = file.matched.get(place)
        numbers[titled(known) if known else file.references[place].name][1] += 1
    return [[name, *both] for name, both in sorted(numbers.items())]


def _by_reason(rejected: Sequence[tuple[int, int, str]]) -> list[list[Any]]:
    """Reason, how many rows, the first of them; the commonest first."""
    rows: dict[str, list[int]] = defaultdict(list)
    for number, _, reason in rejected:
        rows[_general(reason)].append(number)
    ordered = sorted(rows.items(), key=lambda item: (-len(item[1]), item[0]))
    return [[reason, len(found), found[:ROWS_SHOWN]] for reason, found in ordered]


def _general(reason: str) -> str:
    """Rows that repeat others are one reason, whichever they repeat."""
    return "повторяет другую строку файла" if reason.startswith("повторяет строку") else reason


def counted_organisations(
    rows: Sequence[tuple[SlipRow, Organisation]],
) -> Mapping[str, int]:
    """Name of the organisation → answers: for the journal."""
    return dict(sorted(Counter(organisation.short_name for _, organisation in rows).items()))
