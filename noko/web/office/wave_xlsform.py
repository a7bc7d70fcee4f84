"""A wave's questionnaire as an XLSForm: taken along to KoboToolbox and ODK, and brought back."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.core.answers.additions import missing
from noko.core.answers.form import Additions
from noko.core.refusal import Place, Refusal
from noko.core.xlsform_additions import additions_of
from noko.core.xlsform_reading import disagreements, read_xlsform
from noko.documents.xlsform import write_xlsform
from noko.exchange.files import read_sheets
from noko.exchange.xlsform import to_xform
from noko.models import Wave
from noko.queries.edition import get_edition
from noko.queries.odk import listed_by_inn, sheets_of
from noko.templatetags.russian import counted
from noko.web.office.pages import page
from noko.web.office.questionnaire_forms import XlsformForm
from noko.web.office.wave import SECTION
from noko.web.office.wave_links import XLSX, attachment
from noko.web.office.wave_questionnaire import (
    added_to,
    keep,
    not_any_more,
    under_questionnaire,
)


@require_GET
def xlsform(request: HttpRequest, key: int) -> HttpResponse:
    """The workbook, in all languages, with the organisations of the wave to choose from."""
    found = get_wave_for(request.user, key)
    form = sheets_of(found, listed_by_inn(found), keeps_place=False)
    return attachment(write_xlsform(form), f"Анкета {found.pk} XLSForm.xlsx", XLSX)


@require_http_methods(["GET", "POST"])
def load_xlsform(request: HttpRequest, key: int) -> HttpResponse:
    """What a form of somebody else's asks beyond the edition, instead of what was there."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    if found.status != Wave.Status.PLANNED:
        return not_any_more(request, found)
    sent = request.method == "POST"
    form = XlsformForm(request, *((request.POST, request.FILES) if sent else ()))
    problems: list[str] = []
    if sent and form.is_valid():
        try:
            made = _read(form.cleaned_data["file"], found)
            keep(request, found, made, "")
        except Refusal as refusal:
            problems = refusal.lines()
        else:
            messages.success(request, _done(found, made))
            return redirect("office:wave_questionnaire", found.pk)
    return page(
        request,
        "wave/xlsform.html",
        SECTION,
        **under_questionnaire(request, found),
        form=form,
        problems=problems,
        status=422 if form.errors or problems else 200,
    )


def _read(file: UploadedFile, found: Wave) -> Additions:
    """Refusals: ``foreign_xlsform`` with every row, ``broken_xlsform``, those of reading files."""
    name, content = PurePath(file.name or "anketa.xlsx").name, file.read()
    edition = get_edition(found.cycle.edition)
    read = read_xlsform(read_sheets(content, name=name))
    problems = read.problems or disagreements(read, edition.questionnaire)
    if problems:
        raise Refusal(
            "Форму нельзя взять как анкету.",
            kind="foreign_xlsform",
            cure="Исправьте названные места и загрузите снова. Ничего не сохранено.",
            place=Place(file=name),
            problems=problems,
        )
    to_xform(content, name=name)
    return additions_of(read, edition, added_to(found))


def _done(found: Wave, made: Additions) -> str:
    own = counted(len(made.extra), "вопрос региона,вопроса региона,вопросов региона")
    text = f"Форма загружена: {own}, языков кроме русского – {len(made.wordings)}."
    if missing(get_edition(found.cycle.edition), made):
        return f"{text} Перевод не полный: допишите его, иначе волна не откроется."
    return text
