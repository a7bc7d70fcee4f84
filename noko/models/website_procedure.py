"""The fair procedure over findings about sites: objections, and marks made by hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from noko.models.cycle import Cycle
from noko.models.organisation import Organisation
from noko.models.person import Person
from noko.models.website import SiteVisit


class SiteObjection(models.Model):
    """What an organisation says against one finding of a visit; an expert decides it once.

    ``address``: where on the site it stands; ``digest``, ``file_name`` and ``size``: a file kept
    by its digest. ``value``: what was counted when the objection was filed.
    """

    class Status(models.TextChoices):
        FILED = "filed", "подано"
        ACCEPTED = "accepted", "принято"
        REJECTED = "rejected", "отклонено"

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="objections")
    code = models.CharField("пункт", max_length=60)
    value = models.CharField("вывод", max_length=20)
    text = models.TextField("возражение")
    address = models.CharField("адрес на сайте", max_length=500, blank=True)
    digest = models.CharField("контрольная сумма файла", max_length=64, blank=True)
    file_name = models.CharField("имя файла", max_length=160, blank=True)
    size = models.PositiveIntegerField("байт", default=0)
    filed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    filed_at = models.DateTimeField("подано")
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.FILED)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("решено", null=True)
    reason = models.TextField("почему", blank=True)

    class Meta:
        ordering: ClassVar = ["filed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit", "code"],
                condition=Q(status="filed"),
                name="site_objection_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status="filed", decided_at__isnull=True)
                | (~Q(status="filed") & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="site_objection_decided_with_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["filed_at"], condition=Q(status="filed"), name="site_objections_open"
            ),
        ]
        verbose_name = "возражение о сайте"
        verbose_name_plural = "возражения о сайте"

    def __str__(self) -> str:
        return f"возражение по пункту {self.code}"


class SiteMark(models.Model):
    """An expert's mark on one item of an organisation for a cycle, beside the machine's finding.

    It is made over ``visit`` and carried over to later ones. ``machine`` and ``page`` are what
    the machine said then; ``confirmed_on`` the latest visit at which an expert found the mark
    right although the machine disagreed. A mark that takes another's place names it in
    ``replaces``.
    """

    class Value(models.TextChoices):
        FOUND = "found", "есть"
        ABSENT = "absent", "нет"
        NOT_APPLICABLE = "not_applicable", "не требуется"

    class Status(models.TextChoices):
        STANDING = "standing", "действует"
        REPLACED = "replaced", "заменена"
        WITHDRAWN = "withdrawn", "снята"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="site_marks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="site_marks")
    code = models.CharField("пункт", max_length=60)
    value = models.CharField("отметка", max_length=20, choices=Value)
    reason = models.TextField("основание")
    address = models.CharField("адрес на сайте", max_length=500, blank=True)
    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="marks")
    machine = models.CharField("вывод машины тогда", max_length=20, blank=True)
    objection = models.OneToOneField(
        SiteObjection, models.PROTECT, related_name="mark", null=True, blank=True
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="superseded_by", null=True, blank=True
    )
    confirmed_on = models.ForeignKey(
        SiteVisit, models.PROTECT, related_name="+", null=True, blank=True
    )
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.STANDING)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField("поставлена")
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField("снята", null=True)
    withdrawn_reason = models.TextField("почему снята", blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cycle", "organisation", "code"],
                condition=Q(status="standing"),
                name="site_mark_standing_once",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="site_mark_withdrawn_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="site_mark_has_a_reason"),
        ]
        verbose_name = "отметка о сайте"
        verbose_name_plural = "отметки о сайте"

    def __str__(self) -> str:
        return f"{self.code}: {self.get_value_display()}"
