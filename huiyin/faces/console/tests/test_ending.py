"""A case ends before it was handled only where cases are taken in: the unit that it is about may ask, in a note, but not end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from huiyin.desk.cases.actions import NotAllowed, Registered
from huiyin.desk.clocks.models import Clock
from huiyin.faces.console.tests.conftest import House


@pytest.fixture
def case(house: House) -> Registered:
    return house.register("电梯困人")


@pytest.mark.parametrize("login", ["zhao", "qian", "sun"])
@pytest.mark.parametrize(("move", "said"), [("withdraw", {"reason": "业主说算了"}), ("join", {"into": ""})])
def test_the_unit_complained_about_cannot_make_its_complaint_vanish(
    house: House, case: Registered, login: str, move: str, said: Mapping[str, str]
) -> None:
    details: dict[str, Any] = {**said, **({"into": str(house.register("电梯又困人").case_id)} if move == "join" else {})}
    with pytest.raises(NotAllowed):
        house.move(case.case_id, move, login, **details)
    assert house.case(case.number).status == "pending_acceptance"
    assert Clock.objects.filter(case_id=case.case_id, state="running").exists()
    page = house.browser(login).get(f"/cases/{case.number}").content.decode()
    assert "moves/withdraw" not in page and "moves/join" not in page
    assert house.browser(login).post(f"/cases/{case.number}/moves/{move}", details).status_code in (302, 404, 422)
    assert house.case(case.number).status == "pending_acceptance"


@pytest.mark.parametrize("login", ["zheng", "li", "wu"])
def test_those_who_take_cases_in_may_end_one(house: House, case: Registered, login: str) -> None:
    assert "moves/withdraw" in house.browser(login).get(f"/cases/{case.number}").content.decode()
    house.move(case.case_id, "withdraw", login, reason="业主来电撤诉")
    assert house.case(case.number).status == "void"


def test_the_unit_may_say_in_a_note_that_the_complainant_takes_it_back(house: House, case: Registered) -> None:
    house.move(case.case_id, "note", "zhao", text="业主当面表示撤诉，请客服中心核实")
    assert "请客服中心核实" in house.browser("zheng").get(f"/cases/{case.number}").content.decode()


def test_a_merged_case_and_the_one_that_it_went_into_name_each_other_until_it_is_taken_up_again(house: House, case: Registered) -> None:
    other = house.register("电梯又困人")
    house.move(other.case_id, "join", "zheng", into=str(case.case_id))
    browser = house.browser("zheng")
    merged, kept = (browser.get(f"/cases/{one.number}").content.decode() for one in (other, case))
    assert f'id="joined-to">本单已并入 <a href="/cases/{case.number}">' in merged
    assert f'<a href="/cases/{other.number}">' in kept[kept.index('id="joined-here"') :].partition("</p>")[0]
    assert "moves/reinstate" in merged and "moves/reinstate" not in house.browser("zhao").get(f"/cases/{other.number}").content.decode()
    assert browser.post(f"/cases/{other.number}/moves/reinstate", {"reason": "不是同一件事"}).status_code == 302
    assert house.case(other.number).status == "pending_acceptance"
    assert "joined-here" not in browser.get(f"/cases/{case.number}").content.decode()
