"""Forms of waves: dates and operator, inspections, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from noko.models import Wave
from noko.templatetags.russian import counted
from noko.web.office.forms import OfficeForm, UploadField, UploadForm


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class WaveForm(OfficeForm):
    """When and by whom a wave is held."""

    fields_of_refusals: ClassVar = {"bad_dates": "ends_on"}

    operator = forms.CharField(
        label="Оператор",
        max_length=300,
        required=False,
        help_text="Организация, которая проводит опрос: так она названа на плакатах.",
    )
    starts_on = _day("Начало")
    ends_on = _day("Последний день")

    @classmethod
    def of(cls, wave: Wave) -> WaveForm:
        return cls(
            initial={
                "operator": wave.operator,
                "starts_on": wave.starts_on,
                "ends_on": wave.ends_on,
            }
        )


class NewWaveForm(WaveForm):
    """``free``: (code, title, how many organisations are in no wave of the cycle yet)."""

    fields_of_refusals: ClassVar = {**WaveForm.fields_of_refusals, "no_organisations": "type"}

    type = forms.ChoiceField(label="Кого оценивают", widget=forms.RadioSelect)
    field_order = ["type", "operator", "starts_on", "ends_on"]

    def __init__(self, free: Sequence[tuple[str, str, int]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms_of = "организация,организации,организаций"
        choices = [(code, f"{title}: {counted(number, forms_of)}") for code, title, number in free]
        self.fields["type"].choices = choices  # type: ignore[attr-defined]


class InspectionForm(UploadForm):
    inspection = UploadField(
        label="Осмотры",
        help_text="Чек-листы экспертов: строка – одна организация. XLSX, ODS, XLS или CSV.",
    )


class ReasonForm(OfficeForm):
    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему эти анкеты не стоит учитывать",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Причина останется в журнале и в акте.",
    )


class CloseForm(OfficeForm):
    """Asked for where the contract is not met."""

    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему волна закрывается, хотя выполнено не всё",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Причина войдёт в акт и останется в журнале.",
    )
