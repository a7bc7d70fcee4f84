"""Accounts from the command line: the first administrator, and the one who has lost everything."""

import pytest
from allauth.mfa.models import Authenticator
from typer.testing import CliRunner

from noko.commands.main import application
from noko.core.refusal import Refusal
from noko.models import Letter, Person
from noko.queries.journal import of_thing
from tests.small_cycle import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(application(), arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_administrator_is_made_with_a_password_that_works(client):
    told = run("administrator", "create", "--email", "a@example.org", "--name", "Иванова Анна")
    password = told.rsplit("Пароль: ", 1)[1].strip()
    form = {"login": "a@example.org", "password": password}
    assert client.post("/account/login/", form).url == "/account/enter/"
    assert client.get("/office/people/").status_code == 200


def test_second_factor_of_the_only_administrator_is_reset():
    person = make_person("administrator")
    Authenticator.objects.create(user=person, type="totp", data={})
    told = run("administrator", "second-factor", "--email", person.email)
    assert f"Второй фактор сброшен: {person.email}." in told
    assert Authenticator.objects.count() == 0
    assert Letter.objects.get().to == person.email
    assert of_thing(person).get().reason == "потерян телефон или ключ"
    with pytest.raises(Refusal) as refused:
        run("administrator", "second-factor", "--email", person.email)
    assert refused.value.kind == "no_second_factor"


def test_password_of_nobody_is_refused():
    with pytest.raises(Refusal) as refused:
        run("administrator", "password", "--email", "nobody@example.org")
    assert (refused.value.kind, Person.objects.count()) == ("unknown_person", 0)
