"""The journal: filtered, page by page, and as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.audit.deeds import TITLES, title_of
from noko.exchange.journal import journal_lines
from noko.models import Cycle, JournalEntry
from noko.queries.journal import entries
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page

ROWS = 50


class JournalForm(OfficeForm):
    """What is looked for; an empty field leaves everything in."""

    words = forms.CharField(label="Слова", required=False, max_length=200)
    deed = forms.ChoiceField(label="Действие", required=False)
    cycle = forms.ChoiceField(label="Цикл", required=False)
    since = forms.DateField(
        label="С", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label="По", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deeds = sorted(TITLES.items(), key=lambda item: item[1])
        cycles = Cycle.objects.values_list("slug", "title")
        for name, known in (("deed", deeds), ("cycle", cycles)):
            field = self.fields[name]
            field.choices = [("", "все"), *((str(c), t) for c, t in known)]  # type: ignore[attr-defined]


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.JOURNAL_VIEW)
    form = JournalForm(request.GET or None)
    found = entries(**form.cleaned_data) if form.is_valid() else entries()
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return page(
        request,
        "journal.html",
        "journal",
        form=form,
        rows=rows,
        shown=[shown(item) for item in rows],
        query=_query(request),
    )


@require_GET
def journal_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same selection as CSV."""
    allow(request.user, Permission.JOURNAL_VIEW)
    form = JournalForm(request.GET or None)
    found = entries(**form.cleaned_data) if form.is_valid() else entries()
    answer = StreamingHttpResponse(
        journal_lines(found.order_by("id")), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="zhurnal.csv"'
    return answer


def shown(item: JournalEntry) -> dict[str, Any]:
    """An entry in words, with what changed name by name."""
    before, after = item.before or {}, item.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return {
        "entry": item,
        "title": title_of(item.deed),
        "by": item.by_name or "система",
        "changes": [(name, _words(before.get(name)), _words(after.get(name))) for name in names],
        "compared": bool(before),
    }


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_words(item)}" for name, item in value.items())
    return str(value)


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
