"""A release: a published, frozen and numbered rating. A correction is a new version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.cycle import Cycle
from noko.models.rating import Calculation


class Release(models.Model):
    """``digest`` is over the manifest of the released files; ``difference`` says what changed
    against the version before: [{organisation, what, before, after}, …]. ``reason`` is required
    from version 2 on."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="releases")
    version = models.PositiveSmallIntegerField("версия")
    calculation = models.OneToOneField(Calculation, models.PROTECT, related_name="release")
    folder = models.CharField("папка с файлами", max_length=120)
    digest = models.CharField("контрольная сумма", max_length=64)
    files = models.JSONField("файлы: имя, размер, контрольная сумма", default=list)
    difference = models.JSONField("отличия от предыдущей версии", default=list)
    reason = models.TextField("причина исправления", blank=True)
    released_at = models.DateTimeField("опубликован")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-released_at"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "version"], name="release_version_in_cycle"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="release_correction_has_a_reason"
            ),
        ]
        verbose_name = "выпуск"
        verbose_name_plural = "выпуски"

    def __str__(self) -> str:
        return f"Выпуск {self.version}"
