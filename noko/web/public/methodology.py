"""The methodology, printed from the edition itself: what is shown is what calculates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from noko.core.editions import Edition
from noko.queries.edition import edition_codes, get_edition, worked_cases
from noko.templatetags.russian import score
from noko.web.public.page import HOME, public_page
from noko.web.public.website import regimes

REFUSED = "отказ: данные не принимаются"


@public_page
def editions(request: HttpRequest) -> HttpResponse:
    known = [get_edition(code) for code in edition_codes()]
    known.sort(key=lambda edition: edition.valid_from, reverse=True)
    context = {
        "section": "methodology",
        "editions": known,
        "regimes": regimes(),
        "breadcrumb": [HOME],
    }
    return render(request, "public/methodology.html", context)


@public_page
def edition(request: HttpRequest, code: str) -> HttpResponse:
    if code not in edition_codes():
        raise Http404("Такой редакции методики нет.")
    shown = get_edition(code)
    return render(
        request,
        "public/edition.html",
        {
            "section": "methodology",
            "edition": shown,
            "heading": f"Методика: {shown.short}",
            "collected": _inputs(shown),
            "cases": _cases(code),
            "unverified": unverified(shown),
            "breadcrumb": [HOME, ("Методика", "/methodology/")],
        },
    )


def _inputs(shown: Edition) -> list[tuple[str, list[Any]]]:
    """Primary figures by how they are collected."""
    kinds = (("inspection", "Осмотр сайта, стендов и здания"), ("survey", "Опрос"))
    return [
        (title, [item for item in shown.inputs if item.collected == kind]) for kind, title in kinds
    ]


def unverified(shown: Edition) -> list[tuple[str, str]]:
    """Rules not yet compared with the official text: what, and which point."""
    named: list[tuple[str, Any]] = [(f"Критерий {c.code}", c.basis) for c in shown.criteria]
    named += [(f"Показатель {i.code}", i.basis) for i in shown.indicators]
    named += [("Итог", shown.total.basis), ("Объём выборки", shown.sample.basis)]
    named += [(f"Перечень «{item.title}»", item.basis) for item in shown.checklists]
    named += [
        (f"Вопрос {q.id.removeprefix('q')} анкеты", q.basis) for q in shown.questionnaire.questions
    ]
    return [
        (what, " ".join(filter(None, (shown.act_by_id[basis.act].short, basis.point))))
        for what, basis in named
        if not basis.evidence.verified
    ]


@cache
def _cases(code: str) -> list[dict[str, Any]]:
    """Worked cases ready to print; they change only with the program."""
    shown = get_edition(code)
    first: Mapping[str, Any] = {}
    cases = []
    for case in worked_cases(code):
        given: Mapping[str, Any] = case["given"]
        cases.append(
            {
                "name": case["name"],
                "act": case["act"],
                "settings": list(_settings(shown, case)),
                "given": [_figure(shown, symbol, value) for symbol, value in given.items()],
                "changed": _changed(shown, first, given),
                "expected": list(_expected(case)),
                "result": _result(case),
            }
        )
        first = first or given
    return cases


def _figure(shown: Edition, symbol: str, value: object) -> tuple[str, str, str]:
    item = shown.input_by_symbol[symbol]
    return item.official or symbol, item.name, score(str(value))


def _changed(
    shown: Edition, first: Mapping[str, Any], given: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """What differs from the first case, where only a few figures do."""
    changed = [
        _figure(shown, symbol, value)
        for symbol, value in given.items()
        if first.get(symbol, 0) != value
    ]
    return changed if len(changed) <= 6 else []


def _settings(shown: Edition, case: Mapping[str, Any]) -> Iterator[str]:
    if code := case.get("rounding"):
        yield f"округление: {shown.rounding(code).title}"
    for name, choice in case.get("policies", {}).items():
        policy = shown.policy_by_code[name]
        yield f"{policy.title.lower()}: {policy.title_of(choice)}"


def _expected(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "refused" in case:
        yield "Результат", REFUSED
        return
    expected = case["expected"]
    for code, value in expected.get("indicators", {}).items():
        yield f"П{code}", score(value)
    for code, value in expected.get("criteria", {}).items():
        yield f"К{code}", score(value)
    if "total" in expected:
        yield "Итог", score(expected["total"])
    if "level" in expected:
        yield "Уровень", expected["level"]


def _result(case: Mapping[str, Any]) -> str:
    """What stands beside the name of a case: the total, or that the data are refused."""
    if "refused" in case:
        return "отказ"
    expected = case["expected"]
    return score(expected["total"]) if "total" in expected else ""
