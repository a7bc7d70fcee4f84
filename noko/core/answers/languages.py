"""Languages that a questionnaire may be asked in: code (BCP 47) → Russian name, own name.

State languages of the republics, languages of the peoples of Russia with schools of their own, and
those that many parents speak at home. The own name can be changed on the page.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, tuple[str, str]] = {
    "av": ("аварский", "Авар мацӀ"),
    "ady": ("адыгейский", "Адыгабзэ"),
    "az": ("азербайджанский", "Azərbaycanca"),
    "alt": ("алтайский", "Алтай тил"),
    "en": ("английский", "English"),
    "hy": ("армянский", "Հայերեն"),
    "ba": ("башкирский", "Башҡортса"),
    "bxr": ("бурятский", "Буряад"),
    "dar": ("даргинский", "Дарган мез"),
    "inh": ("ингушский", "ГӀалгӀай мотт"),
    "kbd": ("кабардино-черкесский", "Адыгэбзэ"),
    "kk": ("казахский", "Қазақша"),
    "xal": ("калмыцкий", "Хальмг келн"),
    "krc": ("карачаево-балкарский", "Къарачай-малкъар тил"),
    "ky": ("киргизский", "Кыргызча"),
    "kv": ("коми", "Коми"),
    "koi": ("коми-пермяцкий", "Перем коми"),
    "crh": ("крымскотатарский", "Къырымтатарджа"),
    "kum": ("кумыкский", "Къумукъ тил"),
    "lbe": ("лакский", "Лакку маз"),
    "lez": ("лезгинский", "Лезги чӀал"),
    "mhr": ("марийский (луговой)", "Олык марий"),
    "mrj": ("марийский (горный)", "Кырык мары"),
    "mdf": ("мокшанский", "Мокшень кяль"),
    "nog": ("ногайский", "Ногай тили"),
    "os": ("осетинский", "Ирон"),
    "tab": ("табасаранский", "Табасаран чӀал"),
    "tg": ("таджикский", "Тоҷикӣ"),
    "tt": ("татарский", "Татарча"),
    "tyv": ("тувинский", "Тыва дыл"),
    "udm": ("удмуртский", "Удмурт"),
    "uz": ("узбекский", "Oʻzbekcha"),
    "uk": ("украинский", "Українська"),
    "kjh": ("хакасский", "Хакас тілі"),
    "ce": ("чеченский", "Нохчийн"),
    "cv": ("чувашский", "Чӑвашла"),
    "myv": ("эрзянский", "Эрзянь кель"),
    "sah": ("якутский", "Саха тыла"),
}


def title_of(code: str, name: str) -> str:
    """«татарский (Татарча)»; a language that is not known goes by the name that it was given."""
    known = LANGUAGES.get(code)
    return f"{known[0]} ({name})" if known else name
