"""Other languages of a wave's questionnaire: each text is worded beside its Russian."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.core.answers import additions as changes
from noko.core.answers.additions import missing, said_in, texts_of, worded
from noko.core.answers.form import Wording
from noko.core.answers.languages import LANGUAGES, title_of
from noko.core.refusal import Refusal
from noko.models import Wave
from noko.queries.edition import get_edition
from noko.templatetags.russian import counted
from noko.web.office.pages import page
from noko.web.office.questionnaire_forms import LanguageForm, WordingForm
from noko.web.office.wave import SECTION
from noko.web.office.wave_questionnaire import (
    added_to,
    keep,
    not_any_more,
    under_questionnaire,
)


@require_http_methods(["GET", "POST"])
def new_language(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    if found.status != Wave.Status.PLANNED:
        return not_any_more(request, found)
    added = added_to(found)
    form = LanguageForm(list(added.wordings), request.POST or None, initial={"seen": found.version})
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            made = changes.with_language(added, code, LANGUAGES[code][1])
            keep(request, found, made, form.cleaned_data["seen"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Язык добавлен. Переведите тексты ниже.")
            return redirect("office:wave_language", found.pk, code)
    return page(
        request,
        "wave/language_new.html",
        SECTION,
        **under_questionnaire(request, found),
        form=form,
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def language(request: HttpRequest, key: int, language: str) -> HttpResponse:
    """All texts of a language; what is not finished may be saved and gone on with later."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    added, wording = added_to(found), wording_of(found, language)
    if found.status != Wave.Status.PLANNED:
        return not_any_more(request, found)
    edition = get_edition(found.cycle.edition)
    initial = {"name": wording.name, "seen": found.version, **said_in(wording, edition, added)}
    form = WordingForm(texts_of(edition, added), request.POST or None, initial=initial)
    if form.is_valid():
        made = worded(form.cleaned_data["name"], form.said(), edition, added)
        whole = changes.with_wording(added, language, made)
        try:
            keep(request, found, whole, form.cleaned_data["seen"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            rest = len(missing(edition, whole).get(language, ()))
            left = f"Осталось перевести: {counted(rest, 'текст,текста,текстов')}."
            messages.success(request, f"Сохранено. {left if rest else 'Перевод готов.'}")
            return redirect("office:wave_language", found.pk, language)
    first = found.places.first()
    return page(
        request,
        "wave/language.html",
        SECTION,
        **under_questionnaire(request, found),
        form=form,
        code=language,
        name=title_of(language, wording.name),
        gaps={item.key for item in missing(edition, added).get(language, ())},
        preview=first.code if first else "",
        status=422 if form.errors else 200,
    )


def wording_of(found: Wave, code: str) -> Wording:
    wording = added_to(found).wordings.get(code)
    if wording is None:
        raise Http404(f"Языка {code} в анкете нет.")
    return wording


@require_http_methods(["GET", "POST"])
def remove_language(request: HttpRequest, key: int, language: str) -> HttpResponse:
    """The confirm step: how much work goes with it."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    added, wording = added_to(found), wording_of(found, language)
    if request.method == "POST":
        try:
            without = changes.without_language(added, language)
            keep(request, found, without, request.POST.get("seen", "")[:16])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Язык удалён.")
        return redirect("office:wave_questionnaire", found.pk)
    edition = get_edition(found.cycle.edition)
    said = counted(len(said_in(wording, edition, added)), "текст,текста,текстов")
    return page(
        request,
        "wave/language_remove.html",
        SECTION,
        **under_questionnaire(request, found),
        name=title_of(language, wording.name),
        code=language,
        changes=[f"Пропадёт перевод: {said}.", "На других языках анкета останется."],
    )
