"""The technical specification for the operator: its clauses, and proposals to them.

An adopted specification never changes: the database itself refuses it (triggers of the
migrations). Another text is another version.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.cycle import Cycle
from noko.models.session import AgendaItem, Decision


class Specification(models.Model):
    """One version. While it is prepared its fields are filled from what the system knows now; at
    the adoption ``facts`` and ``annex`` keep what stood in them.

    ``template`` is a code of ``noko/rules/specifications``. ``annex``: [{organisation (key), name,
    inn, ogrn, type, municipality, population, size, everyone}, …]. ``digest`` is over the whole
    content, see ``noko.queries.specification.content_digest``; ``placed_digest`` is what it was
    when the agenda item was made.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "черновик"
        OPEN = "open", "открыто для предложений"
        CONSIDERED = "considered", "предложения рассмотрены"
        ADOPTED = "adopted", "утверждено"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="specifications")
    version = models.PositiveSmallIntegerField("версия")
    template = models.CharField("образец", max_length=40)
    title = models.CharField("название", max_length=500)
    customer = models.CharField("заказчик", max_length=500)
    survey_starts_on = models.DateField("опрос и осмотр с", null=True, blank=True)
    survey_ends_on = models.DateField("опрос и осмотр по", null=True, blank=True)
    data_due_on = models.DateField("данные передать до", null=True, blank=True)
    report_due_on = models.DateField("отчёт передать до", null=True, blank=True)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.DRAFT)
    proposals_until = models.DateField("предложения до", null=True, blank=True)
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="specifications"
    )
    placed_digest = models.CharField(max_length=64, blank=True)
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="specification"
    )
    facts = models.JSONField("поля", default=dict)
    annex = models.JSONField("перечень и выборка", default=list)
    digest = models.CharField("контрольная сумма", max_length=64, blank=True)
    created_at = models.DateTimeField("создано")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    adopted_at = models.DateTimeField("утверждено", null=True, blank=True)

    class Meta:
        ordering = ["-cycle__year", "-cycle_id", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "version"], name="specification_version_in_cycle"
            ),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=~Q(status="adopted"),
                name="specification_one_in_preparation",
            ),
            models.CheckConstraint(
                condition=~Q(status="adopted")
                | (Q(decision__isnull=False, adopted_at__isnull=False) & ~Q(digest="")),
                name="specification_adopted_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(survey_starts_on__isnull=True)
                | Q(survey_ends_on__isnull=True)
                | Q(survey_ends_on__gte=models.F("survey_starts_on")),
                name="specification_survey_ends_after_start",
            ),
        ]
        verbose_name = "техническое задание"
        verbose_name_plural = "технические задания"

    def __str__(self) -> str:
        return f"Техническое задание, версия {self.version} ({self.cycle})"

    @property
    def adopted(self) -> bool:
        return self.status == self.Status.ADOPTED


class Clause(models.Model):
    """A numbered clause; ``text`` may name fields in braces. ``revision`` grows with every change.

    ``basis``: act, point, evidence, source, note, as in the template; empty for a clause that
    people added. ``checks``: what of a delivery is compared with it.
    """

    specification = models.ForeignKey(Specification, models.CASCADE, related_name="clauses")
    section = models.CharField("номер раздела", max_length=10)
    section_title = models.CharField("раздел", max_length=200)
    order = models.PositiveSmallIntegerField("порядок")
    number = models.CharField("номер", max_length=12)
    text = models.TextField("текст")
    basis = models.JSONField("основание", default=dict)
    checks = models.JSONField("чем проверяется", default=list)
    excluded = models.BooleanField("исключён", default=False)
    revision = models.PositiveSmallIntegerField("редакция", default=1)

    class Meta:
        ordering = ["specification", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["specification", "order"],
                name="clause_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        verbose_name = "пункт технического задания"
        verbose_name_plural = "пункты технического задания"

    def __str__(self) -> str:
        return f"Пункт {self.number}"


class ClauseProposal(models.Model):
    """What somebody proposes about a clause, and what came of it.

    ``kind`` says what ``text`` is: the new text of ``clause``, a new clause after it, or nothing.
    ``was`` is the text of the clause on that day, ``number_then`` its number; ``entered`` is the
    text that entered.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", "изменить пункт"
        ADD = "add", "добавить пункт"
        EXCLUDE = "exclude", "исключить пункт"

    class Status(models.TextChoices):
        OPEN = "open", "ждёт рассмотрения"
        ACCEPTED = "accepted", "принято"
        MERGED = "merged", "принято с изменениями"
        REJECTED = "rejected", "отклонено"
        WITHDRAWN = "withdrawn", "отозвано"

    specification = models.ForeignKey(Specification, models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField("номер")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="proposals")
    number_then = models.CharField("номер пункта", max_length=12)
    kind = models.CharField("что предложено", max_length=10, choices=Kind)
    was = models.TextField("было", blank=True)
    text = models.TextField("предложенный текст", blank=True)
    reason = models.TextField("почему")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    by_name = models.CharField("кто предложил", max_length=200)
    created_at = models.DateTimeField("внесено")
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.OPEN)
    answer = models.TextField("ответ", blank=True)
    entered = models.TextField("вошедший текст", blank=True)
    considered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    considered_at = models.DateTimeField("рассмотрено", null=True, blank=True)

    class Meta:
        ordering = ["specification", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["specification", "number"], name="clause_proposal_number"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & (Q(kind="exclude") | ~Q(text="")),
                name="clause_proposal_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(status="open", considered_at__isnull=True)
                | (~Q(status="open") & Q(considered_at__isnull=False)),
                name="clause_proposal_considered_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["merged", "rejected"]) | ~Q(answer=""),
                name="clause_proposal_has_an_answer",
            ),
        ]
        verbose_name = "предложение к пункту"
        verbose_name_plural = "предложения к пунктам"

    def __str__(self) -> str:
        return f"Предложение № {self.number} к пункту {self.number_then}"
