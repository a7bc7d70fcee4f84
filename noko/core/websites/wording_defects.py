"""Defects in plain Russian: what is wrong, where, how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from noko.core.websites.findings import Defect
from noko.core.websites.findings import DefectKind as Kind
from noko.core.websites.rules import Regime

TITLES = {
    Kind.HIDDEN_MARKUP: "Размеченные данные скрыты от посетителей",
    Kind.EMPTY_MARKUP: "Разметка без значения",
    Kind.MISSPELT_MARKUP: "Имя микроданных написано с ошибкой",
    Kind.UNKNOWN_MARKUP: "Имени микроданных нет в рекомендациях",
    Kind.OLD_MARKUP: "Микроданные другого поколения рекомендаций",
    Kind.MIXED_MARKUP: "На странице смешаны поколения микроданных",
    Kind.WRONG_NESTING: "Неверная вложенность микроданных",
    Kind.ONE_GROUP_FOR_MANY: "Одно главное имя на несколько строк",
    Kind.REPEATED_MARKUP: "Одно имя дважды, а другого нет",
    Kind.HEADER_MARKED: "Размечены названия столбцов, а не данные",
    Kind.COPY_WRAPS_PAGE: "Имя copy охватывает всю страницу",
    Kind.NO_MARKUP: "На странице нет микроданных",
    Kind.WRONG_ADDRESS: "Адрес подраздела не тот, что назван в требованиях",
    Kind.WRONG_TITLE: "На странице заголовок другого подраздела",
    Kind.WRONG_PLACE: "Сведения не в своём подразделе",
    Kind.MISSING_SUBSECTION: "Подраздела нет",
    Kind.NORM_INSTEAD: "Вместо сведений – пересказ требования",
    Kind.BROKEN_LINK: "Ссылка ведёт на страницу или файл, которых нет",
    Kind.EMPTY_LINK: "Ссылка никуда не ведёт",
    Kind.DOCUMENT_KIND: "Файл такого вида не подходит",
    Kind.DOCUMENT_SIZE: "Файл больше допустимого",
    Kind.SCAN_WITHOUT_TEXT: "Скан без текста",
    Kind.STALE_DATE: "Сведения устарели",
    Kind.NO_SPECIAL_VERSION: "Нет версии для слабовидящих",
    Kind.NO_FEEDBACK_FORM: "Нет формы обратной связи",
    Kind.FORM_WITHOUT_CONSENT: "Форма без согласия на обработку персональных данных",
    Kind.SOFT_NOT_FOUND: "Сайт отвечает «страница не найдена» как обычной страницей",
    Kind.NEEDS_JAVASCRIPT: "Страница пуста без JavaScript",
    Kind.PAGE_CUT: "Страница слишком велика и прочитана не до конца",
}

REMARKS = frozenset({Kind.UNKNOWN_MARKUP, Kind.OLD_MARKUP, Kind.MIXED_MARKUP, Kind.NO_MARKUP})
"""What only concerns the recommendations: the order does not oblige to it."""


@dataclass(frozen=True, slots=True)
class DefectWords:
    title: str
    where: str
    seen: str
    cure: str


def defect_words(defect: Defect, regime: Regime) -> DefectWords:
    """The defect in sentences."""
    parts = [defect.page, defect.place]
    where = ", ".join(part for part in parts if part)
    times = f" – мест на странице: {defect.times}" if defect.times > 1 else ""
    seen, cure = _WORDS[defect.kind](defect, regime)
    return DefectWords(TITLES[defect.kind], where, f"{seen}{times}.", cure)


def _hidden(defect: Defect, regime: Regime) -> tuple[str, str]:
    act = regime.wording(regime.visible_markup)
    value = f" со значением «{defect.excerpt}»" if defect.excerpt else ""
    return (
        f'itemprop="{defect.subject}"{value} скрыт стилем или атрибутом',
        f"Уберите display: none или hidden: размеченные данные должны быть видны ({act}).",
    )


def _misspelt(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f'написано itemprop="{defect.subject}"',
        f'Исправьте на itemprop="{defect.right}": прямые кавычки, без пробелов.',
    )


def _nesting(defect: Defect, regime: Regime) -> tuple[str, str]:
    inside = f" внутри {defect.excerpt}" if defect.excerpt else " само по себе"
    group = defect.right.partition(",")[0]
    return (
        f"{defect.subject} стоит{inside}, а нужно внутри {defect.right}",
        f'Обведите строку: <tr itemprop="{group}"><td itemprop="{defect.subject}">…</td></tr>.',
    )


def _many(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"внутри одного {defect.subject} имя {defect.right} стоит несколько раз ({defect.excerpt})",
        f'Поставьте itemprop="{defect.subject}" на каждую строку таблицы, а не на таблицу, '
        "и не повторяйте имя в строке.",
    )


def _address(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"в адресе «{defect.subject}»",
        f"Поставьте страницу по адресу {defect.right} (важны и большие буквы), "
        "со старого адреса сделайте перенаправление.",
    )


def _title(defect: Defect, regime: Regime) -> tuple[str, str]:
    return f"заголовок «{defect.subject}»", f"Исправьте заголовок на «{defect.right}»."


def _place(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"«{defect.subject}»: «{defect.excerpt}»",
        f"Перенесите в подраздел «{defect.right}» или поставьте там ссылку.",
    )


def _missing(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"страница «{defect.subject}» не найдена ни по адресу, ни в меню",
        f"Создайте подраздел по адресу {defect.right}. Если сведений нет, так и напишите.",
    )


def _norm(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"«{defect.excerpt}»",
        "Замените пересказ требования сведениями своей организации.",
    )


def _kind(defect: Defect, regime: Regime) -> tuple[str, str]:
    allowed = defect.right or "файл, текст которого можно найти и скопировать (PDF с текстом, DOCX)"
    act = regime.wording(regime.documents.basis)
    return f"файл «{defect.subject}»", f"Замените на другой вид: {allowed} ({act})."


def _size(defect: Defect, regime: Regime) -> tuple[str, str]:
    act = regime.wording(regime.documents.basis)
    return (
        f"файл «{defect.subject}», {defect.excerpt}",
        f"Разделите файл: не больше {defect.right} ({act}).",
    )


def _scan(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"в файле «{defect.subject}» только картинки страниц",
        "Распознайте текст скана или разместите файл, сохранённый из редактора.",
    )


def _stale(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"последний названный год – {defect.subject}: «{defect.excerpt}»",
        f"Разместите сведения не старше {defect.right} года.",
    )


def _consent(defect: Defect, regime: Regime) -> tuple[str, str]:
    return (
        f"форма «{defect.excerpt}»",
        "Добавьте в форму отметку о согласии на обработку персональных данных.",
    )


_WORDS: dict[Kind, Callable[[Defect, Regime], tuple[str, str]]] = {
    Kind.HIDDEN_MARKUP: _hidden,
    Kind.EMPTY_MARKUP: lambda d, r: (
        f"{d.subject}: пусто или прочерк",
        "Впишите значение. Если сведений нет, напишите «отсутствует» или 0.",
    ),
    Kind.MISSPELT_MARKUP: _misspelt,
    Kind.UNKNOWN_MARKUP: lambda d, r: (
        f"{d.subject}",
        "Уберите имя или замените его именем из рекомендаций. На оценку не влияет.",
    ),
    Kind.OLD_MARKUP: lambda d, r: (
        f"{d.subject} ({d.excerpt})",
        "Замените именами действующих рекомендаций, когда будете править страницу.",
    ),
    Kind.MIXED_MARKUP: lambda d, r: (
        f"{d.subject} – имя другого поколения, чем {d.right}",
        "Размечайте страницу именами одного поколения рекомендаций.",
    ),
    Kind.WRONG_NESTING: _nesting,
    Kind.ONE_GROUP_FOR_MANY: _many,
    Kind.REPEATED_MARKUP: lambda d, r: (
        f"в строке {d.excerpt} два раза {d.subject}, а {d.right} нет",
        f"Поставьте у одного из них {d.right}.",
    ),
    Kind.HEADER_MARKED: lambda d, r: (
        f"{d.subject} стоит на названии столбца «{d.excerpt}»",
        "Уберите itemprop из строки с названиями столбцов.",
    ),
    Kind.COPY_WRAPS_PAGE: lambda d, r: (
        "внутри copy вся страница",
        'Поставьте itemprop="copy" только на ссылку на версию для слабовидящих.',
    ),
    Kind.NO_MARKUP: lambda d, r: (
        "сведения ищутся по тексту",
        "Сведения засчитаны и так; разметка нужна машинам.",
    ),
    Kind.WRONG_ADDRESS: _address,
    Kind.WRONG_TITLE: _title,
    Kind.WRONG_PLACE: _place,
    Kind.MISSING_SUBSECTION: _missing,
    Kind.NORM_INSTEAD: _norm,
    Kind.BROKEN_LINK: lambda d, r: (
        f"«{d.subject}»",
        "Исправьте адрес ссылки или верните файл на место.",
    ),
    Kind.EMPTY_LINK: lambda d, r: (
        f"адрес ссылки – «{d.subject}»",
        "Прикрепите файл и поставьте в ссылку его адрес.",
    ),
    Kind.DOCUMENT_KIND: _kind,
    Kind.DOCUMENT_SIZE: _size,
    Kind.SCAN_WITHOUT_TEXT: _scan,
    Kind.STALE_DATE: _stale,
    Kind.NO_SPECIAL_VERSION: lambda d, r: (
        "на прочитанных страницах на неё нет ссылки",
        'Добавьте ссылку: <a itemprop="copy" href="/?special=1">Версия для слабовидящих</a>.',
    ),
    Kind.NO_FEEDBACK_FORM: lambda d, r: (
        "формы с полем для сообщения нет ни на одной странице",
        "Добавьте форму обращения: имя, адрес для ответа, текст, согласие на обработку данных.",
    ),
    Kind.FORM_WITHOUT_CONSENT: _consent,
    Kind.SOFT_NOT_FOUND: lambda d, r: (
        "код ответа 200, а страницы нет",
        "Настройте для таких страниц код ответа 404.",
    ),
    Kind.NEEDS_JAVASCRIPT: lambda d, r: (
        "текста на странице почти нет",
        "Сделайте так, чтобы текст был на самой странице.",
    ),
    Kind.PAGE_CUT: lambda d, r: (
        "прочитано только начало",
        "Разделите страницу на несколько или вынесите таблицу в файл.",
    ),
}
