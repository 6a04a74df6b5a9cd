"""How many presses people need for what they do most (users.md 1.4). Text that is typed does not count; nothing here asserts a duration."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch import look
from huiyin.desk.qr_points.actions import put_up
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


class Presses:
    """Presses what it is told to, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, what: Locator) -> None:
        what.click()
        self.count += 1


def on_phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


def fits(page: Page) -> bool:
    """Whether nothing stands out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_code_on_the_wall_to_a_number_and_on_to_the_state_of_the_case(enter: Enter, house: House) -> None:
    point = put_up(house.units["CY"], "3栋大堂", by=CLERK, at=EARLY)
    page, press = on_phone(enter("")), Presses()
    page.goto(f"/q/{point.code}")
    expect(page.get_by_label("在哪里")).to_have_value("3栋大堂")
    assert fits(page)
    press(page.get_by_text("报修", exact=True))
    page.get_by_label("怎么了").fill("大堂灯不亮三天了")
    press(page.get_by_role("button", name="提交"))
    expect(page.locator("#receipt-number")).to_be_visible()
    case = Case.objects.get()
    assert page.locator("#receipt-number").inner_text() == case.number and fits(page)
    assert press.count <= 5, "B13"
    press = Presses()
    press(page.get_by_role("link", name="查看进度"))
    expect(page.locator("h1")).to_have_text(case.number)
    assert press.count <= 2, "B14"


def test_a_liaison_accepts_within_two_presses_of_the_message(enter: Enter, house: House) -> None:
    made = house.register("电梯停运三小时")
    page, press = on_phone(enter("zhao")), Presses()
    page.goto("/messages")
    press(page.get_by_role("button", name="电梯停运三小时"))
    press(page.get_by_role("button", name="接单").first)
    expect(page.locator("#timeline")).to_contain_text("接单")
    assert house.case(made.number).status == "in_progress" and press.count <= 2, "B04"


def test_a_supervisor_verifies_and_sends_a_warning_within_two_presses(enter: Enter, house: House) -> None:
    house.register("电梯停运无人理", ago=timedelta(days=5))
    while look(timezone.now()):
        pass
    signal, press = WarningSignal.objects.get(level="blue"), Presses()
    page = enter("zhou")
    page.goto(f"/warnings/{signal.number}")
    press(page.get_by_role("button", name="属实并下发"))
    expect(page.get_by_role("button", name="属实并下发")).to_have_count(0)
    assert press.count <= 2, "B08"


def test_a_manager_sees_the_worst_three_without_a_press(enter: Enter, house: House) -> None:
    first, second, third = (house.register(f"{story}无人理", ago=timedelta(days=5)) for story in ("电梯停运", "水管漏水", "路灯不亮"))
    while look(timezone.now()):
        pass
    page = on_phone(enter("qian"))
    page.goto("/")
    for made in (first, second, third):
        expect(page.locator(f'#worst [data-row="{made.number}"]')).to_be_in_viewport(ratio=1)
