"""How the organisations stand on bus.gov.ru: shares, who is missing, files that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, organisations_for, person_of
from noko.access.loading import has_permission, scope_of
from noko.access.permissions import Permission
from noko.actions import busgov as deeds
from noko.core.editions import EVIDENCE_TITLES
from noko.core.refusal import Refusal
from noko.documents.busgov import busgov_table
from noko.models import Organisation, Person
from noko.queries import busgov as queries
from noko.queries.busgov_rules import get_monitoring
from noko.templatetags.russian import counted, long_date
from noko.web.files import attachment
from noko.web.office.busgov_forms import BusgovFilterForm, BusgovWithdrawForm
from noko.web.office.busgov_import import SECTION, crumbs
from noko.web.office.desk import Group, Task
from noko.web.office.pages import page
from noko.web.office.shares import Share, share_of

ROWS = 50
SOURCES = 10


def _reached(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations that act and that the person sees, as they stand on bus.gov.ru."""
    every = organisations_for(request.user, Permission.WEBSITE_VIEW)
    return queries.with_busgov(every.filter(status=Organisation.Status.ACTIVE))


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    reached = _reached(request)
    form = BusgovFilterForm(request.GET or None, reached=reached)
    wanted = form.wanted()
    placed = queries.filtered(reached, **{**wanted, "state": ""})
    rows = Paginator(queries.filtered(reached, **wanted), ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    totals = queries.totals(placed)
    return page(
        request,
        "busgov/overview.html",
        SECTION,
        form=form,
        totals=totals,
        shares=_shares(totals),
        municipalities=[
            (name, each, _shares(each)) for name, each in queries.totals_by_municipality(placed)
        ],
        rows=rows,
        lines=[(item, _marks(item)) for item in rows],
        sources=queries.sources()[:SOURCES],
        query=query.urlencode(),
        rules=get_monitoring(),
        evidence=EVIDENCE_TITLES,
        everything=scope_of(request.user, Permission.WEBSITE_VIEW).everything,
    )


def _shares(totals: queries.Totals) -> list[tuple[str, Share]]:
    return [
        ("Есть на bus.gov.ru", share_of(*totals.present)),
        ("Карточка менялась за год", share_of(*totals.fresh)),
        ("Размещено полностью", share_of(*totals.complete)),
    ]


def _marks(item: Any) -> list[tuple[str, str, str]]:
    """State, word and a note for each of the three questions, as the page shows them."""
    changed = item.busgov_changed_on
    note = f"изменена {changed:%d.%m.%Y}" if changed else ""
    return [
        _mark(
            item.busgov_present, "есть", "нет", item.busgov_on and f"на {item.busgov_on:%d.%m.%Y}"
        ),
        _mark(item.busgov_fresh, "менялась", "давно не менялась", note),
        _mark(
            item.busgov_complete,
            "полностью",
            "не полностью",
            item.busgov_report_on and f"отчёт на {item.busgov_report_on:%d.%m.%Y}",
        ),
    ]


def _mark(value: bool | None, yes: str, no: str, note: str | None) -> tuple[str, str, str]:
    if value is None:
        return "", "не известно", note or ""
    return ("done", yes, note or "") if value else ("warning", no, note or "")


@require_GET
def overview_file(request: HttpRequest) -> HttpResponse:
    """The same selection as a table, with what is missing and the contacts."""
    reached = _reached(request)
    form = BusgovFilterForm(request.GET or None, reached=reached)
    rows = queries.filtered(reached, **form.wanted())
    return attachment(busgov_table(queries.with_lacks(rows)), "bus-gov-ru.xlsx")


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """A file loaded by mistake: nothing follows from it any more."""
    allow(request.user, Permission.WEBSITE_VISIT)
    source = queries.sources().filter(pk=key).first()
    if source is None:
        raise Http404(f"Сведений {key} нет.")
    form = BusgovWithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deeds.withdraw(
                source=source,
                reason=form.cleaned_data["reason"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "Сведения отозваны. Действуют загруженные раньше, если они есть."
            )
            return redirect("office:busgov")
    return page(
        request,
        "busgov/withdraw.html",
        SECTION,
        form=form,
        source=source,
        changes=[
            f"Файл «{source.file_name}» на {long_date(source.on)} перестанет считаться: "
            f"организаций в нём – {source.records.count()}.",
            "Сам файл и причина останутся в списке и в журнале.",
        ],
        crumbs=crumbs(),
        status=422 if form.errors else 200,
    )


def busgov_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Organisations that have not filled in what is missing by their term."""
    leads = (Permission.WEBSITE_VISIT, Permission.ORGANISATION_EDIT)
    if not has_permission(person, Permission.WEBSITE_VIEW) or not any(
        has_permission(person, one) for one in leads
    ):
        return
    reached = organisations_for(person, Permission.WEBSITE_VIEW)
    for source, number in queries.overdue(reached, timezone.localdate(now)):
        title = f"bus.gov.ru: не дополнили {counted(number, 'организация,организации,организаций')}"
        note = f"срок был {long_date(source.term_on)}; если они дополнили, загрузите новые сведения"
        address = reverse("office:busgov")
        yield Task(Group.LATE, "warning", "срок прошёл", title, address, note)
