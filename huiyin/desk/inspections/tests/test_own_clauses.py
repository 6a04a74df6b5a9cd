"""Clauses that a register honours, each by what would be wrong without it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import in_shanghai
from huiyin.desk.conftest import GivePost
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.inspections.evidence.present import Span
from huiyin.desk.inspections.evidence.proving import Proving
from huiyin.desk.matters.models import Figure, Matter
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import add_entry, close_entry
from huiyin.desk.registers.columns import BadEntry
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.tests.conftest import KEEPER, take_up
from huiyin.rulebook.load import regulation

pytestmark = pytest.mark.django_db
KEY = {"household": "3-2-1501", "key": "入户门 1号", "quantity": "2", "received_on": "2026-01-30", "received_from": "王小芳",
       "received_by": "李专人"}  # fmt: skip


@pytest.fixture
def desk(project: Unit, at: datetime) -> Unit:
    """The project, which keeps the registers of the customer relations standard."""
    take_up(project, "customer_relations", at)
    return project


def _add(desk: Unit, register: str, at: datetime, **values: Any) -> Entry:
    return add_entry(desk.organisation_id, register, "CY", values, by=KEEPER, at=at)


def _lacking(desk: Unit, clause: str, proof: str, at: datetime) -> tuple[int, int]:
    """Of how many records the proof of the clause speaks, and how many of them lack something."""
    found = regulation("customer_relations")
    one = next(each for rule in found.rules for each in getattr(rule, "proofs", ()) if (each.clause, each.id) == (clause, proof))
    counted = Proving(desk.organisation_id, found, one, Span(at - timedelta(days=90), at + timedelta(days=90), frozenset({"CY"}))).count()
    return counted.get("CY", (0, 0))


def test_each_key_received_is_listed_in_detail_and_only_once(desk: Unit, at: datetime) -> None:
    for column in ("key", "quantity", "received_from", "received_by"):
        with pytest.raises(BadEntry) as refused:
            _add(desk, "CR:customer-keys", at, **{**KEY, column: ""})
        assert list(refused.value.problems) == [column]
    made = _add(desk, "CR:customer-keys", at, **KEY)
    told = {"household": "3-2-1502", "customer": "赵先生", "count": 1}
    store(desk.organisation_id, [Fact("customer_key_received", at, None, "CY", "designated_person", told)], by=None, at=at)
    listed = queries.find(desk.organisation_id, queries.Filter("CR:customer-keys", open_only=True)).order_by("number")
    assert [(one.values["household"], one.values["quantity"]) for one in listed] == [("3-2-1501", "2"), ("3-2-1502", "1")]
    assert FactRow.objects.filter(event="customer_key_received", details__entry=str(made.id)).exists()
    close_entry(made, "业主领回", by=KEEPER, at=at + timedelta(days=1), sent={"returned_on": "2026-02-03", "returned_to": "王小芳"})
    assert [age for _one, age in queries.open_entries(desk.organisation_id, "CR:customer-keys", ["CY"], at + timedelta(days=1))] == [1]


def test_each_piece_of_the_customers_property_is_listed_with_its_owner_place_and_quantity(desk: Unit, at: datetime) -> None:
    piece = {"property": "折叠椅", "owner": "业委会", "place": "会所", "quantity": "10"}
    for column in piece:
        with pytest.raises(BadEntry) as refused:
            _add(desk, "CR:customer-property", at, **{**piece, column: ""})
        assert list(refused.value.problems) == [column]
    made = _add(desk, "CR:customer-property", at, **piece)
    close_entry(made, "已移交业委会", by=KEEPER, at=at + timedelta(days=1))
    kept = queries.find(desk.organisation_id, queries.Filter("CR:customer-property"))
    assert [(one.values["property"], one.closing_note) for one in kept] == [("折叠椅", "已移交业委会")], "what has gone stays on the list"


def test_each_request_for_a_home_service_is_a_record_however_it_came(desk: Unit, at: datetime) -> None:
    asked = {"household": "3-2-1501", "requested_at": "2026-02-02 08:30", "content": "擦窗"}
    _add(desk, "CR:home-service-requests", at, **asked)
    told = {"household": "3-2-1502", "text": "修水龙头"}
    store(desk.organisation_id, [Fact("home_service_requested", at, None, "CY", "service_centre", told)], by=None, at=at)
    kept = queries.find(desk.organisation_id, queries.Filter("CR:home-service-requests")).order_by("number")
    assert [(one.values["household"], one.values["content"]) for one in kept] == [("3-2-1501", "擦窗"), ("3-2-1502", "修水龙头")]
    assert FactRow.objects.filter(event="home_service_requested", about__startswith="household:").count() == 2
    with pytest.raises(BadEntry):
        _add(desk, "CR:home-service-requests", at, household="3-2-1503", requested_at="2026-02-02 08:30")


def test_income_and_spending_of_the_committee_are_both_booked_and_the_spending_only_with_its_approval(desk: Unit, at: datetime) -> None:
    row = {"booked_on": "2026-01-30", "amount_yuan": "500"}
    income = _add(desk, "CR:committee-funds", at, direction="收入", item="停车费分成", **row)
    with pytest.raises(Refused, match=r"CR-5\.2\.0\.1c"):
        _add(desk, "CR:committee-funds", at, direction="支出", item="换公告栏", **row)
    may = {"item": "换公告栏", "clause": "CR-5.2.0.1c", "approver": "owners_committee"}
    before = at - timedelta(days=9)
    store(desk.organisation_id, [Fact("approval_given", before, None, "CY", "owners_committee", may)], by=None, at=before)
    spent = _add(desk, "CR:committee-funds", at, direction="支出", item="换公告栏", **row)
    assert [one.event for one in queries.acts_of(income)] == [] and [one.event for one in queries.acts_of(spent)] == [
        "committee_fund_spent"
    ]
    booked = queries.find(desk.organisation_id, queries.Filter("CR:committee-funds")).order_by("number")
    assert [(one.values["direction"], one.values["amount_yuan"]) for one in booked] == [("income", "500"), ("spending", "500")]


def test_a_public_property_of_class_a_has_rules_of_its_own_and_they_count_for_the_inspection(desk: Unit, at: datetime) -> None:
    assert _lacking(desk, "CR-7.3.0.1a", "keys", at) == (1, 1)
    own = {"subject": "顾客钥匙管理规定", "version": "A类自订 1.0", "in_force_on": "2026-01-01", "own": "是", "kept_at": "档案柜"}
    made = _add(desk, "CR:house-rules", at, **own)
    assert made.values["own"] == "true" and _lacking(desk, "CR-7.3.0.1a", "keys", at) == (1, 0)


def _inspected(desk: Unit, name: str, at: datetime, findings: list[dict[str, Any]]) -> tuple[Decimal, list[str]]:
    """What the spot check of behaviour takes off, and what was seen of whom."""

    def act(event: str, hours: int, **more: Any) -> Fact:
        return Fact(event, at + timedelta(hours=hours), None, "CY", "quality_dept", {"inspection": name, **more})

    found = [act("finding_recorded", 1, clause="CR-1.1.0.1", **one) for one in findings]
    store(desk.organisation_id, [act("inspection_opened", 0), *found, act("inspection_closed", 2)], by=None, at=at + timedelta(hours=2))
    thing = Matter.objects.get(about="inspection", name=name)
    told = FactRow.objects.filter(case_id=thing.id, event="finding_recorded").order_by("number")
    return Figure.objects.get(case_id=thing.id, clause="CR-1.1.0.1").amount, [one.details["text"] for one in told]


@pytest.mark.parametrize("seen", ["举止不合BI", "未佩戴工牌", "精神不振"])
def test_each_behaviour_seen_takes_a_tenth_and_all_together_at_most_four(desk: Unit, at: datetime, seen: str) -> None:
    few = [{"text": f"{seen}：{group}岗"} for group in ("安全", "清洁", "技术")]
    assert _inspected(desk, "一季度", at, few) == (Decimal("-0.3"), [one["text"] for one in few])
    assert _inspected(desk, "二季度", at, [{"text": seen, "count": 60}])[0] == Decimal("-4")


def test_the_minutes_of_a_forum_say_who_wrote_them(desk: Unit, at: datetime, with_post: GivePost) -> None:
    writer, forum, then = with_post("sun", desk, "cs_staff"), "一季度恳谈会", at + timedelta(hours=2)
    written = Fact("forum_minutes_filed", then, None, "CY", "cs_staff", {"forum": forum, "text": "提了三条意见"})
    store(desk.organisation_id, [written], by=writer.pk, at=then)
    minutes = FactRow.objects.get(case_id=Matter.objects.get(about="forum").id, event="forum_minutes_filed")
    assert (minutes.by_person, minutes.by_role, in_shanghai(minutes.at).hour) == (writer.pk, "cs_staff", 11)


def test_who_finishes_a_home_service_says_whether_each_step_was_done_and_that_proves_the_standard(desk: Unit, at: datetime) -> None:
    """CR-4.1.1.2: the act closes the entry, so that is when it has to be said."""
    for number, (home, followed) in enumerate((("3-2-1501", True), ("3-2-1502", False))):
        for minutes, event, told in (
            (0, "home_service_requested", {"text": "修水龙头"}),
            (20, "home_service_dispatched", {"text": "带两种规格", "to": frozenset({"service_worker"})}),
            (90, "home_service_done", {"text": "已修好", "process_followed": followed}),
        ):
            moment = at + timedelta(hours=2 * number, minutes=minutes)
            fact = Fact(event, moment, None, "CY", "designated_person", {"household": home, **told})
            store(desk.organisation_id, [fact], by=None, at=moment)
    kept = queries.find(desk.organisation_id, queries.Filter("CR:home-service-requests")).order_by("number")
    assert [(one.values["process_followed"], one.closed_at is not None) for one in kept] == [("true", True), ("false", True)]
    assert _lacking(desk, "CR-4.1.1.2", "process", at + timedelta(days=1)) == (2, 1), "the other service is followed step by step"
