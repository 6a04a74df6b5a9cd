"""Views and several cases at once, by the keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from huiyin.faces.console.tests.conftest import House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser


def test_rows_are_picked_and_dispatched_together_without_a_mouse(enter: Enter, house: House) -> None:
    made = [house.register(f"第{number}件", ago=timedelta(minutes=number), dispatch=False) for number in range(4)]
    page, keys = enter("zhao"), "#together"
    page.goto("/cases")
    expect(page.locator(keys)).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(keys)).to_contain_text("已选 1 张")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#said")).to_have_text("已选 3 张")
    page.keyboard.press("Escape")
    expect(page.locator(keys)).to_be_hidden()
    expect(page.locator("#said")).to_have_text("已取消选择")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(keys)).to_contain_text("已选 2 张")
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text("批量派单：先看，再确认")
    expect(page.locator("[name=unit]")).to_be_focused()
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.locator("main [role=status]:not([data-offline])")).to_contain_text("办成 2 张")
    assert sorted(house.case(one.number).status for one in made) == ["pending_acceptance"] * 2 + ["pending_dispatch"] * 2
    page.keyboard.press("Enter")
    expect(page.locator("#queue-rows [data-row]")).to_have_count(4)


def test_a_view_is_saved_and_opened_by_its_key(enter: Enter, house: House) -> None:
    house.register("投诉一件")
    house.register("建议一件", record="suggestion", category={"GP": "other"})
    page = enter("zhao")
    page.goto("/cases?record=suggestion")
    page.keyboard.press("v")
    expect(page.locator("#view-name")).to_be_focused()
    page.keyboard.type("只看建议")
    page.keyboard.press("Enter")
    expect(page.locator(".views-menu summary")).to_contain_text("只看建议")
    page.goto("/cases")
    expect(page.locator("#queue-rows [data-row]")).to_have_count(2)
    page.keyboard.press("Alt+1")
    expect(page.locator("#queue-rows [data-row]")).to_have_count(1)
    assert page.url.endswith("/cases?record=suggestion")
