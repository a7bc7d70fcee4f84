"""Data of a cycle on their way to the frozen data set that is calculated from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.cycle import Cycle


class Import(models.Model):
    """Files of an operator with their preview: nothing is written until a person confirms.

    ``file_names``: role of the file → its name as the person knows it; ``preview``: what was found,
    in short; ``confirmed``: what a person decided: columns put right by hand, names declared to be
    one organisation.
    """

    class Status(models.TextChoices):
        PREVIEWED = "previewed", "проверена, ждёт решения"
        ACCEPTED = "accepted", "принята"
        DISMISSED = "dismissed", "отклонена"

    class Kind(models.TextChoices):
        ORGANISATIONS = "organisations", "список организаций"
        DATA = "data", "анкеты и осмотры"
        COUNTS = "counts", "готовые количества"
        INSPECTION = "inspection", "осмотры к волне"
        ANSWERS = "answers", "анкеты в волну"
        PLAN = "plan", "годовой план"
        BUSGOV = "busgov", "сведения bus.gov.ru"

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="imports", null=True, blank=True)
    wave = models.ForeignKey(
        "noko.Wave", models.CASCADE, related_name="imports", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=Kind)
    folder = models.CharField("папка с файлами", max_length=120)
    file_names = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    confirmed = models.JSONField(default=dict)
    status = models.CharField(max_length=20, choices=Status, default=Status.PREVIEWED)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "загрузка"
        verbose_name_plural = "загрузки"


class DataSet(models.Model):
    """A frozen data set: a Data Package on disk, known by its digest. Never changed.

    ``source`` is the import that it was made from; one import makes one data set.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="datasets")
    number = models.PositiveSmallIntegerField("номер")
    folder = models.CharField("папка пакета", max_length=120)
    digest = models.CharField("контрольная сумма", max_length=64)
    organisations = models.PositiveIntegerField("организаций")
    respondents = models.PositiveIntegerField("анкет")
    source = models.OneToOneField(
        Import, models.PROTECT, related_name="dataset", null=True, blank=True
    )
    frozen_at = models.DateTimeField("зафиксирован")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-frozen_at"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="dataset_number_in_cycle"),
            models.UniqueConstraint(fields=["cycle", "digest"], name="dataset_once_in_cycle"),
            models.CheckConstraint(condition=Q(organisations__gt=0), name="dataset_not_empty"),
        ]
        verbose_name = "набор данных"
        verbose_name_plural = "наборы данных"

    def __str__(self) -> str:
        return f"Набор данных № {self.number}"
