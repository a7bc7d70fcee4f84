"""Forms about people: who is looked for, who is invited, which role is given for which time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from noko.access.roles import BY_CODE, ROLES, SIDES, Reach
from noko.actions.role import Granted
from noko.models import Municipality, Organisation
from noko.queries.place import SHOWN, municipalities_named, organisations_named, place_title
from noko.web.office.forms import OfficeForm

Place = Municipality | Organisation


def day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )


def role_choices(first: str) -> list[tuple[str, Any]]:
    """Roles by the side they stand on; ``first``: what an empty choice is called."""
    groups: dict[str, list[tuple[str, str]]] = {SIDES[role.side]: [] for role in ROLES}
    for role in ROLES:
        groups[SIDES[role.side]].append((role.code, role.title))
    return [("", first), *groups.items()]


class PeopleForm(OfficeForm):
    """What is looked for; an empty field leaves everybody in."""

    words = forms.CharField(label="Имя или почта", required=False, max_length=200)
    role = forms.ChoiceField(label="Роль", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices("любая")  # type: ignore[attr-defined]


class PlaceInput(forms.TextInput):
    """A text field whose suggestions come from the server where JavaScript is on."""

    template_name = "office/_place_input.html"

    def __init__(self, address: str) -> None:
        super().__init__({"autocomplete": "off"})
        self.address = address

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        hints = f"{context['widget']['attrs'].get('id', name)}-list"
        context["widget"]["attrs"] |= {
            "list": hints,
            "hx-get": self.address,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": f"#{hints}",
            "hx-params": name,
        }
        context["hints"] = hints
        return context


class RoleForm(OfficeForm):
    """One role with its place and its time. ``granted`` holds the answer of a valid form.

    A place is typed in words. One that several places answer to is chosen from a list, which
    appears with the error.
    """

    fields_of_refusals: ClassVar = {
        "unknown_role": "role",
        "role_held": "role",
        "conflict_of_interest": "role",
        "role_without_place": "place",
        "role_with_foreign_place": "place",
        "bad_period": "starts_on",
    }

    role = forms.ChoiceField(label="Роль")
    place = forms.CharField(
        label="Муниципалитет или организация",
        required=False,
        max_length=300,
        help_text="Для координатора – муниципалитет, для руководителя и редактора организации – "
        "её название или ИНН. Для остальных ролей не нужно.",
    )
    # What may be chosen depends on the words: clean() looks whether the answer is among them.
    chosen = forms.CharField(label="Подходит несколько – выберите", required=False)
    starts_on = day("Действует с", "Если не указать – с сегодняшнего дня.")
    ends_on = day("Действует по", "Последний день. Если не указать – бессрочно.")

    def __init__(self, *args: Any, places: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices("выберите роль")  # type: ignore[attr-defined]
        if places:
            self.fields["place"].widget = PlaceInput(places)
        self._offer([])

    @property
    def granted(self) -> Granted:
        cleaned = self.cleaned_data
        place = cleaned["place"]
        return Granted(
            cleaned["role"],
            place if isinstance(place, Municipality) else None,
            place if isinstance(place, Organisation) else None,
            cleaned["starts_on"],
            cleaned["ends_on"],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        code = cleaned.get("role")
        if code:
            cleaned["place"] = self._place(BY_CODE[code].reach, cleaned.get("place") or "")
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Последний день раньше первого. Исправьте одну из дат.")
        return cleaned

    def _place(self, reach: Reach, words: str) -> Place | None:
        if reach is Reach.REGION:
            if words.strip():
                self.add_error("place", "Эта роль действует во всём регионе. Очистите это поле.")
            return None
        asked = "муниципалитет" if reach is Reach.MUNICIPALITY else "организацию"
        if not words.strip():
            self.add_error("place", f"Укажите {asked}: иначе роль нигде не действует.")
            return None
        found: Sequence[Place] = (
            municipalities_named(words)
            if reach is Reach.MUNICIPALITY
            else organisations_named(words)
        )
        return self._one_of(found, words)

    def _one_of(self, found: Sequence[Place], words: str) -> Place | None:
        if len(found) == 1:
            return found[0]
        picked = [
            item for item in found if str(item.pk) == self.data.get(self.add_prefix("chosen"))
        ]
        if picked:
            self._offer(found[:SHOWN])
            return picked[0]
        if not found:
            self.add_error("place", f"По запросу «{words}» ничего не нашлось. Проверьте написание.")
        elif len(found) > SHOWN:
            self.add_error("place", "Подходит слишком много. Добавьте слова из названия или ИНН.")
        else:
            self._offer(found)
            self.add_error("place", "Подходит несколько. Выберите из списка ниже.")
        return None

    def _offer(self, found: Sequence[Place]) -> None:
        """The list to choose from; without one the field is not shown."""
        choices = [(str(item.pk), place_title(item)) for item in found]
        widget = forms.RadioSelect(choices=choices) if found else forms.HiddenInput()
        self.fields["chosen"].widget = widget


class InvitationForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "email_taken": "email",
        "bad_email": "email",
        "already_invited": "email",
        "bad_name": "full_name",
    }

    email = forms.EmailField(
        label="Электронная почта", help_text="На неё придёт приглашение; ею же будут входить."
    )
    full_name = forms.CharField(label="Фамилия, имя, отчество", max_length=200)


class ReasonForm(OfficeForm):
    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(
        label="Почему",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Причина останется в журнале.",
    )


class EndForm(OfficeForm):
    fields_of_refusals: ClassVar = {"bad_period": "last_day"}

    last_day = day("Последний день", "Если не указать, роль перестанет действовать сразу.")

    @property
    def day(self) -> date | None:
        found: date | None = self.cleaned_data["last_day"]
        return found


class RoleForms:
    """Several roles of one invitation; without JavaScript a button adds one more row."""

    most = 8

    def __init__(self, data: Any, places: str) -> None:
        given = str(data.get("roles", "1"))
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 1
        if "add" in data:
            number += 1
        self.number = max(1, min(number, self.most))
        self.full = self.number == self.most
        asked = bool(data) and "add" not in data
        self.rows = [self._row(index, data, asked, places) for index in range(self.number)]

    def _row(self, index: int, data: Any, asked: bool, places: str) -> RoleForm:
        prefix = f"role-{index}"
        if asked:
            # A further row that was left empty is no mistake.
            empty = bool(index) and not data.get(f"{prefix}-role")
            return RoleForm(None if empty else data, prefix=prefix, places=places)
        initial = {
            name: data.get(f"{prefix}-{name}", "")
            for name in ("role", "place", "starts_on", "ends_on")
        }
        return RoleForm(prefix=prefix, places=places, initial=initial)

    def is_valid(self) -> bool:
        """Every row is checked, so that all mistakes are shown at once."""
        checked = [form.is_valid() for form in self.filled]
        return bool(checked) and all(checked)

    @property
    def filled(self) -> list[RoleForm]:
        return [form for form in self.rows if form.is_bound]

    @property
    def granted(self) -> list[Granted]:
        return [form.granted for form in self.filled]
