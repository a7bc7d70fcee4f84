"""What bus.gov.ru shows of organisations: files that were loaded, and what each says of one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from noko.models.dataset import Import
from noko.models.organisation import Organisation
from noko.models.person import Person


class BusgovSource(models.Model):
    """A file of bus.gov.ru as of the day ``on``. What it says is evidence and never changes.

    ``whole``: it has every institution of the region, so whoever is not in it is not there.
    ``term_on``: until when organisations fill in what is missing. A file that was loaded by
    mistake is withdrawn: it stays, and nothing follows from it.
    """

    class Kind(models.TextChoices):
        CARDS = "cards", "общая информация об учреждениях"
        REPORT = "report", "отчёт о полноте размещения"

    kind = models.CharField("вид", max_length=10, choices=Kind)
    on = models.DateField("на день")
    file_name = models.CharField("файл", max_length=200)
    digest = models.CharField("контрольная сумма", max_length=64)
    whole = models.BooleanField("полная выгрузка", default=False)
    term_on = models.DateField("срок исправления", null=True, blank=True)
    source = models.OneToOneField(Import, models.PROTECT, related_name="busgov", null=True)
    loaded_at = models.DateTimeField("загружен")
    loaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("отозван", null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("почему отозван", max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(reason=""),
                name="busgov_source_withdrawn_with_reason",
            ),
        ]
        verbose_name = "сведения bus.gov.ru"
        verbose_name_plural = "сведения bus.gov.ru"

    def __str__(self) -> str:
        return f"bus.gov.ru, {self.get_kind_display()} на {self.on:%d.%m.%Y}"


class BusgovRecord(models.Model):
    """What one source says of one organisation.

    ``lacks``: [{code, title, year, cure}]; ``differs``: [[title, in the registry, there]];
    ``place``: where it stands in the file. ``complete``: the total of the report itself.
    """

    source = models.ForeignKey(BusgovSource, models.CASCADE, related_name="records")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="busgov_records")
    present = models.BooleanField("есть на bus.gov.ru")
    changed_on = models.DateField("карточка изменена", null=True, blank=True)
    complete = models.BooleanField("размещено полностью", null=True, blank=True)
    complete_before = models.BooleanField("полностью за прошлый год", null=True, blank=True)
    lacks = models.JSONField("чего нет", default=list)
    differs = models.JSONField("что расходится с реестром", default=list)
    place = models.CharField("место в файле", max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "source"], name="busgov_record_once_in_source"
            ),
        ]
        verbose_name = "сведения об организации на bus.gov.ru"
        verbose_name_plural = "сведения об организациях на bus.gov.ru"

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.source_id}"
