"""A stage of a cycle: an item of ``components/timeline.html`` made by :func:`stage`.

Every subject has a function ``cycle → stage`` in a module of its own and names it in
:mod:`noko.web.office.stages`.
"""

from __future__ import annotations

from typing import Any

Stage = dict[str, Any]


def stage(
    title: str, state: str = "", word: str = "", text: str = "", *, url: str = "", link: str = ""
) -> Stage:
    """``state``: done, underway, warning, overdue or empty; ``word`` says it, ``text`` explains."""
    return {
        "title": title,
        "state": state,
        "word": word,
        "text": text,
        "url": url,
        "link": link,
    }
