"""What waited on a telephone and was refused: its form comes back with what was entered, and it goes again as the same act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from huiyin.core.moments import in_shanghai
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
NO_NET = 'Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false })'
NET = 'delete navigator.onLine; dispatchEvent(new Event("online"))'


@pytest.fixture
def flat(house: House) -> House:
    """The house under the apartment manager's regulation, with somebody at its desk."""
    adopt(house.units["WY"], "apartment_complaints", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    house.staff["ke"] = people.add_staff(house.organisation.id, "ke", "柯客服", by=CLERK, at=EARLY)
    people.give_post(house.staff["ke"], house.units["CY"], "cs_staff", date(2025, 1, 1), by=CLERK, at=EARLY)
    return house


def _refused(enter: Enter, house: House) -> tuple[Page, Case]:
    """A confirmation that was entered without a net for a time to come, on the page of its case, where its refusal stands."""
    classes = {"GP": "engineering_repair", "AC": "service_quality"}
    found = house.case(house.register("门禁卡没有送来", category=classes, ago=timedelta(hours=3)).number)
    page = enter("ke")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"/cases/{found.number}/steps/receipt_confirmed")
    page.get_by_label("承诺完成时间").fill(f"{in_shanghai(timezone.now()) + timedelta(days=3):%Y-%m-%dT18:00}")
    page.get_by_label("内容").fill("已电话告知，三天内办完")
    page.get_by_label("发生时间").fill(f"{in_shanghai(timezone.now()) + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.evaluate(NO_NET)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#outbox")).to_contain_text("未上传")
    page.evaluate(NET)
    expect(page.locator("#outbox")).to_contain_text("发生时间不能晚于现在")
    page.goto(f"/cases/{found.number}")
    return page, found


def test_a_refused_act_leads_back_to_its_form_with_what_was_entered_and_goes_as_the_same_act(enter: Enter, flat: House) -> None:
    page, found = _refused(enter, flat)
    box, refused_at = page.locator("#outbox"), timezone.now()
    box.get_by_text("所填内容").click()
    expect(box).to_contain_text("已电话告知，三天内办完")
    box.get_by_role("link", name="打开修改").click()
    expect(page.get_by_label("内容")).to_have_value("已电话告知，三天内办完")
    assert page.get_by_label("承诺完成时间").input_value().endswith("T18:00")
    with page.expect_response("**/steps/receipt_confirmed"):
        page.get_by_role("button", name="登记", exact=True).click()
    expect(box).to_contain_text("发生时间不能晚于现在")
    expect(page.get_by_label("内容")).to_have_value("已电话告知，三天内办完")
    expect(page.get_by_label("发生时间")).not_to_have_value("")
    page.get_by_label("发生时间").fill("")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(f"**/cases/{found.number}")
    expect(page.locator("#timeline")).to_contain_text("已电话告知，三天内办完")
    expect(page.locator("#outbox")).to_have_count(0)
    confirmed = Fact.objects.get(case_id=found.id, event="receipt_confirmed")
    assert confirmed.at < refused_at < confirmed.entered_at, "it was done when it was entered first"
