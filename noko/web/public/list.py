"""Approved lists of organisations: who is assessed in which year, why, and who is not."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from noko import kept
from noko.core.organisation_types import TYPE_TITLES, type_title
from noko.documents.list import basis_of, often_words
from noko.models import ListEntry, OrganisationList
from noko.queries import list as queries
from noko.queries.frequency_rules import rule_named
from noko.queries.list_difference import Difference, difference
from noko.web.files import TYPES
from noko.web.public.page import HOME, public_page

CRUMBS = [HOME, ("Перечни организаций", "/lists/")]
TITLES = {
    "docx": "Документ Word",
    "pdf": "PDF",
    "xlsx": "Таблица с охватом за три года",
    "json": "Текст, по которому считается контрольная сумма",
}


@public_page
def lists(request: HttpRequest) -> HttpResponse:
    rows = queries.current_lists()
    context = {
        "section": "lists",
        "rows": rows,
        "invented": any(item.cycle.invented for item in rows),
        "breadcrumb": [HOME],
    }
    return render(request, "public/lists.html", context)


@public_page
def current(request: HttpRequest, slug: str) -> HttpResponse:
    """The version in force: its address does not change with versions."""
    return _shown(request, _found(slug))


@public_page
def version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    return _shown(request, _found(slug, version))


def _found(slug: str, version: int | None = None) -> OrganisationList:
    approved = queries.lists().filter(cycle__slug=slug, status=OrganisationList.Status.APPROVED)
    if version is not None:
        approved = approved.filter(version=version)
    item = approved.order_by("-version").first()
    if item is None:
        raise Http404("Утверждённого перечня с таким адресом нет.")
    return item


def _shown(request: HttpRequest, item: OrganisationList) -> HttpResponse:
    rule = rule_named(item.rule)
    entries = list(item.entries.all())
    newest = _found(item.cycle.slug)
    changes = difference(item.amends, item) if item.amends else None
    return render(
        request,
        "public/list.html",
        {
            "section": "lists",
            "invented": item.cycle.invented,
            "item": item,
            "rule": rule,
            "often": often_words(rule),
            "newest": newest,
            "versions": range(newest.version, 0, -1),
            "groups": _groups(item, [entry for entry in entries if entry.included]),
            "left_out": _left_out(item, entries),
            "others": sum(not entry.included for entry in entries),
            "changes": _lines(changes) if changes else [],
            "files": _files(item),
            "breadcrumb": CRUMBS,
        },
    )


def _groups(item: OrganisationList, entries: list[ListEntry]) -> list[dict[str, Any]]:
    """Included organisations by type, each with the reason."""
    codes = dict.fromkeys([*TYPE_TITLES, *(entry.type for entry in entries)])
    groups = []
    for code in codes:
        own = [(e, basis_of(e, item.cycle.year)) for e in entries if e.type == code]
        if own:
            groups.append({"code": code, "title": type_title(code), "rows": own})
    return groups


def _left_out(item: OrganisationList, entries: list[ListEntry]) -> list[tuple[ListEntry, str]]:
    """Those whose turn it was and who were left out, with the reason."""
    return [
        (entry, basis_of(entry, item.cycle.year))
        for entry in entries
        if not entry.included and entry.reason in ("overdue", "due")
    ]


def _lines(found: Difference) -> list[tuple[str, str, str]]:
    """What, name, explanation."""
    lines = [("добавлена", entry.short_name, entry.note) for entry in found.added]
    lines += [("исключена", entry.short_name, entry.note) for entry in found.removed]
    for changed in found.changed:
        titles = ", ".join(title.lower() for _, title, _, _ in changed.fields)
        lines.append(("изменены сведения", changed.name, titles))
    return lines


def _files(item: OrganisationList) -> list[dict[str, Any]]:
    return [
        {
            "title": TITLES[file["name"].rsplit(".", 1)[-1]],
            "url": reverse("list-file", args=[item.cycle.slug, item.version, file["name"]]),
            "size": file["bytes"],
        }
        for file in item.files
    ]


@require_safe
def file(request: HttpRequest, slug: str, version: int, name: str) -> FileResponse:
    """A document of an approved list; it never changes, so caches may keep it for a year."""
    item = _found(slug, version)
    record = next((found for found in item.files if found["name"] == name), None)
    if record is None:
        raise Http404("Такого файла нет.")
    path = kept.path_of(record["sha256"])
    if not path.is_file():
        raise Http404("Документ перечня временно недоступен.")
    kind = TYPES[name.rsplit(".", 1)[-1]]
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
    answer["ETag"] = f'"{record["sha256"]}"'
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
