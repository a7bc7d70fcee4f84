"""A filter of organisations by place and type, as several pages have it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from noko.models import Organisation
from noko.models.organisation import OrganisationType
from noko.queries.registry_search import municipalities
from noko.web.office.forms import OfficeForm


class PlaceForm(OfficeForm):
    """A filter by municipality and type; the municipality is left out where there is only one."""

    municipality = forms.ChoiceField(label="Муниципалитет", required=False)
    type = forms.ChoiceField(label="Тип", required=False)

    def __init__(self, *args: Any, reached: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(item.pk), item.name) for item in municipalities(reached)]
        choose(self, "municipality", places)
        choose(self, "type", [(str(code), str(title)) for code, title in OrganisationType.choices])
        if len(places) < 2:
            del self.fields["municipality"]

    def wanted(self) -> dict[str, str]:
        """The chosen values; "" leaves everything in."""
        found = self.cleaned_data if self.is_valid() else {}
        names = {"municipality", "type", *self.fields}
        return {name: str(found.get(name, "") or "") for name in names}


def choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = [("", "все"), *choices]
