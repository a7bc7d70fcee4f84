"""Slips with one-time codes, ten on an A4 page, with lines to cut along."""

from __future__ import annotations

from collections.abc import Sequence

from noko.documents.pdf import typeset
from noko.documents.poster import Poster, qr


def slips_pdf(poster: Poster, codes: Sequence[str]) -> bytes:
    """A slip for each code; ``poster`` says whose. The order of the slips is of no meaning."""
    site = poster.shown_address.rsplit("/", 1)[0]
    return typeset(
        "slips",
        {
            "title": f"Листки с кодами: {poster.organisation}",
            "over": "Независимая оценка качества образования",
            "organisation": poster.organisation,
            "lines": [
                "Оцените условия в организации: наведите на код камеру телефона.",
                "Анкета анонимная. Листок на один ответ.",
            ],
            "address": f"Или откройте {site}/ и введите код:",
            "slips": [
                {
                    "code": f"{poster.code} {code[:5]} {code[5:]}",
                    "qr": qr(f"{poster.address}?c=k{code}"),
                    "qr_text": "QR-код листка",
                }
                for code in codes
            ],
        },
    )
