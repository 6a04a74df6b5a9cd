"""An act is taken back by one key, also when the next case already stands there; the ledger is put in order and keeps its columns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from huiyin.faces.console.tests.conftest import House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
STATES = {"held": "on_hold", "working": "in_progress"}


def _hold(page: Page) -> None:
    page.keyboard.press("h")
    expect(page.locator("#move [name=reason]")).to_be_focused()
    page.keyboard.type("等配件")
    page.locator("#move [name=new_date]").fill("2099-01-01T09:30")
    page.keyboard.press("Control+Enter")


def _two(house: House) -> list[str]:
    made = [house.register(f"第{number}件", ago=timedelta(minutes=5 - number)) for number in range(2)]
    for one in made:
        house.move(one.case_id, "accept", "zhao")
    return [one.number for one in made]


def test_u_takes_the_last_act_back_from_the_message_and_from_the_timeline(enter: Enter, house: House) -> None:
    number, _other = _two(house)
    page = enter("zhao")
    page.goto(f"/cases/{number}")
    _hold(page)
    toast = page.locator("#toasts [data-stay]")
    expect(toast).to_contain_text("已起算的时限继续计算")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_have_text("已撤销：挂起")
    expect(toast).to_have_count(0)
    expect(page.locator("#timeline li").first).to_contain_text("撤销：工单已挂起")
    assert house.case(number).status == STATES["working"]
    _hold(page)
    expect(toast).to_have_count(1)
    toast.locator("[data-close]").click()
    page.locator("#main h1").focus()
    page.keyboard.press("Alt+u")
    expect(page.locator("#said")).to_have_text("已撤销：挂起")
    assert house.case(number).status == STATES["working"]


def _with_messages(route: Route) -> None:
    answer = route.fetch()
    place, said = 'id="toasts" role="status">', '<div class="toast" data-stay="10">done</div><div class="toast error">refused</div>'
    route.fulfill(response=answer, body=answer.text().replace(place, place + said))


def test_what_was_done_leaves_by_itself_on_a_page_that_was_loaded_and_what_was_refused_stays(enter: Enter, house: House) -> None:
    page = enter("zhao")
    page.clock.install()
    page.route("**/cases/ledger", _with_messages)
    page.goto("/cases/ledger")
    expect(page.locator("#toasts .toast")).to_have_count(2)
    page.clock.run_for(11_000)
    expect(page.locator("#toasts .toast")).to_have_text(["refused"])


def test_a_message_leaves_by_itself_but_not_while_somebody_is_at_it(enter: Enter, house: House) -> None:
    number, _other = _two(house)
    page = enter("zhao")
    page.clock.install()
    page.goto(f"/cases/{number}")
    _hold(page)
    toast = page.locator("#toasts [data-stay]")
    expect(toast).to_have_count(1)
    toast.locator("button", has_text="撤销").focus()
    page.clock.run_for(60_000)
    expect(toast).to_have_count(1)
    page.locator("#main h1").focus()
    page.clock.run_for(3_000)
    expect(toast).to_have_count(0)
    expect(page.locator("#timeline .undo button")).to_be_visible()


def test_the_next_case_opens_and_u_still_takes_back_the_one_before(enter: Enter, house: House) -> None:
    first, second = _two(house)
    page = enter("zhao")
    page.goto(f"/cases/{first}")
    page.locator("header.top details.menu").last.locator("summary").click()
    # The choice is sent and the page comes anew: keys pressed before that go to the page that is leaving.
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="下一单").click()
    expect(page.locator(".identity-number")).to_have_text(first)
    page.locator("#main h1").focus()
    _hold(page)
    expect(page.locator(".identity-number")).to_have_text(second)
    expect(page.locator("#queue-rows [aria-current]")).to_have_attribute("data-row", second)
    expect(page).to_have_url(f"{page.url.partition('/cases')[0]}/cases/{second}")
    expect(page.locator("#main h1")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(".identity-number")).to_have_text(first)
    assert house.case(first).status == STATES["working"]


def test_what_cannot_be_taken_back_says_why_when_asked(enter: Enter, house: House) -> None:
    made = house.register()
    page = enter("zhao")
    page.goto(f"/cases/{made.number}")
    page.locator("#main h1").focus()
    page.keyboard.press("e")
    toast = page.locator("#toasts [data-stay]")
    expect(toast).to_contain_text("“接单”不能撤销；需要更正请用“转派”。")
    toast.locator("[data-close]").click()
    page.locator("#main h1").focus()
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("“接单”不能撤销")


def test_the_ledger_is_put_in_order_and_its_columns_are_chosen(enter: Enter, house: House) -> None:
    first, second = _two(house)
    page = enter("zhao")
    page.goto("/cases")
    page.locator(".queue-head").get_by_role("link", name="台账").click()
    rows = page.locator("table.ledger tbody tr")
    expect(rows.first).to_contain_text(second)
    page.get_by_role("link", name="受理时间").click()
    expect(rows.first).to_contain_text(first)
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("受理时间")
    page.locator(".columns-menu summary").click()
    page.get_by_label("电话").check()
    page.get_by_label("渠道").uncheck()
    page.get_by_role("button", name="应用").click()
    expect(page.locator("thead th").last).to_have_text("电话")
    expect(rows.first).to_contain_text(first)
    assert "sort=received" in page.url and "cols=" in page.url
