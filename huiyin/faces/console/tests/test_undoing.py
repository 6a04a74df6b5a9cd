"""Taking an act back on the pages: a message with a button, the timeline, several together; and where one is after an act."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from huiyin.desk.facts.models import Fact
from huiyin.desk.people.models import Staff
from huiyin.desk.tracking.queries import tracked
from huiyin.faces.console.tests.conftest import House

PART = {"HX-Request": "true"}
MINUTES = timedelta(minutes=1)


def do(house: House, login: str, number: str, move: str, at: str = "/cases", **said: Any) -> Any:
    """Send the form of a move from the page ``at``, as a part of it."""
    version = str(house.case(number).version)
    headers = {**PART, "HX-Current-URL": f"http://testserver{at}"}
    return house.browser(login).post(f"/cases/{number}/moves/{move}", {"version": version, **said}, headers=headers)


def undo(house: House, login: str, number: str, fact: str, **more: Any) -> Any:
    return house.browser(login).post(f"/cases/{number}/undo", {"fact": fact}, **more)


def fact_in(page: str) -> str:
    found = re.search(r'name="fact" value="(\d+)"', page)
    assert found, "found no act to take back"
    return found[1]


def hold(house: House, number: str) -> str:
    until = timezone.localtime() + timedelta(days=2)
    page: str = do(house, "zhao", number, "hold", reason="等配件", new_date=f"{until:%Y-%m-%dT09:30}").content.decode()
    assert house.case(number).status == "on_hold"
    return page


@pytest.fixture
def held(house: House) -> tuple[str, str]:
    """A case that zhao has just put on hold, and the page that followed."""
    made = house.register()
    house.move(made.case_id, "accept", "zhao")
    return made.number, hold(house, made.number)


def test_an_act_is_taken_back_by_the_message_and_from_the_timeline(house: House, held: tuple[str, str]) -> None:
    number, page = held
    toast, timeline = page.split('id="toasts"')[1], page.split('id="timeline"')[1].split("</section>")[0]
    for part in (toast, timeline):
        assert 'data-key="u"' in part and "撤销" in part and f'action="/cases/{number}/undo"' in part
    assert 'data-stay="20"' in toast and "已起算的时限继续计算" in toast and "前可撤销" in timeline
    after = undo(house, "zhao", number, fact_in(page), headers=PART)
    told = after.content.decode()
    assert house.case(number).status == "in_progress"
    assert "已撤销：挂起" in told and "撤销：工单已挂起" in told and '<span class="chip">已撤销</span>' in told
    assert after.headers["HX-Push-Url"] == f"/cases/{number}"
    assert 'data-key="u"' not in told, "what takes an act back is not offered to be taken back"


def test_the_person_who_brought_the_case_sees_nothing_of_a_slip_of_the_hand(house: House, held: tuple[str, str]) -> None:
    number, page = held
    case = house.case(number)
    events = [step.event for step in tracked(case.organisation_id, case.id).steps]
    assert events[-1] == "case_held"
    undo(house, "zhao", number, fact_in(page))
    assert [step.event for step in tracked(case.organisation_id, case.id).steps] == events[:-1]


def test_without_scripts_the_timeline_takes_it_back(house: House, held: tuple[str, str]) -> None:
    number, _page = held
    whole = house.browser("zhao").get(f"/cases/{number}").content.decode()
    assert undo(house, "zhao", number, fact_in(whole)).headers["Location"] == f"/cases/{number}"
    assert house.case(number).status == "in_progress"


def test_only_who_did_it_is_offered_and_after_something_else_nobody(house: House, held: tuple[str, str]) -> None:
    number, page = held
    assert 'data-key="u"' not in house.browser("qian").get(f"/cases/{number}").content.decode()
    undo(house, "qian", number, fact_in(page))
    assert house.case(number).status == "on_hold"
    house.move(house.case(number).id, "note", "qian", text="配件明天到")
    told = undo(house, "zhao", number, fact_in(page), headers=PART).content.decode()
    assert "只能撤销自己十分钟以内" in told and house.case(number).status == "on_hold"


def test_after_ten_minutes_it_is_no_longer_offered(house: House, held: tuple[str, str]) -> None:
    number, page = held
    Fact.objects.filter(case_id=house.case(number).id, event="case_held").update(entered_at=timezone.now() - 11 * MINUTES)
    assert 'data-key="u"' not in house.browser("zhao").get(f"/cases/{number}").content.decode()
    undo(house, "zhao", number, fact_in(page))
    assert house.case(number).status == "on_hold"


def test_what_cannot_be_taken_back_says_so_and_what_to_do(house: House) -> None:
    made = house.register()
    page = do(house, "zhao", made.number, "accept").content.decode()
    assert 'name="fact"' not in page and "“接单”不能撤销；需要更正请用“转派”。" in page
    assert "“内部备注”不能撤销" in do(house, "zhao", made.number, "note", text="记一下").content.decode()


@pytest.mark.parametrize("fact", ["", "x", "-1", "99999999999999999999"])
def test_an_act_that_is_none_is_not_taken_back(house: House, held: tuple[str, str], fact: str) -> None:
    number, _page = held
    assert undo(house, "zhao", number, fact).status_code == 302
    assert house.case(number).status == "on_hold"
    assert house.browser("zhao").get(f"/cases/{number}/undo").status_code == 404
    assert undo(house, "wang", number, "1").status_code == 404


def test_what_was_done_together_is_taken_back_together(house: House) -> None:
    made = [house.register(f"第{number}件", dispatch=False) for number in range(3)]
    numbers = [one.number for one in made]
    sent = {"move": "dispatch", "case": numbers, "confirm": "yes", "unit": "CY", "back": "/cases?record=complaint"}
    page = house.browser("zhao").post("/cases/together", sent).content.decode()
    undos = re.findall(r'name="undo" value="([^"]+)"', page)
    assert [one.rpartition(":")[0] for one in undos] == numbers and "撤销这 3 张" in page
    house.move(made[1].case_id, "accept", "qian")
    told = house.browser("zhao").post("/cases/together/undo", {"undo": undos, "back": "/cases?record=complaint"}).content.decode()
    assert "撤销批量派单：结果" in told and "共 3 张，办成 2 张，未办 1 张" in told and 'href="/cases?record=complaint"' in told
    assert [house.case(one).status for one in numbers] == ["pending_dispatch", "in_progress", "pending_dispatch"]
    assert house.browser("wang").post("/cases/together/undo", {"undo": undos}).status_code == 404
    assert house.browser("zhao").post("/cases/together/undo", {}).status_code == 404
    noted = house.browser("zhao").post("/cases/together", {"move": "note", "case": numbers, "confirm": "yes", "text": "看过"})
    assert "“内部备注”不能撤销" in noted.content.decode()


def choose(house: House, after_act: str) -> None:
    house.browser("zhao").post("/looks", {"after_act": after_act, "next": "/cases"})


def three(house: House) -> list[str]:
    """Three cases in work, by what breaks first; the last is an inquiry of which nothing is due."""
    made = [house.register(f"第{number}件", ago=(9 - number) * MINUTES) for number in range(3)]
    for one in made:
        house.move(one.case_id, "accept", "zhao")
    return [one.number for one in made]


def test_one_stays_on_the_case_unless_one_has_chosen_otherwise(house: House) -> None:
    first, *_others = three(house)
    answer = do(house, "zhao", first, "hold", reason="等", new_date="2099-01-01T09:00")
    assert "HX-Push-Url" not in answer.headers and f'identity-number">{first}<' in answer.content.decode()
    choose(house, "nonsense")
    assert Staff.objects.get(login="zhao").after_act == "stay"


def test_when_the_turn_is_over_the_next_case_in_view_opens_with_a_way_back(house: House) -> None:
    first, second, third = three(house)
    choose(house, "next")
    query = urlencode({"record": "complaint"})
    answer = do(house, "zhao", second, "hold", f"/cases/{second}?{query}", reason="等", new_date="2099-01-01T09:00")
    page = answer.content.decode()
    assert answer.headers["HX-Push-Url"] == f"/cases/{third}?{query}" and f'identity-number">{third}<' in page
    assert f'href="/cases?{query}"' in page, "the way back is the list as it was"
    assert f'action="/cases/{second}/undo"' in page.split('id="toasts"')[1]
    last = do(house, "zhao", third, "hold", f"/cases/{third}?{query}", reason="等", new_date="2099-01-01T09:00")
    assert last.headers["HX-Push-Url"] == f"/cases/{first}?{query}", "behind the last one comes the first"


def test_an_act_after_which_it_is_still_ones_turn_opens_nothing_else(house: House) -> None:
    first, *_others = three(house)
    choose(house, "next")
    for move, said in (("note", {"text": "看过"}), ("contact", {"text": "已联系"})):
        assert "HX-Push-Url" not in do(house, "zhao", first, move, **said).headers
    fresh = house.register("刚派来的")
    assert "HX-Push-Url" not in do(house, "zhao", fresh.number, "accept").headers, "accepted, and the next limit is the same person's"


def test_one_who_wants_the_list_gets_it_and_the_last_case_leads_there_too(house: House) -> None:
    first, second, _third = three(house)
    choose(house, "list")
    answer = do(house, "zhao", first, "hold", f"/cases/{first}?record=complaint", reason="等", new_date="2099-01-01T09:00")
    page = answer.content.decode()
    assert answer.headers["HX-Push-Url"] == "/cases?record=complaint" and "identity-number" not in page
    assert f'action="/cases/{first}/undo"' in page.split('id="toasts"')[1]
    choose(house, "next")
    alone = do(house, "zhao", second, "hold", f"/cases/{second}?q=no-such-case", reason="等", new_date="2099-01-01T09:00")
    assert alone.headers["HX-Push-Url"] == "/cases?q=no-such-case"
