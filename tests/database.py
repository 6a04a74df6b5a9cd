"""One PostgreSQL for the whole test run: the one that HUIYIN_DATABASE_URL names, or our own, started when first needed.

Loaded as a plugin, because Django reads its settings before any conftest. Under pytest-xdist the controller starts the
server; the workers inherit the address and make databases of their own in it.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from huiyin.plumbing.postgres import ADDRESS_VARIABLE, Server, local_address

INHERITED = "HUIYIN_TEST_SERVER"
server: Server | None = None

if INHERITED not in os.environ:
    # Tests never touch the data of the checkout, not even its secret key.
    os.environ["HUIYIN_DATA"] = tempfile.mkdtemp(prefix="huiyin-test-")
    os.environ["HUIYIN_HTTPS"] = os.environ["HUIYIN_DEBUG"] = os.environ["HUIYIN_ANNOUNCE"] = "0"
    if ADDRESS_VARIABLE in os.environ:
        os.environ[INHERITED] = "named"
    else:
        server = Server(Path(os.environ["HUIYIN_DATA"]), durable=False)
        os.environ[ADDRESS_VARIABLE] = local_address(server.data)
        os.environ[INHERITED] = "ours"
    folder_to_remove: str | None = os.environ["HUIYIN_DATA"]
else:
    folder_to_remove = None


def _start() -> None:
    if server is not None and server.process is None:
        server.start()


def pytest_sessionstart(session: pytest.Session) -> None:
    """The controller of pytest-xdist runs no test itself, so it starts the server for its workers at once."""
    if getattr(session.config.option, "dist", "no") != "no" and not hasattr(session.config, "workerinput"):
        _start()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> None:
    """Before pytest-django makes the test database the server must run; tests that need none start none."""
    if fixturedef.argname == "django_db_setup":
        _start()


def pytest_unconfigure() -> None:
    """Stop what we started and remove what we wrote."""
    if server is not None:
        server.stop()
    if folder_to_remove is not None:
        shutil.rmtree(folder_to_remove, ignore_errors=True)
