"""What all tests share: the longest come first, and the database that they used can be taken down, whoever still holds a connection."""

from collections.abc import Iterator
from typing import Any

import pytest

LONGEST = ("tests/faults/test_kills.py", "huiyin/rehearsal/tests/test_platform.py", "tests/access/", "huiyin/faces/console/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers take file after file: one that takes minutes must not begin when the other one has nothing left to do."""
    places = {item.nodeid: next((at for at, one in enumerate(LONGEST) if item.nodeid.startswith(one)), len(LONGEST)) for item in items}
    items.sort(key=lambda item: places[item.nodeid])


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
