"""Files made for one person at one moment: given out to be saved, never shown in the page."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse

from noko import kept

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def attachment(content: bytes, name: str) -> HttpResponse:
    """The content under ``name``, which may be Russian; its ending says what it is."""
    answer = HttpResponse(content, content_type=TYPES[name.rsplit(".", 1)[-1]])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def kept_file(digest: str, name: str) -> FileResponse:
    """A kept file for the person's disk: whatever it is, the browser does not open it here."""
    path = kept.path_of(digest)
    if not path.is_file():
        raise Http404("Файл временно недоступен.")
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
