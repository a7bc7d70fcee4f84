"""Every deed that the journal knows, with the words people read. A code is never reused."""

from enum import StrEnum


class Deed(StrEnum):
    """Stable codes ``<subject>.<what was done>``."""

    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_PASSWORD_SET = "person.password_set"  # noqa: S105 (a code, not a secret)
    PERSON_RENAMED = "person.renamed"
    PERSON_CLOSED = "person.closed"
    PERSON_OPENED = "person.opened"
    PERSON_SESSIONS_ENDED = "person.sessions_ended"
    PERSON_BOUND = "person.bound"
    ROLE_GRANTED = "role.granted"
    ROLE_ENDED = "role.ended"
    SECOND_FACTOR_ADDED = "second_factor.added"
    SECOND_FACTOR_REMOVED = "second_factor.removed"
    SECOND_FACTOR_RESET = "second_factor.reset"
    INVITATION_SENT = "invitation.sent"
    INVITATION_SENT_AGAIN = "invitation.sent_again"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    INVITATION_ACCEPTED = "invitation.accepted"
    CYCLE_CREATED = "cycle.created"
    ORGANISATION_ADDED = "organisation.added"
    ORGANISATION_CHANGED = "organisation.changed"
    ORGANISATION_MERGED = "organisation.merged"
    ORGANISATION_DISTINCT = "organisation.distinct"
    ORGANISATION_REORGANISED = "organisation.reorganised"
    REORGANISATION_CANCELLED = "organisation.reorganisation_cancelled"
    LIST_DRAWN_UP = "list.drawn_up"
    LIST_CHANGED = "list.changed"
    LIST_REFRESHED = "list.refreshed"
    LIST_PROPOSED = "list.proposed"
    LIST_RETURNED = "list.returned"
    LIST_APPROVED = "list.approved"
    LIST_DISCARDED = "list.discarded"
    IMPORT_ACCEPTED = "import.accepted"
    IMPORT_DISMISSED = "import.dismissed"
    WAVE_PLANNED = "wave.planned"
    WAVE_CHANGED = "wave.changed"
    WAVE_OPENED = "wave.opened"
    WAVE_REMINDED = "wave.reminded"
    WAVE_STOPPED = "wave.stopped"
    WAVE_CLOSED = "wave.closed"
    ODK_GIVEN = "odk.given"
    ODK_WITHDRAWN = "odk.withdrawn"
    BATCH_BEGUN = "batch.begun"
    BATCH_RECOUNTED = "batch.recounted"
    BATCH_TAKEN = "batch.taken"
    BATCH_REMOVED = "batch.removed"
    SHEET_SETTLED = "batch.sheet_settled"
    SHEET_GIVEN_BACK = "batch.sheet_given_back"
    CODES_ISSUED = "codes.issued"
    CODES_WITHDRAWN = "codes.withdrawn"
    EXCLUSION_PROPOSED = "exclusion.proposed"
    EXCLUSION_CONFIRMED = "exclusion.confirmed"
    EXCLUSION_DECLINED = "exclusion.declined"
    SITE_ROUND_OPENED = "site_round.opened"
    SITE_ROUND_CLOSED = "site_round.closed"
    SITE_ROUND_STOPPED = "site_round.stopped"
    SITE_ROUND_SHOWN = "site_round.shown"
    SITE_ROUND_PUBLISHED = "site_round.published"
    SITE_OBJECTION_FILED = "site_objection.filed"
    SITE_OBJECTION_ACCEPTED = "site_objection.accepted"
    SITE_OBJECTION_REJECTED = "site_objection.rejected"
    SITE_MARK_MADE = "site_mark.made"
    SITE_MARK_CONFIRMED = "site_mark.confirmed"
    SITE_MARK_WITHDRAWN = "site_mark.withdrawn"
    WAVE_SITES_CHOSEN = "wave.sites_chosen"
    BUSGOV_LOADED = "busgov.loaded"
    BUSGOV_WITHDRAWN = "busgov.withdrawn"
    DATASET_FROZEN = "dataset.frozen"
    CALCULATION_STARTED = "calculation.started"
    CALCULATION_FINISHED = "calculation.finished"
    CALCULATION_FAILED = "calculation.failed"
    RELEASE_PUBLISHED = "release.published"
    COUNCIL_FORMED = "council.formed"
    COUNCIL_CHANGED = "council.changed"
    COUNCIL_MEMBER_ADDED = "council.member_added"
    COUNCIL_MEMBER_CHANGED = "council.member_changed"
    COUNCIL_MEMBER_LEFT = "council.member_left"
    SESSION_PLANNED = "session.planned"
    SESSION_CHANGED = "session.changed"
    SESSION_INVITED = "session.invited"
    SESSION_REPLIED = "session.replied"
    SESSION_ATTENDANCE = "session.attendance"
    SESSION_OPENED = "session.opened"
    SESSION_CLOSED = "session.closed"
    SESSION_NOT_HELD = "session.not_held"
    SESSION_CANCELLED = "session.cancelled"
    AGENDA_ADDED = "agenda.added"
    AGENDA_CHANGED = "agenda.changed"
    AGENDA_DISCUSSED = "agenda.discussed"
    AGENDA_NOTED = "agenda.noted"
    AGENDA_WITHDRAWN = "agenda.withdrawn"
    MATERIAL_ADDED = "material.added"
    MATERIAL_REMOVED = "material.removed"
    BALLOT_OPENED = "ballot.opened"
    VOTE_CAST = "vote.cast"
    VOTE_CHANGED = "vote.changed"
    VOTED_SECRETLY = "vote.cast_secretly"
    MEMBER_RECUSED = "vote.recused"
    BALLOT_CLOSED = "ballot.closed"
    DECISION_ADOPTED = "decision.adopted"
    MINUTES_SIGNED = "minutes.signed"
    MINUTES_PUBLISHED = "minutes.published"
    SPECIFICATION_CREATED = "specification.created"
    SPECIFICATION_CHANGED = "specification.changed"
    SPECIFICATION_OPENED = "specification.opened"
    SPECIFICATION_CLOSED = "specification.closed"
    SPECIFICATION_PLACED = "specification.placed"
    SPECIFICATION_ADOPTED = "specification.adopted"
    CLAUSE_CHANGED = "clause.changed"
    CLAUSE_ADDED = "clause.added"
    CLAUSE_EXCLUDED = "clause.excluded"
    CLAUSE_PROPOSED = "clause.proposed"
    CLAUSE_PROPOSAL_WITHDRAWN = "clause.proposal_withdrawn"
    CLAUSE_PROPOSAL_CONSIDERED = "clause.proposal_considered"
    CONTRACT_SIGNED = "contract.signed"
    CONTRACT_CHANGED = "contract.changed"

    PLAN_CREATED = "plan.created"
    PLAN_CHANGED = "plan.changed"
    PLAN_DISCARDED = "plan.discarded"
    PLAN_PLACED = "plan.placed"
    PLAN_ADOPTED = "plan.adopted"
    PLAN_FINDING_DECIDED = "plan.finding_decided"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_CONFIRMED = "evidence.confirmed"
    EVIDENCE_RETURNED = "evidence.returned"

    INSPECTION_SUBMITTED = "inspection.submitted"
    INSPECTION_RETURNED = "inspection.returned"
    INSPECTION_SETTLED = "inspection.settled"


TITLES: dict[Deed, str] = {
    Deed.PERSON_CREATED: "Добавлен пользователь",
    Deed.PERSON_CHANGED: "Изменены роли или доступ пользователя",
    Deed.PERSON_PASSWORD_SET: "Задан новый пароль",
    Deed.PERSON_RENAMED: "Изменено имя пользователя",
    Deed.PERSON_CLOSED: "Закрыт вход",
    Deed.PERSON_OPENED: "Открыт вход",
    Deed.PERSON_SESSIONS_ENDED: "Завершены все сеансы",
    Deed.PERSON_BOUND: "Привязан вход через учётную запись региона",
    Deed.ROLE_GRANTED: "Дана роль",
    Deed.ROLE_ENDED: "Завершена роль",
    Deed.SECOND_FACTOR_ADDED: "Добавлен второй фактор",
    Deed.SECOND_FACTOR_REMOVED: "Убран второй фактор",
    Deed.SECOND_FACTOR_RESET: "Сброшен второй фактор",
    Deed.INVITATION_SENT: "Отправлено приглашение",
    Deed.INVITATION_SENT_AGAIN: "Приглашение отправлено ещё раз",
    Deed.INVITATION_WITHDRAWN: "Отозвано приглашение",
    Deed.INVITATION_ACCEPTED: "Принято приглашение",
    Deed.CYCLE_CREATED: "Создан цикл",
    Deed.ORGANISATION_ADDED: "Добавлена организация",
    Deed.ORGANISATION_CHANGED: "Изменены сведения об организации",
    Deed.ORGANISATION_MERGED: "Объединены две записи об организации",
    Deed.ORGANISATION_DISTINCT: "Похожие записи признаны разными организациями",
    Deed.ORGANISATION_REORGANISED: "Отмечена реорганизация",
    Deed.REORGANISATION_CANCELLED: "Отменена отметка о реорганизации",
    Deed.LIST_DRAWN_UP: "Составлен проект перечня организаций",
    Deed.LIST_CHANGED: "Изменён проект перечня организаций",
    Deed.LIST_REFRESHED: "Проект перечня сверен с реестром",
    Deed.LIST_PROPOSED: "Перечень организаций вынесен на рассмотрение",
    Deed.LIST_RETURNED: "Перечень организаций возвращён в проект",
    Deed.LIST_APPROVED: "Утверждён перечень организаций",
    Deed.LIST_DISCARDED: "Проект перечня удалён",
    Deed.IMPORT_ACCEPTED: "Загрузка принята",
    Deed.IMPORT_DISMISSED: "Загрузка отклонена",
    Deed.WAVE_PLANNED: "Подготовлена волна",
    Deed.WAVE_CHANGED: "Изменена волна",
    Deed.WAVE_OPENED: "Открыта волна",
    Deed.WAVE_REMINDED: "Отправлены письма отстающим",
    Deed.WAVE_STOPPED: "Остановлен приём ответов",
    Deed.WAVE_CLOSED: "Закрыта волна",
    Deed.ODK_GIVEN: "Выдан адрес для ODK Collect",
    Deed.ODK_WITHDRAWN: "Отозван адрес для ODK Collect",
    Deed.BATCH_BEGUN: "Начата пачка бумажных анкет",
    Deed.BATCH_RECOUNTED: "Изменено число листов в пачке",
    Deed.BATCH_TAKEN: "Принята пачка анкет из файла",
    Deed.BATCH_REMOVED: "Удалена пачка анкет",
    Deed.SHEET_SETTLED: "Решено расхождение при вводе листа",
    Deed.SHEET_GIVEN_BACK: "Лист возвращён на повторный ввод",
    Deed.CODES_ISSUED: "Выпущены одноразовые коды",
    Deed.CODES_WITHDRAWN: "Отозваны одноразовые коды",
    Deed.EXCLUSION_PROPOSED: "Предложено исключить анкеты",
    Deed.EXCLUSION_CONFIRMED: "Исключены анкеты",
    Deed.EXCLUSION_DECLINED: "Отклонено исключение анкет",
    Deed.SITE_ROUND_OPENED: "Начат обход сайтов",
    Deed.SITE_ROUND_CLOSED: "Закончен обход сайтов",
    Deed.SITE_ROUND_STOPPED: "Остановлен обход сайтов",
    Deed.SITE_ROUND_SHOWN: "Замечания к сайтам показаны организациям",
    Deed.SITE_ROUND_PUBLISHED: "Опубликованы выводы о сайтах",
    Deed.SITE_OBJECTION_FILED: "Подано возражение на замечание к сайту",
    Deed.SITE_OBJECTION_ACCEPTED: "Принято возражение на замечание к сайту",
    Deed.SITE_OBJECTION_REJECTED: "Отклонено возражение на замечание к сайту",
    Deed.SITE_MARK_MADE: "Поставлена отметка эксперта о сайте",
    Deed.SITE_MARK_CONFIRMED: "Отметка эксперта о сайте проверена снова",
    Deed.SITE_MARK_WITHDRAWN: "Снята отметка эксперта о сайте",
    Deed.WAVE_SITES_CHOSEN: "Выбрано, откуда волна берёт сведения о сайтах",
    Deed.BUSGOV_LOADED: "Загружены сведения bus.gov.ru",
    Deed.BUSGOV_WITHDRAWN: "Отозваны сведения bus.gov.ru",
    Deed.DATASET_FROZEN: "Зафиксирован набор данных",
    Deed.CALCULATION_STARTED: "Начат расчёт",
    Deed.CALCULATION_FINISHED: "Выполнен расчёт",
    Deed.CALCULATION_FAILED: "Расчёт не выполнен",
    Deed.RELEASE_PUBLISHED: "Опубликован рейтинг",
    Deed.PLAN_CREATED: "Составлен план",
    Deed.PLAN_CHANGED: "Изменён план",
    Deed.PLAN_DISCARDED: "Удалён проект плана",
    Deed.PLAN_PLACED: "План вынесен на заседание совета",
    Deed.PLAN_ADOPTED: "Утверждён план",
    Deed.PLAN_FINDING_DECIDED: "Решено замечание к плану",
    Deed.EVIDENCE_ADDED: "Добавлено подтверждение мероприятия",
    Deed.EVIDENCE_CONFIRMED: "Подтверждено выполнение мероприятия",
    Deed.EVIDENCE_RETURNED: "Возвращено подтверждение мероприятия",
    Deed.COUNCIL_FORMED: "Внесён общественный совет",
    Deed.COUNCIL_CHANGED: "Изменены сведения о совете",
    Deed.COUNCIL_MEMBER_ADDED: "Добавлен член совета",
    Deed.COUNCIL_MEMBER_CHANGED: "Изменены сведения о члене совета",
    Deed.COUNCIL_MEMBER_LEFT: "Член совета выбыл",
    Deed.SESSION_PLANNED: "Назначено заседание совета",
    Deed.SESSION_CHANGED: "Изменены время или место заседания",
    Deed.SESSION_INVITED: "Отправлены приглашения на заседание",
    Deed.SESSION_REPLIED: "Получен ответ на приглашение",
    Deed.SESSION_ATTENDANCE: "Отмечено участие в заседании",
    Deed.SESSION_OPENED: "Открыто заседание совета",
    Deed.SESSION_CLOSED: "Закрыто заседание совета",
    Deed.SESSION_NOT_HELD: "Заседание не состоялось",
    Deed.SESSION_CANCELLED: "Заседание отменено",
    Deed.AGENDA_ADDED: "Вопрос внесён в повестку",
    Deed.AGENDA_CHANGED: "Изменён вопрос повестки",
    Deed.AGENDA_DISCUSSED: "Совет перешёл к вопросу",
    Deed.AGENDA_NOTED: "Вопрос рассмотрен без голосования",
    Deed.AGENDA_WITHDRAWN: "Вопрос снят с повестки",
    Deed.MATERIAL_ADDED: "Добавлен материал к вопросу",
    Deed.MATERIAL_REMOVED: "Удалён материал вопроса",
    Deed.BALLOT_OPENED: "Открыто голосование",
    Deed.VOTE_CAST: "Подан голос",
    Deed.VOTE_CHANGED: "Изменён голос",
    Deed.VOTED_SECRETLY: "Подан голос тайно",
    Deed.MEMBER_RECUSED: "Взят самоотвод",
    Deed.BALLOT_CLOSED: "Закрыто голосование",
    Deed.DECISION_ADOPTED: "Принято решение совета",
    Deed.MINUTES_SIGNED: "Подписан протокол совета",
    Deed.MINUTES_PUBLISHED: "Опубликованы протокол и решения совета",
    Deed.SPECIFICATION_CREATED: "Начато техническое задание",
    Deed.SPECIFICATION_CHANGED: "Изменены сведения технического задания",
    Deed.SPECIFICATION_OPENED: "Открыт сбор предложений к техническому заданию",
    Deed.SPECIFICATION_CLOSED: "Закончен сбор предложений к техническому заданию",
    Deed.SPECIFICATION_PLACED: "Техническое задание вынесено на заседание",
    Deed.SPECIFICATION_ADOPTED: "Утверждено техническое задание",
    Deed.CLAUSE_CHANGED: "Изменён пункт технического задания",
    Deed.CLAUSE_ADDED: "Добавлен пункт технического задания",
    Deed.CLAUSE_EXCLUDED: "Исключён пункт технического задания",
    Deed.CLAUSE_PROPOSED: "Внесено предложение к пункту",
    Deed.CLAUSE_PROPOSAL_WITHDRAWN: "Отозвано предложение к пункту",
    Deed.CLAUSE_PROPOSAL_CONSIDERED: "Рассмотрено предложение к пункту",
    Deed.CONTRACT_SIGNED: "Внесён контракт с оператором",
    Deed.CONTRACT_CHANGED: "Изменены сведения контракта",
    Deed.INSPECTION_SUBMITTED: "Осмотр сдан",
    Deed.INSPECTION_RETURNED: "Осмотр возвращён эксперту",
    Deed.INSPECTION_SETTLED: "Решено расхождение экспертов",
}
"""What a deed is called in the journal."""


def title_of(code: str) -> str:
    """The words of a deed; the code itself when a later version no longer knows it."""
    return TITLES[Deed(code)] if code in set(Deed) else code
