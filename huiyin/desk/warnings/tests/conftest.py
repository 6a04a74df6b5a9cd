"""A complaint under the group platform's regulation."""

from __future__ import annotations

from datetime import datetime

import pytest

from huiyin.desk.places.models import Unit
from huiyin.desk.warnings.tests.cases import Complaint, adopt, complain


@pytest.fixture
def complaint(project: Unit, at: datetime) -> Complaint:
    """A complaint of the project, dispatched."""
    adopt(project, at)
    return complain(project, at)
