"""Findings and defects in plain Russian, for whoever has to mend the site.

Each says what was looked for, where, what was seen, and the cure with an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from noko.core.websites.findings import Evidence, Finding, Inspection, Reason, Seen, Status
from noko.core.websites.page import FailureReason
from noko.core.websites.rules import Item, Regime

STATUS_TITLES = {
    Status.FOUND: "найдено",
    Status.ABSENT: "отсутствует",
    Status.UNCHECKED: "проверить не удалось",
    Status.NOT_APPLICABLE: "не требуется",
}

SEEN_TITLES = {
    Seen.MARKUP: "по микроданным",
    Seen.TEXT: "по тексту",
    Seen.BOTH: "по микроданным и по тексту",
    Seen.NOTHING: "",
}

FAILURES = {
    FailureReason.MISSING: (
        "страницы по этому адресу нет",
        "Создайте страницу или исправьте ссылку на неё.",
    ),
    FailureReason.BLOCKED: (
        "сайт отказал программе проверки",
        "Попросите того, кто ведёт сайт, разрешить доступ программе проверки: её имя и контакт "
        "стоят в каждом обращении.",
    ),
    FailureReason.FORBIDDEN_BY_ROBOTS: (
        "файл robots.txt запрещает открывать страницу",
        "Уберите из robots.txt запрет на раздел: по закону он открыт для всех.",
    ),
    FailureReason.TIMEOUT: (
        "сайт не ответил вовремя",
        "Проверьте, открывается ли сайт, и попросите проверить его снова.",
    ),
    FailureReason.UNREACHABLE: (
        "сайт не открывается",
        "Проверьте адрес сайта и работу сервера.",
    ),
    FailureReason.NO_SUCH_HOST: (
        "такого имени сайта нет",
        "Проверьте адрес сайта в перечне и срок регистрации имени.",
    ),
    FailureReason.PRIVATE_ADDRESS: (
        "имя сайта ведёт в закрытую сеть",
        "Исправьте запись DNS: сайт должен открываться из интернета.",
    ),
    FailureReason.OTHER_HOST: (
        "сайт отправляет на чужой адрес",
        "Уточните адрес сайта в перечне организаций.",
    ),
    FailureReason.REDIRECT_LOOP: (
        "перенаправления идут по кругу",
        "Исправьте настройку перенаправлений на сервере.",
    ),
    FailureReason.TOO_LARGE: (
        "ответ больше допустимого размера",
        "Разделите страницу или файл на части.",
    ),
    FailureReason.BAD_CERTIFICATE: (
        "сертификат сайта недействителен",
        "Обновите сертификат сайта.",
    ),
    FailureReason.SERVER_ERROR: (
        "сервер сайта ответил ошибкой",
        "Исправьте ошибку на сервере и попросите проверить сайт снова.",
    ),
    FailureReason.NEEDS_JAVASCRIPT: (
        "страница пуста без JavaScript",
        "Сделайте так, чтобы текст был на самой странице: программы чтения с экрана и поиск его "
        "тоже не видят.",
    ),
    FailureReason.NOT_A_PAGE: (
        "по этому адресу не страница, а файл",
        "Поставьте по этому адресу страницу.",
    ),
    FailureReason.BAD_ADDRESS: ("адрес записан с ошибкой", "Исправьте адрес."),
    FailureReason.BUDGET: (
        "до страницы не дошла очередь: исчерпан предел числа страниц",
        "Поставьте ссылку на подраздел в меню раздела, чтобы она нашлась раньше.",
    ),
}

REASONS = {
    Reason.PAGE_NOT_GIVEN: (
        "страницы подраздела нет среди переданных",
        "Передайте страницу подраздела или проверьте сайт по адресу.",
    ),
    Reason.PAGE_NOT_READ: (
        "сведения могут быть на странице, которая не прочитана",
        "Проверьте сайт целиком или передайте и эту страницу.",
    ),
    Reason.CONDITION_UNKNOWN: (
        "не известно, должны ли быть эти сведения",
        "Если сведений у организации нет, напишите об этом прямо: «отсутствует».",
    ),
    Reason.PICTURE_ONLY: (
        "под заголовком только картинка: машина её не читает",
        "Поставьте рядом с картинкой те же сведения текстом.",
    ),
    Reason.NEEDS_JAVASCRIPT: FAILURES[FailureReason.NEEDS_JAVASCRIPT],
    Reason.SITE_ANSWERS_NOT_FOUND: (
        "на любой адрес сайт отвечает «страница не найдена»",
        "Проверьте, что сайт работает и адрес в перечне верен.",
    ),
}


@dataclass(frozen=True, slots=True)
class FindingWords:
    """A finding as people read it; any part may be empty."""

    title: str
    status: str
    basis: str
    where: str
    seen: str
    cure: str
    example: str


def finding_words(finding: Finding, inspection: Inspection) -> FindingWords:
    """The finding in sentences."""
    item, regime = finding.item, inspection.regime
    subsection = regime.subsection_of[item.code]
    where = "Весь сайт" if subsection in regime.beside else f"Подраздел «{subsection.title}»"
    if finding.looked_at:
        where += ": " + ", ".join(finding.looked_at)
    cure = _cure(finding, inspection)
    return FindingWords(
        title=item.name[0].upper() + item.name[1:],
        status=STATUS_TITLES[finding.status],
        basis=regime.wording(item.basis),
        where=where + ".",
        seen=_seen(finding),
        cure=cure,
        example=marked_up(item, regime) if cure and finding.status is not Status.FOUND else "",
    )


def _seen(finding: Finding) -> str:
    if finding.status is Status.NOT_APPLICABLE:
        return "Этой организации пункт не касается."
    if finding.status is Status.ABSENT and finding.note:
        return f"{finding.note[:1].upper()}{finding.note[1:]}."
    if finding.status is Status.ABSENT:
        looked = "ни микроданных, ни текста" if finding.item.markup else "текста"
        place = "Подраздела на сайте нет" if not finding.looked_at else f"Не нашлось {looked}"
        return f"{place}."
    if finding.status is Status.UNCHECKED:
        said = reason_words(finding)[0]
        return f"{said[0].upper()}{said[1:]}."
    first = finding.evidence[0]
    how = SEEN_TITLES[finding.seen]
    told = "сказано, что сведений нет" if first.negative else "найдено"
    return f"{told[0].upper()}{told[1:]} {how}: {shown(first)}"


def shown(evidence: Evidence) -> str:
    """«отрывок» – страница, место."""
    quoted = f"«{evidence.excerpt}» – " if evidence.excerpt else ""
    return f"{quoted}{evidence.page}, {evidence.place}."


def reason_words(finding: Finding) -> tuple[str, str]:
    """(what happened, the cure) of an item that could not be checked."""
    if finding.failure is not None:
        said, cure = FAILURES[finding.failure.reason]
        detail = f" ({finding.failure.detail})" if finding.failure.detail else ""
        return f"{said}: {finding.failure.address}{detail}", cure
    said, cure = REASONS[finding.reason or Reason.PAGE_NOT_GIVEN]
    return (f"{said}: {finding.note}" if finding.note else said), cure


def _cure(finding: Finding, inspection: Inspection) -> str:
    item, regime = finding.item, inspection.regime
    title = regime.subsection_of[item.code].title
    if finding.status is Status.UNCHECKED:
        return reason_words(finding)[1]
    if finding.status is Status.ABSENT and regime.subsection_of[item.code] in regime.beside:
        return (
            f"Разместите утверждённый план файлом или страницей в разделе «{title}» и назовите его "
            "так, чтобы из названия было видно, что это план и по какой оценке."
        )
    if finding.status is Status.ABSENT:
        what = "файл или ссылку" if item.sign.kind == "document" else "сведения"
        none = "" if item.condition is None else " Если их нет, напишите «отсутствует»."
        return (
            f"Разместите {what} в подразделе «{title}».{none} Прочерк и пустая ячейка не считаются."
        )
    if finding.status is Status.FOUND and finding.elsewhere:
        return f"Перенесите сведения в подраздел «{title}» или поставьте там ссылку на них."
    if finding.status is Status.FOUND and finding.seen is Seen.TEXT and item.markup:
        return (
            "Сведения есть, исправлять не нужно. Чтобы их видели и машины, добавьте разметку: "
            + marked_up(item, regime)
        )
    return ""


def current_markup(item: Item, regime: Regime) -> str:
    """The item's microdata name ("group>name") of the newest generation, or an empty string."""
    for code in regime.generations[::-1]:
        if code.endswith("-dropped"):
            continue
        pages = regime.microdata.by_code[code]
        known = {(group or "", name) for _, name, group, _ in pages.names()}
        for written in item.markup:
            group, _, name = written.rpartition(">")
            if (group, name) in known:
                return written
    return item.markup[0] if item.markup else ""


def marked_up(item: Item, regime: Regime) -> str:
    """The item's example with its microdata, as HTML."""
    text = item.sign.example
    label, colon, value = text.partition(": ")
    if not colon or item.sign.kind == "document":
        label, value = "", text
    written = current_markup(item, regime)
    group, _, name = written.rpartition(">")
    inner = escape(value, quote=False)
    refusal = "отсутств" in value or "нет" in value.split()
    if item.sign.kind == "document" and not refusal:
        mark = f' itemprop="{name}"' if name else ""
        tag = f'<a{mark} href="/files/{name or "file"}.pdf">{inner}</a>'
    else:
        tag = f'<span itemprop="{name}">{inner}</span>' if name else inner
    lead = f"{escape(label, quote=False)}: " if label else ""
    if group:
        return f'<div itemprop="{group}">{lead}{tag}</div>'
    return f"<p>{lead}{tag}</p>"
