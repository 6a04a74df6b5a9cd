"""The deductions ledger: entries with their clause and warning, a sum of exactly these, appeals, workbooks without formulas."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from huiyin.desk.scores.models import Appeal, Entry
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.scores.sheets import workbook
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import House


@pytest.fixture
def blue(house: House) -> WarningSignal:
    """A confirmed blue warning: the project and its branch are charged."""
    found = stage.second_complaint(house, house.register("电梯困人", ago=timedelta(hours=3)))
    house.browser("zhou").post(f"/warnings/{found.number}/verify", {"result": "confirmed"})
    return found


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", page)


def test_the_ledger_shows_entries_and_the_sum_of_exactly_these(house: House, blue: WarningSignal) -> None:
    page = text_of(house.browser("wu"), "/scores")
    assert page.count("GP-12.1") >= 2 and str(blue.number) in page
    assert "分公司合计1笔-0.2项目合计1笔-0.2" in plain(page) and "-0.4" not in page
    assert "合计1笔-0.2" in plain(text_of(house.browser("wu"), "/scores?unit=CY"))


def test_a_sum_opens_the_entries_of_its_level(house: House, blue: WarningSignal) -> None:
    page = text_of(house.browser("wu"), "/scores?level=branch")
    assert "分公司合计1笔-0.2" in plain(page) and "项目合计" not in plain(page)
    assert house.browser("wu").get("/scores?level=nothing-such").status_code == 404


def test_a_warning_costs_each_unit_its_own_amount_and_never_their_sum(house: House, blue: WarningSignal) -> None:
    for address in ("/warnings", f"/warnings/{blue.number}"):
        page = text_of(house.browser("wu"), address)
        assert ">-0.2</a>" in page and "-0.4" not in page
    entry = Entry.objects.get(unit_code="CY")
    manager = house.browser("qian")
    manager.post(f"/scores/{entry.id}/appeal", {"reason": "当时已联系业主"})
    appeal = Appeal.objects.get(entry_id=entry.id)
    house.browser("wu").post(f"/scores/appeals/{appeal.id}/decide", {"decision": "upheld", "answer": "情况属实"})
    told = plain(text_of(house.browser("wu"), f"/warnings/{blue.number}"))
    assert "翠园一期0第一分公司-0.2" in told


def test_a_project_sees_its_own_entries_only(house: House, blue: WarningSignal) -> None:
    assert "合计1笔-0.2" in plain(text_of(house.browser("qian"), "/scores"))
    assert "没有扣分" in text_of(house.browser("wang"), "/scores")


def test_an_appeal_is_decided_by_somebody_else_and_gives_the_points_back(house: House, blue: WarningSignal) -> None:
    entry, manager = Entry.objects.get(unit_code="CY"), house.browser("qian")
    manager.post(f"/scores/{entry.id}/appeal", {"reason": "当时已联系业主"})
    assert "待裁定" in text_of(manager, "/scores")
    appeal = Appeal.objects.get(entry_id=entry.id)
    assert manager.post(f"/scores/appeals/{appeal.id}/decide", {"decision": "upheld", "answer": "成立"}).status_code == 404
    quality = house.browser("wu")
    assert "当时已联系业主" in text_of(quality, "/scores?appeals=undecided")
    quality.post(f"/scores/appeals/{appeal.id}/decide", {"decision": "upheld", "answer": "情况属实"})
    assert "合计2笔0" in plain(text_of(quality, "/scores?unit=CY"))


def test_an_appeal_without_a_reason_is_refused_with_words(house: House, blue: WarningSignal) -> None:
    entry = Entry.objects.get(unit_code="CY")
    response = house.browser("qian").post(f"/scores/{entry.id}/appeal", {"reason": " "}, follow=True)
    assert "toast error" in response.content.decode()
    assert not Appeal.objects.exists()


def test_the_workbook_holds_the_entries_and_their_sum(house: House, blue: WarningSignal) -> None:
    response = house.browser("wu").get("/scores/export")
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "单位" and len(rows) == 5
    assert [(row[0], f"{row[3]}") for row in rows[-2:]] == [("合计 分公司", "-0.2"), ("合计 项目", "-0.2")]


def test_the_branchs_deductions_are_exported_for_its_assessment(house: House, blue: WarningSignal) -> None:
    assessment = house.browser("wu").get("/scores/assessment")
    rows = CalamineWorkbook.from_filelike(BytesIO(assessment.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["FG"]


def test_what_somebody_typed_never_becomes_a_formula() -> None:
    made = workbook("ledger", ["unit"], [["=1+1"], ["@SUM(A1)"], ["+8613800000000"]])
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["=1+1", "@SUM(A1)", "+8613800000000"]
