"""Letters about a wave to coordinators and organisations: that each step was written once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from noko.models.letter import Letter
from noko.models.wave import Wave


class WaveLetter(models.Model):
    """One letter of a step to one address; the constraint makes it the only one.

    ``step``: :class:`noko.core.wave_letters.Step`. ``round_on`` tells rounds of a step apart: the
    last day of the wave for the letter of the last days (a wave that is prolonged has another
    one), the day for a reminder that somebody asked for, the day of opening for the others.
    ``organisations``: about how many. Nothing about respondents stands in a letter.
    """

    class Step(models.TextChoices):
        OPENED = "opened", "опрос открыт"
        HALF = "half", "половина срока"
        LAST = "last", "последние дни"
        HELP = "help", "напоминание отстающим"

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="letters")
    step = models.CharField("о чём", max_length=10, choices=Step)
    round_on = models.DateField()
    to = models.EmailField("кому", max_length=254)
    name = models.CharField("имя", max_length=300)
    organisations = models.PositiveIntegerField("организаций")
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField("когда")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wave", "step", "round_on", "to"], name="wave_letter_exactly_once"
            )
        ]
        verbose_name = "письмо о волне"
        verbose_name_plural = "письма о волне"

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.to}"
