"""What all tests share: the order of the files; the database is taken down in the end, whoever still holds a connection to it."""

from collections.abc import Iterator
from typing import Any

import pytest

LONGEST = ("tests/faults/test_kills.py", "huiyin/rehearsal/tests/test_platform.py", "tests/access/", "huiyin/faces/console/")
LAST = "tests/journeys/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take file after file: one that takes minutes must not begin when the others have nothing left to do. The browser's
    driver keeps a loop of its own running in its worker, in which no other test could start one: its journeys come last."""
    places = {one: place for place, one in enumerate((*LONGEST, "", LAST))}

    def place(item: pytest.Item) -> int:
        return places[next((one for one in (*LONGEST, LAST) if item.nodeid.startswith(one)), "")]

    items.sort(key=place)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A thread of a test that ended may still be connected; its session must not keep the test database from going."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
