"""The methodology as a manual: one Markdown page made from an edition and its worked cases.

Nothing on the page is written by hand, so it cannot disagree with what is calculated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from noko.core.editions import (
    EVIDENCE_TITLES,
    Basis,
    Checklist,
    Criterion,
    Edition,
    Indicator,
    Question,
)
from noko.documents.methodology_cases import Case, worked
from noko.queries.edition import edition_codes, get_edition, worked_cases


def write_manual(folder: Path) -> list[Path]:
    """Writes the page of every edition and their list into ``folder``; returns what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in manual().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def manual() -> dict[str, str]:
    """File name → text of every page of the manual."""
    codes = edition_codes()
    pages = {
        f"{code}.md": methodology_page(get_edition(code), worked_cases(code)) for code in codes
    }
    return {"README.md": _contents([get_edition(code) for code in codes]), **pages}


def methodology_page(edition: Edition, cases: Sequence[Case]) -> str:
    """The whole page of one edition."""
    parts = [
        *_head(edition),
        *_acts(edition),
        *_inputs(edition),
        *_criteria(edition),
        *_choices(edition),
        *_collection(edition),
        *worked(edition, cases),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _contents(editions: Sequence[Edition]) -> str:
    rows = [
        (f"[{e.title}]({e.code}.md)", _period(e.valid_from, e.valid_to), f"`{e.code}`")
        for e in editions
    ]
    lines = [
        "# Методика",
        "",
        "Страницы составлены программой из файлов редакций (`noko/rules/editions`): по тем же"
        " файлам выполняется расчёт. Чтобы обновить страницы, выполните `make docs`.",
        "",
        *_table(("Редакция", "Действует", "Код"), rows),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(edition: Edition) -> Iterator[str]:
    yield f"# {edition.title}"
    yield ""
    period = _period(edition.valid_from, edition.valid_to)
    yield f"Код редакции – `{edition.code}`. Действует {period}."
    yield "Страница составлена программой из файлов редакции; обновить её – `make docs`."
    yield ""
    if edition.warnings:
        yield "**Обратите внимание**"
        yield ""
        yield from (f"- {warning}" for warning in edition.warnings)
        yield ""
    yield "У каждого правила названо основание и то, насколько оно установлено."
    yield "Знаком ⚠ отмечено то, что перед применением нужно сверить с текстом акта."
    yield ""


def _acts(edition: Edition) -> Iterator[str]:
    yield "## Акты"
    yield ""
    rows = [(act.short, act.title, _evidence(act.evidence), act.note) for act in edition.acts]
    yield from _table(("Акт", "Название", "Насколько установлено", "Примечание"), rows)


def _inputs(edition: Edition) -> Iterator[str]:
    yield "## Исходные величины"
    yield ""
    collected = {"inspection": "осмотр", "survey": "опрос"}
    kinds = {"count": "количество", "points": "баллы", "percent": "процент", "mark": "отметка"}
    rows = [
        (
            f"`{item.symbol}`",
            item.official,
            item.name,
            kinds[item.kind],
            collected[item.collected],
            f"не больше `{item.at_most}`" if item.at_most else _limit(item.maximum),
        )
        for item in edition.inputs
    ]
    head = ("Обозначение", "В акте", "Что это", "Вид", "Откуда", "Ограничение")
    yield from _table(head, rows)


def _limit(maximum: int | None) -> str:
    return "" if maximum is None else f"не больше {maximum}"


def _criteria(edition: Edition) -> Iterator[str]:
    yield "## Критерии и показатели"
    yield ""
    total = edition.total
    yield f"**{total.name}** (до {total.maximum}): {total.text}. {_basis(edition, total.basis)}"
    yield ""
    for criterion in edition.criteria:
        yield from _criterion(edition, criterion)


def _criterion(edition: Edition, criterion: Criterion) -> Iterator[str]:
    yield f"### {criterion.code}. {criterion.name}"
    yield ""
    yield f"{criterion.key} (до {criterion.maximum}) = {criterion.text}."
    yield _basis(edition, criterion.basis)
    yield ""
    for indicator in criterion.indicators:
        yield from _indicator(edition, indicator)


def _indicator(edition: Edition, indicator: Indicator) -> Iterator[str]:
    yield f"#### {indicator.code}. {indicator.name}"
    yield ""
    symbol = f"{indicator.symbol} = " if indicator.symbol else ""
    yield f"- Расчёт: {symbol}{indicator.formula.text}"
    inputs = ", ".join(f"`{symbol}`" for symbol in dict.fromkeys(indicator.formula.inputs))
    yield f"- Величины: {inputs}"
    weight = _exact(indicator.weight)
    yield f"- Наибольшее значение {indicator.maximum} ({indicator.unit}), вес {weight}"
    policy = edition.policy_by_code[indicator.missing]
    yield f"- Если данных нет: {policy.title_of(policy.default)}"
    yield f"- {_basis(edition, indicator.basis)}"
    yield from (f"- {note}" for note in indicator.notes)
    yield ""


def _choices(edition: Edition) -> Iterator[str]:
    yield "## Округление"
    yield ""
    yield "Округление – половина вверх, один раз на каждом уровне, где его требует правило."
    yield ""
    for rounding in edition.roundings:
        mark = " – **по умолчанию**" if rounding.code == edition.default_rounding else ""
        yield f"- `{rounding.code}`: {rounding.title}{mark}. {_basis(edition, rounding.basis)}"
    yield ""
    yield "## Крайние случаи"
    yield ""
    for policy in edition.policies:
        yield f"### {policy.title}"
        yield ""
        for choice in policy.choices:
            mark = " – **по умолчанию**" if choice.code == policy.default else ""
            yield f"- `{policy.code}={choice.code}`: {choice.title}{mark}"
        yield ""
        yield _basis(edition, policy.basis)
        yield ""
    yield from _places_and_levels(edition)


def _places_and_levels(edition: Edition) -> Iterator[str]:
    yield "## Места и словесные уровни"
    yield ""
    rule = "1, 2, 2, 4" if edition.default_ties == "competition" else "1, 2, 2, 3"
    yield f"Равные опубликованные итоги делят место: {rule}. {_basis(edition, edition.ties_basis)}"
    yield ""
    for levels in edition.levels:
        mark = " – **по умолчанию**" if levels.code == edition.default_levels else ""
        words = "; ".join(
            f"{band.word} – выше {band.above} %" if band.above else f"{band.word} – остальное"
            for band in levels.bands
        )
        yield f"- {levels.title}{mark}: {words}. {_basis(edition, levels.basis)}"
    yield ""


def _collection(edition: Edition) -> Iterator[str]:
    sample = edition.sample
    yield "## Выборка"
    yield ""
    yield (
        f"Опрашивают {_percent(sample.share)} получателей услуг, но не больше {sample.maximum} в"
        " одной организации. Если получателей не больше"
        f" {sample.everyone_up_to}, советуем опросить всех."
    )
    yield _basis(edition, sample.basis)
    yield ""
    form = edition.questionnaire
    yield f"## {form.title}"
    yield ""
    yield f"> {form.preamble}"
    yield ""
    if form.levels:
        for number, level in enumerate(form.levels, start=1):
            yield f"- {number} – {level.label} ({_exact(level.value)})"
        yield ""
    rows = [_question(edition, question) for question in form.questions]
    yield from _table(("№", "Вопрос", "Кому", "Что даёт", "Основание"), rows)
    for checklist in edition.checklists:
        yield from _checklist(edition, checklist)


def _question(edition: Edition, question: Question) -> tuple[str, ...]:
    condition = question.show_if
    return (
        f"`{question.id}`",
        question.text,
        f"если `{condition.question}` = {condition.answer}" if condition else "всем",
        ", ".join(f"`{symbol}`" for symbol in (question.satisfied, question.asked) if symbol),
        _evidence(question.basis.evidence),
    )


def _checklist(edition: Edition, checklist: Checklist) -> Iterator[str]:
    yield f"## Перечень: {checklist.title}"
    yield ""
    counts = [f"`{symbol}`" for symbol in (checklist.present, checklist.applicable) if symbol]
    if counts:
        yield f"Даёт {', '.join(counts)}."
    yield _basis(edition, checklist.basis)
    yield ""
    for number, item in enumerate(checklist.items, start=1):
        applies = f" ({', '.join(item.applies_to)})" if item.applies_to else ""
        yield f"{number}. {item.name}{applies}"
    yield ""


def _basis(edition: Edition, basis: Basis) -> str:
    """The act, the point, and how well the rule is established."""
    act = edition.act_by_id[basis.act].short
    found = f"{act}, {basis.point}" if basis.point else act
    evidence = _evidence(basis.evidence)
    # Of a rule of our own the label already says whose it is.
    if not evidence.startswith(found):
        evidence = f"{found}; {evidence}"
    note = f" ({basis.note})" if basis.note and basis.note not in evidence else ""
    return f"Основание: {evidence}{note}."


def _evidence(evidence: Any) -> str:
    return ("" if evidence.verified else "⚠ ") + EVIDENCE_TITLES[evidence]


def _exact(value: object) -> str:
    text = str(value)
    if "/" in text:
        numerator, denominator = (int(part) for part in text.split("/"))
        exact = numerator * 1000 / denominator
        text = f"{numerator / denominator:g}" if exact == int(exact) else text
    return text.replace(".", ",")


def _percent(share: Any) -> str:
    return f"{_exact(share * 100)} %"


def _period(start: date | None, end: date | None) -> str:
    since = f"с {start:%d.%m.%Y}" if start else ""
    return f"{since} по {end:%d.%m.%Y}" if end else since


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
    yield ""
