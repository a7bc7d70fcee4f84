"""A cycle: one year of assessment in one region, under one edition of the methodology."""

from __future__ import annotations

from django.db import models


class Cycle(models.Model):
    """``edition`` is pinned with the digest of its texts: the act in force for this year."""

    year = models.PositiveSmallIntegerField("год")
    title = models.CharField("название", max_length=200)
    slug = models.SlugField("в адресе", max_length=40, unique=True)
    edition = models.CharField("редакция методики", max_length=40)
    edition_digest = models.CharField("контрольная сумма редакции", max_length=64)
    invented = models.BooleanField("данные вымышлены", default=False)
    created_at = models.DateTimeField("создан")

    class Meta:
        ordering = ["-year", "-id"]
        verbose_name = "цикл"
        verbose_name_plural = "циклы"

    def __str__(self) -> str:
        return self.title
