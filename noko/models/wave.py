"""A wave: organisations of one type asked between two dates, and what is accepted for each."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from noko.models.cycle import Cycle
from noko.models.dataset import DataSet
from noko.models.organisation import Organisation, OrganisationType
from noko.models.website import SiteRound

WHOM: Mapping[str, str] = {
    OrganisationType.PRESCHOOL: "дошкольные организации",
    OrganisationType.GENERAL: "общеобразовательные организации",
    OrganisationType.SUPPLEMENTARY: "организации дополнительного образования",
    OrganisationType.VOCATIONAL: "профессиональные организации",
}


class Wave(models.Model):
    """``additions``: what the region adds to the edition's questionnaire; ``version`` of both.

    ``salt`` is there until the wave is closed: receipts and traces are made with it, and with its
    destruction nothing in them can be recognised again. ``folder`` and ``digest`` name the frozen
    survey, a data package without an inspection; ``dataset`` the data set that it went into.
    ``inspected``: key of an organisation → figures and marks that came in files. ``site_round``:
    whose findings say what stands on the sites, where experts do not have to look themselves.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "готовится"
        OPEN = "open", "идёт"
        CLOSING = "closing", "закрывается"
        CLOSED = "closed", "закрыта"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="waves", verbose_name="цикл")
    type = models.CharField("тип организаций", max_length=20, choices=OrganisationType)
    operator = models.CharField("оператор", max_length=300, blank=True)
    starts_on = models.DateField("начало")
    ends_on = models.DateField("окончание")
    additions = models.JSONField("дополнения к анкете", default=dict)
    version = models.CharField("версия анкеты", max_length=16)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.PLANNED)
    salt = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField("создана")
    opened_at = models.DateTimeField("открыта", null=True)
    closed_at = models.DateTimeField("закрыта", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    folder = models.CharField("папка опроса", max_length=120, blank=True)
    digest = models.CharField("контрольная сумма опроса", max_length=64, blank=True)
    act = models.JSONField("акт о закрытии", default=dict)
    inspected = models.JSONField("осмотры из файлов", default=dict)
    site_round = models.ForeignKey(
        SiteRound, models.PROTECT, related_name="waves", null=True, blank=True
    )
    dataset = models.ForeignKey(DataSet, models.PROTECT, related_name="waves", null=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="wave_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "closing"], salt__isnull=False)
                | Q(status__in=["planned", "closed"], salt__isnull=True),
                name="wave_salted_until_closed",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | (Q(closed_at__isnull=False) & ~Q(digest="")),
                name="wave_closed_with_its_survey",
            ),
        ]
        verbose_name = "волна"
        verbose_name_plural = "волны"

    def __str__(self) -> str:
        return f"{self.cycle}: {self.whom}"

    @property
    def whom(self) -> str:
        """«дошкольные организации»."""
        return WHOM[self.type]


class WaveOrganisation(models.Model):
    """An organisation in a wave. ``code`` stands in its link: short, not to be guessed.

    ``is_open`` follows the status of the wave; each acceptance locks this row and looks at it, so
    nothing is accepted once closing has begun. ``population`` and ``target`` are None where the
    number of recipients is not known. ``profile`` and ``remarks`` are what the boxes held of them
    when the wave was closed, without channel and day.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="waves")
    population = models.PositiveIntegerField("получателей услуг", null=True)
    target = models.PositiveIntegerField("нужно анкет", null=True)
    code = models.CharField("код ссылки", max_length=12, unique=True)
    is_open = models.BooleanField(default=False)
    profile = models.JSONField("состав опрошенных", default=dict)
    remarks = models.JSONField("предложения", default=dict)

    class Meta:
        ordering = ["organisation__sort_key", "organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "organisation"], name="wave_organisation_once")
        ]
        verbose_name = "организация волны"
        verbose_name_plural = "организации волны"

    def __str__(self) -> str:
        return str(self.organisation)
