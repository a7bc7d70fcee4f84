"""Addresses through which ODK Collect on a tablet takes the form of a wave and sends answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.organisation import Municipality
from noko.models.wave import Wave


class OdkAddress(models.Model):
    """An address of a wave, given to somebody who collects. ``code`` is not to be guessed: who has
    the address may send, until it is withdrawn.

    ``municipality``: only its organisations stand in the form; None: all of the wave. When it was
    used is kept nowhere: with the hour of a visit it would point to the person who answered.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="odk_addresses")
    code = models.CharField("код", max_length=24, unique=True)
    holder = models.CharField("кому выдан", max_length=200)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    given_at = models.DateTimeField("выдан")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField("отозван", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering: ClassVar = ["holder", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wave", "holder"],
                condition=Q(withdrawn_at__isnull=True),
                name="odk_address_once_for_a_holder",
            )
        ]
        verbose_name = "адрес для ODK"
        verbose_name_plural = "адреса для ODK"

    def __str__(self) -> str:
        return f"{self.holder}: {self.wave}"
