"""Statements that the server has prepared, for the few roads where thousands come at once.

Past Django's cursor, which writes values into the text of the statement: here the server parses
and plans it once for a connection, and when it logs a failed statement, it logs no values with it.
Nor is the connection asked beforehand whether it still lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg.rows import dict_row


def fetch_one(statement: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The first row that ``statement`` gives, by the names of its columns."""
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection, row_factory=dict_row) as cursor,
    ):
        return cursor.execute(statement, values, prepare=True).fetchone()


def look_up(statement: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same for a statement that only reads: a connection that has died since it was last used
    is noticed by it and replaced."""
    try:
        return fetch_one(statement, values)
    except (InterfaceError, OperationalError):
        dead = connection.connection is None or connection.connection.closed
        if connection.in_atomic_block or not dead:
            raise
        connection.close()
        return fetch_one(statement, values)
