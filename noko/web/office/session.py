"""A session of the council: planned, invited to, held, signed and published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.council import get_council_for, get_session_for
from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.actions import session as deeds
from noko.actions import vote
from noko.core.refusal import Refusal
from noko.documents.council import minutes_data, minutes_digest, minutes_document
from noko.documents.formats import MAKERS
from noko.exchange.council import invitation
from noko.jobs import council as jobs
from noko.models import Attendance, Session
from noko.queries.council import attendance, members_on
from noko.queries.council_checks import checks
from noko.queries.council_rules import rules_of
from noko.templatetags.russian import counted, moment
from noko.web.office.council import SECTION, council_crumbs
from noko.web.office.council_forms import GivingUpForm, OpeningForm, SessionForm
from noko.web.office.pages import page
from noko.web.office.session_page import live, session_context

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@require_http_methods(["GET", "POST"])
def new_session(request: HttpRequest, key: int) -> HttpResponse:
    council = get_council_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = SessionForm(request.POST or None)
    if form.is_valid():
        try:
            made = deeds.plan(council=council, **form.cleaned_data, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Заседание назначено. Теперь составьте повестку.")
            return redirect("office:session", made.pk)
    context: dict[str, Any] = {"form": form, "title": "Новое заседание", "button": "Назначить"}
    status = 422 if form.errors else 200
    crumbs = council_crumbs(council)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_http_methods(["GET", "POST"])
def edit_session(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = SessionForm(request.POST, session=found) if request.POST else SessionForm.of(found)
    if form.is_bound and form.is_valid():
        try:
            deeds.change(session=found, **form.cleaned_data, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = "Сохранено. Если приглашения уже отправлены, отправьте их снова."
            messages.success(request, said)
            return redirect("office:session", found.pk)
    context: dict[str, Any] = {"form": form, "title": "Время и место", "button": "Сохранить"}
    status = 422 if form.errors else 200
    crumbs = session_crumbs(found)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_GET
def session(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key)
    context = session_context(request, found)
    return page(request, "council/session.html", SECTION, **context)


@require_GET
def session_live(request: HttpRequest, key: int) -> HttpResponse:
    """What changes by itself while the session is open: a piece of its page."""
    found = get_session_for(request.user, key)
    answer = page(request, "council/_live.html", SECTION, **live(found))
    if found.status != Session.Status.OPEN:
        answer["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    if request.method == "POST":
        now = timezone.now()
        return _done(
            request,
            found,
            lambda: jobs.invite(session=found, by=person, now=now),
            "Приглашения отправляются.",
        )
    lines = list(attendance(found))
    return page(
        request,
        "council/invite.html",
        SECTION,
        session=found,
        lines=[(line, line.member.email or _email(line)) for line in lines],
        late=_late(found),
        changes=_invited(lines),
        crumbs=session_crumbs(found),
    )


@require_http_methods(["GET", "POST"])
def session_attendance(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    lines = list(attendance(found))
    if request.method == "POST":
        marks = {
            line.member_id: (mark, request.POST.get(f"note-{line.member_id}", "")[:300])
            for line in lines
            if (mark := request.POST.get(f"mark-{line.member_id}", "")) in _MARKS
        }
        return _done(
            request,
            found,
            lambda: deeds.mark(session=found, marks=marks, by=person, now=timezone.now()),
            "Участие отмечено.",
        )
    return page(
        request,
        "council/attendance.html",
        SECTION,
        session=found,
        lines=lines,
        marks=[(code, word) for code, word in Attendance.Mark.choices if code in _MARKS],
        crumbs=session_crumbs(found),
    )


@require_http_methods(["GET", "POST"])
def open_session(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_CHAIR)
    person = allow(request.user, Permission.COUNCIL_CHAIR)
    members = members_on(found.council, timezone.localdate(found.starts_at))
    form = OpeningForm(members, request.POST or None, initial={"presiding": members.first()})
    if form.is_valid():
        now = timezone.now()
        try:
            jobs.open_session(session=found, **form.cleaned_data, by=person, now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            poll = found.kind == Session.Kind.POLL
            messages.success(request, "Опрос открыт." if poll else "Заседание открыто.")
            return redirect("office:session", found.pk)
    faults = [one for one in checks(found.council, timezone.localdate()) if one.state == "overdue"]
    context: dict[str, Any] = {"form": form, "faults": faults, **live(found)}
    context["crumbs"] = session_crumbs(found)
    status = 422 if form.errors else 200
    return page(request, "council/open.html", SECTION, **context, status=status)


@require_http_methods(["GET", "POST"])
def close_session(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_CHAIR)
    person = allow(request.user, Permission.COUNCIL_CHAIR)
    poll = found.kind == Session.Kind.POLL
    if request.method == "POST":
        deed = vote.close_poll if poll else deeds.close_session
        return _done(
            request,
            found,
            lambda: deed(session=found, by=person, now=timezone.now()),
            "Опрос завершён." if poll else "Заседание закрыто. Теперь проверьте протокол.",
        )
    items = found.items.order_by("order")
    context: dict[str, Any] = {"items": items, "poll": poll, "crumbs": session_crumbs(found)}
    return page(request, "council/close.html", SECTION, session=found, **context)


@require_http_methods(["GET", "POST"])
def give_up(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = GivingUpForm(request.POST or None)
    if form.is_valid():
        held, reason = form.cleaned_data["held"] == "yes", form.cleaned_data["reason"]
        now = timezone.now()
        return _done(
            request,
            found,
            lambda: jobs.give_up(session=found, held=held, reason=reason, by=person, now=now),
            "Отмечено: заседание не состоялось." if held else "Заседание отменено.",
        )
    context: dict[str, Any] = {"session": found, "form": form, "crumbs": session_crumbs(found)}
    status = 422 if form.errors else 200
    return page(request, "council/give_up.html", SECTION, **context, status=status)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_CHAIR)
    person = allow(request.user, Permission.COUNCIL_CHAIR)
    if request.method == "POST":
        expected = request.POST.get("digest", "")
        now = timezone.now()
        return _done(
            request,
            found,
            lambda: jobs.sign(session=found, expected=expected, by=person, now=now),
            "Протокол подписан. Он и решения больше не меняются.",
        )
    return page(
        request,
        "council/sign.html",
        SECTION,
        session=found,
        minutes=minutes_data(found),
        digest=minutes_digest(found),
        decisions=found.decisions.order_by("number"),
        crumbs=session_crumbs(found),
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    if request.method == "POST":
        now = timezone.now()
        return _done(
            request,
            found,
            lambda: jobs.publish(session=found, by=person, now=now),
            "Протокол и решения опубликованы.",
        )
    decisions = found.decisions.order_by("number")
    context: dict[str, Any] = {"decisions": decisions, "crumbs": session_crumbs(found)}
    return page(request, "council/publish.html", SECTION, session=found, **context)


@require_GET
def session_minutes(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    """The minutes as they would be now, with the mark of a draft."""
    found = get_session_for(request.user, key)
    if kind not in MAKERS:
        raise Http404("Такого документа нет.")
    name, content = minutes_document(found).file(kind)
    return attached(content, name, KINDS[kind])


@require_GET
def session_calendar(request: HttpRequest, key: int) -> HttpResponse:
    found = get_session_for(request.user, key)
    content = invitation(found, now=found.invited_at or found.created_at)
    return attached(content, "zasedanie.ics", "text/calendar; charset=utf-8")


def attached(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file for the person's disk; nobody's cache keeps it."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def session_crumbs(session: Session) -> list[tuple[str, str]]:
    crumbs = council_crumbs(session.council)
    return [*crumbs, (str(session), reverse("office:session", args=[session.pk]))]


_MARKS = {
    Attendance.Mark.PRESENT.value,
    Attendance.Mark.REMOTE.value,
    Attendance.Mark.ABSENT.value,
    Attendance.Mark.LEFT.value,
}


def _done(
    request: HttpRequest, session: Session, deed: Callable[[], Any], said: str
) -> HttpResponse:
    """Does it and says so on the page of the session, or says there why not."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("office:session", session.pk)


def _email(line: Attendance) -> str:
    return line.member.person.email if line.member.person else ""


def _invited(lines: list[Attendance]) -> list[str]:
    reached = sum(1 for line in lines if line.member.email or _email(line))
    whom = counted(reached, "член,члена,членов")
    said = [f"Письмо с повесткой и файлом календаря получат {whom} совета."]
    if len(lines) > reached:
        said.append(f"Без адреса – {len(lines) - reached}: их пригласите иначе.")
    return said


def _late(session: Session) -> str:
    """A warning where the notice is shorter than usual."""
    days = rules_of(session.council).notice_days.value
    left = (timezone.localdate(session.starts_at) - timezone.localdate()).days
    if left >= days:
        return ""
    asked = counted(days, "день,дня,дней")
    return f"Заседание {moment(session.starts_at)}. Обычно приглашают не позже чем за {asked}."
