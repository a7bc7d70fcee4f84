"""Every deed that the journal knows, with the words people read. A code is never reused."""

from enum import StrEnum


class Deed(StrEnum):
    """Stable codes ``<subject>.<what was done>``."""

    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_PASSWORD_SET = "person.password_set"  # noqa: S105 (a code, not a secret)
    CYCLE_CREATED = "cycle.created"
    ORGANISATION_ADDED = "organisation.added"
    ORGANISATION_CHANGED = "organisation.changed"
    IMPORT_ACCEPTED = "import.accepted"
    IMPORT_DISMISSED = "import.dismissed"
    DATASET_FROZEN = "dataset.frozen"
    CALCULATION_STARTED = "calculation.started"
    CALCULATION_FINISHED = "calculation.finished"
    CALCULATION_FAILED = "calculation.failed"
    RELEASE_PUBLISHED = "release.published"

    PLAN_CREATED = "plan.created"
    PLAN_CHANGED = "plan.changed"
    PLAN_ADOPTED = "plan.adopted"
    PLAN_FINDING_DECIDED = "plan.finding_decided"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_CONFIRMED = "evidence.confirmed"
    EVIDENCE_RETURNED = "evidence.returned"


TITLES: dict[Deed, str] = {
    Deed.PERSON_CREATED: "Добавлен пользователь",
    Deed.PERSON_CHANGED: "Изменены роли или доступ пользователя",
    Deed.PERSON_PASSWORD_SET: "Задан новый пароль",
    Deed.CYCLE_CREATED: "Создан цикл",
    Deed.ORGANISATION_ADDED: "Добавлена организация",
    Deed.ORGANISATION_CHANGED: "Изменены сведения об организации",
    Deed.IMPORT_ACCEPTED: "Загрузка принята",
    Deed.IMPORT_DISMISSED: "Загрузка отклонена",
    Deed.DATASET_FROZEN: "Зафиксирован набор данных",
    Deed.CALCULATION_STARTED: "Начат расчёт",
    Deed.CALCULATION_FINISHED: "Выполнен расчёт",
    Deed.CALCULATION_FAILED: "Расчёт не выполнен",
    Deed.RELEASE_PUBLISHED: "Опубликован рейтинг",
    Deed.PLAN_CREATED: "Составлен план",
    Deed.PLAN_CHANGED: "Изменён план",
    Deed.PLAN_ADOPTED: "Утверждён план",
    Deed.PLAN_FINDING_DECIDED: "Решено замечание к плану",
    Deed.EVIDENCE_ADDED: "Добавлено подтверждение мероприятия",
    Deed.EVIDENCE_CONFIRMED: "Подтверждено выполнение мероприятия",
    Deed.EVIDENCE_RETURNED: "Возвращено подтверждение мероприятия",
}
"""What a deed is called in the journal."""


def title_of(code: str) -> str:
    """The words of a deed; the code itself when a later version no longer knows it."""
    return TITLES[Deed(code)] if code in set(Deed) else code
