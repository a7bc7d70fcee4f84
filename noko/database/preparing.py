"""Makes the database and its tables, whatever state they are in."""

import psycopg
from django.core.management import call_command
from django.db import connection

# Any number, the same for ever: two processes never migrate at once.
MIGRATION_LOCK = 7_041_547


def prepare() -> None:
    """Creates the database when it does not exist and brings its tables up to date."""
    _create()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _create() -> None:
    name = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        if cursor.fetchone():
            return
        try:
            cursor.execute(f"create database {connection.ops.quote_name(name)}")
        except Exception as error:
            # Another process was quicker.
            if not isinstance(error.__cause__, psycopg.errors.DuplicateDatabase):
                raise


def drop() -> None:
    """Drops the database with everything in it: for the demonstration and for tests."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"drop database if exists {connection.ops.quote_name(name)} with (force)")
