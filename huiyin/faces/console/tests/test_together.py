from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from huiyin.channels.sheets.files import read_table
from huiyin.desk.cases.lifecycle import BY_KEY, TOGETHER
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.models import Entry
from huiyin.faces.console.cases.together import MOST
from huiyin.faces.console.tests.conftest import House

PART = {"HX-Request": "true"}


def send(house: House, login: str, move: str, numbers: list[str], **said: Any) -> Any:
    return house.browser(login).post("/cases/together", {"move": move, "case": numbers, **said})


def bar(house: House, login: str, *numbers: str) -> str:
    part: str = house.browser(login).get(f"/cases/together?{urlencode([('case', one) for one in numbers])}", headers=PART).content.decode()
    return part


def rows_of(page: str) -> dict[str, str]:
    """What a table says of each case, by number."""
    rows = [one.split("</tr>")[0] for one in page.split("<tr><th")[2:]]
    return {next(word for word in row.replace("<", ">").split(">") if word[:2] in ("TS", "JY")): row for row in rows}


def test_the_bar_offers_what_every_picked_case_is_offered(house: House) -> None:
    fresh, sent = house.register("待派的", dispatch=False), house.register("已派的")
    both = bar(house, "zhao", fresh.number, sent.number)
    assert "已选 2 张" in both and 'value="note"' in both and 'value="transfer"' in both and 'value="dispatch"' not in both
    assert 'value="dispatch"' in bar(house, "zhao", fresh.number)
    assert 'value="reassign"' in bar(house, "zhao", sent.number)
    assert "没有共同可做的操作" in bar(house, "zhao")


def test_only_moves_whose_words_fit_all_are_made_together() -> None:
    assert BY_KEY.keys() >= TOGETHER
    assert all(need.kind in ("unit", "roles", "people", "text") for key in TOGETHER for need in BY_KEY[key].needs)
    assert not TOGETHER & {"public_reply", "handle", "report_solution", "accept", "return", "close"}


def test_first_a_look_at_what_would_happen_then_each_case_by_itself(house: House) -> None:
    made = [house.register(f"第{number}件", dispatch=False) for number in range(3)]
    numbers = [one.number for one in made]
    look = send(house, "zhao", "dispatch", numbers).content.decode()
    assert "选中 3 张，其中 3 张可以办理，0 张将跳过" in look
    assert {house.case(one).status for one in numbers} == {"pending_dispatch"}
    entries = Entry.objects.filter(action="facts.complaint_transferred_to_unit")
    before = entries.count()
    page = send(house, "zhao", "dispatch", numbers, confirm="yes", unit="").content.decode()
    assert "共 3 张，办成 3 张，未办 0 张" in page
    assert {house.case(one).status for one in numbers} == {"pending_acceptance"}
    assert entries.count() - before == 3
    assert {Fact.objects.filter(case_id=one.case_id, event="complaint_transferred_to_unit").count() for one in made} == {1}


def test_the_entry_of_a_case_is_the_same_as_if_it_had_been_made_alone(house: House) -> None:
    alone, one, other = (house.register(text) for text in ("甲", "乙", "丙"))
    house.browser("zhao").post(f"/cases/{alone.number}/words", {"mode": "internal", "text": "周五统一回访"})
    send(house, "zhao", "note", [one.number, other.number], confirm="yes", text="周五统一回访")
    told = [
        (entry.action, entry.by_role, entry.by_person, sorted(entry.body))
        for case in (alone, one, other)
        for entry in Entry.objects.filter(subject=f"case:{case.case_id}", action="facts.note_added")
    ]
    assert len(told) == 3 and len({str(line) for line in told}) == 1


def test_one_that_is_refused_says_why_and_stops_no_other(house: House) -> None:
    open_one, closed, theirs = house.register("待办"), house.register("别人会动的"), house.register("别人的", unit="LY")
    numbers = [open_one.number, closed.number, theirs.number, "TS0001010001"]
    seen = [f"{number}:{house.case(number).version}" for number in numbers[:2]]
    house.move(closed.case_id, "note", "zhao", text="我先写了")
    page = send(house, "qian", "urge", numbers, seen=seen, confirm="yes", text="请抓紧").content.decode()
    told = rows_of(page)
    assert "共 4 张，办成 1 张，未办 3 张" in page
    assert "已办" in told[open_one.number] and house.case(open_one.number).urged_count == 1
    assert "刚被别人更新过" in told[closed.number] and house.case(closed.number).urged_count == 0
    assert told[theirs.number].replace(theirs.number, "") == told["TS0001010001"].replace("TS0001010001", "")
    assert house.case(theirs.number).urged_count == 0


def test_what_a_regulation_forbids_for_one_case_names_the_clause(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.faces.console.cases.together.TOGETHER", frozenset({"return"}))
    first, second = house.register("甲"), house.register("乙")
    page = send(house, "zhao", "return", [first.number, second.number], confirm="yes", reason="不归我们管").content.decode()
    assert "办成 0 张，未办 2 张" in page and rows_of(page)[first.number].count("GP-") == 1


def test_sending_twice_does_nothing_twice(house: House) -> None:
    made = house.register()
    seen = f"{made.number}:{house.case(made.number).version}"
    for _time in range(2):
        send(house, "qian", "urge", [made.number], seen=[seen], confirm="yes", text="")
    assert house.case(made.number).urged_count == 1


def test_words_that_are_missing_are_asked_for_and_nothing_is_done(house: House) -> None:
    made = house.register()
    page = send(house, "zhao", "transfer", [made.number], confirm="yes", unit="CY", reason="").content.decode()
    assert "先看，再确认" in page and "请填写" in page
    assert house.case(made.number).version == 1


def test_a_move_of_its_own_words_unknown_ones_and_too_many_are_not_taken(house: House) -> None:
    made = house.register()
    for move in ("handle", "nothing", ""):
        assert send(house, "zhao", move, [made.number]).status_code == 404
    assert send(house, "zhao", "note", []).status_code == 404
    many = [f"TS{number:010}" for number in range(MOST + 1)]
    answer = house.browser("zhao").post("/cases/together", {"move": "note", "case": many}, follow=True).content.decode()
    assert "一次最多 100 张" in answer


def test_what_is_not_in_reach_is_offered_and_told_to_nobody(house: House) -> None:
    made = house.register("别人的", unit="LY")
    assert "value=" not in bar(house, "zhao", made.number)
    assert send(house, "zhao", "note", [made.number], confirm="yes", text="看看").status_code == 404
    assert house.browser("zhao").get(f"/cases/print?case={made.number}").status_code == 404


def test_the_papers_of_picked_cases_are_printed_together(house: House) -> None:
    one, other, theirs = house.register("甲事"), house.register("乙事"), house.register("丙事", unit="LY")
    query = urlencode([("case", case.number) for case in (one, other, theirs)])
    page = house.browser("zhao").get(f"/cases/print?{query}").content.decode()
    assert page.count('<article class="paper') == 2 and "甲事" in page and "乙事" in page and "丙事" not in page


def _sheet(answer: Any) -> list[list[str]]:
    table = read_table("cases.xlsx", answer.content)
    return [list(table.header), *([str(cell or "") for cell in row.cells] for row in table.rows)]


def test_picked_cases_or_all_of_the_filters_go_out_as_a_workbook(house: House) -> None:
    one, other = house.register("=1+1", contact_name="王小芳", ago=timedelta(minutes=40)), house.register("草坪")
    theirs = house.register("别人的", unit="LY")
    browser = house.browser("zhao")
    picked = _sheet(browser.get(f"/cases/export?case={one.number}&case={theirs.number}"))
    assert [row[1] for row in picked] == ["单号", one.number] and "=1+1" in picked[1] and "王小芳" not in picked[1]
    assert {row[1] for row in _sheet(browser.get("/cases/export"))} == {"单号", one.number, other.number}
    assert [row[1] for row in _sheet(browser.get("/cases/export?due=overdue"))] == ["单号", one.number]
    assert house.browser("li").get("/cases/export").status_code == 404
