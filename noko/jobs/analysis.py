"""The analytical report of a calculation: made when it is asked for, from the frozen data set."""

from __future__ import annotations

from collections.abc import Mapping

from noko.core.analysis import Analysis, analyse
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import Scores
from noko.documents.analysis import Heading, analysis_files
from noko.exchange.dataset import Package, package_marks
from noko.exchange.delivery import respondents
from noko.jobs.rating import open_dataset, scores_of
from noko.models import Calculation
from noko.templatetags.russian import long_date


def analysis_of(package: Package, scores: Scores) -> Analysis:
    """What the report says of the package, in the order of its organisations."""
    return analyse(
        scores,
        all_places(scores),
        ids=[item.id for item in package.organisations],
        marks=package_marks(package),
        recipients=[item.recipients for item in package.organisations],
        respondents=respondents(package, scores.counts),
    )


def calculation_report(calculation: Calculation, *, operator: str = "") -> Mapping[str, bytes]:
    """``otchet.docx`` and ``otchet.pdf`` of a calculation that is done."""
    package = open_dataset(calculation.dataset)
    scores = scores_of(calculation, package)
    frozen = long_date(calculation.dataset.frozen_at)
    heading = Heading(
        title="Аналитический отчёт по результатам сбора и обобщения информации о качестве условий"
        " осуществления образовательной деятельности",
        operator=operator,
        period=calculation.cycle.title,
        dataset=f"№ {calculation.dataset.number} от {frozen}, {package.digest[:12]}…",
        invented=calculation.cycle.invented,
    )
    return analysis_files(scores, all_places(scores), analysis_of(package, scores), heading)
