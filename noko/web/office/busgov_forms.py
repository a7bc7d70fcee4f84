"""Forms of the pages about bus.gov.ru."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from noko.queries.busgov import STATES
from noko.web.office.forms import OfficeForm, UploadField, UploadForm
from noko.web.office.place_form import PlaceForm, choose


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class BusgovUploadForm(UploadForm):
    fields_of_refusals: ClassVar = {"busgov_day": "on"}

    busgov = UploadField(
        label="Файл bus.gov.ru",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.xml,.zip"}),
        help_text="Отчёт «Статус полноты размещения информации по учреждению» (XLSX, XLS, ODS, "
        "CSV) или выгрузка «Общая информация об учреждении» institutionInfo (XML, ZIP).",
    )
    on = forms.DateField(
        label="На какой день эти сведения",
        widget=day_input(),
        help_text="День, когда файл скачан с bus.gov.ru.",
    )


class BusgovAcceptForm(OfficeForm):
    """What a person decides when the preview has been read."""

    fields_of_refusals: ClassVar = {"busgov_term": "term_on"}

    term_on = forms.DateField(
        label="До какого дня организациям дополнить сведения",
        widget=day_input(),
        required=False,
        help_text="Срок увидят организации в кабинете. Предложен по рабочему календарю.",
    )
    whole = forms.BooleanField(
        label="Это полная выгрузка: кого в файле нет, того нет на bus.gov.ru", required=False
    )
    without_rejected = forms.BooleanField(label="Загрузить без отклонённых строк", required=False)

    def __init__(self, *args: Any, rejected: int, absent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rejected:
            del self.fields["without_rejected"]
        if not absent:
            del self.fields["whole"]


class BusgovWithdrawForm(OfficeForm):
    fields_of_refusals: ClassVar = {"no_reason": "reason"}

    reason = forms.CharField(
        label="Почему отзываете",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: загружен отчёт прошлого года.",
    )


class BusgovFilterForm(PlaceForm):
    state = forms.ChoiceField(label="Показать", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "state", list(STATES.items()))
