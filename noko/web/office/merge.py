"""Records that may be one organisation: compared, merged, or set apart for good."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.loaders import get_organisation_for, organisations_for, person_of
from noko.access.permissions import Permission
from noko.actions import merge as deeds
from noko.core.refusal import Refusal
from noko.core.tables.preview import COMPARED
from noko.jobs.release import enqueue_pages
from noko.models import Organisation
from noko.queries.card import doubles, doubles_of
from noko.queries.merging import rated_together, references
from noko.queries.registry import TITLES, values_of
from noko.queries.registry_search import Wanted, found
from noko.templatetags.russian import number_text
from noko.web.office.organisation import crumbs, shown_value
from noko.web.office.organisation_forms import MergeForm
from noko.web.office.pages import page
from noko.web.requests import text

ROWS = 50
FOUND = 20


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Every pair of alike records within reach."""
    pairs = doubles(organisations_for(request.user, Permission.ORGANISATION_MERGE))
    rows = Paginator(pairs, ROWS).get_page(request.GET.get("page"))
    return page(request, "duplicates.html", "organisations", rows=rows, crumbs=crumbs())


@require_GET
def choose(request: HttpRequest, key: int) -> HttpResponse:
    """Which record is the same organisation: proposed ones, and any that is looked for."""
    item = get_organisation_for(request.user, key, Permission.ORGANISATION_MERGE)
    words = text(request, "q")
    reached = organisations_for(request.user, Permission.ORGANISATION_MERGE).exclude(pk=item.pk)
    rows = found(reached, Wanted(words=words))[:FOUND] if words else []
    return page(
        request,
        "merge_choose.html",
        "organisations",
        organisation=item,
        doubles=doubles_of(item),
        words=words,
        rows=rows,
        crumbs=crumbs(item),
    )


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, key: int, other: int) -> HttpResponse:
    """``key`` stays, ``other`` goes: field by field, then what will happen, then the deed."""
    kept = get_organisation_for(request.user, key, Permission.ORGANISATION_MERGE)
    gone = get_organisation_for(request.user, other, Permission.ORGANISATION_MERGE)
    if kept == gone or kept.pk != key or gone.pk != other:
        messages.info(request, "Эти записи уже объединены.")
        return redirect("office:organisation", kept.pk)
    differing = _differing(kept, gone)
    form = MergeForm(request.POST or None, differing=differing)
    if not form.is_valid() or "back" in request.POST:
        return _page(request, kept, gone, form)
    if "confirm" not in request.POST:
        return _page(request, kept, gone, form, confirm=True)
    try:
        deeds.merge(
            kept=kept,
            merged=gone,
            taken=form.taken(),
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            by=person_of(request.user),
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, kept, gone, form)
    enqueue_pages()
    messages.success(request, f"Записи объединены. Адрес записи {gone.pk} ведёт на эту карточку.")
    return redirect("office:organisation", kept.pk)


@require_POST
def apart(request: HttpRequest, key: int, other: int) -> HttpResponse:
    """The two are different organisations and are not proposed again."""
    first = get_organisation_for(request.user, key, Permission.ORGANISATION_MERGE)
    second = get_organisation_for(request.user, other, Permission.ORGANISATION_MERGE)
    if first != second:
        by = person_of(request.user)
        deeds.set_apart(first=first, second=second, by=by, now=timezone.now())
    messages.success(request, "Отмечено: это разные организации. Больше они не предлагаются.")
    back = "office:duplicates" if "list" in request.POST else "office:organisation"
    return redirect(back) if "list" in request.POST else redirect(back, first.pk)


def _differing(kept: Organisation, gone: Organisation) -> list[tuple[str, str, str, str]]:
    own, other = values_of(kept), values_of(gone)
    return [
        (key, TITLES[key], shown_value(key, own[key]), shown_value(key, other[key]))
        for key in COMPARED
        if (own[key] or "") != (other[key] or "")
    ]


def _page(
    request: HttpRequest,
    kept: Organisation,
    gone: Organisation,
    form: MergeForm,
    *,
    confirm: bool = False,
) -> HttpResponse:
    swap = reverse("office:merge", args=[gone.pk, kept.pk])
    context: dict[str, Any] = {
        "kept": kept,
        "gone": gone,
        "form": form,
        "swap": swap,
        "crumbs": crumbs(kept),
        "together": rated_together(kept, gone),
    }
    if confirm:
        context |= {
            "confirm": True,
            "effects": effects(kept, gone, form.taken()),
            "hidden": [field for field in form if field.name != "seen"],
            "seen": deeds.both_states(kept, gone),
        }
    status = 422 if form.errors else 200
    return page(request, "merge.html", "organisations", status=status, **context)


def _title(key: str) -> str:
    """«полное наименование», «ИНН»: how the field is called within a sentence."""
    return str(Organisation._meta.get_field(key).verbose_name)  # type: ignore[union-attr]


def effects(kept: Organisation, gone: Organisation, taken: list[str]) -> list[str]:
    """What the merger will do, sentence by sentence."""
    lines = [
        f"Останется карточка {kept.pk} – «{kept}». Карточка {gone.pk} – «{gone}» исчезнет из "
        "реестра; её адрес будет вести на оставшуюся.",
    ]
    if taken:
        names = ", ".join(_title(key) for key in taken)
        lines.append(f"Из исчезающей записи возьмётся: {names}.")
    passed, stays = references(gone)
    if passed:
        listed = "; ".join(f"{words} – {number_text(number)}" for words, number in passed)
        lines.append(f"Перейдёт к оставшейся: {listed}.")
    if stays:
        listed = "; ".join(f"{words} – {number_text(number)}" for words, number in stays)
        lines.append(
            f"Не изменится, потому что зафиксировано: {listed}. На карточке это будет видно "
            "вместе с её собственным."
        )
    return lines
