"""A complaint, through the pages, as people do it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch import look
from huiyin.desk.scores.models import Entry
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.tests.conftest import House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser


def test_a_complaint_is_registered_and_dispatched_by_the_keyboard_alone(enter: Enter, house: House) -> None:
    page = enter("li")
    page.goto("/register")
    keys = page.keyboard
    keys.type("13812345678")
    expect(page.locator("#household")).to_contain_text("3栋2单元1501室")
    expect(page.locator("#i-place")).to_have_value("3栋2单元1501室")
    _tab_to(page, "record")
    keys.press("ArrowRight")
    keys.press("ArrowLeft")
    _tab_to(page, "category")
    keys.press("Space")
    _tab_to(page, "story")
    keys.type("电梯停运")
    keys.press("Enter")
    keys.type("已经三个小时")
    keys.press("Control+Enter")
    expect(page.locator("#receipt-number")).to_be_visible()
    made = Case.objects.get()
    assert (made.record, made.household_code, made.status) == ("complaint", "3-2-1501", "pending_acceptance")
    assert made.story == "电梯停运\n已经三个小时"
    assert made.number in page.locator("#receipt-number").inner_text()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until a field of this name has the focus; a keyboard user must get there in a few steps."""
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"found no way to {name} by Tab")


def test_a_complaint_goes_from_the_queue_to_its_close_without_the_list_going_away(enter: Enter, house: House) -> None:
    made = house.register("电梯停运三小时")
    page = enter("zhao")
    page.goto("/cases")
    page.click(f'[data-row="{made.number}"]')
    _press(page, "接单")
    _press(page, "联系业主", text="已联系，约下午三点上门")
    _press(page, "确定责任部门", department="engineering_dept")
    _press(page, "初步处理方案", text="更换控制板")
    tomorrow = timezone.localtime() + timedelta(days=1)
    _press(page, "上报解决方案", text="更换控制板并试运行", promised_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    _press(page, "处理完毕", text="已恢复运行")
    _press(page, "回访", result="satisfied")
    expect(page.locator(".identity .chip.done")).to_have_text("已办结")
    expect(page.locator("#queue .queue-head")).to_be_visible()
    assert house.case(made.number).status == "closed"


def _press(page: Page, label: str, **said: str) -> None:
    """Do the next duty by its button, filling in the form that it opens, if any."""
    button = page.locator(".identity-actions [data-primary]")
    expect(button).to_have_text(label)
    button.click()
    for name, value in said.items():
        field = page.locator(f"#move [name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.check(f'#move [name={name}][value="{value}"]')
        else:
            field.fill(value)
    if said:
        page.click("#move .form-actions button")
    expect(page.locator("#move .move")).to_have_count(0)
    expect(page.locator("#timeline .timeline li").first).to_be_visible()


def test_a_complaint_left_alone_is_warned_of_verified_and_costs_points(enter: Enter, house: House) -> None:
    made = house.register("电梯停运无人理", ago=timedelta(days=5))
    while look(timezone.now()):
        pass
    page = enter("zhou")
    page.goto(f"/cases/{made.number}")
    expect(page.locator("#case-warnings .warning.blue")).to_be_visible()
    page.locator('#case-warnings a[href*="/warnings/"]').first.click()
    signal = WarningSignal.objects.get(level="blue")
    expect(page.locator("main")).to_contain_text(str(signal.number))
    page.get_by_role("button", name="属实并下发").click()
    expect(page.get_by_role("button", name="属实并下发")).to_have_count(0)
    entry = Entry.objects.get(unit_code="CY")
    assert (entry.amount, entry.clause[:3]) == (Decimal("-0.200"), "GP-")
    page.goto(f"/cases/{made.number}")
    expect(page.locator("#timeline")).to_contain_text("预警")
