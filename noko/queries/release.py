"""Releases: what is published now and what was published before."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, QuerySet

from noko.models import Release


def published() -> list[Release]:
    """The newest release of every cycle, the newest year first, with cycle and calculation."""
    newest = (
        Release.objects.order_by("cycle_id", "-version")
        .distinct("cycle_id")
        .select_related("cycle", "calculation__dataset")
    )
    return sorted(newest, key=lambda r: (r.cycle.year, r.cycle_id), reverse=True)


def published_calculations() -> QuerySet[Release, Any]:
    """Keys of the calculations that the public sees as current, as a subquery."""
    newest = Release.objects.order_by("cycle_id", "-version").distinct("cycle_id")
    return newest.values("calculation_id")


def current_release(slug: str) -> Release:
    """The newest release of the cycle ``slug``. Raises ``Release.DoesNotExist``."""
    release = _of_cycle(slug).first()
    if release is None:
        raise Release.DoesNotExist(slug)
    return release


def release_version(slug: str, version: int) -> Release:
    """One version. Raises ``Release.DoesNotExist``."""
    return _of_cycle(slug).get(version=version)


def release_versions(slug: str) -> list[Release]:
    """All versions of the cycle, the newest first; empty where nothing is published."""
    return list(_of_cycle(slug))


def release_with_file(folder: str, name: str) -> tuple[Release, dict[str, object]]:
    """The release kept in ``folder`` and the record of its file ``name``.

    Raises ``Release.DoesNotExist``: only files named in the release are ever given out.
    """
    for release in Release.objects.filter(folder=folder):
        for file in release.files:
            if file["name"] == name:
                return release, file
    raise Release.DoesNotExist(f"{folder}/{name}")


def overview(releases: list[Release]) -> dict[int, dict[str, Any]]:
    """By key of the release: how many organisations are rated and their plain mean."""
    rows = (
        Release.objects.filter(pk__in=[release.pk for release in releases])
        .values("pk")
        .annotate(
            organisations=Count("calculation__scores"), mean=Avg("calculation__scores__total")
        )
    )
    return {row["pk"]: dict(row) for row in rows}


def _of_cycle(slug: str) -> QuerySet[Release]:
    return (
        Release.objects.filter(cycle__slug=slug)
        .select_related("cycle", "calculation__dataset")
        .order_by("-version")
    )
