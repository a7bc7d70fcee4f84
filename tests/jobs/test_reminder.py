"""The clockwork of reminders with a real mail server: each letter arrives once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from noko.actions import reminder as reminders
from noko.jobs.mail import send_due, send_letter
from noko.jobs.reminder import remind
from noko.models import Letter, Reminder
from tests.postbox import Postbox, postbox
from tests.small_cycle import make_cycle, make_person
from tests.small_plan import make_plan

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def box(settings: Any) -> Iterator[Postbox]:
    with postbox(settings) as opened:
        yield opened


def test_reminder_arrives_once_however_often_jobs_run(box: Postbox) -> None:
    make_plan(make_cycle())
    make_person("operator_manager")
    for _ in range(2):
        reminders.make_due(now=TODAY)
        for letter in Letter.objects.all():
            send_letter(letter.pk)
        send_due.func(0)
    (message,) = box.letters
    assert message["To"] == "operator_manager@example.org"
    assert message["Subject"].strip() == "Скоро срок: мероприятие 2.1, 30 апреля 2026 г."
    (text,) = box.texts()
    for words in (
        "Провести оценку в дошкольных организациях",
        "Февраль – апрель",
        "/office/tasks/",
    ):
        assert words in text


def test_reminder_job_runs_with_nothing_to_say() -> None:
    remind.func(0)
    assert Reminder.objects.count() == 0
