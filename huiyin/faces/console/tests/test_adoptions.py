"""Adopting a regulation with the assistant: what fits, where it meets others, open numbers, rehearsal, adopting and ending."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.conflicts import conflicts
from huiyin.core.known import Unit, Units
from huiyin.core.rules import Adopted
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.adoptions.queries import settings_on
from huiyin.desk.journal import queries as journal
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation
from huiyin.rulebook.settings import declared, offered

CR, CP, RC = "customer_relations", "community_publication", "resident_complaints"
UNITS = Units.of([Unit("CO", "property_company"), Unit("P1", "project", "CO")])


@pytest.fixture
def admin(house: House) -> Client:
    """The browser of the administrator."""
    made = people.add_staff(house.organisation.id, "admin", "管理员", by=CLERK, at=EARLY)
    people.give_post(made, house.units["WY"], "admin", date(2025, 1, 1), by=CLERK, at=EARLY)
    house.staff["admin"] = made
    return house.browser("admin")


def _adopted(stem: str, unit: str = "CO") -> Adopted:
    return Adopted(regulation(stem), unit, load_workdays())


def test_two_limits_for_one_matter_are_a_conflict_and_the_stricter_of_one_level_binds() -> None:
    found = {(one.new.clause, one.standing.clause): one for one in conflicts(_adopted(CP), [_adopted(CR)], UNITS)}
    reply = found["CP-1.2b", "CR-2.1.3.3a"]
    assert (reply.new.value, reply.standing.value, reply.why) == ("2 workdays", "1 workdays", "stricter")
    # The report of a major complaint is due in one workday in both: no conflict.
    assert ("CP-2.2b", "CR-2.1.8.1a") not in found


def test_what_the_company_adopts_binds_over_what_its_project_adopts() -> None:
    found = conflicts(_adopted(CP, "P1"), [_adopted(CR)], UNITS)
    limits = [one for one in found if one.kind == "limit"]
    assert limits and all((one.binds, one.why) == ("standing", "level") for one in limits)


def test_marks_of_the_same_name_are_shown_and_each_is_its_own() -> None:
    major = next(one for one in conflicts(_adopted(CP), [_adopted(RC)], UNITS) if one.matter == "major")
    assert (major.kind, major.binds, major.why) == ("mark", "both", "own")


def test_the_regulations_for_the_kind_come_first_with_what_they_start(house: House, admin: Client) -> None:
    page = admin.get("/adoptions?kind=management_office").content.decode()
    chosen = page[page.index('id="choose"') :]
    assert chosen.index("住户投诉处理标准作业规程") < chosen.index("大学后勤管理处投诉信息管理办法")
    assert chosen.count("适用</span>") == 3 and "时限 " in chosen and "台账 " in chosen


def test_the_plan_names_conflicts_and_offers_open_numbers(house: House, admin: Client) -> None:
    adopt(house.units["WY"], CR, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    page = admin.post(f"/adoptions/{CP}", {"unit": "WY", "from_on": "2026-01-01"}).content.decode()
    part = page[page.index('id="conflicts"') : page.index('id="questions"')]
    assert "CP-1.2b" in part and "CR-2.1.3.3a" in part and "2个工作日" in part and "1个工作日" in part and "同级规定以更严者为准" in part
    page = admin.get("/adoptions/office_feedback").content.decode()
    assert 'value="15 minutes"' in page and "不勾选就不计时" in page


def test_a_proposed_tolerance_holds_only_when_it_is_ticked(house: House, admin: Client) -> None:
    plain = {"unit": "WY", "from_on": "2026-01-01", "set-2": "15 minutes"}
    answer = admin.post("/adoptions/office_feedback/adopt", plain)
    assert answer.status_code == 302
    assert Adoption.objects.get(regulation="office_feedback").settings == []
    answer = admin.post(f"/adoptions/{RC}/adopt", {"unit": "WY", "from_on": "2026-01-01", "set-1": "8 minutes", "take-1": "1"})
    made = Adoption.objects.get(regulation=RC)
    assert settings_on(made.settings, date(2026, 1, 2)) == {"RC-4.4.1b": {"tolerance": "8 minutes"}}
    actions = [entry.action for entry in journal.entries_of(house.organisation.id, f"adoption:{made.id}")]
    assert sorted(actions) == ["adoptions.adopt", "adoptions.set_setting"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"set-1": "soonish", "take-1": "1"}, "RC-4.4.1b"),
        ({"from_on": "2010-01-01"}, "施行日期"),
        ({"from_on": "morgen"}, "请填写日期"),
        ({"unit": "XX"}, "请选择您管辖范围内的单位"),
        ({"set-0": "three", "take-0": "1"}, "整数"),
    ],
)
def test_bad_values_are_refused_with_a_sentence_and_kept(house: House, admin: Client, sent: dict[str, str], told: str) -> None:
    answer = admin.post(f"/adoptions/{RC}/adopt", {"unit": "WY", "from_on": "2026-01-01", **sent})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page[page.index('id="wrong"') :][:600]
    assert all(value in page for name, value in sent.items() if name.startswith("set-"))
    assert not Adoption.objects.filter(regulation=RC).exists()


def test_the_past_is_replayed_with_the_new_regulation_and_nothing_is_written(house: House, admin: Client) -> None:
    made = house.register(ago=timedelta(days=5), channel="phone")
    page = admin.post(f"/adoptions/{CP}", {"unit": "WY", "from_on": "2026-01-01", "days": "30"}).content.decode()
    part = page[page.index('id="rehearsal"') :]
    assert "CP-1.2a" in part and made.number in part and "1 张工单" in part
    assert not Adoption.objects.filter(regulation=CP).exists()


def test_an_adoption_is_ended_from_a_day_and_not_before_it_began(house: House, admin: Client) -> None:
    made = Adoption.objects.get(regulation="group_platform")
    admin.post(f"/adoptions/{made.pk}/end", {"until_on": "2020-01-01"})
    made.refresh_from_db()
    assert made.until_on is None and "早于采用日期" in admin.get("/adoptions").content.decode()
    last = timezone.localdate()
    admin.post(f"/adoptions/{made.pk}/end", {"until_on": last.isoformat()})
    made.refresh_from_db()
    assert made.until_on == last and f"至 {last} 止" in admin.get("/adoptions").content.decode()


def test_a_setting_is_chosen_from_a_day_on(house: House, admin: Client) -> None:
    made = Adoption.objects.get(regulation="group_platform")
    admin.post(f"/adoptions/{made.pk}/setting", {"number": "5", "value": "project_manager", "from_on": "2026-02-01"})
    admin.post(f"/adoptions/{made.pk}/setting", {"number": "5", "value": "nobody", "from_on": "2026-02-01"})
    made.refresh_from_db()
    assert [one["value"] for one in made.settings] == ["project_manager"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("3 years", ["3 years"]), ("180 days", ["180 days"]), ("2 hours", []), ("by the time due", [])]
)
def test_how_long_cases_are_kept_is_an_open_number_of_at_least_a_day(house: House, admin: Client, typed: str, kept: list[str]) -> None:
    made = Adoption.objects.get(regulation="group_platform")
    number = [one["key"] for one in declared("group_platform")].index("keep")
    admin.post(f"/adoptions/{made.pk}/setting", {"number": str(number), "value": typed, "from_on": "2026-02-01"})
    made.refresh_from_db()
    assert [one["value"] for one in made.settings] == kept


def test_the_assistant_assumes_no_time_of_keeping(house: House, admin: Client) -> None:
    one = next(one for one in declared("group_platform") if one["key"] == "keep")
    assert (one["default"], one["proposed"], offered(one)) == (None, None, "")


def test_the_assistant_is_not_there_for_who_may_not_adopt(house: House) -> None:
    assert house.browser("zhao").get("/adoptions").status_code == 404
