"""The annual plan of a cycle: sections, activities, who is responsible, evidence, reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from noko.models.cycle import Cycle
from noko.models.organisation import Municipality


class Plan(models.Model):
    """One plan of the region in a cycle, and one of each municipality that has its own.

    ``parent``: the plan that a municipality's inherits from; ``made_from``: last year's.
    ``agenda_item`` and ``placed_digest``: where and in which wording the council considers it;
    ``decision``: the council's, when it was adopted by one.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "проект"
        ADOPTED = "adopted", "утверждён"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="plans")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="plans", null=True, blank=True
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="municipal", null=True, blank=True
    )
    made_from = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, blank=True)
    title = models.CharField("название", max_length=300)
    year = models.PositiveSmallIntegerField("год")
    template = models.CharField("шаблон", max_length=40)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.DRAFT)
    agenda_item = models.ForeignKey(
        "noko.AgendaItem", models.PROTECT, related_name="+", null=True, blank=True
    )
    placed_digest = models.CharField("что увидит совет", max_length=64, blank=True)
    decision = models.OneToOneField(
        "noko.Decision", models.PROTECT, related_name="plan", null=True, blank=True
    )
    basis = models.CharField("чем утверждён", max_length=300, blank=True)
    adopted_on = models.DateField("утверждён", null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("создан")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    changed_at = models.DateTimeField("изменён")

    class Meta:
        ordering = ["-year", "municipality__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "municipality"], nulls_distinct=False, name="plan_once_in_cycle"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", adopted_at__isnull=True)
                | Q(status="adopted", adopted_at__isnull=False, adopted_on__isnull=False),
                name="plan_adopted_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(parent__isnull=False),
                name="plan_of_municipality_inherits",
            ),
        ]
        verbose_name = "план"
        verbose_name_plural = "планы"

    def __str__(self) -> str:
        return f"{self.title} ({self.municipality})" if self.municipality_id else self.title

    @property
    def adopted(self) -> bool:
        return self.status == self.Status.ADOPTED


class PlanSection(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField("порядок")
    number = models.CharField("номер", max_length=20, blank=True)
    title = models.CharField("название", max_length=500)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_section_position"),
        ]
        verbose_name = "раздел плана"
        verbose_name_plural = "разделы плана"

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title


class PlanActivity(models.Model):
    """One row. ``term`` is the wording as printed; ``meaning`` the wording that is understood
    (the same unless a person had to say it otherwise); ``ends_on`` follows from it.

    ``code`` is the template's activity ("" for one of their own); ``closes_by`` are kinds of facts
    (:mod:`noko.queries.facts`), ``document`` and ``link``; ``inherited`` is the regional activity
    that a municipality's takes part in.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="activities")
    section = models.ForeignKey(PlanSection, models.PROTECT, related_name="activities", null=True)
    position = models.PositiveSmallIntegerField("порядок")
    number = models.CharField("номер", max_length=20)
    activity = models.TextField("мероприятие")
    term = models.CharField("срок исполнения", max_length=500)
    meaning = models.CharField("как понят срок", max_length=500)
    begins_on = models.DateField("начало", null=True, blank=True)
    ends_on = models.DateField("конец", null=True, blank=True)
    responsible_printed = models.TextField("ответственные исполнители", blank=True)
    result = models.TextField("результат (итоговый документ)", blank=True)
    code = models.CharField(max_length=40, blank=True)
    closes_by = models.JSONField(default=list, blank=True)
    second_person = models.BooleanField("подтверждает второе лицо", default=False)
    inherited = models.ForeignKey(
        "self", models.PROTECT, related_name="municipal", null=True, blank=True
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_activity_number"),
        ]
        verbose_name = "мероприятие плана"
        verbose_name_plural = "мероприятия плана"

    def __str__(self) -> str:
        return f"{self.number}. {self.activity}"


class ActivityResponsible(models.Model):
    """Who is responsible, as printed; ``person`` or ``role`` says whom to remind."""

    class Who(models.TextChoices):
        PERSON = "person", "человек"
        BODY = "body", "орган или роль"

    activity = models.ForeignKey(PlanActivity, models.CASCADE, related_name="responsible")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Who)
    name = models.CharField("как напечатано", max_length=300)
    note = models.CharField("должность", max_length=200, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="responsibilities",
        null=True,
        blank=True,
    )
    role = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "position"], name="activity_responsible_position"
            ),
        ]
        verbose_name = "ответственный"
        verbose_name_plural = "ответственные"

    def __str__(self) -> str:
        return f"{self.name}, {self.note}" if self.note else self.name


class FindingDecision(models.Model):
    """What a person said to a finding: it will be mended, or it stands, and why.

    ``fingerprint`` is the finding's: another wording of the rows makes another finding.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "принято, исправлено"
        DISMISSED = "dismissed", "отклонено"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="decisions")
    fingerprint = models.CharField(max_length=16)
    code = models.CharField(max_length=40)
    sentence = models.TextField("замечание")
    verdict = models.CharField(max_length=20, choices=Verdict)
    reason = models.TextField("почему", blank=True)
    decided_at = models.DateTimeField("когда")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "fingerprint"],
                condition=Q(verdict="dismissed"),
                name="finding_dismissed_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict="accepted") | ~Q(reason=""),
                name="finding_dismissed_with_reason",
            ),
        ]
        verbose_name = "решение по замечанию"
        verbose_name_plural = "решения по замечаниям"

    def __str__(self) -> str:
        return f"{self.sentence} – {self.get_verdict_display()}"


class Evidence(models.Model):
    """A document or a link that closes an activity (or one ``period`` of it).

    ``folder`` and ``file_name``: a kept file; ``address``: a link. It counts from
    ``done_on`` on, once it is confirmed; where no second person is needed, it is confirmed at once.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "ждёт подтверждения"
        CONFIRMED = "confirmed", "подтверждено"
        RETURNED = "returned", "возвращено"

    activity = models.ForeignKey(PlanActivity, models.PROTECT, related_name="evidence")
    title = models.CharField("что это", max_length=300)
    period = models.CharField("за какой срок", max_length=60, blank=True)
    done_on = models.DateField("дата документа")
    folder = models.CharField(max_length=120, blank=True)
    file_name = models.CharField("файл", max_length=200, blank=True)
    address = models.URLField("ссылка", max_length=500, blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status)
    added_at = models.DateTimeField("добавлено")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField("почему возвращено", blank=True)

    class Meta:
        ordering = ["-added_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(folder="") ^ Q(address=""), name="evidence_is_file_or_link"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("added_by")),
                name="evidence_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(reason=""),
                name="evidence_returned_with_reason",
            ),
        ]
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """One reminder to one person of one due date; the constraint makes it the only one.

    Its letter is put into the queue together with it, under a key of its own.
    """

    class Step(models.TextChoices):
        AHEAD = "ahead", "срок через две недели"
        SOON = "soon", "срок близко"
        LATE = "late", "срок прошёл"
        ESCALATION = "escalation", "руководителю: срок прошёл"

    activity = models.ForeignKey(PlanActivity, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="plan_reminders"
    )
    step = models.CharField(max_length=20, choices=Step)
    due_on = models.DateField("срок")
    period = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField("когда")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person", "step", "due_on"], name="reminder_exactly_once"
            ),
        ]
        verbose_name = "напоминание"
        verbose_name_plural = "напоминания"

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.activity}"


class CalendarFeed(models.Model):
    """The secret address of a person's iCalendar feed; a new one makes the old one useless."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("создан")

    class Meta:
        verbose_name = "календарь по подписке"
        verbose_name_plural = "календари по подписке"

    def __str__(self) -> str:
        return f"Календарь: {self.person}"
