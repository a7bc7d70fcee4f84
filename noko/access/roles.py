"""Roles: what each is called, what it is for, and what it allows."""

from dataclasses import dataclass

from noko.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Role:
    """``code`` is kept in the database; title and description are read by people."""

    code: str
    title: str
    description: str
    permissions: frozenset[Permission]


_VIEW = frozenset({Permission.OFFICE_ENTER, Permission.CYCLE_VIEW, Permission.RATING_VIEW})
_DATA = frozenset({Permission.ORGANISATION_EDIT, Permission.DATASET_IMPORT})

ROLES: tuple[Role, ...] = (
    Role(
        "administrator",
        "Администратор",
        "Заводит пользователей, выдаёт роли и настраивает систему.",
        frozenset(Permission),
    ),
    Role(
        "secretary",
        "Секретарь процедуры",
        "Ведёт цикл оценки в управлении образования: загружает данные, рассчитывает рейтинг, "
        "замораживает набор данных и публикует выпуск.",
        _VIEW
        | _DATA
        | {
            Permission.CYCLE_EDIT,
            Permission.DATASET_FREEZE,
            Permission.RATING_CALCULATE,
            Permission.RELEASE_PUBLISH,
        },
    ),
    Role(
        "specialist",
        "Специалист",
        "Готовит данные и расчёты в управлении образования.",
        _VIEW | _DATA | {Permission.RATING_CALCULATE},
    ),
    Role(
        "press_officer",
        "Пресс-секретарь",
        "Публикует утверждённые результаты.",
        _VIEW | {Permission.RELEASE_PUBLISH},
    ),
    Role(
        "head",
        "Руководитель",
        "Видит ход работы и результаты.",
        _VIEW,
    ),
    Role(
        "operator_manager",
        "Руководитель оператора",
        "Отвечает за сбор данных: загружает их и передаёт набор данных.",
        _VIEW | _DATA | {Permission.DATASET_FREEZE, Permission.RATING_CALCULATE},
    ),
    Role(
        "operator_analyst",
        "Аналитик оператора",
        "Загружает собранные данные и проверяет расчёты.",
        _VIEW | _DATA | {Permission.RATING_CALCULATE},
    ),
)

BY_CODE = {role.code: role for role in ROLES}
