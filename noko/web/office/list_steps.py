"""What is to be done next with a list of organisations, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.actions.list_moves import stands_on_agenda
from noko.models import Cycle, Decision, OrganisationList, Person
from noko.queries import list as queries
from noko.templatetags.russian import counted, long_date
from noko.web.office.desk import Group, Task
from noko.web.office.road import Stage, stage

Status = OrganisationList.Status
_RECENT = timedelta(days=30)
ORGANISATIONS = "организация,организации,организаций"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: a button where ``url`` is, otherwise only words."""

    text: str
    title: str = ""
    url: str = ""
    main: bool = True


def next_steps(item: OrganisationList, person: Person) -> list[Step]:
    """The main step first; a step that this person may not do is told in words alone."""
    steps = {Status.DRAFT: _draft, Status.PROPOSED: _proposed, Status.APPROVED: _approved}
    found = steps[Status(item.status)](item)
    if has_permission(person, Permission.LIST_EDIT):
        return list(found)
    texts = [step.text for step in found if step.text]
    return [Step(text) for text in texts]


def decision_about(item: OrganisationList) -> Decision | None:
    """The council's decision on the question where the list stands, if there is one."""
    if item.agenda_item_id is None:
        return None
    return Decision.objects.select_related("council").filter(item=item.agenda_item_id).first()


def _draft(item: OrganisationList) -> Iterator[Step]:
    text = "Это проект: отметьте, кого включить или исключить, и вынесите перечень на заседание."
    yield Step(text, "Вынести на заседание", _url("list_agenda", item))
    yield Step("", "Сверить с реестром", _url("list_refresh", item), main=False)


def _proposed(item: OrganisationList) -> Iterator[Step]:
    decision = decision_about(item)
    if decision:
        yield Step(
            f"Совет решил: {decision.title}.",
            f"Утвердить решением № {decision.number}",
            _url("list_approve", item),
        )
    elif stands_on_agenda(item):
        question = item.agenda_item
        yield Step(f"Перечень стоит в повестке: {question.session if question else ''}.")
    else:
        text = "Вопрос рассмотрен без решения или снят с повестки. Верните перечень в проект."
        yield Step(text, "Вернуть в проект", _url("list_return", item))


def _approved(item: OrganisationList) -> Iterator[Step]:
    newest = queries.newest_list(item.cycle)
    if newest is None or newest.pk == item.pk:
        yield Step("", "Изменить перечень", _url("list_new", item, item.cycle.slug), main=False)
        return
    url = reverse("office:list", args=[newest.pk])
    if newest.approved:
        yield Step("Эта версия больше не действует.", str(newest), url, main=False)
    else:
        yield Step("Готовится новая версия.", "Открыть новую версию", url, main=False)


def _url(name: str, item: OrganisationList, *arguments: str) -> str:
    return reverse(f"office:{name}", args=list(arguments) or [item.pk])


# --- the first page and the page of a cycle -------------------------------------------------------


def list_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Drafts and what the council has decided wait for those who lead the list; what was approved
    of late is news for all."""
    if has_permission(person, Permission.LIST_EDIT):
        for item in queries.lists().exclude(status=Status.APPROVED):
            state, word = _waiting(item)
            if word:
                url = reverse("office:list", args=[item.pk])
                yield Task(Group.WAITING, state, word, str(item), url)
    if has_permission(person, Permission.ORGANISATION_VIEW):
        since = now - _RECENT
        for item in queries.lists().filter(status=Status.APPROVED, approved_at__gte=since):
            url = reverse("office:list", args=[item.pk])
            note = str(item.decision or item.basis)
            yield Task(Group.CHANGED, "done", "утверждён", str(item), url, note)


def _waiting(item: OrganisationList) -> tuple[str, str]:
    if item.draft:
        return "underway", "проект"
    if decision_about(item):
        return "underway", "есть решение совета"
    return ("", "") if stands_on_agenda(item) else ("warning", "не утверждён советом")


def list_stage(cycle: Cycle) -> Stage | None:
    """The list of a cycle as one stage of its way."""
    title, current = "Перечень организаций", queries.current_list(cycle)
    prepared = queries.in_preparation(cycle)
    if current is not None:
        number = counted(getattr(current, "organisations", 0), ORGANISATIONS)
        text = f"{number}. {current.decision or current.basis}."
        url = reverse("office:list", args=[current.pk])
        if prepared is not None:
            text += f" Готовится версия {prepared.version}."
        return stage(title, "done", "утверждён", text, url=url, link="Открыть перечень")
    if prepared is not None:
        number = counted(getattr(prepared, "organisations", 0), ORGANISATIONS)
        text = f"В проекте {number}, составлен {long_date(prepared.created_at)}."
        url = reverse("office:list", args=[prepared.pk])
        word = prepared.get_status_display()
        return stage(title, "underway", word, text, url=url, link="Открыть проект")
    text = "Его предлагает правило закона по реестру и прежним оценкам, утверждает совет."
    return stage(title, "", "ещё нет", text, url=reverse("office:lists"), link="Открыть раздел")
