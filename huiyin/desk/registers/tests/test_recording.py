"""What is entered once is recorded once: entries start and end limits, and acts that were recorded elsewhere stand in the register."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.records import MET, RUNNING
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import Line, add_entry, amend_entry, close_entry, look_at_rows, take_rows
from huiyin.desk.registers.columns import BadEntry
from huiyin.desk.registers.models import Act, Entry
from huiyin.desk.registers.tests.conftest import KEEPER, take_up

ITEMS, MERCHANTS, KEYS, USES, CHARGES = "CR:custody-items", "CR:merchants", "CR:customer-keys", "CR:key-uses", "CR:charges"
PLANS = "CR:activity-plan"
ITEM: dict[str, Any] = {
    "item": "行李箱",
    "household": "3-2-1501",
    "owner": "王小芳",
    "received_on": "2026-01-30",
    "received_by": "李接待",
    "keep_until": "2026-02-20",
}
MERCHANT = {"merchant": "便利店", "shop": "1-2", "head": "陈老板", "moved_in_on": "2026-01-20"}
FILE = ("licence_copy", "head_identity", "employee_identity", "photos")


@pytest.fixture
def desk(project: Unit, at: datetime) -> Unit:
    """The project, which keeps the registers of the customer relations standard."""
    take_up(project, "customer_relations", at)
    return project


def _add(desk: Unit, register: str, values: dict[str, Any], at: datetime, **more: Any) -> Entry:
    return add_entry(desk.organisation_id, register, "CY", values, by=KEEPER, at=at, **more)


def _record(desk: Unit, event: str, at: datetime, by: str = "service_centre", **details: Any) -> None:
    store(desk.organisation_id, [Fact(event, at, None, "CY", by, details)], by=None, at=at)


def _events(desk: Unit) -> list[str]:
    rows = FactRow.objects.filter(organisation_id=desk.organisation_id, derived=False, details__has_key="entry")
    return list(rows.order_by("entered_at", "at", "id").values_list("event", flat=True).distinct())


def _clock(desk: Unit, rule: str) -> Clock:
    return Clock.objects.get(organisation_id=desk.organisation_id, rule=rule)


def _listed(desk: Unit, register: str) -> list[Entry]:
    return list(queries.find(desk.organisation_id, queries.Filter(register)))


def test_an_item_in_custody_starts_its_limit_and_its_return_ends_it(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    clock = _clock(desk, "CR:custody-own-limit")
    assert (clock.state, f"{clock.due_at:%Y-%m-%d %H:%M %Z}") == (RUNNING, "2026-02-20 15:59 UTC")
    with pytest.raises(Refused, match=r"CR-4\.3\.0\.2a"):
        close_entry(made, "本人领回", by=KEEPER, at=at + timedelta(days=3))
    close_entry(made, "本人领回", by=KEEPER, at=at + timedelta(days=3), sent={"returned_to": "王小芳"})
    clock.refresh_from_db()
    made.refresh_from_db()
    assert (clock.state, made.values["returned_on"]) == (MET, "2026-02-05")
    assert [one.event for one in queries.acts_of(made)] == ["custody_item_received", "custody_item_returned"]
    assert len(_listed(desk, ITEMS)) == 1, "an act that an entry tells makes no second entry"


def test_an_act_is_stored_once_and_put_right_when_the_entry_says_another(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    for number, said in enumerate(({"passed_on": "张三"}, {"passed_on": "李四"}, {"owner": "王芳"}), 1):
        amend_entry(made, said, "更正", by=KEEPER, at=at + timedelta(hours=number))
    told = FactRow.objects.filter(organisation_id=desk.organisation_id, event="custody_item_passed_on").order_by("number")
    assert [one.details["signed_by"] for one in told] == ["张三", "李四"]


def test_a_date_filled_in_later_records_what_it_says(desk: Unit, at: datetime) -> None:
    made = _add(desk, MERCHANTS, MERCHANT, at)
    assert _clock(desk, "CR:merchant-file").state == RUNNING
    amend_entry(made, dict.fromkeys(FILE[:3], "是"), "补资料", by=KEEPER, at=at + timedelta(days=1))
    assert _clock(desk, "CR:merchant-file").state == RUNNING, "one of the papers is not there yet"
    amend_entry(made, {FILE[3]: "是"}, "补照片", by=KEEPER, at=at + timedelta(days=2))
    assert _clock(desk, "CR:merchant-file").state == MET


def test_a_day_to_come_records_nothing_that_was_done(desk: Unit, at: datetime) -> None:
    with pytest.raises(BadEntry) as refused:
        _add(desk, ITEMS, ITEM | {"received_on": "2026-03-01"}, at)
    assert list(refused.value.problems) == ["received_on"]
    assert not Entry.objects.exists()


def test_what_a_regulation_forbids_is_not_entered(desk: Unit, at: datetime) -> None:
    use = {"household": "3-2-1501", "used": "key", "used_by": "耿师傅", "used_at": "2026-01-30 15:00", "reason": "关阀"}
    with pytest.raises(Refused, match=r"CR-7\.3\.0\.4b"):
        _add(desk, USES, use, at)
    assert not Entry.objects.exists()
    _record(desk, "approval_given", at - timedelta(days=9), "owner", household="3-2-1501", clause="CR-7.3.0.4b", approver="owner")
    made = _add(desk, USES, use, at)
    assert [(one.event, one.at) for one in queries.acts_of(made)] == [("customer_key_used", made.at)]


def test_a_file_of_what_was_done_before_is_taken_whatever_is_forbidden_now(desk: Unit, at: datetime) -> None:
    use = {"household": "3-2-1501", "used": "key", "used_by": "耿师傅", "used_at": "2026-01-30 15:00", "reason": "关阀"}
    sheet = look_at_rows(desk.organisation_id, USES, "CY", "uses.xlsx", [Line(2, use)], by=KEEPER, at=at)
    assert take_rows(sheet, by=KEEPER, at=at) == 1
    assert FactRow.objects.filter(event="customer_key_used", details__elsewhere=True).exists()


def test_an_act_recorded_elsewhere_stands_in_the_register(desk: Unit, at: datetime) -> None:
    _record(desk, "custody_item_received", at, item="雨伞", household="1-1-101", customer="赵先生", signed_by="designated_person")
    [made] = _listed(desk, ITEMS)
    told = {"item": "雨伞", "household": "1-1-101", "owner": "赵先生", "received_on": "2026-02-02", "received_by": "专人"}
    assert (made.values, made.closed_at is not None) == (told, False)
    _record(desk, "custody_item_returned", at + timedelta(days=1), item="雨伞", signed_by="赵先生")
    made.refresh_from_db()
    assert (made.values["returned_to"], made.values["returned_on"]) == ("赵先生", "2026-02-03")
    assert made.closed_at is not None and len(_listed(desk, ITEMS)) == 1
    assert Act.objects.filter(entry_id=made.id).count() == 2


def test_what_an_act_leaves_open_is_filled_in_later(desk: Unit, at: datetime) -> None:
    _record(desk, "merchant_moved_in", at, merchant="面馆")
    [made] = _listed(desk, MERCHANTS)
    assert made.values == {"merchant": "面馆", "moved_in_on": "2026-02-02"}
    _record(desk, "merchant_file_complete", at, merchant="面馆")
    made.refresh_from_db()
    assert {made.values[key] for key in FILE} == {"true"}
    amended = amend_entry(made, {"shop": "1-5"}, "补登", by=KEEPER, at=at + timedelta(hours=1))
    assert amended.values["shop"] == "1-5"
    with pytest.raises(BadEntry) as refused:
        amend_entry(made, {"shop": ""}, "误删", by=KEEPER, at=at + timedelta(hours=2))
    assert list(refused.value.problems) == ["shop"]


def test_what_became_of_a_plan_stands_in_the_entry_of_the_plan(desk: Unit, at: datetime) -> None:
    plan = {"period_kind": "quarterly", "period": "2026-Q1", "activity": "元宵灯会", "planned_on": "2026-02-12"}
    made = _add(desk, PLANS, plan, at)
    _record(desk, "activity_plan_approved", at, "department_head", activity="元宵灯会")
    _record(desk, "activity_held", at + timedelta(days=9), activity="元宵灯会")
    made.refresh_from_db()
    assert (made.values["outcome"], made.values["held_on"]) == ("held", "2026-02-11")
    assert len(_listed(desk, PLANS)) == 1


def test_the_return_of_something_that_was_never_entered_makes_no_entry(desk: Unit, at: datetime) -> None:
    _record(desk, "custody_item_received", at, item="雨伞", signed_by="前台")
    _record(desk, "custody_item_returned", at, item="箱子", signed_by="赵先生")
    assert [one.values["item"] for one in _listed(desk, ITEMS)] == ["雨伞"]


def test_a_charge_is_filed_and_published_by_its_entry(desk: Unit, at: datetime) -> None:
    rate = {
        "charge": "换锁芯",
        "rate_yuan": "60",
        "per": "次",
        "valid_from": "2026-01-10",
        "published_on": "2026-01-12",
        "outlets": "公告栏",
    }
    with pytest.raises(Refused, match=r"CR-7\.6\.0\.1a"):
        _add(desk, CHARGES, rate, at)
    made = _add(desk, CHARGES, rate | {"filing": "价备1号", "filed_on": "2026-01-08"}, at)
    assert {one.event for one in queries.acts_of(made)} == {"approval_given:CR-7.6.0.1a", "charge_published"}


def test_one_meeting_is_told_by_the_first_of_its_opinions(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    row = {"held_on": "2026-01-20", "participants": "三人", "sort": "opinion", "text": "水泵"}
    for text in ("水泵", "门禁"):
        add_entry(project.organisation_id, "OF:developer_opinions", "CY", row | {"text": text}, by=By("management_office"), at=at)
    assert FactRow.objects.filter(event="developer_meeting_held", case_id=None).count() == 1
    assert Entry.objects.count() == 2


def test_an_entry_about_a_survey_that_is_not_known_records_nothing(project: Unit, at: datetime) -> None:
    take_up(project, "satisfaction_survey", at)
    row = {"survey": "口头调查", "words": "停车难", "department": "秩序部"}
    add_entry(project.organisation_id, "SS:survey_opinions", "CY", row, by=By("department"), at=at)
    assert not FactRow.objects.filter(organisation_id=project.organisation_id, event="opinion_received").exists()
