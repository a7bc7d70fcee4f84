"""A person who signs in, and the roles granted to them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    """Makes people; an e-mail address is kept in small letters."""

    def create(self, **fields: Any) -> "Person":
        """A person with ``email``, ``full_name`` and optionally ``password`` (plain text)."""
        password = fields.pop("password", None)
        person = self.model(**fields)
        person.email = person.email.strip().lower()
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email=(email or "").lower())


class Person(AbstractBaseUser):
    """Signs in by e-mail. What a person may do is said by :class:`RoleGrant` alone."""

    email = models.EmailField("электронная почта", max_length=254, unique=True)
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    is_active = models.BooleanField("может входить", default=True)
    created_at = models.DateTimeField("добавлен", auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="person_email_small_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email


class RoleGrant(models.Model):
    """A role of a person for a time; ``role`` is a code of :mod:`noko.access.roles`.

    A role of a municipality or of an organisation names which one.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField("роль", max_length=40)
    starts_on = models.DateField("действует с")
    ends_on = models.DateField("действует по", null=True, blank=True)
    municipality = models.ForeignKey(
        "noko.Municipality", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    organisation = models.ForeignKey(
        "noko.Organisation", models.PROTECT, null=True, blank=True, related_name="grants"
    )

    class Meta:
        verbose_name = "роль пользователя"
        verbose_name_plural = "роли пользователей"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "starts_on", "municipality", "organisation"],
                nulls_distinct=False,
                name="role_grant_once_from_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(municipality__isnull=True) | models.Q(organisation__isnull=True),
                name="role_grant_reaches_one_way",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="role_grant_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"
