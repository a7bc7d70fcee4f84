"""People and their e-mail addresses."""

import pytest
from django.db import IntegrityError

from noko.models import Person

pytestmark = pytest.mark.django_db


def test_person_email_is_kept_in_small_letters():
    person = Person.objects.create(email=" Ivanova@Example.org ", full_name="Иванова Анна")
    assert person.email == "ivanova@example.org"
    assert Person.objects.get_by_natural_key("IVANOVA@example.org") == person


def test_person_email_belongs_to_one_person():
    Person.objects.create(email="a@example.org", full_name="А")
    with pytest.raises(IntegrityError):
        Person.objects.create(email="A@example.org", full_name="Б")
