"""A university's logistics office, page by page: who hears what, what comes next, in the office's own words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.messaging.models import Message
from huiyin.desk.places import actions as places
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.faces.console.tests.office import Office, staffed
from huiyin.rulebook.load import regulation

POSTS = {"yi": ("HQ", "info_officer_1"), "ling": ("HQ", "office_leader"), "er": ("U1", "info_officer_2"), "tou": ("U1", "dept_head")}
STORY = "东区浴室淋浴喷头坏了四个"


class University(Office):
    """The office HQ with its centre U1, and the people of POSTS."""

    def registers(self, login: str, unit: str, **more: str) -> Case:
        """A complaint by telephone."""
        return self.register(
            login, **{"record": "complaint", "unit": unit, "story": STORY, "channel": "phone", "contact_name": "许同学", **more}
        )


@pytest.fixture
def university(db: None) -> University:
    """The office that has adopted the measures."""
    organisation = places.add_organisation("nanhu-test", "大学后勤", by=CLERK, at=EARLY)
    top = places.add_unit(organisation.id, "HQ", "university_logistics_office", "后勤处", by=CLERK, at=EARLY)
    centre = places.add_unit(organisation.id, "U1", "centre", "水电中心", by=CLERK, at=EARLY, parent=top.pk)
    adopt(top, "university_logistics", str(regulation("university_logistics").source["version"]), date(2025, 1, 1), by=CLERK, at=EARLY)
    return University(staffed({"HQ": top, "U1": centre}, POSTS), POSTS)


def test_a_centre_that_takes_a_complaint_over_has_received_it_and_its_forty_eight_hours_run(university: University) -> None:
    case = university.registers("yi", "U1", dispatch="on")
    assert not Clock.objects.filter(case_id=case.id, cites__contains=["UL-3.4a"]).exists()
    university.moves("er", case, "accept")
    clock = Clock.objects.get(case_id=case.id, cites__contains=["UL-3.4a"])
    assert clock.state == "running" and clock.due_at is not None and (clock.due_at - clock.starts_at).total_seconds() == 48 * 3600


def test_the_limits_of_a_university_are_its_centres_and_not_those_of_student_housing(university: University) -> None:
    case = university.registers("er", "U1")
    for login, address in (("yi", "/"), ("yi", "/cases"), ("yi", "/cases/ledger"), ("tou", f"/cases/{case.number}")):
        told = university.page(login, address)
        assert "学生公寓" not in told, address
    assert "后勤管理处各中心" in university.page("yi", "/cases/ledger")


def test_the_office_keeps_a_complaint_and_answers_it_after_its_report_to_a_leader(university: University) -> None:
    assert "后勤处" in university.page("yi", "/register")
    case = university.registers("yi", "HQ")
    assert "须先向后勤管理处领导报告" in university.does("yi", case, "complainant_replied", text="已办理")
    university.does("yi", case, "reply_reported_to_head", to=["office_leader"], text="拟直接答复")
    assert "没有登记" not in university.does("yi", case, "complainant_replied", text="已办理")
    assert "已答复投诉人" in university.page("yi", f"/cases/{case.number}")


def test_the_page_of_a_forwarded_complaint_says_what_comes_next(university: University) -> None:
    case = university.registers("yi", "U1", dispatch="on")
    assert "转来投诉的办理流程" in university.page("er", f"/cases/{case.number}")
    expected = ("中心收到投诉", "答复前向本部门负责人报告", "答复投诉人", "处理完毕，填写结果", "向一级信息管理员反馈处理情况")
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("complaint_received_by_unit", {}),
        ("reply_reported_to_head", {"to": ["dept_head"], "text": "拟答复"}),
        ("complainant_replied", {"text": "明天更换"}),
        ("complaint_handled", {"text": "已更换", "result": "solved"}),
        ("department_feedback_received", {"text": "已更换"}),
    )
    for label, (step, said) in zip(expected, acts, strict=True):
        assert f"下一步{label}依据" in university.page("er", f"/cases/{case.number}"), label
        university.does("er", case, step, **said)


def test_who_decides_on_a_reply_hears_of_it_and_whoever_submitted_it_hears_the_decision(university: University) -> None:
    case = university.registers("yi", "U1", dispatch="on")
    university.moves("er", case, "accept")
    university.does("er", case, "important_matter_marked", reason="多人反映")
    university.does("er", case, "approval_requested:UL-3.5a", text="明天更换")
    for login in ("ling", "tou"):
        assert "重要问题的答复内容已报审，请审核" in university.page(login, "/messages")
    university.does("ling", case, "approval_refused:UL-3.5a", reason="写明时间")
    assert "审核未通过，请修改后重新报审" in university.page("er", "/messages")
    university.does("er", case, "approval_requested:UL-3.5a", text="明天18点前更换")
    university.does("ling", case, "approval_given:UL-3.5a", text="同意")
    assert "答复内容已审核同意，请答复投诉人" in university.page("er", "/messages")


def test_a_complaint_that_was_solved_is_no_longer_answered_but_not_solved(university: University) -> None:
    case = university.registers("er", "U1")
    university.does("er", case, "reply_reported_to_head", to=["dept_head"], text="拟答复")
    university.does("er", case, "complainant_replied", text="明天更换")
    assert "已答复未解决" in university.page("er", f"/cases/{case.number}")
    asked = university.browser("er").get(f"/cases/{case.number}/steps/complaint_handled").content.decode()
    assert all(word in asked for word in ("已解决", "已说明原因", "未解决"))
    university.does("er", case, "complaint_handled", text="已更换", result="solved")
    case.refresh_from_db()
    assert "answered_not_solved" not in case.marks


def test_a_mark_is_called_as_the_measures_call_it(university: University) -> None:
    case = university.registers("er", "U1")
    university.does("er", case, "important_matter_marked", reason="多人反映")
    told = university.page("er", f"/cases/{case.number}")
    assert "重要问题" in told and "重要投诉" not in told


def test_a_registration_without_classes_shows_no_empty_field_for_them(university: University) -> None:
    assert 'name="category"' not in university.browser("yi").get("/register").content.decode()
    assert "类别" not in university.page("yi", "/register")


def test_a_flow_that_the_duty_screen_does_not_lead_through_brings_no_duty_screen(university: University) -> None:
    assert 'href="/duty"' not in university.browser("yi").get("/").content.decode()


def test_a_complaint_kept_at_the_office_still_owes_the_service_that_it_is_about(university: University) -> None:
    case = university.registers("yi", "HQ", dispatch="on")
    assert "未注明所涉服务" in university.page("yi", f"/cases/{case.number}").split("按制度办理")[0]
    university.does("yi", case, "complaint_transferred_to_unit", unit="U1", text="请办理")
    case.refresh_from_db()
    assert case.unit_code == "U1" and "service_unsaid" not in case.marks


def test_a_registration_offers_the_four_ways_to_complain_and_no_fifth(university: University) -> None:
    page = university.browser("yi").get("/register").content.decode()
    offered = re.findall(r'<option value="([a-z_]+)"', page[page.index('name="channel"') :].split("</select>")[0])
    assert sorted(filter(None, offered)) == ["online", "phone", "visit", "written"]


def test_an_approval_is_bound_to_the_text_that_was_submitted(university: University) -> None:
    case = university.registers("er", "U1")
    university.does("er", case, "important_matter_marked", reason="多人反映")
    assert "重要问题的答复内容" not in university.page("ling", "/approvals"), "nothing to decide on before a text is submitted"
    assert "须先有提请" in university.does("ling", case, "approval_given:UL-3.5a")
    assert "请填写" in university.does("er", case, "approval_requested:UL-3.5a"), "a request without the text"
    university.does("er", case, "approval_requested:UL-3.5a", text="明天更换")
    form = university.browser("ling").get(f"/cases/{case.number}/steps/approval_given:UL-3.5a").content.decode()
    seen = re.findall(r'name="requested_at" value="([^"]+)"', form)
    assert "明天更换" in form and len(seen) == 1
    university.does("er", case, "approval_requested:UL-3.5a", text="后天更换")
    assert "后天更换" in university.page("ling", "/approvals")
    assert "报审的内容已经改过" in university.does("ling", case, "approval_given:UL-3.5a", requested_at=seen[0])
    assert "没有登记" not in university.does("ling", case, "approval_given:UL-3.5a", text="同意")


def test_the_reply_in_an_important_matter_is_the_text_that_was_approved(university: University) -> None:
    case = university.registers("er", "U1")
    university.does("er", case, "important_matter_marked", reason="多人反映")
    university.does("er", case, "approval_requested:UL-3.5a", text="后天更换")
    university.does("ling", case, "approval_given:UL-3.5a", text="同意")
    university.does("er", case, "reply_reported_to_head", to=["dept_head"], text="拟答复")
    form = university.browser("er").get(f"/cases/{case.number}/steps/complainant_replied").content.decode()
    assert re.search(r"<textarea[^>]* readonly[^>]*>\s*后天更换</textarea>", form)
    assert "与审核同意的内容不一致" in university.does("er", case, "complainant_replied", text="明天更换")
    assert "没有登记" not in university.does("er", case, "complainant_replied", text="后天更换\r\n")
    assert "已答复投诉人" in university.page("er", f"/cases/{case.number}")


def _offered(university: University, login: str, address: str, name: str) -> set[str]:
    page = university.browser(login).get(address).content.decode()
    return set(re.findall(rf'name="{name}" value="([a-z_0-9]+)"', page))


def test_a_report_is_offered_to_those_posts_alone_to_which_it_may_go(university: University) -> None:
    kept, passed = university.registers("yi", "HQ"), university.registers("er", "U1")
    assert _offered(university, "yi", f"/cases/{kept.number}/steps/reply_reported_to_head", "to") == {"office_leader"}
    assert _offered(university, "er", f"/cases/{passed.number}/steps/reply_reported_to_head", "to") == {
        "centre",
        "dept_head",
        "office_leader",
    }
    assert "这份报告没有报给本部门负责人" in university.does("er", passed, "reply_reported_to_head", to=["info_officer_1"], text="拟答复")
    assert "没有登记" not in university.does("er", passed, "reply_reported_to_head", to=["dept_head"], text="拟答复")


def test_praise_is_confirmed_by_nobody_but_a_leader(university: University) -> None:
    assert _offered(university, "yi", "/register", "more-confirmed_by") == {"office_leader"}


def test_a_complaint_that_is_entered_and_passed_on_at_once_brings_its_centre_one_message(university: University) -> None:
    case = university.registers("yi", "U1", dispatch="on")
    told = Message.objects.filter(case_id=case.id, to_staff=university.staff["er"].pk, channel="inapp")
    assert [(one.rule, one.clause) for one in told] == [("UL:forwarded-to-officer", "UL-3.1c")]
    kept = university.registers("yi", "U1")
    university.moves("yi", kept, "dispatch")
    told = Message.objects.filter(case_id=kept.id, to_staff=university.staff["er"].pk, channel="inapp")
    assert sorted(one.rule for one in told) == ["UL:forwarded-to-officer", "UL:received-by-way-of-office"]
