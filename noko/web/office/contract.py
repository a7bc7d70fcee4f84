"""The operator's contract: entered, put right with a reason, and a delivery beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.specification_loaders import get_contract_for, get_specification_for
from noko.actions import contract as deeds
from noko.core.acceptance import Comparison
from noko.core.acceptance_file import demand_bytes
from noko.core.refusal import Refusal
from noko.core.specification import CHECK_TITLES, Check
from noko.documents import specification as documents
from noko.exchange.delivery import delivered
from noko.jobs.rating import open_dataset
from noko.models import Contract, DataSet
from noko.queries import journal
from noko.queries.contract import delivery, demand_of
from noko.templatetags.russian import counted, long_date
from noko.web.office.journal import shown
from noko.web.office.pages import page, sentences
from noko.web.office.specification import FILES, HISTORY, ROWS, SECTION, crumbs
from noko.web.office.specification_forms import ContractForm

DEMAND = "priemka.json"


@require_http_methods(["GET", "POST"])
def new_contract(request: HttpRequest, key: int) -> HttpResponse:
    specification = get_specification_for(request.user, key, Permission.CONTRACT_EDIT)
    if not specification.adopted:
        messages.error(request, "Контракт вносят по утверждённому техническому заданию.")
        return redirect("office:specification", key)
    form = ContractForm(request.POST or None, specification=specification)
    if form.is_valid():
        try:
            made = deeds.sign(
                specification=specification,
                terms=form.contract_terms(),
                types=form.cleaned_data.get("types", ()),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            count = counted(made.items.count(), "организации,организаций,организаций")
            messages.success(request, f"Контракт внесён: требования к данным {count} готовы.")
            return redirect("office:contract", made.pk)
    return page(
        request,
        "contract_form.html",
        SECTION,
        form=form,
        title="Контракт с оператором",
        button="Внести контракт",
        back=reverse("office:specification", args=[key]),
        crumbs=crumbs(specification),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def edit_contract(request: HttpRequest, key: int) -> HttpResponse:
    found = get_contract_for(request.user, key, Permission.CONTRACT_EDIT)
    form = ContractForm(request.POST or None, specification=found.specification, contract=found)
    if form.is_valid():
        try:
            deeds.amend(
                contract=found,
                terms=form.contract_terms(),
                reason=form.cleaned_data["reason"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Сведения контракта изменены. Причина записана в журнал.")
            return redirect("office:contract", key)
    return page(
        request,
        "contract_form.html",
        SECTION,
        form=form,
        title=f"Изменить: {found}",
        button="Сохранить изменения",
        back=reverse("office:contract", args=[key]),
        crumbs=_crumbs(found),
        status=422 if form.errors else 200,
    )


@require_GET
def contract(request: HttpRequest, key: int) -> HttpResponse:
    found = get_contract_for(request.user, key)
    return page(
        request,
        "contract.html",
        SECTION,
        contract=found,
        rows=Paginator(found.items.all(), ROWS).get_page(request.GET.get("page")),
        checks=[
            (CHECK_TITLES[check], ", ".join(found.clauses[check]))
            for check in Check
            if check in found.clauses
        ],
        datasets=found.specification.cycle.datasets.order_by("-number"),
        history=[shown(entry) for entry in journal.of_thing(found)[:HISTORY]],
        crumbs=crumbs(found.specification),
    )


@require_GET
def demand_file(request: HttpRequest, key: int) -> HttpResponse:
    """What the contract asks for, for ``noko specification check`` and for the operator."""
    found = get_contract_for(request.user, key)
    answer = HttpResponse(demand_bytes(demand_of(found)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{DEMAND}"'
    return answer


@require_GET
def contract_delivery(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """A frozen data set beside the contract, organisation by organisation."""
    found = get_contract_for(request.user, key)
    dataset = _dataset(found, number)
    comparison, problems = _compared(found, dataset)
    only = request.GET.get("all") != "1"
    return page(
        request,
        "contract_delivery.html",
        SECTION,
        contract=found,
        dataset=dataset,
        comparison=comparison,
        problems=problems,
        rows=(comparison.incomplete if only else comparison.rows) if comparison else (),
        only=only,
        crumbs=_crumbs(found),
    )


@require_GET
def delivery_file(request: HttpRequest, key: int, number: int, kind: str) -> HttpResponse:
    found = get_contract_for(request.user, key)
    dataset = _dataset(found, number)
    comparison, _ = _compared(found, dataset)
    if comparison is None or kind not in ("docx", "xlsx"):
        raise Http404(f"Файла {kind} нет.")
    title = f"Сверка данных: {found}"
    if kind == "xlsx":
        content = documents.comparison_xlsx(comparison, title=title)
    else:
        lead = f"{dataset} от {long_date(dataset.frozen_at)}. Ниже – организации, по которым"
        lead += " данных не хватает."
        content = documents.comparison_docx(comparison, title=title, lead=lead)
    answer = HttpResponse(content, content_type=FILES[kind][1])
    answer["Content-Disposition"] = f'attachment; filename="sverka-{key}-{number}.{kind}"'
    return answer


def _dataset(contract: Contract, number: int) -> DataSet:
    datasets = DataSet.objects.select_related("cycle")
    found = datasets.filter(cycle=contract.specification.cycle, number=number).first()
    if found is None:
        raise Http404(f"Набора данных № {number} в этом цикле нет.")
    return found


def _compared(contract: Contract, dataset: DataSet) -> tuple[Comparison | None, list[str]]:
    """The comparison, or why the data set cannot be read."""
    try:
        package = open_dataset(dataset)
        on = timezone.localdate(dataset.frozen_at)
        return delivery(contract, delivered(package, on=on)), []
    except Refusal as refusal:
        return None, sentences(refusal)


def _crumbs(contract: Contract) -> list[Any]:
    way: list[Any] = crumbs(contract.specification)
    return [*way, (str(contract), reverse("office:contract", args=[contract.pk]))]
