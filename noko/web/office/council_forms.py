"""Forms of the council: its particulars, members, sessions, items of an agenda."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from noko.access.roles import ROLES, Side
from noko.core.council_rules import Chosen, Part
from noko.models import Attendance, Council, CouncilMember, Cycle, Municipality, Person, Session
from noko.queries.council_rules import get_rules, rule_codes
from noko.web.office.forms import OfficeForm, UploadForm


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _moment(label: str, *, required: bool = True, help_text: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


def _text(label: str, rows: int, *, help_text: str = "", limit: int = 20_000) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=limit,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
    )


class CouncilForm(OfficeForm):
    """A council by its act; the rule set is chosen once, when it is entered."""

    fields_of_refusals: ClassVar = {"bad_term": "ends_on", "empty_name": "name"}

    rules = forms.ChoiceField(
        label="По какому закону сформирован",
        widget=forms.RadioSelect,
        help_text="Задаёт, сколько членов нужно, на какой срок и кто не может войти в совет.",
    )
    name = forms.CharField(
        label="Полное наименование",
        max_length=700,
        widget=forms.Textarea({"rows": 3}),
        help_text="Как в акте: так оно встанет в протоколы и решения.",
    )
    short_name = forms.CharField(label="Краткое наименование", max_length=200)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label="Муниципальное образование",
        required=False,
        empty_label="совет всего региона",
    )
    act_body = forms.CharField(label="Кем сформирован", max_length=500)
    act_title = forms.CharField(label="Акт о формировании", max_length=500)
    act_number = forms.CharField(label="Номер акта", max_length=60, required=False)
    act_on = _day("Дата акта")
    starts_on = _day("Полномочия с")
    ends_on = _day(
        "Полномочия по",
        required=False,
        help_text="Если не указать, срок – как в законе.",
    )
    regulation_title = forms.CharField(
        label="Положение о совете", max_length=500, required=False, help_text="Его название."
    )
    regulation_number = forms.CharField(label="Номер положения", max_length=60, required=False)
    regulation_on = _day("Дата положения", required=False)

    def __init__(self, *args: Any, council: Council | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if council is not None:
            del self.fields["rules"]
            del self.fields["municipality"]
            return
        codes = list(reversed(rule_codes()))
        field = self.fields["rules"]
        field.choices = [(code, get_rules(code).title) for code in codes]  # type: ignore[attr-defined]
        field.initial = codes[0]

    @classmethod
    def of(cls, council: Council) -> CouncilForm:
        names = [name for name in cls.base_fields if name not in ("rules", "municipality")]
        return cls(initial={name: getattr(council, name) for name in names}, council=council)


class ChoicesForm(OfficeForm):
    """What the regulation chooses: an option and its point for every rule that it may change."""

    def __init__(self, parts: list[Part], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            usual = dict(part.options)[part.default]
            self.fields[f"{part.key}-choice"] = forms.ChoiceField(
                label=part.title,
                required=False,
                choices=[("", f"как обычно: {usual}"), *part.options],
                initial=part.choice if part.point else "",
            )
            self.fields[f"{part.key}-point"] = forms.CharField(
                label=f"Пункт положения: {part.title.lower()}",
                required=False,
                max_length=60,
                initial=part.point,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for part in self.parts:
            chosen, point = cleaned.get(f"{part.key}-choice"), cleaned.get(f"{part.key}-point")
            if chosen and not point:
                self.add_error(f"{part.key}-point", "Напишите пункт положения, например: п. 4.2.")
            if point and not chosen:
                self.add_error(f"{part.key}-choice", "Выберите, что сказано в этом пункте.")
        return cleaned

    def choices(self) -> dict[str, Chosen]:
        cleaned = self.cleaned_data
        return {
            part.key: {
                "choice": cleaned[f"{part.key}-choice"],
                "point": cleaned[f"{part.key}-point"],
            }
            for part in self.parts
            if cleaned[f"{part.key}-choice"]
        }


def council_people() -> Any:
    """People who hold a role of the council."""
    codes = [role.code for role in ROLES if role.side is Side.COUNCIL]
    found = Person.objects.filter(grants__role__in=codes, is_active=True)
    return found.distinct().order_by("full_name")


class MemberForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "chair_taken": "position",
        "secretary_taken": "position",
        "conflict_of_interest": "person",
        "member_twice": "person",
        "outside_of_term": "starts_on",
        "empty_association": "association",
        "empty_name": "full_name",
    }

    full_name = forms.CharField(label="Фамилия, имя, отчество", max_length=200)
    association = forms.CharField(
        label="Кого представляет",
        max_length=500,
        help_text="Общественное объединение, защищающее права граждан, или объединение инвалидов.",
    )
    position = forms.ChoiceField(
        label="Положение",
        choices=CouncilMember.Position.choices,
        initial=CouncilMember.Position.MEMBER,
    )
    starts_on = _day("В составе с")
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Пользователь",
        required=False,
        empty_label="не входит в систему",
        help_text="Кто входит под своим именем, голосует сам. Роль даёт администратор.",
    )
    email = forms.EmailField(
        label="Электронная почта",
        required=False,
        help_text="Для приглашений, если человек не входит в систему или почта другая.",
    )

    def __init__(self, *args: Any, member: CouncilMember | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = council_people()  # type: ignore[attr-defined]
        if member is not None:
            del self.fields["position"]
            del self.fields["starts_on"]

    @classmethod
    def of(cls, member: CouncilMember) -> MemberForm:
        names = ("full_name", "association", "email")
        initial = {name: getattr(member, name) for name in names}
        return cls(initial={**initial, "person": member.person_id}, member=member)


class PositionForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "chair_taken": "position",
        "secretary_taken": "position",
        "same_position": "position",
        "bad_term": "on",
    }

    position = forms.ChoiceField(label="Новое положение", choices=CouncilMember.Position.choices)
    on = _day("С какого дня")


class LeavingForm(OfficeForm):
    fields_of_refusals: ClassVar = {"bad_term": "on", "reason_required": "reason"}

    on = _day("Последний день в составе")
    reason = forms.CharField(label="Почему", max_length=500)


class SessionForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "no_place": "place",
        "no_link": "link",
        "no_end": "ends_at",
        "bad_time": "ends_at",
        "outside_of_term": "starts_at",
    }

    kind = forms.ChoiceField(
        label="Форма",
        choices=Session.Kind.choices,
        widget=forms.RadioSelect,
        initial=Session.Kind.IN_PERSON,
    )
    starts_at = _moment("Начало", help_text="Опроса – не раньше этого времени.")
    ends_at = _moment(
        "Окончание",
        required=False,
        help_text="Для опроса обязательно: до этого времени принимают голоса.",
    )
    place = forms.CharField(label="Место", max_length=300, required=False)
    link = forms.URLField(label="Ссылка для подключения", required=False, assume_scheme="https")
    cycle = forms.ModelChoiceField(
        Cycle.objects.all(), label="Цикл", required=False, empty_label="не относится к циклу"
    )
    guests = _text("Приглашённые", 3, help_text="Каждый – с новой строки: имя и должность.")
    minutes_by = forms.CharField(
        label="Кто ведёт протокол",
        max_length=200,
        required=False,
        help_text="Если не указать, секретарь совета.",
    )

    def __init__(self, *args: Any, session: Session | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if session is not None:
            del self.fields["kind"]

    @classmethod
    def of(cls, session: Session) -> SessionForm:
        names = ("starts_at", "ends_at", "place", "link", "guests", "minutes_by")
        initial = {name: getattr(session, name) for name in names}
        return cls(initial={**initial, "cycle": session.cycle_id}, session=session)


class ItemForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "empty_title": "title",
        "secret_not_allowed": "secret",
        "unknown_question": "kind",
    }

    title = forms.CharField(
        label="Вопрос",
        max_length=500,
        help_text="Например: О перечне организаций на 2027 год.",
        widget=forms.Textarea({"rows": 2}),
    )
    speaker = forms.CharField(label="Докладчик", max_length=300, required=False)
    kind = forms.ChoiceField(
        label="Вид вопроса", help_text="От него зависит, сколько голосов нужно."
    )
    draft_decision = _text(
        "Проект решения", 6, help_text="За этот текст голосуют. Каждый пункт – с новой строки."
    )
    secret = forms.BooleanField(label="Голосовать тайно", required=False)

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = get_rules(session.council.rules)
        field = self.fields["kind"]
        field.choices = [  # type: ignore[attr-defined]
            (item.code, f"{item.title}: {item.about}") for item in rules.questions
        ]
        held = [rules.voting(item.code, session.council.choices) for item in rules.questions]
        poll = session.kind == Session.Kind.POLL
        if poll or all(rule.secrecy == "never" for rule in held):
            del self.fields["secret"]

    def facts(self) -> dict[str, Any]:
        return {"secret": False, **self.cleaned_data}


class NoteForm(OfficeForm):
    """«Слушали» and «выступили» of the minutes."""

    heard = _text("Слушали", 4, help_text="Коротко, о чём доложено.")
    discussion = _text("Выступили", 6, help_text="Каждое выступление – с новой строки.")


class MaterialForm(UploadForm):
    fields_of_refusals: ClassVar = {
        "empty_material": "file",
        "material_too_large": "file",
        "material_twice": "file",
    }

    file = forms.FileField(label="Файл")
    annex = forms.BooleanField(
        label="Приложение к решению", required=False, help_text="Будет принято вместе с решением."
    )


class ReasonForm(OfficeForm):
    fields_of_refusals: ClassVar = {"reason_required": "reason"}

    reason = forms.CharField(label="Причина", max_length=500)


class GivingUpForm(ReasonForm):
    held = forms.ChoiceField(
        label="Что случилось",
        choices=[("no", "Заседание отменено заранее"), ("yes", "Не состоялось: люди собрались")],
        widget=forms.RadioSelect,
        initial="no",
    )


class OpeningForm(OfficeForm):
    fields_of_refusals: ClassVar = {"presiding_absent": "presiding"}

    presiding = forms.ModelChoiceField(
        CouncilMember.objects.none(), label="Кто ведёт заседание", empty_label=None
    )

    def __init__(self, members: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presiding"].queryset = members  # type: ignore[attr-defined]


class ReplyForm(OfficeForm):
    answer = forms.ChoiceField(
        choices=[choice for choice in Attendance.Reply.choices if choice[0]],
    )
    note = forms.CharField(label="Причина", max_length=300, required=False)
