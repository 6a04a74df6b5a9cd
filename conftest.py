"""What all tests share: the order of the files; the database is taken down in the end, whoever still holds a connection to it."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

LONGEST = ("tests/faults/test_kills.py", "huiyin/rehearsal/tests/test_platform.py", "tests/access/", "huiyin/faces/console/")
LAST = "tests/journeys/"


def pytest_configure() -> None:
    """Passwords are hashed as in any house, but with the least work that the method knows: nobody attacks those of the tests. And the
    regulations and pages that every test uses are not looked through for garbage again and again."""
    gc.set_threshold(20_000, 50, 100)
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


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


@pytest.fixture(scope="module")
def module_transaction(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a fixture of scope "module" builds inside stands for all tests of a file: each test's own doings are taken back to there, and
    at the end of the file all is. Not for files with tests that commit."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
