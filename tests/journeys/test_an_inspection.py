"""An inspection on a telephone whose net comes and goes."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.inspections.models import Finding, Photo
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
HOURS, CHANNELS = "CR-2.1.1.2", "CR-2.1.1.3"


def test_findings_made_without_a_net_wait_on_the_telephone_and_arrive_once(enter: Enter, house: House) -> None:
    adopt(house.units["WY"], "customer_relations", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    page = enter("wu")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/inspections")
    page.select_option("#open-unit", "CY")
    page.get_by_role("button", name="开始检查").click()
    left, waiting = page.locator("[data-left]"), page.locator("[data-waiting]")
    expect(left).to_have_text("35")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "nothing stands out at the side"
    page.locator(f'[id="s-{HOURS}"] button.quick').click()
    expect(left).to_have_text("34.9")
    photo = page.screenshot(type="png", clip={"x": 0, "y": 0, "width": 200, "height": 200})
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    told, heading = page.locator("[data-offline]").bounding_box(), page.locator("header.identity").bounding_box()
    assert told and heading and told["y"] + told["height"] <= heading["y"], "the heading covers what is said of the net"
    standard = page.locator(f'[id="s-{CHANNELS}"]')
    standard.locator("details.more > summary").click()
    standard.locator("textarea").fill("公告栏没有投诉电话")
    standard.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": photo})
    standard.get_by_role("button", name="登记发现").click()
    page.locator(f'[id="s-{HOURS}"] button.quick').click()
    expect(waiting).to_have_text("2")
    expect(standard.locator("[data-pending]")).to_contain_text("未上传 ×1")
    assert Finding.objects.count() == 1
    expect(page.locator("[data-waiting-line]")).to_contain_text("请保持页面打开")
    page.context.set_offline(False)
    expect(page.locator("[data-waiting-line]")).to_be_hidden()
    expect(left).to_have_text("34.8")
    expect(page.locator(f'[id="s-{HOURS}"] [data-pending]')).to_have_text("已提交")
    assert Finding.objects.count() == 3 and Photo.objects.get().kind == "image/jpeg"
    expect(standard.locator("img.thumb")).to_be_visible()
    standard.get_by_role("button", name="撤回").click()
    expect(left).to_have_text("34.9")
