"""Roles: what each is called, what it is for, where it reaches, and what it allows."""

from dataclasses import dataclass
from enum import StrEnum

from noko.access.permissions import Permission


class Reach(StrEnum):
    """What a grant of the role must name: nothing, a municipality, or an organisation."""

    REGION = "region"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"


class Side(StrEnum):
    """On whose side of the procedure a role stands."""

    AUTHORITY = "authority"
    COUNCIL = "council"
    OPERATOR = "operator"
    ORGANISATION = "organisation"
    JURY = "jury"


SIDES = {
    Side.AUTHORITY: "Управление образования",
    Side.COUNCIL: "Общественный совет",
    Side.OPERATOR: "Организация-оператор",
    Side.ORGANISATION: "Образовательная организация",
    Side.JURY: "Конкурсы",
}


@dataclass(frozen=True, slots=True)
class Role:
    """``code`` is kept in the database; title and description are read by people."""

    code: str
    title: str
    description: str
    side: Side
    permissions: frozenset[Permission]
    reach: Reach = Reach.REGION


_OFFICE = frozenset({Permission.OFFICE_ENTER})
_VIEW = _OFFICE | {
    Permission.CYCLE_VIEW,
    Permission.PLAN_VIEW,
    Permission.COUNCIL_VIEW,
    Permission.ORGANISATION_VIEW,
    Permission.SPECIFICATION_VIEW,
    Permission.WAVE_VIEW,
    Permission.RATING_VIEW,
    Permission.WEBSITE_VIEW,
}
_WAVES = frozenset(
    {
        Permission.WAVE_VIEW,
        Permission.WAVE_LINK,
        Permission.WAVE_EDIT,
        Permission.WAVE_REVIEW,
        Permission.WAVE_CLOSE,
        Permission.BATCH_MANAGE,
    }
)
_DATA = frozenset({Permission.ORGANISATION_EDIT, Permission.DATASET_IMPORT})
_COUNCIL = _VIEW | {Permission.COUNCIL_VOTE, Permission.SPECIFICATION_PROPOSE}

ROLES: tuple[Role, ...] = (
    Role(
        "administrator",
        "Администратор",
        "Приглашает пользователей, выдаёт роли и настраивает систему.",
        Side.AUTHORITY,
        # Nobody votes or speaks for an organisation by being an administrator.
        frozenset(Permission)
        - {Permission.COUNCIL_VOTE, Permission.COUNCIL_CHAIR, Permission.CABINET_ENTER},
    ),
    Role(
        "secretary",
        "Секретарь процедуры",
        "Ведёт цикл оценки в управлении образования: план, перечень, заседания совета, данные, "
        "рейтинг и его публикацию.",
        Side.AUTHORITY,
        _VIEW
        | _DATA
        | _WAVES
        | {
            Permission.JOURNAL_VIEW,
            Permission.CYCLE_EDIT,
            Permission.PLAN_EDIT,
            Permission.MUNICIPAL_PLAN_EDIT,
            Permission.ACTIVITY_REPORT,
            Permission.ACTIVITY_CONFIRM,
            Permission.COUNCIL_MANAGE,
            Permission.ORGANISATION_MERGE,
            Permission.LIST_EDIT,
            Permission.SPECIFICATION_PROPOSE,
            Permission.SPECIFICATION_EDIT,
            Permission.CONTRACT_EDIT,
            Permission.DATASET_FREEZE,
            Permission.RATING_CALCULATE,
            Permission.RELEASE_PUBLISH,
            Permission.WEBSITE_VISIT,
            Permission.WEBSITE_DECIDE,
        },
    ),
    Role(
        "specialist",
        "Специалист",
        "Готовит перечень, техническое задание, данные и расчёты в управлении образования.",
        Side.AUTHORITY,
        _VIEW
        | _DATA
        | {
            Permission.WAVE_LINK,
            Permission.ACTIVITY_REPORT,
            Permission.ORGANISATION_MERGE,
            Permission.LIST_EDIT,
            Permission.SPECIFICATION_PROPOSE,
            Permission.RATING_CALCULATE,
            Permission.WEBSITE_VISIT,
        },
    ),
    Role(
        "press_officer",
        "Пресс-секретарь",
        "Публикует утверждённые результаты.",
        Side.AUTHORITY,
        _VIEW | {Permission.ACTIVITY_REPORT, Permission.RELEASE_PUBLISH},
    ),
    Role(
        "head",
        "Руководитель",
        "Видит ход работы и результаты, подтверждает выполнение мероприятий плана.",
        Side.AUTHORITY,
        _VIEW | {Permission.JOURNAL_VIEW, Permission.ACTIVITY_CONFIRM},
    ),
    Role(
        "council_chair",
        "Председатель общественного совета",
        "Открывает и закрывает заседания, голосует, подписывает протоколы и решения совета.",
        Side.COUNCIL,
        _COUNCIL | {Permission.COUNCIL_CHAIR, Permission.ACTIVITY_REPORT},
    ),
    Role(
        "council_secretary",
        "Секретарь общественного совета",
        "Готовит повестку и материалы, ведёт протокол, голосует.",
        Side.COUNCIL,
        _COUNCIL | {Permission.COUNCIL_MANAGE, Permission.ACTIVITY_REPORT},
    ),
    Role(
        "council_member",
        "Член общественного совета",
        "Рассматривает материалы, вносит предложения и голосует.",
        Side.COUNCIL,
        _COUNCIL,
    ),
    Role(
        "operator_manager",
        "Руководитель оператора",
        "Отвечает за сбор данных: загружает их и передаёт набор данных.",
        Side.OPERATOR,
        _OFFICE
        | _DATA
        | _WAVES
        | {
            Permission.CYCLE_VIEW,
            Permission.PLAN_VIEW,
            Permission.ORGANISATION_VIEW,
            Permission.SPECIFICATION_VIEW,
            Permission.RATING_VIEW,
            Permission.ACTIVITY_REPORT,
            Permission.INSPECTION_FILL,
            Permission.INSPECTION_SETTLE,
            Permission.RESPONSE_ENTER,
            Permission.DATASET_FREEZE,
            Permission.RATING_CALCULATE,
            Permission.WEBSITE_VIEW,
            Permission.WEBSITE_VISIT,
            Permission.WEBSITE_DECIDE,
        },
    ),
    Role(
        "operator_analyst",
        "Аналитик оператора",
        "Загружает собранные данные и проверяет расчёты.",
        Side.OPERATOR,
        _OFFICE
        | _DATA
        | {
            Permission.WAVE_VIEW,
            Permission.WAVE_LINK,
            Permission.WAVE_REVIEW,
            Permission.BATCH_MANAGE,
            Permission.CYCLE_VIEW,
            Permission.ORGANISATION_VIEW,
            Permission.SPECIFICATION_VIEW,
            Permission.RATING_VIEW,
            Permission.INSPECTION_FILL,
            Permission.INSPECTION_SETTLE,
            Permission.RATING_CALCULATE,
            Permission.WEBSITE_VIEW,
            Permission.WEBSITE_VISIT,
            Permission.WEBSITE_DECIDE,
        },
    ),
    Role(
        "operator_interviewer",
        "Интервьюер оператора",
        "Опрашивает получателей услуг лично.",
        Side.OPERATOR,
        _OFFICE | {Permission.RESPONSE_INTERVIEW},
    ),
    Role(
        "operator_expert",
        "Эксперт оператора",
        "Осматривает стенды, сайты и здания организаций.",
        Side.OPERATOR,
        _OFFICE
        | {
            Permission.CYCLE_VIEW,
            Permission.ORGANISATION_VIEW,
            Permission.INSPECTION_FILL,
            Permission.WEBSITE_VIEW,
            Permission.WEBSITE_DECIDE,
        },
    ),
    Role(
        "operator_clerk",
        "Оператор ввода",
        "Вводит бумажные анкеты: каждый лист вводят двое.",
        Side.OPERATOR,
        _OFFICE | {Permission.RESPONSE_ENTER},
    ),
    Role(
        "municipal_coordinator",
        "Муниципальный координатор",
        "Готовит и сопровождает оценку в своём муниципалитете.",
        Side.AUTHORITY,
        _OFFICE
        | {
            Permission.WAVE_VIEW,
            Permission.WAVE_LINK,
            Permission.CYCLE_VIEW,
            Permission.PLAN_VIEW,
            Permission.MUNICIPAL_PLAN_EDIT,
            Permission.ORGANISATION_VIEW,
            Permission.ORGANISATION_EDIT,
            Permission.ACTIVITY_REPORT,
            Permission.WEBSITE_VIEW,
        },
        Reach.MUNICIPALITY,
    ),
    Role(
        "organisation_head",
        "Руководитель организации",
        "Отвечает за сведения своей организации, возражения и план мероприятий.",
        Side.ORGANISATION,
        frozenset({Permission.CABINET_ENTER}),
        Reach.ORGANISATION,
    ),
    Role(
        "organisation_editor",
        "Редактор сайта организации",
        "Исправляет сайт своей организации и отвечает на замечания к нему.",
        Side.ORGANISATION,
        frozenset({Permission.CABINET_ENTER}),
        Reach.ORGANISATION,
    ),
    Role(
        "jury_member",
        "Член жюри",
        "Оценивает конкурсные работы.",
        Side.JURY,
        _OFFICE,
    ),
)

BY_CODE = {role.code: role for role in ROLES}

CONFLICTS: frozenset[frozenset[Side]] = frozenset(
    {
        frozenset({Side.COUNCIL, Side.AUTHORITY}),
        frozenset({Side.COUNCIL, Side.ORGANISATION}),
        frozenset({Side.COUNCIL, Side.OPERATOR}),
    }
)
"""Sides that one person cannot take at once.

Officials of state and municipal bodies, heads, deputies and workers of education organisations are
never on the council (273-ФЗ, статья 95.2, as 392-ФЗ words it); who collects the data does not
decide about them either (a rule of ours).
"""
