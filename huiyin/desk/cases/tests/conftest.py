"""What the tests of cases share: the group's regulation in force, a complaint at a project, and a hand that moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registered, Registration, move, register
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit

Do = Callable[..., Any]


@pytest.fixture
def adopted(company: Unit, clerk: By, at: datetime) -> UUID:
    """The organisation, whose company has adopted the group's measures."""
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    return company.organisation_id


@pytest.fixture
def complaint(adopted: UUID, project: Unit) -> Registered:
    """A complaint of 2026-04-01 09:00, dispatched to the project."""
    form = Registration("complaint", project.code, channel="call_centre_400", story="楼道灯不亮", by_role="group_cc_agent")
    return register(adopted, form, by=None, at=datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI), dispatch_to=project.code)


@pytest.fixture
def do(adopted: UUID, complaint: Registered, company: Unit, project: Unit) -> Do:
    """Moves the complaint: ``do("accept", minute=5)``, ``do("supervise", "quality_dept", text=…)``."""

    def act(what: str, role: str = "unit_liaison", minute: int = 10, **details: Any) -> Any:
        unit = project.code if role in ("unit_liaison", "project_manager") else company.code
        at = datetime(2026, 4, 1, 9, minute, tzinfo=SHANGHAI)
        return move(adopted, complaint.case_id, what, details, by=None, post_role=role, unit=unit, at=at)

    return act
