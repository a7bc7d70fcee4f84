"""A clerk's way: choose a batch, then one sheet of paper after another, each saved by itself.

The page never shows what anybody else has read on a sheet, nor whether two have read differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from noko.access.loaders import allow, get_place_for, person_of
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.access.wave import get_pile_for
from noko.actions import batch as batches
from noko.actions import sheet as deeds
from noko.core.answers.double_entry import Reading, read_sheet
from noko.core.answers.form import Asked, Form
from noko.core.answers.slip import LONGEST_REMARK, Flaw, condition_text
from noko.core.refusal import Refusal
from noko.models import Batch, Wave, WaveOrganisation
from noko.queries.batch import (
    Turn,
    is_numbered,
    next_turn,
    open_piles,
    own_reading,
    own_sheets,
)
from noko.queries.response import form_of_wave
from noko.templatetags.russian import counted
from noko.web.field.pages import page
from noko.web.requests import text

UNPROCESSABLE, CONFLICT = 422, 409
ANSWER = "a."
"""What the name of a field of an answer begins with."""


class PileForm(forms.Form):
    """A new pile: whose sheets, how many, when they were collected."""

    use_required_attribute = False
    refused_at = {"bad_sheets": "sheets", "bad_day": "day"}

    place = forms.ChoiceField(label="Организация")
    sheets = forms.IntegerField(
        label="Листов в пачке", widget=forms.TextInput({"inputmode": "numeric", "size": 5})
    )
    day = forms.DateField(
        label="День, когда собраны анкеты",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="Под этим днём все листы пачки войдут в ход волны.",
    )

    def __init__(self, places: Sequence[WaveOrganisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for place in places:
            name = str(place.organisation.municipality)
            groups.setdefault(name, []).append((str(place.pk), str(place)))
        choices = [("", "Выберите организацию"), *groups.items()]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def piles(request: HttpRequest) -> HttpResponse:
    """Batches that are not typed to the end, and the beginning of a new one."""
    person = allow(request.user, Permission.RESPONSE_ENTER)
    within = scope_of(person, Permission.RESPONSE_ENTER).condition("organisation__")
    open_places = WaveOrganisation.objects.filter(within, is_open=True).select_related(
        "organisation__municipality"
    )
    places = open_places.order_by("organisation__municipality__sort_key", "organisation__sort_key")
    form = PileForm(list(places), request.POST or None, initial={"day": timezone.localdate()})
    if form.is_valid():
        place = get_place_for(
            person, int(form.cleaned_data.pop("place")), Permission.RESPONSE_ENTER
        )
        try:
            made = batches.begin(place=place, **form.cleaned_data, by=person, now=timezone.now())
        except Refusal as refusal:
            form.add_error(form.refused_at.get(refusal.kind), str(refusal))
        else:
            messages.success(request, f"{made} начата: {counted(made.sheets, SHEETS)}.")
            return redirect("field:sheet", made.pk)
    return page(
        request,
        "piles.html",
        status=UNPROCESSABLE if form.errors else 200,
        piles=open_piles(within, person),
        form=form if places else None,
    )


SHEETS = "лист,листа,листов"


# A page that the browser has kept would show a sheet that is typed already.
@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, key: int) -> HttpResponse:
    """An empty sheet; after saving, the next one."""
    batch = get_pile_for(request.user, key)
    form = form_of_wave(batch.wave)
    if request.method == "POST":
        return _save(request, batch, form)
    person = person_of(request.user)
    wanted = _number(text(request, "sheet"))
    own = own_reading(batch, wanted, person) if wanted else None
    if own is not None:
        values = own.values
        return _shown(request, batch, form, Turn(wanted, True), values, own=own, mine=True)
    decided = batches.decided_sheets(batch)
    turn = next_turn(batch, person, decided, _number(text(request, "after")))
    if wanted and 1 <= wanted <= (batch.sheets or 0) and wanted not in decided:
        turn = Turn(wanted, is_numbered(batch, wanted))
    return _shown(request, batch, form, turn, {})


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _typed(values: Mapping[str, str]) -> dict[str, str]:
    return {name[len(ANSWER) :]: v for name, v in values.items() if name.startswith(ANSWER)}


def _save(request: HttpRequest, batch: Batch, form: Form) -> HttpResponse:
    turn = _turn(request)
    typed, spoilt = _typed(request.POST), "spoilt" in request.POST
    reading, flaws, left_out = _read(form, typed, spoilt)
    mine = "mine" in request.POST
    own = Reading({}, spoilt)
    if flaws:
        return _shown(
            request, batch, form, turn, typed, own=own, mine=mine, flaws=flaws,
            status=UNPROCESSABLE,
        )  # fmt: skip
    try:
        _do(request, batch, turn, reading, mine)
    except Refusal as refusal:
        turn = _offered(request, batch, turn, refusal)
        return _shown(
            request, batch, form, turn, typed, own=own, refusal=refusal,
            mine=mine and refusal.kind != "sheet_not_yours", status=CONFLICT,
        )  # fmt: skip
    messages.success(request, f"Лист № {turn.sheet} сохранён.{_told(form, left_out)}")
    return redirect(f"{request.path}?after={turn.sheet}")


def _turn(request: HttpRequest) -> Turn:
    """The number that was sent; another one than was offered is read off the paper."""
    sheet = _number(request.POST.get("sheet", "").strip())
    offered = _number(request.POST.get("offered", ""))
    return Turn(sheet, request.POST.get("numbered") == "1" or sheet != offered)


def _do(request: HttpRequest, batch: Batch, turn: Turn, reading: Reading, mine: bool) -> None:
    person, now = person_of(request.user), timezone.now()
    if mine:
        deeds.correct(batch=batch, sheet=turn.sheet, reading=reading, by=person, now=now)
    else:
        deeds.type_sheet(
            batch=batch, sheet=turn.sheet, reading=reading, numbered=turn.numbered, by=person,
            now=now,
        )  # fmt: skip


def _read(
    form: Form, typed: Mapping[str, str], spoilt: bool
) -> tuple[Reading, Sequence[Flaw], Sequence[Asked]]:
    if not spoilt:
        given, left_out = read_sheet(form, typed)
        return Reading(given.values), given.flaws, left_out
    if any(typed.values()):
        message = "Лист отмечен как пустой или испорченный, но ответы есть. Оставьте одно из двух."
        return Reading({}), [Flaw("spoilt", "spoilt_with_answers", message)], ()
    return Reading({}, spoilt=True), (), ()


def _offered(request: HttpRequest, batch: Batch, turn: Turn, refusal: Refusal) -> Turn:
    """A free number for a sheet whose number somebody else was faster to write."""
    if refusal.kind != "sheet_number_taken":
        return turn
    decided = batches.decided_sheets(batch)
    numbered = {*decided, *batch.typings.values_list("sheet", flat=True)}
    free = (n for n in range(1, (batch.sheets or 0) + 1) if n not in numbered)
    return Turn(next(free, turn.sheet), numbered=False)


def _told(form: Form, left_out: Sequence[Asked]) -> str:
    if not left_out:
        return ""
    questions = ", ".join(f"{item.number} (его задают, {condition_text(form, item)})"
                          for item in left_out)  # fmt: skip
    return f" Не учтён ответ на вопрос {questions}."


def _shown(
    request: HttpRequest,
    batch: Batch,
    form: Form,
    turn: Turn | None,
    values: Mapping[str, object],
    *,
    own: Reading | None = None,
    mine: bool = False,
    flaws: Sequence[Flaw] = (),
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    batch.refresh_from_db()
    context = {
        "batch": batch,
        "place": batch.place,
        "turn": turn,
        "mine": mine,
        "spoilt": own is not None and own.spoilt,
        "questions": _questions(form, values, flaws),
        "form": form,
        "flaws": flaws,
        "refusal": refusal,
        "decided": batch.accepted + batch.spoilt,
        "own": own_sheets(batch, person_of(request.user)),
        "closed": batch.wave.status != Wave.Status.OPEN or batch.status == Batch.Status.REMOVED,
        "longest": LONGEST_REMARK,
    }
    return page(request, "sheet.html", status=status, **context)


def _questions(
    form: Form, values: Mapping[str, object], flaws: Sequence[Flaw]
) -> list[dict[str, Any]]:
    return [
        {
            "asked": item,
            "name": f"{ANSWER}{item.id}",
            "value": str(values.get(item.id, "")),
            "only_if": condition_text(form, item),
            "flaws": [flaw.message for flaw in flaws if flaw.question == item.id],
        }
        for item in form.asked
    ]
