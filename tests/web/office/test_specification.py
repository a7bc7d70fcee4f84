"""Technical specifications and contracts through the pages of the office."""

import io
import json
from pathlib import Path

import docx
import pypdf
import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from noko.actions.vote import close_ballot
from noko.core.dataset import Organisation as Described
from noko.models import Clause, ClauseProposal, Contract, Organisation, Specification
from noko.queries.specification import content_of
from tests.exchange.test_dataset import FOUND, IDS, answers, written
from tests.small_council import make_ballot, make_council, make_session, vote_all
from tests.small_council import make_open as make_session_open
from tests.small_cycle import make_cycle, make_dataset, make_organisations, make_person
from tests.small_list import make_approved_outside
from tests.small_list import make_draft as make_list
from tests.small_plan import make_plan
from tests.small_specification import (
    NOW,
    TERMS,
    clause_of,
    make_adopted,
    make_contract,
    make_draft,
    make_open,
    make_placed,
    make_proposal,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def cycle(db):
    make_organisations()
    return make_cycle("2027", year=2027)


@pytest.fixture
def secretary(client):
    person = make_person("secretary")
    client.force_login(person)
    return person


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ")


def show(client, name, *args):
    answer = client.get(reverse(f"office:{name}", args=args))
    assert answer.status_code == 200
    return text_of(answer)


def post(client, name, *args, **fields):
    return client.post(reverse(f"office:{name}", args=args), fields)


# --- preparation --------------------------------------------------------------------------------


def test_register_is_empty_at_first_and_offers_the_first_step(client, secretary):
    assert "Технических заданий ещё нет" in show(client, "specifications")
    make_cycle("2027", year=2027)
    assert "Подготовить для цикла" in show(client, "specifications")


def test_new_specification_takes_its_terms_from_the_plan(client, secretary):
    make_plan(make_cycle())
    text = show(client, "specification_new", "2026")
    assert 'name="survey_starts_on" value="2026-02-01"' in text
    assert 'name="survey_ends_on" value="2026-04-30"' in text


def test_new_specification_is_made_once(client, cycle, secretary):
    fields = {"customer": "Управление образования", "survey_starts_on": "2027-02-01"}
    answer = post(client, "specification_new", "2027", **fields)
    made = Specification.objects.get()
    assert answer.url == reverse("office:specification", args=[made.pk])
    assert post(client, "specification_new", "2027", **fields).url == answer.url
    assert Specification.objects.count() == 1
    assert "Не указаны сроки" in show(client, "specification", made.pk)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"customer": ""}, "Обязательное поле"),
        ({"customer": "  "}, "Обязательное поле"),
        ({"customer": "Орган", "survey_starts_on": "32.13.2027"}, "Введите правильную дату"),
        (
            {"customer": "О", "survey_starts_on": "2027-05-01", "survey_ends_on": "2027-02-01"},
            "раньше того, что должно быть прежде",
        ),
    ],
)
def test_new_specification_with_wrong_values_keeps_what_was_typed(
    client, cycle, secretary, fields, said
):
    answer = post(client, "specification_new", "2027", **fields)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Specification.objects.count() == 0


def test_specification_reads_with_its_live_numbers(client, cycle, secretary):
    draft = make_draft(cycle)
    text = show(client, "specification", draft.pk)
    assert "все действующие организации реестра" in text
    assert '<span class="filled" title="организаций">3 организациях</span>' in text
    assert "не сверено с актом" in text
    assert "от 80 до 95 %" in text
    Organisation.objects.filter(full_name="Школа № 1").update(enrolment=None)
    text = show(client, "specification", draft.pk)
    assert "Не известно число получателей услуг: «Школа № 1»" in text


def test_specification_text_of_people_is_never_markup(client, cycle, secretary):
    draft = make_draft(cycle, customer="<script>alert(1)</script> & {{ x }}")
    text = show(client, "specification", draft.pk)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ x }}" in text


def test_clause_of_a_draft_is_edited_in_place(client, cycle, secretary):
    clause = clause_of(make_draft(cycle))
    fields = {"kind": "change", "text": "Цель: {организаций}.", "revision": 1}
    assert post(client, "clause_edit", clause.pk, **fields).status_code == 302
    answer = post(client, "clause_edit", clause.pk, **fields)
    assert answer.status_code == 422
    assert "Пока вы решали, пункт 1.2 изменили" in text_of(answer)
    answer = post(client, "clause_edit", clause.pk, **fields | {"text": "{нет}", "revision": 2})
    assert "Полей {нет} нет" in text_of(answer)
    post(client, "clause_edit", clause.pk, kind="add", text="Ещё.", revision=2)
    post(client, "clause_edit", clause.pk, kind="exclude", text="", revision=2)
    clause.refresh_from_db()
    assert clause.excluded
    assert clause_of(clause.specification, "1.2").text == "Ещё."


# --- proposals ----------------------------------------------------------------------------------


def test_member_proposes_and_the_secretary_answers(client, cycle):
    opened = make_open(cycle)
    member = make_person("council_member")
    client.force_login(member)
    clause = clause_of(opened)
    assert f"/office/clauses/{clause.pk}/propose/" in show(client, "specification", opened.pk)
    answer = post(
        client, "clause_propose", clause.pk, kind="change", text="Иначе.", reason="Так.", revision=1
    )
    proposal = ClauseProposal.objects.get()
    assert answer.url == reverse("office:clause_proposal", args=[proposal.pk])
    text = show(client, "clause_proposal", proposal.pk)
    assert "Отозвать предложение" in text
    assert "Ответить на предложение" not in text

    client.force_login(make_person("secretary"))
    assert "Рассмотреть предложение № 1" in show(client, "specification", opened.pk)
    assert "ждёт ответа: 1 предложение" in show(client, "start")
    answer = post(
        client,
        "clause_proposal",
        proposal.pk,
        verdict="merged",
        text="Совсем иначе.",
        answer="Короче.",
        revision=1,
    )
    assert answer.status_code == 302
    assert clause_of(opened).text == "Совсем иначе."
    text = show(client, "clause_proposal", proposal.pk)
    assert "Вошёл текст" in text
    assert "Иванова Анна" in text


def test_proposal_page_says_that_the_clause_has_changed_since(client, cycle, secretary):
    opened = make_open(cycle)
    proposal = make_proposal(clause_of(opened))
    Clause.objects.filter(pk=proposal.clause_id).update(text="Третий текст.", revision=2)
    text = show(client, "clause_proposal", proposal.pk)
    assert "Пункт с тех пор изменили" in text
    assert "Третий текст." in text
    fields = {"verdict": "accepted", "answer": "", "text": proposal.text}
    answer = post(client, "clause_proposal", proposal.pk, **fields, revision=1)
    assert (answer.status_code, "Пока вы решали" in text_of(answer)) == (422, True)
    assert post(client, "clause_proposal", proposal.pk, **fields, revision=2).status_code == 302


def test_proposal_is_not_considered_by_who_may_only_propose(client, cycle):
    proposal = make_proposal(clause_of(make_open(cycle)))
    client.force_login(make_person("council_member"))
    fields = {"verdict": "accepted", "answer": "", "text": "x", "revision": 1}
    assert post(client, "clause_proposal", proposal.pk, **fields).status_code == 403
    assert post(client, "clause_proposal_withdraw", proposal.pk).status_code == 302
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_proposal_is_withdrawn(client, cycle):
    member = make_person("council_member")
    proposal = make_proposal(clause_of(make_open(cycle)), by=member)
    client.force_login(member)
    post(client, "clause_proposal_withdraw", proposal.pk)
    assert "отозвано" in show(client, "clause_proposal", proposal.pk)


# --- the council and the contract ---------------------------------------------------------------


def test_moves_lead_from_proposals_to_the_decision(client, cycle, secretary):
    draft = make_draft(cycle)
    text = text_of(post(client, "specification_open", draft.pk, until="2020-01-01"))
    assert "Срок предложений уже прошёл" in text
    assert post(client, "specification_open", draft.pk, until="2099-01-01").status_code == 302
    proposal = make_proposal(clause_of(draft))
    answer = post(client, "specification_close", draft.pk)
    assert (answer.status_code, "Не рассмотрено предложений: 1" in text_of(answer)) == (422, True)
    fields = {"verdict": "rejected", "answer": "Нет.", "text": "", "revision": 1}
    post(client, "clause_proposal", proposal.pk, **fields)
    assert post(client, "specification_close", draft.pk).status_code == 302
    assert "Назначенных заседаний нет" in show(client, "specification_agenda", draft.pk)

    session = make_session_open(make_session(make_council(), cycle=cycle))
    assert "очное заседание" in show(client, "specification_agenda", draft.pk).lower()
    assert post(client, "specification_agenda", draft.pk, session=session.pk).status_code == 302
    assert "Вопрос стоит в повестке" in show(client, "specification", draft.pk)
    material = session.items.get(order=2).materials.get()
    assert material.name == "Техническое задание 2027.docx"
    for _ in range(2):
        ballot = make_ballot(session)
        vote_all(ballot, "+++++++")
        close_ballot(ballot=ballot, by=None, now=NOW)
    assert "Утвердить решением № 2" in show(client, "specification", draft.pk)
    assert "Перечень организаций ещё не утверждён" in show(
        client, "specification_approve", draft.pk
    )
    assert post(client, "specification_approve", draft.pk).status_code == 422
    make_approved_outside(make_list(cycle))
    assert "Отменить утверждение нельзя" in show(client, "specification_approve", draft.pk)
    assert post(client, "specification_approve", draft.pk).status_code == 302
    assert Specification.objects.get().adopted
    text = show(client, "specification", draft.pk)
    assert "Внести контракт с оператором" in text
    assert "Предложить изменение" not in text


TERMS_TYPED = {name: day.isoformat() for name, day in TERMS.items()}


def test_changed_text_goes_to_the_council_again(client, cycle, secretary):
    placed = make_placed(cycle)
    fields = {"customer": "Министерство"}
    post(client, "specification_edit", placed.pk, **fields, **TERMS_TYPED)
    text = show(client, "specification", placed.pk)
    assert "изменились после того, как вопрос вынесен" in text
    answer = post(client, "specification_approve", placed.pk)
    assert (answer.status_code, "совет решал о другом тексте" in text_of(answer)) == (422, True)


CONTRACT = {
    "number": "14/2027",
    "signed_on": "2026-11-20",
    "operator_name": "ООО «Центр опросов»",
    "operator_inn": "7707083893",
    "price": "1250000,50",
    "purchase_code": "",
    "starts_on": "2026-11-20",
    "ends_on": "2027-12-31",
    "data_due_on": "2027-06-20",
    "types": ["preschool", "general"],
}


def test_contract_is_entered_and_put_right(client, cycle, secretary):
    adopted = make_adopted(cycle)
    assert 'value="2027-06-20"' in show(client, "contract_new", adopted.pk)
    wrong = post(client, "contract_new", adopted.pk, **CONTRACT | {"operator_inn": "1"})
    assert (wrong.status_code, "контрольные цифры" in text_of(wrong)) == (422, True)
    assert 'value="14/2027"' in text_of(wrong)
    assert post(client, "contract_new", adopted.pk, **CONTRACT).status_code == 302
    contract = Contract.objects.get()
    text = show(client, "contract", contract.pk)
    assert "1\u202f250\u202f000 рублей 50 копеек" in text
    assert "Данных этого цикла ещё нет" in text
    fields = {**CONTRACT, "price": "1300000", "reason": ""}
    assert post(client, "contract_edit", contract.pk, **fields).status_code == 422
    fields["reason"] = "Дополнительное соглашение № 1"
    assert post(client, "contract_edit", contract.pk, **fields).status_code == 302
    assert "Дополнительное соглашение № 1" in show(client, "contract", contract.pk)
    assert contract.items.count() == 3


def test_contract_is_not_entered_before_the_decision(client, cycle, secretary):
    draft = make_draft(cycle)
    assert client.get(reverse("office:contract_new", args=[draft.pk])).status_code == 302
    assert post(client, "contract_new", draft.pk, **CONTRACT).status_code == 302
    assert Contract.objects.count() == 0


def test_demand_file_is_what_the_contract_asks_for(client, cycle, secretary):
    contract = make_contract(cycle)
    answer = client.get(reverse("office:contract_demand", args=[contract.pk]))
    body = json.loads(answer.content)
    assert (body["noko_acceptance"], body["due_on"]) == (1, "2027-06-20")
    assert [item["questionnaires"] for item in body["organisations"]] == [40, 40, 40]
    assert 'filename="priemka.json"' in answer["Content-Disposition"]


def frozen(cycle):
    """A data set on the disk about two of the three organisations of the contract."""
    folder = Path(django_settings.FILES) / "datasets" / "nowhere"
    package = written(folder, organisations=DELIVERED, answers=answers(), inspection=FIGURES)
    return make_dataset(cycle, package.digest)


FIGURES = dict.fromkeys(IDS, FOUND)
DELIVERED = [
    Described(IDS[0], "Школа № 1", "general", "Заречный район"),
    Described(IDS[1], "Детский сад №2", "preschool", "Город Лугов"),
    Described(IDS[2], "Лицей", "general", "Город Лугов"),
]


def test_delivery_page_says_what_is_missing(client, cycle, secretary):
    contract = make_contract(cycle)
    frozen(cycle)
    text = show(client, "contract_delivery", contract.pk, 1)
    assert "Замечания есть по 3 организациям из 3" in text
    assert "Нет в данных" in text
    assert "не хватает" in text
    assert "Лицей" in text
    everything = text_of(
        client.get(reverse("office:contract_delivery", args=[contract.pk, 1]) + "?all=1")
    )
    assert everything.count('<th scope="row"') == 3
    table = client.get(
        reverse("office:contract_delivery_file", args=[contract.pk, 1, "xlsx"])
    ).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(table)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == [
        "Организация",
        "Детский сад № 2",
        "Детский сад «Берёзка»",
        "Школа № 1",
    ]
    letter = client.get(
        reverse("office:contract_delivery_file", args=[contract.pk, 1, "docx"])
    ).content
    cells = docx.Document(io.BytesIO(letter)).tables[0].rows[2].cells
    assert cells[4].text == "нет в данных"


def test_delivery_of_a_lost_data_set_is_told(client, cycle, secretary):
    contract = make_contract(cycle)
    make_dataset(cycle)
    assert "Набор данных не читается" in show(client, "contract_delivery", contract.pk, 1)
    address = reverse("office:contract_delivery_file", args=[contract.pk, 1, "xlsx"])
    assert client.get(address).status_code == 404


# --- files --------------------------------------------------------------------------------------


def download(client, specification, kind):
    answer = client.get(reverse("office:specification_file", args=[specification.pk, kind]))
    assert answer.status_code == 200
    assert f'filename="tehzadanie-2027-1.{kind}"' in answer["Content-Disposition"]
    return answer.content


def test_specification_as_documents(client, cycle, secretary):
    adopted = make_adopted(cycle)
    word = docx.Document(io.BytesIO(download(client, adopted, "docx")))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "УТВЕРЖДЕНО" in texts
    assert "решением общественного совета от 23\xa0ноября 2026\xa0г. № 1" in texts
    numbered = [text for text in texts if text[:2].strip(".").isdigit() and ". " in text]
    assert sum(text.startswith("5.1.") for text in numbered) == 1
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert rows[1] == ["1", "Детский сад № 2", "–", "Город Лугов", "100", "40*"]
    assert len(rows) == 4

    pdf = pypdf.PdfReader(io.BytesIO(download(client, adopted, "pdf")))
    whole = " ".join(page.extract_text() for page in pdf.pages)
    assert "Приложение 4. Перечни осмотра" in whole
    assert adopted.digest in whole.replace("\u200b", "").replace("\n", "")

    table = CalamineWorkbook.from_filelike(io.BytesIO(download(client, adopted, "xlsx")))
    assert table.get_sheet_by_index(0).to_python()[-1][5] == 120.0


def test_specification_as_a_document_is_a_draft_until_adopted(client, cycle, secretary):
    draft = make_draft(cycle)
    texts = [p.text for p in docx.Document(io.BytesIO(download(client, draft, "docx"))).paragraphs]
    assert "ПРОЕКТ" in texts
    assert download(client, draft, "pdf") == download(client, draft, "pdf")


def test_specification_document_survives_hostile_text(client, cycle, secretary):
    draft = make_draft(cycle, customer='</w:t> {{ x }} & "»' + "слово" * 60)
    Clause.objects.filter(specification=draft, number="1.2").update(text="а\x07б {% for %} <b>")
    texts = [p.text for p in docx.Document(io.BytesIO(download(client, draft, "docx"))).paragraphs]
    assert any("</w:t> {{ x }} &" in text for text in texts)
    assert "1.2. аб {% for %} <b>" in texts
    assert download(client, draft, "pdf").startswith(b"%PDF")


def test_specification_file_of_another_kind_is_not_found(client, cycle, secretary):
    draft = make_draft(cycle)
    address = reverse("office:specification_file", args=[draft.pk, "exe"])
    assert client.get(address).status_code == 404


def test_cycle_shows_the_specification_among_its_stages(client, cycle, secretary):
    assert "Его готовят по утверждённому перечню" in show(client, "cycle", "2027")
    make_contract(cycle)
    assert "Техническое задание и контракт" in show(client, "cycle", "2027")


def test_content_digest_is_that_of_what_reads(cycle):
    draft = make_draft(cycle)
    digest = content_of(draft).digest
    assert content_of(Specification.objects.get()).digest == digest
    Clause.objects.filter(specification=draft, number="1.2").update(text="Иначе.")
    assert content_of(draft).digest != digest
