"""Organisations of the region and the municipalities they belong to."""

from __future__ import annotations

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


class Organisation(models.Model):
    """An education organisation. INN and OGRN are checked by their control digits on import."""

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
    inn = models.CharField("ИНН", max_length=12, null=True, blank=True, unique=True)
    ogrn = models.CharField("ОГРН", max_length=15, null=True, blank=True, unique=True)
    kpp = models.CharField("КПП", max_length=9, blank=True)
    founder = models.CharField("учредитель", max_length=300, blank=True)
    address = models.CharField("адрес", max_length=500, blank=True)
    site = models.CharField("сайт", max_length=300, blank=True)
    busgov_id = models.CharField("номер на bus.gov.ru", max_length=40, blank=True)
    enrolment = models.PositiveIntegerField("получателей услуг", null=True, blank=True)
    status = models.CharField("состояние", max_length=20, choices=Status, default=Status.ACTIVE)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors"
    )
    name_key = models.CharField(max_length=700, db_index=True, editable=False)
    sort_key = models.CharField(max_length=300, editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name_key"], name="organisation_once_in_municipality"
            ),
            models.CheckConstraint(
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=models.F("id")),
                name="organisation_not_its_own_predecessor",
            ),
        ]
        verbose_name = "организация"
        verbose_name_plural = "организации"

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.short_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.short_name
