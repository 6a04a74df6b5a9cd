"""What takes seconds says that it works and is not asked for twice; what is borne in mind follows the kind that was chosen."""

from __future__ import annotations

from datetime import date, datetime
from time import sleep
from typing import Any

import pytest
from playwright.sync_api import expect

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.people import actions as people
from huiyin.faces.console.adoptions import rehearsing
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser


SEEN = """() => {
  const look = () => sessionStorage.setItem("seen", JSON.stringify({
    told: document.querySelector(".busy")?.textContent ?? "", free: document.querySelectorAll("#plan button:not(:disabled)").length }));
  document.addEventListener("submit", () => setTimeout(look, 1600));
}"""


def test_a_rehearsal_that_takes_its_time_says_so_and_cannot_be_pressed_twice(
    enter: Enter, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.staff["admin"] = people.add_staff(house.organisation.id, "admin", "管理员", by=CLERK, at=EARLY)
    people.give_post(house.staff["admin"], house.units["WY"], "admin", EARLY.date(), by=CLERK, at=EARLY)
    reckoned, rehearse = list[int](), rehearsing.rehearse

    def slowly(who: Any, new: Any, days: int, now: datetime) -> dict[str, Any]:
        reckoned.append(days)
        sleep(3)
        return rehearse(who, new, days, now)

    monkeypatch.setattr(rehearsing, "rehearse", slowly)
    page = enter("admin")
    page.goto("/adoptions/community_publication")
    page.select_option("#days", "90")
    page.evaluate(SEEN)
    page.get_by_role("button", name="重新核对并试算").dblclick(no_wait_after=True)
    expect(page.locator("#rehearsal")).to_contain_text("各演一遍")
    seen = page.evaluate("() => JSON.parse(sessionStorage.getItem('seen'))")
    assert "正在用过去的记录试算" in seen["told"] and seen["told"].endswith("s") and seen["free"] == 0
    assert reckoned == [90], "what was chosen was sent, once"


def test_whoever_takes_in_a_request_for_help_reads_what_concerns_help(enter: Enter, house: House) -> None:
    for stem in ("resident_help", "resident_complaints"):
        adopt(house.units["CY"], stem, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    page = enter("zhao")
    page.goto("/register?record=help_request")
    minds = page.locator("#minds")
    expect(minds).to_contain_text("推")
    expect(minds.get_by_text("严禁与住户辩论")).to_be_hidden()
    page.locator("input[name=record][value=complaint]").check(force=True)
    expect(minds.get_by_text("严禁与住户辩论")).to_be_visible()
