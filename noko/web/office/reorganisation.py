"""A reorganisation: who passes their work to whom, by which act, since when."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import User, get_organisation_for, organisations_for, person_of
from noko.access.permissions import Permission
from noko.actions import reorganisation as deeds
from noko.core.refusal import Refusal
from noko.models import Organisation, Reorganisation, Succession
from noko.queries.registry_search import Wanted, found
from noko.templatetags.russian import long_date
from noko.web.office.organisation import crumbs
from noko.web.office.organisation_forms import ReasonForm, ReorganisationForm
from noko.web.office.pages import page

FOUND = 20
BEFORE, AFTER = "before", "after"
SENTENCES = {str(code): shape.sentence for code, shape in deeds.SHAPES.items()}


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation and the side it was put on: before, after or none."""

    organisation: Organisation
    side: str

    @property
    def name(self) -> str:
        return f"part-{self.organisation.pk}"


@require_http_methods(["GET", "POST"])
def reorganise(request: HttpRequest, key: int) -> HttpResponse:
    """Participants are gathered by search, each put on a side; then the deed is confirmed."""
    item = get_organisation_for(request.user, key, Permission.ORGANISATION_MERGE)
    posted = request.POST or None
    gathering = not posted or "find" in posted or "back" in posted
    form = ReorganisationForm(None if gathering else posted, sentences=SENTENCES)
    if posted and gathering:
        form.initial = {name: posted.get(name, "") for name in form.fields}
    parts = _parts(request, item)
    if not form.is_valid():
        return _page(request, item, form, parts)
    sides = {
        side: [part.organisation for part in parts if part.side == side] for side in (BEFORE, AFTER)
    }
    if "confirm" not in request.POST:
        return _page(request, item, form, parts, effects=_effects(form, sides))
    try:
        event = deeds.reorganise(
            kind=form.cleaned_data["kind"],
            on=form.cleaned_data["on"],
            act=form.cleaned_data["act"],
            predecessors=sides[BEFORE],
            successors=sides[AFTER],
            by=person_of(request.user),
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, item, form, parts)
    messages.success(request, f"Отмечено: {event}.")
    return redirect("office:organisation", item.pk)


def _parts(request: HttpRequest, item: Organisation) -> list[Part]:
    """This organisation, those put on a side, and those found by the words."""
    reached = organisations_for(request.user, Permission.ORGANISATION_MERGE)
    chosen = {
        int(name.removeprefix("part-")): str(side)
        for name, side in request.POST.items()
        if name.removeprefix("part-").isdecimal() and len(name) < 20
    }
    sides = {item.pk: BEFORE, **chosen}
    known = {found.pk: found for found in reached.filter(pk__in=sides)}
    parts = [Part(known[key], side) for key, side in sides.items() if key in known]
    kept = [part for part in parts if part.side in (BEFORE, AFTER) or part.organisation == item]
    words = request.POST.get("words", "").strip()
    if "find" in request.POST and words:
        active = reached.filter(status=Organisation.Status.ACTIVE)
        shown = {part.organisation.pk for part in kept}
        new = found(active.exclude(pk__in=shown), Wanted(words=words[:200]))[:FOUND]
        kept += [Part(organisation, "") for organisation in new]
    return kept


def _effects(form: ReorganisationForm, sides: dict[str, list[Organisation]]) -> list[str]:
    kind, on = form.cleaned_data["kind"], long_date(form.cleaned_data["on"])
    before = ", ".join(f"«{item}»" for item in sides[BEFORE]) or "никто"
    after = ", ".join(f"«{item}»" for item in sides[AFTER]) or "никто"
    lines = [f"Передают: {before}.", f"Продолжают: {after}."]
    if deeds.SHAPES[Reorganisation.Kind(kind)].cease:
        lines.append(
            f"Те, кто передаёт, с {on} считаются реорганизованными и в новые перечни не входят."
        )
    lines.append("Прежние результаты и утверждённые перечни не изменятся.")
    return lines


def _page(
    request: HttpRequest,
    item: Organisation,
    form: ReorganisationForm,
    parts: list[Part],
    *,
    effects: list[str] | None = None,
) -> HttpResponse:
    return page(
        request,
        "reorganisation.html",
        "organisations",
        organisation=item,
        form=form,
        parts=parts,
        sides=[(BEFORE, "передаёт"), (AFTER, "продолжает"), ("", "не участвует")],
        words=request.POST.get("words", "")[:200],
        searched="find" in request.POST,
        effects=effects,
        crumbs=crumbs(item),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """The event was noted by mistake."""
    event = get_reorganisation_for(request.user, key)
    first = event.links.select_related("predecessor").first()
    if first is None or event.cancelled_at is not None:
        raise Http404("Эта отметка уже отменена.")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.cancel(
                event=event,
                reason=form.cleaned_data["reason"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Отметка о реорганизации отменена.")
            return redirect("office:organisation", first.predecessor_id)
    return page(
        request,
        "reorganisation_cancel.html",
        "organisations",
        event=event,
        links=event.links.select_related("predecessor", "successor"),
        form=form,
        crumbs=crumbs(first.predecessor),
        status=422 if form.errors else 200,
    )


def get_reorganisation_for(person: User, key: int) -> Reorganisation:
    """An event in which an organisation within reach takes part; otherwise 404."""
    reached = organisations_for(person, Permission.ORGANISATION_MERGE)
    event = Reorganisation.objects.filter(pk=key).first()
    links = Succession.objects.filter(reorganisation=key)
    own = links.filter(Q(predecessor__in=reached) | Q(successor__in=reached))
    if event is None or not own.exists():
        raise Http404(f"Реорганизации {key} нет.")
    return event
