"""A started house with a short time for requests to arrive."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import House, Seeded

ARRIVAL_SECONDS = 3


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A database and the web server; requests have three seconds to arrive."""
    # PostgreSQL's account cannot reach pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="huiyin-server-"))
    try:
        with House(folder, watchers=0, environ={"HUIYIN_ARRIVAL_SECONDS": str(ARRIVAL_SECONDS)}) as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def seeded(house: House) -> Seeded:
    """The organisation in the house, whose server is open and warm: each worker has read the regulations."""
    found = house.seed()
    house.open()
    return found
