import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils import timezone

from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.faces.console.cases import listing
from huiyin.faces.console.tests.conftest import House

MINUTES = timedelta(minutes=1)


def row(number: str) -> str:
    """What the row of a case begins with."""
    return f'data-row="{number}"'


def test_opinions_and_suggestions_are_registered_beside_complaints(house: House) -> None:
    agent = house.browser("zheng")
    for record, words in (("complaint", "电梯停运"), ("suggestion", "建议增设充电桩"), ("opinion", "保洁比以前好"), ("repair", "水管漏水")):
        sent = {"unit": "CY", "record": record, "story": words, "channel": "call_centre_400"}
        assert agent.post("/register", sent).status_code == 302
    listed = agent.get("/cases").content.decode()
    assert all(words in listed for words in ("电梯停运", "建议增设充电桩", "保洁比以前好", "水管漏水"))
    only = agent.get("/cases?record=suggestion").content.decode()
    assert "建议增设充电桩" in only and "电梯停运" not in only


def test_the_next_clock_that_breaks_stands_first(house: House) -> None:
    fresh, late = house.register("刚来的"), house.register("早已超时的", ago=40 * MINUTES)
    page = house.browser("zhao").get("/cases").content.decode()
    order = [page.index(part) for part in ("<span>已超时", row(late.number), "<span>1小时内", row(fresh.number))]
    assert order == sorted(order)


def test_the_list_stays_beside_a_case_that_is_opened_by_its_address(house: House) -> None:
    one, other = house.register("电梯停运"), house.register("厨房漏水")
    page = house.browser("zhao").get(f"/cases/{one.number}").content.decode()
    assert row(one.number) in page and row(other.number) in page


def test_a_group_of_the_queue_can_be_opened_alone(house: House) -> None:
    fresh, late = house.register("刚来的"), house.register("早已超时的", ago=40 * MINUTES)
    browser = house.browser("zhao")
    overdue, hour = (browser.get(f"/cases?due={due}").content.decode() for due in ("overdue", "within_an_hour"))
    assert late.number in overdue and fresh.number not in overdue
    assert fresh.number in hour and late.number not in hour


@pytest.mark.parametrize("words", ["电梯", "停运", "3-2-1501"])
def test_words_find_a_case(house: House, words: str) -> None:
    made = house.register("电梯停运三小时", household_code="3-2-1501", place="3栋2单元1501室")
    other = house.register("草坪没人修剪")
    page = house.browser("zhao").get(f"/cases?q={quote(words)}").content.decode()
    assert made.number in page and other.number not in page


def test_the_chosen_filters_are_shown_and_each_can_be_taken_away(house: House) -> None:
    house.register()
    page = house.browser("zhao").get("/cases?record=complaint&category=engineering_repair&state=all&since=today").content.decode()
    assert 'href="/cases?record=complaint&amp;category=engineering_repair&amp;state=all"' in page
    assert "工程维修问题 ×" in page


def test_cases_of_other_projects_are_not_in_the_queue(house: House) -> None:
    mine, theirs = house.register("本项目的"), house.register("别人的", unit="LY")
    page = house.browser("zhao").get("/cases?state=all").content.decode()
    assert mine.number in page and theirs.number not in page


def test_a_page_of_the_queue_leads_to_the_next_and_none_is_lost(house: House) -> None:
    numbers = {house.register(f"第{count}件", ago=count * MINUTES).number for count in range(53)}
    browser, seen, address = house.browser("zhao"), set[str](), "/cases"
    for _round in range(3):
        page = browser.get(address, headers={"HX-Request": "true"} if "after" in address else {}).content.decode()
        seen |= {number for number in numbers if f'data-row="{number}"' in page}
        if 'class="button queue-more" href="' not in page:
            break
        address = page.split('class="button queue-more" href="')[1].split('"')[0].replace("&amp;", "&")
    assert seen == numbers


def test_a_new_case_is_announced_and_a_changed_one_is_replaced_in_place(house: House) -> None:
    old = house.register("先来的")
    browser = house.browser("zhao")
    house.register("后来的")
    part = browser.get(f"/cases/news?shown={old.number}", headers={"HX-Request": "true"}).content.decode()
    assert "有 1 条新单，点击载入" in part
    assert f"outerHTML:[data-row='{old.number}']" in part


def test_an_empty_list_says_what_to_do(house: House) -> None:
    browser = house.browser("li")
    assert "还没有工单。" in browser.get("/cases").content.decode() and "登记第一张" in browser.get("/cases").content.decode()
    assert "清除筛选" in browser.get("/cases?q=没有这样的词").content.decode()
    made = house.register()
    house.move(made.case_id, "withdraw", "zheng", reason="登错了")
    page = browser.get("/cases").content.decode()
    assert "今天的待办都处理完了" in page and "登记一张" in page and "下一项" not in page


def test_who_has_done_all_is_told_what_is_due_next(house: House) -> None:
    made = house.register()
    house.move(made.case_id, "withdraw", "zheng", reason="登错了")
    now = timezone.now()
    Clock.objects.create(
        organisation_id=house.organisation.id, key="duty:x", kind="duty", rule="GP:weekly-signed-summary", unit_code="CY", state="running",
        responsible="unit_liaison", starts_at=now, due_at=now + timedelta(days=40), changed_at=now, fact_id=uuid4(),
    )  # fmt: skip
    assert "下一项：" in house.browser("zhao").get("/cases").content.decode()
    assert "下一项：" not in house.browser("qian").get("/cases").content.decode()


def test_the_number_of_cases_is_counted_with_the_ended_ones_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    house.move(house.register().case_id, "withdraw", "zheng", reason="登错了")
    house.register("路灯不亮")
    count = re.compile(r'<span class="count" title="符合条件的工单数">([^<]+)</span>')
    assert count.findall(house.browser("zhao").get("/cases?state=all").content.decode())[0] == "2"
    monkeypatch.setattr(listing, "MOST_COUNTED", 1)
    assert count.findall(house.browser("zhao").get("/cases?state=all").content.decode())[0] == "1+"


def test_the_start_of_a_number_finds_its_cases(house: House) -> None:
    made, other = house.register("路灯不亮"), house.register("建议加装雨棚", "suggestion", severity={}, category={})
    browser = house.browser("zhao")
    for address in (f"/search?q={made.number[:10]}", f"/cases?q={made.number[:8].lower()}", "/cases?q=TS 26"):
        page = browser.get(address).content.decode()
        assert f'data-row="{made.number}"' in page and f'data-row="{other.number}"' not in page


def test_a_row_says_the_number_of_its_case(house: House) -> None:
    made = house.register("路灯不亮")
    row = re.search(rf'data-row="{made.number}".*?</a>', house.browser("zhao").get("/cases").content.decode(), re.DOTALL)
    assert row is not None and f"TS…{made.number[-6:]}" in row[0], "the day and the day's count"


def test_a_row_that_comes_up_from_the_next_page_is_not_announced_as_new(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.faces.console.cases.listing.PAGE", 2)
    made = [house.register(f"第{number}件", ago=(9 - number) * MINUTES) for number in range(3)]
    news = f"/cases/news?shown={made[0].number},{made[1].number}"
    house.move(made[0].case_id, "void", "zhou", reason="误登", result="misfiled")
    told = house.browser("zhao").get(news).content.decode()
    assert "新单" not in told and "顺序有变化，点击载入" in told
    house.register("更急的", ago=40 * MINUTES)
    assert "有 1 条新单，点击载入" in house.browser("zhao").get(news).content.decode()


def test_an_invalid_complaint_says_what_is_still_wanted_of_it(house: House) -> None:
    invalid, other = house.register("非我方责任"), house.register("电梯停运")
    Case.objects.filter(number=invalid.number).update(marks=["invalid"])
    page = house.browser("zhao").get("/cases").content.decode()
    rows = {one.number: page[page.index(row(one.number)) :].partition("</a>")[0] for one in (invalid, other)}
    assert "已判无效，仍待“" in rows[invalid.number]
    assert "已判无效" not in rows[other.number]


def test_a_case_without_its_class_says_in_its_row_that_no_handling_limit_runs(house: House) -> None:
    without, classed = house.register("楼道灯不亮", category={}), house.register("电梯停运")
    page = house.browser("zhao").get("/cases").content.decode()
    rows = {one.number: page[page.index(row(one.number)) :].partition("</a>")[0] for one in (without, classed)}
    assert "无处理时限" in rows[without.number] and "无处理时限" not in rows[classed.number]
