"""The agenda of a session: its items and their materials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from noko import kept
from noko.actions.constraints import refusing
from noko.actions.session_moves import AGENDA_OPEN, BEFORE_OPENING, move
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import AgendaItem, Cycle, Material, Person, Session
from noko.queries.council_rules import voting_rule

LONGEST_NAME = 120
LARGEST = 64 * 1024 * 1024


def put_on_agenda(
    *,
    session: Session,
    title: str,
    draft_decision: str = "",
    materials: Sequence[tuple[str, bytes]] = (),
    kind: str = "ordinary",
    secret: bool = False,
    speaker: str = "",
    cycle: Cycle | None = None,
    address: str = "",
    annex: bool = True,
    by: Person | None,
    now: datetime,
) -> AgendaItem:
    """A new last item of the session's agenda.

    ``materials``: (name, content) of files; with ``annex`` they go with the decision. ``cycle``:
    the session's own by default. ``address``: the page of the thing within the office.

    Refusals: ``agenda_closed`` (only before a poll is opened, and before a session is closed),
    ``empty_title``, ``unknown_question``, ``secret_not_allowed``, ``empty_material``,
    ``material_too_large``, ``material_twice``.
    """
    title = " ".join(title.split())
    files = [(_name(name), _checked(name, content)) for name, content in materials]
    with refusing(_refusals()):
        held = _open_agenda(session)
        secret = _secrecy(held, title, kind, secret)
        last = held.items.aggregate(last=Max("order"))["last"] or 0
        item = AgendaItem.objects.create(
            session=held,
            cycle=cycle or held.cycle,
            order=last + 1,
            title=title,
            speaker=speaker.strip(),
            kind=kind,
            secret=secret,
            draft_decision=draft_decision.strip(),
            address=address,
        )
        for name, content in files:
            _store(item, name, content, annex=annex, by=by, now=now)
        after = {"заседание": held, "вопрос": title, "материалы": [name for name, _ in files]}
        record(Deed.AGENDA_ADDED, thing=item, by=by, now=now, cycle=item.cycle, after=after)
    return item


def change_item(
    *,
    item: AgendaItem,
    title: str,
    speaker: str,
    kind: str,
    secret: bool,
    draft_decision: str,
    by: Person | None,
    now: datetime,
) -> AgendaItem:
    """Other wording of an item that is not voted on yet.

    Refusals: ``item_voted``, ``agenda_closed`` and those of :func:`put_on_agenda`.
    """
    title = " ".join(title.split())
    with refusing(_refusals()):
        session = _open_agenda(item.session)
        secret = _secrecy(session, title, kind, secret)
        held = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
        before = _shown(held)
        held.title, held.speaker, held.kind, held.secret = title, speaker.strip(), kind, secret
        held.draft_decision = draft_decision.strip()
        held.save(update_fields=["title", "speaker", "kind", "secret", "draft_decision"])
        after = _shown(held)
        if before != after:
            changed = [name for name in after if before[name] != after[name]]
            record(
                Deed.AGENDA_CHANGED,
                thing=held,
                by=by,
                now=now,
                cycle=held.cycle,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
    return held


def note(
    *, item: AgendaItem, heard: str, discussion: str, by: Person | None, now: datetime
) -> AgendaItem:
    """What the minutes say of an item: «слушали» and «выступили», until they are signed.

    Refusal ``minutes_signed``.
    """
    with refusing(_refusals()):
        Session.objects.select_for_update(no_key=True).get(pk=item.session_id)
        held = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
        before = {"слушали": held.heard, "выступили": held.discussion}
        after = {"слушали": heard.strip(), "выступили": discussion.strip()}
        if before != after:
            held.heard, held.discussion = after["слушали"], after["выступили"]
            held.save(update_fields=["heard", "discussion"])
            record(
                Deed.AGENDA_CHANGED,
                thing=held,
                by=by,
                now=now,
                cycle=held.cycle,
                before=before,
                after=after,
            )
    return held


def put_before(*, item: AgendaItem, by: Person | None, now: datetime) -> AgendaItem:
    """The item changes places with the one before it; the first one stays.

    Refusal ``agenda_closed``: the order is settled when the session is opened.
    """
    with transaction.atomic():
        session = _open_agenda(item.session, BEFORE_OPENING)
        held = AgendaItem.objects.get(pk=item.pk)
        other = session.items.filter(order__lt=held.order).order_by("-order").first()
        if other is None:
            return held
        held.order, other.order = other.order, held.order
        held.save(update_fields=["order"])
        other.save(update_fields=["order"])
        record(
            Deed.AGENDA_CHANGED,
            thing=held,
            by=by,
            now=now,
            cycle=held.cycle,
            before={"номер в повестке": other.order},
            after={"номер в повестке": held.order},
        )
    return held


def withdraw(*, item: AgendaItem, reason: str, by: Person | None, now: datetime) -> AgendaItem:
    """The item is not considered. Refusals: ``reason_required``, ``moved_already``."""
    reason = reason.strip()
    if not reason:
        raise Refusal(
            "Не сказано, почему вопрос снят.", kind="reason_required", cure="Напишите причину."
        )
    with refusing(_refusals()):
        Session.objects.select_for_update(no_key=True).get(pk=item.session_id)
        moved = move(item, AgendaItem.Status.WITHDRAWN, reason=reason)
        record(Deed.AGENDA_WITHDRAWN, thing=moved, by=by, now=now, cycle=moved.cycle, reason=reason)
    return moved


def add_material(
    *,
    item: AgendaItem,
    name: str,
    content: bytes,
    annex: bool = False,
    by: Person | None,
    now: datetime,
) -> Material:
    """A file for the item. Refusals: ``empty_material``, ``material_too_large``,
    ``material_twice``, ``item_voted``, ``minutes_signed``."""
    name = _name(name)
    _checked(name, content)
    with refusing(_refusals()):
        made = _store(item, name, content, annex=annex, by=by, now=now)
        after = {"файл": name, "контрольная сумма": made.digest, "приложение": annex}
        record(Deed.MATERIAL_ADDED, thing=item, by=by, now=now, cycle=item.cycle, after=after)
    return made


def remove_material(*, material: Material, by: Person | None, now: datetime) -> None:
    """Takes a file away before the vote. Refusals: ``item_voted``, ``minutes_signed``."""
    item = material.item
    with refusing(_refusals()):
        gone = {"файл": material.name, "контрольная сумма": material.digest}
        if Material.objects.filter(pk=material.pk).delete()[0]:
            record(Deed.MATERIAL_REMOVED, thing=item, by=by, now=now, cycle=item.cycle, before=gone)


def _open_agenda(session: Session, allowed: Sequence[str] = AGENDA_OPEN) -> Session:
    """The session, locked, while its agenda may change."""
    held = Session.objects.select_for_update(no_key=True, of=["self"]).select_related(
        "council", "cycle"
    )
    found = held.get(pk=session.pk)
    if found.kind == Session.Kind.POLL:
        allowed = BEFORE_OPENING
    if found.status not in allowed:
        raise Refusal(
            f"Повестку уже не меняют: {found.get_status_display()}.",
            kind="agenda_closed",
            cure="Выберите другое заседание.",
        )
    return found


def _secrecy(session: Session, title: str, kind: str, secret: bool) -> bool:
    """Whether the item is voted secretly, by the rule and the wish; refuses a nameless item."""
    if not title:
        raise Refusal(
            "Вопрос не назван.",
            kind="empty_title",
            cure="Напишите его, например: О перечне организаций на 2027 год.",
        )
    rule = voting_rule(session.council, kind).secrecy
    wanted = secret or rule == "always"
    if wanted and (rule == "never" or session.kind == Session.Kind.POLL):
        raise Refusal(
            "По этому вопросу тайно не голосуют.",
            kind="secret_not_allowed",
            cure="Тайное голосование бывает на заседании и только там, где его допускает "
            "положение о совете.",
        )
    return wanted


def _shown(item: AgendaItem) -> dict[str, Any]:
    return {
        "вопрос": item.title,
        "докладчик": item.speaker,
        "вид вопроса": item.kind,
        "тайное голосование": item.secret,
        "проект решения": item.draft_decision,
    }


def _name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(char for char in last if char.isprintable()).strip() or "файл"
    return clean if len(clean) <= LONGEST_NAME else "…" + clean[-LONGEST_NAME + 1 :]


def _checked(name: str, content: bytes) -> bytes:
    if not content:
        raise Refusal(f"Файл «{name}» пустой.", kind="empty_material", cure="Выберите другой файл.")
    if len(content) > LARGEST:
        raise Refusal(
            f"Файл «{name}» больше {LARGEST // 1024 // 1024} МБ.",
            kind="material_too_large",
            cure="Уменьшите картинки или разделите файл.",
        )
    return content


def _store(
    item: AgendaItem, name: str, content: bytes, *, annex: bool, by: Person | None, now: datetime
) -> Material:
    return Material.objects.create(
        item=item,
        name=name,
        size=len(content),
        digest=kept.keep(content),
        annex=annex,
        added_at=now,
        added_by=by,
    )


def _refusals() -> dict[str, Refusal]:
    """Name of what the database guards → what people are told; made anew each time."""
    return {
        "item_voted": Refusal(
            "По этому вопросу уже голосуют: формулировку и материалы не меняют.",
            kind="item_voted",
            cure="Если вопрос нужно изменить, внесите его в повестку заново.",
        ),
        "minutes_signed": Refusal(
            "Протокол подписан: он больше не меняется.",
            kind="minutes_signed",
            cure="Исправить решение можно новым решением на следующем заседании.",
        ),
        "material_name_in_item": Refusal(
            "У вопроса уже есть файл с таким именем.",
            kind="material_twice",
            cure="Удалите прежний или назовите новый иначе.",
        ),
    }
