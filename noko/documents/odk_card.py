"""A card for somebody who collects answers with ODK Collect: one page with the settings as QR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from noko.documents.pdf import typeset
from noko.documents.poster import qr
from noko.templatetags.russian import long_date

STEPS = [
    "Установите на телефон или планшет приложение ODK Collect.",
    "Нажмите «Настроить с помощью QR-кода» (в работающем приложении: значок проекта вверху, "
    "«Добавить проект») и наведите камеру на код. Имя и пароль не нужны.",
    "Когда опрос откроется, форма появится сама, если есть связь. Дальше связь не нужна.",
    "Выберите «Начать новую форму», организацию и отдайте планшет или задайте вопросы вслух. "
    "Организацию следующая анкета предложит ту же.",
    "Нажмите «Завершить» в конце. Анкета уйдёт сама, как только появится связь, и сотрётся с "
    "планшета; в ответ придёт квитанция.",
]
NOTES = [
    "Не записывайте, кто отвечал. Время, место и номер планшета форма не берёт.",
    "Если анкета не принята, приложение скажет почему; до отправки она остаётся на планшете.",
    "Кто знает этот код, может присылать анкеты. Потеряли карточку или планшет – скажите "
    "оператору: он отзовёт код и выдаст новый.",
]


@dataclass(frozen=True, slots=True)
class Card:
    """``code``: what the QR code holds; ``address``: the same server for those who type."""

    holder: str
    wave: str
    where: str
    organisations: str
    address: str
    code: str
    starts_on: date
    ends_on: date
    operator: str


def odk_card(card: Card) -> bytes:
    """One A4 page."""
    by = f"Опрос проводит {card.operator}. " if card.operator else ""
    return typeset(
        "odk_card",
        {
            "title": f"Карточка ODK Collect: {card.holder}",
            "over": "Независимая оценка качества образования",
            "heading": "Анкеты на планшете: ODK Collect",
            "facts": [
                f"Кому: {card.holder}",
                f"{card.wave}. {card.where}: {card.organisations}.",
                f"Опрос идёт с {long_date(card.starts_on)} по {long_date(card.ends_on)}",
            ],
            "qr": qr(card.code),
            "qr_text": "QR-код с настройками ODK Collect",
            "address": card.address,
            "steps": STEPS,
            "notes": NOTES,
            "footer": f"{by}Подойдёт и KoboCollect: введите адрес сервера вручную.",
        },
    )
