from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from huiyin.desk.journal.models import Entry
from huiyin.desk.lists import actions
from huiyin.desk.lists.models import SavedView
from huiyin.desk.people.actions import disable_staff
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House

LATE = {"page": "queue", "name": "本周投诉", "record": "complaint", "since": "week", "nonsense": "1"}


def save(browser: Client, **said: Any) -> SavedView:
    assert browser.post("/views", {**LATE, **said}).status_code == 302
    return SavedView.objects.get(name=said.get("name", LATE["name"]))


def menu_of(browser: Client, address: str = "/cases") -> str:
    page = browser.get(address).content.decode()
    return page[page.index("views-menu") : page.index("管理视图")]


def test_the_present_filters_are_kept_under_a_name_and_found_in_the_menu(house: House) -> None:
    browser = house.browser("zhao")
    made = save(browser)
    assert made.asked == {"record": "complaint", "since": "week"}
    menu = menu_of(browser)
    assert 'href="/cases?record=complaint&amp;since=week" data-key="Alt+1"' in menu and "本周投诉" in menu
    assert browser.get(f"/views/{made.pk}").headers["Location"] == "/cases?record=complaint&since=week"
    assert 'aria-current="true"' in menu_of(browser, "/cases?record=complaint&since=week")


def test_saving_again_under_the_name_replaces_what_was_asked(house: House) -> None:
    browser = house.browser("zhao")
    save(browser)
    assert save(browser, record="repair").asked["record"] == "repair"
    assert SavedView.objects.count() == 1


def test_views_are_renamed_ordered_and_deleted(house: House) -> None:
    browser = house.browser("zhao")
    first, second = save(browser, name="甲"), save(browser, name="乙")
    browser.post(f"/views/{second.pk}", {"do": "up"})
    assert menu_of(browser).index("乙") < menu_of(browser).index("甲")
    browser.post(f"/views/{first.pk}", {"do": "rename", "name": "丙"})
    assert "丙" in menu_of(browser)
    told = browser.post(f"/views/{first.pk}", {"do": "rename", "name": "乙"}, follow=True).content.decode()
    assert "已有名为“乙”的视图" in told
    browser.post(f"/views/{first.pk}", {"do": "delete"})
    assert [one.name for one in SavedView.objects.all()] == ["乙"]


@pytest.mark.parametrize("name", ["", "  ", "很" * 31])
def test_a_name_that_says_nothing_or_too_much_is_refused(house: House, name: str) -> None:
    page = house.browser("zhao").post("/views", {**LATE, "name": name}, follow=True).content.decode()
    assert 'class="toast error"' in page and not SavedView.objects.exists()


def test_what_is_shared_stands_in_the_menus_of_the_unit_and_below_and_shows_each_their_own_cases(house: House) -> None:
    mine, theirs = house.register("本项目的"), house.register("别人的", unit="LY")
    made = save(house.browser("sun"), shared="1")
    assert made.shared_with is not None and made.shared_with.code == "FG"
    for login, sees, not_sees in (("zhao", mine, theirs), ("wang", theirs, mine)):
        browser = house.browser(login)
        assert "本周投诉" in menu_of(browser) and "孙分总" in menu_of(browser)
        page = browser.get(f"/views/{made.pk}", follow=True).content.decode()
        assert f'data-row="{sees.number}"' in page and not_sees.number not in page
    assert "本周投诉" not in menu_of(house.browser("wu")), "what a branch shares does not rise to the company"
    disable_staff(house.staff["sun"], by=CLERK, at=EARLY)
    assert "本周投诉" not in menu_of(house.browser("zhao"))


def test_nobody_changes_or_sees_what_is_not_theirs(house: House) -> None:
    own = save(house.browser("zhao"))
    shared = save(house.browser("qian"), name="共享的", shared="1")
    for login, view in (("wang", own), ("qian", own), ("wang", shared)):
        assert house.browser(login).get(f"/views/{view.pk}").status_code == 404
    for do in ("rename", "delete", "up", "unshare", "nothing"):
        assert house.browser("zhao").post(f"/views/{shared.pk}", {"do": do, "name": "我的了"}).status_code == 404
    assert house.browser("zhao").post(f"/views/{own.pk}", {"do": "nothing"}).status_code == 404
    shared.refresh_from_db()
    assert shared.name == "共享的"


def test_who_has_no_right_to_share_does_not_share(house: House) -> None:
    browser = house.browser("li")
    assert browser.post("/views", {**LATE, "shared": "1"}).status_code == 404
    made = save(browser)
    assert browser.post(f"/views/{made.pk}", {"do": "share"}).status_code == 404
    assert "共享给本单位" not in menu_of(browser)


def test_a_register_has_views_of_its_own(house: House) -> None:
    save(house.browser("zhao"), page="registers", name="未销账", register="CR:x", open="1")
    assert "未销账" not in menu_of(house.browser("zhao"))
    assert "/registers/list?register=CR%3Ax&amp;open=1" in house.browser("zhao").get("/views").content.decode()
    assert house.browser("zhao").post("/views", {**LATE, "page": "nothing"}).status_code == 404


def test_nobody_keeps_more_views_than_a_menu_can_hold(house: House) -> None:
    for number in range(actions.MOST_VIEWS):
        actions.save_view(house.staff["zhao"], "queue", f"第{number}个", {}, by=CLERK, at=EARLY)
    page = house.browser("zhao").post("/views", LATE, follow=True).content.decode()
    assert "最多保存 40 个视图" in page and not SavedView.objects.filter(name="本周投诉").exists()


def test_the_journal_tells_the_act_and_no_word_of_it(house: House) -> None:
    save(house.browser("zhao"), name="王小芳的", q="王小芳")
    entry = Entry.objects.get(organisation_id=house.organisation.id, action="lists.save")
    assert entry.body == {"page": "queue", "shared_with": None}
    assert quote("王小芳") not in str(entry.body)
