"""Technical specifications: the register, one with its clauses, its files, its preparation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, get_cycle_for, person_of
from noko.access.permissions import Permission
from noko.access.specification_loaders import get_specification_for
from noko.actions import specification as deeds
from noko.core.refusal import Refusal
from noko.core.sampling import expected_interval
from noko.documents import specification as documents
from noko.models import Specification
from noko.queries import contract as contracts
from noko.queries import journal
from noko.queries import specification as queries
from noko.web.office.journal import shown
from noko.web.office.pages import page
from noko.web.office.specification_forms import TEMPLATE, SpecificationForm
from noko.web.office.specification_steps import next_steps

ROWS = 100
HISTORY = 20
SECTION = "specifications"
FILES = {
    "docx": (
        documents.specification_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Документ Word",
    ),
    "pdf": (documents.specification_pdf, "application/pdf", "PDF"),
    "xlsx": (
        documents.annex_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Перечень и выборка, таблица",
    ),
}


@require_GET
def specifications(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.SPECIFICATION_VIEW)
    rows = list(queries.specifications())
    return page(
        request,
        "specifications.html",
        SECTION,
        rows=rows,
        contracts=contracts.contracts(),
        cycles=queries.cycles_without(),
    )


@require_http_methods(["GET", "POST"])
def new_specification(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version for a cycle, from the template or from what was adopted before."""
    cycle = get_cycle_for(request.user, slug, Permission.SPECIFICATION_EDIT)
    prepared = queries.in_preparation(cycle)
    if prepared:
        return redirect("office:specification", prepared.pk)
    sources = list(queries.sources_for(cycle))
    form = SpecificationForm(
        request.POST or None, sources=sources, initial=queries.first_values(cycle)
    )
    if form.is_valid():
        chosen = form.cleaned_data.get("source", TEMPLATE)
        try:
            made = deeds.create(
                cycle=cycle,
                customer=form.cleaned_data["customer"],
                terms=form.terms(),
                source=next((item for item in sources if str(item.pk) == chosen), None),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = (
                "Черновик технического задания готов. Проверьте пункты и откройте сбор предложений."
            )
            messages.success(request, done)
            return redirect("office:specification", made.pk)
    return page(
        request,
        "specification_form.html",
        SECTION,
        form=form,
        title=f"Новое техническое задание на {cycle.year} год",
        button="Создать черновик",
        back=reverse("office:specifications"),
        crumbs=crumbs(),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def edit_specification(request: HttpRequest, key: int) -> HttpResponse:
    found = get_specification_for(request.user, key, Permission.SPECIFICATION_EDIT)
    initial = {name: getattr(found, name) for name in ("customer", *deeds.TERMS, "proposals_until")}
    form = SpecificationForm(request.POST or None, specification=found, initial=initial)
    if form.is_valid():
        try:
            deeds.change(
                specification=found,
                customer=form.cleaned_data["customer"],
                terms=form.terms(),
                proposals_until=form.cleaned_data.get("proposals_until"),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Сведения сохранены.")
            return redirect("office:specification", key)
    return page(
        request,
        "specification_form.html",
        SECTION,
        form=form,
        title="Заказчик и сроки",
        button="Сохранить",
        back=reverse("office:specification", args=[key]),
        crumbs=crumbs(found),
        status=422 if form.errors else 200,
    )


@require_GET
def specification(request: HttpRequest, key: int) -> HttpResponse:
    found = get_specification_for(request.user, key)
    content = queries.content_of(found)
    proposals = list(queries.proposals_of(found))
    rows = Paginator(content.annex, ROWS).get_page(request.GET.get("page"))
    return page(
        request,
        "specification.html",
        SECTION,
        item=found,
        title=f"Техническое задание на {found.cycle.year} год",
        content=content,
        steps=next_steps(found, content, person_of(request.user)),
        proposals=proposals,
        of_clause=by_clause(proposals),
        rows=rows,
        precise=[(row, interval_words(row)) for row in rows],
        versions=queries.specifications().filter(cycle=found.cycle).exclude(pk=key),
        contracts=contracts.contracts().filter(specification=found),
        history=[shown(entry) for entry in journal.of_thing(found)[:HISTORY]],
        files=files_of(found),
        crumbs=crumbs(),
    )


@require_GET
def specification_file(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    found = get_specification_for(request.user, key)
    if kind not in FILES:
        raise Http404(f"Файла {kind} нет.")
    make, media, _ = FILES[kind]
    answer = HttpResponse(make(queries.content_of(found)), content_type=media)
    name = f"tehzadanie-{found.cycle.slug}-{found.version}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def files_of(specification: Specification) -> list[dict[str, Any]]:
    return [
        {"title": title, "url": reverse("office:specification_file", args=[specification.pk, kind])}
        for kind, (_, _, title) in FILES.items()
    ]


def by_clause(proposals: list[Any]) -> dict[str, list[Any]]:
    """Key of a clause → its proposals, for the template."""
    found: dict[str, list[Any]] = {}
    for proposal in proposals:
        found.setdefault(str(proposal.clause_id), []).append(proposal)
    return found


def interval_words(row: Any) -> str:
    """«от 76 до 97 %»: between what limits the share would lie, see ``core.sampling``."""
    if not row["population"] or not row["size"]:
        return "–"
    low, high = (round(100 * share) for share in expected_interval(row["population"], row["size"]))
    return f"{low} %" if low == high else f"от {low} до {high} %"


def crumbs(specification: Specification | None = None) -> list[tuple[str, str]]:
    way = [
        ("Рабочее место", reverse("office:start")),
        ("Технические задания", reverse("office:specifications")),
    ]
    if specification:
        title = f"Задание на {specification.cycle.year} год, версия {specification.version}"
        way.append((title, reverse("office:specification", args=[specification.pk])))
    return way
