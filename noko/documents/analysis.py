"""The operator's analytical report as DOCX and PDF, and the report of one organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from noko.core.analysis import Analysis, CriterionView, GroupView, Shortcomings
from noko.core.editions import Edition
from noko.core.scoring.publishing import AllPlaces, verbal_level
from noko.core.scoring.scores import Scores
from noko.documents.charts import Chart, bars, columns
from noko.documents.docx import fill
from noko.documents.pdf import typeset
from noko.documents.wording import INVENTED
from noko.models.organisation import OrganisationType
from noko.templatetags.russian import counted, number_text, score, share

TEMPLATE, ONE = "analysis", "organisation_report"
STEPS = 10
"""Columns of the distribution of totals."""
MOST_FREQUENT = 15


@dataclass(frozen=True, slots=True)
class Heading:
    """What the title page says. ``invented``: the data are of a demonstration."""

    title: str
    operator: str
    period: str
    dataset: str
    invented: bool = False


def analysis_files(
    scores: Scores, places: AllPlaces, analysis: Analysis, heading: Heading
) -> dict[str, bytes]:
    """«analytical report» as ``otchet.docx`` and ``otchet.pdf``; the same data, the same bytes."""
    charts = _charts(scores, analysis)
    data = report_data(scores, places, analysis, heading) | {"charts": True}
    data |= {f"alt_{name}": chart.alt for name, chart in charts.items()}
    return {
        "otchet.docx": fill(
            TEMPLATE, data, pictures={f"chart_{n}": chart.png for n, chart in charts.items()}
        ),
        "otchet.pdf": typeset(
            TEMPLATE, data, pictures={f"{n}.svg": chart.svg for n, chart in charts.items()}
        ),
    }


def organisation_files(
    scores: Scores, places: AllPlaces, analysis: Analysis, heading: Heading, index: int
) -> dict[str, bytes]:
    """The report of the organisation ``index`` as ``otchet.docx`` and ``otchet.pdf``."""
    data = organisation_data(scores, places, analysis, heading, index)
    return {"otchet.docx": fill(ONE, data), "otchet.pdf": typeset(ONE, data)}


def organisation_data(
    scores: Scores, places: AllPlaces, analysis: Analysis, heading: Heading, index: int
) -> dict[str, Any]:
    """Every field of the template of one organisation; means are over all organisations rated."""
    counts, asked = scores.counts, _asked(analysis.sample[index])
    facts = [["Муниципалитет", counts.municipalities[index]]] if counts.municipalities else []
    facts += [
        ["Опрошено", f"{asked['respondents']} из {asked['recipients']}"],
        ["Оператор", heading.operator or "не указан"],
        ["Набор данных", heading.dataset],
    ]
    return {
        "title": "Отчёт о качестве условий осуществления образовательной деятельности",
        "name": counts.organisations[index],
        "subtitle": heading.period,
        "notice": INVENTED if heading.invented else "",
        "footer": f"Составлено программой НОКО по набору данных {heading.dataset}",
        "result": _result(scores, places, index),
        "facts": facts,
        "criteria": [
            {
                "code": view.code,
                "name": view.name,
                "value": score(scores.criteria[view.code].text(index)),
                "mean": score(view.mean),
                "maximum": number_text(view.maximum),
            }
            for view in analysis.criteria
        ],
        "indicators": [
            {
                "code": code,
                "name": name,
                "value": score(scores.indicators[code].text(index)),
                "mean": score(mean),
                "maximum": number_text(analysis.maximum_of(code)),
            }
            for view in analysis.criteria
            for code, name, mean in view.indicators
        ],
        "shortcomings": shortcoming_texts(analysis.shortcomings[index]),
    }


def report_data(
    scores: Scores, places: AllPlaces, analysis: Analysis, heading: Heading
) -> dict[str, Any]:
    """Every field of the template; numbers are written as people read them."""
    edition = analysis.edition
    return {
        "title": heading.title,
        "operator": heading.operator,
        "subtitle": heading.period,
        "notice": INVENTED if heading.invented else "",
        "footer": f"Составлено программой НОКО по набору данных {heading.dataset}",
        "introduction": _introduction(edition),
        "facts": _facts(scores, analysis, heading),
        "instruments": _instruments(edition),
        "sample": [_asked(item) for item in analysis.sample],
        "inspection": _inspection(edition),
        "frequent": [
            {
                "checklist": checklist,
                "item": item,
                "absent": number_text(absent),
                "applied": number_text(applied),
            }
            for checklist, item, absent, applied in analysis.frequent[:MOST_FREQUENT]
        ],
        "criteria": [_criterion(view) for view in analysis.criteria],
        "keys": ", ".join(view.code for view in analysis.criteria),
        "rating": [_rated(scores, places, index) for index in analysis.order],
        "types": [_group(view, OrganisationType) for view in analysis.types],
        "municipalities": [_group(view) for view in analysis.municipalities],
        "conclusions": _conclusions(analysis),
        "organisations": [
            _organisation(scores, places, index, analysis.shortcomings[index])
            for index in analysis.order
        ],
        "charts": False,
        "alt_criteria": "",
        "alt_totals": "",
    }


def _introduction(edition: Edition) -> list[str]:
    tasks = "; ".join(
        f"{criterion.code}) {criterion.name[:1].lower()}{criterion.name[1:]}"
        for criterion in edition.criteria
    )
    acts = "; ".join(act.short for act in edition.acts if act.id.startswith(("law", "order")))
    return [
        "Цель – получить сведения о качестве условий, в которых организации ведут "
        "образовательную деятельность, и показать, что в них можно улучшить.",
        f"Задача – оценить организации по критериям: {tasks}.",
        "Объект – организации, которые утвердил общественный совет; предмет – условия "
        "образовательной деятельности в них.",
        f"Основание: {acts}.",
        "Работа шла по порядку: опрос получателей услуг, осмотр стендов, официальных сайтов и "
        "зданий, расчёт показателей и критериев, сравнение и выводы.",
    ]


def _facts(scores: Scores, analysis: Analysis, heading: Heading) -> dict[str, str]:
    asked = [item.respondents for item in analysis.sample if item.respondents is not None]
    mean = f"{score(analysis.total_mean)} из {analysis.edition.total.maximum}"
    return {
        "organisations": number_text(len(scores)),
        "municipalities": number_text(len(analysis.municipalities)),
        "respondents": number_text(sum(asked)) if asked else "нет данных",
        "mean": mean,
        "dataset": heading.dataset,
    }


def _instruments(edition: Edition) -> list[str]:
    questions = edition.questionnaire.closed
    filters = sum(1 for question in questions if question.role == "filter")
    closed = counted(len(questions), "закрытый вопрос,закрытых вопроса,закрытых вопросов")
    asked = f"{edition.questionnaire.title}: {closed}"
    if filters:
        deciding = counted(filters, "вопрос-фильтр,вопроса-фильтра,вопросов-фильтров")
        asked += f", из них {deciding}: по ответу на него решают, задавать ли следующий"
    part = share(edition.sample.share * 100)
    return [
        f"{asked}.",
        f"Нужно опросить {part} % получателей услуг организации, но не больше "
        f"{number_text(edition.sample.maximum)} человек.",
    ]


def _asked(item: Any) -> dict[str, str]:
    known = item.recipients and item.respondents is not None
    part = Fraction(100 * item.respondents, item.recipients) if known else None
    return {
        "name": item.name,
        "recipients": number_text(item.recipients),
        "required": number_text(item.required),
        "respondents": number_text(item.respondents),
        "share": "–" if part is None else f"{_tenths(part)} %",
    }


def _tenths(value: Fraction) -> str:
    """One decimal, half up."""
    whole = int(value * 10 + Fraction(1, 2))
    return f"{whole // 10},{whole % 10}"


def _inspection(edition: Edition) -> str:
    lists = "; ".join(
        f"«{item.title}» ({counted(len(item.items), 'пункт,пункта,пунктов')})"
        for item in edition.checklists
    )
    return f"Эксперты осматривали организации по перечням: {lists}."


def _criterion(view: CriterionView) -> dict[str, Any]:
    upper = {line.index for line in view.upper}
    extremes = [*view.upper, *(line for line in view.lower if line.index not in upper)]
    return {
        "title": f"Критерий {view.code}. {view.name}",
        "summary": f"Среднее {score(view.mean)} из {view.maximum}; "
        f"от {score(view.lowest)} до {score(view.highest)}. В таблице ниже – "
        "наибольшие и наименьшие значения.",
        "indicators": [
            {"code": code, "name": name, "mean": score(mean)}
            for code, name, mean in view.indicators
        ],
        "extremes": [
            {
                "place": str(line.place),
                "name": line.name,
                "municipality": line.municipality,
                "value": score(line.value),
            }
            for line in extremes
        ],
    }


def _rated(scores: Scores, places: AllPlaces, index: int) -> dict[str, str]:
    place = int(places["all"]["total"].place[index])
    values = [score(values.text(index)) for values in scores.criteria.values()]
    return {
        "place": str(place) if place else "–",
        "name": scores.counts.organisations[index],
        "criteria": "; ".join(values),
        "total": score(scores.total.text(index)),
    }


def _group(view: GroupView, titles: Any = None) -> dict[str, str]:
    known = titles and view.title in titles.values
    return {
        "title": str(titles(view.title).label) if known else view.title,
        "organisations": number_text(view.organisations),
        "criteria": "; ".join(score(value) for value in view.criteria.values()),
        "total": score(view.total),
    }


def _conclusions(analysis: Analysis) -> list[str]:
    lowest = "; ".join(
        f"«{view.name}» – {score(view.mean)} из {view.maximum}" for view in analysis.lowest_criteria
    )
    whole = [
        f"Средний итоговый балл – {score(analysis.total_mean)} из "
        f"{analysis.edition.total.maximum}.",
        f"Ниже остальных среднее по критериям: {lowest}.",
    ]
    if analysis.frequent:
        checklist, item, absent, applied = analysis.frequent[0]
        whole.append(
            f"Чаще всего не хватает одного: «{item}» ({checklist[:1].lower()}{checklist[1:]}) – "
            f"нет у {number_text(absent)} из {number_text(applied)}."
        )
    whole.append(
        "Ниже по каждой организации перечислены пункты, которых не нашли при осмотре, и "
        "показатели ниже 90 % наибольшего значения."
    )
    return whole


def _organisation(
    scores: Scores, places: AllPlaces, index: int, found: Shortcomings
) -> dict[str, Any]:
    return {
        "name": scores.counts.organisations[index],
        "result": _result(scores, places, index),
        "shortcomings": shortcoming_texts(found),
    }


def _result(scores: Scores, places: AllPlaces, index: int) -> str:
    """«Итог 92,88 из 100, «отлично»; 12-е место из 171 организации.»"""
    total = scores.total.text(index)
    if total is None:
        return "Итоговый балл не рассчитан: данных недостаточно."
    place = places["all"]["total"]
    among = counted(int(place.among[index]), "организации,организаций,организаций")
    level = verbal_level(scores, index)
    word = f", «{level}»" if level else ""
    return (
        f"Итог {score(total)} из {scores.edition.total.maximum}{word}; "
        f"{int(place.place[index])}-е место из {among}."
    )


def shortcoming_texts(found: Shortcomings) -> list[str]:
    """What an organisation lacks, sentence by sentence."""
    texts = [f"{title}: нет – {'; '.join(items)}." for title, items in found.absent]
    texts += [
        f"Показатель {code} «{name}» – {score(value)} из {maximum}."
        for code, name, value, maximum in found.low
    ]
    return texts or ["Недостатков не найдено."]


def _charts(scores: Scores, analysis: Analysis) -> Mapping[str, Chart]:
    known = [view for view in analysis.criteria if view.mean]
    largest = max((view.maximum for view in known), default=1)
    rows = [(f"{view.code}. {view.short}", float(view.mean), score(view.mean)) for view in known]
    listed = "; ".join(f"{name} – {text}" for name, _, text in rows)
    spread = _distribution(scores)
    counted_in = "; ".join(f"{name} – {number}" for name, number in spread)
    return {
        "criteria": bars(rows, maximum=largest, alt=f"Среднее по критериям: {listed}"),
        "totals": columns(
            spread, title="итоговый балл", alt=f"Распределение итоговых баллов: {counted_in}"
        ),
    }


def _distribution(scores: Scores) -> Sequence[tuple[str, int]]:
    """Intervals of a tenth of the maximum, from the lowest that is not empty."""
    width = max(1, scores.edition.total.maximum // STEPS)
    inside = Counter[int]()
    for index in range(len(scores)):
        text = scores.total.text(index)
        if text is not None:
            inside[min(int(Decimal(text) // width), STEPS - 1)] += 1
    if not inside:
        return []
    return [
        (f"{step * width}–{(step + 1) * width}", inside[step]) for step in range(min(inside), STEPS)
    ]
