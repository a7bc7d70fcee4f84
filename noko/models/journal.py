"""The journal: who did what to what and why. Rows are added and never changed.

The database itself refuses to update, delete or truncate them, and seals every entry at the end of
its transaction (triggers of migration 0002).
"""

from __future__ import annotations

from django.db import models

from noko.models.cycle import Cycle
from noko.models.person import Person


class JournalEntry(models.Model):
    """One deed. ``deed`` is a code of :mod:`noko.audit.deeds`; names are kept as they were then."""

    at = models.DateTimeField("когда", db_index=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="кто")
    by_name = models.CharField("имя", max_length=200, blank=True)
    deed = models.CharField("действие", max_length=60, db_index=True)
    kind = models.CharField("вид предмета", max_length=60)
    key = models.CharField("номер предмета", max_length=60)
    title = models.CharField("предмет", max_length=300)
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, related_name="journal", verbose_name="цикл"
    )
    reason = models.TextField("почему", blank=True)
    before = models.JSONField("было", null=True)
    after = models.JSONField("стало", null=True)
    content_digest = models.CharField("контрольная сумма", max_length=64)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "key"], name="journal_of_a_thing")]
        verbose_name = "запись журнала"
        verbose_name_plural = "записи журнала"

    def __str__(self) -> str:
        return f"{self.deed}: {self.title}"


class JournalSeal(models.Model):
    """Binds an entry to the one before it; written by the database alone."""

    number = models.BigIntegerField(primary_key=True)
    # No constraint: to check it the database would ask for the right to change the entry.
    entry = models.OneToOneField(
        JournalEntry, models.DO_NOTHING, related_name="seal", db_constraint=False
    )
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "печать журнала"
        verbose_name_plural = "печати журнала"

    def __str__(self) -> str:
        return f"№ {self.number}"
