"""Published files: what a release has written is served without asking Django.

A release is a folder of files that never change, and ``<files>/published/current`` is a link to
the newest one, swapped in one step. A GET or HEAD without a query is looked up in a table of the
release's files, made once for each release; reading the link is the whole price of noticing a
new one.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from whitenoise import WhiteNoise

Environment = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environment, StartResponse], Iterable[bytes]]


class PublishedFiles:
    """Serves ``published/current`` and passes everything else on."""

    def __init__(self, application: Application, published: Path, *, policy: str) -> None:
        self.application = application
        self.link = published / "current"
        self.policy = policy
        self._lock = Lock()
        self._target = ""
        self._files: Application = application

    def __call__(self, environ: Environment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("QUERY_STRING"):
            return self.application(environ, start)
        return self._current()(environ, start)

    def _current(self) -> Application:
        try:
            target = os.readlink(self.link)  # noqa: PTH115 (a third of the price of Path)
        except OSError:
            return self.application
        if target != self._target:
            with self._lock:
                if target != self._target:
                    self._files, self._target = self._table(target), target
        return self._files

    def _table(self, target: str) -> Application:
        root = self.link.parent / target
        return WhiteNoise(
            self.application,
            root=root,
            index_file=True,
            max_age=60,
            add_headers_function=self._headers,
        )

    def _headers(self, headers: Any, path: str, url: str) -> None:
        headers["Content-Security-Policy"] = self.policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"
