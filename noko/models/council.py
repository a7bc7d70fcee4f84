"""The public council and its composition: one row for each term of a council."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from noko.models.organisation import Municipality, sort_key


class Council(models.Model):
    """One term of a council. ``rules`` is a code of ``noko/rules/councils``, pinned by its digest.

    ``choices``: what the council's own regulation says otherwise, key of the rule →
    {"choice": code of an option, "point": point of the regulation}.
    """

    name = models.CharField("полное наименование", max_length=700)
    short_name = models.CharField("краткое наименование", max_length=200)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="councils",
        verbose_name="муниципальное образование",
    )
    rules = models.CharField("набор правил", max_length=40)
    rules_digest = models.CharField("контрольная сумма правил", max_length=64)
    choices = models.JSONField("выбор положения о совете", default=dict)
    act_body = models.CharField("кем сформирован", max_length=500)
    act_title = models.CharField("акт о формировании", max_length=500)
    act_number = models.CharField("номер акта", max_length=60, blank=True)
    act_on = models.DateField("дата акта")
    regulation_title = models.CharField("положение о совете", max_length=500, blank=True)
    regulation_number = models.CharField("номер положения", max_length=60, blank=True)
    regulation_on = models.DateField("дата положения", null=True, blank=True)
    starts_on = models.DateField("полномочия с")
    ends_on = models.DateField("полномочия по", null=True, blank=True)
    invented = models.BooleanField("данные вымышлены", default=False)
    created_at = models.DateTimeField("добавлен")

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="council_ends_after_start",
            ),
        ]
        verbose_name = "общественный совет"
        verbose_name_plural = "общественные советы"

    def __str__(self) -> str:
        return self.short_name

    def holds(self, day: date) -> bool:
        """Whether the council has its powers on that day."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


def _at_one_time(*keys: str) -> list[tuple[Func, str]]:
    """The same keys on the same days. A key is made a range of one, so that the database excludes
    equal ones without an extension."""
    one: models.Field = BigIntegerRangeField()
    parts = [Func(F(k), F(k), Value("[]"), function="int8range", output_field=one) for k in keys]
    days: models.Field = DateRangeField()
    ends = (F("starts_on"), F("ends_on"), Value("[]"))
    parts.append(Func(*ends, function="daterange", output_field=days))
    return [(part, RangeOperators.OVERLAPS) for part in parts]


class CouncilMember(models.Model):
    """Somebody's time on the council in one position; another position is another row.

    ``email`` is where invitations go to a member who does not sign in.
    """

    class Position(models.TextChoices):
        CHAIR = "chair", "председатель"
        DEPUTY = "deputy", "заместитель председателя"
        SECRETARY = "secretary", "секретарь"
        MEMBER = "member", "член совета"

    council = models.ForeignKey(Council, models.PROTECT, related_name="members")
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    association = models.CharField("кого представляет", max_length=500)
    position = models.CharField("положение", max_length=10, choices=Position)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    email = models.EmailField("электронная почта", max_length=254, blank=True)
    starts_on = models.DateField("в составе с")
    ends_on = models.DateField("в составе по", null=True, blank=True)
    ended_because = models.CharField("почему выбыл", max_length=500, blank=True)
    sort_key = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["sort_key", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="council_member_ends_after_start",
            ),
            ExclusionConstraint(
                name="council_one_chair_at_a_time",
                expressions=_at_one_time("council_id"),
                condition=Q(position="chair"),
            ),
            ExclusionConstraint(
                name="council_one_secretary_at_a_time",
                expressions=_at_one_time("council_id"),
                condition=Q(position="secretary"),
            ),
            ExclusionConstraint(
                name="council_person_once_at_a_time",
                expressions=_at_one_time("council_id", "person_id"),
                condition=Q(person__isnull=False),
            ),
        ]
        verbose_name = "член общественного совета"
        verbose_name_plural = "члены общественного совета"

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.full_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.full_name
