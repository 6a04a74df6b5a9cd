"""Whoever is disabled, loses a post or changes it is refused at the next request, in the session that was open before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Post
from huiyin.faces.api import keys
from huiyin.faces.console.tests.conftest import CLERK
from tests.access.world import SHARED, World


def test_who_is_disabled_is_nobody_at_the_next_request(world: World) -> None:
    client, address = world.browser("zhao"), f"/cases/{world.drawers['mine'].case.number}"
    assert client.get(address).status_code == 200
    people.disable_staff(world.people["zhao"], by=CLERK, at=timezone.now())
    assert client.get(address)["Location"].startswith("/login")
    assert client.post(f"{address}/moves/accept")["Location"] == "/login"


def test_who_has_lost_the_post_finds_nothing_at_the_next_request(world: World) -> None:
    client, number = world.browser("zhao"), world.drawers["mine"].case.number
    assert client.get(f"/cases/{number}").status_code == 200
    people.end_post(_post(world, "zhao"), timezone.localdate() - timedelta(days=1), by=CLERK, at=timezone.now())
    nothing = client.get("/no-such-page")
    for address in (f"/cases/{number}", "/cases", f"/warnings/{world.drawers['mine'].warning}", "/register", "/scores/export"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert client.post(f"/cases/{number}/moves/accept").status_code == 404
    for address in ("/", "/messages", f"/search?q={SHARED}"):
        assert number not in client.get(address).content.decode(), address


def test_who_has_moved_to_another_project_sees_that_one_alone(world: World) -> None:
    client = world.browser("zhao")
    client.post("/post", {"post": str(_post(world, "zhao").pk)})
    today = timezone.localdate()
    people.end_post(_post(world, "zhao"), today - timedelta(days=1), by=CLERK, at=timezone.now())
    people.give_post(world.people["zhao"], world.house.units["LY"], "unit_liaison", today, by=CLERK, at=timezone.now())
    mine, theirs = world.drawers["mine"], world.drawers["theirs"]
    assert client.get(f"/cases/{mine.case.number}").status_code == 404
    assert client.get(f"/cases/{theirs.case.number}").status_code == 200
    for address in ("/cases?state=all", "/messages", "/warnings", "/"):
        page = client.get(address).content.decode()
        assert "魑" not in page and mine.case.number not in page, address


def test_a_post_below_takes_the_rights_of_the_one_above(world: World) -> None:
    client, today = world.browser("qian"), timezone.localdate()
    assert client.get("/scores/export").status_code == 200
    people.end_post(_post(world, "qian"), today - timedelta(days=1), by=CLERK, at=timezone.now())
    people.give_post(world.people["qian"], world.house.units["CY"], "handler", today, by=CLERK, at=timezone.now())
    assert {client.get(address).status_code for address in ("/scores/export", "/register", "/duties")} == {404}
    assert client.get(f"/cases/{world.drawers['mine'].case.number}").status_code == 200


def test_another_password_ends_the_sessions_before_it(world: World) -> None:
    client = world.browser("zhao")
    people.set_password(world.people["zhao"], "tests-only-8420", by=CLERK, at=timezone.now())
    assert client.get("/cases")["Location"].startswith("/login")


def test_a_key_that_is_revoked_is_not_heard_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SEEN_FOR_SECONDS", 0)
    made, text = people.make_api_key(world.drawers["mine"].unit, "程序", ["cases.read"], by=CLERK, at=timezone.now())
    client = world.browser("")
    said = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/cases", headers=said).status_code == 200
    people.revoke_api_key(made, by=CLERK, at=timezone.now())
    assert client.get("/api/v1/cases", headers=said).status_code == 401


def _post(world: World, login: str) -> Post:
    return world.people[login].posts.get(until_on=None)
