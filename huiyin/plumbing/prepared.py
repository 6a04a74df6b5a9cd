"""Statements that the database plans once for each connection, not each time: for what every act asks and writes in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import CursorMixin
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor

PREPARE_AFTER = 5
"""So often a connection sends a statement in full before it asks the database to keep its plan."""


class _BesideCursor(CursorMixin, Cursor[Any]):
    """Sends the values beside the statement; Django's own cursors write them into it."""


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor of Django's connection whose values travel beside the statement, so that its plan can be kept.

    Statements whose text changes with their values gain nothing by it; a value whose type the statement does not show has to be cast.
    """
    if connection.queries_logged:
        # Who reads what was asked wants to see it with its values.
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.connection.prepare_threshold = PREPARE_AFTER
    with CursorWrapper(_BesideCursor(connection.connection), connection) as cursor:
        yield cursor
