"""Demonstration logins. They exist in the demonstration database only."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from noko.actions import person as people
from noko.demo import DOMAIN
from noko.models import Person

PASSWORD = "zarechye-2026"  # noqa: S105 (printed at start, good for nothing else)


class Login(NamedTuple):
    name: str
    role: str
    full_name: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


LOGINS = (
    Login("sekretar", "secretary", "Соколова Вера Андреевна"),
    Login("analitik", "operator_analyst", "Тихонов Илья Сергеевич"),
    Login("press", "press_officer", "Журавлёва Нина Олеговна"),
    Login("rukovoditel", "head", "Белов Андрей Николаевич"),
    Login("predsedatel", "council_chair", "Лебедева Ольга Павловна"),
    Login("admin", "administrator", "Громов Пётр Ильич"),
)


def create_people(now: datetime) -> dict[str, Person]:
    """Role → the person who has it. All passwords are :data:`PASSWORD`."""
    return {login.role: _created(login, now) for login in LOGINS}


def _created(login: Login, now: datetime) -> Person:
    return people.create(
        email=login.email,
        full_name=login.full_name,
        password=PASSWORD,
        roles=[people.Granted(login.role)],
        by=None,
        now=now,
    )
