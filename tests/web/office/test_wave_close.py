"""Closing a wave: what is checked, destroyed and frozen; its data set with the inspections."""

from __future__ import annotations

import io
import zipfile
from collections import Counter

import docx
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from noko.actions import draft
from noko.actions import wave_closing as closing
from noko.actions.response import Sender, accept
from noko.core.answers.slip import Slip
from noko.core.inspection import parts_of
from noko.core.refusal import Refusal
from noko.exchange.dataset import package_counts, read_package
from noko.models import AnswerBox, DataSet, Draft, Import, Inspection, Receipt, Trace, Wave
from noko.models.response import Channel
from noko.queries.edition import get_edition
from noko.queries.facts import facts
from tests.operator_files import HEADS, ITEMS, workbook
from tests.small_cycle import EDITION, NOW, make_person
from tests.waves import NOON, make_wave, place_of
from tests.web.survey import attacker

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES = tmp_path
    return tmp_path


@pytest.fixture
def manager(client, files):
    client.force_login(make_person("operator_manager"))
    return client


PATTERNS = {"1" * 14: 3, "0-0-10-111-110": 2, "110-10-110-111": 1}


def answered(wave, number=0, patterns=PATTERNS):
    for pattern, times in patterns.items():
        for copy in range(times):
            accept(
                place=place_of(wave, number),
                slip=Slip(pattern, ("q17=1", f"q18={30 + copy}"), ("q16=Спасибо",)),
                key=f"{wave.pk} {number} {pattern} {copy}", channel=Channel.LINK,
                sender=Sender(device=f"{number} {pattern} {copy}", network="n"), now=NOON,
            )  # fmt: skip


def text(answer):
    return answer.content.decode()


def closed_through_the_page(manager, wave):
    answer = manager.post(f"/office/waves/{wave.pk}/close/")
    assert (answer.status_code, answer.url) == (302, f"/office/waves/{wave.pk}/close/")
    wave.refresh_from_db()
    return wave


def inspections(names, absent=1):
    """A workbook of checklists for organisations by their names."""
    heads = [HEADS[code].format(n + 1) for code in HEADS for n in range(ITEMS[code])]
    rows = [["Наименование организации", *heads]]
    rows += [[name, *[0 if n < absent else 1 for n in range(len(heads))]] for name in names]
    return SimpleUploadedFile("осмотры.xlsx", workbook(rows, "Чек-листы"))


def names_of(wave):
    return [str(place) for place in wave.places.order_by("organisation__sort_key")]


def inspected(manager, wave, names):
    """Uploads a file of inspections and accepts it."""
    sent = {"inspection": inspections(names)}
    answer = manager.post(f"/office/waves/{wave.pk}/inspection/", sent)
    assert answer.status_code == 302
    page = manager.post(answer.url, {"freeze": "1"})
    assert page.url == f"/office/waves/{wave.pk}/close/"


# --- what closing does --------------------------------------------------------------------------


def test_closing_freezes_the_answers_and_destroys_the_traces(manager):
    wave = make_wave()
    answered(wave)
    draft.save(place=place_of(wave), key="k", values={"q1": "1"}, now=NOON)
    page = text(manager.get(f"/office/waves/{wave.pk}/close/"))
    assert "Закрыть волну: 6\xa0анкет" in page
    assert "Нет ни одной анкеты: 1\xa0организация" in page
    closed_through_the_page(manager, wave)
    assert (wave.status, wave.salt) == ("closed", None)
    assert [m.objects.count() for m in (Receipt, Trace, Draft)] == [0, 0, 0]
    box = AnswerBox.objects.get()
    assert (box.number, box.answers, box.profile, box.remarks) == (6, {}, {}, {})
    place = wave.places.order_by("organisation__sort_key").first()
    assert place.remarks == {"q16=Спасибо": 6}
    assert place.profile == {"q17=1": 6, "q18=30": 3, "q18=31": 2, "q18=32": 1}
    assert set(wave.places.values_list("is_open", flat=True)) == {False}


def test_closing_writes_exactly_what_was_accepted(manager, files):
    wave = make_wave()
    answered(wave)
    answered(wave, 1, {"1" * 14: 2})
    closed_through_the_page(manager, wave)
    package = read_package(files / "datasets" / wave.folder)
    assert package.digest == wave.digest
    rows = pl.read_parquet(package.answers)
    names = [q.id for q in get_edition(EDITION).questionnaire.closed]
    found = Counter(
        (row[0], "".join("-" if v is None else str(v) for v in row[1:]))
        for row in rows.select("organisation", *names).iter_rows()
    )
    ids = [f"o{place.organisation_id}" for place in wave.places.order_by("organisation__sort_key")]
    expected = {(ids[0], pattern): times for pattern, times in PATTERNS.items()}
    assert found == {**expected, (ids[1], "1" * 14): 2}
    assert rows.equals(rows.sort("organisation", *names))


def test_closing_leaves_an_attacker_nothing(manager):
    wave = make_wave()
    answered(wave)
    closed_through_the_page(manager, wave)
    whole = attacker.dump()
    assert [
        answer for t in whole.tables.values() for r in t for answer in attacker.answers_in(r)
    ] == []


def test_closing_interrupted_goes_on_with_the_same_button(manager):
    wave = make_wave()
    answered(wave)
    closing.stop(wave=wave, by=None, now=NOW)
    assert wave.status == "closing"
    closing.stop(wave=wave, by=None, now=NOW)
    closed_through_the_page(manager, wave)
    again = manager.post(f"/office/waves/{wave.pk}/close/")
    assert again.status_code == 200
    assert "Волна закрыта" in text(again)


def test_closing_twice_at_once_is_refused():
    wave = make_wave()
    closing.stop(wave=wave, by=None, now=NOW)
    facts_ = {"folder": "x", "digest": "d" * 64, "act": {}, "by": None, "now": NOW}
    closing.close(wave=wave, **facts_)
    with pytest.raises(Refusal) as refused:
        closing.close(wave=wave, **facts_)
    assert refused.value.kind == "wave_moved"


def test_closing_is_a_fact_of_the_plan_and_has_an_act(manager):
    wave = make_wave()
    answered(wave)
    closed_through_the_page(manager, wave)
    assert [fact.address for fact in facts(wave.cycle, "wave_closed_preschool")] == [
        f"/office/waves/{wave.pk}/akt.pdf"
    ]
    assert facts(wave.cycle, "wave_closed_general") == []
    made = manager.get(f"/office/waves/{wave.pk}/akt.docx")
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(made.content)).paragraphs)
    assert "Принято 6\xa0анкет из 96 нужных по выборке." in words
    assert "Нет ни одной анкеты: Детский сад № 2 (preschool)." in words
    assert wave.digest in words
    assert manager.get(f"/office/waves/{wave.pk}/akt.pdf").content[:5] == b"%PDF-"
    assert manager.get(f"/office/waves/{wave.pk}/akt.txt").status_code == 404


def test_closing_gives_the_frozen_survey_as_an_archive(manager):
    wave = make_wave()
    answered(wave)
    closed_through_the_page(manager, wave)
    answer = manager.get(f"/office/waves/{wave.pk}/opros.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert {"datapackage.json", "answers.parquet"} <= set(archive.namelist())


def test_act_and_survey_of_an_open_wave_are_not_there(manager):
    wave = make_wave()
    for file in ("akt.pdf", "opros.zip"):
        assert manager.get(f"/office/waves/{wave.pk}/{file}").status_code == 404


# --- the data set -------------------------------------------------------------------------------


def test_dataset_takes_survey_and_inspections_of_a_file(manager, files):
    wave = make_wave()
    answered(wave)
    answered(wave, 1, {"1" * 14: 2})
    inspected(manager, wave, names_of(wave))
    closed_through_the_page(manager, wave)
    answer = manager.post(f"/office/waves/{wave.pk}/dataset/")
    assert answer.url == "/office/cycles/2027/"
    dataset = DataSet.objects.get()
    assert (dataset.organisations, dataset.respondents) == (2, 8)
    package = read_package(files / "datasets" / dataset.folder)
    counts = package_counts(package)
    assert [str(n) for n in counts.organisations] == names_of(wave)
    stand = counts.columns["I_stand"].values
    assert [int(stand.at(i)) for i in range(2)] == [5, 5]
    asked, satisfied = (counts.columns[s].values for s in ("A_all", "U_all"))
    assert [(int(asked.at(i)), int(satisfied.at(i))) for i in range(2)] == [(6, 4), (2, 2)]
    again = manager.post(f"/office/waves/{wave.pk}/dataset/")
    assert (again.status_code, DataSet.objects.count()) == (422, 1)


def test_dataset_prefers_what_experts_have_handed_over(manager, files):
    wave = make_wave()
    answered(wave)
    first, _ = wave.places.order_by("organisation__sort_key")
    expert = make_person("operator_expert")
    found: dict[str, dict[str, str]] = {}
    for part in parts_of(get_edition(EDITION), "preschool"):
        for asked in part.asked:
            value = "absent" if asked.kind == "mark" else "present"
            found.setdefault(asked.key[0], {})[asked.key[1]] = value
    Inspection.objects.create(
        place=first, expert=expert, status="submitted", found=found, started_at=NOW, saved_at=NOW,
        submitted_at=NOW,
    )  # fmt: skip
    page = text(manager.get(f"/office/waves/{wave.pk}/close/"))
    assert "Осмотр есть у 1\xa0организации из 2" in page
    inspected(manager, wave, names_of(wave))
    closed_through_the_page(manager, wave)
    made = manager.post(f"/office/waves/{wave.pk}/dataset/")
    assert made.status_code == 302, text(made)
    package = read_package(files / "datasets" / DataSet.objects.get().folder)
    counts = package_counts(package)
    present, applicable = (counts.columns[s].values for s in ("I_stand", "N_stand"))
    assert int(present.at(0)) == int(applicable.at(0))  # the expert saw everything
    assert int(present.at(1)) == 5  # the file has one item absent of six


def test_dataset_waits_for_inspections_unless_only_complete_ones_are_wanted(manager):
    wave = make_wave()
    answered(wave)
    inspected(manager, wave, names_of(wave)[:1])
    closed_through_the_page(manager, wave)
    refused = manager.post(f"/office/waves/{wave.pk}/dataset/")
    assert refused.status_code == 422
    assert "Не у всех организаций есть осмотр: 1 из 2" in text(refused)
    manager.post(f"/office/waves/{wave.pk}/dataset/", {"only_complete": "1"})
    assert DataSet.objects.get().organisations == 1


def test_dataset_of_a_second_wave_keeps_the_first(manager, files):
    for type in ("preschool", "general"):
        wave = make_wave("2027", type)
        answered(wave, 0, {"1" * 14: 2 if type == "preschool" else 5})
        answered(wave, 1, {"1" * 14: 1})
        inspected(manager, wave, names_of(wave))
        closed_through_the_page(manager, wave)
        assert manager.post(f"/office/waves/{wave.pk}/dataset/").status_code == 302
    first, second = DataSet.objects.order_by("number")
    assert [(d.organisations, d.respondents) for d in (first, second)] == [(2, 3), (4, 9)]
    package = read_package(files / "datasets" / second.folder)
    assert sorted(item.type for item in package.organisations) == [
        "general", "general", "preschool", "preschool",
    ]  # fmt: skip
    assert Wave.objects.get(type="preschool").dataset == first


def test_inspections_of_strangers_are_asked_about(manager):
    wave = make_wave()
    sent = {"inspection": inspections(["Школа на луне", *names_of(wave)])}
    answer = manager.post(f"/office/waves/{wave.pk}/inspection/", sent)
    page = text(manager.get(answer.url))
    assert "Школа на луне" in page
    refused = manager.post(answer.url, {"freeze": "1"})
    assert refused.status_code == 422
    assert manager.post(answer.url, {"freeze": "1", "name-0": "skip"}).status_code == 302
    wave.refresh_from_db()
    assert len(wave.inspected) == 2


def test_inspections_that_are_no_table_are_refused_at_the_field(manager):
    wave = make_wave()
    bad = {"inspection": SimpleUploadedFile("осмотры.xlsx", b"PK\x03\x04 broken")}
    answer = manager.post(f"/office/waves/{wave.pk}/inspection/", bad)
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert "осмотры.xlsx" in text(answer)
    nothing = manager.post(f"/office/waves/{wave.pk}/inspection/")
    assert (nothing.status_code, Import.objects.count()) == (422, 0)
    assert manager.get(f"/office/waves/{wave.pk}/inspection/").status_code == 302


def test_inspections_dismissed_lead_back_to_the_wave(manager):
    wave = make_wave()
    answer = manager.post(
        f"/office/waves/{wave.pk}/inspection/", {"inspection": inspections(names_of(wave))}
    )
    back = manager.post(f"{answer.url}dismiss/")
    assert back.url == f"/office/waves/{wave.pk}/close/"
