"""Closing a wave that its contract asks for: what is met, what is not, and why it is closed."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from noko.actions import wave as waves
from noko.actions.response import Sender, accept
from noko.actions.wave_closing import stop
from noko.core.answers.slip import Slip
from noko.core.inspection import parts_of
from noko.core.refusal import Refusal
from noko.models import Inspection, JournalEntry, Wave
from noko.models.response import Channel
from noko.queries.edition import get_edition
from noko.queries.wave_checks import checks_of
from tests.small_cycle import EDITION, NOW, make_cycle, make_person
from tests.small_specification import CONTRACT, make_contract
from tests.waves import NOON, make_organisations_of, make_wave, place_of

pytestmark = pytest.mark.django_db

REASON = "Детский сад № 2 закрыт на карантин до конца срока."
ALL = "1" * 14
AFTER = date(2027, 3, 1)


@pytest.fixture
def wave(settings, tmp_path):
    """Two kindergartens of 120, each promised 48 questionnaires; three have come."""
    settings.FILES = tmp_path
    wave = make_wave()
    make_contract(wave.cycle)
    answered(wave, 0, 3)
    return Wave.objects.get(pk=wave.pk)


@pytest.fixture
def manager(client, wave):
    client.force_login(make_person("operator_manager"))
    return client


def answered(wave, number, times):
    for copy in range(times):
        accept(
            place=place_of(wave, number), slip=Slip(ALL), key=f"{number} {copy}",
            channel=Channel.LINK, sender=Sender(), now=NOON,
        )  # fmt: skip


def inspected(wave):
    """Everything is there at every organisation."""
    expert = make_person("operator_expert")
    found: dict[str, dict[str, str]] = {}
    for part in parts_of(get_edition(EDITION), wave.type):
        for asked in part.asked:
            value = "absent" if asked.kind == "mark" else "present"
            found.setdefault(asked.key[0], {})[asked.key[1]] = value
    for place in wave.places.all():
        Inspection.objects.create(
            place=place, expert=expert, status="submitted", found=found, started_at=NOW,
            saved_at=NOW, submitted_at=NOW,
        )  # fmt: skip


def unmet(wave, on=AFTER):
    checks = checks_of(wave, on=on)
    assert checks is not None
    return {item.code: item.unmet for item in checks.unmet}


def text(answer):
    return answer.content.decode().replace("\xa0", " ")


def address(wave):
    return f"/office/waves/{wave.pk}/close/"


def test_page_shows_check_by_check_what_is_met(manager, wave):
    page = text(manager.get(address(wave)))
    assert f"Контракт № {CONTRACT.number} от 20.11.2026" in page
    assert "Не хватает анкет." in page
    assert "Детский сад «Берёзка» (preschool): анкет 3 из 48, не хватает 45" in page
    assert "Осмотр есть не у всех." in page
    assert "Собраны данные обо всех организациях контракта." in page
    assert "в контракте – ООО «Центр опросов», в волне – ООО «Опрос»" in page
    assert "Почему волна закрывается, хотя выполнено не всё" in page
    assert "Какие" not in page  # the same is not said twice


def test_closing_without_a_reason_changes_nothing(manager, wave):
    answer = manager.post(address(wave), {"reason": "  "})
    assert answer.status_code == 422
    assert "а причина не названа" in text(answer)
    wave.refresh_from_db()
    assert wave.status == "open"
    assert set(wave.places.values_list("is_open", flat=True)) == {True}


def test_closing_with_a_reason_states_both_in_act_page_and_journal(manager, wave):
    assert manager.post(address(wave), {"reason": f" {REASON} "}).status_code == 302
    wave.refresh_from_db()
    assert (wave.status, wave.act["reason"]) == ("closed", REASON)
    assert {item["code"] for item in wave.act["checks"] if not item["met"]} == {
        "questionnaires", "inspection", "indicators", "formats", "period", "operator",
    }  # fmt: skip
    assert [row[2:] for row in wave.act["required"]] == [[48, 0, False], [48, 3, False]]
    stopped, closed = JournalEntry.objects.filter(deed__in=["wave.stopped", "wave.closed"])
    assert {stopped.reason, closed.reason} == {REASON}
    assert "Причина закрытия: " + REASON in text(manager.get(address(wave)))
    made = docx.Document(io.BytesIO(manager.get(f"/office/waves/{wave.pk}/akt.docx").content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert "Не хватает анкет." in cells
    assert "не выполнено" in cells
    assert f"Причина закрытия: {REASON}" in [p.text for p in made.paragraphs]
    assert manager.get(f"/office/waves/{wave.pk}/akt.pdf").content[:5] == b"%PDF-"


def test_kept_promises_ask_for_no_reason(settings, tmp_path):
    settings.FILES = tmp_path
    found = make_organisations_of("preschool", enrolment=4)
    cycle = make_cycle("2027", year=2027)
    made = waves.plan(
        cycle=cycle, type="preschool", operator=CONTRACT.operator_name,
        starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 28), organisations=found, by=None,
        now=NOW,
    )  # fmt: skip
    wave = waves.open_wave(wave=made, by=None, now=NOW)
    make_contract(cycle)
    answered(wave, 0, 2)
    answered(wave, 1, 2)
    inspected(wave)
    assert unmet(wave) == {}
    assert set(unmet(wave, date(2027, 2, 27))) == {"period"}
    assert set(unmet(wave, date(2027, 6, 21))) == {"term"}


def test_organisation_of_the_contract_that_is_in_no_wave_is_named(wave):
    wave.places.order_by("organisation__sort_key").last().delete()
    assert unmet(wave)["organisations"] == ("Детский сад № 2 (preschool): нет в данных",)


def test_organisation_of_another_wave_is_not_asked_for_here(wave):
    place = wave.places.order_by("organisation__sort_key").last()
    other = Wave.objects.create(
        cycle=wave.cycle, type=wave.type, starts_on=wave.starts_on, ends_on=wave.ends_on,
        version=wave.version, created_at=NOW,
    )  # fmt: skip
    type(place).objects.filter(pk=place.pk).update(wave=other)
    assert "organisations" not in unmet(wave)


def test_contract_about_another_type_promises_nothing_here(wave):
    other = make_wave("2027", "general")
    assert checks_of(other, on=AFTER) is None


def test_stopping_says_no_without_a_reason(wave):
    with pytest.raises(Refusal) as refused:
        stop(wave=wave, by=None, now=NOON)
    assert refused.value.kind == "reason_required"
    assert Wave.objects.get(pk=wave.pk).status == "open"
