"""The roles of the group's platform measures: who can be addressed, who sees what, who handles, and who is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from huiyin.desk.conftest import TODAY, GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.people import access, queries
from huiyin.desk.people.actions import disable_staff
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit

SIX = {
    "PZ": ("品质管理部", "quality_dept"),
    "KF": ("客户服务部", "customer_service_dept"),
    "GC": ("工程管理部", "engineering_dept"),
    "ZX": ("秩序维护部", "order_dept"),
    "FW": ("法律合规部", "legal_dept"),
    "SJ": ("审计监察部", "audit_dept"),
}


@pytest.fixture
def departments(company: Unit, clerk: By, at: datetime) -> dict[str, Unit]:
    """The six departments of the company, by code (GP-7)."""
    return {
        code: places.add_unit(company.organisation_id, code, "department", name, by=clerk, at=at, parent=company.id)
        for code, (name, _) in SIX.items()
    }


def _logins(unit: Unit, role: str, day: date = TODAY) -> list[str]:
    return [Staff.objects.get(pk=one).login for one in queries.holders(unit.organisation_id, role, unit.code, day)]


def test_the_six_departments_can_be_addressed(project: Unit, departments: dict[str, Unit], with_post: GivePost) -> None:
    for code, (_, role) in SIX.items():
        person = with_post(role.replace("_dept", ""), departments[code], role)
        assert _logins(project, role) == [person.login]
        assert access.may(person, "see_cases", project, on_day=TODAY)


def test_a_department_may_urge_the_unit_but_not_act_in_its_place(project: Unit, departments: dict[str, Unit], with_post: GivePost) -> None:
    engineer = with_post("engineer", departments["GC"], "engineering_dept")
    assert access.may(engineer, "urge", project, on_day=TODAY)
    assert not access.may(engineer, "accept", project, on_day=TODAY)


def test_the_quality_department_sees_every_unit(
    project: Unit, branch: Unit, company: Unit, departments: dict[str, Unit], with_post: GivePost, clerk: By, at: datetime
) -> None:
    other = places.add_unit(company.organisation_id, "FG2", "branch", "第二分公司", by=clerk, at=at, parent=company.id)
    later = places.add_unit(company.organisation_id, "XM2", "project", "新项目", by=clerk, at=at, parent=other.id)
    quality = with_post("quality", departments["PZ"], "quality_dept")
    seen = set(access.units(quality, "see_cases", on_day=TODAY))
    assert {company, branch, project, other, later, *departments.values()} <= seen
    assert {project, later} <= set(access.units(quality, "supervise", on_day=TODAY))
    assert set(access.units(with_post("head", branch, "branch_head"), "see_cases", on_day=TODAY)) == {branch, project}


def test_the_quality_department_names_its_contacts(
    project: Unit, departments: dict[str, Unit], with_post: GivePost, clerk: By, at: datetime
) -> None:
    def named(day: date) -> list[str]:
        return [one.name for one in queries.contacts(project.organisation_id, "quality_dept", project.code, day)]

    assert named(TODAY) == []
    with_post("ji", departments["PZ"], "quality_dept")
    zhuang = with_post("zhuang", departments["PZ"], "quality_dept", from_on=TODAY + timedelta(days=7))
    assert named(TODAY) == ["ji"]
    assert named(TODAY + timedelta(days=7)) == ["ji", "zhuang"]
    disable_staff(zhuang, by=clerk, at=at)
    assert named(TODAY + timedelta(days=7)) == ["ji"]


def test_the_unit_handles_its_records(
    project: Unit, branch: Unit, company: Unit, departments: dict[str, Unit], with_post: GivePost, clerk: By, at: datetime
) -> None:
    neighbour = places.add_unit(company.organisation_id, "CY2", "project", "翠园二期", by=clerk, at=at, parent=branch.id)
    liaison = with_post("liaison", project, "unit_liaison")
    quality = with_post("quality", departments["PZ"], "quality_dept")
    for verb in ("accept", "contact", "plan", "report_solution", "handle"):
        assert list(access.units(liaison, verb, on_day=TODAY)) == [project]
        assert not access.may(liaison, verb, neighbour, on_day=TODAY)
    for verb in ("accept", "plan", "handle"):
        assert not access.may(quality, verb, project, on_day=TODAY)


def test_a_project_without_liaison_is_flagged_and_its_manager_told(project: Unit, branch: Unit, with_post: GivePost) -> None:
    def lacking(day: date = TODAY) -> tuple[str, ...]:
        return queries.units_lacking(project.organisation_id, "unit_liaison", "project", day)

    with_post("manager", project, "project_manager")
    with_post("somewhere", branch, "branch_head")
    assert lacking() == (project.code,)
    assert _logins(project, "unit_liaison") == ["manager"]
    with_post("liaison", project, "unit_liaison", until_on=TODAY)
    assert lacking() == ()
    assert _logins(project, "unit_liaison") == ["liaison"]
    tomorrow = TODAY + timedelta(days=1)
    assert lacking(tomorrow) == (project.code,)
    assert _logins(project, "unit_liaison", tomorrow) == ["manager"]
