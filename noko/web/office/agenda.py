"""An item of the agenda: its wording and materials, its discussion, its vote."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.council import (
    get_ballot_for,
    get_item_for,
    get_material_for,
    get_session_for,
)
from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.actions import agenda as deeds
from noko.actions import vote
from noko.core.refusal import Refusal
from noko.models import AgendaItem, Attendance, Ballot, Session, VoteChoice
from noko.queries.council import attendance
from noko.queries.council_rules import voting_rule
from noko.web.files import kept_file
from noko.web.office.council import SECTION
from noko.web.office.council_forms import ItemForm, MaterialForm, NoteForm, ReasonForm
from noko.web.office.pages import page
from noko.web.office.session import session_crumbs
from noko.web.office.session_page import row_of, voted_in

_I = AgendaItem.Status


@require_http_methods(["GET", "POST"])
def new_item(request: HttpRequest, key: int) -> HttpResponse:
    session = get_session_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = ItemForm(session, request.POST or None)
    if form.is_valid():
        try:
            made = deeds.put_on_agenda(
                session=session, **form.facts(), by=person, now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Вопрос внесён в повестку. Здесь можно добавить материалы.")
            return redirect("office:agenda_item", made.pk)
    context: dict[str, Any] = {
        "form": form,
        "title": "Новый вопрос повестки",
        "button": "Внести в повестку",
    }
    status = 422 if form.errors else 200
    crumbs = session_crumbs(session)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_http_methods(["GET", "POST"])
def edit_item(request: HttpRequest, key: int) -> HttpResponse:
    item = get_item_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    names = ("title", "speaker", "kind", "draft_decision", "secret")
    form = ItemForm(
        item.session,
        request.POST or None,
        initial={name: getattr(item, name) for name in names},
    )
    if form.is_valid():
        try:
            deeds.change_item(item=item, **form.facts(), by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Вопрос сохранён.")
            return redirect("office:agenda_item", item.pk)
    context: dict[str, Any] = {"form": form, "title": "Вопрос повестки", "button": "Сохранить"}
    status = 422 if form.errors else 200
    crumbs = item_crumbs(item)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_GET
def item(request: HttpRequest, key: int) -> HttpResponse:
    found = get_item_for(request.user, key)
    return page(request, "council/item.html", SECTION, **item_context(found))


def item_context(found: AgendaItem) -> dict[str, Any]:
    session = found.session
    row = row_of(found, None, None)
    ballots = list(found.ballots.order_by("round"))
    return {
        "item": found,
        "session": session,
        "row": row,
        "rule": voting_rule(session.council, found.kind),
        "ballots": [(ballot, _named(ballot)) for ballot in ballots],
        "recusals": found.recusals.select_related("member"),
        "decision": getattr(found, "decision", None),
        "wording": found.status in (_I.WAITING, _I.DISCUSSED)
        and session.status in (Session.Status.PLANNED, Session.Status.INVITED, Session.Status.OPEN),
        "going": session.status == Session.Status.OPEN,
        "following": _following(found),
        "notable": session.status != Session.Status.SIGNED,
        "note": NoteForm(initial={"heard": found.heard, "discussion": found.discussion}),
        "poll": session.kind == Session.Kind.POLL,
        "crumbs": session_crumbs(session),
    }


@require_http_methods(["GET", "POST"])
def note_item(request: HttpRequest, key: int) -> HttpResponse:
    """«Слушали» and «выступили», in the course of the session and after it."""
    found = get_item_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    initial = {"heard": found.heard, "discussion": found.discussion}
    form = NoteForm(request.POST or None, initial=initial)
    if form.is_valid():
        now = timezone.now()
        deed = partial(deeds.note, item=found, **form.cleaned_data, by=person, now=now)
        return _done(request, found, deed, "Запись для протокола сохранена.")
    context: dict[str, Any] = {"form": form, "title": "Запись для протокола", "button": "Сохранить"}
    status = 422 if form.errors else 200
    crumbs = item_crumbs(found)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_http_methods(["GET", "POST"])
def withdraw_item(request: HttpRequest, key: int) -> HttpResponse:
    found = get_item_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        return _done(
            request,
            found,
            lambda: deeds.withdraw(item=found, reason=reason, by=person, now=now),
            "Вопрос снят с повестки.",
        )
    context: dict[str, Any] = {"item": found, "form": form, "crumbs": item_crumbs(found)}
    status = 422 if form.errors else 200
    return page(request, "council/withdraw.html", SECTION, **context, status=status)


@require_POST
def move_item(request: HttpRequest, key: int) -> HttpResponse:
    """What the course of a session does with the item: ``deed`` of the form."""
    found = get_item_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    known: dict[str, tuple[Callable[..., Any], str]] = {
        "before": (deeds.put_before, "Порядок вопросов изменён."),
        "discuss": (vote.discuss, "Совет перешёл к вопросу."),
        "conclude": (vote.conclude, "Вопрос рассмотрен без голосования."),
        "ballot": (vote.open_ballot, "Голосование открыто: члены совета видят кнопки."),
    }
    deed, said = known.get(request.POST.get("deed", ""), (None, ""))
    if deed is None:
        raise Http404("Такого действия нет.")
    now = timezone.now()
    return _done(request, found, lambda: deed(item=found, by=person, now=now), said)


@require_http_methods(["GET", "POST"])
def close_ballot(request: HttpRequest, key: int) -> HttpResponse:
    ballot = get_ballot_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    if request.method == "POST":
        now = timezone.now()
        return _done(
            request,
            ballot.item,
            lambda: vote.close_ballot(ballot=ballot, by=person, now=now),
            "Голосование закрыто, итог подсчитан.",
        )
    lines = [line for line in attendance(ballot.item.session) if line.mark in Attendance.HERE]
    voters = ballot.voted if ballot.secret else ballot.votes
    done = set(voters.values_list("member_id", flat=True))
    done |= set(ballot.item.recusals.values_list("member_id", flat=True))
    context: dict[str, Any] = {
        "ballot": ballot,
        "item": ballot.item,
        "voted": voted_in(ballot),
        "here": len(lines),
        "silent": [line.member for line in lines if line.member_id not in done],
        "crumbs": item_crumbs(ballot.item),
    }
    return page(request, "council/close_ballot.html", SECTION, **context)


@require_http_methods(["GET", "POST"])
def hands(request: HttpRequest, key: int) -> HttpResponse:
    """Raised hands and signed sheets, noted by the secretary for those who do not vote here."""
    ballot = get_ballot_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    lines = [line for line in attendance(ballot.item.session) if line.mark in Attendance.HERE]
    cast = {one.member_id: one for one in ballot.votes.all()}
    away = set(ballot.item.recusals.values_list("member_id", flat=True))
    rows = [
        (line.member, cast.get(line.member_id), _own(line, cast.get(line.member_id)))
        for line in lines
        if line.member_id not in away
    ]
    if request.method == "POST":
        wanted = [
            (member, choice)
            for member, _, own in rows
            if not own
            and (choice := request.POST.get(f"vote-{member.pk}", "")) in VoteChoice.values
        ]
        now = timezone.now()
        deed = partial(vote.note_hands, ballot=ballot, votes=wanted, by=person, now=now)
        return _done(request, ballot.item, deed, "Голоса записаны.")
    context: dict[str, Any] = {
        "ballot": ballot,
        "item": ballot.item,
        "rows": rows,
        "choices": VoteChoice.choices,
    }
    return page(request, "council/hands.html", SECTION, **context, crumbs=item_crumbs(ballot.item))


@require_http_methods(["GET", "POST"])
def new_material(request: HttpRequest, key: int) -> HttpResponse:
    found = get_item_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = MaterialForm(request, *sent)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            deeds.add_material(
                item=found,
                name=file.name,
                content=file.read(),
                annex=form.cleaned_data["annex"],
                by=person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Файл «{file.name}» добавлен.")
            return redirect("office:agenda_item", found.pk)
    context: dict[str, Any] = {
        "form": form,
        "title": "Материал к вопросу",
        "button": "Добавить файл",
    }
    status = 422 if form.errors else 200
    crumbs = item_crumbs(found)
    return page(
        request,
        "council/form.html",
        SECTION,
        **context,
        multipart=True,
        crumbs=crumbs,
        status=status,
    )


@require_GET
def material(request: HttpRequest, key: int) -> FileResponse:
    found = get_material_for(request.user, key)
    return kept_file(found.digest, found.name)


@require_POST
def remove_material(request: HttpRequest, key: int) -> HttpResponse:
    found = get_material_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    item, now = found.item, timezone.now()
    return _done(
        request,
        item,
        lambda: deeds.remove_material(material=found, by=person, now=now),
        f"Файл «{found.name}» удалён.",
    )


def item_crumbs(item: AgendaItem) -> list[tuple[str, str]]:
    url = reverse("office:agenda_item", args=[item.pk])
    return [*session_crumbs(item.session), (f"Вопрос {item.order}", url)]


def _following(item: AgendaItem) -> AgendaItem | None:
    """What the session comes to next, once this item is done with."""
    undone = (_I.WAITING, _I.DISCUSSED, _I.VOTING, _I.TIED)
    if item.session.status != Session.Status.OPEN or item.status in undone:
        return None
    return item.session.items.filter(status=_I.WAITING).order_by("order").first()


def _named(ballot: Ballot) -> list[tuple[str, list[str]]]:
    """Who voted what, once an open ballot is closed; of a secret one never."""
    if ballot.secret or not ballot.outcome:
        return []
    votes = list(ballot.votes.select_related("member"))
    rows = [
        (choice.label, [str(one.member) for one in votes if one.choice == choice])
        for choice in VoteChoice
    ]
    return [(word, names) for word, names in rows if names]


def _own(line: Attendance, cast: Any) -> bool:
    """Whether the member has voted by themselves: nobody notes a hand over it."""
    person = line.member.person_id
    return cast is not None and person is not None and cast.by_id == person


def _done(
    request: HttpRequest, item: AgendaItem, deed: Callable[[], Any], said: str
) -> HttpResponse:
    """Does it and says so on the page of the item, or says there why not."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("office:agenda_item", item.pk)
