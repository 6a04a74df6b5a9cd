"""What a prepared cursor asks the database to remember."""

from __future__ import annotations

import pytest
from django.db import connection

from huiyin.plumbing.prepared import PREPARE_AFTER, prepared_cursor

pytestmark = pytest.mark.django_db
HALF = "SELECT %s::int / 2"


def _remembered() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT %%/ 2'")
        return [row[0] for row in cursor.fetchall()]


def test_the_database_remembers_what_is_asked_often_and_answers_with_the_values_of_each_time() -> None:
    answers = []
    for number in range(PREPARE_AFTER + 2):
        with prepared_cursor() as cursor:
            cursor.execute(HALF, [number])
            answers.append(cursor.fetchone()[0])
    assert answers == [number // 2 for number in range(PREPARE_AFTER + 2)]
    assert _remembered() == ["SELECT $1::int / 2"]


def test_statements_of_the_usual_cursor_are_not_remembered() -> None:
    for number in range(PREPARE_AFTER + 2):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::int * 1 / 2", [number])
    assert not [one for one in _remembered() if "* 1" in one]
