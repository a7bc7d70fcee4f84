"""A file of another system into an open wave: preview, one batch, nothing twice, exact removal."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from noko.actions import batch as batches
from noko.actions import batch_file
from noko.actions.batch_file import Drop, take_file
from noko.actions.wave_closing import stop
from noko.core.refusal import Refusal
from noko.models import (
    AnswerBox,
    Batch,
    Import,
    JournalEntry,
    Organisation,
    Receipt,
    Trace,
    Wave,
)
from noko.queries.edition import get_edition
from tests.operator_files import workbook
from tests.racing import at_once
from tests.small_cycle import EDITION, make_person
from tests.waves import make_wave

pytestmark = pytest.mark.django_db

ONE, TWO = "Детский сад «Берёзка» (preschool)", "Детский сад № 2 (preschool)"


@pytest.fixture
def wave(settings, tmp_path):
    settings.FILES = tmp_path
    made = make_wave()
    Wave.objects.update(starts_on=timezone.localdate())
    made.refresh_from_db()
    return made


@pytest.fixture
def manager(client):
    person = make_person("operator_manager")
    client.force_login(person)
    return person


def today():
    return f"{timezone.localdate():%d.%m.%Y}"


def row(name, key, *, first="Да", remark="", day=None):
    return [key, f"{day or today()} 10:00", name, first, *["Да"] * 13, remark]


def table(*rows):
    questions = get_edition(EDITION).questionnaire
    remark = next(q.text for q in questions.questions if q.id == "q16")
    heads = ["ID ответа", "Отметка времени", "Организация", *(q.text for q in questions.closed)]
    return [[*heads, remark], *rows]


def as_csv(rows):
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def some():
    return table(
        row(ONE, "a1"), row(ONE, "a2", remark="Тепло"), row(TWO, "a3", first="Нет"),
        row(ONE, "a4", first="Может быть"), row(ONE, "a1", remark="снова"),
    )  # fmt: skip


def load(client, wave, content, name="ответы.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("office:batch_upload", args=[wave.pk]), {"answers": file})


def accept(client, answer, **fields):
    return client.post(answer.url, {"freeze": "1", **fields})


def taken():
    return sum(AnswerBox.objects.values_list("number", flat=True))


def test_file_is_shown_before_anything_is_taken(client, wave, manager):
    answer = load(client, wave, as_csv(some()))
    page = client.get(answer.url).content.decode()
    assert (taken(), Batch.objects.count()) == (0, 0)
    preview = Import.objects.get().preview
    assert (preview["ready"], preview["respondents"], preview["rejected_number"]) == (True, 3, 2)
    assert preview["by_organisation"] == [
        [f"{ONE} (Заречный район)", 2, 2],
        [f"{TWO} (Город Лугов)", 1, 0],
    ]
    assert [item[1:] for item in preview["rejected"]] == [[1, [6]], [1, [5]]]
    assert "Повторяет другую строку файла" in page
    assert "стоит «Может быть», такого ответа нет" in page
    assert "Принять 3\xa0анкеты в волну" in page
    listed = client.get(reverse("office:wave_batches", args=[wave.pk])).content.decode()
    assert "ждёт решения" in listed


def test_file_goes_into_the_boxes_as_one_batch(client, wave, manager):
    answer = load(client, wave, as_csv(some()))
    done = accept(client, answer)
    made = Batch.objects.get()
    assert done.url == reverse("office:batch", args=[wave.pk, made.number])
    assert (made.kind, made.status, made.accepted, made.created_by) == (
        "file", "taken", 3, manager,
    )  # fmt: skip
    fields = ("channel", "day", "number", "answers", "remarks", "batch")
    assert list(AnswerBox.objects.order_by("number").values_list(*fields)) == [
        ("file", timezone.localdate(), 1, {"0-" + "1" * 12: 1}, {}, made.pk),
        ("file", timezone.localdate(), 2, {"1" * 14: 2}, {"q16=Тепло": 1}, made.pk),
    ]
    assert (Receipt.objects.filter(batch=made).count(), Trace.objects.count()) == (3, 0)
    entry = JournalEntry.objects.get(deed="batch.taken")
    assert (entry.after["анкет"], entry.after["файл"]) == (3, "ответы.csv")
    assert entry.after["по организациям"] == {ONE: 2, TWO: 1}
    card = client.get(done.url).content.decode()
    assert "ответы.csv" in card
    assert made.digest in card
    assert "Файл принят" in client.get(answer.url).content.decode()
    accept(client, answer)
    assert taken() == 3


def test_file_sent_again_is_refused_by_its_digest(client, wave, manager):
    accept(client, load(client, wave, as_csv(some())))
    again = load(client, wave, as_csv(some()), "другое имя.csv")
    assert (again.status_code, taken(), Import.objects.count()) == (422, 3, 1)
    assert "Этот файл уже принят: пачка № 1" in again.content.decode()


def test_file_that_has_grown_brings_only_its_new_rows(client, wave, manager):
    accept(client, load(client, wave, as_csv(some())))
    grown = [*some(), row(TWO, "a9")]
    answer = load(client, wave, as_csv(grown))
    preview = Import.objects.get(status="previewed").preview
    assert (preview["respondents"], preview["rejected"][0][:2]) == (
        1, ["уже принята в другой пачке", 3],
    )  # fmt: skip
    accept(client, answer)
    assert (taken(), Batch.objects.count()) == (4, 2)
    same = load(client, wave, as_csv([*grown, ["", "", "", *[""] * 15]]))
    page = client.get(same.url).content.decode()
    assert "Принимать нечего" in page
    assert accept(client, same).status_code == 422
    assert taken() == 4


def test_file_removed_takes_exactly_its_rows_and_may_come_again(client, wave, manager):
    accept(client, load(client, wave, as_csv(some())))
    accept(client, load(client, wave, as_csv(table(row(ONE, "b1"), row(TWO, "b2")))))
    assert taken() == 5
    first = Batch.objects.get(number=1)
    page = client.get(reverse("office:batch_remove", args=[wave.pk, 1])).content.decode()
    assert "Этот же файл после удаления можно принять снова." in page
    batches.remove(batch=first, reason="не та выгрузка", by=manager, now=timezone.now())
    assert (taken(), Receipt.objects.count()) == (2, 2)
    accept(client, load(client, wave, as_csv(some())))
    assert (taken(), Batch.objects.filter(status="taken").count()) == (5, 2)


def test_file_with_an_unknown_name_waits_for_a_decision(client, wave, manager):
    answer = load(client, wave, as_csv(table(row(ONE, "a1"), row("Сад в Заречье", "a2"))))
    page = client.get(answer.url).content.decode()
    assert "Какие это организации" in page
    assert accept(client, answer).status_code == 422
    assert taken() == 0
    place = wave.places.get(organisation__full_name=TWO)
    done = accept(client, answer, **{"name-0": str(place.organisation_id)})
    assert (done.status_code, taken()) == (302, 2)


def test_file_leaves_out_a_name_that_a_person_leaves_out(client, wave, manager):
    answer = load(client, wave, as_csv(table(row(ONE, "a1"), row("Сад в Заречье", "a2"))))
    accept(client, answer, **{"name-0": "skip"})
    assert (taken(), Batch.objects.get().accepted) == (1, 1)
    preview = Import.objects.get().preview
    assert preview["rejected"] == [["организацию решено не включать", 1, [3]]]


def test_file_may_name_organisations_by_the_codes_of_their_links(client, wave, manager):
    codes = list(wave.places.values_list("code", flat=True))
    Organisation.objects.filter(full_name=TWO).update(inn="2500000017")
    codes[list(wave.places.values_list("organisation__full_name", flat=True)).index(TWO)] = (
        "2500000017"
    )
    accept(client, load(client, wave, as_csv(table(*(row(code, code) for code in codes)))))
    assert AnswerBox.objects.values("place").distinct().count() == 2


def test_file_as_a_workbook_is_read_alike(client, wave, manager):
    accept(client, load(client, wave, workbook(some(), "Лист1"), "ответы.xlsx"))
    assert taken() == 3


def test_file_without_a_question_is_kept_until_its_columns_are_named(client, wave, manager):
    rows = some()
    rows[0][3] = "Первый"
    answer = load(client, wave, as_csv(rows))
    page = client.get(answer.url).content.decode()
    assert "Файл прочитать не удалось" in page
    client.post(answer.url, {"save": "1", "column-answers-D": "q1"})
    assert Import.objects.get().preview["respondents"] == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Отправленный файл пуст"), (b"%PDF-1.4 ...", "документ PDF")],
)
def test_file_that_is_no_table_is_refused(client, wave, manager, content, said):
    answer = load(client, wave, content)
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_file_comes_too_late_for_a_wave_that_has_stopped(client, wave, manager):
    answer = load(client, wave, as_csv(some()))
    stop(wave=wave, by=None, now=timezone.now())
    late = accept(client, answer)
    assert (late.status_code, taken(), Import.objects.get().status) == (422, 0, "previewed")
    assert "новые ответы не принимаются" in late.content.decode()
    assert load(client, wave, as_csv(some())).status_code == 302
    assert Import.objects.count() == 1


def test_file_nobody_has_decided_about_is_deleted_when_the_wave_closes(
    client, wave, manager, tmp_path
):
    load(client, wave, as_csv(some()))
    close = reverse("office:wave_close", args=[wave.pk])
    assert "будут отклонены и удалены: 1." in client.get(close).content.decode()
    client.post(close, {"reason": "Так решено"})
    wave.refresh_from_db()
    assert (wave.status, Import.objects.get().status) == ("closed", "dismissed")
    assert list((tmp_path / "imports").iterdir()) == []


def test_file_may_be_dismissed(client, wave, manager):
    answer = load(client, wave, as_csv(some()))
    item = Import.objects.get()
    done = client.post(reverse("office:import_dismiss", args=[item.pk]))
    assert done.url == reverse("office:wave_batches", args=[wave.pk])
    assert "Решение принято" in client.get(answer.url).content.decode()


def test_file_of_many_rows_takes_as_few_statements_as_a_small_one(client, wave, manager):
    many = table(*(row(ONE, f"k{n}", remark=f"слово {n}") for n in range(3000)))
    small = load(client, wave, as_csv(some()))
    with CaptureQueriesContext(connection) as few:
        accept(client, small)
    answer = load(client, wave, as_csv(many))
    with CaptureQueriesContext(connection) as found:
        accept(client, answer)
    assert taken() == 3003
    assert len(found) == len(few)


@pytest.mark.django_db(transaction=True)
def test_file_accepted_by_several_at_once_is_one_batch(settings, tmp_path):
    settings.FILES = tmp_path
    made = make_wave()
    place, now = made.places.first(), timezone.now()
    items = [
        Import.objects.create(
            wave=made, cycle=made.cycle, kind="answers", folder="x", created_at=now,
            file_names={"answers": "а.csv"},
        )
        for _ in range(4)
    ]  # fmt: skip

    def press():
        drop = Drop(place.pk, timezone.localdate())
        drop.answers["1" * 14] = 2
        return take_file(
            wave=made, drops=[drop], keys=["id:1", "id:2"], digest="d" * 64, counts={"Сад": 2},
            source=items.pop(), by=None, now=now,
        )  # fmt: skip

    done, refused = at_once(press)
    assert (len(done), refused) == (1, ["file_taken"] * 3)
    assert (taken(), Receipt.objects.count(), Batch.objects.count()) == (2, 2, 1)
    assert batch_file.repeated_keys(made, ["id:1", "id:3"]) == {"id:1"}
    with pytest.raises(Refusal) as again:
        take_file(
            wave=made, drops=[Drop(place.pk, timezone.localdate())], keys=["id:2"],
            digest="e" * 64, counts={}, source=items_left(made), by=None, now=now,
        )  # fmt: skip
    assert (again.value.kind, Batch.objects.count()) == ("rows_taken", 1)


def items_left(wave):
    return Import.objects.filter(wave=wave, status="previewed").first()
