"""A month's notice: chosen from the cases, held back while it names anybody, approved by a second person, issued, put up, withdrawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registered, Registration
from huiyin.desk.clocks.models import Clock
from huiyin.desk.conftest import CLERK, GivePost
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.models import Document
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.journal.models import Entry
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.desk.publications import actions, queries
from huiyin.desk.publications.actions import Actor
from huiyin.desk.publications.models import Notice
from huiyin.desk.publications.writing import choosing
from huiyin.desk.publications.writing.redacting import found_in
from huiyin.plumbing.files import PNG, Picture
from huiyin.rulebook.load import regulation

MONTH = "2026-02"
PICTURE = Picture(PNG, b"\x89PNG\r\n\x1a\n" + bytes(64), b"", 1, 1)


@pytest.fixture
def unit(company: Unit, project: Unit, at: datetime) -> Unit:
    """The project, under the regulation on publication; February has opened."""
    adopt(company, "community_publication", "1", date(2025, 1, 1), by=CLERK, at=at)
    opened = at.replace(day=1, hour=0) - timedelta(hours=8)
    store(project.organisation_id, [Fact("month_opened", opened, unit="WY", by="platform", details={"period": MONTH})], by=None, at=at)
    return project


@pytest.fixture
def writer(unit: Unit, with_post: GivePost) -> Actor:
    return _actor(with_post("wang", unit, "service_centre"))


@pytest.fixture
def reader(unit: Unit, with_post: GivePost) -> Actor:
    return _actor(with_post("qian", unit, "project_manager"))


def _actor(staff: Staff) -> Actor:
    return Actor(staff.pk, staff.posts.get().role)


def _case(unit: Unit, title: str, category: str, at: datetime, **more: Any) -> Registered:
    said = {"CP": category} if category else {}
    form = Registration("complaint", unit.code, title=title, story=title, category=said, channel="phone", by_role="service_centre", **more)
    return cases.register(unit.organisation_id, form, by=None, at=at)


def _draft(unit: Unit, writer: Actor, at: datetime) -> Notice:
    return actions.draft(unit.organisation_id, unit.code, MONTH, by=writer, at=at)


def _say(notice: Notice, writer: Actor, at: datetime, *texts: str) -> None:
    lines = [one.case_id for one in queries.lines(notice)]
    said: dict[UUID, str] = dict(zip(lines, texts, strict=False))
    actions.mend(notice, notice.lead, said, lines, ["notice_board"], by=writer, at=at)


def _fresh(notice: Notice) -> Notice:
    return Notice.objects.get(organisation_id=notice.organisation_id, id=notice.id)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("电梯已修好，感谢监督", []),
        ("请联系 138 1234 5678 或 021-62345678", ["number", "number"]),
        ("证件 11010519491231002X", ["number"]),
        ("3栋2单元1501室漏水，3-2-1501已修", ["home", "home"]),
        ("王女士反映，某业主先生附议", ["name"]),
        ("2026-02-03 物业 3 号楼电梯检修 24 小时", []),
        ("李建国来访", ["name"]),
        ("4幢1202业主小王（微信 wang_88，粤B12345）", ["home", "name", "number", "number"]),
        ("A座1203、302业主反映，十二栋三零二同样", ["home", "home"]),
        ("业主陈志强反映，老李家也漏，六楼东户已查", ["name", "name", "home"]),
        ("致电0755-8321 1234，邮箱 a.b@c.com", ["number", "number"]),
        ("王建国先生与欧阳娜娜女士、业主李先生", ["name", "name", "name"]),
        ("业主高度重视，住户向物业反映，业主周末方便时张贴", []),
        ("8栋2025年更换，12号楼1500平方米，4号楼300元，共1200住户", []),
        ("小区大门、小高层、老旧管道，客户万元赔偿", []),
        ("电话138\u200b00138000，李\u2060建国", ["number", "name"]),
        ("李 建国反映漏水", ["name"]),
        ("李·建国反映漏水", ["name"]),
        ("八栋二单元二〇三室漏水", ["home"]),
        ("8#203漏水", ["home"]),
        ("8幢2-203漏水", ["home"]),
        ("全楼三十二户停水，8#电梯已修，可拨打400-123-4567", []),
        ("王先 生与陈 志强 女士来访", ["name", "name"]),
        ("请打 5566 7788 或 8321-1234", ["number", "number"]),
        ("2025-2026年度收费3500-4000元，400 8208 8888、400-8208-8888 全天有人", []),
    ],
)
def test_what_names_somebody_is_found(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in found_in(text, ["李建国"], ["3-2-1501"])] == kinds
    assert "李先生" not in text or found_in(text)[-1].text == "李先生"
    assert all(text[one.start : one.end] == one.text for one in found_in(text, ["李建国"]))


def test_the_classes_that_a_regulation_publishes_are_read_from_its_rules() -> None:
    four = {"common_issue", "public_part", "public_interest", "household_dispute"}
    assert choosing.publishable(regulation("community_publication")) == four | {"other_publishable"}
    assert choosing.publishable(regulation("customer_relations")) == four


def test_the_draft_holds_publishable_cases_and_shared_matters(unit: Unit, writer: Actor, at: datetime) -> None:
    published = _case(unit, "电梯停运", "public_part", at)
    _case(unit, "屋内水管", "", at)
    shared = [_case(unit, "夜间施工", "", at, issue="noise", household_code=home) for home in ("1-1-101", "1-1-201")]
    notice = _draft(unit, writer, at)
    assert {(one.case_id, one.why) for one in queries.lines(notice)} == {
        (published.case_id, "CP:public_part"), *((one.case_id, "issue") for one in shared)
    }  # fmt: skip
    assert _draft(unit, writer, at).id == notice.id


def test_what_was_done_is_told_and_not_what_was_said_at_the_closing(unit: Unit, writer: Actor, at: datetime) -> None:
    made = _case(unit, "电梯停运", "public_part", at)
    said = (("complaint_handled", "已更换钢丝绳"), ("case_closed", "业主认可处理结果"))
    facts = [Fact(event, at, str(made.case_id), None, "service_centre", {"text": text}) for event, text in said]
    store(unit.organisation_id, facts, by=None, at=at)
    assert [one.text for one in queries.lines(_draft(unit, writer, at))] == ["电梯停运。处理情况：已更换钢丝绳。"]


def test_a_case_that_is_not_finished_is_published_with_how_far_it_has_come(unit: Unit, writer: Actor, at: datetime) -> None:
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("case_dispatched", {}),
        ("order_accepted", {}),
        ("case_held", {"reason": "待配件"}),
        ("complaint_handled", {"text": "已换钢丝绳"}),
    )
    for done in range(len(steps) + 1):
        made = _case(unit, f"第{done}件", "public_part", at + timedelta(minutes=done))
        facts = [Fact(event, at + timedelta(hours=1), str(made.case_id), None, "service_centre", told) for event, told in steps[:done]]
        store(unit.organisation_id, facts, by=None, at=at + timedelta(hours=1))
    told = sorted(one.text.partition("处理情况：")[2] for one in queries.lines(_draft(unit, writer, at + timedelta(hours=2))))
    assert told == sorted(
        ["已受理，待安排。", "已受理，待接单。", "正在处理。", "暂缓处理，条件具备后继续。", "已处理，待回访确认，已换钢丝绳。"]
    )


def test_a_notice_that_names_somebody_is_not_issued_until_it_is_mended(unit: Unit, writer: Actor, reader: Actor, at: datetime) -> None:
    _case(unit, "电梯停运", "public_part", at, contact_name="李建国")
    notice = _draft(unit, writer, at)
    _say(notice, writer, at, "李建国反映电梯停运，电话13812345678")
    assert [one.kind for text in queries.checked(notice) for one in text.found] == ["name", "number"]
    with pytest.raises(BadText, match="2 names, homes or numbers"):
        actions.hand_in(notice, by=writer, at=at)
    _say(notice, writer, at, "电梯停运，已修复")
    actions.hand_in(notice, by=writer, at=at)
    assert _fresh(notice).state == "waiting"


def test_a_second_person_approves_and_the_duty_is_served(unit: Unit, writer: Actor, reader: Actor, at: datetime) -> None:
    _case(unit, "电梯停运", "public_part", at)
    notice = _draft(unit, writer, at)
    _say(notice, writer, at, "电梯停运，已修复")
    actions.hand_in(notice, by=writer, at=at)
    with pytest.raises(BadText, match="a second one"):
        actions.approve(notice, by=writer, at=at)
    with pytest.raises(BadText, match="expected it approved"):
        actions.issue(notice, by=writer, at=at)
    actions.approve(notice, by=reader, at=at)
    paper = actions.issue(notice, by=writer, at=at)
    issued = FactRow.objects.get(event="monthly_publication_issued", case_id=None)
    assert issued.details == {"period": MONTH, "audience": "customers", "outlets": ["notice_board"]}
    assert Clock.objects.get(rule="CP:monthly-publication", unit_code=unit.code, period=MONTH).state == "met"
    assert paper.number.startswith("GB26") and paper.state == "published"
    assert documents.render(paper, by=writer.person, at=at).startswith(b"%PDF")
    written = set(Entry.objects.filter(subject=f"notice:{notice.id}").values_list("action", flat=True))
    assert written >= {"publications.draft", "publications.hand_in", "publications.approve", "publications.issue"}


def test_without_an_outlet_the_regulation_refuses(unit: Unit, writer: Actor, reader: Actor, at: datetime) -> None:
    _case(unit, "电梯停运", "public_part", at)
    notice = _draft(unit, writer, at)
    actions.mend(notice, notice.lead, {}, [one.case_id for one in queries.lines(notice)], [], by=writer, at=at)
    actions.hand_in(notice, by=writer, at=at)
    actions.approve(notice, by=reader, at=at)
    with pytest.raises(Refused, match=r"CP-1\.1d"):
        actions.issue(notice, by=writer, at=at)
    assert _fresh(notice).state == "approved" and not Document.objects.exists()


def test_a_notice_goes_where_its_clause_names_and_nowhere_else(unit: Unit, company: Unit, writer: Actor, at: datetime) -> None:
    # The other regulation knows an intranet and a posted notice, for its service report.
    adopt(company, "customer_relations", str(regulation("customer_relations").source["version"]), date(2025, 1, 1), by=CLERK, at=at)
    named = choosing.outlets_of(choosing.publishing(unit.organisation_id, unit.code, at))
    assert list(named) == ["notice_board", "community_periodical", "owner_forum", "other_outlet"]
    notice = _draft(unit, writer, at)
    assert notice.outlets == ["notice_board"]
    with pytest.raises(BadText, match="intranet"):
        actions.mend(notice, notice.lead, {}, [], ["intranet"], by=writer, at=at)


def test_a_month_with_something_to_publish_is_not_exempt(unit: Unit, writer: Actor, at: datetime) -> None:
    case = _case(unit, "电梯停运", "", at)
    given = {"category": {"CP": "public_part"}}
    fact = Fact("category_set", at, str(case.case_id), unit.code, "service_centre", given)
    store(unit.organisation_id, [fact], by=None, at=at)
    with pytest.raises(Refused, match=r"CP-1\.1c"):
        actions.nothing_to_publish(unit.organisation_id, unit.code, MONTH, by=writer, at=at)


def test_a_month_without_anything_is_exempt(unit: Unit, writer: Actor, at: datetime) -> None:
    actions.nothing_to_publish(unit.organisation_id, unit.code, MONTH, by=writer, at=at)
    assert Clock.objects.get(rule="CP:monthly-publication", unit_code=unit.code, period=MONTH).state == "exempt"


def test_it_is_kept_where_it_was_put_up_and_withdrawn_it_stays(unit: Unit, writer: Actor, reader: Actor, at: datetime) -> None:
    _case(unit, "电梯停运", "public_part", at)
    notice = _draft(unit, writer, at)
    _say(notice, writer, at, "电梯停运，已修复")
    actions.hand_in(notice, by=writer, at=at)
    actions.approve(notice, by=reader, at=at)
    actions.issue(notice, by=writer, at=at)
    later = at + timedelta(hours=1)
    posting = actions.put_up(notice, "北门公布栏", later, PICTURE, by=writer, at=later)
    assert actions.read_photo(posting) == PICTURE.data and (posting.kind, posting.by_person) == ("image/png", writer.person)
    with pytest.raises(BadText):
        actions.put_up(notice, "北门公布栏", at - timedelta(days=1), None, by=writer, at=later)
    actions.withdraw(notice, "内容有误", by=reader, at=later)
    assert Document.objects.get().state == "withdrawn" and _fresh(notice).state == "withdrawn"
    taken_back = FactRow.objects.get(event="monthly_publication_withdrawn")
    assert (taken_back.unit_code, taken_back.details["period"], taken_back.by_person) == (unit.code, MONTH, reader.person)
    assert actions.draft(unit.organisation_id, unit.code, MONTH, by=writer, at=later).id != notice.id
