"""What a clause wants written down is refused where it lacks, and what is written down but not done is on the inspection's list.

Each sample is written from the clause: an entry as it should be, the columns without which it is none, and what the proof of the clause
says of a good and of a bad one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.desk.conftest import GivePost
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.inspections.evidence.present import Span
from huiyin.desk.inspections.evidence.proving import Proving
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import add_entry, close_entry
from huiyin.desk.registers.columns import BadEntry
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.tests.conftest import KEEPER, take_up
from huiyin.rulebook.load import regulation

pytestmark = pytest.mark.django_db
CARD = {"card": "0217", "holder": "张保安", "on": "2026-01-12", "issued_by": "李专人"}
FORUM = "一季度恳谈会"
FAIR = "元宵游园会"


class Desk:
    """The project under the supervision standard, its registers and what an inspection finds there on 2 February 2026."""

    def __init__(self, project: Unit, at: datetime) -> None:
        self.project, self.at = project, at
        take_up(project, "customer_relations", at)

    def add(self, register: str, **values: Any) -> Entry:
        return add_entry(self.project.organisation_id, f"CR:{register}", self.project.code, values, by=KEEPER, at=self.at)

    def needs(self, register: str, sample: Mapping[str, Any], *columns: str) -> Entry:
        """Enter the sample; without any one of the columns it is refused, and that column is named."""
        for column in columns:
            with pytest.raises(BadEntry) as refused:
                self.add(register, **{**sample, column: ""})
            assert list(refused.value.problems) == [column], (register, column)
        return self.add(register, **sample)

    def closes(self, entry: Entry, **sent: str) -> None:
        """The entry is not closed before it says these columns, and then it is."""
        with pytest.raises(BadEntry) as refused:
            close_entry(entry, "销账", by=KEEPER, at=self.at + timedelta(hours=1))
        assert list(refused.value.problems) == list(sent)
        close_entry(entry, "销账", by=KEEPER, at=self.at + timedelta(hours=1), sent=sent)

    def left_open(self, register: str) -> list[int]:
        """How many days each entry that is not closed has been open, the oldest first."""
        found = queries.open_entries(self.project.organisation_id, f"CR:{register}", [self.project.code], self.at)
        return [age for _, age in found]

    def lacking(self, clause: str, proof: str) -> tuple[int, int]:
        """Of how many records the proof of the clause speaks, and how many of them lack something."""
        found = regulation("customer_relations")
        one = next(each for rule in found.rules for each in getattr(rule, "proofs", ()) if (each.clause, each.id) == (clause, proof))
        span = Span(self.at - timedelta(days=90), self.at + timedelta(hours=2), frozenset({self.project.code}))
        return Proving(self.project.organisation_id, found, one, span).count().get(self.project.code, (0, 0))

    def happens(self, event: str, **details: Any) -> None:
        store(self.project.organisation_id, [Fact(event, self.at, None, "CY", "service_centre", details)], by=None, at=self.at)


@pytest.fixture
def desk(project: Unit, at: datetime) -> Desk:
    return Desk(project, at)


def test_secrecy_rules_are_kept_with_version_and_day_and_hold_from_that_day(desk: Desk) -> None:
    rules = {"paper": "secrecy", "version": "2.0", "valid_from": "2026-01-05", "kept_at": "档案柜"}
    desk.needs("customer-information-papers", {**rules, "paper": "process"}, "version", "valid_from", "paper")
    assert desk.lacking("CR-2.1.1.4a", "secrecy") == (1, 1), "a process is no secrecy regulation"
    desk.add(
        "customer-information-papers",
        **rules,
    )
    assert desk.lacking("CR-2.1.1.4a", "secrecy") == (1, 0)


def test_secrecy_rules_that_begin_later_are_not_in_force_yet(desk: Desk) -> None:
    desk.add("customer-information-papers", paper="secrecy", version="3.0", valid_from="2026-09-01")
    assert desk.lacking("CR-2.1.1.4a", "secrecy") == (1, 1)


@pytest.mark.parametrize(
    ("clause", "proof", "before"),
    [
        ("CR-2.2.1.1a", "gatherer", None),
        ("CR-2.3.0.1a", "keeper", None),
        ("CR-2.4.0.1a", "named", None),
        ("CR-4.2.3.1a", "follow-up-post", lambda desk: desk.happens("home_service_done", household="3-2-1501")),
        ("CR-7.3.0.4a", "keeper", lambda desk: desk.add("customer-keys", household="3-2-1501", key="大门", quantity="1",
            received_on="2026-01-30", received_from="王小芳", received_by="李专人")),
    ],
)  # fmt: skip
def test_a_site_without_the_person_whom_the_clause_wants_lacks_them_until_the_post_is_held(
    desk: Desk, with_post: GivePost, clause: str, proof: str, before: Callable[[Desk], Any] | None
) -> None:
    if before is not None:
        assert desk.lacking(clause, proof) == (0, 0)
        before(desk)
    assert desk.lacking(clause, proof) == (1, 1)
    with_post("wang", desk.project, "service_centre")
    assert desk.lacking(clause, proof) == (1, 1), "another post does not do"
    with_post("sun", desk.project, "designated_person")
    assert desk.lacking(clause, proof) == (1, 0)


def test_a_card_is_issued_in_the_name_of_one_person_an_anomaly_is_treated_and_a_leavers_card_comes_back(desk: Desk) -> None:
    desk.needs("ic-cards", {**CARD, "entry": "issue"}, "issued_by", "holder", "card", "on")
    odd = desk.add("ic-cards", **CARD, entry="anomaly", anomaly="夜间反复刷卡")
    left = desk.add("ic-cards", **CARD, entry="leaver", left_on="2026-01-20")
    assert desk.lacking("CR-2.4.0.1a", "issuer") == (1, 0)
    assert desk.lacking("CR-2.4.0.2c", "anomalies") == (1, 1) and desk.lacking("CR-2.4.0.5a", "returned") == (1, 1)
    assert desk.left_open("ic-cards") == [21, 21, 21]
    desk.closes(odd, treatment="已核查：本人遗失，旧卡停用")
    desk.closes(left, returned_on="2026-02-02")
    assert desk.lacking("CR-2.4.0.2c", "anomalies") == (1, 0) and desk.lacking("CR-2.4.0.5a", "returned") == (1, 0)
    assert len(desk.left_open("ic-cards")) == 1


def test_an_activity_is_planned_insured_and_its_material_filed(desk: Desk) -> None:
    assert desk.lacking("CR-3.1.1.1a", "plan") == (1, 1)
    plan = {"period_kind": "yearly", "period": "2026", "activity": FAIR, "planned_on": "2026-01-25"}
    desk.needs("activity-plan", plan, "period_kind", "period", "activity", "planned_on")
    assert desk.lacking("CR-3.1.1.1a", "plan") == (1, 0)
    desk.happens("activity_plan_approved", activity=FAIR, approver="department_head", held_at=desk.at)
    desk.happens("activity_held", activity=FAIR)
    assert desk.lacking("CR-3.1.1.4a", "material") == (1, 1) and desk.lacking("CR-3.1.2.2a", "insured") == (1, 1)
    filed = {"kind": "photo", "description": "现场照片二十张", "kept_at": "活动档案盒", "filed_on": "2026-02-01"}
    desk.add("activity-material", **filed, activity="另一次活动")
    assert desk.lacking("CR-3.1.1.4a", "material") == (1, 1), "material of another activity does not do"
    desk.needs("activity-material", {**filed, "activity": FAIR}, "activity", "kept_at")
    assert desk.lacking("CR-3.1.1.4a", "material") == (1, 0)
    desk.add("activity-insurance", activity=FAIR, policy="AC-0921", insurer="江城保险")
    assert desk.lacking("CR-3.1.2.2a", "insured") == (1, 0) and desk.lacking("CR-3.1.2.2a", "policy") == (1, 1), "no period"
    desk.add("activity-insurance", activity=FAIR, policy="AC-0922", from_on="2026-01-20", until_on="2026-01-30")
    desk.add("activity-insurance", activity="灯谜", not_needed="是")
    desk.add("activity-insurance", activity="棋赛", not_needed="是", reason="室内，无风险")
    assert desk.lacking("CR-3.1.2.2a", "policy") == (4, 2)


def test_each_planned_visit_says_whether_it_was_made_with_day_and_result(desk: Desk) -> None:
    planned = {"household": "3-2-1501", "planned_on": "2026-01-20"}
    desk.needs("customer-visits", planned, "household", "planned_on")
    desk.add("customer-visits", household="3-2-1502", planned_on="2026-03-01")
    assert desk.lacking("CR-3.2.1.1b", "visited") == (1, 1), "the one to come is not due"
    desk.add("customer-visits", **planned, outcome="done", visited_on="2026-01-21")
    desk.add("customer-visits", **planned, outcome="done", visited_on="2026-01-21", result="反映夜间噪音")
    desk.add("customer-visits", **planned, outcome="not_done")
    desk.add("customer-visits", **planned, outcome="not_done", reason="外出")
    assert desk.lacking("CR-3.2.1.1b", "visited") == (5, 1) and desk.lacking("CR-3.2.1.1b", "result") == (4, 2)


def test_a_measure_after_a_survey_has_its_person_and_the_day_on_which_it_was_done(desk: Desk) -> None:
    measure = {"survey": "2025年终", "kind": "corrective", "measure": "加装路灯", "person": "工程主管", "due_on": "2026-01-31"}
    made = desk.needs("corrective-measures", measure, "person", "measure")
    assert desk.lacking("CR-3.3.1.1c", "done") == (1, 1) and desk.left_open("corrective-measures") == [0]
    desk.add("corrective-measures", **{**measure, "due_on": "2026-03-31"})
    assert desk.lacking("CR-3.3.1.1c", "done") == (1, 1), "the one to come is not due"
    close_entry(made, "已完成", by=KEEPER, at=desk.at, sent={"result": "亮灯率100%"})
    assert Entry.objects.get(id=made.id).values["done_on"] == "2026-02-02"
    assert desk.lacking("CR-3.3.1.1c", "done") == (1, 0)


def test_a_paper_exchanged_with_the_committee_is_signed_for(desk: Desk) -> None:
    paper = {"title": "外墙检测报告", "sender": "服务中心", "receiver": "业委会", "sent_on": "2026-01-22"}
    sent = desk.needs("committee-papers", paper, "sender", "receiver", "sent_on", "title")
    assert desk.lacking("CR-3.5.0.1a", "signed") == (1, 1) and desk.left_open("committee-papers") == [11]
    desk.closes(sent, signed_by="业委会秘书", signed_on="2026-02-02")
    assert desk.lacking("CR-3.5.0.1a", "signed") == (1, 0)


def test_what_is_said_at_a_forum_stands_there_with_its_person_and_so_do_who_came_and_the_photos(desk: Desk) -> None:
    desk.happens("forum_minutes_filed", forum=FORUM, text="收到意见三条")
    assert [desk.lacking("CR-3.6.2.1b", "opinions"), desk.lacking("CR-3.6.2.1c", "sign-in"), desk.lacking("CR-3.6.2.1c", "photos")] == [
        (1, 1)
    ] * 3
    said = {"forum": FORUM, "kind": "suggestion", "content": "增设充电桩", "person": "卓文静"}
    opinion = desk.needs("forum-opinions", said, "person", "content", "forum")
    assert desk.lacking("CR-3.6.2.1b", "opinions") == (1, 0) and desk.lacking("CR-3.6.3.1a", "follower") == (1, 1)
    desk.closes(opinion, result="已装八个")
    assert desk.lacking("CR-3.6.3.1a", "follower") == (1, 0)
    desk.add("forum-attendance", forum=FORUM, kind="sign_in")
    desk.add("forum-attendance", forum=FORUM, kind="photo")
    assert desk.lacking("CR-3.6.2.1c", "sign-in") == (1, 1), "nobody signed"
    assert desk.lacking("CR-3.6.2.1c", "photos") == (1, 1), "the photo is nowhere"
    desk.add("forum-attendance", forum=FORUM, kind="sign_in", person="王小芳")
    assert desk.lacking("CR-3.6.2.1c", "photos") == (1, 1)
    desk.add("forum-attendance", forum=FORUM, kind="photo", kept_at="恳谈会档案盒")
    assert desk.lacking("CR-3.6.2.1c", "sign-in") == desk.lacking("CR-3.6.2.1c", "photos") == (1, 0)


def test_a_special_post_has_a_certificate_that_has_not_expired(desk: Desk) -> None:
    worker = {"person": "耿师傅", "post": "电工", "special": "是"}
    desk.needs("worker-certificates", worker, "person", "post", "special")
    desk.add("worker-certificates", person="何阿姨", post="保洁", special="否")
    assert desk.lacking("CR-4.1.1.1a", "certificate") == (1, 1), "a post that is not special needs none"
    held = {**worker, "certificate": "低压电工证", "number": "T-0733"}
    desk.add("worker-certificates", **held, expires_on="2026-02-01")
    desk.add("worker-certificates", **held, expires_on="2027-02-01")
    assert desk.lacking("CR-4.1.1.1a", "certificate") == (3, 1) and desk.lacking("CR-4.1.1.1a", "not-expired") == (2, 1)


@pytest.mark.parametrize(
    ("subject", "clause", "proof", "before"),
    [
        ("custody", "CR-4.3.0.1a", "rules", None),
        ("committee_funds", "CR-5.2.0.1a", "rules", lambda desk: desk.add("committee-funds", direction="收入", booked_on="2026-01-30",
            item="停车费分成", amount_yuan="500")),
        ("shops", "CR-6.1.1.1a", "rules", lambda desk: desk.add("merchants", merchant="好邻居超市", shop="3号铺", head="周老板",
            moved_in_on="2026-01-10")),
        ("customer_property", "CR-7.3.0.1a", "property", None),
        ("customer_keys", "CR-7.3.0.1a", "keys", None),
    ],
)  # fmt: skip
def test_the_rules_that_a_clause_wants_are_kept_with_version_and_day(
    desk: Desk, subject: str, clause: str, proof: str, before: Callable[[Desk], Any] | None
) -> None:
    if before is not None:
        assert desk.lacking(clause, proof) == (0, 0), "what is not there needs no rules"
        before(desk)
    rules = {"subject": subject, "version": "1.0", "in_force_on": "2026-01-05", "kept_at": "档案柜"}
    other = "shops" if subject != "shops" else "custody"
    desk.add("house-rules", **{**rules, "subject": other})
    assert desk.lacking(clause, proof) == (1, 1), "rules on something else do not do"
    kept = desk.needs("house-rules", rules, "version", "in_force_on", "subject")
    assert desk.lacking(clause, proof) == (1, 0)
    close_entry(kept, "废止", by=KEEPER, at=desk.at)
    assert desk.lacking(clause, proof) == (1, 1), "rules that were given up are not kept"


def test_items_in_custody_are_on_a_list_until_they_are_given_back(desk: Desk) -> None:
    item = {"item": "备用钥匙", "household": "3-2-1501", "owner": "王小芳", "received_on": "2026-01-30", "received_by": "李专人"}
    desk.needs("custody-items", item, "item", "household", "owner", "received_on")
    assert desk.left_open("custody-items") == [3]


def test_each_stage_of_founding_a_committee_has_its_record(desk: Desk) -> None:
    stage = {"stage": "候选人公示", "done_on": "2026-01-15", "record": "公示七日无异议"}
    desk.needs("committee-founding", stage, "stage", "done_on", "record")
    desk.add("committee-founding", **{**stage, "stage": "首次业主大会"}, kept_at="业委会档案")
    assert desk.lacking("CR-5.1.0.1a", "stages") == (2, 1), "where the papers are is not said of the first"


def test_a_talk_with_the_committee_is_recorded_with_day_persons_content_and_answer(desk: Desk) -> None:
    talk = {"held_on": "2026-01-20", "kind": "common_interest", "matter": "外墙维修", "persons": "业委会三人", "content": "先检测再定方案"}
    desk.needs("committee-talks", talk, "held_on", "persons", "content", "matter")
    assert desk.lacking("CR-5.3.0.1b", "answers") == (1, 1)
    desk.add("committee-talks", **talk, answer="同意")
    assert desk.lacking("CR-5.3.0.1b", "answers") == (2, 1)


def test_what_a_check_of_a_shop_found_is_put_right(desk: Desk) -> None:
    check = {"merchant": "好邻居超市", "checked_on": "2026-01-20", "checked_by": "李主管", "subject": "fire", "conforms": "是"}
    good = desk.needs("shop-checks", check, "merchant", "checked_on", "checked_by", "subject", "conforms")
    bad = desk.add("shop-checks", **{**check, "conforms": "否"}, finding="灭火器过期")
    assert desk.lacking("CR-6.1.1.1b", "put-right") == (1, 1)
    close_entry(good, "符合", by=KEEPER, at=desk.at)
    desk.closes(bad, put_right_on="2026-02-02")
    assert desk.lacking("CR-6.1.1.1b", "put-right") == (1, 0)


def test_a_special_merchant_has_a_named_supervisor(desk: Desk) -> None:
    store(
        desk.project.organisation_id,
        [Fact("approval_given", desk.at, None, "CY", "department_head",
              {"clause": "CR-6.2.0.2a", "approver": "department_head", "merchant": "净水站"})],
        by=None, at=desk.at,
    )  # fmt: skip
    row = {"merchant": "净水站", "supervisor": "前台李", "approved_by": "服务中心负责人", "admitted_on": "2026-02-02"}
    for column in ("supervisor", "merchant"):
        with pytest.raises(BadEntry) as refused:
            desk.add("special-merchants", **{**row, column: ""})
        assert list(refused.value.problems) == [column]
    desk.happens("special_merchant_admitted", merchant="净水站")
    assert desk.lacking("CR-6.2.0.3a", "supervisor") == (1, 1), "admitted, and nobody supervises it yet"


def test_each_use_of_a_customers_key_says_who_when_and_why_and_when_it_came_back(desk: Desk) -> None:
    home = {"household": "3-2-1501", "clause": "CR-7.3.0.4b", "approver": "owner"}
    before = desk.at - timedelta(days=2)
    store(desk.project.organisation_id, [Fact("approval_given", before, None, "CY", "owner", home)], by=None, at=before)
    use = {"household": "3-2-1501", "used": "key", "used_by": "耿师傅", "used_at": "2026-02-02 08:30", "reason": "业主授权关阀"}
    made = desk.needs("key-uses", use, "used_by", "used_at", "reason", "household")
    assert FactRow.objects.filter(event="customer_key_used", details__entry=str(made.id)).exists()
    assert desk.lacking("CR-7.3.0.4c", "brought-back") == (1, 1) and desk.left_open("key-uses") == [0]
    desk.closes(made, returned_at="2026-02-02 08:50")
    assert desk.lacking("CR-7.3.0.4c", "brought-back") == (1, 0)
