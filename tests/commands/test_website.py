"""``noko website check`` as people use it."""

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
from datetime import date
from pathlib import Path

import pytest

from noko.commands.main import run
from noko.demo.websites import Flaw, Owner, Style, make_site
from tests.exchange.site_server import Handler, serve

OWNER = Owner(
    "general",
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 5»",
    "МБОУ СШ № 5",
    "администрация города Зареченска",
    "123456, г. Зареченск, ул. Школьная, д. 5",
    "+7 (000) 123-45-67",
    "school5@example.org",
)
DAY = date(2025, 3, 3)


def saved(folder: Path, *, style: Style = Style.LABELS, **more: object) -> Path:
    """An invented site as files."""
    for path, body in make_site(OWNER, style, on=DAY, **more).pages.items():  # type: ignore[arg-type]
        target = folder / f"{path.strip('/') or 'index'}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return folder


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run(["website", "check", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


FACTS = [f"--fact={name}=no" for name in ("collective", "prescriptions", "branches", "offices")]
QUIET = ["--on", "2025-03-03", "--whole", *FACTS, "--fact=degrees=no", "--fact=retraining=no",
         "--fact=hostel=no", "--fact=unit_sites=no", "--fact=state_primary=no"]  # fmt: skip


def test_check_a_good_site_ends_with_zero(tmp_path, capsys):
    code, out, _ = check(capsys, saved(tmp_path, style=Style.MICRODATA), *QUIET)
    assert code == 0
    assert "отсутствует: 0, проверить не удалось: 0." in out


def test_check_shows_what_is_absent_and_ends_with_one(tmp_path, capsys):
    folder = saved(tmp_path, absent=["document.charter"], flaws=[Flaw.WRONG_SLUG])
    code, out, _ = check(capsys, folder, *QUIET)
    assert code == 1
    assert "отсутствует: 1" in out
    assert "Адрес подраздела не тот" in out


def test_check_as_json_gives_every_item(tmp_path, capsys):
    code, out, _ = check(
        capsys, saved(tmp_path, absent=["common.phone"]), *QUIET, "--format", "json"
    )
    report = json.loads(out)
    absent = [one["code"] for one in report["findings"] if one["status"] == "absent"]
    assert (code, absent) == (1, ["common.phone"])
    assert report["regime"] == "1493-2023"
    counted = report["counts"][0]
    assert counted["applicable"] - counted["present"] == 1
    phone = next(one for one in report["findings"] if one["code"] == "common.phone")
    assert (
        phone["example"] == '<p>Телефон: <span itemprop="telephone">+7 (000) 123-45-67</span></p>'
    )


def test_check_as_html_writes_a_page(tmp_path, capsys):
    out = tmp_path / "report.html"
    folder = saved(tmp_path / "site", absent=["common.phone"])
    code, _, _ = check(capsys, folder, *QUIET, "--format", "html", "--out", out)
    text = out.read_text(encoding="utf-8")
    assert code == 1
    assert "Контактные телефоны" in text
    assert "&lt;span itemprop=&quot;telephone&quot;&gt;" in text


def test_check_takes_the_rules_of_the_day(tmp_path, capsys):
    _, out, _ = check(capsys, saved(tmp_path), "--on", "2016-09-04", "--format", "json")
    assert json.loads(out)["regime"] == "785-2014"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["нет такой папки"], "Такого файла или папки нет."),
        (["."], "Сохранённых страниц здесь нет."),
        ([".", "--regime", "1"], "Правил «1» нет."),
        ([".", "--type", "завод"], "Типа организации «завод» нет."),
        ([".", "--on", "вчера"], "«вчера» не читается как день."),
        ([".", "--on", "2001-01-01"], "правила раздела сайта не описаны"),
        ([".", "--regime", "1493-2023", "--fact", "moon=yes"], "moon=yes"),
        ([".", "--regime", "1493-2023", "--fact", "hostel=maybe"], "hostel=maybe"),
    ],
)
def test_check_bad_input_is_refused(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = check(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_check_an_address_visits_it_and_keeps_an_archive(tmp_path, capsys):
    pages = make_site(OWNER, Style.LABELS, on=DAY, absent=["common.phone"]).pages
    archive = tmp_path / "school.warc.gz"
    with serve(dict(pages)) as served:
        home = f"http://127.0.0.1:{served.port}/"
        options = [*QUIET, "--format", "json", "--contact", "mailto:a@example.org"]
        _, refused, _ = check(capsys, home, *options)
        code, visited, _ = check(
            capsys, home, *options, "--private", "--delay", "0", "--save", archive
        )
    assert {one["reason"] for one in json.loads(refused)["failures"]} == {"private_address"}
    assert code == 1
    _, replayed, _ = check(capsys, archive, *QUIET, "--format", "json")
    assert json.loads(replayed)["findings"] == json.loads(visited)["findings"]
    phone = next(x for x in json.loads(visited)["findings"] if x["code"] == "common.phone")
    assert phone["status"] == "absent"


def test_check_pages_and_an_archive_together(tmp_path, capsys):
    pages = make_site(OWNER, Style.LABELS, on=DAY).pages
    common = pages.pop("/sveden/common")
    archive, page = tmp_path / "school.warc.gz", tmp_path / "sveden" / "common.html"
    page.parent.mkdir()
    page.write_bytes(common)
    with serve(dict(pages)) as served:
        home = f"http://127.0.0.1:{served.port}/"
        check(
            capsys, home, *QUIET, "--contact", "x", "--private", "--delay", "0", "--save", archive
        )
    _, alone, _ = check(capsys, archive, *QUIET, "--format", "json")
    _, both, _ = check(capsys, page, archive, *QUIET, "--format", "json")
    assert phone_of(alone) == "absent"
    assert phone_of(both) == "found"


def test_check_again_takes_what_has_not_changed_from_the_archive(tmp_path, capsys):
    def page(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        body = "<h1>Основные сведения</h1><p>Тел. +7 (000) 123-45-67</p>".encode()
        handler.answer(304 if same else 200, b"" if same else body, ETag='"1"')

    first, second = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    with serve({"/sveden/common": page, "/": "<p>x</p>"}) as served:
        common = [f"http://127.0.0.1:{served.port}/", *QUIET, "--contact", "x", "--private",
                  "--delay", "0", "--format", "json"]  # fmt: skip
        check(capsys, *common, "--save", first)
        _, again, _ = check(capsys, *common, "--since", first, "--save", second)
    assert phone_of(again) == "found"
    _, replayed, _ = check(capsys, second, *QUIET, "--format", "json")
    assert phone_of(replayed) == "found"
    first.unlink()
    code, out, err = check(capsys, second, *QUIET)
    assert (code, out) == (2, "")
    assert "архива 1.warc.gz нет" in err


def phone_of(told: str) -> str:
    findings = {one["code"]: one["status"] for one in json.loads(told)["findings"]}
    return str(findings["common.phone"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://school.example"], "Не назван адрес для связи"),
        (["https://a.example", "https://b.example", "--contact", "x"], "один сайт"),
        (["https://не адрес", "--contact", "x"], "не читается как адрес сайта"),
        (["нет.warc.gz"], "Такого файла или папки нет."),
        (["school5.example.ru"], "Адрес сайта пишется целиком: https://"),
        (["https://a.example", "--contact", "x", "--save", "a.zip"], "школа5.warc.gz"),
        (["https://a.example", "--contact", "x", "--save", "/proc/x/a.warc.gz"], "записать архив"),
        (["https://a.example", "--contact", "x", "--since", "нет.warc.gz"], "Такого файла нет."),
        (["https://a.example", "--contact", "x", "--chromium", "/no/such"], "/no/such"),
        (["https://a.example", "страница.html", "--contact", "x"], "один сайт"),
    ],
)
def test_check_bad_address_is_refused(capsys, arguments, words):
    code, out, err = check(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_rules_are_listed_and_shown(capsys):
    assert run(["website", "rules", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in listed] == ["785-2014", "831-2020", "1493-2023"]
    assert run(["website", "rules", "785-2014"]) == 0
    assert "RegDate, regDate" in capsys.readouterr().out


def test_check_on_a_narrow_screen_is_a_list(tmp_path):
    """In a real terminal of eighty columns nothing is wider than it."""
    folder = saved(tmp_path, absent=["common.phone"])
    columns, shown = os.openpty()
    fcntl.ioctl(shown, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    command = [sys.executable, "-m", "noko.commands", "website", "check", str(folder), *QUIET]
    environment = {key: os.environ[key] for key in os.environ if key not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(command, stdout=shown, stderr=shown, env=environment)
    os.close(shown)
    text = _all_of(columns).decode()
    assert process.wait() == 1
    lines = text.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert "ОСНОВНЫЕ СВЕДЕНИЯ" in lines
    assert "  Контактные телефоны – отсутствует" in lines


def _all_of(terminal: int) -> bytes:
    got = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            os.close(terminal)
            return got
        got += part
