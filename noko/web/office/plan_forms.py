"""Forms of the plan: shape and types. What is lawful is said by the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms

from noko.core.planning.draft import Draft, DraftRow, closing_of
from noko.core.planning.logic import Finding
from noko.core.planning.template import PlanTemplate
from noko.web.office.forms import OfficeForm, UploadForm


class PlanFileField(forms.FileField):
    """A file with a plan; its content is checked by the reader, its size while it arrives."""

    widget = forms.FileInput(attrs={"accept": ".docx,.xlsx,.xls,.ods,.html,.htm,.txt,.md"})


class PlanFileForm(UploadForm):
    plan = PlanFileField(
        label="Файл плана",
        help_text="Таблица со столбцами «Мероприятие», «Срок исполнения», «Ответственные "
        "исполнители», «Результат». DOCX, XLSX, ODS, HTML или текст.",
    )


ROW_FIELDS = ("number", "activity", "term", "responsible", "result")


def corrected(draft: Draft, posted: Mapping[str, str], template: PlanTemplate) -> Draft:
    """The draft with what a person has typed over it; rows marked to be dropped are left out."""
    rows = []
    for position, row in enumerate(draft.rows):
        prefix = f"row-{position}-"
        if f"{prefix}drop" in posted:
            continue
        typed: dict[str, Any] = {
            name: _cell(posted[prefix + name], name)
            for name in ROW_FIELDS
            if prefix + name in posted
        }
        code = posted.get(f"{prefix}code", row.code)
        if code != row.code:
            typed = {**typed, "code": code, **closing_of(code, template)}
        rows.append(replace(row, **typed))
    title = " ".join(posted.get("title", draft.title).split()) or draft.title
    return replace(draft, title=title, rows=tuple(rows))


def _cell(text: str, name: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    several = name in ("responsible", "result")
    return ("\n" if several else " ").join(line for line in lines if line)


def applied(draft: Draft, finding: Finding, choice: int) -> Draft:
    """The draft with what the finding proposes; of several terms the one that was chosen."""
    changes = finding.changes
    if changes and changes[0].field == "term":
        changes = changes[choice : choice + 1]
    rows = list(draft.rows)
    for change in changes:
        for position, row in enumerate(rows):
            if (row.number or f"строка {position + 1}") == change.key:
                rows[position] = _changed(row, change.field, change.value)
    return replace(draft, rows=tuple(rows))


def _changed(row: DraftRow, field: str, value: str) -> DraftRow:
    if field == "term":
        return replace(row, term=value, meaning="")
    old = field.removeprefix("responsible:")
    return replace(row, responsible=row.responsible.replace(old, value))


class ReasonForm(OfficeForm):
    """Why: kept in the journal."""

    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class AdoptForm(OfficeForm):
    fields_of_refusals: ClassVar = {"basis_required": "basis", "adopted_in_future": "on"}

    basis = forms.CharField(
        label="Чем утверждён",
        max_length=300,
        required=False,
        help_text="Например: решение общественного совета от 12 января 2026 г. № 1.",
    )
    on = forms.DateField(
        label="Дата утверждения", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class ActivityForm(OfficeForm):
    """An activity as it is printed, how its term is understood, and what closes it."""

    fields_of_refusals: ClassVar = {
        "number_taken": "number",
        "term_unclear": "term",
        "reason_required": "reason",
    }

    number = forms.CharField(label="Номер", max_length=20, required=False)
    section = forms.ChoiceField(label="Раздел", required=False)
    activity = forms.CharField(label="Мероприятие", widget=forms.Textarea(attrs={"rows": 3}))
    term = forms.CharField(
        label="Срок исполнения", max_length=500, help_text="Так он будет напечатан в плане."
    )
    meaning = forms.CharField(
        label="Как понимать срок",
        max_length=500,
        required=False,
        help_text="Нужно, только если по напечатанному даты не видно: например, напечатано "
        "«согласно графику», а по графику – «до 1 июня».",
    )
    responsible_printed = forms.CharField(
        label="Ответственные исполнители",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="Каждый с новой строки.",
    )
    result = forms.CharField(
        label="Результат (итоговый документ)",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    code = forms.ChoiceField(
        label="Какое это мероприятие цикла",
        required=False,
        help_text="По нему программа узнаёт, чем мероприятие закрывается и с чем его сравнивать.",
    )
    second_person = forms.BooleanField(label="Выполнение подтверждает второе лицо", required=False)
    reason = forms.CharField(
        label="Почему меняете", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        *args: Any,
        template: PlanTemplate,
        sections: list[tuple[str, str]] | None = None,
        adopted: bool = False,
        **kwargs: Any,
    ) -> None:
        """``sections``: only for a new activity; ``adopted``: a change needs its reason."""
        super().__init__(*args, **kwargs)
        known = [(item.code, f"{item.number}. {item.activity}") for item in template.activities]
        self.fields["code"].choices = [("", "своё, не из перечня"), *known]  # type: ignore[attr-defined]
        if sections is None:
            del self.fields["section"]
        else:
            self.fields["section"].choices = sections  # type: ignore[attr-defined]
        if not adopted:
            del self.fields["reason"]

    def changes(self, template: PlanTemplate, code_before: str = "") -> dict[str, Any]:
        """What :func:`noko.actions.plan.change_activity` takes."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {
            "number": cleaned["number"].strip(" ."),
            "activity": _cell(cleaned["activity"], "activity"),
            "term": _cell(cleaned["term"], "term"),
            "responsible_printed": _cell(cleaned["responsible_printed"], "responsible"),
            "result": _cell(cleaned["result"], "result"),
            "code": cleaned["code"],
            "second_person": cleaned["second_person"],
        }
        found["meaning"] = _cell(cleaned["meaning"], "term") or found["term"]
        if cleaned["code"] != code_before:
            found["closes_by"] = list(closing_of(cleaned["code"], template)["closes_by"])  # type: ignore[call-overload]
        return found


class EvidenceForm(UploadForm):
    fields_of_refusals: ClassVar = {
        "title_required": "title",
        "file_or_link": "file",
        "bad_link": "address",
        "done_in_future": "done_on",
    }

    title = forms.CharField(
        label="Что это", max_length=300, help_text="Например: решение общественного совета № 4."
    )
    period = forms.ChoiceField(label="За какой срок", required=False)
    done_on = forms.DateField(
        label="Дата документа",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="С этого дня результат есть.",
    )
    file = forms.FileField(label="Файл", required=False)
    address = forms.URLField(
        label="Или ссылка", max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, periods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if periods:
            self.fields["period"].choices = [(period, period) for period in periods]  # type: ignore[attr-defined]
        else:
            del self.fields["period"]
