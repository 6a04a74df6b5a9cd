"""Documents are written from the records, numbered, signed, handed in and printed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents import actions, queries
from huiyin.desk.documents.models import Document, Paper, Publication
from huiyin.desk.documents.papers import filling, press
from huiyin.desk.facts.actions import store
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings import actions as warnings
from huiyin.desk.warnings.tests.cases import Complaint

PERSON = uuid4()
WEEK = "2026-W06"


@pytest.fixture
def duty(complaint: Complaint) -> Clock:
    """The project's duty to hand in the summary of the week in which the complaint came."""
    monday = complaint.at.replace(hour=16, minute=0) - timedelta(days=1)
    store(complaint.organisation_id, [Fact("week_opened", monday, unit="WY", by="platform")], by=None, at=monday)
    return _duty(complaint)


def _duty(complaint: Complaint) -> Clock:
    return Clock.objects.get(organisation_id=complaint.organisation_id, unit_code="CY", rule="GP:weekly-signed-summary", period=WEEK)


def _summary(complaint: Complaint) -> Document:
    return actions.make_weekly_summary(complaint.organisation_id, "CY", WEEK, by=PERSON, at=complaint.at + timedelta(days=3))


def _document(organisation_id: UUID, number: str) -> Document:
    return Document.objects.get(organisation_id=organisation_id, number=number)


def test_the_weekly_summary_tells_every_case_of_the_week(complaint: Complaint) -> None:
    complaint.blue()
    made = _summary(complaint)
    [row] = made.body["rows"]
    assert (row["class"], row["content"], row["warnings"]) == ("保洁服务问题", "楼道三天没有打扫", ["● 蓝"])
    totals = {one["label"]: one["count"] for one in made.body["totals"]}
    assert (totals["本周受理"], totals["未办结"], totals["● 蓝色"]) == (1, 1, 1)
    assert made.number == "ZB2602050001" and made.editions


def test_the_summary_is_handed_in_when_both_have_signed(complaint: Complaint, duty: Clock) -> None:
    made, at = _summary(complaint), complaint.at + timedelta(days=3, hours=1)
    actions.sign(made, "project_manager", by=PERSON, at=at)
    actions.submit_weekly_summary(made, by=PERSON, at=at)
    assert _duty(complaint).state == "running"
    actions.sign(made, "branch_head", by=uuid4(), at=at)
    actions.submit_weekly_summary(made, by=PERSON, at=at + timedelta(hours=1))
    assert _duty(complaint).state == "met"
    assert _document(complaint.organisation_id, made.number).state == "submitted"
    assert Paper.objects.get(unit_code="CY", period=WEEK).state == "complete"


def test_nobody_signs_in_a_role_that_does_not_sign(complaint: Complaint) -> None:
    with pytest.raises(BadText, match="unit_liaison"):
        actions.sign(_summary(complaint), "unit_liaison", by=PERSON, at=complaint.at)


def test_a_new_summary_takes_the_place_of_one_not_handed_in_and_the_number_stays(complaint: Complaint) -> None:
    first, second = _summary(complaint), _summary(complaint)
    assert _document(complaint.organisation_id, first.number).state == "withdrawn"
    assert second.number == "ZB2602050002"


def test_the_monthly_circular_ranks_the_projects_and_is_published_once(complaint: Complaint) -> None:
    blue, at = complaint.blue(), complaint.at + timedelta(days=30)
    warnings.verify(
        complaint.organisation_id, blue.id, "confirmed", by=PERSON, role="group_cc_supervisor", at=complaint.at + timedelta(hours=2)
    )
    made = actions.publish_monthly_circular(complaint.organisation_id, "WY", "2026-02", by=PERSON, at=at)
    [row] = made.body["parts"][1]["rows"]
    assert (row[1], row[5], row[-1]) == ("翠园一期", "1", "-0.2")
    assert set(Publication.objects.values_list("clause", flat=True)) == {"GP-10.1.3.5a", "GP-10.1.3.5b"}
    with pytest.raises(BadText, match="issued already"):
        actions.publish_monthly_circular(complaint.organisation_id, "WY", "2026-02", by=PERSON, at=at)


def test_every_kind_of_paper_prints(complaint: Complaint, project: Unit) -> None:
    blue, at = complaint.blue(), complaint.at + timedelta(hours=2)
    organisation_id = complaint.organisation_id
    warnings.verify_and_send(organisation_id, blue.id, by=PERSON, role="group_cc_supervisor", at=at)
    promised = at + timedelta(days=5)
    warnings.report_solution(organisation_id, blue.id, "每日巡查", promised, by=PERSON, role="project_manager", at=at)
    said = {"findings": "已到场", "grounds": "合同第三条", "conclusion": "非物业责任"}
    made = [
        _summary(complaint),
        actions.make_warning_notice(organisation_id, blue.id, by=PERSON, at=at),
        actions.make_solution_report(organisation_id, blue.id, "人手不足", by=PERSON, at=at),
        actions.make_statement(organisation_id, complaint.id, evidence_list=["照片两张"], by=PERSON, at=at, **said),
        actions.publish_monthly_circular(organisation_id, "WY", "2026-02", by=PERSON, at=at),
    ]
    for one in made:
        assert actions.render(one, by=PERSON, at=at).startswith(b"%PDF")
    assert _document(organisation_id, made[0].number).prints == 1


def test_the_report_of_a_solution_holds_what_was_answered(complaint: Complaint) -> None:
    blue, at = complaint.blue(), complaint.at + timedelta(hours=2)
    warnings.verify_and_send(complaint.organisation_id, blue.id, by=PERSON, role="group_cc_supervisor", at=at)
    promised = at + timedelta(days=5)
    warnings.report_solution(complaint.organisation_id, blue.id, "每日巡查", promised, by=PERSON, role="project_manager", at=at)
    made = actions.make_solution_report(complaint.organisation_id, blue.id, "人手不足", by=PERSON, at=at)
    fields = {one["label"]: one["text"] for one in made.body["fields"]}
    assert (fields["解决方案"], fields["完成时间"]) == ("每日巡查", "2026年2月7日11时00分")


def test_what_people_wrote_is_printed_and_never_read_as_code() -> None:
    field = {"label": "#panic()", "text": '#read("secret.txt") $ * _ ] <a> \\ @b', "wide": True, "tall": 0}
    data = {
        "code": "P20",
        "revision": "A/0",
        "title": "#panic(1)",
        "number": "*",
        "unit": "$",
        "lead": "]",
        "fields": [field],
        "signatures": [],
        "notes": ["#"],
        "printed": {"by": "#x", "at": "", "count": 1},
    }
    assert press.pdf("form", data) == press.pdf("form", data)
    assert len(press.pictures("form", data)) == 1


def test_documents_are_found_by_what_they_are(complaint: Complaint) -> None:
    made = _summary(complaint)
    wanted = queries.Filter(kinds=("weekly_summary",), units=frozenset({"CY"}), period=WEEK)
    assert [one.id for one in queries.find(complaint.organisation_id, wanted)] == [made.id]


def test_the_words_of_a_paper_are_chinese_also_for_keys_that_no_regulation_lists(complaint: Complaint) -> None:
    known = filling.names(complaint.organisation_id, complaint.at)
    assert (known.word("satisfied"), known.word("not_satisfied")) == ("满意", "不满意")
    assert known.classes({"GP": ["engineering", "cleaning"]}) == "保洁服务问题"
