"""What the tests of matters share: a project with the group's measures in force, and complaints of several households."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registered, Registration, register
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.desk.topics.actions import Post

BEGAN = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
Complain = Callable[..., Registered]


@pytest.fixture
def adopted(company: Unit, clerk: By, at: datetime) -> UUID:
    """The organisation, whose company has adopted the group's measures."""
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    return company.organisation_id


@pytest.fixture
def complain(adopted: UUID, project: Unit) -> Complain:
    """A household complains so many days after 2026-04-01: ``complain("电梯停运", "1-1-101", day=2)``."""

    def make(story: str, home: str, day: int = 0, unit: str = project.code) -> Registered:
        form = Registration("complaint", unit, channel="call_centre_400", story=story, household_code=home, by_role="group_cc_agent")
        return register(adopted, form, by=None, at=BEGAN + timedelta(days=day), dispatch_to=unit)

    return make


@pytest.fixture
def liaison(project: Unit) -> Post:
    """The post of the project's liaison."""
    return Post(None, "unit_liaison", project.code)
