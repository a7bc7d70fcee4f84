"""The nightly sweep: what is over goes, what is in use stays."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from noko.actions import letter as letters
from noko.jobs.sweeping import sweep
from noko.models import Letter
from tests.small_cycle import make_person

pytestmark = pytest.mark.django_db


def test_sweep_forgets_ended_sessions_with_their_addresses(client):
    make_person("secretary")
    other = Client()
    for each in (client, other):
        each.post("/account/login/", {"login": "secretary@example.org", "password": "password"})
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=other.session.session_key).update(expire_date=past)
    sweep.func(0)
    assert [item.session_key for item in UserSession.objects.all()] == [client.session.session_key]
    assert client.get("/office/").status_code == 200


def test_sweep_forgets_counts_that_are_over():
    cache.set("over", 1, 60)
    cache.set("kept", 1, 60)
    past = timezone.now() - timedelta(seconds=1)
    with connection.cursor() as cursor:
        cursor.execute("update noko_cache set expires = %s where cache_key like '%%over'", [past])
    sweep.func(0)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from noko_cache where cache_key like '%%over'")
        assert cursor.fetchone() == (0,)
    assert cache.get("kept") == 1


def test_sweep_forgets_old_notices_and_keeps_every_other_letter():
    old, now = timezone.now() - timedelta(days=91), timezone.now()
    for key, queued_at, status in (
        ("account:old", old, "sent"),
        ("account:old-waiting", old, "queued"),
        ("account:new", now, "sent"),
        ("invitation:1:1", old, "sent"),
    ):
        letter = letters.post_text(key=key, to="a@b.ru", subject="x", text="x", now=queued_at)
        Letter.objects.filter(pk=letter.pk).update(status=status)
    sweep.func(0)
    assert set(Letter.objects.values_list("key", flat=True)) == {
        "account:old-waiting",
        "account:new",
        "invitation:1:1",
    }
