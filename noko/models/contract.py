"""The operator's contract and what a delivery is accepted by."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from noko.models.organisation import Organisation
from noko.models.specification import Specification


class Contract(models.Model):
    """A contract by an adopted specification.

    ``purchase_code`` is the ИКЗ, 36 digits (the usual form; not compared with the official text).
    ``formats``: [[code, title], …], ``clauses``: check → numbers: as the specification has them.
    """

    specification = models.ForeignKey(Specification, models.PROTECT, related_name="contracts")
    number = models.CharField("номер", max_length=100)
    signed_on = models.DateField("дата")
    operator_name = models.CharField("оператор", max_length=500)
    operator_inn = models.CharField("ИНН оператора", max_length=12)
    price = models.DecimalField(
        "цена, руб.", max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    purchase_code = models.CharField("ИКЗ", max_length=36, blank=True)
    starts_on = models.DateField("действует с")
    ends_on = models.DateField("действует по")
    data_due_on = models.DateField("данные передать до")
    formats = models.JSONField("что передаётся", default=list)
    clauses = models.JSONField("пункты технического задания", default=dict)
    created_at = models.DateTimeField("внесён")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator_inn", "number", "signed_on"], name="contract_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="contract_price_not_negative"),
        ]
        verbose_name = "контракт с оператором"
        verbose_name_plural = "контракты с операторами"

    def __str__(self) -> str:
        return f"Контракт № {self.number} от {self.signed_on:%d.%m.%Y}"


class AcceptanceItem(models.Model):
    """What the contract asks for about one organisation; ``indicators`` are codes."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="items")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField("порядок")
    name = models.CharField("название в приложении", max_length=300)
    municipality = models.CharField("муниципальное образование", max_length=200)
    type = models.CharField("тип", max_length=20)
    questionnaires = models.PositiveIntegerField("анкет")
    inspection = models.BooleanField("осмотр", default=True)
    indicators = models.JSONField("показатели", default=list)

    class Meta:
        ordering = ["contract", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"], name="acceptance_once_in_contract"
            ),
        ]
        verbose_name = "требование к данным организации"
        verbose_name_plural = "требования к данным организаций"

    def __str__(self) -> str:
        return f"{self.name}: {self.questionnaires}"
