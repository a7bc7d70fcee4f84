"""The report on a site: as data, as lines of a table, as a page to print or send."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from noko.core.editions import EVIDENCE_TITLES
from noko.core.websites.counts import SiteCounts
from noko.core.websites.findings import Defect, Finding, Inspection, Status
from noko.core.websites.rules import TYPE_TITLES
from noko.core.websites.wording import finding_words
from noko.core.websites.wording_defects import REMARKS, defect_words

HEADERS = ["Подраздел", "Сведения", "Вывод", "Что видно", "Что сделать", "Основание"]
DEFECT_HEADERS = ["Недостаток", "Где", "Что видно", "Что сделать"]
ORDER = (Status.ABSENT, Status.UNCHECKED, Status.FOUND)


def finding_rows(inspection: Inspection) -> list[list[str]]:
    """Every item that is asked for, in the order of the subsections."""
    rows = []
    for finding in (*inspection.findings, *_settled_beside(inspection)):
        if finding.status is Status.NOT_APPLICABLE:
            continue
        words = finding_words(finding, inspection)
        title = inspection.regime.subsection_of[finding.item.code].title
        cure = f"{words.cure} Пример: {words.example}" if words.example else words.cure
        rows.append([title, words.title, words.status, words.seen, cure, words.basis])
    return rows


def screen_lines(inspection: Inspection, width: int) -> list[str]:
    """The same for a narrow screen: by subsections, what is wrong with its cure, no examples."""
    lines, last = [], ""
    for finding in (*inspection.findings, *_settled_beside(inspection)):
        if finding.status is Status.NOT_APPLICABLE:
            continue
        title = inspection.regime.subsection_of[finding.item.code].title
        if title != last:
            lines += ["", *folded(title.upper(), width)]
            last = title
        words = finding_words(finding, inspection)
        lines += folded(f"{words.title} – {words.status}", width, 2)
        lines += folded(words.seen, width, 6)
        if words.cure and finding.status is not Status.FOUND:
            lines += folded(f"{words.cure} ({words.basis})", width, 6)
    return lines


def screen_defects(defects: Sequence[Defect], inspection: Inspection, width: int) -> list[str]:
    """What to mend besides, for a narrow screen."""
    lines = ["", "ЧТО ИСПРАВИТЬ, КРОМЕ ЭТОГО"] if defects else []
    for title, where, seen, cure in defect_rows(defects, inspection):
        lines += folded(f"{title} – {where}", width, 2)
        lines += folded(f"{seen} {cure}", width, 6)
    return lines


def folded(text: str, width: int, indent: int = 0) -> list[str]:
    """The text in lines no wider than the screen."""
    margin = " " * indent
    return wrap(
        text, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
    )


def _settled_beside(inspection: Inspection) -> list[Finding]:
    """What is beside the order's items is told only where something is known of it."""
    known = (Status.FOUND, Status.ABSENT)
    return [finding for finding in inspection.beside if finding.status in known]


def defect_rows(defects: Sequence[Defect], inspection: Inspection) -> list[list[str]]:
    rows = []
    for defect in defects:
        words = defect_words(defect, inspection.regime)
        rows.append([words.title, words.where, words.seen, words.cure])
    return rows


def summary(inspection: Inspection, counts: Sequence[SiteCounts]) -> list[str]:
    """The sentences that a reader takes away."""
    found, absent, unchecked = (len(inspection.of_status(status)) for status in (
        Status.FOUND, Status.ABSENT, Status.UNCHECKED,
    ))  # fmt: skip
    official = sum(finding.official for finding in inspection.findings)
    lines = [
        f"Найдено: {found}, отсутствует: {absent}, проверить не удалось: {unchecked}.",
        f"По одним микроданным (официальный алгоритм) засчиталось бы: {official}.",
        f"Правила: {inspection.regime.short} на {inspection.on:%d.%m.%Y}, "
        f"организация {TYPE_TITLES[inspection.type]}.",
    ]
    for count in counts:
        lines.append(
            f"Для редакции {count.edition}: {count.present} из {count.applicable}"
            f" (не проверено: {count.unchecked}; {EVIDENCE_TITLES[count.basis.evidence]})."
        )
    if inspection.channels:
        lines.append(
            "Способы связи на сайте: "
            + ", ".join(CHANNEL_TITLES[channel.value] for channel in inspection.channels)
            + ". Работают ли они, проверяет человек."
        )
    return lines


CHANNEL_TITLES = {
    "phone": "телефон",
    "email": "электронная почта",
    "eservices": "электронное обращение",
    "faq": "частые вопросы",
    "survey": "опрос о качестве",
}


def as_data(inspection: Inspection, counts: Sequence[SiteCounts]) -> dict[str, Any]:
    """Everything as plain JSON values."""
    return {
        "regime": inspection.regime.code,
        "rules_digest": inspection.regime.digest,
        "type": inspection.type.value,
        "on": inspection.on.isoformat(),
        "pages": list(inspection.pages),
        "counts": [
            {
                "edition": count.edition,
                "present": count.present,
                "applicable": count.applicable,
                "unchecked": count.unchecked,
            }
            for count in counts
        ],
        "findings": [_finding(finding, inspection) for finding in inspection.findings],
        "beside": [_finding(finding, inspection) for finding in inspection.beside],
        "defects": [_defect(defect, inspection) for defect in inspection.defects],
        "channels": {
            channel.value: {"page": seen.page, "place": seen.place, "excerpt": seen.excerpt}
            for channel, seen in inspection.channels.items()
        },
        "special_version": inspection.special_version is not None,
        "failures": [
            {"address": failure.address, "reason": failure.reason.value, "detail": failure.detail}
            for failure in inspection.failures
        ],
    }


def _finding(finding: Finding, inspection: Inspection) -> dict[str, Any]:
    words = finding_words(finding, inspection)
    return {
        "code": finding.item.code,
        "subsection": inspection.regime.subsection_of[finding.item.code].code,
        "name": finding.item.name,
        "status": finding.status.value,
        "seen": finding.seen.value,
        "official_markup": finding.official,
        "says_none": finding.negative,
        "basis": words.basis,
        "evidence_label": finding.item.basis.evidence.value,
        "reason": finding.failure.reason.value
        if finding.failure
        else (finding.reason.value if finding.reason else ""),
        "words": {"where": words.where, "seen": words.seen, "cure": words.cure},
        "example": words.example,
        "evidence": [
            {
                "page": seen.page,
                "place": seen.place,
                "excerpt": seen.excerpt,
                "by": seen.by,
                "markup": seen.markup,
                "elsewhere": seen.elsewhere,
            }
            for seen in finding.evidence
        ],
    }


def _defect(defect: Defect, inspection: Inspection) -> dict[str, Any]:
    words = defect_words(defect, inspection.regime)
    return {
        "kind": defect.kind.value,
        "page": defect.page,
        "subject": defect.subject,
        "right": defect.right,
        "item": defect.item,
        "times": defect.times,
        "remark": defect.kind in REMARKS,
        "words": {"where": words.where, "seen": words.seen, "cure": words.cure},
    }


def website_html(inspection: Inspection, counts: Sequence[SiteCounts], title: str) -> str:
    """The report as one self-contained page. Django must be set up."""
    from django.template.loader import render_to_string

    groups = []
    told = (*inspection.findings, *_settled_beside(inspection))
    for subsection in inspection.regime.judged:
        codes = {item.code for item in subsection.items}
        findings = [
            (finding, finding_words(finding, inspection))
            for finding in told
            if finding.item.code in codes and finding.status is not Status.NOT_APPLICABLE
        ]
        findings.sort(key=lambda pair: ORDER.index(pair[0].status))
        if findings:
            groups.append((subsection, findings))
    serious = [defect for defect in inspection.defects if defect.kind not in REMARKS]
    remarks = [defect for defect in inspection.defects if defect.kind in REMARKS]
    context = {
        "title": title,
        "inspection": inspection,
        "summary": summary(inspection, counts),
        "groups": groups,
        "defects": [defect_words(defect, inspection.regime) for defect in serious],
        "remarks": [defect_words(defect, inspection.regime) for defect in remarks],
    }
    return render_to_string("documents/website.html", context)
