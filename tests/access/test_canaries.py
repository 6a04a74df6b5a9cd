"""Texts planted in each drawer: whatever the people and programs of one open, nothing of another stands in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.cases import actions as cases
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from tests.access.addresses import every_address
from tests.access.crawl import begin, pages
from tests.access.world import SHARED, World, text_of

INSIDE = (("zhao", "mine"), ("qian", "mine"), ("wang", "theirs"), ("ruler", "abroad"))


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
    steps: tuple[tuple[str, dict[str, str], str, str], ...] = (
        ("accept", {}, "unit_liaison", "CY"),
        ("transfer", {"unit": "LY", "reason": "地点在绿洲花园"}, "group_cc_supervisor", "JT"),
    )
    for move, details, role, unit in steps:
        at = timezone.now() - timedelta(hours=1)
        cases.move(house.organisation.id, drawer.case.id, move, details, by=house.staff["zhou"].pk, post_role=role, unit=unit, at=at)
    client = world.browser("qian")
    kept = ("/warnings", "/scores?period=all", "/overview/list?figure=due", f"/warnings/{drawer.warning}")
    for address in (*kept, "/cases?state=all", f"/search?q={SHARED}"):
        assert "魑氏家中" not in client.get(address).content.decode(), address
    assert drawer.case.number in client.get("/scores?period=all").content.decode()
    assert client.get(f"/cases/{drawer.case.number}").status_code == 404
