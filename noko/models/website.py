"""Visits of organisations' sites: rounds, the frontier of hosts, verdicts with their evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from noko.models.cycle import Cycle
from noko.models.organisation import Organisation
from noko.models.person import Person


class SiteRound(models.Model):
    """All sites visited once under one regime; ``replay_of``: judged again from its archives.

    Shown: organisations see their findings and object until ``objections_until``, that day
    included. Published: everybody sees them.
    """

    class Status(models.TextChoices):
        OPEN = "open", "идёт"
        CLOSED = "closed", "закончен"
        STOPPED = "stopped", "остановлен"
        SHOWN = "shown", "показан организациям"
        PUBLISHED = "published", "опубликован"

    SEEN = (Status.SHOWN, Status.PUBLISHED)
    """Statuses in which organisations see their findings."""

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="site_rounds", verbose_name="цикл"
    )
    number = models.PositiveIntegerField("номер")
    regime = models.CharField("правила", max_length=20)
    rules_digest = models.CharField("контрольная сумма правил", max_length=64)
    on = models.DateField("на день")
    replay_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replays"
    )
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.OPEN)
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("начат")
    closed_at = models.DateTimeField("закончен", null=True, blank=True)
    shown_at = models.DateTimeField("показан организациям", null=True, blank=True)
    objections_until = models.DateField("возражения по", null=True, blank=True)
    published_at = models.DateTimeField("опубликован", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "number"], name="site_round_number_once"),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(status="open", replay_of__isnull=True),
                name="site_round_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="site_round_closed_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["shown", "published"],
                    shown_at__isnull=False,
                    objections_until__isnull=False,
                )
                | (~Q(status__in=["shown", "published"]) & Q(shown_at__isnull=True)),
                name="site_round_shown_with_its_term",
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_at__isnull=False)
                | (~Q(status="published") & Q(published_at__isnull=True)),
                name="site_round_published_has_its_time",
            ),
        ]
        verbose_name = "обход сайтов"
        verbose_name_plural = "обходы сайтов"

    def __str__(self) -> str:
        return f"обход сайтов № {self.number}"


class SiteHost(models.Model):
    """A host of the frontier: the unit that a worker claims, so that it is asked by one alone.

    The table is partitioned by the hash of ``host``. A claim that was not renewed in time is
    anybody's: the hosts of a killed worker are taken over.
    """

    host = models.CharField("имя", max_length=255, primary_key=True)
    claimed_by = models.CharField("у кого", max_length=120, blank=True)
    claimed_until = models.DateTimeField("до", null=True, blank=True)

    class Meta:
        verbose_name = "имя сайта в очереди"
        verbose_name_plural = "имена сайтов в очереди"

    def __str__(self) -> str:
        return self.host


class SiteVisit(models.Model):
    """The visit of one organisation's site in a round.

    ``outcome`` is empty for a site that was read, else why nothing came of it. ``archive`` is the
    WARC file below the folder of files, with its SHA-256.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт"
        DONE = "done", "закончен"

    round = models.ForeignKey(SiteRound, models.CASCADE, related_name="visits")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="site_visits")
    type = models.CharField("тип", max_length=20)
    address = models.CharField("адрес", max_length=500, blank=True)
    host = models.CharField("имя сайта", max_length=255, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    ready_at = models.DateTimeField("когда обойти")
    finished_at = models.DateTimeField("закончен", null=True, blank=True)
    outcome = models.CharField("чем кончился", max_length=30, blank=True)
    detail = models.CharField("подробности", max_length=300, blank=True)
    archive = models.CharField("архив", max_length=300, blank=True)
    archive_digest = models.CharField("контрольная сумма архива", max_length=64, blank=True)
    pages = models.PositiveIntegerField("страниц", default=0)
    found = models.PositiveSmallIntegerField("найдено", default=0)
    absent = models.PositiveSmallIntegerField("отсутствует", default=0)
    unchecked = models.PositiveSmallIntegerField("не проверено", default=0)
    official = models.PositiveSmallIntegerField("засчитано по микроданным", default=0)
    defects = models.JSONField("недостатки", default=list)
    channels = models.JSONField("способы связи", default=dict)
    special_version = models.BooleanField("версия для слабовидящих", default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "organisation"], name="site_visit_once_in_round"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["host", "ready_at"],
                condition=Q(state="waiting"),
                name="site_visits_waiting",
            ),
            models.Index(fields=["organisation", "-finished_at"], name="site_visits_of"),
        ]
        verbose_name = "обход сайта"
        verbose_name_plural = "обходы сайта"

    def __str__(self) -> str:
        return f"{self.address or 'сайта нет'} ({self.organisation_id})"


class SiteFinding(models.Model):
    """The machine's verdict on one item, with the first place where it was seen."""

    visit = models.ForeignKey(SiteVisit, models.CASCADE, related_name="findings")
    code = models.CharField("пункт", max_length=60)
    status = models.CharField("вывод", max_length=20)
    seen = models.CharField("как найдено", max_length=10, blank=True)
    says_none = models.BooleanField("сказано, что нет", default=False)
    official = models.BooleanField("засчитано по микроданным", default=False)
    elsewhere = models.BooleanField("в другом подразделе", default=False)
    reason = models.CharField("почему не проверено", max_length=30, blank=True)
    page = models.TextField("страница", blank=True)
    place = models.TextField("место", blank=True)
    excerpt = models.TextField("отрывок", blank=True)
    words = models.JSONField("словами", default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "code"], name="site_finding_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["code", "status"], name="site_findings_by_code")]
        verbose_name = "вывод о сайте"
        verbose_name_plural = "выводы о сайте"

    def __str__(self) -> str:
        return f"{self.code}: {self.status}"
