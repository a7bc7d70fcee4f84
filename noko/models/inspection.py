"""The inspection on site: an expert's own marks, photographs, and what was settled between two."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.wave import WaveOrganisation


class Inspection(models.Model):
    """One expert at one organisation of a wave; it counts once it is handed over.

    ``found``: checklist → item → mark or points, as :mod:`noko.core.inspection` knows them.
    ``version`` grows with every saving, so that two devices of one expert do not undo each other.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "заполняется"
        SUBMITTED = "submitted", "сдан"

    place = models.ForeignKey(WaveOrganisation, models.PROTECT, related_name="inspections")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="inspections", verbose_name="эксперт"
    )
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.DRAFT)
    found = models.JSONField("найдено", default=dict)
    note = models.TextField("заметка", blank=True)
    version = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField("начат")
    saved_at = models.DateTimeField("сохранён")
    submitted_at = models.DateTimeField("сдан", null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "expert"], name="inspection_once_by_expert"),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at__isnull=True)
                | Q(status="submitted", submitted_at__isnull=False),
                name="inspection_submitted_at_a_moment",
            ),
        ]
        verbose_name = "осмотр"
        verbose_name_plural = "осмотры"

    def __str__(self) -> str:
        return f"Осмотр: {self.place}"


class InspectionPhoto(models.Model):
    """A photograph to an item. ``key`` is made on the device: one photograph is kept once.

    ``location``: «53.1234, 41.5678», only where the expert has asked to keep it.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="photos")
    checklist = models.CharField(max_length=40)
    item = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    digest = models.CharField("контрольная сумма", max_length=64)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    location = models.CharField("место съёмки", max_length=60, blank=True)
    added_at = models.DateTimeField("добавлена")

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "key"], name="photo_once_by_key")
        ]
        verbose_name = "фотография"
        verbose_name_plural = "фотографии"

    def __str__(self) -> str:
        return f"{self.checklist}, {self.item}"


class InspectionSettlement(models.Model):
    """What holds where two experts found different things, and why."""

    place = models.ForeignKey(WaveOrganisation, models.PROTECT, related_name="settlements")
    checklist = models.CharField(max_length=40)
    item = models.CharField(max_length=60)
    mark = models.CharField("что верно", max_length=20)
    reason = models.TextField("почему")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("когда")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "checklist", "item"], name="difference_settled_once"
            )
        ]
        verbose_name = "решение о расхождении"
        verbose_name_plural = "решения о расхождениях"

    def __str__(self) -> str:
        return f"{self.place}: {self.checklist}, {self.item}"
