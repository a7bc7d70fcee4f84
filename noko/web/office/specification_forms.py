"""Forms of the technical specification and of the contract: shape and types."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, cast

from django import forms

from noko.actions.contract import Terms
from noko.actions.specification import TERMS
from noko.models import Clause, ClauseProposal, Contract, Session, Specification
from noko.models.organisation import OrganisationType
from noko.templatetags.russian import moment
from noko.web.office.forms import OfficeForm

TEMPLATE = "template"


def day(label: str, *, required: bool = False, hint: str = "") -> forms.DateField:
    """A day by the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


def long_text(
    label: str, *, required: bool = True, hint: str = "", rows: int = 4
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, help_text=hint, widget=widget, max_length=10_000
    )


class SpecificationForm(OfficeForm):
    """Customer and terms; a new one also says where its clauses come from."""

    fields_of_refusals: ClassVar = {
        "no_customer": "customer",
        "bad_terms": "survey_ends_on",
        "term_over": "proposals_until",
    }

    source = forms.ChoiceField(label="Откуда взять пункты", widget=forms.RadioSelect)
    customer = forms.CharField(
        label="Заказчик",
        max_length=500,
        help_text="Полное наименование органа, который заключает контракт.",
    )
    survey_starts_on = day("Первый день опроса и осмотра")
    survey_ends_on = day("Последний день опроса и осмотра")
    data_due_on = day("Срок передачи данных")
    report_due_on = day(
        "Срок отчёта",
        hint="Сроки можно указать позже, но до вынесения на заседание.",
    )
    proposals_until = day("Предложения принимаются до")

    def __init__(
        self,
        *args: Any,
        specification: Specification | None = None,
        sources: Sequence[Specification] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if specification is not None or not sources:
            del self.fields["source"]
        else:
            field = cast(forms.ChoiceField, self.fields["source"])
            field.choices = [
                (TEMPLATE, "Образец для этой редакции методики"),
                *((str(item.pk), str(item)) for item in sources),
            ]
            field.initial = field.choices[-1][0]
        if specification is None or specification.status != Specification.Status.OPEN:
            del self.fields["proposals_until"]

    def terms(self) -> dict[str, date | None]:
        return {name: self.cleaned_data.get(name) for name in TERMS}


class UntilForm(OfficeForm):
    fields_of_refusals: ClassVar = {"term_over": "until"}

    until = day(
        "До какого дня принимать предложения",
        required=True,
        hint="Этот день входит в срок.",
    )


class ClauseForm(OfficeForm):
    """What is to become of a clause: another text, a clause behind it, or nothing."""

    fields_of_refusals: ClassVar = {
        "empty_clause": "text",
        "unknown_field": "text",
        "nothing_proposed": "text",
        "reason_required": "reason",
    }

    kind = forms.ChoiceField(
        label="Что сделать",
        choices=[
            (code, f"{word[0].upper()}{word[1:]}") for code, word in ClauseProposal.Kind.choices
        ],
        widget=forms.RadioSelect,
    )
    text = long_text(
        "Текст",
        required=False,
        rows=8,
        hint="Если пункт исключается, текст не нужен.",
    )
    reason = long_text("Почему", hint="Причину увидят все, кто читает техническое задание.")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, clause: Clause, with_reason: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": "change", "text": clause.text, "revision": clause.revision}
        super().__init__(*args, **kwargs)
        if not with_reason:
            del self.fields["reason"]


class ConsiderationForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "answer_required": "answer",
        "empty_clause": "text",
        "unknown_field": "text",
        "nothing_merged": "text",
    }

    verdict = forms.ChoiceField(label="Решение", widget=forms.RadioSelect)
    text = long_text(
        "Текст, который войдёт",
        required=False,
        rows=6,
        hint="Меняйте его, только если принимаете предложение с изменениями.",
    )
    answer = long_text(
        "Ответ",
        required=False,
        hint="Обязателен, если предложение отклонено или принято с изменениями.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposal: ClauseProposal, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": proposal.text, "revision": proposal.clause.revision}
        super().__init__(*args, **kwargs)
        verdicts = [("accepted", "Принять как есть"), ("merged", "Принять с изменениями")]
        if proposal.kind == ClauseProposal.Kind.EXCLUDE:
            verdicts = [("accepted", "Принять: исключить пункт")]
            del self.fields["text"]
        field = cast(forms.ChoiceField, self.fields["verdict"])
        field.choices = [*verdicts, ("rejected", "Отклонить")]


class SessionField(forms.ModelChoiceField):
    """Sessions by their form, day and council."""

    def label_from_instance(self, obj: Session) -> str:
        kind = obj.get_kind_display()
        return f"{kind[:1].upper()}{kind[1:]} {moment(obj.starts_at)}, {obj.council}"


class AgendaForm(OfficeForm):
    session = SessionField(
        Session.objects.none(), label="Заседание", empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, sessions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["session"])
        field.queryset = sessions


class ContractForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "bad_contract_number": "number",
        "no_operator": "operator_name",
        "bad_inn": "operator_inn",
        "bad_price": "price",
        "bad_purchase_code": "purchase_code",
        "bad_contract_terms": "ends_on",
        "contract_repeated": "number",
        "no_organisations": "types",
        "organisations_contracted": "types",
        "reason_required": "reason",
    }

    number = forms.CharField(label="Номер контракта", max_length=100)
    signed_on = day("Дата контракта", required=True)
    operator_name = forms.CharField(label="Оператор", max_length=500)
    operator_inn = forms.CharField(label="ИНН оператора", max_length=20)
    price = forms.DecimalField(
        label="Цена, рублей",
        localize=True,
        max_digits=14,
        decimal_places=2,
        min_value=0,
        help_text="Например: 1250000 или 1250000,50.",
    )
    purchase_code = forms.CharField(
        label="ИКЗ",
        max_length=60,
        required=False,
        help_text="Идентификационный код закупки, 36 цифр.",
    )
    starts_on = day("Действует с", required=True)
    ends_on = day("Действует по", required=True)
    data_due_on = day("Срок передачи данных", required=True)
    types = forms.MultipleChoiceField(
        label="Об организациях каких типов", widget=forms.CheckboxSelectMultiple
    )
    reason = long_text(
        "Почему изменены сведения",
        hint="Назовите дополнительное соглашение или ошибку, которую исправляете.",
    )

    def __init__(
        self,
        *args: Any,
        specification: Specification,
        contract: Contract | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _contract_initial(specification, contract)
        super().__init__(*args, **kwargs)
        present = {row["type"] for row in specification.annex}
        if contract or len(present) < 2:
            del self.fields["types"]
        else:
            field = cast(forms.MultipleChoiceField, self.fields["types"])
            field.choices = [item for item in OrganisationType.choices if item[0] in present]
            field.initial = sorted(present)
        if contract is None:
            del self.fields["reason"]

    def contract_terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})


def _contract_initial(specification: Specification, contract: Contract | None) -> dict[str, Any]:
    if contract:
        return {name: getattr(contract, name) for name in Terms.__dataclass_fields__}
    return {
        "starts_on": specification.survey_starts_on,
        "data_due_on": specification.data_due_on,
    }
