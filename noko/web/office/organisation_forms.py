"""Forms of the registry: looking through it, one card, a merger, a reorganisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet

from noko.access.scope import Scope
from noko.core.tables.identifiers import (
    Mended,
    mend_email,
    mend_inn,
    mend_kpp,
    mend_ogrn,
    mend_site,
)
from noko.core.tables.organisations import LONGEST, MOST_RECIPIENTS
from noko.models import Municipality, Organisation
from noko.models.organisation import OrganisationType
from noko.queries.assessment import years_with_results
from noko.queries.registry import TITLES, values_of
from noko.queries.registry_search import (
    LONG_AGO,
    LONG_AGO_YEARS,
    NEVER,
    Wanted,
    founders,
    municipalities,
)
from noko.web.office.forms import OfficeForm

Choices = list[tuple[str, str]]


class RegistryForm(OfficeForm):
    """What is looked for; an empty field leaves everything in."""

    q = forms.CharField(label="Название, ИНН или ОГРН", required=False, max_length=200)
    type = forms.ChoiceField(label="Тип", required=False)
    municipality = forms.ChoiceField(label="Муниципалитет", required=False)
    status = forms.ChoiceField(label="Состояние", required=False)
    founder = forms.ChoiceField(label="Учредитель", required=False)
    assessed = forms.ChoiceField(label="Когда оценивали", required=False)

    def __init__(self, *args: Any, reached: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assessed = [(NEVER, "никогда"), (LONG_AGO, f"{LONG_AGO_YEARS} года назад и раньше")]
        assessed += [(str(year), f"последний раз в {year} году") for year in years_with_results()]
        known: dict[str, Choices] = {
            "type": list(map(_words, OrganisationType.choices)),
            "municipality": [(str(item.pk), item.name) for item in municipalities(reached)],
            "status": list(map(_words, Organisation.Status.choices)),
            "founder": [(name, name) for name in founders(reached)],
            "assessed": assessed,
        }
        for name, choices in known.items():
            _choices(self, name, choices)
        if len(known["municipality"]) < 2:
            del self.fields["municipality"]

    def wanted(self, today: date) -> Wanted:
        if not self.is_valid():
            return Wanted(year=today.year)
        found = self.cleaned_data
        municipality = found.get("municipality", "")
        return Wanted(
            words=found["q"],
            type=found["type"],
            municipality=int(municipality) if municipality else None,
            status=found["status"],
            founder=found["founder"],
            assessed=found["assessed"],
            year=today.year,
        )


def _words(choice: tuple[Any, Any]) -> tuple[str, str]:
    return str(choice[0]), str(choice[1])


def _choices(form: forms.Form, name: str, choices: Choices, empty: str = "все") -> None:
    field = cast(forms.ChoiceField, form.fields[name])
    field.choices = [("", empty), *choices]


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


def _text(key: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=TITLES[key], max_length=LONGEST.get(key, 40), required=False, **options
    )


class OrganisationForm(OfficeForm):
    """The card. What is derived (keys for search) is not asked for."""

    fields_of_refusals: ClassVar = {
        "organisation_dates": "closed_on",
        "organisation_incomplete": "full_name",
    }

    full_name = forms.CharField(
        label=TITLES["full_name"],
        max_length=LONGEST["full_name"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Как в уставе.",
    )
    short_name = _text("short_name", help_text="Если пусто, возьмётся полное.")
    type = forms.ChoiceField(label=TITLES["type"])
    municipality = forms.ChoiceField(label=TITLES["municipality"], required=False)
    new_municipality = forms.CharField(
        label="Новый муниципалитет",
        max_length=LONGEST["municipality"],
        required=False,
        help_text="Если в списке его нет.",
    )
    inn = _text("inn")
    ogrn = _text("ogrn")
    kpp = _text("kpp")
    founder = _text("founder")
    address = _text("address", widget=forms.Textarea(attrs={"rows": 2}))
    site = _text("site")
    phone = _text("phone")
    email = _text("email")
    busgov_id = _text(
        "busgov_id", help_text="Число из адреса карточки: bus.gov.ru/info-card/<b>123456</b>."
    )
    reg_number = _text("reg_number")
    enrolment = forms.IntegerField(
        label=TITLES["enrolment"],
        min_value=0,
        max_value=MOST_RECIPIENTS,
        required=False,
        help_text="От этого числа считается выборка.",
    )
    status = forms.ChoiceField(
        label=TITLES["status"],
        help_text="Реорганизацию отмечают на отдельной странице: там же называют правопреемников.",
    )
    opened_on = forms.DateField(label=TITLES["opened_on"], required=False, widget=_day())
    closed_on = forms.DateField(label=TITLES["closed_on"], required=False, widget=_day())
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Municipality.objects.all()
        if not scope.everything:
            known = known.filter(pk__in=scope.municipalities)
            del self.fields["new_municipality"]
        cast(forms.ChoiceField, self.fields["type"]).choices = list(
            map(_words, OrganisationType.choices)
        )
        cast(forms.ChoiceField, self.fields["status"]).choices = list(
            map(_words, Organisation.Status.choices)
        )
        _choices(self, "municipality", [(item.name, item.name) for item in known], "не выбран")

    @classmethod
    def of(cls, organisation: Organisation, scope: Scope) -> OrganisationForm:
        return cls(initial=values_of(organisation), scope=scope)

    def clean_inn(self) -> str:
        return self._mended("inn", mend_inn)

    def clean_ogrn(self) -> str:
        return self._mended("ogrn", mend_ogrn)

    def clean_kpp(self) -> str:
        return self._mended("kpp", mend_kpp)

    def clean_site(self) -> str:
        return self._mended("site", mend_site)

    def clean_email(self) -> str:
        return self._mended("email", mend_email)

    def _mended(self, key: str, mend: Callable[[str], Mended]) -> str:
        mended = mend(self.cleaned_data[key])
        if mended.error:
            error = mended.error
            raise forms.ValidationError(error[:1].upper() + error[1:])
        return mended.value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("municipality") and not cleaned.get("new_municipality"):
            self.add_error("municipality", "Выберите муниципалитет.")
        opened, closed = cleaned.get("opened_on"), cleaned.get("closed_on")
        if opened and closed and closed < opened:
            self.add_error("closed_on", "Дата прекращения раньше даты создания.")
        status = cleaned.get("status")
        if closed and status == Organisation.Status.ACTIVE:
            self.add_error("closed_on", "У действующей организации нет даты прекращения.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the action takes: names of fields of the registry → values, days as texts."""
        found = dict(self.cleaned_data)
        found.pop("seen", None)
        new = found.pop("new_municipality", "")
        found["municipality"] = " ".join(new.split()) or found["municipality"]
        found["full_name"] = " ".join(found["full_name"].split())
        found["address"] = " ".join(found["address"].split())
        found["short_name"] = found["short_name"] or found["full_name"][: LONGEST["short_name"]]
        for key in ("opened_on", "closed_on"):
            found[key] = found[key].isoformat() if found[key] else ""
        return found


class MergeForm(OfficeForm):
    """For every field in which two records differ: whose value stays; and how it is known."""

    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Как установлено, что это одна организация",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: «Запись заведена дважды при загрузке, ИНН один». Останется в журнале.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, differing: Sequence[tuple[str, str, str, str]], **kwargs: Any
    ) -> None:
        """``differing``: (field, title, value of the kept, value of the other), as people read."""
        super().__init__(*args, **kwargs)
        own = {
            f"take-{key}": forms.ChoiceField(
                label=title,
                choices=[("kept", kept or "пусто"), ("merged", other or "пусто")],
                initial="kept" if kept else "merged",
                widget=forms.RadioSelect,
            )
            for key, title, kept, other in differing
        }
        self.fields = {**own, **self.fields}

    def taken(self) -> list[str]:
        """Fields whose values come from the record that goes."""
        return [
            name.removeprefix("take-")
            for name, value in self.cleaned_data.items()
            if name.startswith("take-") and value == "merged"
        ]


class ReorganisationForm(OfficeForm):
    """``parts``: key of an organisation → before, after or nothing; see the page."""

    fields_of_refusals: ClassVar = {
        "reorganisation_no_act": "act",
        "reorganisation_shape": "kind",
        "organisation_dates": "on",
    }

    kind = forms.ChoiceField(label="Форма", widget=forms.RadioSelect)
    on = forms.DateField(label="Дата", widget=_day(), help_text="С какого дня действует.")
    act = forms.CharField(
        label="Акт",
        max_length=500,
        help_text="Вид, орган, дата и номер: «постановление администрации района от 12.08.2026 "
        "№ 418».",
    )

    def __init__(self, *args: Any, sentences: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = [
            (code, sentence[:1].upper() + sentence[1:]) for code, sentence in sentences.items()
        ]


class ReasonForm(OfficeForm):
    """A reason that stays in the journal."""

    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
