"""A member's pages, made for a phone: the answer to an invitation, a vote, a recusal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from noko.access.council import get_item_for, get_session_for, seat_at
from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.actions import session as sessions
from noko.actions import vote as deeds
from noko.core.council_rules import VotingRule
from noko.core.refusal import Refusal
from noko.models import AgendaItem, CouncilMember, VoteChoice
from noko.queries.council_rules import voting_rule
from noko.web.office.council import SECTION
from noko.web.office.council_forms import ReasonForm, ReplyForm
from noko.web.office.pages import page
from noko.web.office.session import session_crumbs
from noko.web.office.session_page import last_ballot, row_of


@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, key: int) -> HttpResponse:
    """What is asked, three buttons, a confirm step, and afterwards what was voted."""
    item = get_item_for(request.user, key, Permission.COUNCIL_VOTE)
    seat = seat_at(request.user, item.session)
    choice = request.POST.get("choice", "")
    if request.method == "POST" and choice in VoteChoice.values:
        if request.POST.get("confirmed"):
            return _cast(request, item, seat, choice)
        return _page(request, item, seat, asked=VoteChoice(choice))
    return _page(request, item, seat, changing="change" in request.GET)


@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, key: int) -> HttpResponse:
    item = get_item_for(request.user, key, Permission.COUNCIL_VOTE)
    seat = seat_at(request.user, item.session)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.recuse(
                item=item,
                member=seat,
                reason=form.cleaned_data["reason"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Самоотвод записан: по этому вопросу вы не голосуете.")
            return redirect("office:session", item.session_id)
    context: dict[str, Any] = {"item": item, "form": form, "crumbs": session_crumbs(item.session)}
    status = 422 if form.errors else 200
    return page(request, "council/recuse.html", SECTION, **context, status=status)


@require_POST
def reply(request: HttpRequest, key: int) -> HttpResponse:
    """Whether the member comes."""
    session = get_session_for(request.user, key, Permission.COUNCIL_VOTE)
    seat = seat_at(request.user, session)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            sessions.reply(
                session=session,
                member=seat,
                **form.cleaned_data,
                by=person_of(request.user),
                now=timezone.now(),
            )
            messages.success(request, "Ответ записан. До начала его можно изменить.")
        except Refusal as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, "Выберите, придёте ли вы.")
    return redirect("office:session", session.pk)


@require_POST
def join(request: HttpRequest, key: int) -> HttpResponse:
    """The member joins a remote session."""
    session = get_session_for(request.user, key, Permission.COUNCIL_VOTE)
    seat = seat_at(request.user, session)
    by = person_of(request.user)
    try:
        sessions.join(session=session, member=seat, by=by, now=timezone.now())
        messages.success(request, "Вы отмечены среди участвующих.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("office:session", session.pk)


def _cast(request: HttpRequest, item: AgendaItem, seat: CouncilMember, choice: str) -> HttpResponse:
    ballot, by, now = last_ballot(item), person_of(request.user), timezone.now()
    if ballot is None or request.POST.get("ballot") != str(ballot.pk):
        messages.error(request, "Это другое голосование. Прочитайте вопрос и проголосуйте снова.")
        return redirect("office:council_vote", item.pk)
    try:
        if ballot.secret:
            deeds.cast_secretly(ballot=ballot, member=seat, choice=choice, by=by, now=now)
            # What was voted is not said again: a message is kept with the session of the browser.
            messages.success(request, "Ваш голос учтён. Кто как голосовал, система не хранит.")
        else:
            deeds.cast(ballot=ballot, member=seat, choice=choice, by=by, now=now)
            messages.success(request, f"Ваш голос учтён: {VoteChoice(choice).label}.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("office:council_vote", item.pk)


def _page(
    request: HttpRequest,
    item: AgendaItem,
    seat: CouncilMember,
    *,
    asked: VoteChoice | None = None,
    changing: bool = False,
) -> HttpResponse:
    line = item.session.attendance.filter(member=seat).first()
    row, ballot = row_of(item, seat, line), last_ballot(item)
    rule = VotingRule.model_validate(ballot.rule) if ballot else None
    open_way = ballot is not None and not ballot.secret
    changeable = open_way and rule is not None and rule.change == "while_open"
    may_change = bool(row.own) and row.may_vote and changeable
    context: dict[str, Any] = {
        "item": item,
        "session": item.session,
        "row": row,
        "line": line,
        "rule": rule or voting_rule(item.session.council, item.kind),
        "asked": asked,
        "asks": row.may_vote and (not row.own or (changing and may_change)),
        "may_change": may_change,
        "may_recuse": row.may_vote and not row.own,
        "choices": VoteChoice.choices,
        "secret": ballot.secret if ballot else item.secret,
        "crumbs": session_crumbs(item.session),
    }
    return page(request, "council/vote.html", SECTION, **context)
