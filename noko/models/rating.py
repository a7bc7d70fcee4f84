"""A calculation of the rating and its result for every organisation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.cycle import Cycle
from noko.models.dataset import DataSet
from noko.models.organisation import Organisation


class Calculation(models.Model):
    """One run over one frozen data set with named settings; done ones are never changed.

    ``digest`` is over the results: the same data and settings give the same one. In a cycle one
    calculation at most is queued or running.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "в очереди"
        RUNNING = "running", "идёт расчёт"
        DONE = "done", "рассчитано"
        FAILED = "failed", "не выполнено"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="calculations")
    dataset = models.ForeignKey(DataSet, models.PROTECT, related_name="calculations")
    rounding = models.CharField("округление", max_length=40)
    policies = models.JSONField("правила крайних случаев", default=dict)
    ties = models.CharField("равные места", max_length=20)
    levels = models.CharField("словесные уровни", max_length=40)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField("готово, %", default=0)
    note = models.TextField("пояснение", blank=True)
    comparison = models.JSONField("влияние правил округления", default=dict)
    digest = models.CharField("контрольная сумма", max_length=64, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(status__in=["queued", "running"]),
                name="calculation_one_at_work_in_cycle",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | ~Q(digest=""), name="calculation_done_has_digest"
            ),
        ]
        verbose_name = "расчёт"
        verbose_name_plural = "расчёты"

    def __str__(self) -> str:
        return f"Расчёт {self.pk}"


class OrganisationScore(models.Model):
    """What one calculation says of one organisation; numbers exactly as published.

    ``criteria`` and ``indicators``: code → decimal string or null; ``places``: scope →
    key ("total" or criterion code) → [place, among]; ``explanation``: the tree of
    ``core.scoring.explanation``; ``counts``: symbol → decimal string or null.
    """

    calculation = models.ForeignKey(Calculation, models.CASCADE, related_name="scores")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="scores")
    name = models.CharField("название на день расчёта", max_length=300)
    type = models.CharField(max_length=20)
    municipality = models.CharField(max_length=200)
    total = models.DecimalField("итог", max_digits=6, decimal_places=2, null=True)
    level = models.CharField("словесный уровень", max_length=40, blank=True)
    place = models.PositiveIntegerField("место среди всех", null=True)
    criteria = models.JSONField(default=dict)
    indicators = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    explanation = models.JSONField(default=dict)
    respondents = models.PositiveIntegerField("опрошено", null=True)
    recipients = models.PositiveIntegerField("получателей услуг", null=True)

    class Meta:
        ordering = ["place", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["calculation", "organisation"], name="score_once_in_calculation"
            )
        ]
        verbose_name = "балл организации"
        verbose_name_plural = "баллы организаций"
