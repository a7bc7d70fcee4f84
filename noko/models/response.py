"""What respondents have answered, kept so that nobody can say who answered what.

An accepted answer has no row of its own. Like a ballot paper it is dropped into a box: one row for
an organisation, a channel and a day, whose content is kept in an order of its own (the keys of
``jsonb`` are sorted), so neither the place of a row nor its age tells anything. The decision and
what it costs: ``docs/adr/0007-answers-in-boxes.md``.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from noko.models.batch import Batch
from noko.models.wave import Wave, WaveOrganisation


class Channel(models.TextChoices):
    """How an answer came."""

    LINK = "link", "ссылка"
    POSTER = "poster", "плакат"
    PAPER = "paper", "бумага"
    INTERVIEW = "interview", "интервью"
    FORMS = "forms", "KoboToolbox и ODK"
    FILE = "file", "файл"


class AnswerBox(models.Model):
    """Everything accepted for an organisation through a channel on a day; of a batch by itself.

    ``answers``: pattern → how many; ``profile``: "q17=1" → how many; ``remarks``: "q16=text" →
    how many, each by itself: a remark cannot be laid beside an answer. ``marks``: bits of
    :class:`noko.core.statistics.quality.Mark`, known when the answer came. A closed wave keeps the
    numbers; the answers have gone into its data set.
    """

    place = models.ForeignKey(WaveOrganisation, models.CASCADE, related_name="boxes")
    channel = models.CharField(max_length=10, choices=Channel)
    day = models.DateField()
    marks = models.PositiveSmallIntegerField(default=0)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="boxes", null=True)
    number = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    profile = models.JSONField(default=dict)
    remarks = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "channel", "day", "marks", "batch"],
                nulls_distinct=False,
                name="answer_box_once",
            )
        ]
        verbose_name = "ящик с анкетами"
        verbose_name_plural = "ящики с анкетами"


class Receipt(models.Model):
    """That an answer with this key is in: keyed digest of the key, and the batch if it came in one.

    Deleted when the wave closes, or with the batch. No constraint to the wave: to check it the
    database would make every acceptance of a wave meet at one row.
    """

    digest = models.BinaryField(max_length=16, primary_key=True)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="+", db_constraint=False)
    batch = models.ForeignKey(
        Batch, models.CASCADE, related_name="receipts", db_index=False, null=True
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["batch"], condition=Q(batch__isnull=False), name="receipts_of_batches"
            )
        ]
        verbose_name = "квитанция"
        verbose_name_plural = "квитанции"


class Trace(models.Model):
    """Coarse counters for the quality of a wave, never beside an answer; deleted at closing.

    ``kind``: device and network (keyed digests), window (ten minutes), pace (seconds, coarse), way
    (page or program). ``token`` is what was seen, ``number`` how many answers came so. The first
    three expire before (:mod:`noko.actions.expiry`) and leave what the flags need: repeated (token:
    answers from one device, number: such devices), burst (token: day, number: densest minutes).
    """

    place = models.ForeignKey(
        WaveOrganisation, models.CASCADE, related_name="traces", db_constraint=False
    )
    kind = models.CharField(max_length=8)
    token = models.CharField(max_length=32)
    number = models.PositiveIntegerField(default=1)
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "kind", "token"], name="trace_once")
        ]
        verbose_name = "след качества"
        verbose_name_plural = "следы качества"


class OneTimeCode(models.Model):
    """A code of a paper slip that nobody has used yet: keyed digest, nothing else.

    Using it deletes it; what is left is deleted when the wave closes.
    """

    digest = models.BinaryField(max_length=16, primary_key=True)
    place = models.ForeignKey(WaveOrganisation, models.CASCADE, related_name="one_time_codes")

    class Meta:
        verbose_name = "одноразовый код"
        verbose_name_plural = "одноразовые коды"


class Draft(models.Model):
    """An unfinished answer of somebody who asked to go on later; counts for nothing.

    ``digest`` of its key finds it, ``sealed`` opens with that key alone, which only the respondent
    has. Deleted when the answer is sent, after a term, and when the wave closes.
    """

    digest = models.BinaryField(max_length=16, primary_key=True)
    place = models.ForeignKey(WaveOrganisation, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    saved_on = models.DateField()

    class Meta:
        verbose_name = "черновик"
        verbose_name_plural = "черновики"


class Exclusion(models.Model):
    """Answers that one person proposes to leave out and another one confirms.

    Which ones: those in the boxes of ``place`` with ``marks`` on ``day`` and with ``pattern``
    (empty: any). When confirmed they move here from their boxes (``removed``: key of the box →
    what was taken out), so that the figures with and without them stay known (``effect``).
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "предложено"
        CONFIRMED = "confirmed", "исключено"
        DECLINED = "declined", "отклонено"

    place = models.ForeignKey(WaveOrganisation, models.CASCADE, related_name="exclusions")
    flag = models.CharField("признак", max_length=20)
    marks = models.PositiveSmallIntegerField(default=0)
    day = models.DateField(null=True)
    pattern = models.CharField(max_length=60, blank=True)
    number = models.PositiveIntegerField("анкет")
    removed = models.JSONField(default=dict)
    effect = models.JSONField("что изменилось", default=dict)
    reason = models.TextField("почему")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(decided_by=F("proposed_by")),
                name="exclusion_by_two_people",
            ),
            models.UniqueConstraint(
                fields=["place", "flag", "marks", "day", "pattern"],
                condition=Q(status="proposed"),
                nulls_distinct=False,
                name="exclusion_proposed_once",
            ),
        ]
        verbose_name = "исключение анкет"
        verbose_name_plural = "исключения анкет"

    def __str__(self) -> str:
        return f"Исключение анкет: {self.place}"
