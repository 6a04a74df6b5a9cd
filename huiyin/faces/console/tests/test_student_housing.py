"""A centre of student apartments, page by page: messages that are answered as they come, suggestions, what a student sees of them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime

from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions as places
from huiyin.desk.registers import actions as registers
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.faces.console.tests.office import Office, plain, staffed
from huiyin.rulebook.load import regulation

POSTS = {
    "zhong": ("XY", "centre"),
    "fu": ("XY", "deputy_director"),
    "zu": ("MZ", "cluster_supervisor"),
    "lou": ("MZ1", "building_manager"),
    "ban": ("MZ1", "building_duty_officer"),
}


class Housing(Office):
    """The centre XY with the cluster MZ and its building MZ1, and the people of POSTS."""

    def registers(self, login: str, record: str, channel: str, **more: str) -> Case:
        """What a student said."""
        said = {"record": record, "unit": "MZ1", "story": "晾衣杆断了两根", "channel": channel, "contact_name": "阮同学", **more}
        return self.register(login, **said, category="SA:repair")


def tracked(case: Case) -> str:
    """What the student sees with number and query code."""
    student = Client()
    return plain(student.post("/t/", {"number": case.number, "code": case.query_code}, follow=True).content.decode())


@pytest.fixture
def housing(db: None) -> Housing:
    """The centre that has adopted the rules, with the same day as the time to answer messages."""
    organisation = places.add_organisation("xueyuan-test", "学生公寓", by=CLERK, at=EARLY)
    top = places.add_unit(organisation.id, "XY", "student_apartment_centre", "服务中心", by=CLERK, at=EARLY)
    cluster = places.add_unit(organisation.id, "MZ", "cluster", "梅竹组团", by=CLERK, at=EARLY, parent=top.pk)
    building = places.add_unit(organisation.id, "MZ1", "building", "梅苑一号楼", by=CLERK, at=EARLY, parent=cluster.pk)
    edition = str(regulation("student_apartment").source["version"])
    made = adoptions.adopt(top, "student_apartment", edition, date(2025, 1, 1), by=CLERK, at=EARLY)
    adoptions.set_setting(made, "SA-2c", "tolerance", "same day", date(2025, 1, 1), by=CLERK, at=EARLY)
    return Housing(staffed({"XY": top, "MZ": cluster, "MZ1": building}, POSTS), POSTS)


def test_an_inquiry_of_the_mailbox_is_a_message_and_its_time_to_answer_runs(housing: Housing) -> None:
    case = housing.registers("zhong", "inquiry", "e_mailbox")
    assert Clock.objects.filter(case_id=case.id, cites__contains=["SA-2c"], state="running").exists()
    told = housing.page("zhong", f"/cases/{case.number}")
    assert "收到留言" in told and "收到口头咨询" not in told
    housing.does("zhong", case, "message_answered", text="十二月起申请")
    assert Clock.objects.get(case_id=case.id, cites__contains=["SA-2c"]).state == "met"


def test_a_student_sees_the_solution_and_what_became_of_a_suggestion(housing: Housing) -> None:
    opinion = housing.registers("ban", "opinion", "opinion_book")
    housing.does("zu", opinion, "solution_given_to_customer", analysis="固定件锈蚀", text="明天更换两根")
    seen = tracked(opinion)
    assert "已给出解决方案" in seen and "明天更换两根" in seen and "固定件锈蚀" not in seen
    suggestion = housing.registers("zu", "suggestion", "student_forum")
    housing.does("fu", suggestion, "suggestion_decided", result="not_adopted", reason="经费不足")
    housing.does("fu", suggestion, "suggestion_passed_on", to=["logistics_group"], text="请支持")
    seen = tracked(suggestion)
    assert "您的建议暂未采纳" in seen and "已提请有关部门协助" in seen and "经费不足" not in seen
    housing.does("fu", suggestion, "suggestion_decided", result="adopted")
    housing.does("zu", suggestion, "suggestion_realised", text="已装")
    assert "您的建议已采纳" in tracked(suggestion) and "您的建议已实现" in tracked(suggestion)


def test_the_deputy_director_hears_of_a_suggestion_and_judges_it_in_the_words_of_the_clause(housing: Housing) -> None:
    case = housing.registers("zu", "suggestion", "student_forum")
    assert "收到一条建议，请判断是否可行" in housing.page("fu", "/messages")
    asked = housing.page("fu", f"/cases/{case.number}/steps/suggestion_decided")
    assert "可行，采纳" in asked and "暂时还无法实现" in asked and "不采纳" not in asked


def test_the_page_of_an_opinion_says_what_comes_next(housing: Housing) -> None:
    case = housing.registers("ban", "opinion", "opinion_book")
    expected = ("给出解决方案", "记录处理结果", "公开反馈这一条的结果", "办结")
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("solution_given_to_customer", {"analysis": "锈蚀", "text": "明天更换"}),
        ("complaint_handled", {"text": "已更换"}),
        ("public_reply_given", {"outlets": ["building_noticeboard"], "text": "已更换"}),
        ("case_closed", {"reason": "已解决"}),
    )
    for label, (step, said) in zip(expected, acts, strict=True):
        assert f"下一步{label}依据" in housing.page("zu", f"/cases/{case.number}"), label
        housing.does("zu", case, step, **said)
    case.refresh_from_db()
    assert case.status == "closed"


def test_an_opinion_is_called_an_opinion_and_the_centre_takes_in_what_belongs_to_no_building(housing: Housing) -> None:
    told = housing.page("zhong", "/register")
    assert "服务中心" in told and "评价意见" not in told
    case = housing.registers("zhong", "opinion", "e_mailbox", unit="XY")
    assert "评价意见" not in housing.page("zhong", f"/cases/{case.number}") + housing.page("zhong", "/cases/ledger?state=all")


def test_only_what_a_semester_owes_is_offered_as_held(housing: Housing) -> None:
    asked = housing.browser("zhong").get("/units/XY/steps/forum_or_questionnaire_held").content.decode()
    assert re.findall(r'<option value="(\w+)"', asked.split('name="channel"')[1].split("</select>")[0]) == [
        "student_forum",
        "questionnaire",
    ]


def test_the_slip_says_that_limits_begin_with_the_dispatch_only_where_it_is_still_to_come(housing: Housing) -> None:
    waiting = housing.registers("zu", "suggestion", "student_forum")
    assert "派单后开始计时" in housing.page("zu", f"/registered/{waiting.number}")
    gone = housing.registers("zu", "suggestion", "student_forum", dispatch="on")
    assert "派单后开始计时" not in housing.page("zu", f"/registered/{gone.number}")


def test_what_the_unit_lived_shows_no_key_of_a_register(housing: Housing) -> None:
    said = {"unit": "XY", "register": "SA:contacts", "v-entry": "hotline", "v-name": "中心主任办公室", "v-phone": "0000-0001"}
    browser = housing.browser("zhong")
    browser.post("/registers/add", said)
    told = housing.page("zhong", "/units/XY")
    assert "联系方式已登记" in told and "台账记录" not in told


def test_what_is_handled_and_not_fed_back_is_listed_by_its_mark(housing: Housing) -> None:
    owed, other = housing.registers("ban", "opinion", "opinion_book"), housing.registers("ban", "opinion", "building_duty")
    housing.does("zu", owed, "solution_given_to_customer", analysis="锈蚀", text="明天更换")
    listed = housing.page("zhong", "/cases?mark=feedback_owed&state=all")
    assert f"…{owed.number[-6:]}" in listed and f"…{other.number[-6:]}" not in listed and "已处理、待公开反馈×" in listed
    offered = housing.browser("zhong").get("/cases").content.decode().split('name="mark"')[1].split("</select>")[0]
    assert 'value="feedback_owed">已处理、待公开反馈' in offered and "opinion_book_missing" not in offered


def test_the_monthly_compilation_counts_the_records_and_shows_their_list(housing: Housing) -> None:
    book = housing.registers("ban", "opinion", "opinion_book")
    talk = housing.registers("zu", "suggestion", "random_interview")
    mailed = housing.registers("zhong", "opinion", "e_mailbox")
    month = f"{localtime(book.received_at):%Y-%m}"
    browser = housing.browser("zu")
    form = browser.get("/units/MZ/steps/monthly_compilation_submitted").content.decode()
    assert 'name="count"' not in form and "2件" in plain(form) and "维修管理2" in plain(form)
    assert book.number in form and talk.number in form and mailed.number not in form
    sent = {"role": "cluster_supervisor", "period": month, "text": "晾衣杆集中更换", "count": "99"}
    assert browser.post("/units/MZ/steps/monthly_compilation_submitted", sent).status_code == 302
    kept = Fact.objects.get(event="monthly_compilation_submitted").details
    assert (kept["count"], kept["by_subject"]) == (2, {"repair": 2}), "as the records say, whatever is sent"
    assert "维修管理2" in housing.page("zu", "/units/MZ").partition("月度汇总已提交")[2], housing.page("zu", "/units/MZ")[-3000:]


def _enters(housing: Housing, **values: str) -> None:
    zhong = housing.staff["zhong"]
    registers.add_entry(zhong.organisation_id, "SA:contacts", "XY", values, by=By("centre", zhong.pk), at=timezone.now())


def test_the_public_page_of_a_building_has_its_contacts_and_the_feedback_that_went_to_the_website(housing: Housing) -> None:
    here, student = "/n/xueyuan-test/MZ1", Client()
    assert student.get(here).status_code == 404, "nothing has been made public"
    _enters(housing, entry="hotline", name="中心主任办公室", phone="0000-0011")
    _enters(housing, entry="building_staff", building="梅苑一号楼", name="晏老师")
    _enters(housing, entry="building_staff", building="兰苑一号楼", name="文老师")
    told: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("contact_list_published", "group_website", {"text": "各楼联系方式"}),
        ("results_fed_back", "group_website", {"text": "热水延到十一点半，问 13912345678", "period": "2026-10"}),
        ("results_fed_back", "building_noticeboard", {"text": "只贴在楼里", "period": "2026-09"}),
    )
    for event, outlet, said in told:
        sent = {"role": "centre", "outlets": [outlet], **said}
        assert housing.browser("zhong").post(f"/units/XY/steps/{event}", sent).status_code == 302
    page = student.get(here).content.decode()
    assert all(word in page for word in ("0000-0011", "晏老师", "热水延到十一点半", "2026-10"))
    assert "电话热线·姓名或地点中心主任办公室·电话0000-0011" in plain(page), "a line, with nothing that is empty"
    assert "文老师" not in page and "只贴在楼里" not in page and "13912345678" not in page
    assert "文老师" in student.get("/n/xueyuan-test/XY").content.decode()
    assert student.get("/n/xueyuan-test/NOPE").status_code == 404 == student.get("/n/nobody/MZ1").status_code
    assert f'href="{here}"' in housing.browser("lou").get("/units/MZ1").content.decode()
    again = {"role": "centre", "outlets": ["building_noticeboard"], "text": "改正", "period": "2026-10"}
    housing.browser("zhong").post("/units/XY/steps/results_fed_back", again)
    assert "热水延到十一点半" not in student.get(here).content.decode(), "the last word of a period counts"
