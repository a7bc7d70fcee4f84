"""Attacks on the door: guessing, spraying, planted sessions, links that lead elsewhere, forged
forms; and that people behind one address are not shut out meanwhile."""

import pytest
from allauth.core.internal import ratelimit
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from noko.actions.letter import text_of
from noko.models import Letter
from noko.web.account import attempts
from noko.web.account.urls import urlpatterns as account_urls
from noko.web.office.urls import urlpatterns as office_urls
from tests.small_cycle import make_person
from tests.web.account.test_pages import GIVEN

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
TOO_MANY = "Слишком много неудачных попыток"
WRONG = "Почта или пароль не подходят"


@pytest.fixture
def clock(monkeypatch):
    """The time of the limits, moved by hand; hours of waiting take none."""

    class Clock:
        now = 1_800_000_000.0

        def time(self):
            return self.now

        monotonic = staticmethod(ratelimit.time.monotonic)
        sleep = staticmethod(ratelimit.time.sleep)

    clock = Clock()
    monkeypatch.setattr(ratelimit, "time", clock)
    return clock


def attempt(client, email="secretary@example.org", password="неверный", **extra):  # noqa: S107
    answer = client.post(LOGIN, {"login": email, "password": password}, **extra)
    if answer.status_code == 302:
        return "in"
    text = answer.content.decode()
    return "too many" if TOO_MANY in text else "wrong" if WRONG in text else answer.status_code


def test_guessing_one_password_is_slow(client, clock):
    make_person("secretary")
    assert [attempt(client) for _ in range(6)] == ["wrong"] * 5 + ["too many"]
    assert attempt(client, password="password") == "too many"
    later = []
    for _ in range(30):
        clock.now += 60
        later.append(attempt(client))
    assert later == ["wrong"] * 15 + ["too many"] * 15  # twenty in an hour


def test_guessing_from_many_addresses_counts_together(client, clock):
    make_person("secretary")
    seen = [attempt(Client(), REMOTE_ADDR=f"10.0.0.{n}") for n in range(1, 9)]
    assert seen == ["wrong"] * 5 + ["too many"] * 3


def test_guesses_in_lookalike_letters_count_as_one_account(client, clock):
    """PostgreSQL takes ı for i and ſ for s when it ignores case."""
    make_person("", "sissi@example.org")
    names = ["sissi", "ſissi", "sıssi", "sisſi", "SISSI", "ſıſſı", "sissı"]
    seen = [attempt(client, f"{name}@example.org") for name in names]
    assert seen == ["wrong"] * 5 + ["too many"] * 2


def test_spraying_from_one_address_is_slow_and_shuts_nobody_out_who_is_known(clock):
    secretary = make_person("secretary")
    known = Client()
    assert attempt(known, password="password") == "in"
    known.post("/account/logout/")

    sprayer = Client()
    seen = [attempt(sprayer, f"worker{n}@example.org", "Весна-2026") for n in range(40)]
    assert seen == ["wrong"] * 30 + ["too many"] * 10
    # Behind the same address: who has signed in from this browser before is let in.
    assert attempt(known, password="password") == "in"
    # From another address the account is open to everybody, too.
    assert attempt(Client(), password="password", REMOTE_ADDR="10.0.0.9") == "in"
    # A new browser behind the attacked address waits, or takes the way by letter.
    new = Client()
    assert attempt(new, password="password") == "too many"
    new.post("/account/password/reset/", {"email": secretary.email})
    link = next(word for word in text_of(Letter.objects.get()).split() if "/key/" in word)
    page = new.get(link.partition("8000")[2]).url
    form = {"password1": "лодка-у-причала-7", "password2": "лодка-у-причала-7"}
    assert new.post(page, form).url == "/account/enter/"
    assert new.get("/office/").status_code == 200

    clock.now += 3600
    assert attempt(Client(), password="лодка-у-причала-7") == "in"
    seen = []
    for window in range(5):
        clock.now += 301
        names = [f"w{window}-{n}@example.org" for n in range(30)]
        seen += [attempt(sprayer, name, "Весна-2026") for name in names]
    assert seen == ["wrong"] * 120 + ["too many"] * 30


def test_a_whole_school_signs_in_at_eight_from_one_address(clock):
    people = [make_person("organisation_editor", f"teacher{n}@example.org") for n in range(70)]
    assert [attempt(Client(), person.email, "password") for person in people] == ["in"] * 70


def test_known_device_is_limited_for_itself(clock):
    make_person("secretary")
    known = Client()
    attempt(known, password="password")
    known.post("/account/logout/")
    assert [attempt(known) for _ in range(11)] == ["wrong"] * 10 + ["too many"]
    # and it says nothing of other accounts
    assert [attempt(known, "other@example.org") for _ in range(6)] == ["wrong"] * 5 + ["too many"]


def test_device_cookie_cannot_be_made_or_moved(clock):
    make_person("secretary")
    make_person("head")
    for forged in ("x", signing.dumps(["n", ["d"]], salt="other")):
        client = Client()
        client.cookies[attempts.COOKIE] = forged
        assert [attempt(client) for _ in range(6)][-1] == "too many"
    clock.now += 3600
    known = Client()
    attempt(known, password="password")
    known.post("/account/logout/")
    assert [attempt(known, "head@example.org") for _ in range(6)][-1] == "too many"


def test_attempts_are_counted_in_the_database_for_all_processes(client):
    make_person("secretary")
    attempt(client)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from noko_cache where cache_key like '%%login_failed%%'")
        assert cursor.fetchone()[0] >= 2
    assert cache.__class__.__name__ == "ConnectionProxy"


def test_the_proxy_names_the_visitor_and_nobody_else_does(settings, clock):
    """Without a proxy a forged header is not believed; behind one only its own word counts."""
    seen = [
        attempt(Client(), f"w{n}@example.org", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
        for n in range(31)
    ]
    assert seen[-1] == "too many"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    seen = [
        attempt(Client(), f"v{n}@example.org", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 192.0.2.1")
        for n in range(31)
    ]
    assert seen[-1] == "too many"
    assert attempt(Client(), "v@example.org", HTTP_X_FORWARDED_FOR="192.0.2.2") == "wrong"


def test_sign_in_says_nothing_about_who_is_there(client):
    make_person("secretary")
    assert attempt(client) == attempt(client, "nobody@example.org") == "wrong"
    for email in ("secretary@example.org", "nobody@example.org"):
        answer = client.post("/account/password/reset/", {"email": email})
        assert answer.url == "/account/password/reset/done/"
    assert Letter.objects.count() == 2


def test_session_planted_before_sign_in_is_not_the_one_after(client):
    make_person("secretary")
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    assert attempt(client, password="password") == "in"
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/office/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "http://localhost:1/",
        "https://testserver@evil.example/",
    ],
)
def test_sign_in_never_leads_to_another_site(client, elsewhere):
    make_person("secretary")
    form = {"login": "secretary@example.org", "password": "password", "next": elsewhere}
    assert client.post(f"{LOGIN}?next={elsewhere}", form).url == "/account/enter/"
    assert client.get(f"{LOGIN}?next={elsewhere}").url == "/account/enter/"
    assert client.get(f"/account/enter/?next={elsewhere}").url == "/office/"
    assert client.post("/account/logout/", {"next": elsewhere}).url == "/"


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client):
    make_person("secretary")
    form = {"login": "secretary@example.org", "password": "password", "next": "/office/cycles/?a=1"}
    assert client.post(LOGIN, form).url == "/office/cycles/?a=1"


def test_letter_never_carries_the_name_that_a_request_gives_the_site(client, settings):
    settings.ADDRESS = "https://noko.example.ru"
    make_person("secretary")
    form = {"email": "secretary@example.org"}
    client.post("/account/password/reset/", form, headers={"host": "localhost"})
    assert "https://noko.example.ru/account/password/reset/key/" in text_of(Letter.objects.get())
    assert client.get(LOGIN, headers={"host": "evil.example"}).status_code == 400


def test_forged_forms_are_refused_everywhere():
    """A form of another site carries the cookie of the person, but not the secret of the page."""
    person = make_person("administrator")
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    given = {**GIVEN, "cycle": ["2026"]}
    for pattern in account_urls:
        address = reverse(pattern.name, args=given.get(pattern.name, []))
        assert (pattern.name, client.post(address).status_code) == (pattern.name, 403)
    for pattern in office_urls:
        address = "/office/" + "".join(
            "1" if part.startswith("<int") else "x" if part.startswith("<") else part
            for part in _parts(str(pattern.pattern))
        )
        assert (pattern.name, client.post(address).status_code) == (pattern.name, 403)
    assert client.post("/cabinet/").status_code == 403


def _parts(route):
    rest = route
    while rest:
        before, mark, rest = rest.partition("<")
        yield before
        if mark:
            kind, _, rest = rest.partition(">")
            yield f"<{kind}"


def test_forged_form_gets_a_page_that_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(LOGIN, {"login": "a@example.org", "password": "x"})
    assert (answer.status_code, "Форма устарела" in answer.content.decode()) == (403, True)


def test_too_many_forms_get_a_page_that_says_what_to_do(client, clock):
    form = {"email": "a@example.org"}
    answers = [client.post("/account/password/reset/", form) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Подождите десять минут" in answers[-1].content.decode()


def test_cookies_are_out_of_reach_of_scripts(client):
    make_person("secretary")
    client.get(LOGIN)
    attempt(client, password="password")
    for name in ("sessionid", "csrftoken", attempts.COOKIE):
        assert (name, client.cookies[name]["httponly"], client.cookies[name]["samesite"]) == (
            name,
            True,
            "Lax",
        )


def test_password_change_ends_the_other_sessions(client):
    make_person("secretary")
    other = Client()
    for each in (client, other):
        attempt(each, password="password")
    form = {"oldpassword": "password", "password1": "лодка-у-причала-7"}
    client.post("/account/password/change/", {**form, "password2": "лодка-у-причала-7"})
    assert client.get("/office/").status_code == 200
    assert other.get("/office/").status_code == 302
    assert "Пароль изменён" in Letter.objects.get().subject


def test_session_is_ended_from_another_device(client):
    make_person("secretary")
    stranger = make_person("head")
    other, foreign = Client(), Client()
    for each in (client, other):
        attempt(each, password="password")
    attempt(foreign, stranger.email, "password")
    rows = client.get("/account/sessions/").context["rows"]
    assert [current for _, _, current in rows].count(True) == 1
    key = next(item.pk for item, _, current in rows if not current)
    assert foreign.post(f"/account/sessions/{key}/end/").status_code == 404
    client.post(f"/account/sessions/{key}/end/")
    assert other.get("/office/").status_code == 302
    assert client.get("/office/").status_code == 200
