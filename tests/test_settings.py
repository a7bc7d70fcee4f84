"""Settings as an installation reads them from its environment, each in its own process."""

import json
import os
import subprocess
import sys

import pytest

PRODUCTION = {"NOKO_HOST": "noko.example.ru", "NOKO_SECRET_KEY": "k" * 50}


def read(names: list[str], **environment: str) -> dict[str, object]:
    """The settings ``names`` under ``environment``; {"refusal": …} where they are refused."""
    program = (
        "import json, sys\n"
        "from noko.core.refusal import Refusal\n"
        "try:\n"
        "    from noko import settings\n"
        "except Refusal as refusal:\n"
        "    print(json.dumps({'refusal': str(refusal)}))\n"
        "else:\n"
        "    print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOKO_")}
    done = subprocess.run(
        [sys.executable, "-c", program, *names],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_cookies_of_a_production_site_travel_encrypted_and_belong_to_it_alone():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE"]
    names += ["CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "ADDRESS"]
    assert read(names, **PRODUCTION) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "ADDRESS": "https://noko.example.ru",
    }
    assert read(["SESSION_COOKIE_NAME", "ADDRESS"], **PRODUCTION, NOKO_HTTPS="0") == {
        "SESSION_COOKIE_NAME": "sessionid",
        "ADDRESS": "http://noko.example.ru",
    }


@pytest.mark.parametrize(
    ("port", "given", "expected"),
    [("465", "", [True, False]), ("587", "", [False, True]), ("25", "off", [False, False])],
)
def test_mail_encryption_follows_the_port_unless_it_is_named(port, given, expected):
    names = ["EMAIL_USE_SSL", "EMAIL_USE_TLS"]
    found = read(names, NOKO_MAIL_PORT=port, NOKO_MAIL_ENCRYPTION=given)
    assert list(found.values()) == expected


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("NOKO_SECOND_FACTOR", "yes", "Возможные значения: off, office, all."),
        ("NOKO_MAIL_ENCRYPTION", "tls", "Возможные значения: starttls, ssl, off."),
        ("NOKO_INVITATION_DAYS", "неделя", "NOKO_INVITATION_DAYS=7"),
    ],
)
def test_setting_that_makes_no_sense_is_refused_with_its_cure(name, value, words):
    refusal = str(read([], **{name: value})["refusal"])
    assert (name in refusal, words in refusal) == (True, True)
