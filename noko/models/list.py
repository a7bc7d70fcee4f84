"""The list of organisations assessed in a cycle: a version of it, and everybody of the registry.

Entries change only in a draft, an approved list never: the database itself refuses it (triggers of
the migrations). A change of an approved list is another version with another decision.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from noko.models.cycle import Cycle
from noko.models.organisation import Organisation, OrganisationType
from noko.models.session import AgendaItem, Decision


class OrganisationList(models.Model):
    """One version. ``rule`` is a code of ``noko/rules/frequency``.

    ``digest``: over everything that the list says, see :mod:`noko.core.listing`; it is there since
    the list was proposed. ``basis``: the act, where it was approved outside of this system.
    ``files``: the kept documents, [{name, bytes, sha256}, …].
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "проект"
        PROPOSED = "proposed", "вынесен на рассмотрение"
        APPROVED = "approved", "утверждён"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="lists")
    version = models.PositiveSmallIntegerField("версия")
    amends = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="amended_by"
    )
    reason = models.TextField("причина изменения", blank=True)
    rule = models.CharField("правило периодичности", max_length=40)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.DRAFT)
    registry_at = models.DateTimeField("сверен с реестром")
    created_at = models.DateTimeField("составлен")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="lists"
    )
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="list"
    )
    basis = models.CharField("чем утверждён", max_length=500, blank=True)
    approved_on = models.DateField("утверждён", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    digest = models.CharField("контрольная сумма", max_length=64, blank=True)
    files = models.JSONField("документы", default=list)

    class Meta:
        ordering = ["-cycle__year", "-cycle_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "version"], name="list_version_in_cycle"),
            models.UniqueConstraint(
                fields=["cycle"], condition=~Q(status="approved"), name="list_one_in_preparation"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | ~Q(digest=""), name="list_proposed_has_a_digest"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | (
                    Q(approved_on__isnull=False, approved_at__isnull=False)
                    & (Q(decision__isnull=False) | ~Q(basis=""))
                ),
                name="list_approved_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(version=1, amends__isnull=True)
                | (Q(version__gt=1, amends__isnull=False) & ~Q(reason="")),
                name="list_change_has_a_reason",
            ),
        ]
        verbose_name = "перечень организаций"
        verbose_name_plural = "перечни организаций"

    def __str__(self) -> str:
        version = f", версия {self.version}" if self.version > 1 else ""
        return f"Перечень организаций на {self.cycle.year} год{version}"

    @property
    def draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def approved(self) -> bool:
        return self.status == self.Status.APPROVED


class ListEntry(models.Model):
    """An organisation as it was when the list was drawn up, whether it is in or not.

    ``reason``: a code of :class:`noko.core.frequency.Reason`; ``proposed``: what the rule said,
    ``included``: what people decided; where the two differ, ``note`` says why. ``last``: the year
    of the last assessment; ``until``: the last year in which it must be assessed again.
    """

    list = models.ForeignKey(OrganisationList, models.CASCADE, related_name="entries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="listed")
    full_name = models.CharField("полное наименование", max_length=700)
    short_name = models.CharField("краткое наименование", max_length=300)
    type = models.CharField("тип", max_length=20, choices=OrganisationType)
    municipality = models.CharField("муниципалитет", max_length=200)
    inn = models.CharField("ИНН", max_length=12, blank=True)
    ogrn = models.CharField("ОГРН", max_length=15, blank=True)
    address = models.CharField("адрес", max_length=500, blank=True)
    site = models.CharField("сайт", max_length=300, blank=True)
    enrolment = models.PositiveIntegerField("получателей услуг", null=True, blank=True)
    reason = models.CharField("основание", max_length=20)
    last = models.PositiveSmallIntegerField("последняя оценка", null=True, blank=True)
    until = models.PositiveSmallIntegerField("оценить не позднее", null=True, blank=True)
    proposed = models.BooleanField("предложена правилом")
    included = models.BooleanField("в перечне")
    note = models.CharField("почему решено иначе", max_length=500, blank=True)
    name_key = models.CharField(max_length=700, editable=False)
    place_key = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=300, editable=False)

    class Meta:
        ordering = ["place_key", "sort_key", "organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "organisation"], name="list_entry_once"),
            models.CheckConstraint(
                condition=Q(included=F("proposed")) | ~Q(note=""),
                name="list_entry_otherwise_with_a_reason",
            ),
        ]
        verbose_name = "строка перечня"
        verbose_name_plural = "строки перечней"

    def __str__(self) -> str:
        return self.short_name
