"""An entry that is corrected puts right the acts that it has recorded: limits follow, and nothing is counted twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, opening_of
from huiyin.core.records import LATE, MET, RUNNING
from huiyin.desk.adoptions.actions import set_setting
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.cases.models import Mark
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch import look, reconcile
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.facts.queries import put_right
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Retention
from huiyin.desk.messaging.models import Message
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import add_entry, amend_entry
from huiyin.desk.registers.columns import BadEntry
from huiyin.desk.registers.models import Act, Entry
from huiyin.desk.registers.tests.conftest import KEEPER, take_up
from huiyin.desk.registers.tests.test_recording import FILE, ITEM, ITEMS, MERCHANT, MERCHANTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(project: Unit, at: datetime) -> Unit:
    """The project, which keeps the registers of the customer relations standard."""
    take_up(project, "customer_relations", at)
    return project


def _add(desk: Unit, register: str, values: dict[str, Any], at: datetime) -> Entry:
    return add_entry(desk.organisation_id, register, "CY", values, by=KEEPER, at=at)


def _amend(entry: Entry, at: datetime, **sent: Any) -> Entry:
    return amend_entry(entry, sent, "登记有误", by=KEEPER, at=at)


def _clock(rule: str) -> Clock:
    return Clock.objects.get(rule=rule)


def _acts(event: str) -> list[FactRow]:
    """The acts as they stand."""
    rows = FactRow.objects.filter(event=event, derived=False, about__startswith="item:").exclude(id__in=put_right(_organisation()))
    return list(rows.order_by("entered_at"))


def _organisation() -> Any:
    return Entry.objects.values_list("organisation_id", flat=True).first()


def test_a_limit_follows_the_day_that_is_put_right(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    _amend(made, at + timedelta(hours=1), keep_until="2026-03-20")
    clock = _clock("CR:custody-own-limit")
    assert (clock.state, f"{clock.due_at:%Y-%m-%d}") == (RUNNING, "2026-03-20")
    assert f"{Retention.objects.get(clause='CR-4.3.0.2b').until_on}" == "2026-03-20", "and so does what has to be kept"
    [stands] = _acts("custody_item_received")
    assert stands.details["keep_until"].startswith("2026-03-20")
    assert len(FactRow.objects.filter(event="custody_item_received", about__startswith="item:")) == 2, "what was said stays among the facts"
    assert journal.verify(desk.organisation_id).ok
    assert Act.objects.get(entry_id=made.id, event="custody_item_received").fact_id == stands.id
    assert reconcile(desk.organisation_id, at + timedelta(days=1)) == [], "the facts alone tell the same"


def test_the_start_of_a_limit_follows_the_day_that_is_put_right(desk: Unit, at: datetime) -> None:
    made = _add(desk, MERCHANTS, MERCHANT | dict.fromkeys(FILE, "是"), at)
    clock = _clock("CR:merchant-file")
    assert clock.state in (MET, LATE)
    due, start = clock.due_at, clock.starts_at
    _amend(made, at + timedelta(hours=1), moved_in_on="2025-06-02")
    clock.refresh_from_db()
    assert clock.starts_at < start and (clock.due_at is None or due is None or clock.due_at < due)


def test_what_was_only_left_open_is_told_with_the_act(desk: Unit, at: datetime) -> None:
    told = {"item": "雨伞", "signed_by": "前台"}
    store(desk.organisation_id, [Fact("custody_item_received", at, None, "CY", "service_centre", told)], by=None, at=at)
    [made] = queries.find(desk.organisation_id, queries.Filter(ITEMS))
    _amend(made, at + timedelta(hours=1), keep_until="2026-02-20")
    [stands] = _acts("custody_item_received")
    assert (stands.details["signed_by"], stands.details["keep_until"][:10]) == ("前台", "2026-02-20")
    assert _clock("CR:custody-own-limit").state == RUNNING and Entry.objects.count() == 1


def test_a_correction_of_what_no_act_tells_stores_nothing(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    before = FactRow.objects.count()
    _amend(made, at + timedelta(hours=2), keep_until="2026-02-20")
    assert FactRow.objects.count() == before


def test_what_is_put_right_twice_stands_once(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    for hours, day in ((1, "2026-03-20"), (2, "2026-04-20")):
        _amend(made, at + timedelta(hours=hours), keep_until=day)
    [stands] = _acts("custody_item_received")
    assert stands.details["keep_until"].startswith("2026-04-20")
    assert f"{_clock('CR:custody-own-limit').due_at:%Y-%m-%d}" == "2026-04-20"


def test_two_items_of_one_day_are_told_apart(desk: Unit, at: datetime) -> None:
    first, second = _add(desk, ITEMS, ITEM, at), _add(desk, ITEMS, ITEM | {"keep_until": "2026-02-25"}, at)
    _amend(second, at + timedelta(hours=1), keep_until="2026-03-20")
    told = {one.details["entry"]: one.details["keep_until"][:10] for one in _acts("custody_item_received")}
    assert told == {str(first.id): "2026-02-20", str(second.id): "2026-03-20"}


def test_an_act_is_not_undone_nor_made_anothers(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    with pytest.raises(BadText, match="行李箱"):
        _amend(made, at + timedelta(hours=1), item="纸箱")
    shop = _add(desk, MERCHANTS, MERCHANT | dict.fromkeys(FILE, "是"), at)
    with pytest.raises(BadEntry) as refused:
        _amend(shop, at + timedelta(hours=1), **{FILE[0]: "否"})
    assert list(refused.value.problems) == [FILE[0]] and "不能清空" in refused.value.problems[FILE[0]][1]
    made.refresh_from_db()
    assert (made.values["item"], made.version) == ("行李箱", 1)


def test_a_day_is_not_moved_out_of_the_period_whose_duty_it_has_served(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    adopted = Adoption.objects.get(regulation="office_feedback")
    set_setting(adopted, "OF-4a", "period", "monthly", date(2025, 12, 1), by=By("admin"), at=at)
    opened = opening_of(date(2026, 1, 1))
    store(project.organisation_id, [Fact("month_opened", opened, None, "CY", "platform", {"period": "2026-01"})], by=None, at=opened)
    row = {"held_on": "2026-01-20", "participants": "三人", "sort": "opinion", "text": "水泵"}
    made = add_entry(project.organisation_id, "OF:developer_opinions", "CY", row, by=By("management_office"), at=at)
    assert Clock.objects.get(rule="OF:developer-meeting").state == MET
    _amend(made, at + timedelta(hours=1), held_on="2026-01-21")
    assert f"{Act.objects.get(entry_id=made.id).at:%Y-%m-%d}" == "2026-01-21"
    with pytest.raises(BadText, match="2026-01"):
        _amend(made, at + timedelta(hours=2), held_on="2026-02-01")


def test_nobody_is_told_a_second_time(desk: Unit, at: datetime) -> None:
    made = _add(desk, ITEMS, ITEM, at)
    look(at + timedelta(hours=1))
    before = Message.objects.count()
    _amend(made, at + timedelta(hours=1), keep_until="2026-03-20", owner="王晓芳")
    assert Message.objects.count() == before


PROPERTY = "CR:customer-property"


def _thing(desk: Unit, name: str, at: datetime, **more: Any) -> Entry:
    return _add(desk, PROPERTY, {"property": name, "owner": "业委会", "place": "会所", "quantity": "10"} | more, at)


def _counts() -> list[FactRow]:
    return list(FactRow.objects.filter(event="customer_property_counted", about="", derived=False).order_by("at"))


def test_the_property_of_a_site_is_counted_once_all_of_it_was(desk: Unit, at: datetime) -> None:
    opened = opening_of(date(2026, 1, 1))
    store(desk.organisation_id, [Fact("month_opened", opened, None, "CY", "platform", {"period": "2026-01"})], by=None, at=opened)
    chairs, tables = _thing(desk, "折叠椅", at), _thing(desk, "桌子", at)
    _amend(chairs, at, counted_on="2026-01-30", counted="10")
    assert _counts() == [] and _clock("CR:count-property").state == RUNNING, "the tables have not been counted"
    _amend(tables, at, counted_on="2026-01-31", counted="10")
    [counted] = _counts()
    assert "result" not in counted.details and _clock("CR:count-property").state == MET


def test_a_count_that_differs_says_so_and_its_declaration_ends_it(desk: Unit, at: datetime) -> None:
    chairs = _thing(desk, "折叠椅", at, counted_on="2026-01-30", counted="10")
    later = at + timedelta(days=28)
    _amend(chairs, later, counted_on="2026-02-27", counted="8")
    assert [one.details.get("result") for one in _counts()] == [None, "changed"], "a later day is a count of its own"
    standing = Mark.objects.filter(mark="property_difference", ended_at=None)
    assert standing.count() == 1
    _amend(chairs, later + timedelta(hours=1), cause="两把损坏报废", declared_on="2026-03-02", declared_to="业主委员会")
    assert standing.count() == 0
    [told] = FactRow.objects.filter(event="property_difference_declared", about="", derived=False)
    assert (told.details["reason"], told.details["to"]) == ("两把损坏报废", "owners_committee")


def test_a_new_code_has_reached_the_residents_with_the_last_household(desk: Unit, at: datetime) -> None:
    takes_effect = at + timedelta(days=14)
    plan = Fact("door_code_change_planned", at, None, "CY", "designated_person", {"takes_effect": takes_effect})
    store(desk.organisation_id, [plan], by=None, at=at)
    told = {"door": "3栋大堂", "household": "3-1-101", "means": "住户信箱", "delivered_at": "2026-02-02 08:30"}
    _add(desk, "CR:door-code-deliveries", told, at + timedelta(hours=1))
    assert _clock("CR:new-code-ahead").state == RUNNING
    last = told | {"household": "3-1-102", "delivered_at": "2026-02-02 09:30", "all_told": "是"}
    made = _add(desk, "CR:door-code-deliveries", last, at + timedelta(hours=1))
    assert _clock("CR:new-code-ahead").state == MET
    _amend(made, at + timedelta(days=12), delivered_at="2026-02-12 09:30")
    assert _clock("CR:new-code-ahead").state == LATE, "it was within the week before"
