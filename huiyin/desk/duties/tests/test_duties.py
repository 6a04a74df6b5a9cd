"""The acts of a day serve its duties; the calendar says who owes what when; gaps in the rosters show."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, parse_moment
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.clocks.models import Clock
from huiyin.desk.conftest import GivePost
from huiyin.desk.duties import actions, queries
from huiyin.desk.duties.calendar import rosters
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings.tests.cases import Complaint

DAY = "2026-02-03"


@pytest.fixture
def liaison(complaint: Complaint, project: Unit, with_post: GivePost) -> Staff:
    """The liaison of the project, on the day on which the duties have opened."""
    for event in ("day_opened", "week_opened"):
        at = parse_moment(f"{DAY} 00:00") - (timedelta(days=1) if event == "week_opened" else timedelta())
        store(complaint.organisation_id, [Fact(event, at, unit="WY", by="platform")], by=None, at=at)
    return with_post("wang", project, "unit_liaison")


def _state(rule: str, unit: str = "CY") -> str:
    return Clock.objects.get(rule=rule, unit_code=unit, period=DAY).state


def test_a_day_of_mobile_duty_is_served_when_the_last_signs_out(liaison: Staff) -> None:
    organisation_id = liaison.organisation_id
    actions.sign_in(organisation_id, "liaison_mobile", "CY", by=liaison, role="unit_liaison", at=parse_moment(f"{DAY} 08:00"))
    assert [one.staff_id for one in queries.present(organisation_id, ["CY"], parse_moment(f"{DAY} 09:00"))] == [liaison.id]
    actions.sign_out(organisation_id, "liaison_mobile", "CY", by=liaison, role="unit_liaison", at=parse_moment(f"{DAY} 20:00"))
    assert _state("GP:liaison-mobile") == "met"


def test_phone_duty_that_ends_at_midnight_serves_the_day_on_which_it_began(liaison: Staff) -> None:
    organisation_id = liaison.organisation_id
    actions.sign_in(organisation_id, "service_phone", "CY", by=liaison, role="unit_liaison", at=parse_moment(f"{DAY} 00:00"))
    actions.sign_out(organisation_id, "service_phone", "CY", by=liaison, role="unit_liaison", at=parse_moment(f"{DAY} 24:00"))
    assert _state("GP:service-phone") == "met"


def test_looking_through_the_complaints_serves_the_days_duty(liaison: Staff, company: Unit, with_post: GivePost) -> None:
    quality = with_post("zhou", company, "quality_dept")
    actions.review_complaints(liaison.organisation_id, "WY", by=quality, role="quality_dept", at=parse_moment(f"{DAY} 17:00"))
    assert _state("GP:review-complaints", "WY") == "met"


def test_nobody_signs_out_who_has_not_signed_in(liaison: Staff) -> None:
    with pytest.raises(BadText, match="sign in first"):
        actions.sign_out(liaison.organisation_id, "liaison_mobile", "CY", by=liaison, role="unit_liaison", at=parse_moment(f"{DAY} 20:00"))


def test_the_calendar_of_a_month_holds_who_owes_what_and_no_single_days(liaison: Staff) -> None:
    found = queries.calendar(liaison.organisation_id, "2026-02")
    owed = {(one.rule, one.unit_code) for one in found}
    assert ("GP:weekly-signed-summary", "CY") in owed and ("GP:weekly-summary-to-leader", "WY") in owed
    assert not any(one.period == DAY for one in found)


def test_each_figure_of_the_calendar_opens_its_list(liaison: Staff) -> None:
    wanted = queries.Filter(units=frozenset({"CY"}))
    found = queries.figures(liaison.organisation_id, wanted)
    assert found and all(queries.find(liaison.organisation_id, one.filter).count() == one.count for one in found)
    assert [one.unit_code for one in queries.not_handed_in(liaison.organisation_id, "GP:weekly-signed-summary", "2026-W06")] == ["CY"]


def test_hours_without_anybody_on_the_roster_show(liaison: Staff, project: Unit, at: datetime) -> None:
    day = date(2026, 2, 3)
    people.plan_duty(project, "liaison_mobile", day, [(8 * 60, 12 * 60, liaison)], by=By("admin"), at=at)
    gaps = rosters.gaps(liaison.organisation_id, ["CY"], day)["CY"]
    assert gaps["liaison_mobile"] == ((12 * 60, 20 * 60),)
    assert "quality_desk" not in gaps


def test_rosters_are_those_that_the_units_regulations_want(project: Unit, company: Unit, liaison: Staff) -> None:
    day = date(2026, 2, 3)
    assert {key: one.span for key, one in rosters.kept_by(project, day).items()} == {
        "liaison_mobile": (480, 1200),
        "service_phone": (0, 1440),
        "liaison_online": (480, 1050),
    }
    assert rosters.kept_by(company, day)["quality_desk"].also == ("complaints_reviewed",)
    Adoption.objects.update(until_on=date(2026, 2, 2))
    places.touch(project.organisation_id)
    assert rosters.kept_by(project, day) == {}
    with pytest.raises(BadText, match="regulations want one"):
        actions.sign_in(project.organisation_id, "liaison_mobile", "CY", by=liaison, role="unit_liaison", at=parse_moment(f"{DAY} 08:00"))
