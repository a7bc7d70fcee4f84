"""Batches of a wave: how they go, what two clerks have read differently, and their removal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_batch_for, get_wave_for
from noko.actions import batch as deeds
from noko.actions import sheet as sheets
from noko.core.answers.double_entry import Disagreement, Reading, disagreements
from noko.core.answers.form import Asked, Form
from noko.core.answers.slip import read_given
from noko.core.refusal import Problem, Refusal
from noko.models import Batch, SheetTyping, Wave
from noko.queries.batch import BOTH, batches_of, counts_of, piles
from noko.queries.journal import of_thing
from noko.queries.response import form_of_wave
from noko.templatetags.russian import counted, long_date, moment
from noko.web.office.batch_forms import RecountForm, RemovalForm
from noko.web.office.journal import shown
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, frame, under_batches

SHEETS = "лист,листа,листов"
ANSWERS = "анкета,анкеты,анкет"
FIRST, SECOND, ELSE = "first", "second", "else"
TAGS = {"open": "underway", "taken": "done", "removed": ""}


@require_GET
def batches(request: HttpRequest, key: int) -> HttpResponse:
    """Every batch of the wave: paper with its progress, files with what they brought."""
    found = get_wave_for(request.user, key, Permission.BATCH_MANAGE)
    rows = batches_of(found)
    return page(
        request,
        "wave/batches.html",
        SECTION,
        **frame(request, found, "wave_batches"),
        piles=[
            (pile, TAGS[pile.batch.status]) for pile in piles(rows.filter(kind=Batch.Kind.PAPER))
        ],
        files=[(item, TAGS[item.status]) for item in rows.filter(kind=Batch.Kind.FILE)],
        waiting=found.imports.filter(kind="answers", status="previewed"),
        is_open=found.status == Wave.Status.OPEN,
    )


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """One batch with its history; the number of sheets may be put right."""
    item = get_batch_for(request.user, key, number)
    form = RecountForm(request.POST or None, initial={"sheets": item.sheets})
    if form.is_valid() and item.kind == Batch.Kind.PAPER:
        try:
            deeds.recount(
                batch=item, **form.cleaned_data, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Число листов исправлено.")
            return redirect("office:batch", key, number)
    [pile] = piles([item])
    paper = item.kind == Batch.Kind.PAPER
    is_open = item.wave.status == Wave.Status.OPEN and item.status != Batch.Status.REMOVED
    return page(
        request,
        "wave/batch.html",
        SECTION,
        **under_batches(request, item.wave),
        batch=item,
        pile=pile if paper else None,
        facts=_facts(item),
        state=TAGS[item.status],
        counts=counts_of(item),
        form=form if paper and is_open else None,
        is_open=is_open,
        history=[shown(entry) for entry in of_thing(item)[:20]],
        status=422 if form.errors else 200,
    )


def _facts(item: Batch) -> list[tuple[str, str]]:
    begun = ", ".join(filter(None, [moment(item.created_at), str(item.created_by or "")]))
    facts = [
        ("Откуда", item.get_kind_display()),
        ("Начата" if item.kind == Batch.Kind.PAPER else "Принята", begun),
    ]
    if item.kind == Batch.Kind.PAPER:
        facts += [
            ("Организация", str(item.place)),
            ("Собраны", long_date(item.day)),
            ("Листов", str(item.sheets)),
            ("Пустых и испорченных", str(item.spoilt)),
        ]
    elif item.source:
        facts += [
            ("Файл", ", ".join(item.source.file_names.values())),
            ("Контрольная сумма файла", item.digest),
        ]
    facts.append(("Принято анкет", str(item.accepted)))
    if item.removed_at:
        removed = ", ".join(filter(None, [moment(item.removed_at), str(item.removed_by or "")]))
        facts += [("Удалена", removed), ("Почему", item.reason)]
    return facts


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """The confirm step: what goes, and that it cannot be taken back."""
    item = get_batch_for(request.user, key, number)
    if item.status == Batch.Status.REMOVED or item.wave.status != Wave.Status.OPEN:
        return redirect("office:batch", key, number)
    form = RemovalForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.remove(
                batch=item, **form.cleaned_data, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = counted(item.accepted, "анкета,анкеты,анкет")
            messages.success(request, f"{item} удалена. Из волны убрано: {done}.")
            return redirect("office:wave_batches", key)
    what = f": {item.place}" if item.place else ""
    number_ = counted(item.accepted, "анкета,анкеты,анкет")
    changes = [
        f"{item}{what}. Из волны будет убрано: {number_}.",
        "Введённые листы и сам ввод будут стёрты."
        if item.kind == Batch.Kind.PAPER
        else "Этот же файл после удаления можно принять снова.",
        "Пачка и причина останутся в списке пачек и в журнале.",
    ]
    return page(
        request,
        "wave/batch_remove.html",
        SECTION,
        **under_batches(request, item.wave),
        batch=item,
        form=form,
        changes=changes,
        button=f"Удалить пачку: {number_}",
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, key: int, number: int, sheet: int) -> HttpResponse:
    """What two clerks have read differently on a sheet; a third looks at the paper and decides."""
    item = get_batch_for(request.user, key, number)
    pair = list(item.typings.filter(sheet=sheet).select_related("clerk"))
    if len(pair) < BOTH:
        if request.method == "GET":
            raise Http404(f"Лист № {sheet} сверять не нужно.")
        messages.info(request, f"Лист № {sheet} уже решён.")
        return redirect("office:batch", key, number)
    form = form_of_wave(item.wave)
    problems: list[str] = []
    if request.method == "POST":
        try:
            done = _settle(request, item, sheet, form, pair)
        except Refusal as refusal:
            problems = refusal.lines()
        else:
            messages.success(request, done)
            return redirect("office:batch", key, number)
    return page(
        request,
        "wave/sheet.html",
        SECTION,
        **under_batches(request, item.wave),
        **_compared(form, pair, request.POST),
        batch=item,
        sheet=sheet,
        pair=pair,
        own=person_of(request.user) in [typing.clerk for typing in pair],
        problems=problems,
        status=422 if problems else 200,
    )


def _settle(
    request: HttpRequest, item: Batch, sheet: int, form: Form, pair: list[SheetTyping]
) -> str:
    person, now = person_of(request.user), timezone.now()
    if "give_back" in request.POST:
        sheets.give_back(batch=item, sheet=sheet, by=person, now=now)
        return f"Лист № {sheet} возвращён: его введут заново."
    if pair[0].spoilt != pair[1].spoilt:
        verdict = request.POST.get("spoilt", "")
        if verdict not in ("0", "1"):
            raise Refusal("Решение не выбрано.", kind="undecided", cure="Отметьте одно из двух.")
        decided: Mapping[str, int | str] = {}
        spoilt = verdict == "1"
    else:
        spoilt = False
        first, second = map(sheets.reading_of, pair)
        decided = _decided(form, disagreements(form, first.values, second.values), request.POST)
    sheets.settle(batch=item, sheet=sheet, decided=decided, spoilt=spoilt, by=person, now=now)
    return f"Лист № {sheet} решён."


def _decided(
    form: Form, differing: list[Disagreement] | Any, posted: Mapping[str, str]
) -> dict[str, int | str]:
    """What the third has chosen question by question. Refusal ``undecided``."""
    chosen: dict[str, object] = {}
    open_ = []
    for item in differing:
        choice = posted.get(f"c.{item.asked.id}")
        if choice is None:
            open_.append(item.asked.number)
        elif item.asked.kind == "choice":
            chosen[item.asked.id] = choice
        else:
            own = posted.get(f"t.{item.asked.id}", "")
            chosen[item.asked.id] = {FIRST: item.first, SECOND: item.second, ELSE: own}.get(choice)
    if open_:
        raise Refusal(
            f"Не решено по вопросам: {', '.join(map(str, open_))}.",
            kind="undecided",
            cure="Посмотрите на лист и отметьте, что на нём стоит.",
        )
    given = read_given(form, chosen)
    wrong = [
        flaw for flaw in given.flaws if flaw.kind in ("not_an_option", "not_a_number", "too_long")
    ]
    if wrong:
        raise Refusal(
            "Решение записать нельзя.", kind="bad_answers", cure="Исправьте названное.",
            problems=[Problem(flaw.message) for flaw in wrong],
        )  # fmt: skip
    return given.values


def _compared(form: Form, pair: list[SheetTyping], posted: Mapping[str, str]) -> dict[str, Any]:
    """What the page lays side by side."""
    first, second = map(sheets.reading_of, pair)
    if first.spoilt != second.spoilt:
        read = second if first.spoilt else first
        return {"rows": [], "read": _words(form, read), "one_spoilt": True}
    rows = [
        {
            "asked": item.asked,
            "first": _word(item.asked, item.first),
            "second": _word(item.asked, item.second),
            "options": _options(item),
            "chosen": posted.get(f"c.{item.asked.id}"),
            "own": posted.get(f"t.{item.asked.id}", ""),
        }
        for item in disagreements(form, first.values, second.values)
    ]
    return {"rows": rows, "read": [], "one_spoilt": False}


def _options(item: Disagreement) -> list[tuple[str, str]]:
    if item.asked.kind == "choice":
        options = [(str(option.value), option.label) for option in item.asked.options]
        return [*options, ("", "пусто")]
    return [(FIRST, "как в первом вводе"), (SECOND, "как во втором"), (ELSE, "иначе:")]


def _words(form: Form, reading: Reading) -> list[tuple[Asked, str]]:
    return [(asked, _word(asked, reading.values.get(asked.id))) for asked in form.asked]


def _word(asked: Asked, value: int | str | None) -> str:
    if value is None:
        return "пусто"
    labels = {option.value: option.label for option in asked.options}
    return labels.get(value, str(value)) if isinstance(value, int) else value
