"""Forms about batches: how many sheets there are, why one is removed."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from noko.web.office.forms import OfficeForm, UploadField, UploadForm


class RecountForm(OfficeForm):
    fields_of_refusals: ClassVar = {"bad_sheets": "sheets"}

    sheets = forms.IntegerField(
        label="Листов в пачке",
        widget=forms.TextInput({"inputmode": "numeric", "size": 5}),
        help_text="Если листов оказалось больше или меньше, чем написали в начале.",
    )


class RemovalForm(OfficeForm):
    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему пачку нельзя учитывать",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Причина останется в журнале.",
    )


class AnswersForm(UploadForm):
    answers = UploadField(
        label="Файл с анкетами",
        help_text="Выгрузка из KoboToolbox, Google Forms, Яндекс Форм или другой системы: строка – "
        "один опрошенный, столбец – один вопрос. XLSX, ODS, XLS или CSV.",
    )


class CodesForm(OfficeForm):
    fields_of_refusals: ClassVar = {"bad_number": "number"}

    number = forms.IntegerField(
        label="Сколько листков",
        widget=forms.TextInput({"inputmode": "numeric", "size": 5}),
        help_text="Десять на странице A4, с линиями для разрезания.",
    )
