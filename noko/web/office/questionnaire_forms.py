"""Forms of a wave's questionnaire: a region's question, a language, its texts, an XLSForm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from noko.core.answers.additions import MOST_OPTIONS, Said
from noko.core.answers.form import Additions, Extra, Form
from noko.core.answers.languages import LANGUAGES
from noko.core.editions import ShowIf
from noko.web.office.forms import OfficeForm, UploadField, UploadForm

ALWAYS = ""
SHORT = 70


class SeenForm(OfficeForm):
    """``seen``: the version of the questionnaire that the person was looking at."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)


class QuestionForm(SeenForm):
    """A question of the region's own."""

    fields_of_refusals: ClassVar = {"too_many_questions": "text"}

    text = forms.CharField(
        label="Вопрос", max_length=1000, widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Как отвечают",
        widget=forms.RadioSelect,
        choices=[
            ("choice", "Выбором; ответ хранится вместе с остальными ответами анкеты"),
            ("profile", "Выбором, о себе: ответ хранится отдельно, как пол и возраст"),
            ("text", "Своими словами"),
        ],
        initial="choice",
    )
    options = forms.CharField(
        label="Варианты ответа",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        help_text="По одному в строке. Пусто – «Да» и «Нет».",
    )
    show_if = forms.ChoiceField(
        label="Когда задавать",
        required=False,
        help_text="Вопрос увидит только тот, кто ответил так.",
    )
    field_order = ["text", "kind", "options", "show_if", "seen"]

    def __init__(
        self, form: Form, additions: Additions, *args: Any, id: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show_if"].choices = list(_conditions(form, additions, id))  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(item: Extra) -> dict[str, str]:
        condition = item.show_if
        return {
            "text": item.text,
            "kind": item.kind,
            "options": "\n".join(item.options),
            "show_if": f"{condition.question}={condition.answer}" if condition else ALWAYS,
        }

    def clean_options(self) -> list[str]:
        options = [
            line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()
        ]
        if len(options) == 1 or len(options) > MOST_OPTIONS:
            raise forms.ValidationError(
                f"Вариантов {len(options)}. Нужно от двух до {MOST_OPTIONS} или ни одного."
            )
        if len(set(options)) != len(options):
            raise forms.ValidationError("Два варианта одинаковы. Оставьте один.")
        return options

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "text" and cleaned.get("options"):
            self.add_error("options", "На этот вопрос отвечают своими словами: варианты не нужны.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What :func:`noko.core.answers.additions.with_question` takes."""
        question, _, answer = self.cleaned_data["show_if"].partition("=")
        condition = ShowIf(question=question, answer=int(answer)) if question else None
        fields = {name: self.cleaned_data[name] for name in ("text", "kind", "options")}
        return {**fields, "show_if": condition}


def _conditions(form: Form, additions: Additions, id: str) -> list[tuple[str, str]]:
    """Every answer of the closed questions that stand before this one."""
    ids = [item.id for item in additions.extra]
    later = set(ids[ids.index(id) :]) if id in ids else set()
    found = [(ALWAYS, "всем")]
    for question in form.closed:
        if question.id not in later:
            head = question.text[:SHORT] + ("…" if len(question.text) > SHORT else "")
            found += [
                (f"{question.id}={option.value}", f"{question.number}. {head} – {option.label}")
                for option in question.options
            ]
    return found


class LanguageForm(SeenForm):
    fields_of_refusals: ClassVar = {"language_taken": "code"}

    code = forms.ChoiceField(label="Язык")
    field_order = ["code", "seen"]

    def __init__(self, taken: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (code, f"{title} ({own})")
            for code, (title, own) in LANGUAGES.items()
            if code not in taken
        ]


class WordingForm(SeenForm):
    """Every text with its Russian beside it; what is left empty is not worded yet."""

    name = forms.CharField(
        label="Название языка на нём самом",
        max_length=60,
        help_text="Так язык назван на странице анкеты.",
    )

    def __init__(self, texts: Sequence[Said], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for item in texts:
            rows = 4 if len(item.original) > 200 else 2 if len(item.original) > SHORT else 1
            self.fields[item.key] = forms.CharField(
                label=f"{item.where}: {item.original}",
                required=False,
                max_length=4000,
                widget=forms.Textarea({"rows": rows}),
            )

    def said(self) -> Mapping[str, str]:
        return {item.key: self.cleaned_data.get(item.key, "") for item in self.texts}

    def pairs(self) -> list[tuple[Said, forms.BoundField]]:
        return [(item, self[item.key]) for item in self.texts]


class XlsformForm(UploadForm):
    file = UploadField(
        label="Форма XLSForm",
        help_text="Файл .xlsx с листами survey, choices и settings, например из KoboToolbox.",
    )
