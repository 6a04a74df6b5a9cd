"""Texts planted in each drawer: whatever the people and programs of one open, nothing of another stands in it."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.cases import actions as cases
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from tests.access.addresses import every_address, told_to
from tests.access.world import SHARED, Drawer, World, text_of, undone

LINK = re.compile(r"""(?:href|hx-get|action)="(/[^"#]*|\\?[^"#]*)""")
MOST_PAGES = 120
NOT_PAGES = ("/static/", "/live", "/logout")
INSIDE = (("zhao", "mine"), ("qian", "mine"), ("wang", "theirs"), ("guest", "abroad"), ("ruler", "abroad"))


def begin(drawer: Drawer) -> Iterator[str]:
    """Every page of the URLconf with the drawer's things in it, and searches for what all drawers have in common."""
    for one in every_address("console"):
        query = told_to(one.name, drawer)[0]
        yield one.of(drawer) + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")
    for words in (SHARED, "氏家中", "欧阳", "端木", "7777", "2340", "1-1-1107", "TS", "陈无岗"):
        yield f"/search?q={words}"
        yield f"/cases?state=all&q={words}"
    for phone in ("13912340001", "13712347771"):
        yield f"/register/household?contact_phone={phone}&unit={drawer.unit.code}"
    for unit in ("CY", "LY", "WY"):
        yield f"/register/household?place=2-2-2207&unit={unit}"
        yield f"/register/similar?story={SHARED}&unit={unit}"
        yield f"/cases?state=all&unit={unit}"
        yield f"/overview/list?figure=received&unit={unit}"
        yield f"/scores?period=all&unit={unit}"
        yield f"/scores/export?period=all&unit={unit}"
    yield from ("/scores/export?period=all", "/scores/assessment?period=all", "/scores?period=all", "/overview/list?figure=due")


def pages(client: Client, begin_at: Iterable[str], most: int = MOST_PAGES) -> Iterator[tuple[str, str]]:
    """The address and text of each of these pages, then of those that they lead to, each once."""
    waiting, seen = deque(begin_at), set[str]()
    most += len(waiting)
    while waiting and len(seen) < most:
        address = waiting.popleft()
        if address in seen or address.startswith(NOT_PAGES):
            continue
        seen.add(address)
        with undone():
            answer = client.get(address)
        assert answer.status_code < 500, address
        text = text_of(answer)
        yield address, text
        for found in LINK.findall(text):
            link = html.unescape(found)
            waiting.append(address.partition("?")[0] + link if link.startswith("?") else link)


def foreign(world: World, mine: str) -> set[str]:
    return {canary for name, drawer in world.drawers.items() if name != mine for canary in drawer.canaries}


@pytest.mark.parametrize(("login", "drawer"), INSIDE)
def test_no_page_search_or_workbook_holds_anything_of_another_drawer(world: World, login: str, drawer: str) -> None:
    strange, own, leaks, opened = foreign(world, drawer), set(world.drawers[drawer].canaries), [], 0
    for address, text in pages(world.browser(login), begin(world.drawers[drawer])):
        # What one has typed oneself is told again.
        leaks += [(address, canary) for canary in strange if canary in text and canary not in address]
        opened += any(canary in text for canary in own)
    assert leaks == []
    assert opened > 5, "the crawl found too little of one's own to mean anything"


@pytest.mark.parametrize("drawer", ["mine", "theirs", "abroad"])
def test_no_answer_to_a_program_holds_anything_of_another_drawer(world: World, drawer: str) -> None:
    own, strange, found = world.drawers[drawer], foreign(world, drawer), ""
    client = Client(headers={"Authorization": f"Bearer {own.key}"})
    for one in every_address("api"):
        found += text_of(client.get(one.of(own)))
    for question in (f"cases?words={SHARED}", "cases?unit=LY", "cases?unit=CY", "cases?words=欧阳", "warnings?unit=LY", "duties?size=200"):
        found += text_of(client.get(f"/api/v1/{question}"))
    for unit in ("CY", "LY"):
        asked = {"unit": unit, "words": SHARED, "household": "2-2-2207"}
        found += text_of(client.post("/api/v1/suggestions-of-duplicates", asked, content_type="application/json"))
    assert [canary for canary in strange if canary in found] == []
    assert own.case.number in found


def test_who_has_homes_in_two_projects_is_known_in_each_for_those_there(world: World) -> None:
    both = people.add_resident(world.house.organisation.id, "端木双居", by=CLERK, at=EARLY, phone="13600001234")
    for home in (world.house.home, world.drawers["theirs"].unit.households.get()):
        people.move_in(both, home, "owner", by=CLERK, at=EARLY)
    page = world.browser("zhao").get("/search?q=端木双居").content.decode()
    assert "翠园一期 3栋2单元1501室" in page
    assert "绿洲花园 " not in page and "2栋2单元2207室" not in page


def test_of_a_case_that_has_gone_to_another_project_only_its_number_stays(world: World) -> None:
    house, drawer = world.house, world.drawers["mine"]
    moved = {"unit": "LY", "reason": "地点在绿洲花园"}
    for move, details in (("accept", {}), ("transfer", moved)):
        cases.move(
            house.organisation.id, drawer.case.id, move, details, by=house.staff["zhou"].pk, post_role="group_cc_supervisor"
            if move == "transfer" else "unit_liaison", unit="JT" if move == "transfer" else "CY", at=timezone.now() - timedelta(hours=1),
        )  # fmt: skip
    client = world.browser("qian")
    kept = ("/warnings", "/scores?period=all", "/overview/list?figure=due", f"/warnings/{drawer.warning}")
    for address in (*kept, "/cases?state=all", f"/search?q={SHARED}"):
        assert "魑氏家中" not in client.get(address).content.decode(), address
    assert drawer.case.number in client.get("/scores?period=all").content.decode()
    assert client.get(f"/cases/{drawer.case.number}").status_code == 404
