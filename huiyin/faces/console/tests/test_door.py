from datetime import date

import pytest
from django.test import Client

from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, PASSWORD, House
from huiyin.faces.parts.checks import every_address_has_its_row
from huiyin.faces.parts.routes import ROUTES


def test_every_address_has_its_row_in_the_table() -> None:
    assert every_address_has_its_row(None) == []


def test_an_address_without_a_row_stops_the_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ROUTES, "console:queue")
    assert [error.id for error in every_address_has_its_row(None)] == ["parts.E001"]


@pytest.mark.parametrize("address", ["/", "/cases", "/register", "/messages", "/search?q=1"])
def test_who_is_not_signed_in_is_sent_to_the_login(db: None, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302 and answer["Location"].startswith("/login?next=")


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(db: None) -> None:
    answer = Client().get("/cases", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/cases?due=overdue"})
    assert answer["HX-Redirect"] == "/login?next=%2Fcases%3Fdue%3Doverdue"


def test_one_logs_in_and_goes_where_one_was_going(house: House) -> None:
    people.set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    browser = Client()
    sent = {"username": " Zhao ", "password": PASSWORD, "next": "/cases?due=overdue"}
    assert browser.post("/login", sent)["Location"] == "/cases?due=overdue"
    assert browser.get("/cases").status_code == 200


def test_a_wrong_password_says_so_and_keeps_the_login(house: House) -> None:
    page = Client().post("/login", {"username": "zhao", "password": "wrong"}).content.decode()
    assert "账号或密码不对" in page and 'value="zhao"' in page


def test_the_login_leads_to_no_other_site(house: House) -> None:
    people.set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    answer = Client().post("/login", {"username": "zhao", "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_the_counter_begins_at_the_registration(house: House) -> None:
    people.set_password(house.staff["li"], PASSWORD, by=CLERK, at=EARLY)
    assert Client().post("/login", {"username": "li", "password": PASSWORD})["Location"] == "/register"


def test_a_link_logs_nobody_out(house: House) -> None:
    browser = house.browser("zhao")
    assert browser.get("/logout").status_code == 404
    assert browser.get("/cases").status_code == 200
    browser.post("/logout")
    assert browser.get("/cases").status_code == 302


def test_one_changes_the_post_without_logging_out(house: House) -> None:
    people.give_post(house.staff["zhao"], house.units["LY"], "project_manager", date(2025, 1, 1), by=CLERK, at=EARLY)
    mine, theirs = house.register("一期的"), house.register("绿洲的", unit="LY")
    browser = house.browser("zhao")
    assert mine.number in browser.get("/cases").content.decode()
    browser.post("/post", {"post": str(house.staff["zhao"].posts.get(unit__code="LY").pk)})
    page = browser.get("/cases").content.decode()
    assert theirs.number in page and mine.number not in page


def test_a_post_of_somebody_else_cannot_be_taken(house: House) -> None:
    assert house.browser("zhao").post("/post", {"post": str(house.staff["wu"].posts.get().pk)}).status_code == 404


def test_what_a_role_may_not_do_looks_absent(house: House) -> None:
    browser = house.browser("sun")
    assert browser.get("/register").status_code == 404
    assert browser.get("/register").content == browser.get("/no-such-page").content


def test_a_page_that_takes_no_writes_refuses_them(house: House) -> None:
    assert house.browser("zhao").post("/cases").status_code == 405


def test_the_language_is_kept(house: House) -> None:
    browser = house.browser("zhao")
    assert browser.post("/looks", {"language": "en", "next": "/cases"})["Location"] == "/cases"
    assert "Queue of cases" in browser.get("/cases").content.decode()


def test_the_workbench_counts_what_its_lists_hold(house: House) -> None:
    house.register()
    page = house.browser("zhao").get("/").content.decode()
    assert 'href="/cases?due=within_an_hour"' in page and 'href="/cases?state=pending_acceptance"' in page


def test_messages_are_read_by_opening_them(house: House) -> None:
    made = house.register()
    browser = house.browser("zhao")
    page = browser.get("/messages").content.decode()
    assert "未读" in page
    letter = page.split('action="/messages/')[1].split('"')[0]
    assert house.browser("wang").post(f"/messages/{letter}").status_code == 404
    assert browser.post(f"/messages/{letter}")["Location"] == f"/cases/{made.number}"


@pytest.mark.parametrize(
    ("words", "found"), [("5678", "王*芳"), ("3-2-1501", "王*芳"), ("qjl", "钱经理"), ("钱", "钱经理"), ("停运", "电梯停运")]
)
def test_one_search_finds_cases_residents_and_colleagues(house: House, words: str, found: str) -> None:
    house.register("电梯停运")
    page = house.browser("zhao").get("/search", {"q": words}).content.decode()
    assert found in page and "13812345678" not in page


def test_a_whole_number_goes_straight_to_the_case(house: House) -> None:
    made = house.register()
    assert house.browser("zhao").get("/search", {"q": made.number.lower()})["Location"] == f"/cases/{made.number}"
    assert house.browser("wang").get("/search", {"q": made.number}).status_code == 200


def test_the_workbench_of_who_sees_no_cases_links_to_none(house: House) -> None:
    someone = people.add_staff(house.organisation.id, "admin", "系统管理", by=CLERK, at=EARLY)
    people.give_post(someone, house.units["WY"], "admin", date(2025, 1, 1), by=CLERK, at=EARLY)
    client = Client()
    client.force_login(someone)
    assert "/cases" not in client.get("/").content.decode()
