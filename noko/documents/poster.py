"""Posters of a wave: one page for each organisation, with its QR code; the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

from noko.documents.pdf import typeset
from noko.models import WaveOrganisation
from noko.queries.response import form_of_wave
from noko.templatetags.russian import counted, long_date

_STILL = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a poster. ``address``: the whole link, without the mark of a poster."""

    organisation: str
    municipality: str
    address: str
    code: str
    questions: int
    starts_on: date
    ends_on: date
    operator: str
    cycle: str

    @property
    def shown_address(self) -> str:
        """The link as people read it aloud."""
        return re.sub(r"^https?://", "", self.address).rstrip("/")


def poster_of(place: WaveOrganisation, address: str) -> Poster:
    """The poster of an organisation in a wave; ``address`` is its link."""
    wave = place.wave
    return Poster(
        organisation=place.organisation.short_name,
        municipality=str(place.organisation.municipality),
        address=address,
        code=place.code,
        questions=len(form_of_wave(wave).closed),
        starts_on=wave.starts_on,
        ends_on=wave.ends_on,
        operator=wave.operator,
        cycle=wave.cycle.title,
    )


def qr(address: str) -> str:
    """The code of an address as SVG, black on white, to be scaled."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        buffer, kind="svg", border=2, light="#fff", omitsize=True, xmldecl=False, nl=False
    )
    return buffer.getvalue().decode()


def qr_of_poster(poster: Poster) -> str:
    """The code leads to the form and says that it came from a poster."""
    return qr(f"{poster.address}?c=p")


def poster_pdf(poster: Poster) -> bytes:
    """One A4 page."""
    shown = poster.shown_address
    site = shown.rsplit("/", 1)[0]
    by = f"Опрос проводит {poster.operator}. " if poster.operator else ""
    questions = counted(poster.questions, "вопрос,вопроса,вопросов")
    return typeset(
        "poster",
        {
            "title": f"Плакат: {poster.organisation}",
            "over": "Независимая оценка качества образования",
            "call": "Оцените условия в организации",
            "organisation": poster.organisation,
            "how": "Наведите на код камеру телефона или откройте ссылку",
            "link": shown,
            "qr": qr_of_poster(poster),
            "qr_text": f"QR-код ссылки {shown}",
            "lines": [
                f"{questions}, отвечать можно с телефона, без регистрации.",
                "Анкета анонимная: никто не узнает, кто и что ответил.",
                "Если пропала связь, ответы останутся в телефоне и отправятся позже.",
                f"Опрос идёт с {long_date(poster.starts_on)} по {long_date(poster.ends_on)}",
            ],
            "footer": f"{by}{poster.cycle}. Можно ответить и с компьютера: откройте {site}/ "
            f"и введите код {poster.code}.",
        },
    )


def posters_zip(posters: Iterable[Poster]) -> Iterator[bytes]:
    """All posters, in a folder for each municipality, piece by piece as they are made."""
    stream = _Pieces()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, poster in enumerate(posters, start=1):
            name = f"{_plain(poster.municipality)}/{number:03} {_plain(poster.organisation)}.pdf"
            entry = zipfile.ZipInfo(name, _STILL)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, poster_pdf(poster))
            yield stream.taken()
    yield stream.taken()


class _Pieces(io.RawIOBase):
    """Takes what an archive writes and gives it away: nothing is kept, nothing is read back."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        whole = b"".join(self.pieces)
        self.pieces.clear()
        return whole


def _plain(text: str) -> str:
    """A name of a file on any system."""
    kept = re.sub(r'[<>:"/\\|?*\x00-\x1f«»]+', " ", text)
    return " ".join(kept.split())[:80].rstrip(". ") or "плакат"
