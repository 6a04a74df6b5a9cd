"""A small organisation that the tests of the rooms share: a company, a branch, a project, and people who hold posts there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation, Unit

AT = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 2, 2)
CLERK = By("admin")

GivePost = Callable[..., Staff]


@pytest.fixture
def at() -> datetime:
    """Monday 2026-02-02, 09:00 in Shanghai."""
    return AT


@pytest.fixture
def clerk() -> By:
    """Somebody who may set things up."""
    return CLERK


@pytest.fixture
def organisation(db: None) -> Organisation:
    """An organisation without units."""
    return places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=AT)


@pytest.fixture
def company(organisation: Organisation) -> Unit:
    """The property company, WY."""
    return places.add_unit(organisation.id, "WY", "property_company", "物业公司", by=CLERK, at=AT)


@pytest.fixture
def branch(company: Unit) -> Unit:
    """The branch FG below it."""
    return places.add_unit(company.organisation_id, "FG", "branch", "第一分公司", by=CLERK, at=AT, parent=company.id)


@pytest.fixture
def project(branch: Unit) -> Unit:
    """The project CY below that, with 604 households."""
    return places.add_unit(branch.organisation_id, "CY", "project", "翠园一期", by=CLERK, at=AT, parent=branch.id, households_count=604)


@pytest.fixture
def with_post() -> GivePost:
    """Makes a person who holds a role at a unit: ``with_post("wang", project, "unit_liaison")``."""

    def make(login: str, unit: Unit, role: str, from_on: date = date(2020, 1, 1), until_on: date | None = None) -> Staff:
        staff = Staff.objects.filter(login=login).first()
        staff = staff or people.add_staff(unit.organisation_id, login, login, by=CLERK, at=AT)
        people.give_post(staff, unit, role, from_on, by=CLERK, at=AT, until_on=until_on)
        return staff

    return make
