"""The overview: every figure is the number of rows in the list that it opens; units are compared by how long they take."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.rulebook.load import regulation

FIGURE = re.compile(r'<a [^>]*data-figure="([\w-]+)"(?: data-count="(\d+)")? href="([^"]+)"[^>]*>([^<]*)</a>')


@pytest.fixture
def busy(house: House) -> House:
    """A month with cases open, late, closed, and with a warning."""
    stage.solved(house, ago=timedelta(minutes=50), took=timedelta(minutes=30))
    stage.solved(house, ago=timedelta(minutes=45), took=timedelta(minutes=40), unit="LY")
    house.register("水管爆裂", ago=timedelta(minutes=30))
    house.register("绿化枯死", ago=timedelta(minutes=20), category={"GP": "greening"})
    stage.second_complaint(house, house.register("门禁失灵", ago=timedelta(minutes=40)), ago=timedelta(minutes=10))
    stage.watch()
    return house


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def month_of_the_cases() -> str:
    return f"{timezone.localtime() - timedelta(minutes=50):%Y-%m}"


def total_of(browser: Client, address: str) -> int:
    found = re.search(r"<span data-total>(\d+)</span>", text_of(browser, address))
    assert found is not None
    return int(found[1])


def test_every_figure_opens_its_list(busy: House) -> None:
    browser = busy.browser("wu")
    page = text_of(browser, f"/overview?month={month_of_the_cases()}")
    figures = [(name, int(count or shown), unescape(url)) for name, count, url, shown in FIGURE.findall(page)]
    assert {"open", "late", "blue", "received", "closed", "complaints", "missed", "due", "class"} <= {name for name, _, _ in figures}
    assert [(name, count, url) for name, count, url in figures if count and total_of(browser, url) != count] == []
    assert sum(count for _, count, _ in figures) > 0


def test_the_figures_of_a_branch_are_the_sums_of_its_projects(busy: House) -> None:
    page = text_of(busy.browser("sun"), f"/overview?month={month_of_the_cases()}")
    rows = {unit: FIGURE.findall(row) for unit, row in re.findall(r'<tr [^>]*data-unit="(\w+)">(.*?)</tr>', page, re.DOTALL)}
    counted = {unit: [int(count or shown) for name, count, _, shown in found] for unit, found in rows.items()}
    assert counted["FG"][:8] == [left + right for left, right in zip(counted["CY"][:8], counted["LY"][:8], strict=True)]
    assert counted["FG"][0] == 3


def test_the_classes_of_each_regulation_stand_apart_under_its_title(house: House) -> None:
    adopt(house.units["WY"], "customer_relations", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    house.register("电梯停运", category={"GP": "engineering_repair", "CR": "property_management"})
    house.register("水管漏水", category={"GP": "engineering_repair"})
    answer = house.browser("wu").get("/overview")
    found = {scheme["title"]: [one["received"] for one in scheme["rows"]] for scheme in answer.context["schemes"]}
    assert found == {regulation("customer_relations").title[0]: [1], regulation("group_platform").title[0]: [2]}
    assert all(f"按类别 · {title}</caption>" in answer.content.decode() for title in found)


def test_time_to_solve_is_compared_between_units(busy: House) -> None:
    page = text_of(busy.browser("wu"), f"/overview?month={month_of_the_cases()}")
    middles = {unit: shown for unit, shown in re.findall(r'data-middle="(\w+)" href="[^"]+">([^<]+)</a>', page)}
    assert middles["CY"] == "30分" and middles["LY"] == "40分" and middles["FG"] == "35分"


def test_a_manager_sees_only_the_own_project(busy: House) -> None:
    browser = busy.browser("qian")
    page = text_of(browser, "/overview")
    assert 'data-unit="CY"' in page and 'data-unit="LY"' not in page
    assert browser.get("/overview/list?figure=open&unit=LY").status_code == 404
    assert browser.get("/overview/list?figure=nothing").status_code == 404


def test_complaints_are_counted_per_hundred_households(busy: House) -> None:
    page = text_of(busy.browser("wu"), f"/overview?unit=CY&month={month_of_the_cases()}")
    assert f"{100 * 4 / 604:.2f}" in page


def _figures(browser: Client, unit: str) -> dict[str, int]:
    """The figures of one unit's row, by name."""
    page = text_of(browser, "/overview")
    row = re.search(rf'<tr [^>]*data-unit="{unit}">(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    return {name: int(count or shown) for name, count, _, shown in FIGURE.findall(row[1]) if (count or shown).isdigit()}


def test_what_is_raised_overdue_or_solved_counts_at_once_in_its_project_and_branch(house: House) -> None:
    browser = house.browser("wu")
    wanted = ("open", "late", "handled", "blue", "closed")
    assert [_figures(browser, "CY")[one] for one in wanted] == [0, 0, 0, 0, 0]
    now = timezone.now()
    raised = house.register("电梯停运", ago=timedelta(hours=3))
    stage.watch()
    assert [_figures(browser, "CY")[one] for one in wanted] == [1, 1, 0, 0, 0], "nobody began within ten minutes"
    stage.second_complaint(house, raised)
    house.move(raised.case_id, "accept", "zhao", timedelta(minutes=50))
    house.move(raised.case_id, "handle", "zhao", timedelta(minutes=40), text="已换曳引绳")
    assert [_figures(browser, one)["handled"] for one in ("CY", "FG", "LY")] == [1, 1, 0]
    assert [_figures(browser, one)["blue"] for one in ("CY", "FG", "LY")] == [1, 1, 0]
    house.move(raised.case_id, "return_visit", "zhao", timedelta(minutes=1), result="satisfied")
    assert [_figures(browser, one)["handled"] for one in ("CY", "FG")] == [0, 0]
    closed_now = timezone.localtime(now - timedelta(hours=4)).month == timezone.localtime().month
    assert not closed_now or _figures(browser, "FG")["closed"] == 1


def test_what_has_a_result_and_is_not_closed_is_listed_with_its_age(house: House) -> None:
    case = house.register("路灯不亮", ago=timedelta(days=4))
    house.register("还没有结果", ago=timedelta(days=4))
    house.move(case.case_id, "accept", "zhao", timedelta(days=3, minutes=5))
    house.move(case.case_id, "handle", "zhao", timedelta(days=3), text="已换灯")
    browser = house.browser("wu")
    listed = text_of(browser, "/overview/list?figure=handled&unit=CY")
    assert re.findall(r'data-row="([^"]+)"', listed) == [case.number] and "有结果已 3天" in listed
    assert "有结果已" not in text_of(browser, "/overview/list?figure=open&unit=CY")
