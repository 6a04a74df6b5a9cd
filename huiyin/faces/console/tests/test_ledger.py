"""The ledger of cases: columns, order and pages, in the address, in views and in what goes out."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from huiyin.channels.sheets.files import read_table
from huiyin.desk.cases.queries import ORDERS
from huiyin.desk.lists.models import SavedView
from huiyin.faces.console.cases import ledger
from huiyin.faces.console.cases.columns import COLUMNS, USUAL, WHOLE
from huiyin.faces.console.tests.conftest import House

MINUTES = timedelta(minutes=1)


def page_of(house: House, query: str = "", login: str = "zhao") -> str:
    page: str = house.browser(login).get(f"/cases/ledger{query}").content.decode()
    return page


def headings(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)]


def numbers(page: str) -> list[str]:
    return re.findall(r'data-label="单号" class="nowrap"><a[^>]*>([A-Z0-9]+)</a>', page)


def three(house: House) -> list[str]:
    """Three cases, the last received first; the middle one urged twice, the last one closed."""
    made = [house.register(f"第{number}件", ago=(9 - number) * MINUTES, contact_phone="13912345678") for number in range(3)]
    for _time in range(2):
        house.move(made[1].case_id, "urge", "qian", text="快")
    house.move(made[2].case_id, "void", "zhou", reason="误登", result="misfiled")
    return [one.number for one in made]


def test_columns_are_chosen_and_put_in_order_by_the_address(house: House) -> None:
    three(house)
    assert headings(page_of(house)) == [str(COLUMNS[key].label) for key in USUAL]
    page = page_of(house, "?cols=urged,title,phone,nonsense,urged,number&state=all")
    assert headings(page) == ["催办", "内容", "电话", "单号"]
    assert 'data-label="催办" class="number">2<' in page and "139****5678" in page and "13912345678" not in page
    for link, cols in (("上移 内容", "title%2Curged%2Cphone"), ("下移 内容", "urged%2Cphone%2Ctitle")):
        found = re.search(rf'href="([^"]+)" aria-label="{link}"', page)
        assert found and f"cols={cols}%2Cnumber" in found[1] and "state=all" in found[1]


def test_what_is_ticked_becomes_an_address_and_keeps_the_order(house: House) -> None:
    answer = house.browser("zhao").get("/cases/ledger?record=complaint&cols=title,number&col=number&col=phone&col=title&sort=number")
    assert answer.headers["Location"] == "/cases/ledger?record=complaint&cols=title%2Cnumber%2Cphone&sort=number"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("?state=all", [2, 1, 0]), ("?state=all&sort=received", [0, 1, 2]), ("?state=all&sort=-number", [2, 1, 0]),
        ("?state=all&sort=closed", [2, 0, 1]), ("?sort=-urged", [1, 0]), ("?sort=due", [0, 1]), ("?state=all&sort=-urged", [2, 1, 0]),
        ("?state=all&sort=nonsense", [2, 1, 0]),
    ],
)  # fmt: skip
def test_the_list_is_put_in_order(house: House, query: str, order: list[int]) -> None:
    made = three(house)
    found = numbers(page_of(house, query))
    assert sorted(found) == sorted(made[one] for one in order)
    expected = [made[one] for one in order]
    # Those that no closing tells apart stand by their ids, which are those of their coming.
    assert found == expected


def test_a_heading_says_by_what_the_list_is_in_order_and_leads_to_the_other_way(house: House) -> None:
    three(house)
    page = page_of(house, "?state=all&cols=number,received,urged,title")
    heads = re.findall(r'<th scope="col"([^>]*)>(.*?)</th>', page)
    assert [re.search(r'aria-sort="(\w+)"', said) is not None for said, _text in heads] == [True, True, False, False]
    assert 'aria-sort="descending"' in heads[1][0] and "sort=received" in heads[1][1] and "sort=-" not in heads[1][1]
    assert "sort=-urged" in page_of(house, "?cols=number,urged")


@pytest.mark.parametrize("sort", [way + key for key in ORDERS for way in ("", "-")])
def test_pages_hold_every_case_once_in_one_order(house: House, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PAGE", 2)
    made = [house.register(f"第{number}件", ago=(30 - number % 3) * MINUTES) for number in range(5)]
    state = "" if ORDERS[sort.removeprefix("-")].open_only else "&state=all"
    if state:
        house.move(made[3].case_id, "void", "zhou", reason="误登", result="misfiled")
    found, address, pages = [], f"?sort={sort}{state}", 0
    while address and pages < 9:
        page, pages = page_of(house, address), pages + 1
        found += numbers(page)
        more = re.search(r'href="/cases/ledger(\?[^"]+)" data-key="\]"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert pages == 3 and len(found) == 5 and set(found) == {one.number for one in made}
    back = numbers_of_export(house, f"sort={sort}{state}")
    assert back == found
    if sort.endswith("number"):
        assert all((one < other) == (sort == "number") for one, other in pairwise(found))


def numbers_of_export(house: House, query: str) -> list[str]:
    return [row[1] for row in sheet(house.browser("zhao").get(f"/cases/export?{query}&cols=number"))[1:]]


def sheet(answer: Any) -> list[list[str]]:
    table = read_table("cases.xlsx", answer.content)
    return [list(table.header), *([str(cell or "") for cell in row.cells] for row in table.rows)]


def test_what_goes_out_is_what_is_shown(house: House) -> None:
    three(house)
    page = page_of(house, "?cols=urged,phone,title,number&sort=-urged&record=complaint")
    link = re.search(r'href="(/cases/export[^"]+)"', page)
    assert link
    out = sheet(house.browser("zhao").get(link[1].replace("&amp;", "&")))
    assert out[0] == ["序号", *headings(page)]
    assert [row[4] for row in out[1:]] == numbers(page) and out[1][1:3] == ["2", "139****5678"]
    assert "13912345678" not in str(out)
    assert sheet(house.browser("zhao").get("/cases/export"))[0] == ["序号", *(str(COLUMNS[key].label) for key in WHOLE)]
    assert "/cases/export" not in page_of(house, login="li"), "who may not export is not offered it"


def test_times_of_work_are_told_where_they_are_asked_for(house: House) -> None:
    made = house.register(ago=30 * MINUTES)
    house.move(made.case_id, "accept", "zhao", ago=20 * MINUTES)
    page = page_of(house, "?cols=number,taken,called,rating")
    cells = re.findall(r'<td data-label="[^"]+" class="[^"]+">(.*?)</td>', page)
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d$", cells[1]) and cells[2:] == ["--", "--"]


def test_a_view_keeps_columns_and_order(house: House) -> None:
    three(house)
    asked = {"page": "ledger", "name": "催办多的", "record": "complaint", "cols": "number,urged", "sort": "-urged"}
    house.browser("zhao").post("/views", asked)
    made = SavedView.objects.get(name="催办多的")
    to = house.browser("zhao").get(f"/views/{made.pk}").headers["Location"]
    assert to == "/cases/ledger?record=complaint&cols=number%2Curged&sort=-urged"
    page = page_of(house, to.partition("/cases/ledger")[2])
    assert headings(page) == ["单号", "催办"] and "催办多的" in page and 'aria-current="true"' in page


def test_a_filter_that_is_taken_away_leaves_columns_and_order(house: House) -> None:
    three(house)
    page = page_of(house, "?record=complaint&cols=number,urged&sort=-urged&due=overdue")
    assert 'href="/cases/ledger?cols=number%2Curged&amp;sort=-urged" title="去掉这个条件"' in page
    assert 'name="cols" value="number,urged"' in page and '<option value="-urged" selected>' in page
    assert "due=" not in page.split('<form class="filters"')[1].split("<table")[0]


@pytest.mark.parametrize("after", ["x", "2026-01-01|zz", "x|01a203d2-ccf6-7eb6-a278-d72ac808ac55", "|01a203d2-ccf6-7eb6-a278-d72ac808ac55"])
@pytest.mark.parametrize("sort", ["received", "-urged", "number"])
def test_an_address_that_cannot_be_read_shows_the_first_page(house: House, after: str, sort: str) -> None:
    house.register()
    answer = house.browser("zhao").get("/cases/ledger", {"after": after, "sort": sort, "cols": ",,'\";--"})
    assert answer.status_code == 200


def test_nobody_sees_what_is_not_theirs(house: House) -> None:
    mine, theirs = house.register("本项目的"), house.register("别人的", unit="LY")
    page = page_of(house, "?state=all&unit=LY")
    assert theirs.number not in page and mine.number not in page
    assert numbers(page_of(house, "?state=all", "sun"))[0] == theirs.number
