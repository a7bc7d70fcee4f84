"""Batches: answers that came together on paper or in a file, removable as a whole until closing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from noko.models.dataset import Import
from noko.models.wave import Wave, WaveOrganisation


class Batch(models.Model):
    """Where answers came from that nobody has sent: sheets of one organisation, or a file.

    What is accepted of it lies in boxes of its own (``AnswerBox.batch``) until the wave is closed:
    to remove a batch is to remove its boxes. ``accepted`` and ``spoilt`` count what has been
    decided; of ``sheets`` on paper, all of them when the status is ``taken``. ``day`` is the day of
    all its answers on paper; answers of a file have days of their own.
    """

    class Kind(models.TextChoices):
        PAPER = "paper", "бумажные анкеты"
        FILE = "file", "файл"

    class Status(models.TextChoices):
        OPEN = "open", "вводится"
        TAKEN = "taken", "принята"
        REMOVED = "removed", "удалена"

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField("номер")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    accepted = models.PositiveIntegerField("принято анкет", default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    place = models.ForeignKey(WaveOrganisation, models.CASCADE, related_name="batches", null=True)
    day = models.DateField("день анкет", null=True)
    sheets = models.PositiveIntegerField("листов", null=True)
    spoilt = models.PositiveIntegerField("пустых и испорченных", default=0)
    source = models.OneToOneField(Import, models.PROTECT, related_name="batch", null=True)
    digest = models.CharField("контрольная сумма файла", max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    reason = models.TextField("почему удалена", blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="batch_number_in_wave"),
            models.UniqueConstraint(
                fields=["wave", "digest"],
                condition=Q(kind="file") & ~Q(status="removed"),
                name="batch_file_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="file", source__isnull=False) & ~Q(digest="")
                | Q(kind="paper", place__isnull=False, day__isnull=False, sheets__isnull=False),
                name="batch_has_its_origin",
            ),
            models.CheckConstraint(
                condition=~Q(kind="paper") | Q(sheets__gte=F("accepted") + F("spoilt")),
                name="batch_no_more_than_its_sheets",
            ),
            models.CheckConstraint(
                condition=~Q(status="removed") | Q(removed_at__isnull=False) & ~Q(reason=""),
                name="batch_removed_with_reason",
            ),
        ]
        verbose_name = "пачка анкет"
        verbose_name_plural = "пачки анкет"

    def __str__(self) -> str:
        return f"Пачка № {self.number}"

    @property
    def left(self) -> int:
        """Sheets that nothing has been decided about yet."""
        return (self.sheets or 0) - self.accepted - self.spoilt


class SheetTyping(models.Model):
    """What one clerk has read on one sheet; two of them make an answer, and both are deleted then.

    No moment is kept. ``values``: question → number of the option or text; empty where the sheet is
    ``spoilt`` (blank or unreadable).
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="typings")
    sheet = models.PositiveIntegerField("номер листа")
    slot = models.PositiveSmallIntegerField()
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    spoilt = models.BooleanField(default=False)

    class Meta:
        ordering = ["sheet", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "slot"], name="sheet_typed_twice"),
            models.UniqueConstraint(
                fields=["batch", "sheet", "clerk"], name="sheet_by_different_people"
            ),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="sheet_slot_is_1_or_2"),
        ]
        verbose_name = "ввод листа"
        verbose_name_plural = "вводы листов"
