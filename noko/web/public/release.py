"""Releases: versions, their files with digests, how to recompute, what a correction changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from noko.core.editions import Edition
from noko.models import Calculation, Release
from noko.queries.edition import get_edition
from noko.queries.release import (
    overview,
    published,
    release_version,
    release_versions,
    release_with_file,
)
from noko.web.public.page import HOME, cycle_name, public_page

CRUMBS = [HOME, ("Выпуски и данные", "/releases/")]
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".zip": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
}
TITLES = {
    "rating.xlsx": "Рейтинг – таблица Excel",
    "rating.csv": "Рейтинг – CSV",
    "rating.json": "Рейтинг – JSON",
    "explanation.json": "Объяснение каждого числа – JSON",
    "release.json": "Состав выпуска и контрольные суммы – JSON",
}
ZIP_TITLE = "Набор данных для пересчёта – Data Package"


@public_page
def releases(request: HttpRequest) -> HttpResponse:
    current = published()
    figures = overview(current)
    rows = [{"release": item, **figures[item.pk]} for item in current]
    context = {
        "section": "releases",
        "rows": rows,
        "invented": any(item.cycle.invented for item in current),
        "breadcrumb": [HOME],
    }
    return render(request, "public/releases.html", context)


@public_page
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    found = release_versions(slug)
    if not found:
        raise Http404("Такого выпуска нет.")
    context = {
        "section": "releases",
        "versions": found,
        "cycle": found[0].cycle,
        "invented": found[0].cycle.invented,
        "breadcrumb": CRUMBS,
    }
    return render(request, "public/release_versions.html", context)


@public_page
def version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    try:
        release = release_version(slug, version)
    except Release.DoesNotExist:
        raise Http404("Такой версии нет.") from None
    cycle, calculation = release.cycle, release.calculation
    edition = get_edition(cycle.edition)
    context = {
        "section": "releases",
        "invented": cycle.invented,
        "release": release,
        "cycle": cycle,
        "calculation": calculation,
        "dataset": calculation.dataset,
        "edition": edition,
        "rounding": edition.rounding(calculation.rounding),
        "policies": [
            (policy.title, policy.title_of(calculation.policies.get(policy.code, policy.default)))
            for policy in edition.policies
        ],
        "files": file_rows(release),
        "package": next((f["name"] for f in release.files if f["name"].endswith(".zip")), ""),
        "options": options(calculation, edition),
        "changes": [item for item in release.difference if item.get("kind") != "place"],
        "moves": [item for item in release.difference if item.get("kind") == "place"],
        "previous": version - 1,
        "newest": release_versions(slug)[0],
        "breadcrumb": [*CRUMBS, (cycle_name(cycle), reverse("release-versions", args=[slug]))],
    }
    return render(request, "public/release.html", context)


def file_rows(release: Release) -> list[dict[str, Any]]:
    """Files of a release for the list of downloads."""
    return [
        {
            "name": file["name"],
            "title": TITLES.get(file["name"]) or _title(file["name"]),
            "url": reverse("release-file", args=[release.folder, file["name"]]),
            "size": file["bytes"],
            "sha256": file["sha256"],
        }
        for file in release.files
    ]


def tables_of(release: Release) -> list[dict[str, Any]]:
    """The files that hold the rating itself: for people and for machines."""
    return [row for row in file_rows(release) if row["name"].startswith("rating.")]


def options(calculation: Calculation, edition: Edition) -> str:
    """Options of ``noko rate`` that repeat the calculation; the edition's defaults are left out."""
    chosen = []
    if calculation.rounding != edition.default_rounding:
        chosen.append(f" --rounding {calculation.rounding}")
    if calculation.ties != edition.default_ties:
        chosen.append(f" --ties {calculation.ties}")
    for policy in edition.policies:
        choice = calculation.policies.get(policy.code, policy.default)
        if choice != policy.default:
            chosen.append(f" --policy {policy.code}={choice}")
    return "".join(chosen)


def _title(name: str) -> str:
    return ZIP_TITLE if name.endswith(".zip") else name


@require_safe
def file(request: HttpRequest, folder: str, name: str) -> FileResponse:
    """A released file; it never changes, so caches may keep it for a year."""
    try:
        release, record = release_with_file(folder, name)
    except Release.DoesNotExist:
        raise Http404("Такого файла нет.") from None
    path = Path(settings.FILES) / "releases" / release.folder / name
    if not path.is_file():
        raise Http404("Файл выпуска временно недоступен.")
    kind = KINDS.get(path.suffix, "application/octet-stream")
    saved_as = f"noko-{release.cycle.slug}-v{release.version}-{name}"
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=saved_as, content_type=kind
    )
    response["ETag"] = f'"{record["sha256"]}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
