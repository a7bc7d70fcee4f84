"""Writing the registry."""

import pytest

from noko.actions.organisation import Saved, save_all, slugified
from noko.core.refusal import Refusal
from noko.models import Municipality, Organisation
from tests.racing import at_once
from tests.small_cycle import NOW

ROW = {"full_name": "Школа № 1", "type": "general", "municipality": "Заречный район"}


@pytest.mark.django_db
def test_organisation_save_all_adds_and_changes():
    assert save_all(added=[ROW | {"inn": ""}], by=None, now=NOW) == Saved(1, 0)
    school = Organisation.objects.get()
    assert (school.short_name, school.inn) == ("Школа № 1", None)
    assert school.municipality.slug == "zarechnyy-rayon"
    changes = {school.pk: {"site": "https://school.example", "municipality": "Лугов"}}
    assert save_all(added=[ROW], changed=changes, by=None, now=NOW) == Saved(1, 1)
    school.refresh_from_db()
    assert (school.site, school.municipality.name) == ("https://school.example", "Лугов")


@pytest.mark.django_db
def test_organisation_save_all_sorts_yo_with_ye():
    rows = [ROW | {"full_name": name} for name in ("Жук", "Ёлка", "Ель")]
    save_all(added=rows, by=None, now=NOW)
    assert [item.full_name for item in Organisation.objects.all()] == ["Ёлка", "Ель", "Жук"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (ROW | {"municipality": ""}, "organisation_incomplete"),
        (ROW | {"type": "school"}, "organisation_unknown_type"),
        (ROW, "organisation_repeated"),
        (ROW | {"full_name": "Школа № 3", "inn": "7707083893"}, "organisation_repeated"),
    ],
)
def test_organisation_save_all_writes_nothing_when_one_row_is_wrong(row, kind):
    save_all(added=[ROW | {"inn": "7707083893"}], by=None, now=NOW)
    with pytest.raises(Refusal) as refusal:
        save_all(
            added=[ROW | {"full_name": "Школа № 2", "municipality": "Новый"}, row], by=None, now=NOW
        )
    assert refusal.value.kind == kind
    assert Organisation.objects.count() == 1
    assert Municipality.objects.count() == 1


@pytest.mark.django_db
def test_organisation_save_all_refuses_a_change_of_what_is_gone():
    with pytest.raises(Refusal) as refusal:
        save_all(added=[ROW], changed={99: {"site": ""}}, by=None, now=NOW)
    assert refusal.value.kind == "organisation_gone"
    assert Organisation.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_organisation_save_all_at_once_adds_once():
    save_all(added=[ROW | {"full_name": "Школа № 9"}], by=None, now=NOW)
    done, refused = at_once(lambda: save_all(added=[ROW], by=None, now=NOW))
    assert (done, refused) == ([Saved(1, 0)], ["organisation_repeated"] * 3)


def test_slugified_spells_russian():
    assert slugified("Щёлковский р-н (г. Ёлкин)") == "shchelkovskiy-r-n-g-elkin"
    assert slugified("…") == "m"
