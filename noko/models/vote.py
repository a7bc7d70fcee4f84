"""Voting of the council.

What was voted openly is named. What was voted secretly is only ever a sum: :class:`Voted` says who
took part, :class:`SecretTally` holds the totals, and nothing leads from one to the other. The
database itself refuses a vote that is late, of somebody absent or recused (triggers of the
migrations).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from noko.models.council import CouncilMember
from noko.models.session import AgendaItem


class Ballot(models.Model):
    """One round of voting on an item.

    ``rule`` is what it is decided by, as it was at the opening: quorum, majority, tie, recusal,
    change, each with its title and basis. ``outcome`` and ``explanation`` are computed once, at
    the close; ``members``, ``present`` and ``recused`` are the numbers they rest on.
    """

    class Status(models.TextChoices):
        OPEN = "open", "идёт"
        CLOSED = "closed", "закрыто"

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", "решение принято"
        REJECTED = "rejected", "решение не принято"
        TIED = "tied", "голоса разделились поровну"
        NO_QUORUM = "no_quorum", "нет кворума"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="ballots")
    round = models.PositiveSmallIntegerField("голосование", default=1)
    secret = models.BooleanField("тайное", default=False)
    rule = models.JSONField("правило", default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    members = models.PositiveSmallIntegerField("членов совета", null=True)
    present = models.PositiveSmallIntegerField("участвовали", null=True)
    recused = models.PositiveSmallIntegerField("взяли самоотвод", null=True)
    votes_for = models.PositiveSmallIntegerField("за", null=True)
    votes_against = models.PositiveSmallIntegerField("против", null=True)
    votes_abstained = models.PositiveSmallIntegerField("воздержались", null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    explanation = models.JSONField("пояснение", default=list)

    class Meta:
        ordering = ["item", "round"]
        constraints = [
            models.UniqueConstraint(fields=["item", "round"], name="ballot_round_of_item"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status="open"), name="ballot_one_open_of_item"
            ),
            models.CheckConstraint(
                condition=Q(status="open", outcome="")
                | (
                    Q(status="closed", closed_at__isnull=False, votes_for__isnull=False)
                    & ~Q(outcome="")
                ),
                name="ballot_closed_has_an_outcome",
            ),
        ]
        verbose_name = "голосование"
        verbose_name_plural = "голосования"

    def __str__(self) -> str:
        return f"Голосование {self.round}: {self.item}"


class VoteChoice(models.TextChoices):
    """What a member can say."""

    FOR = "for", "за"
    AGAINST = "against", "против"
    ABSTAINED = "abstained", "воздержался"


class Vote(models.Model):
    """An open vote. ``by`` differs from the member's person when the secretary noted a hand."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="votes")
    choice = models.CharField("голос", max_length=10, choices=VoteChoice)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["member__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="vote_once"),
        ]
        verbose_name = "голос"
        verbose_name_plural = "голоса"

    def __str__(self) -> str:
        return f"{self.member}: {self.get_choice_display()}"


class Voted(models.Model):
    """Who took part in a secret vote: without a time, under a random key, without the choice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="voted")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="voted")

    class Meta:
        ordering = ["member__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="voted_once"),
        ]
        verbose_name = "участие в тайном голосовании"
        verbose_name_plural = "участие в тайных голосованиях"

    def __str__(self) -> str:
        return str(self.member)


class SecretTally(models.Model):
    """What was voted secretly, as sums: single votes are nowhere, so even the order of the rows
    in a copy of the database tells nothing."""

    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="tally", primary_key=True)
    votes_for = models.PositiveSmallIntegerField("за", default=0)
    votes_against = models.PositiveSmallIntegerField("против", default=0)
    votes_abstained = models.PositiveSmallIntegerField("воздержались", default=0)

    class Meta:
        verbose_name = "итог тайного голосования"
        verbose_name_plural = "итоги тайных голосований"

    def __str__(self) -> str:
        return f"Итог: {self.ballot}"


class Recusal(models.Model):
    """A member who does not take part in deciding an item, and why."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="recusals")
    reason = models.CharField("причина", max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["member__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="recusal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_a_reason"),
        ]
        verbose_name = "самоотвод"
        verbose_name_plural = "самоотводы"

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"
