"""The door of one person: closed and opened, sessions ended, second factors taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from noko.access.loaders import get_person_for, person_of
from noko.actions import person as deeds
from noko.core.refusal import Refusal
from noko.templatetags.russian import counted
from noko.web.office.pages import page
from noko.web.office.person import crumbs
from noko.web.office.person_forms import ReasonForm

CLOSING = {
    "title": "Закрыть вход",
    "changes": [
        "Человек больше не сможет войти.",
        "Все его сеансы завершатся сразу.",
        "Роли останутся; записи журнала и документы с его именем – тоже.",
    ],
    "undo": "Вход можно открыть снова.",
    "done": "Вход закрыт.",
}
OPENING = {
    "title": "Открыть вход",
    "changes": ["Человек снова сможет войти с прежним паролем и получит свои нынешние роли."],
    "undo": "Вход можно закрыть снова.",
    "done": "Вход открыт.",
}
RESETTING = {
    "title": "Сбросить второй фактор",
    "changes": [
        "Приложение с кодами, ключи доступа и запасные коды перестанут действовать.",
        "Все сеансы завершатся. Дальше человек войдёт с одним паролем и настроит второй фактор "
        "заново.",
        "Он получит об этом письмо.",
    ],
    "undo": "Отменить нельзя. Убедитесь, что просит именно этот человек: позвоните ему сами.",
    "done": "Второй фактор сброшен.",
}


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, key: int) -> HttpResponse:
    return _confirmed(request, key, CLOSING, deeds.close_sign_in)


@require_http_methods(["GET", "POST"])
def open_again(request: HttpRequest, key: int) -> HttpResponse:
    return _confirmed(request, key, OPENING, deeds.open_sign_in)


@require_http_methods(["GET", "POST"])
def reset_factor(request: HttpRequest, key: int) -> HttpResponse:
    return _confirmed(request, key, RESETTING, deeds.reset_second_factor)


@require_POST
def end_sessions(request: HttpRequest, key: int) -> HttpResponse:
    found = get_person_for(request.user, key)
    ended = deeds.end_sessions(person=found, by=person_of(request.user), now=timezone.now())
    forms = "сеанс,сеанса,сеансов"
    messages.success(request, f"Завершено: {counted(ended, forms)}.")
    return redirect("office:person", found.pk)


def _confirmed(
    request: HttpRequest, key: int, texts: dict[str, Any], deed: Callable[..., None]
) -> HttpResponse:
    """A page that says what will happen and asks why; then the deed."""
    found = get_person_for(request.user, key)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        by, reason = person_of(request.user), form.cleaned_data["reason"]
        try:
            deed(person=found, reason=reason, by=by, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{texts['done']} {found.full_name}.")
            return redirect("office:person", found.pk)
    return page(
        request,
        "person_confirm.html",
        "people",
        person=found,
        texts=texts,
        form=form,
        crumbs=crumbs(found),
        status=422 if form.errors else 200,
    )
