"""``noko website visit`` and ``replay`` as people use them."""

import json
from pathlib import Path

import pytest

from noko.commands.main import run
from noko.models import SiteRound
from tests.exchange.site_server import serve
from tests.factories import make_cycle, make_organisations

pytestmark = pytest.mark.django_db(transaction=True)
FORBIDS = {"/robots.txt": "User-agent: *\nDisallow: /\n"}


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, settings) -> None:
    settings.FILES = tmp_path
    settings.MONITOR_CONTACT = "mailto:monitor@example.org"


def registered(number: int) -> str:
    """Organisations with sites over plain HTTP, and a cycle; its name."""
    for organisation in make_organisations(number):
        organisation.site = organisation.site.replace("https", "http")
        organisation.save()
    return str(make_cycle().slug)


def done(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run(["website", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_visit_shows_what_became_of_every_site(settings, capsys):
    cycle = registered(2)
    with serve(FORBIDS) as served:
        settings.MONITOR_ALL_TO = served.way.all_to
        code, out, err = done(capsys, "visit", "--cycle", cycle, "--on", "2026-03-02")
        assert (code, served.paths) == (0, ["/robots.txt", "/robots.txt"])
    assert "Идёт обход № 1 по правилам 1493-2023." in err
    assert out.count("robots.txt") == 2
    assert SiteRound.objects.get().status == "closed"


def test_visit_as_json(settings, capsys):
    cycle = registered(1)
    with serve(FORBIDS) as served:
        settings.MONITOR_ALL_TO = served.way.all_to
        _, out, _ = done(capsys, "visit", "--cycle", cycle, "--format", "json")
    (one,) = json.loads(out)
    assert (one["state"], one["outcome"], one["absent"]) == ("done", "robots", 0)


def test_replay_makes_a_round_of_its_own(settings, capsys):
    cycle = registered(1)
    with serve(FORBIDS) as served:
        settings.MONITOR_ALL_TO = served.way.all_to
        done(capsys, "visit", "--cycle", cycle, "--on", "2026-03-02")
        asked = len(served.asked)
        code, out, _ = done(
            capsys, "replay", "--cycle", cycle, "--round", 1, "--regime", "831-2020"
        )
        assert (code, len(served.asked)) == (0, asked)
    again = SiteRound.objects.get(number=2)
    assert (again.regime, again.replay_of.number, again.status) == ("831-2020", 1, "closed")
    assert "Обход № 2" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["visit", "--cycle", "1999"], "Цикла «1999» нет."),
        (["visit", "--cycle", "CYCLE", "--on", "завтра"], "«завтра» не читается как день."),
        (["visit", "--cycle", "CYCLE", "--regime", "582"], "582"),
        (["replay", "--cycle", "CYCLE", "--round", "7"], "Обхода № 7 в цикле"),
    ],
)
def test_visit_refuses_with_a_cure(arguments, told, capsys):
    cycle = registered(1)
    code, _, err = done(capsys, *[cycle if one == "CYCLE" else one for one in arguments])
    assert code == 2
    assert told in err
    assert SiteRound.objects.count() == 0


def test_visit_without_organisations(capsys):
    code, _, err = done(capsys, "visit", "--cycle", make_cycle().slug)
    assert code == 2
    assert "Обходить нечего: организаций нет." in err


def test_visit_without_a_contact_opens_no_round(settings, capsys):
    settings.MONITOR_CONTACT = ""
    code, _, err = done(capsys, "visit", "--cycle", registered(1))
    assert code == 2
    assert "Не назван адрес для связи" in err
    assert SiteRound.objects.count() == 0
