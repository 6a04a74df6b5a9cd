"""What the tests of classes share: the group's measures in force at a company."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit


@pytest.fixture
def adopted(company: Unit, clerk: By, at: datetime) -> UUID:
    """The organisation, whose company has adopted the group's measures."""
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    return company.organisation_id
