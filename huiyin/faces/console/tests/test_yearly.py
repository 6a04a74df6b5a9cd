"""The yearly assessment: units side by side, every figure opens its list, words, paper, workbook, completing the review."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registration
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Figure
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import actions as registers
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.rulebook.load import regulation

THIS = timezone.localdate().year
LAST = THIS - 1
POSTS = {"zhi": ("HQ", "supervision_dept"), "guan": ("HQ", "info_officer_1"), "shan": ("U1", "dept_head"), "admin1": ("HQ", "admin")}


@dataclass
class University:
    """A logistics office with two centres: U1 had 3 complaints last year after 1 the year before, one the same again; U2 had one and
    praise."""

    top: Unit
    staff: dict[str, Staff]
    complaints: dict[str, UUID]

    def browser(self, login: str) -> Client:
        """Somebody's browser, signed in."""
        client = Client()
        client.force_login(self.staff[login])
        return client

    def happens(self, event: str, at: datetime, case: str = "", unit: str = "", by: str = "supervision_dept", **told: Any) -> None:
        """Something happens on a complaint or at a unit."""
        about = str(self.complaints[case]) if case else None
        store(self.top.organisation_id, [Fact(event, at, about, unit or None, by, told)], by=self.staff["zhi"].pk, at=at)

    def complain(self, case: str, unit: str, at: datetime, channel: str = "phone") -> None:
        """A complaint that the centre answers on the same day."""
        said = {"channel": channel, "by_role": "info_officer_2", "details": {"customer": "学生", "complainant_kind": "student"}}
        form = Registration("complaint", unit, story=f"饭菜偏凉{case}", title=f"饭菜偏凉{case}", **said)  # type: ignore[arg-type]
        made = cases.register(self.top.organisation_id, form, by=self.staff["guan"].pk, at=at)
        self.complaints[case] = made.case_id
        self.happens("reply_reported_to_head", at + timedelta(hours=1), case, by="info_officer_2", to=["dept_head"])
        self.happens("complainant_replied", at + timedelta(hours=2), case, by="info_officer_2", text="已整改")


def on(month: int, day: int, year: int = LAST) -> datetime:
    """A morning of last year."""
    return datetime(year, month, day, 9, tzinfo=SHANGHAI)


@pytest.fixture
def university(db: None) -> University:
    """The office at the end of its year."""
    organisation = places.add_organisation("nanhu-test", "大学后勤", by=CLERK, at=EARLY)
    top = places.add_unit(organisation.id, "HQ", "university_logistics_office", "后勤处", by=CLERK, at=EARLY)
    for code, name in (("U1", "饮食中心"), ("U2", "水电中心")):
        places.add_unit(organisation.id, code, "centre", name, by=CLERK, at=EARLY, parent=top.pk)
    units = {one.code: one for one in Unit.objects.filter(organisation=organisation)}
    made = adoptions.adopt(top, "university_logistics", str(regulation("university_logistics").source["version"]), date(LAST - 1, 1, 1),
                           by=CLERK, at=EARLY)  # fmt: skip
    for clause, year in (("UL-5.1b", LAST - 1), ("UL-5.1c", LAST)):
        adoptions.set_setting(made, clause, "first_year", str(year), date(LAST - 1, 1, 1), by=CLERK, at=EARLY)
    staff = {}
    for login, (unit, role) in POSTS.items():
        staff[login] = people.add_staff(organisation.id, login, f"{login}某", by=CLERK, at=EARLY)
        people.give_post(staff[login], units[unit], role, date(LAST - 1, 1, 1), by=CLERK, at=EARLY)
    found = University(units["HQ"], staff, {})
    for unit in ("U1", "U2"):
        found.happens("past_year_count_entered", on(1, 5), unit=unit, period=str(LAST - 1), count="1")
    for case, month in (("A", 3), ("B", 4), ("C", 12)):
        found.complain(case, "U1", on(month, 10))
    found.happens("repeat_confirmed", on(4, 11), "B", by="info_officer_1", earlier=str(found.complaints["A"]))
    found.complain("D", "U2", on(5, 10))
    found.happens("praise_received", on(6, 1), "D", by="office_leader", customer="学生", confirmed_by="office_leader")
    found.happens("complaint_item_reviewed", on(12, 20), "A", result="qualified")
    return found


def page(browser: Client, address: str) -> str:
    """The page, without its tags."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def test_the_units_stand_side_by_side_by_hand_reckoned_figures(university: University) -> None:
    told = page(university.browser("zhi"), f"/scores/yearly?year={LAST}")
    # U2: 100 + 10; U1: 100 - 2 x 10 - 10
    assert "水电中心1列入奖励11001+10110优秀" in told
    assert "饮食中心2列入奖励132-201-10070不合格未完成服务质量考核标准" in told


def test_every_figure_opens_a_list_of_as_many(university: University) -> None:
    browser = university.browser("zhi")
    text = browser.get(f"/scores/yearly?year={LAST}").content.decode()
    figures = re.findall(r'data-figure="(\w+)"[^>]*href="([^"]+)">(?:[^<\d]*<strong>)?(\d+)<', text)
    assert {name for name, _, _ in figures} == {"base", "received", "excess", "repeated", "praised", "cases", "reviewed", "left"}
    for name, address, count in figures:
        listed = browser.get(address.replace("&amp;", "&")).content.decode()
        if name == "base":
            assert f"<strong>{count}</strong>" in listed
        else:
            assert f"<span data-total>{count}</span>" in listed, (name, address)


def test_the_review_is_filtered_by_the_channel_of_the_complaints(university: University) -> None:
    university.complain("E", "U2", on(7, 1), channel="online")
    browser = university.browser("zhi")
    told = page(browser, f"/scores/yearly/list?year={LAST}&what=cases")
    assert "全部渠道5网上投诉1电话投诉4" in told and "共5条" in told
    online = page(browser, f"/scores/yearly/list?year={LAST}&what=cases&channel=online")
    assert "共1条" in online and "饭菜偏凉E" in online and "饭菜偏凉A" not in online


def test_a_unit_is_reckoned_in_words_with_the_clause_of_each_step(university: University) -> None:
    told = page(university.browser("zhi"), f"/scores/yearly?year={LAST}&unit=U1")
    assert "超出上年2件，每件减10分，减20分；未完成服务质量考核标准。UL-5.2b" in told
    assert "同一问题再次投诉1件，每件减10分，减10分。UL-5.3d" in told
    assert "成绩：100−20−10，得70分。UL-4.2" in told and "等级：不合格（有同一问题再次投诉）。UL-5.3c" in told
    assert "第2名，共2个单位；前3名，列入奖励。UL-5.5" in told
    assert f"{LAST - 1}年（上年，基数）1件：质监部于{LAST}-01-0509:00补录。UL-5.1a" in told


def test_a_centre_sees_its_own_year_with_its_true_rank_and_nobody_elses(university: University) -> None:
    told = page(university.browser("shan"), f"/scores/yearly?year={LAST}")
    assert "饮食中心" in told and "水电中心" not in told and "饮食中心2列入奖励" in told
    assert university.browser("shan").get(f"/scores/yearly/list?year={LAST}&unit=U2&what=received").status_code == 404


def test_the_review_says_what_is_left_and_is_completed_only_when_that_is_meant(university: University) -> None:
    browser = university.browser("zhi")
    assert "未审核3" in page(browser, f"/scores/yearly?year={LAST}") and "仍要完成" in page(browser, f"/scores/yearly?year={LAST}")
    browser.post("/scores/yearly/complete", {"year": LAST})
    assert not Figure.objects.filter(clause="UL-4.2").exists()
    assert "还有3件投诉没有逐件审核" in page(browser, f"/scores/yearly?year={LAST}")
    browser.post("/scores/yearly/complete", {"year": LAST, "sure": "yes"})
    assert Figure.objects.get(clause="UL-4.2", unit_code="U1", period=str(LAST)).amount == 70
    assert "已完成" in page(browser, f"/scores/yearly?year={LAST}") and "zhi某" in page(browser, f"/scores/yearly?year={LAST}")


def test_a_year_that_is_not_over_is_not_completed(university: University) -> None:
    browser = university.browser("zhi")
    assert "完成全年审核" not in page(browser, "/scores/yearly")
    browser.post("/scores/yearly/complete", {"year": THIS, "sure": "yes"})
    assert f"{THIS}年还没有结束" in page(browser, "/scores/yearly")
    assert not Figure.objects.filter(period=str(THIS)).exists()


def test_whom_the_regulation_does_not_name_completes_nothing(university: University) -> None:
    for login in ("shan", "admin1"):
        assert university.browser(login).post("/scores/yearly/complete", {"year": LAST, "sure": "yes"}).status_code == 404
    assert not Figure.objects.exists()


def test_what_is_entered_after_the_completion_is_told_and_a_second_completion_takes_it_in(university: University) -> None:
    browser = university.browser("zhi")
    browser.post("/scores/yearly/complete", {"year": LAST, "sure": "yes"})
    university.happens("past_year_count_entered", timezone.now(), unit="U1", period=str(LAST - 1), count="3")
    told = page(browser, f"/scores/yearly?year={LAST}")
    assert "饮食中心：定稿70分、第2名，按现在的记录90分、第2名" in told
    browser.post("/scores/yearly/complete", {"year": LAST, "sure": "yes"})
    assert "定稿70分" not in page(browser, f"/scores/yearly?year={LAST}")
    amounts = {one.clause: int(one.amount) for one in Figure.objects.filter(unit_code="U1", period=str(LAST), rank=None)}
    assert (amounts["UL-4.2"], amounts["UL-5.2b"]) == (90, 0)


def test_the_act_of_the_unit_page_leads_to_the_assessment(university: University) -> None:
    answer = university.browser("zhi").get("/units/HQ/steps/yearly_review_completed")
    assert (answer.status_code, answer["Location"]) == (302, f"/scores/yearly?year={LAST}")


def test_the_sheet_is_a_paper_and_the_workbook_has_the_same_figures(university: University) -> None:
    browser = university.browser("zhi")
    for address in (f"/scores/yearly/sheet?year={LAST}&unit=U1", f"/scores/yearly/sheet?year={LAST}"):
        answer = browser.get(address)
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get(f"/scores/yearly/export?year={LAST}").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[2][:10] == ["水电中心", 1, 1, 0, 0, 1, 0, 0, 10, 110] and rows[3][:10] == ["饮食中心", 1, 3, 2, 1, 0, -20, -10, 0, 70]
    assert [row[2] for row in book.get_sheet_by_index(2).to_python()[2:]] != []


def test_what_was_given_to_the_first_ones_stands_below(university: University) -> None:
    values = {"year": str(LAST), "centre": "水电中心", "rank": "1", "points": "110", "reward": "流动红旗"}
    registers.add_entry(university.top.organisation_id, "UL:rewards", "HQ", values, by=By("supervision_dept"), at=timezone.now())
    assert "第1名水电中心·流动红旗" in page(university.browser("zhi"), f"/scores/yearly?year={LAST}")


def test_an_organisation_without_such_a_regulation_is_told_so_and_has_no_entry_for_it(house: Any) -> None:
    assert "没有年度考核" in page(house.browser("wu"), "/scores/yearly")
    assert "/scores/yearly" not in house.browser("wu").get("/").content.decode()
    for what in ("list", "export", "sheet"):
        assert house.browser("wu").get(f"/scores/yearly/{what}")["Location"] == "/scores/yearly"


def test_a_review_that_was_completed_with_complaints_left_is_not_final(university: University) -> None:
    university.happens("yearly_review_completed", on(12, 31), unit="HQ", period=str(LAST))
    told = page(university.browser("zhi"), f"/scores/yearly?year={LAST}")
    assert "未定稿还有3件没有逐件审核，全部审核后成绩才定稿" in told
    for case in ("B", "C", "D"):
        university.happens("complaint_item_reviewed", on(12, 31), case, result="qualified")
    told = page(university.browser("zhi"), f"/scores/yearly?year={LAST}")
    assert "未定稿" not in told and "已完成" in told


def test_a_complaint_that_was_taken_back_counts_and_is_shown_apart(university: University) -> None:
    assert "其中撤诉或作废" not in page(university.browser("zhi"), f"/scores/yearly?year={LAST}")
    university.happens("complaint_withdrawn", on(12, 11), "C", by="info_officer_1", reason="已协商")
    told = page(university.browser("zhi"), f"/scores/yearly?year={LAST}")
    assert "饮食中心2列入奖励13其中撤诉或作废12-201-10070" in told
    listed = page(university.browser("zhi"), f"/scores/yearly/list?year={LAST}&unit=U1&what=void")
    assert "共1条" in listed and "饭菜偏凉C" in listed and "饭菜偏凉A" not in listed
