"""Reading what stands in an address, whatever somebody has put there."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 200


def text(request: HttpRequest, name: str) -> str:
    """A parameter without blanks at its ends; what no database can hold is left out."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


def numbers(request: HttpRequest, name: str) -> list[int]:
    """All whole numbers given under ``name``, each once, in the given order."""
    found = [value for value in request.GET.getlist(name) if value.isascii() and value.isdigit()]
    return list(dict.fromkeys(int(value) for value in found if len(value) < 16))
