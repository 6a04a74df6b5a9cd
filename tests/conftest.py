"""What the tests of this folder share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds everything."""
    return Path(__file__).resolve().parent.parent
