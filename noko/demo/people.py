"""Demonstration logins, at least one for each role; in the demonstration database only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from noko.access.roles import BY_CODE, Reach
from noko.actions import person as people
from noko.demo import DOMAIN
from noko.models import Municipality, Organisation, Person

PASSWORD = "zarechye-2026"  # noqa: S105 (printed at start, good for nothing else)
MUNICIPALITY = "Дубравинский муниципальный округ"
ORGANISATION = "МБОУ «Средняя школа № 1» г. Дубравинска"


class Login(NamedTuple):
    name: str
    role: str
    full_name: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"

    @property
    def title(self) -> str:
        return BY_CODE[self.role].title

    @property
    def place(self) -> str:
        """Where the role reaches, in words."""
        reach = BY_CODE[self.role].reach
        return {Reach.MUNICIPALITY: MUNICIPALITY, Reach.ORGANISATION: ORGANISATION}.get(
            reach, "весь регион"
        )


LOGINS = (
    Login("sekretar", "secretary", "Соколова Вера Андреевна"),
    Login("specialist", "specialist", "Мельникова Дарья Игоревна"),
    Login("press", "press_officer", "Журавлёва Нина Олеговна"),
    Login("rukovoditel", "head", "Белов Андрей Николаевич"),
    Login("predsedatel", "council_chair", "Лебедева Ольга Павловна"),
    Login("sekretar-soveta", "council_secretary", "Орлова Марина Викторовна"),
    Login("chlen-soveta", "council_member", "Кузьмин Сергей Петрович"),
    Login("chlen-soveta-2", "council_member", "Абрамов Пётр Захарович"),
    Login("operator", "operator_manager", "Гусева Елена Юрьевна"),
    Login("analitik", "operator_analyst", "Тихонов Илья Сергеевич"),
    Login("intervyuer", "operator_interviewer", "Фомина Анастасия Романовна"),
    Login("ekspert", "operator_expert", "Калинин Роман Дмитриевич"),
    Login("ekspert-2", "operator_expert", "Субботина Вера Павловна"),
    Login("vvod", "operator_clerk", "Ершова Светлана Ильинична"),
    Login("koordinator", "municipal_coordinator", "Зайцева Татьяна Львовна"),
    Login("direktor", "organisation_head", "Никитин Павел Борисович"),
    Login("redaktor", "organisation_editor", "Сорокина Юлия Максимовна"),
    Login("zhyuri", "jury_member", "Панова Ирина Геннадьевна"),
    Login("admin", "administrator", "Громов Пётр Ильич"),
)


def rows() -> tuple[Login, ...]:
    """In the order in which they are shown."""
    return LOGINS


def create_people(now: datetime) -> dict[str, Person]:
    """Role → the person who has it, for the roles of the whole region. All passwords are
    :data:`PASSWORD`."""
    whole = [login for login in LOGINS if BY_CODE[login.role].reach is Reach.REGION]
    return {login.role: _created(login, people.Granted(login.role), now) for login in whole}


def create_local_people(now: datetime) -> dict[str, Person]:
    """The same for the roles of a municipality or an organisation, which must be there already."""
    places: Mapping[Reach, dict[str, Municipality | Organisation]] = {
        Reach.MUNICIPALITY: {"municipality": Municipality.objects.get(name=MUNICIPALITY)},
        Reach.ORGANISATION: {"organisation": Organisation.objects.get(short_name=ORGANISATION)},
    }
    local = [login for login in LOGINS if BY_CODE[login.role].reach in places]
    return {
        login.role: _created(
            login,
            people.Granted(login.role, **places[BY_CODE[login.role].reach]),  # type: ignore[arg-type]
            now,
        )
        for login in local
    }


def _created(login: Login, granted: people.Granted, now: datetime) -> Person:
    person = people.create(
        email=login.email,
        full_name=login.full_name,
        password=None,
        roles=[granted],
        by=None,
        now=now,
    )
    Person.objects.filter(pk=person.pk).update(password=_hashed())
    person.refresh_from_db()
    return person


@cache
def _hashed() -> str:
    """The one password of all logins, hashed once: it is slow on purpose and known to everybody."""
    return make_password(PASSWORD)
