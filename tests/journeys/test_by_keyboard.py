"""A whole morning of a liaison who never touches the mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from huiyin.desk.cases.models import Case
from huiyin.desk.people.actions import set_password
from huiyin.faces.console.tests.conftest import CLERK, EARLY, PASSWORD, House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser


def test_nobody_needs_a_mouse(enter: Enter, house: House) -> None:
    house.register("早先的一件", ago=timedelta(minutes=5))
    page = _logged_in(enter, house)
    _registered(page)
    made = Case.objects.get(title__startswith="电梯停运")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.locator("#queue-rows [data-row]")).to_have_count(2)
    page.wait_for_load_state()
    _opened(page, made.number)
    _dispatched_and_accepted(page, made)
    _written_to_both(page, made)
    _held(page, made)
    page.keyboard.press("Escape")
    _is_at(page, f"#row-{made.number}")


def _is_at(page: Page, selector: str) -> None:
    """The focus is there, and can be seen."""
    expect(page.locator(selector)).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", f"nothing shows the focus at {selector}"


def _tab_to(page: Page, name: str, most: int = 16) -> None:
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"found no way to {name} by Tab")


def _choose(page: Page, value: str) -> None:
    page.keyboard.press("Home")
    for _step in range(30):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"found no {value} by the arrows")


def _logged_in(enter: Enter, house: House) -> Page:
    set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    page = enter("")
    page.goto("/login")
    page.keyboard.type("zhao")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("nav.side")).to_be_visible()
    page.wait_for_load_state()
    return page


def _registered(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.press("t")
    expect(page.locator("#i-contact_phone")).to_be_focused()
    page.keyboard.type("13812345678")
    expect(page.locator("#i-place")).to_have_value("3栋2单元1501室")
    _tab_to(page, "category")
    page.keyboard.press("Space")
    _tab_to(page, "story")
    page.keyboard.type("电梯停运，njt 三小时")
    while page.evaluate("document.activeElement.tagName") != "SUMMARY":
        page.keyboard.press("Tab")
    # What the regulations ask besides is one key away, and closed until then.
    page.keyboard.press("Enter")
    _tab_to(page, "channel")
    _choose(page, "call_centre_400")
    _tab_to(page, "dispatch")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#receipt-number")).to_be_visible()
    page.wait_for_load_state()


def _opened(page: Page, number: str) -> None:
    """To the row by J and K; a look that keeps the focus in the list, then the case itself."""
    for _step in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Alt+j")
    _is_at(page, f"#row-{number}")
    page.keyboard.press("Space")
    expect(page.locator(".identity-number")).to_have_text(number)
    _is_at(page, f"#row-{number}")
    page.keyboard.press("Enter")
    _is_at(page, "#main h1")
    expect(page.locator("h1")).to_have_count(1)
    page.wait_for_load_state()


def _dispatched_and_accepted(page: Page, made: Case) -> None:
    page.keyboard.press("a")
    expect(page.locator("#move [name=unit]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#move form")).to_have_count(0)
    _is_at(page, "#main h1")
    page.keyboard.press("a")
    expect(page.locator("#move [name=unit]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-primary]")).to_have_text("接单")
    expect(page.locator("#said")).to_have_text("派单：已完成")
    _is_at(page, "#main h1")
    page.keyboard.press("e")
    expect(page.locator("[data-primary]")).to_have_text("联系业主")
    page.keyboard.press("Alt+e")
    expect(page.locator("#move [name=text]")).to_be_focused()
    page.keyboard.type("已联系，约下午上门")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-primary]")).to_have_text("确定责任部门")
    made.refresh_from_db()
    assert made.status == "in_progress"


def _written_to_both(page: Page, made: Case) -> None:
    page.keyboard.press("r")
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type("维修人员下午三点到")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline li.public")).to_contain_text("维修人员下午三点到")
    expect(page.locator("#words")).to_have_value("")
    page.keyboard.press("m")
    page.keyboard.type("备注：他家有老人")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline li.internal")).to_contain_text("他家有老人")


def _held(page: Page, made: Case) -> None:
    page.keyboard.press("h")
    expect(page.locator("#move [name=reason]")).to_be_focused()
    page.keyboard.type("等配件")
    page.keyboard.press("Escape")
    _is_at(page, "#main h1")
    page.keyboard.press("h")
    expect(page.locator("#move [name=reason]")).to_be_focused()
    expect(page.locator("#move [name=reason]")).to_have_value("等配件")
    page.keyboard.press("Tab")
    # The browser's own field, part by part, in the order of the language that it was built for.
    page.keyboard.type(f"{timezone.localtime() + timedelta(days=2):%m%d%Y}")
    page.keyboard.press("Tab")
    page.keyboard.type("0930AM")
    expect(page.locator("#move [name=new_date]")).not_to_have_value("")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".identity")).to_contain_text("已挂起")
    made.refresh_from_db()
    assert made.status == "on_hold"


def test_the_overview_lists_what_works_on_the_page_and_does_it(enter: Enter, house: House) -> None:
    made = house.register()
    page, lines = enter("zhao"), "[data-keys-list] li"
    page.goto("/register")
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(page.locator(lines, has_text="搜索")).to_be_visible()
    expect(page.locator(lines, has_text="下一行")).to_have_count(0)
    page.keyboard.press("Escape")
    page.goto(f"/cases/{made.number}")
    page.locator("#main").focus()
    page.keyboard.press("Control+k")
    for told in ("下一行J", "转派A", "内部备注M", "复制简报Ctrl Shift S", "打印本单Ctrl P", "新建 投诉N T"):
        expect(page.locator(lines).filter(has_text=told)).to_be_visible()
    page.keyboard.type("转派")
    expect(page.locator(f"{lines}:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#move [name=unit]")).to_be_focused()


def test_keys_are_left_alone_while_composing_and_can_be_changed_and_switched_off(enter: Enter, house: House) -> None:
    made = house.register()
    page, row = enter("zhao"), f"#row-{made.number}"
    page.goto("/cases")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))")
    expect(page.locator(row)).not_to_be_focused()
    page.keyboard.press("?")
    page.locator("[data-keys-rename]").click()
    page.locator("[data-keys-list] button", has_text="下一行").click()
    page.keyboard.press("q")
    expect(page.locator("[data-keys-list] button", has_text="下一行").locator("kbd")).to_have_text("Q")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(row)).not_to_be_focused()
    page.keyboard.press("q")
    expect(page.locator(row)).to_be_focused()
    page.keyboard.press("?")
    page.locator("[data-keys-reset]").click()
    page.get_by_role("button", name="关闭快捷键").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(row)).not_to_be_focused()
