"""How far batches have come, and which sheet is next for whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from noko.core.answers.double_entry import Reading
from noko.models import AnswerBox, Batch, Person, SheetTyping, Wave, WaveOrganisation

BOTH = 2


@dataclass(frozen=True, slots=True)
class Pile:
    """A batch on paper. ``once``: sheets that one clerk has typed; ``differing``: those that two
    have read differently (equal readings are accepted at once)."""

    batch: Batch
    once: int
    differing: tuple[int, ...]

    @property
    def untouched(self) -> int:
        return self.batch.left - self.once - len(self.differing)


def piles(batches: Iterable[Batch]) -> list[Pile]:
    """Batches on paper with what their readings tell."""
    listed = list(batches)
    rows = SheetTyping.objects.filter(batch__in=[item.pk for item in listed])
    typed: dict[int, Counter[int]] = defaultdict(Counter)
    typed_rows = rows.values_list("batch", "sheet")
    for key, sheet in typed_rows:
        typed[key][sheet] += 1
    return [_pile(item, typed[item.pk]) for item in listed]


def _pile(batch: Batch, typed: Counter[int]) -> Pile:
    differing = tuple(sorted(sheet for sheet, number in typed.items() if number == BOTH))
    return Pile(batch, len(typed) - len(differing), differing)


@dataclass(frozen=True, slots=True)
class OpenPile:
    """A pile as one clerk meets it. ``waiting``: sheets with room for this clerk's reading;
    ``own``: readings of this clerk that wait for somebody else."""

    pile: Pile
    waiting: int
    own: int


def open_piles(within: Q, clerk: Person) -> list[OpenPile]:
    """Piles of open waves that are not typed to the end."""
    batches = Batch.objects.filter(
        kind=Batch.Kind.PAPER, status=Batch.Status.OPEN, wave__status=Wave.Status.OPEN,
        place__in=WaveOrganisation.objects.filter(within),
    ).select_related("place__organisation__municipality", "wave__cycle", "created_by")  # fmt: skip
    own: dict[int, set[int]] = defaultdict(set)
    rows = SheetTyping.objects.filter(batch__in=batches, clerk=clerk)
    for key, sheet in rows.values_list("batch", "sheet"):
        own[key].add(sheet)
    return [_open_pile(pile, own[pile.batch.pk]) for pile in piles(batches)]


def _open_pile(pile: Pile, own: set[int]) -> OpenPile:
    alone = own.difference(pile.differing)
    return OpenPile(pile, pile.untouched + pile.once - len(alone), len(own))


@dataclass(frozen=True, slots=True)
class Turn:
    """A sheet for a clerk. ``numbered``: the number stands on the paper already."""

    sheet: int
    numbered: bool


def next_turn(batch: Batch, clerk: Person, decided: Set[int], after: int = 0) -> Turn | None:
    """The first sheet beyond ``after`` (then from the beginning) that this clerk may read; None
    when there is none. ``decided``: see :func:`noko.actions.batch.decided_sheets`."""
    readers: dict[int, set[int]] = defaultdict(set)
    for sheet, reader in batch.typings.values_list("sheet", "clerk"):
        readers[sheet].add(reader)
    free = [
        sheet
        for sheet in range(1, (batch.sheets or 0) + 1)
        if sheet not in decided and clerk.pk not in readers[sheet] and len(readers[sheet]) < BOTH
    ]
    if not free:
        return None
    found = next((number for number in free if number > after), free[0])
    return Turn(found, bool(readers[found]))


def own_reading(batch: Batch, sheet: int, clerk: Person) -> Reading | None:
    """What this clerk has read on the sheet, while nothing is decided."""
    found = batch.typings.filter(sheet=sheet, clerk=clerk).first()
    return None if found is None else Reading(found.values, found.spoilt)


def own_sheets(batch: Batch, clerk: Person) -> list[int]:
    """Sheets that this clerk has read and that wait for somebody else."""
    return list(batch.typings.filter(clerk=clerk).values_list("sheet", flat=True))


def is_numbered(batch: Batch, sheet: int) -> bool:
    return batch.typings.filter(sheet=sheet).exists()


def batches_of(wave: Wave) -> QuerySet[Batch]:
    return wave.batches.select_related(
        "place__organisation__municipality", "created_by", "removed_by", "source", "wave__cycle"
    )


def counts_of(batch: Batch) -> Sequence[tuple[WaveOrganisation, int]]:
    """Organisation → answers of the batch that are in the wave."""
    rows = AnswerBox.objects.filter(batch=batch).values_list("place").annotate(n=Sum("number"))
    found = dict(rows)
    places = WaveOrganisation.objects.filter(pk__in=found).select_related(
        "organisation__municipality"
    )
    return [(place, found[place.pk]) for place in places if found[place.pk]]
