"""What is to be done next with a technical specification, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.actions.specification import stands_on_agenda
from noko.models import AgendaItem, ClauseProposal, Contract, Cycle, Decision, Person, Specification
from noko.queries import specification as queries
from noko.queries.specification import Content
from noko.templatetags.russian import counted, long_date
from noko.web.office.desk import Group, Task
from noko.web.office.road import Stage, stage

Status = Specification.Status
_EDIT = Permission.SPECIFICATION_EDIT


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: a button where ``url`` is, otherwise only words."""

    text: str
    title: str = ""
    url: str = ""
    main: bool = True


def next_steps(specification: Specification, content: Content, person: Person) -> list[Step]:
    """The main step first; a step that this person may not do is told in words alone."""
    steps = {
        Status.DRAFT: _draft,
        Status.OPEN: _open,
        Status.CONSIDERED: _considered,
        Status.ADOPTED: _adopted,
    }[Status(specification.status)]
    return [_allowed(step, needed, person) for step, needed in steps(specification, content)]


Needed = tuple[Step, Permission]


def _allowed(step: Step, needed: Permission, person: Person) -> Step:
    if not step.url or has_permission(person, needed):
        return step
    if not step.main:
        return Step(step.text)
    return Step(f"{step.text} Следующий шаг – «{step.title}» – делает сотрудник с другой ролью.")


def _draft(specification: Specification, content: Content) -> Iterator[Needed]:
    text = "Черновик видят сотрудники и совет. Пункты правятся прямо здесь."
    url = reverse("office:specification_open", args=[specification.pk])
    yield Step(text, "Открыть сбор предложений", url), _EDIT


def _open(specification: Specification, content: Content) -> Iterator[Needed]:
    until = specification.proposals_until
    term = f"До {long_date(until)} члены" if until else "Члены"
    text = f"{term} совета и сотрудники вносят предложения к пунктам."
    waiting = specification.proposals.filter(status=ClauseProposal.Status.OPEN).first()
    if waiting:
        url = reverse("office:clause_proposal", args=[waiting.pk])
        title = f"Рассмотреть предложение № {waiting.number}"
        yield Step(text, title, url), _EDIT
        return
    url = reverse("office:specification_close", args=[specification.pk])
    text += " Нерассмотренных предложений нет."
    yield Step(text, "Закончить сбор предложений", url), _EDIT


def _considered(specification: Specification, content: Content) -> Iterator[Needed]:
    decision = decision_about(specification)
    if decision and content.digest == specification.placed_digest:
        text = "Совет принял решение."
        url = reverse("office:specification_approve", args=[specification.pk])
        yield Step(text, f"Утвердить решением № {decision.number}", url), _EDIT
        return
    if stands_on_agenda(specification) and content.digest == specification.placed_digest:
        item = specification.agenda_item
        if item:
            url = reverse("office:agenda_item", args=[item.pk])
            text = "Вопрос стоит в повестке и ждёт решения совета."
            yield Step(text, str(item.session), url, main=False), Permission.COUNCIL_VIEW
    else:
        url = reverse("office:specification_agenda", args=[specification.pk])
        yield Step(_why_again(specification, content), "Вынести на заседание", url), _EDIT
    url = reverse("office:specification_open", args=[specification.pk])
    yield Step("", "Принимать предложения снова", url, main=False), _EDIT


def _why_again(specification: Specification, content: Content) -> str:
    item = specification.agenda_item
    if item and specification.placed_digest != content.digest:
        return "Текст или перечень изменились после того, как вопрос вынесен на заседание."
    if item and item.status == AgendaItem.Status.REJECTED:
        return "Совет не принял решения по этому вопросу."
    if item:
        return "Вопрос снят с повестки или заседание не состоялось."
    return "Предложения рассмотрены."


def _adopted(specification: Specification, content: Content) -> Iterator[Needed]:
    contract = specification.contracts.first()
    if contract:
        url = reverse("office:contract", args=[contract.pk])
        yield Step("", str(contract), url, main=False), Permission.SPECIFICATION_VIEW
    else:
        url = reverse("office:contract_new", args=[specification.pk])
        text = "Техническое задание утверждено и больше не меняется."
        yield Step(text, "Внести контракт с оператором", url), Permission.CONTRACT_EDIT
    if not queries.in_preparation(specification.cycle):
        url = reverse("office:specification_new", args=[specification.cycle.slug])
        yield Step("", "Подготовить новую версию", url, main=False), _EDIT


def decision_about(specification: Specification) -> Decision | None:
    """The council's decision on the item where the specification stands, if there is one."""
    if specification.agenda_item_id is None:
        return None
    return Decision.objects.filter(item=specification.agenda_item_id).first()


# --- the first page and the page of a cycle -----------------------------------------------------


def specification_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Proposals that wait, the time of proposals, what the council has decided or is to."""
    if not has_permission(person, Permission.SPECIFICATION_VIEW):
        return
    for item in queries.specifications().exclude(status=Status.ADOPTED):
        url = reverse("office:specification", args=[item.pk])
        title = f"Техническое задание на {item.cycle.year} год"
        if item.status == Status.OPEN:
            yield from _open_tasks(item, title, url, person, now)
        elif item.status == Status.CONSIDERED and has_permission(person, _EDIT):
            word = "есть решение совета" if decision_about(item) else "предложения рассмотрены"
            yield Task(Group.WAITING, "underway", word, title, url)
    since = queries.recently_adopted(now)
    for item in since:
        url = reverse("office:specification", args=[item.pk])
        title = f"Техническое задание на {item.cycle.year} год"
        yield Task(Group.CHANGED, "done", "утверждено", title, url, str(item.decision))


def _open_tasks(
    item: Specification, title: str, url: str, person: Person, now: datetime
) -> Iterator[Task]:
    until = item.proposals_until
    waiting = getattr(item, "waiting", 0)
    if waiting and has_permission(person, _EDIT):
        words = counted(waiting, "предложение,предложения,предложений")
        late = queries.over(item, now)
        group, state = (Group.LATE, "warning") if late else (Group.WAITING, "underway")
        yield Task(group, state, f"ждёт ответа: {words}", title, url)
        return
    if has_permission(person, Permission.SPECIFICATION_PROPOSE) and not queries.over(item, now):
        note = f"предложения принимаются до {long_date(until)}" if until else ""
        yield Task(Group.WAITING, "underway", "открыто для предложений", title, url, note)


def specification_stage(cycle: Cycle) -> Stage | None:
    """The specification and the contract of a cycle as one stage of its way."""
    item = queries.newest_of(cycle)
    if item is None:
        text = "Его готовят по утверждённому перечню и методике цикла."
        url = reverse("office:specifications")
        return stage("Техническое задание", "", "ещё нет", text, url=url, link="Открыть раздел")
    url = reverse("office:specification", args=[item.pk])
    contract = Contract.objects.filter(specification__cycle=cycle).first()
    if item.adopted and contract:
        text = f"{item.decision} {contract}, {contract.operator_name}."
        return stage(
            "Техническое задание и контракт", "done", "заключён", text, url=url, link=_LINK
        )
    if item.adopted:
        text = f"{item.decision} Контракт с оператором ещё не внесён."
        return stage("Техническое задание", "done", "утверждено", text, url=url, link=_LINK)
    word = item.get_status_display()
    return stage("Техническое задание", "underway", word, "", url=url, link=_LINK)


_LINK = "Открыть техническое задание"
