"""Letters on their way out: each is sent once for its key, however often it is asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Letter(models.Model):
    """One letter to one address.

    ``key`` names what the letter is about and for whom ("invitation:17:2"): a second letter with
    the same key is not made. The text of a ``secret`` letter (it holds a one-time link) is sealed
    while it waits and forgotten once it is sent, and so are the files.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "ждёт отправки"
        SENT = "sent", "отправлено"
        FAILED = "failed", "не отправлено"

    key = models.CharField("о чём", max_length=200, unique=True)
    to = models.EmailField("кому", max_length=254)
    subject = models.CharField("тема", max_length=300)
    text = models.TextField("текст", blank=True)
    secret = models.BooleanField("с одноразовой ссылкой", default=False)
    headers = models.JSONField(default=dict)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    note = models.TextField("почему не отправлено", blank=True)
    queued_at = models.DateTimeField("поставлено")
    due_at = models.DateTimeField("когда отправлять")
    sent_at = models.DateTimeField("отправлено", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(status="queued"), name="letters_to_send"
            )
        ]
        verbose_name = "письмо"
        verbose_name_plural = "письма"

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"


class LetterFile(models.Model):
    """A file that goes with a letter; ``type`` is its media type ("text/calendar")."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="files")
    name = models.CharField("имя файла", max_length=200)
    type = models.CharField("вид содержимого", max_length=100)
    content = models.BinaryField("содержимое")

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = "вложение"
        verbose_name_plural = "вложения"

    def __str__(self) -> str:
        return self.name
