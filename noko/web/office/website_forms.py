"""Forms over findings about sites: shape and types; what is lawful is said by the actions."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from noko.models import SiteMark
from noko.web.office.forms import OfficeForm

REASON = 2000


class ShowForm(OfficeForm):
    fields_of_refusals: ClassVar = {"term_too_short": "until"}

    until = forms.DateField(
        label="Возражения принимаются по",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="Этот день входит в срок.",
    )


class NewRoundForm(OfficeForm):
    on = forms.DateField(
        label="На какой день проверять",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="По этому дню выбираются правила и срок свежести сведений.",
    )


class DecideForm(OfficeForm):
    """``value`` matters for accepting alone."""

    fields_of_refusals: ClassVar = {"reason_required": "reason", "bad_value": "value"}

    value = forms.ChoiceField(
        label="Если принять, как отметить пункт",
        choices=[("found", "есть"), ("not_applicable", "не требуется этой организации")],
        initial="found",
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label="Почему",
        max_length=REASON,
        error_messages={"required": "Напишите, почему решено так: это прочитает организация."},
        widget=forms.Textarea({"rows": 4}),
        help_text="Что вы увидели на сайте или в файле. Это прочитает организация.",
    )


class MarkForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "reason_required": "reason",
        "bad_value": "value",
        "bad_link": "address",
    }

    value = forms.ChoiceField(
        label="Что верно", choices=SiteMark.Value.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Что и где вы увидели",
        max_length=REASON,
        widget=forms.Textarea({"rows": 4}),
        help_text="Отметка стоит рядом с выводом машины, её видит организация.",
    )
    address = forms.URLField(
        label="Адрес страницы", max_length=500, required=False, assume_scheme="https"
    )


class WithdrawForm(OfficeForm):
    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему отметка снимается", max_length=REASON, widget=forms.Textarea({"rows": 3})
    )
