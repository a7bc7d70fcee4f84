"""Letters over a real SMTP server: sent once, sent again when it was not ready, given up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from noko.actions import letter as letters
from noko.actions.letter import WAITS, Attachment
from noko.exchange.mail import message_id
from noko.jobs.mail import send_due, send_letter
from noko.models import Letter, LetterFile
from tests.postbox import Postbox, postbox
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TO = "ivanova@example.org"
STATUS = Letter.Status


@pytest.fixture
def box(settings: Any) -> Iterator[Postbox]:
    with postbox(settings) as opened:
        yield opened


def post(key: str = "k", **fields: Any) -> Letter:
    values = {"to": TO, "subject": "Заседание совета", "text": "Ждём вас.", **fields}
    return letters.post_text(key=key, now=timezone.now(), **values)


def state(letter: Letter) -> tuple[str, int]:
    letter.refresh_from_db()
    return letter.status, letter.attempts


def come_due(letter: Letter) -> timedelta:
    """The letter's next attempt is due now; how long it would have waited."""
    letter.refresh_from_db()
    wait = letter.due_at - timezone.now()
    Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now())
    return wait


def test_letter_arrives_as_it_was_written(box):
    files = [Attachment("заседание.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n")]
    letter = post(attachments=files, headers={"Reply-To": "sovet@example.org"})
    send_letter(letter.pk)
    assert state(letter) == (STATUS.SENT, 1)
    (arrived,) = box.letters
    assert {name: arrived[name] for name in ("To", "Subject", "Reply-To", "Message-ID")} == {
        "To": TO,
        "Subject": "Заседание совета",
        "Reply-To": "sovet@example.org",
        "Message-ID": message_id("k"),
    }
    assert box.texts() == ["Ждём вас.\n"]
    (file,) = arrived.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("заседание.ics", "text/calendar")
    assert file.get_content() == "BEGIN:VCALENDAR\r\n"
    assert LetterFile.objects.count() == 0


def test_letter_of_a_template_is_not_escaped_for_html(box, settings):
    settings.ADDRESS = "https://noko.example.ru/?a=1&b=<2>"
    letter = letters.post(key="t", to=TO, template="check", context={}, now=timezone.now())
    assert letter.subject == "Проверка почты НОКО"
    send_letter(letter.pk)
    assert settings.ADDRESS in box.texts()[0]


def test_letter_with_the_same_key_is_sent_once(box):
    done, refused = at_once(lambda: post().pk)
    assert (len(set(done)), refused) == (1, [])
    at_once(lambda: send_letter(done[0]))
    post()
    send_due.func(0)
    assert len(box.letters) == 1


def test_letter_of_a_deed_that_was_undone_is_never_sent(box):
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    send_due.func(0)
    assert (Letter.objects.count(), box.letters) == (0, [])


def test_letter_to_an_address_that_is_not_there_is_given_up(box):
    box.replies[TO] = ["550 5.1.1 No such user"]
    letter = post()
    send_letter(letter.pk)
    assert state(letter) == (STATUS.FAILED, 1)
    assert letter.note == (
        f"Почтовый сервер не принял письмо для {TO}: 550 5.1.1 No such user. Проверьте адрес."
    )
    send_letter(letter.pk)
    assert state(letter) == (STATUS.FAILED, 1)


def test_letter_waits_while_the_server_asks_to_come_back(box):
    box.replies[TO] = ["450 4.2.0 Greylisted", "451 Later"]
    letter = post()
    send_letter(letter.pk)
    assert state(letter) == (STATUS.QUEUED, 1)
    assert "450 4.2.0 Greylisted" in letter.note
    send_due.func(0)
    assert state(letter) == (STATUS.QUEUED, 1)
    assert timedelta(0) < come_due(letter) <= WAITS[0]
    send_due.func(0)
    assert state(letter) == (STATUS.QUEUED, 2)
    assert WAITS[0] < come_due(letter) <= WAITS[1]
    send_due.func(0)
    assert (state(letter), letter.note, len(box.letters)) == ((STATUS.SENT, 3), "", 1)


def test_letter_is_given_up_after_two_days_of_silence(settings):
    with postbox(settings):
        pass  # the port is free again: nobody listens
    letter = post()
    for attempt in range(len(WAITS)):
        send_letter(letter.pk)
        assert state(letter) == (STATUS.QUEUED, attempt + 1)
    send_letter(letter.pk)
    assert state(letter) == (STATUS.FAILED, len(WAITS) + 1)
    assert "не принимает письма" in letter.note


@pytest.mark.parametrize(
    ("reply", "status"), [("554 Spam", STATUS.FAILED), ("452 Disk full", STATUS.QUEUED)]
)
def test_letter_whose_text_is_not_taken(box, reply, status):
    box.data_reply = reply
    letter = post()
    send_letter(letter.pk)
    assert state(letter) == (status, 1)
    assert reply in letter.note


def test_letter_never_goes_in_clear_where_encryption_is_asked_for(box, settings):
    settings.EMAIL_USE_TLS = True
    letter = post()
    send_letter(letter.pk)
    assert state(letter) == (STATUS.QUEUED, 1)
    assert "STARTTLS" in letter.note
    assert box.letters == []


def test_secret_letter_is_sealed_while_it_waits_and_forgotten_after(box):
    letter = post(text="https://noko/account/invitation/tajna/", secret=True)
    stored = Letter.objects.get(pk=letter.pk).text
    assert (bool(stored), "tajna" in stored) == (True, False)
    send_letter(letter.pk)
    assert box.texts() == ["https://noko/account/invitation/tajna/\n"]
    letter.refresh_from_db()
    assert letter.text == ""


def test_secret_letter_opens_with_the_former_key_only(box, settings):
    former = settings.SECRET_KEY
    letter, other = post("a", secret=True), post("b", secret=True)
    settings.SECRET_KEY = "n" * 50
    send_letter(letter.pk)
    assert state(letter) == (STATUS.FAILED, 1)
    assert "другим ключом" in letter.note
    settings.SECRET_KEY_FALLBACKS = [former]
    send_letter(other.pk)
    assert (state(other)[0], box.texts()) == (STATUS.SENT, ["Ждём вас.\n"])


def test_subject_cannot_add_headers(box):
    letter = post(subject="Тема\r\nBcc: vsem@example.org")
    send_letter(letter.pk)
    (arrived,) = box.letters
    assert (arrived["Subject"], arrived["Bcc"]) == ("Тема Bcc: vsem@example.org", None)


@pytest.mark.parametrize(("demo", "shown"), [(True, True), (False, False)])
def test_letters_without_a_server_are_files_and_lines(settings, tmp_path, capsys, demo, shown):
    settings.EMAIL_BACKEND = "noko.exchange.mail.KeptLetters"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.DEMO = demo
    send_letter(post(text="https://noko/account/invitation/tajna/").pk)
    (file,) = settings.EMAIL_FILE_PATH.iterdir()
    assert "tajna" in file.read_text()
    printed = capsys.readouterr().out
    assert f"Письмо для {TO}: Заседание совета" in printed
    assert ("tajna" in printed) is shown
    assert settings.EMAIL_FILE_PATH.stat().st_mode & 0o077 == 0
