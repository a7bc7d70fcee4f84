"""Forms of the pages about bus.gov.ru."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet

from noko.models import Organisation
from noko.models.organisation import OrganisationType
from noko.queries.busgov import STATES
from noko.queries.registry_search import municipalities
from noko.web.office.forms import OfficeForm, UploadField, UploadForm


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


class PlaceForm(OfficeForm):
    """A filter by municipality and type; the municipality is left out where there is only one."""

    municipality = forms.ChoiceField(label="Муниципалитет", required=False)
    type = forms.ChoiceField(label="Тип", required=False)

    def __init__(self, *args: Any, reached: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(item.pk), item.name) for item in municipalities(reached)]
        _choose(self, "municipality", places)
        _choose(self, "type", [(str(code), str(title)) for code, title in OrganisationType.choices])
        if len(places) < 2:
            del self.fields["municipality"]

    def wanted(self) -> dict[str, str]:
        """The chosen values; "" leaves everything in."""
        found = self.cleaned_data if self.is_valid() else {}
        names = {"municipality", "type", *self.fields}
        return {name: str(found.get(name, "") or "") for name in names}


class BusgovFilterForm(PlaceForm):
    state = forms.ChoiceField(label="Показать", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "state", list(STATES.items()))


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = [("", "все"), *choices]
