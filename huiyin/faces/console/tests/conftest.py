"""A project with its people, homes and rules in force, and browsers that are signed in: what the tests of the pages share."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registered, Registration
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Household, Organisation, Unit

EARLY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CLERK = By("admin")
PASSWORD = "tests-only-7391"

PEOPLE = {
    "li": ("李接待", "CY", "front_desk"),
    "zhao": ("赵对接", "CY", "unit_liaison"),
    "qian": ("钱经理", "CY", "project_manager"),
    "sun": ("孙分总", "FG", "branch_head"),
    "wu": ("吴品质", "PZ", "quality_dept"),
    "zhou": ("周主管", "JT", "group_cc_supervisor"),
    "zheng": ("郑坐席", "JT", "group_cc_agent"),
    "wang": ("王邻居", "LY", "unit_liaison"),
}
"""Login → name, unit and role; 王邻居 belongs to another project."""


class House:
    """An organisation as the tests use it: its units by code, its people by login, and short ways to make cases and open pages."""

    def __init__(self, organisation: Organisation, units: dict[str, Unit], staff: dict[str, Staff], home: Household) -> None:
        self.organisation, self.units, self.staff, self.home = organisation, units, staff, home

    def browser(self, login: str) -> Client:
        """Somebody's browser, signed in."""
        client = Client()
        client.force_login(self.staff[login])
        return client

    def register(
        self,
        story: str = "电梯停运三小时",
        record: str = "complaint",
        *,
        ago: timedelta = timedelta(),
        unit: str = "CY",
        dispatch: bool = True,
        **more: Any,
    ) -> Registered:
        """A case that came in some time ago, dispatched at once unless told not to."""
        said: dict[str, Any] = {"category": {"GP": "engineering_repair"}, "severity": {"GP": "general"}, "channel": "call_centre_400"}
        form = Registration(record, unit, story=story, by_role="group_cc_agent", **{**said, **more})
        return cases.register(
            self.organisation.id, form, by=self.staff["zheng"].pk, at=timezone.now() - ago,
            dispatch_to=unit if dispatch else None, dispatched_by="group_cc_agent",
        )  # fmt: skip

    def move(self, case: UUID, move: str, login: str, ago: timedelta = timedelta(), **details: Any) -> Any:
        """Somebody moves a case on."""
        post = self.staff[login].posts.earliest("unit__code")
        return cases.move(
            self.organisation.id,
            case,
            move,
            details,
            by=self.staff[login].pk,
            post_role=post.role,
            unit=post.unit.code,
            at=timezone.now() - ago,
        )

    def case(self, number: str) -> Case:
        """The case as it now stands."""
        return Case.objects.get(organisation_id=self.organisation.id, number=number)


@pytest.fixture(scope="module")
def built_house(module_transaction: None) -> House:
    """The house as it is built once for a file; tests ask for ``house``."""
    return build_house()


@pytest.fixture
def house(built_house: House, db: None) -> House:
    """A group with a company, a branch, two projects and the people of PEOPLE; the group's platform rules are in force."""
    # What an earlier test remembered of it, and did not commit, must not be known any more.
    places.touch(built_house.organisation.id)
    return copy.deepcopy(built_house)


def build_house() -> House:
    """The house of the tests; also for the journeys through a browser."""
    organisation = places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=EARLY, name_en="Cuiyuan Group")
    units: dict[str, Unit] = {}
    for code, kind, name, parent in (
        ("JT", "group", "翠园集团", None), ("WY", "property_company", "翠园物业公司", "JT"), ("PZ", "department", "品质管理部", "WY"),
        ("FG", "branch", "第一分公司", "WY"), ("CY", "project", "翠园一期", "FG"), ("LY", "project", "绿洲花园", "FG"),
    ):  # fmt: skip
        units[code] = places.add_unit(
            organisation.id, code, kind, name, by=CLERK, at=EARLY, parent=units[parent].pk if parent else None,
            households_count=604 if kind == "project" else 0,
        )  # fmt: skip
    adopt(units["WY"], "group_platform", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    staff = {login: _person(organisation, units, login, *about) for login, about in PEOPLE.items()}
    home = places.add_household(units["CY"], "3-2-1501", by=CLERK, at=EARLY)
    resident = people.add_resident(organisation.id, "王小芳", by=CLERK, at=EARLY, phone="13812345678", title="女士")
    people.move_in(resident, home, "owner", by=CLERK, at=EARLY)
    return House(organisation, units, staff, home)


def _person(organisation: Organisation, units: dict[str, Unit], login: str, name: str, unit: str, role: str) -> Staff:
    made = people.add_staff(organisation.id, login, name, by=CLERK, at=EARLY)
    people.give_post(made, units[unit], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    return made


Open = Callable[[str], Client]


@pytest.fixture
def admin(house: House) -> Client:
    """The browser of the administrator."""
    made = people.add_staff(house.organisation.id, "admin", "管理员", by=CLERK, at=EARLY)
    people.give_post(made, house.units["WY"], "admin", date(2025, 1, 1), by=CLERK, at=EARLY)
    house.staff["admin"] = made
    return house.browser("admin")
