"""Invitations: an e-mail address, a name and roles, waiting for the person to accept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from noko.models.organisation import Municipality, Organisation
from noko.models.person import Person


class Invitation(models.Model):
    """The link that accepts it is known by ``digest`` alone; ``number`` counts the letters, and
    only the link of the newest one works."""

    class Status(models.TextChoices):
        OPEN = "open", "ждёт ответа"
        ACCEPTED = "accepted", "принято"
        WITHDRAWN = "withdrawn", "отозвано"

    email = models.EmailField("электронная почта", max_length=254)
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    digest = models.CharField("контрольная сумма ссылки", max_length=64, unique=True)
    number = models.PositiveSmallIntegerField("какое по счёту письмо", default=1)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField("создано")
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="кто пригласил"
    )
    expires_at = models.DateTimeField("действует до")
    closed_at = models.DateTimeField("принято или отозвано", null=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, related_name="invitation", verbose_name="пользователь"
    )

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(status="open"),
                name="invitation_open_once_for_an_address",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_small_letters"
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", person__isnull=False)
                | (~Q(status="accepted") & Q(person__isnull=True)),
                name="invitation_accepted_by_a_person",
            ),
        ]
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"

    def __str__(self) -> str:
        return f"{self.full_name}, {self.email}"

    @property
    def letter_key(self) -> str:
        """The key of the newest letter."""
        return f"invitation:{self.pk}:{self.number}"


class InvitedRole(models.Model):
    """A role that the invited person will hold, in the words of :class:`RoleGrant`."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="roles")
    role = models.CharField("роль", max_length=40)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField("действует с", null=True, blank=True)
    ends_on = models.DateField("действует по", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = "роль в приглашении"
        verbose_name_plural = "роли в приглашениях"

    def __str__(self) -> str:
        return self.role
