"""Forms of the office: shape and types. What is lawful is said by the actions."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.http import HttpRequest

from noko.core.editions import Edition
from noko.core.refusal import Refusal
from noko.queries.edition import edition_codes, get_edition
from noko.templatetags.russian import long_date
from noko.web.uploads import too_large


class OfficeForm(forms.Form):
    """``fields_of_refusals``: kind of refusal → field at which it is shown.

    The page itself says what is missing, in its own words, so the browser is not asked to.
    """

    use_required_attribute = False
    fields_of_refusals: ClassVar[dict[str, str]] = {}

    def refuse(self, refusal: Refusal) -> None:
        """Shows the refusal of an action at its field, or above the form."""
        self.add_error(self.fields_of_refusals.get(refusal.kind), str(refusal))


def validity(edition: Edition) -> str:
    """«действует с 23 октября 2018 г.»."""
    text = f"действует с {long_date(edition.valid_from)}"
    return f"{text} по {long_date(edition.valid_to)}" if edition.valid_to else text


def in_force(edition: Edition, year: int) -> bool:
    """Whether the edition is in force on at least one day of the year."""
    ends_before = edition.valid_to is not None and edition.valid_to < date(year, 1, 1)
    return edition.valid_from <= date(year, 12, 31) and not ends_before


class CycleForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "slug_taken": "slug",
        "bad_slug": "slug",
        "bad_year": "year",
        "bad_title": "title",
    }

    year = forms.IntegerField(label="Год оценки", min_value=2013, max_value=2100)
    title = forms.CharField(
        label="Название",
        max_length=200,
        help_text="Например: «Независимая оценка 2026 года».",
    )
    slug = forms.CharField(
        label="Слово в адресе страниц",
        max_length=40,
        help_text="Строчные латинские буквы, цифры и дефис, например 2026. Потом не меняется.",
    )
    edition = forms.ChoiceField(
        label="Редакция методики",
        widget=forms.RadioSelect,
        help_text="Закрепляется за циклом вместе с текстом: расчёт не изменится, если методику "
        "перепишут.",
    )
    anyway = forms.BooleanField(
        label="Всё равно считать по этой редакции", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = [get_edition(code) for code in reversed(edition_codes())]
        choices = [(item.code, f"{item.title} ({validity(item)})") for item in editions]
        field = cast(forms.ChoiceField, self.fields["edition"])
        field.choices = choices
        field.initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        code, year = cleaned.get("edition"), cleaned.get("year")
        if not code or not year or in_force(get_edition(code), year):
            return cleaned
        if self.data.get("anyway") != "on":
            self.add_error(
                "edition",
                f"В {year} году эта редакция не действует: {validity(get_edition(code))}. "
                "Выберите другую или подтвердите выбор ниже.",
            )
        self.fields["anyway"].widget = forms.CheckboxInput()
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What :func:`noko.actions.cycle.create` takes."""
        cleaned = self.cleaned_data
        return {
            "year": cleaned["year"],
            "title": cleaned["title"],
            "slug": cleaned["slug"],
            "edition_code": cleaned["edition"],
        }


class CalculationForm(OfficeForm):
    """Rounding, a rule for every edge case, ties, verbal levels – all from the edition."""

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["rounding"] = _choice(
            "Округление",
            [(item.code, _upper(item.title)) for item in edition.roundings],
            edition.default_rounding,
        )
        for policy in edition.policies:
            if len(policy.choices) < 2:
                continue
            self.fields[f"policy-{policy.code}"] = _choice(
                policy.title,
                [(item.code, _upper(item.title)) for item in policy.choices],
                policy.default,
            )
        ties = [
            ("competition", "1, 2, 2, 4 – после равных место пропускается"),
            ("dense", "1, 2, 2, 3 – места идут подряд"),
        ]
        self.fields["ties"] = _choice("Равные итоги", ties, edition.default_ties)
        self.fields["levels"] = _choice(
            "Словесные уровни",
            [(item.code, _upper(item.title)) for item in edition.levels],
            edition.default_levels,
        )

    def settings(self) -> dict[str, Any]:
        """``rounding``, ``policies``, ``ties`` and ``levels`` of the action."""
        cleaned = self.cleaned_data
        prefix = "policy-"
        policies = {
            name.removeprefix(prefix): value
            for name, value in cleaned.items()
            if name.startswith(prefix)
        }
        return {
            "rounding": cleaned["rounding"],
            "policies": policies,
            "ties": cleaned["ties"],
            "levels": cleaned["levels"],
        }


def _choice(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, initial=initial, widget=forms.RadioSelect
    )


def _upper(title: str) -> str:
    return title[:1].upper() + title[1:]


class ReleaseForm(OfficeForm):
    """``first``: the first version of a cycle needs no reason."""

    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Что и почему исправлено",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Причину увидят все на странице выпуска.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]


class UploadField(forms.FileField):
    """A table file; its content is checked by the reader, its size while it arrives."""

    widget = forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"})


class UploadForm(OfficeForm):
    """A form with files: a file dropped for its size gets its message at its field."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def _clean_fields(self) -> None:
        """A dropped file is called too large, not missing."""
        dropped = [name for name in self.fields if too_large(self.request, name)]
        required = {name: self.fields[name].required for name in dropped}
        for name in dropped:
            self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]  # django-stubs does not know it
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        for name in dropped:
            self.fields[name].required = required[name]
            self.add_error(
                name,
                f"Файл больше {limit} МБ. Удалите лишние листы и картинки или разделите данные "
                "на части и загрузите снова. Ничего не сохранено.",
            )


class DataForm(UploadForm):
    """Answers with an inspection, or ready counts alone."""

    answers = UploadField(
        label="Анкеты",
        required=False,
        help_text="Выгрузка онлайн-формы: строка – один опрошенный. XLSX, ODS, XLS или CSV.",
    )
    inspection = UploadField(
        label="Осмотры",
        required=False,
        help_text="Чек-листы экспертов: строка – одна организация.",
    )
    counts = UploadField(
        label="Готовые количества",
        required=False,
        help_text="Вместо двух файлов выше, если ответы уже сосчитаны: строка – одна организация.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        pair = [cleaned.get("answers"), cleaned.get("inspection")]
        if cleaned.get("counts"):
            if any(pair):
                self.add_error(
                    "counts", "Загрузите либо анкеты и осмотры, либо готовые количества."
                )
        elif not any(pair):
            self.add_error("answers", "Выберите файлы с анкетами и с осмотрами.")
        elif not pair[0]:
            self.add_error("answers", "Выберите файл с анкетами.")
        elif not pair[1]:
            self.add_error("inspection", "Выберите файл с осмотрами.")
        return cleaned

    def files_by_role(self) -> dict[str, Any]:
        roles = ("answers", "inspection", "counts")
        return {role: self.cleaned_data[role] for role in roles if self.cleaned_data.get(role)}


class ListForm(UploadForm):
    organisations = UploadField(
        label="Список организаций",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.xml,.zip"}),
        help_text="Таблица XLSX, ODS, XLS или CSV, где строка – одна организация: название, тип, "
        "муниципалитет, ИНН, ОГРН, адрес, сайт, число получателей услуг. Или выгрузка bus.gov.ru "
        "«Общая информация об учреждении»: XML или ZIP.",
    )
