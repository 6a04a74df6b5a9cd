"""The navigation: at most eight items in two levels, everything that a post may use and nothing that nobody here needs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt, close_adoption
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.cases.lifecycle import STATES
from huiyin.desk.people import access
from huiyin.desk.people import actions as people
from huiyin.desk.registers import actions as registers
from huiyin.faces.console import navigation
from huiyin.faces.console.cases.asking import DUES
from huiyin.faces.console.navigation import Entry, Group
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House

ROLES = sorted(frozenset().union(*access.RIGHTS.values()))
EVERY = {entry for group in navigation.GROUPS for entry in group.entries}


def _listed(role: str) -> list[Entry]:
    return [one for item in navigation.first_level(role) for one in ((item,) if isinstance(item, Entry) else item.entries)]


def _nav(house: House, login: str, name: str = "side", page: str = "/messages") -> str:
    found = re.search(rf'<nav class="{name}".*?</nav>', house.browser(login).get(page).content.decode(), re.DOTALL)
    assert found
    return found[0]


def _links(nav: str) -> dict[str, str]:
    """The words of each link, by its address."""
    return {url: re.sub(r"<[^>]+>", "", words).strip() for url, words in re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', nav, re.DOTALL)}


def test_every_role_has_at_most_eight_items_and_every_page_stands_in_one_of_them() -> None:
    assert {role: len(navigation.first_level(role)) for role in ROLES if len(navigation.first_level(role)) > 8} == {}
    assert {role: EVERY - set(_listed(role)) for role in (*ROLES, "nobody") if set(_listed(role)) != EVERY} == {}


def test_no_two_pages_have_the_same_keys_and_those_of_the_keyboard_map_are_there() -> None:
    keys = [one.key for one in EVERY if one.key]
    assert len(keys) == len(set(keys)) and {"g w", "g d", "g y", "g b"} <= set(keys)


def test_the_queue_is_asked_for_nothing_that_it_does_not_know() -> None:
    asked = [parse_qs(one.query.removeprefix("?")) for one in EVERY if one.query]
    assert {value for one in asked for value in one.get("due", [])} <= set(DUES)
    assert {value for one in asked for value in one.get("state", [])} <= {*STATES, "all"}


def test_a_room_stands_there_once_a_regulation_in_force_asks_for_it(house: House) -> None:
    before = _links(_nav(house, "wu"))
    assert "/warnings" in before and "/keeping" in before and not {"/surveys", "/inspections", "/registers"} & before.keys()
    adopt(house.units["WY"], "satisfaction_survey", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    assert "/surveys" in _links(_nav(house, "wu"))


def test_a_regulation_of_another_unit_opens_no_room(house: House) -> None:
    adopt(house.units["LY"], "customer_relations", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    assert "/registers" in _links(_nav(house, "wang")) and "/registers" not in _links(_nav(house, "zhao"))


def test_what_is_kept_stays_in_reach_when_the_regulation_has_ended(house: House) -> None:
    adopt(house.units["CY"], "customer_relations", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    said = {"title": "致业主的信", "sender": "服务中心", "receiver": "业委会", "sent_on": "2026-01-06"}
    registers.add_entry(house.organisation.id, "CR:committee-papers", "CY", said, by=CLERK, at=timezone.now())
    close_adoption(
        Adoption.objects.get(regulation="customer_relations"), timezone.localdate() - timedelta(days=1), by=CLERK, at=timezone.now()
    )
    links = _links(_nav(house, "zhao"))
    assert "/registers" in links and "/inspections" not in links


@pytest.mark.parametrize(
    ("role", "unit", "page"), [("audit_dept", "WY", "/keeping"), ("legal_dept", "WY", "/keeping"), ("guard", "CY", "/rosters")]
)
def test_who_may_use_a_page_has_a_way_to_it(house: House, role: str, unit: str, page: str) -> None:
    someone = people.add_staff(house.organisation.id, "gu", "顾某", by=CLERK, at=EARLY)
    people.give_post(someone, house.units[unit], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    house.staff["gu"] = someone
    assert page in _links(_nav(house, "gu")) and house.browser("gu").get(page).status_code == 200


def test_a_group_of_one_page_is_that_page(house: House) -> None:
    group = Group("组", (navigation._CASES, navigation._SURVEYS))
    shown = {navigation._CASES: {"label": "工单", "late": 0, "current": False}}
    assert navigation._first(group, (group,), shown) == shown[navigation._CASES]


def test_the_group_of_the_open_page_is_open_and_the_page_is_marked(house: House) -> None:
    nav = _nav(house, "qian", page="/rulebook/calendar")
    assert re.findall(r'<details open[^>]*data-group="([^"]+)"', nav) == ["制度与档案"]
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', nav) == ["/rulebook/calendar"]


@pytest.mark.parametrize("login", ["li", "zhao", "qian", "wu", "zhou", "zheng"])
def test_every_page_of_the_navigation_opens_and_can_be_reached_on_a_phone(house: House, login: str) -> None:
    links = _links(_nav(house, login))
    browser = house.browser(login)
    for url in links:
        answer = browser.get(url, follow=True)
        assert (url, answer.status_code, answer.content.decode().count("<h1")) == (url, 200, 1)
    assert links.keys() <= _links(_nav(house, login, "bottom")).keys()


def test_badges_count_what_is_overdue_and_nothing_else(house: House) -> None:
    house.register(ago=timedelta(minutes=1))
    assert "count late" not in _nav(house, "zhao")
    house.register(ago=timedelta(days=2))
    stage.watch()
    nav = _nav(house, "zhao")
    assert re.search(r"超时工单</span>\s*<span class=\"count late\"><span class=\"unseen\">超时 </span>1<", nav)
