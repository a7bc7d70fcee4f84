"""Forms of the list of organisations: looking through it, deciding, an act from outside."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms

from noko.core.frequency import REASONS
from noko.core.organisation_types import TYPE_TITLES
from noko.models import OrganisationList
from noko.queries.list import municipalities_of
from noko.web.office.forms import OfficeForm


class EntriesForm(OfficeForm):
    """What is looked for in a list; an empty field leaves everything in."""

    q = forms.CharField(label="Название или ИНН", required=False, max_length=200)
    state = forms.ChoiceField(
        label="Показать",
        required=False,
        choices=[
            ("", "все"),
            ("included", "в перечне"),
            ("excluded", "не в перечне"),
            ("decided", "решённые иначе"),
        ],
    )
    reason = forms.ChoiceField(
        label="Основание",
        required=False,
        choices=[("", "любое"), *((str(code), words) for code, words in REASONS.items())],
    )
    type = forms.ChoiceField(
        label="Тип", required=False, choices=[("", "все"), *TYPE_TITLES.items()]
    )
    municipality = forms.ChoiceField(label="Муниципалитет", required=False)

    def __init__(self, *args: Any, item: OrganisationList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = municipalities_of(item)
        field = cast(forms.ChoiceField, self.fields["municipality"])
        field.choices = [("", "все"), *((name, name) for name in names)]

    def wanted(self) -> dict[str, str]:
        """What :func:`noko.queries.list.entries` takes."""
        if not self.is_valid():
            return {}
        found = dict(self.cleaned_data)
        return {"words": found.pop("q"), **found}


class DecisionForm(OfficeForm):
    """Why the marked organisations are put in or taken out."""

    fields_of_refusals: ClassVar = {"reason_required": "note"}

    note = forms.CharField(
        label="Причина",
        max_length=500,
        required=False,
        help_text="Нужна, если решаете иначе, чем предлагает правило. Останется в перечне.",
    )


class AmendForm(OfficeForm):
    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему меняется утверждённый перечень",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Причину увидят совет и все, кто читает перечень.",
    )


class OutsideForm(OfficeForm):
    fields_of_refusals: ClassVar = {"no_basis": "basis", "day_ahead": "on"}

    basis = forms.CharField(
        label="Чем утверждён",
        max_length=500,
        help_text="Орган, вид, дата и номер: «протокол общественного совета от 27.11.2025 № 4».",
    )
    on = forms.DateField(
        label="Дата утверждения",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
