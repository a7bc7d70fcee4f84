"""Sessions of the council, their agenda, materials and attendance, and the decisions adopted there.

The database itself refuses any change of a decision and of signed minutes (triggers of the
migrations).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from noko.models.council import Council, CouncilMember
from noko.models.cycle import Cycle
from noko.templatetags.russian import long_date


class Session(models.Model):
    """A session or a written poll. ``number`` of the minutes in ``year`` is given at the opening.

    ``starts_at`` … ``ends_at``: of a poll the time in which votes are taken. ``sequence`` counts
    the invitations sent (iCalendar). ``minutes``: kept files of the signed minutes,
    [{name, bytes, sha256}, …].
    """

    class Kind(models.TextChoices):
        IN_PERSON = "in_person", "очное заседание"
        REMOTE = "remote", "дистанционное заседание"
        POLL = "poll", "письменный опрос"

    class Status(models.TextChoices):
        PLANNED = "planned", "готовится"
        INVITED = "invited", "приглашения отправлены"
        OPEN = "open", "идёт"
        CLOSED = "closed", "закрыто, протокол не подписан"
        SIGNED = "signed", "протокол подписан"
        NOT_HELD = "not_held", "не состоялось"
        CANCELLED = "cancelled", "отменено"

    council = models.ForeignKey(Council, models.PROTECT, related_name="sessions")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="цикл"
    )
    kind = models.CharField("форма", max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField("год", null=True, blank=True)
    number = models.PositiveSmallIntegerField("номер протокола", null=True, blank=True)
    starts_at = models.DateTimeField("начало")
    ends_at = models.DateTimeField("окончание", null=True, blank=True)
    place = models.CharField("место", max_length=300, blank=True)
    link = models.URLField("ссылка для подключения", max_length=500, blank=True)
    guests = models.TextField("приглашённые", blank=True)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.PLANNED)
    presiding = models.ForeignKey(
        CouncilMember, models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes_by = models.CharField("протокол ведёт", max_length=200, blank=True)
    sequence = models.PositiveSmallIntegerField("отправлено приглашений", default=0)
    reason = models.CharField("почему не состоялось", max_length=500, blank=True)
    created_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    minutes = models.JSONField("файлы протокола", default=list)
    minutes_digest = models.CharField("контрольная сумма протокола", max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year", "number"], name="session_number_in_year"
            ),
            models.CheckConstraint(
                condition=~Q(kind="poll") | Q(ends_at__isnull=False), name="session_poll_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "closed", "signed"]) | Q(number__isnull=False),
                name="session_held_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | ~Q(minutes_digest=""),
                name="session_signed_has_minutes",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status="signed"),
                name="session_published_is_signed",
            ),
        ]
        verbose_name = "заседание совета"
        verbose_name_plural = "заседания совета"

    def __str__(self) -> str:
        number = f" № {self.number}" if self.number else ""
        kind = "Письменный опрос" if self.kind == self.Kind.POLL else "Заседание"
        return f"{kind}{number} от {long_date(self.opened_at or self.starts_at)}"


class AgendaItem(models.Model):
    """A question of the agenda. ``kind`` is a question of the rule set (majority, secrecy, tie).

    ``address``: the page of the thing that is decided about, within the office. ``heard`` and
    ``discussion`` are the «слушали» and «выступили» of the minutes.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "ожидает"
        DISCUSSED = "discussed", "рассматривается"
        VOTING = "voting", "идёт голосование"
        TIED = "tied", "голоса разделились, нужно голосовать ещё раз"
        ADOPTED = "adopted", "решение принято"
        REJECTED = "rejected", "решение не принято"
        NOTED = "noted", "рассмотрен без голосования"
        WITHDRAWN = "withdrawn", "снят с повестки"

    session = models.ForeignKey(Session, models.PROTECT, related_name="items")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    order = models.PositiveSmallIntegerField("номер в повестке")
    title = models.CharField("вопрос", max_length=500)
    speaker = models.CharField("докладчик", max_length=300, blank=True)
    kind = models.CharField("вид вопроса", max_length=40)
    secret = models.BooleanField("тайное голосование", default=False)
    draft_decision = models.TextField("проект решения", blank=True)
    heard = models.TextField("слушали", blank=True)
    discussion = models.TextField("выступили", blank=True)
    address = models.CharField("страница предмета", max_length=200, blank=True)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField("почему снят", max_length=500, blank=True)

    class Meta:
        ordering = ["session", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "order"],
                name="agenda_order_in_session",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        verbose_name = "вопрос повестки"
        verbose_name_plural = "вопросы повестки"

    def __str__(self) -> str:
        return self.title


class Material(models.Model):
    """A file for an item, kept by its digest (:mod:`noko.kept`). An ``annex`` goes with the
    decision."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="materials")
    name = models.CharField("имя файла", max_length=120)
    size = models.PositiveIntegerField("байт")
    digest = models.CharField("контрольная сумма", max_length=64)
    annex = models.BooleanField("приложение к решению", default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="material_name_in_item"),
        ]
        verbose_name = "материал вопроса"
        verbose_name_plural = "материалы вопроса"

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """A member at a session: what was answered to the invitation, and what was marked there."""

    class Reply(models.TextChoices):
        NONE = "", "нет ответа"
        COMING = "coming", "придёт"
        REMOTE = "remote", "подключится удалённо"
        NOT_COMING = "not_coming", "не сможет"

    class Mark(models.TextChoices):
        NONE = "", "не отмечен"
        PRESENT = "present", "присутствует"
        REMOTE = "remote", "участвует удалённо"
        POLL = "poll", "опрашивается письменно"
        ABSENT = "absent", "отсутствует"
        LEFT = "left", "ушёл до окончания"

    HERE = (Mark.PRESENT, Mark.REMOTE, Mark.POLL)

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="attendance")
    reply = models.CharField("ответ", max_length=10, choices=Reply, default="", blank=True)
    mark = models.CharField("отметка", max_length=10, choices=Mark, default="", blank=True)
    note = models.CharField("причина", max_length=300, blank=True)

    class Meta:
        ordering = ["member__sort_key", "member_id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "member"], name="attendance_once"),
        ]
        verbose_name = "участие в заседании"
        verbose_name_plural = "участие в заседаниях"

    def __str__(self) -> str:
        return f"{self.member}: {self.get_mark_display()}"


class Decision(models.Model):
    """What the council adopted. The row appears when the vote is closed and never changes: only
    its documents and its publication are added.

    ``annexes`` and ``files``: [{name, bytes, sha256}, …], kept by their digests; ``digest`` is over
    council, number, date, title, text and annexes, see ``core.council.decision_digest``.
    """

    class Status(models.TextChoices):
        ADOPTED = "adopted", "принято"
        SIGNED = "signed", "подписано"
        PUBLISHED = "published", "опубликовано"

    council = models.ForeignKey(Council, models.PROTECT, related_name="decisions")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    session = models.ForeignKey(Session, models.PROTECT, related_name="decisions")
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision")
    year = models.PositiveSmallIntegerField("год")
    number = models.PositiveSmallIntegerField("номер")
    adopted_on = models.DateField("дата")
    title = models.CharField("название", max_length=500)
    text = models.TextField("текст")
    annexes = models.JSONField("приложения", default=list)
    digest = models.CharField("контрольная сумма", max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.ADOPTED)
    files = models.JSONField("файлы", default=list)
    signed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-adopted_on", "-number", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "year", "number"], name="decision_number_in_year"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="decision_published_has_a_moment",
            ),
        ]
        verbose_name = "решение совета"
        verbose_name_plural = "решения совета"

    def __str__(self) -> str:
        return f"Решение № {self.number} от {long_date(self.adopted_on)}"
