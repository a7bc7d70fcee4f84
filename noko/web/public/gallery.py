"""Every component on one page, for those who build pages; in the demonstration only."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from noko.web.public.page import HOME


class Example(forms.Form):
    """Fields of every kind that the product uses."""

    title = forms.CharField(label="Название цикла", help_text="Как в плане на год.")
    year = forms.IntegerField(label="Год", min_value=2013, max_value=2100)
    edition = forms.ChoiceField(
        label="Редакция методики",
        choices=[("344n-2018", "приказ № 344н"), ("1547-2014", "приказ № 1547")],
    )
    rounding = forms.ChoiceField(
        label="Округление",
        widget=forms.RadioSelect,
        choices=[("a", "показатель – до целого"), ("b", "каждый уровень – до сотых")],
    )
    sure = forms.BooleanField(label="Перечень проверен")
    answers = forms.FileField(label="Файл с анкетами", help_text="CSV, XLSX или ODS, до 64 МБ.")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(
        request,
        "public/gallery.html",
        {
            "breadcrumb": [HOME],
            "wrong": Example({"title": "Оценка 2026 года", "year": "двадцать шестой"}),
            "form": Example(initial={"year": 2026}),
            "page": Paginator(range(2400), 1000).get_page(2),
            "facts": [("Тип", "Дошкольные"), ("Муниципалитет", "Заречный район"), ("Сайт", "")],
            "tabs": [
                {"title": "Все", "url": "#", "current": True, "note": "312"},
                {"title": "Дошкольные", "url": "#", "note": "140"},
            ],
            "timeline": [
                {"title": "Данные", "state": "done", "word": "приняты", "text": "141 организация"},
                {"title": "Расчёт", "state": "underway", "word": "идёт", "text": "Готово 40 %."},
                {"title": "Публикация", "state": "", "text": "После расчёта."},
            ],
            "changes": [
                "Будет опубликован рейтинг 141 организации.",
                "Его увидят все, письма получат 141 руководитель.",
            ],
        },
    )
