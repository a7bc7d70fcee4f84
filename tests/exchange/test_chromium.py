"""Pages that are empty without JavaScript, drawn in a real Chromium that has no way out."""

import asyncio
import json
import os
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from noko.core.refusal import Refusal
from noko.core.websites.findings import Reason, Status
from noko.exchange.chromium import ChromiumError, Renderer, renderer_of
from noko.exchange.site_answers import Answer
from noko.exchange.warc import read_archive
from tests.exchange.site_server import Handler, serve
from tests.exchange.test_visitor import HOME, Pages, inspection, visit

SHELL = "<!DOCTYPE html><title>Школа</title><div id='app'></div><script src='/app.js'></script>"
SCRIPT = """
fetch('/api' + location.pathname).then(answer => answer.json()).then(data => {
  document.getElementById('app').innerHTML = data.html;
});
"""
COMMON = "<h1>Основные сведения</h1><p><b>Контактные телефоны:</b> +7 (000) 123-45-67</p>"
DOCUMENTS = "<h1>Документы</h1><p>Предписаний нет</p>"
HTML = {"content-type": "text/html; charset=utf-8"}


@pytest.fixture
def renderer() -> Renderer:
    """As the setting gives it; root, as which containers run tests, has no sandbox."""
    found = renderer_of(os.environ.get("NOKO_CHROMIUM") or "1", os.geteuid() != 0)
    assert found is not None
    return replace(found, seconds=30)


def data(html: str) -> object:
    body = json_of(html)
    return lambda handler: handler.answer(200, body, "application/json")


def json_of(html: str) -> bytes:
    return json.dumps({"html": html}).encode()


def pages(**more: object) -> Pages:
    script = lambda handler: handler.answer(200, SCRIPT.encode(), "text/javascript")  # noqa: E731
    return {
        "/": SHELL,
        "/sveden/common": SHELL,
        "/sveden/document": SHELL,
        "/app.js": script,
        "/api/": data("<a href='/sveden/common'>Основные сведения</a>"),
        "/api/sveden/common": data(COMMON),
        "/api/sveden/document": data(DOCUMENTS),
        **more,
    }  # type: ignore[dict-item]


def test_site_of_scripts_is_not_checked_without_a_browser(tmp_path):
    with serve(pages()) as served:
        result = visit(served, tmp_path).inspection()
    phone = result.finding("common.phone")
    assert (phone.status, phone.reason) == (Status.UNCHECKED, Reason.NEEDS_JAVASCRIPT)
    assert "/app.js" not in served.paths


def test_site_of_scripts_is_read_with_a_browser(tmp_path, renderer):
    with serve(pages()) as served:
        visited = visit(served, tmp_path, renderer=renderer)
    result = visited.inspection()
    assert result.finding("common.phone").status is Status.FOUND
    assert result.finding("document.prescriptions").status is Status.FOUND
    assert served.paths.count("/app.js") == 1
    assert served.paths.count("/sveden/common") == 1
    assert {one.agent for one in served.asked} == {"NokoMonitor/test (+mailto:test@example.org)"}


def test_drawn_pages_are_kept_and_judged_again(tmp_path, renderer):
    with serve(pages()) as served:
        visited = visit(served, tmp_path, renderer=renderer)
    kept = read_archive(visited.archive)
    assert [(one.address, one.content) for one in kept.pages] == [
        (one.address, one.content) for one in visited.plan.pages
    ]
    again = inspection(kept.pages, kept.documents, kept.failures)
    assert again.findings == visited.inspection().findings


def test_drawing_asks_as_slowly_as_the_visit(tmp_path, renderer):
    with serve(pages()) as served:
        visit(served, tmp_path, renderer=renderer, delay=0.3, sleep=asyncio.sleep)
    moments = [one.at for one in served.asked]
    assert min(after - before for before, after in pairwise(moments)) > 0.2


def test_drawing_obeys_robots(tmp_path, renderer):
    forbidding = {"/robots.txt": "User-agent: *\nDisallow: /api/sveden/common\n"}
    with serve(pages(**forbidding)) as served:
        result = visit(served, tmp_path, renderer=renderer).inspection()
    assert "/api/sveden/common" not in served.paths
    assert result.finding("common.phone").reason is Reason.NEEDS_JAVASCRIPT


def test_drawing_reaches_nothing_but_the_site(tmp_path, renderer):
    """Neither a closed network nor another site, by whatever way the page tries."""
    with serve({"*": "x"}) as other:
        target = f"127.0.0.1:{other.port}"
        hostile = f"""<div id='app'></div><iframe src='http://{target}/frame'></iframe>
        <img src='http://{target}/img'><link rel='stylesheet' href='http://{target}/css'>
        <link rel='preconnect' href='http://{target}'><script src='http://{target}/js'></script>
        <script>
        fetch('http://{target}/fetch', {{mode: 'no-cors'}}).catch(() => 0);
        navigator.sendBeacon('http://{target}/beacon', 'x');
        new WebSocket('ws://{target}/socket'); new EventSource('http://{target}/events');
        window.open('http://{target}/window');
        document.getElementById('app').innerHTML = "{COMMON}" + document.cookie;
        </script>"""
        with serve(pages(**{"/sveden/common": hostile})) as served:
            result = visit(served, tmp_path, renderer=renderer).inspection()
    assert other.paths == []
    assert result.finding("common.phone").status is Status.FOUND


def test_drawing_sends_no_form(tmp_path, renderer):
    page = """<div id='app'></div><script>
    fetch('/post', {method: 'POST', body: 'x'}).catch(() => document.title = 'refused');
    </script>"""

    def post(handler: Handler) -> None:
        raise AssertionError("a monitor must change nothing")

    with serve(pages(**{"/sveden/common": page, "/post": post})) as served:
        visit(served, tmp_path, renderer=renderer)
    assert "/post" not in served.paths


def drawn(renderer: Renderer, html: str) -> bytes:
    async def load(url: str) -> Answer | None:
        return None

    page = Answer(HOME, HOME, 200, HTML, html.encode())
    return asyncio.run(renderer.draw(HOME, page, load))


def test_endless_script_is_ended(renderer):
    quick = replace(renderer, seconds=1)
    started = time.monotonic()
    with pytest.raises(ChromiumError):
        drawn(quick, "<script>while (true);</script>")
    assert time.monotonic() - started < 60


def test_page_that_never_rests_is_taken_as_it_is(renderer):
    page = "<p id='a'></p><script>setInterval(() => a.append('сведения '), 20)</script>"
    assert "сведения" in drawn(replace(renderer, seconds=3), page).decode()


def test_page_that_swells_is_ended(renderer):
    page = """<script>const all = []; setInterval(() => {
    for (let i = 0; i < 50; i++) all.push(new Uint8Array(10000000).fill(1)); }, 1)</script>"""
    with pytest.raises(ChromiumError):
        drawn(renderer, page)


def test_dialogs_do_not_stop_a_page(renderer):
    page = "<p id='a'></p><script>alert(1); confirm(2); a.append('дальше')</script>"
    assert "дальше" in drawn(renderer, page).decode()


def test_nothing_is_left_of_a_browser(renderer, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    drawn(renderer, "<p>x</p>")
    assert list(tmp_path.iterdir()) == []
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if alive(path)]
    assert not any(str(tmp_path).encode() in command for command in commands)


def alive(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_browser_that_is_not_there_is_refused():
    assert renderer_of("", True) is None
    with pytest.raises(Refusal) as refused:
        renderer_of("/no/such/chromium", True)
    assert refused.value.kind == "no_chromium"
