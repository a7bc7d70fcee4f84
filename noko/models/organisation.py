"""Organisations of the region, the municipalities they belong to, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.core.organisation_types import TYPE_TITLES


def sort_key(name: str) -> str:
    """Russian alphabetical order without a collation: Ё stands with Е, case does not matter."""
    return name.casefold().replace("ё", "е")


class OrganisationType(models.TextChoices):
    """The types of the core as choices of a field."""

    PRESCHOOL = "preschool", TYPE_TITLES["preschool"]
    GENERAL = "general", TYPE_TITLES["general"]
    SUPPLEMENTARY = "supplementary", TYPE_TITLES["supplementary"]
    VOCATIONAL = "vocational", TYPE_TITLES["vocational"]


class Municipality(models.Model):
    """A municipality of the region; ``slug`` stands in addresses."""

    name = models.CharField("название", max_length=200, unique=True)
    slug = models.SlugField("в адресе", max_length=80, unique=True)
    sort_key = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "муниципальное образование"
        verbose_name_plural = "муниципальные образования"

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.name


class LiveManager(models.Manager["Organisation"]):
    """What people work with: records that were merged into others are left out."""

    def get_queryset(self) -> models.QuerySet[Organisation]:
        return super().get_queryset().filter(merged_into__isnull=True)


class Organisation(models.Model):
    """An education organisation. INN and OGRN are checked by their control digits on import.

    A record that turned out to be another one's double is kept with ``merged_into``, which always
    leads to a record that is not merged itself. ``objects`` leaves such records out; ``every``
    has them all, for what was frozen or published when they still stood.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "действует"
        REORGANISED = "reorganised", "реорганизована"
        CLOSED = "closed", "ликвидирована"

    full_name = models.CharField("полное наименование", max_length=700)
    short_name = models.CharField("краткое наименование", max_length=300)
    type = models.CharField("тип", max_length=20, choices=OrganisationType)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="organisations", verbose_name="муниципалитет"
    )
    inn = models.CharField("ИНН", max_length=12, null=True, blank=True)
    ogrn = models.CharField("ОГРН", max_length=15, null=True, blank=True)
    kpp = models.CharField("КПП", max_length=9, blank=True)
    founder = models.CharField("учредитель", max_length=300, blank=True)
    address = models.CharField("адрес", max_length=500, blank=True)
    site = models.CharField("сайт", max_length=300, blank=True)
    phone = models.CharField("телефон", max_length=100, blank=True)
    email = models.CharField("электронная почта", max_length=254, blank=True)
    busgov_id = models.CharField("номер на bus.gov.ru", max_length=40, blank=True)
    reg_number = models.CharField("номер в сводном реестре", max_length=20, blank=True)
    enrolment = models.PositiveIntegerField("получателей услуг", null=True, blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.ACTIVE)
    opened_on = models.DateField("дата создания", null=True, blank=True)
    closed_on = models.DateField("дата прекращения", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="объединена с записью",
    )
    merged_at = models.DateTimeField(null=True, blank=True)
    name_key = models.CharField(max_length=700, db_index=True, editable=False)
    sort_key = models.CharField(max_length=300, editable=False)

    every: ClassVar[models.Manager[Organisation]] = models.Manager()
    objects: ClassVar[LiveManager] = LiveManager()

    class Meta:
        ordering = ["sort_key", "id"]
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name_key"],
                condition=Q(merged_into__isnull=True),
                name="organisation_once_in_municipality",
            ),
            models.UniqueConstraint(
                fields=["inn"], condition=Q(merged_into__isnull=True), name="organisation_inn_once"
            ),
            models.UniqueConstraint(
                fields=["ogrn"],
                condition=Q(merged_into__isnull=True),
                name="organisation_ogrn_once",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="organisation_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=models.F("opened_on")),
                name="organisation_closed_after_opened",
            ),
        ]
        verbose_name = "организация"
        verbose_name_plural = "организации"

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.short_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.short_name


class Reorganisation(models.Model):
    """One event in which organisations pass their work to others, by an act.

    ``cancelled_at``: it was noted by mistake; the row stays, and nothing follows from it.
    """

    class Kind(models.TextChoices):
        MERGER = "merger", "слияние"
        ACCESSION = "accession", "присоединение"
        DIVISION = "division", "разделение"
        SEPARATION = "separation", "выделение"
        TRANSFORMATION = "transformation", "преобразование"
        UNKNOWN = "unknown", "форма не указана"

    kind = models.CharField("форма", max_length=20, choices=Kind)
    on = models.DateField("дата", null=True, blank=True)
    act = models.CharField("акт", max_length=500, blank=True)
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField("почему отменена", max_length=500, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="unknown") | (Q(on__isnull=False) & ~Q(act="")),
                name="reorganisation_has_day_and_act",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(reason=""),
                name="reorganisation_cancelled_with_reason",
            ),
        ]
        verbose_name = "реорганизация"
        verbose_name_plural = "реорганизации"

    def __str__(self) -> str:
        title = self.get_kind_display()
        on = f" с {self.on:%d.%m.%Y}" if self.on else ""
        return f"{title[:1].upper()}{title[1:]}{on}"


class Succession(models.Model):
    """Within a reorganisation: who passes to whom. Many to one, one to many."""

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="followed_by")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="follows")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "predecessor", "successor"], name="succession_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="succession_of_two"
            ),
        ]
        verbose_name = "правопреемство"
        verbose_name_plural = "правопреемства"

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Distinction(models.Model):
    """A person has looked at two alike records: they are different organisations."""

    first = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinction_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="distinction_in_order"
            ),
        ]
        verbose_name = "разные организации"
        verbose_name_plural = "разные организации"
