"""Invented names: municipalities, villages, kindergartens, schools, houses of creativity.

A place is (sort, name, name in the genitive): official Russian does not decline a compound name
after its sort («села Вишнёвый Яр»).
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A settlement; ``of`` is what stands after a name: «города Заречинска»."""

    sort: str
    name: str
    genitive: str

    @property
    def short(self) -> str:
        return f"{self.sort} {self.name}"

    @property
    def of_short(self) -> str:
        return f"{self.sort} {self.genitive}"

    @property
    def of(self) -> str:
        return f"{_SORTS[self.sort]} {self.genitive}"


_SORTS = {"г.": "города", "с.": "села", "п.": "посёлка"}


class Made(NamedTuple):
    """A municipality with its centre and how many organisations of each type stand in it."""

    name: str
    slug: str
    centre: Place
    adjective: str
    preschool: int
    general: int
    supplementary: int
    vocational: int

    @property
    def of(self) -> str:
        """The name in the genitive."""
        if self.name.startswith("Город"):
            return self.centre.of
        return f"{self.adjective.removesuffix('ий')}ого муниципального округа"


def _city(name: str, genitive: str, slug: str, adjective: str, *sizes: int) -> Made:
    return Made(f"Город {name}", slug, Place("г.", name, genitive), adjective, *sizes)


def _district(name: str, sort: str, centre: str, slug: str, genitive: str = "") -> Made:
    sizes = (5, 5, 2, 1) if sort == "г." else (3, 3, 1, 0)
    place = Place(sort, centre, genitive or centre)
    return Made(f"{name} муниципальный округ", slug, place, name, *sizes)


MUNICIPALITIES = (
    _city("Заречинск", "Заречинска", "zarechinsk", "Заречинский", 20, 14, 5, 4),
    _city("Кленоград", "Кленограда", "klenograd", "Кленоградский", 11, 8, 3, 2),
    _city("Верхнелесск", "Верхнелесска", "verhnelessk", "Верхнелесский", 9, 7, 2, 2),
    _city("Усть-Ольховск", "Усть-Ольховска", "ust-olhovsk", "Усть-Ольховский", 6, 4, 2, 1),
    _district("Берёзоключевский", "с.", "Берёзовый Ключ", "berezoklyuchevskiy"),
    _district("Быстроречский", "п.", "Быстроречье", "bystrorechskiy"),
    _district("Верхнелуговский", "с.", "Верхние Луга", "verhnelugovskiy"),
    _district("Вишнеярский", "с.", "Вишнёвый Яр", "vishneyarskiy"),
    _district("Глубокоозёрский", "п.", "Глубокоозёрье", "glubokoozerskiy"),
    _district("Дубравинский", "г.", "Дубравинск", "dubravinskiy", "Дубравинска"),
    _district("Журавлинский", "с.", "Журавлино", "zhuravlinskiy"),
    _district("Зеленополянский", "п.", "Зелёная Поляна", "zelenopolyanskiy"),
    _district("Златоключевский", "с.", "Златоключье", "zlatoklyuchevskiy"),
    _district("Калиноборский", "с.", "Калиновый Бор", "kalinoborskiy"),
    _district("Камышеозёрский", "с.", "Камышеозёрье", "kamysheozerskiy"),
    _district("Кедроярский", "п.", "Кедровый Яр", "kedroyarskiy"),
    _district("Ковылинский", "с.", "Ковылино", "kovylinskiy"),
    _district("Краснолесский", "г.", "Краснолесск", "krasnolesskiy", "Краснолесска"),
    _district("Липоборский", "с.", "Липовый Бор", "lipoborskiy"),
    _district("Малиноборский", "с.", "Малиновый Бор", "malinoborskiy"),
    _district("Медоозёрский", "с.", "Медовое Озеро", "medoozerskiy"),
    _district("Новоручейский", "п.", "Новый Ручей", "novorucheyskiy"),
    _district("Ольхоречский", "с.", "Ольховая Речка", "olhorechskiy"),
    _district("Перелесинский", "с.", "Перелесино", "perelesinskiy"),
    _district("Полынновский", "с.", "Полынное", "polynnovskiy"),
    _district("Ракитноярский", "с.", "Ракитный Яр", "rakitnoyarskiy"),
    _district("Светлоозёрский", "г.", "Светлоозёрск", "svetloozerskiy", "Светлоозёрска"),
    _district("Синелуговский", "с.", "Синие Луга", "sinelugovskiy"),
    _district("Тихоборский", "с.", "Тихий Бор", "tihoborskiy"),
    _district("Туманогорский", "п.", "Туманогорье", "tumanogorskiy"),
)

VILLAGES = tuple(
    Place("с.", f"{stem}{end} {noun}", f"{stem}{end} {noun}")
    for end, nouns in (
        ("ый", ("Брод", "Лог", "Дол", "Родник", "Холм")),
        ("ая", ("Горка", "Заводь", "Роща", "Слободка", "Падь")),
    )
    for noun in nouns
    for stem in (
        *("Стар", "Каменн", "Песчан", "Солнечн", "Рябинов"),
        *("Тёпл", "Ясн", "Тенист", "Камышов", "Серебрян"),
    )
)

KINDERGARTENS = (
    *("Ласточка", "Ручеёк", "Ромашка", "Солнышко", "Теремок", "Колокольчик", "Сказка", "Радуга"),
    *("Берёзка", "Росинка", "Золотой ключик", "Светлячок", "Родничок", "Улыбка", "Василёк"),
    *("Малышок", "Звёздочка", "Кораблик", "Аистёнок", "Рябинка", "Журавушка", "Капелька"),
)
SUPPLEMENTARY = (
    ("Дом детского творчества", "dom-tvorchestva"),
    ("Детская школа искусств", "shkola-iskusstv"),
    ("Спортивная школа", "sport"),
    ("Станция юных натуралистов", "naturalisty"),
    ("Центр технического творчества", "tehnika"),
)
VOCATIONAL = (
    ("педагогический колледж", "pedkolledzh"),
    ("аграрный техникум", "agro"),
    ("медицинский колледж", "medkolledzh"),
    ("политехнический техникум", "politeh"),
)
STREETS = (
    *("Школьная", "Садовая", "Молодёжная", "Центральная", "Лесная"),
    *("Набережная", "Полевая", "Новая", "Зелёная", "Солнечная"),
)
