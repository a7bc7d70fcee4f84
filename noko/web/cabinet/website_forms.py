"""The form of an objection: shape and types; what is lawful is said by the action."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest

from noko.actions.site_objection import LONGEST
from noko.core.refusal import Refusal
from noko.exchange import objection_file
from noko.web.uploads import too_large

NOTHING: dict[str, Any] = {}


class ObjectionForm(forms.Form):
    use_required_attribute = False
    fields_of_refusals: ClassVar = {
        "text_required": "text",
        "text_too_long": "text",
        "evidence_required": "address",
        "bad_link": "address",
        "file_too_large": "file",
        "wrong_file_kind": "file",
    }

    text = forms.CharField(
        label="С чем вы не согласны",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
        help_text="Где на сайте стоят сведения или почему организации их размещать не нужно.",
    )
    address = forms.URLField(
        label="Адрес страницы сайта",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Нужен адрес или файл, можно и то и другое.",
    )
    file = forms.FileField(
        label="Файл",
        required=False,
        help_text="PDF, снимок экрана PNG или JPEG, DOCX, XLSX, ODT или ODS, до 10 МБ.",
    )
    sure = forms.BooleanField(
        label="Возражение проверено. Изменить поданное нельзя",
        error_messages={"required": "Подтвердите, что возражение можно подавать."},
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if too_large(self.request, "file"):
            limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
            self.add_error("file", f"Файл больше {limit} МБ. Уменьшите его. Ничего не сохранено.")
        return cleaned

    def kept_file(self) -> dict[str, Any]:
        """The file kept by its digest, nothing where there is none. Refusals: those of keeping."""
        file = self.cleaned_data.get("file")
        return objection_file.keep(file) if file else NOTHING

    def refuse(self, refusal: Refusal) -> None:
        """Shows the refusal of an action at its field, or above the form."""
        self.add_error(self.fields_of_refusals.get(refusal.kind), str(refusal))
