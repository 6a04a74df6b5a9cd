"""Every role that a regulation names can be held, gives its holder something to do, and is found by whoever addresses it."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.desk.conftest import AT, CLERK, TODAY
from huiyin.desk.people import access, queries
from huiyin.desk.people import actions as people
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation
from huiyin.rulebook.load import regulation, stems

OUTSIDE = "outside"


@pytest.mark.parametrize("stem", stems())
def test_every_role_of_every_regulation_can_be_held_and_addressed(stem: str, organisation: Organisation) -> None:
    found = regulation(stem)
    top = places.add_unit(organisation.id, "CO", "property_company", "公司", by=CLERK, at=AT)
    site = places.add_unit(organisation.id, "P1", "project", "项目", by=CLERK, at=AT, parent=top.id)
    for number, (role, level) in enumerate(found.role_levels.items()):
        unit = site if level == "project" else top
        person = people.add_staff(organisation.id, f"person{number}", role, by=CLERK, at=AT)
        people.give_post(person, unit, role, date(2020, 1, 1), by=CLERK, at=AT)
        assert person.pk in queries.holders(organisation.id, role, "P1", TODAY), role
        rights = access.verbs(person, site, on_day=TODAY)
        assert level == OUTSIDE or "see_cases" in rights, f"{role} may see nothing"


def test_who_is_at_work_acts_for_working_posts_and_never_decides_for_a_superior(organisation: Organisation) -> None:
    """The registering receptionist writes down what a colleague of the unit did; what the supervisor decides stays the supervisor's."""
    found = regulation("resident_complaints")
    site = places.add_unit(organisation.id, "P1", "project", "项目", by=CLERK, at=AT)
    clerk = people.add_staff(organisation.id, "clerk", "前台", by=CLERK, at=AT)
    post = people.give_post(clerk, site, "receptionist", date(2020, 1, 1), by=CLERK, at=AT)
    standing = access.standing_at(clerk, site, on_day=TODAY, post=post)
    assert standing.may_act_as(found, ["form_taker"]) == ("form_taker",)
    assert standing.may_act_as(found, ["pa_supervisor"]) == ()
    assert standing.may_act_as(found, ["form_taker"], deciding=True) == ()
    assert standing.may_act_as(found, ["receptionist", "pa_supervisor"]) == ("receptionist",)


def test_a_superior_of_the_same_line_stands_in(organisation: Organisation) -> None:
    found = regulation("satisfaction_survey")
    company = places.add_unit(organisation.id, "CO", "property_company", "公司", by=CLERK, at=AT)
    chief = people.add_staff(organisation.id, "chief", "总经理", by=CLERK, at=AT)
    post = people.give_post(chief, company, "branch_gm", date(2020, 1, 1), by=CLERK, at=AT)
    standing = access.standing_at(chief, company, on_day=TODAY, post=post)
    assert standing.may_act_as(found, ["operations_manager"], deciding=True) == ("branch_gm",)


def test_somebody_without_a_post_there_is_nobody(organisation: Organisation) -> None:
    one = places.add_unit(organisation.id, "P1", "project", "甲", by=CLERK, at=AT)
    other = places.add_unit(organisation.id, "P2", "project", "乙", by=CLERK, at=AT)
    clerk = people.add_staff(organisation.id, "clerk", "前台", by=CLERK, at=AT)
    post = people.give_post(clerk, one, "receptionist", date(2020, 1, 1), by=CLERK, at=AT)
    assert access.standing_at(clerk, other, on_day=TODAY, post=post) == access.NOBODY
    assert access.standing_at(clerk, one, on_day=TODAY) == access.NOBODY
