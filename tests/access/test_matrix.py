"""Every address × who asks × reading and writing: the table decides, and what is not yours is told like what is not there."""

from __future__ import annotations

import importlib
import json
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from huiyin.config import urls, web
from huiyin.config.health import healthz
from huiyin.desk.people import actions as people
from huiyin.desk.people.access import RIGHTS
from huiyin.faces.console.tests.conftest import CLERK, EARLY, PEOPLE
from huiyin.faces.parts.routes import ANYONE, ROUTES, SIGNED_IN
from tests.access.addresses import Address, every_address, told_to
from tests.access.world import World, undone

CONSOLE, API = every_address("console"), every_address("api")
METHODS = ("get", "post")
ROLES = {login: role for login, (_name, _unit, role) in PEOPLE.items()} | {
    "guest": "unit_liaison", "ruler": "project_manager", "head": "quality_head", "admin": "admin",
    "boss": "admin",
}  # fmt: skip
STRANGERS = ("wang", "guest", "ruler", "boss")
OPEN_TO_PROGRAMS = frozenset({"api:health", "api:description", "api:nothing"})
ODD = (
    "/cases/%00", "/cases?q=%00", "/cases?household=%00", "/cases?after=x", "/cases?after=2026-01-01%7Czz", "/cases?state=all&after=x%7Cy",
    "/cases?unit=NOPE", "/cases?from=9999-12-31&until=9999-12-31", "/cases?from=0001-01-01", "/cases/news?shown=%00", "/search?q=12345%00",
    "/register?unit=NOPE", "/register/household?contact_phone=%00123456789&unit=CY", "/register/similar?story=%00abc&unit=CY",
    "/overview?month=9999-12", "/overview?unit=NOPE", "/overview/list?figure=open&page=x", "/duties?month=0001-01", "/scores?warning=%00",
    "/scores/export?period=9999-12", "/rosters?month=9999-12", "/rosters/day?unit=CY&day=9999-12-31", "/warnings/%00", "/documents/%00",
    "/warnings?page=zz", "/messages?before=zz", "/rulebook/calendar?year=99999999999999999999", "/summaries?period=9999-W53",
    "/circulars?period=9999-12", "/registered/%00", "/cases?q=%27%5C%26%7C%21",
)  # fmt: skip


def ask(client: Client, method: str, address: str, form: Any = None, **more: Any) -> HttpResponse:
    """The answer to one request, which leaves nothing behind."""
    with undone():
        answer: HttpResponse = getattr(client, method)(address, form, **more)
    assert answer.status_code < 500, f"{method} {address} gives {answer.status_code}"
    return answer


def right_of(address: Address) -> str:
    return ROUTES[address.name].right


@pytest.mark.parametrize("login", ["", "gone"])
def test_who_is_nobody_here_gets_the_login_whatever_they_ask(world: World, login: str) -> None:
    client, wrong = world.browser(login), []
    for one in CONSOLE:
        for method in METHODS:
            answer = ask(client, method, one.of(world.drawers["mine"]))
            # Whoever has no secret finds nothing behind the address that holds one.
            shown = right_of(one) == ANYONE and answer.status_code in ((404, 405) if "secret" in one.takes else (200,))
            if not shown and not answer.get("Location", "").startswith("/login"):
                wrong.append((one.name, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("login", ["none", "wang", "guest", "ruler", "li", "sun", "admin"])
def test_a_page_that_a_post_has_no_right_to_is_told_as_none(world: World, login: str) -> None:
    client, wrong = world.browser(login), []
    nothing = ask(client, "get", "/no-such-page")
    for one in (one for one in CONSOLE if right_of(one) not in (ANYONE, SIGNED_IN)):
        if ROLES.get(login, "") in RIGHTS[right_of(one)]:
            continue
        for method in METHODS:
            answer = ask(client, method, one.of(world.drawers["mine"]), told_to(one.name, world.drawers["mine"])[method == "post"])
            if (answer.status_code, answer.content) != (404, nothing.content):
                wrong.append((one.name, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("login", STRANGERS)
def test_a_thing_of_others_is_told_as_one_that_nobody_has(world: World, login: str) -> None:
    client, wrong = world.browser(login), []
    for one in (one for one in CONSOLE if one.names_a_thing):
        for method in METHODS:
            form = told_to(one.name, world.drawers["mine"])[method == "post"]
            theirs, nobodys = (ask(client, method, address, form) for address in (one.of(world.drawers["mine"]), one.of_nobody()))
            same = (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)
            if not same or theirs.status_code not in (404, 405):
                wrong.append((one.name, method, theirs.status_code, nobodys.status_code))
    assert wrong == []


def test_who_has_the_right_gets_every_page(world: World) -> None:
    refused = []
    for one in CONSOLE:
        login = "qian" if right_of(one) in (ANYONE, SIGNED_IN) else _holder(right_of(one))
        client, (query, form) = world.browser(login), told_to(one.name, world.drawers["mine"])
        if (
            one.takes == ("letter",)
            or one.name
            in ("console:post", "console:case-secret", "console:case-secret-file", "console:import-wrong", "console:import-passwords")
            or {"secret", "posting", "upload"} & set(one.takes)
        ):
            # Their things are a single person's, or of whom the rulebook clears; the tests of door, inbox, secrets and imports hold them.
            continue
        answers = [ask(client, "get", one.of(world.drawers["mine"]), query), ask(client, "post", one.of(world.drawers["mine"]), form)]
        if not any(answer.status_code in (200, 302, 422) for answer in answers):
            refused.append((one.name, login, [answer.status_code for answer in answers]))
    assert refused == [], [name for name, *_ in refused]


def _holder(right: str) -> str:
    return next(login for login in ("qian", "zhao", "wu", "zhou", "sun", "zheng", "head", "admin") if ROLES[login] in RIGHTS[right])


@pytest.mark.parametrize("login", ["zhao", "wu"])
def test_no_odd_question_gets_a_fault(world: World, login: str) -> None:
    client = world.browser(login)
    assert {ask(client, "get", address).status_code for address in ODD} <= {200, 302, 404}
    assert ask(client, "post", "/register", {"story": "a\0b", "unit": "CY", "record": "complaint"}).status_code == 404
    assert ask(Client(), "post", "/login", {"username": "a\0b", "password": "x\0"}).status_code == 404


def _send(world: World, one: Address, method: str, address: str, key: str) -> HttpResponse:
    bodies = {"moves": {"move": "accept"}, "duplicates": {"unit": "CY", "words": "水泵房"}}
    body = json.dumps(bodies.get(one.name.partition(":")[2], {})) if method == "post" else None
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "access-0001"} if key else {"Idempotency-Key": "access-0001"}
    kind = {"content_type": "application/json"} if method == "post" else {}
    return ask(world.browser(""), method, address, body, headers=headers, **kind)


def test_a_program_without_a_key_that_holds_is_not_heard(world: World) -> None:
    made, revoked = people.make_api_key(world.drawers["mine"].unit, "停用", ["cases.read"], by=CLERK, at=EARLY)
    people.revoke_api_key(made, by=CLERK, at=EARLY)
    _, powerless = people.make_api_key(world.drawers["mine"].unit, "无权", [], by=CLERK, at=EARLY)
    wrong = []
    for one in (one for one in API if one.name not in OPEN_TO_PROGRAMS):
        for key, refused in (("", 401), ("hy_guessed", 401), (revoked, 401), (powerless, 403)):
            answers = [_send(world, one, method, one.of(world.drawers["mine"]), key).status_code for method in METHODS]
            if not set(answers) <= {refused, 405} or refused not in answers:
                wrong.append((one.name, key[:4], answers))
    assert wrong == []


@pytest.mark.parametrize("drawer", ["theirs", "abroad"])
def test_a_program_is_told_of_others_things_as_of_none(world: World, drawer: str) -> None:
    wrong: list[tuple[Any, ...]] = []
    for one in (one for one in API if one.names_a_thing):
        for method in METHODS:
            mine, key = world.drawers["mine"], world.drawers[drawer].key
            theirs, nobodys = (_send(world, one, method, address, key) for address in (one.of(mine), one.of_nobody()))
            if _told(theirs) != _told(nobodys) or theirs.status_code not in (404, 405):
                wrong.append((one.name, method, _told(theirs), _told(nobodys)))
        found = {_send(world, one, method, one.of(world.drawers["mine"]), world.drawers["mine"].key).status_code for method in METHODS}
        if not found & {200, 409}:
            wrong.append((one.name, "own key", found))
    assert wrong == []


def _told(answer: HttpResponse) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {name: value for name, value in json.loads(answer.content).items() if name != "request_id"}


def test_a_program_reaches_no_case_or_unit_through_the_details_of_a_move(world: World) -> None:
    mine, told = world.drawers["mine"], []
    for details in ({"move": "join", "details": {"into": number}} for number in (_number(world, "theirs"), "TS0001010001", mine.phone)):
        told.append(_move(world, details))
    for unit in ("LY", "NOPE"):
        told.append(_move(world, {"move": "transfer", "details": {"unit": unit, "reason": "不归我们"}}))
    assert told[0] == told[1] == told[2] and told[3] == told[4]
    assert {status for status, _document in told} == {422}


def _number(world: World, drawer: str) -> str:
    return world.drawers[drawer].case.number


def _move(world: World, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {world.drawers['mine'].key}", "Idempotency-Key": "access-0002"}
    address = f"/api/v1/cases/{_number(world, 'mine')}/moves"
    return _told(ask(Client(), "post", address, json.dumps(body), content_type="application/json", headers=headers))


def _planted() -> ModuleType:
    made = ModuleType("planted")
    made.__dict__.update(urlpatterns=[*urls.urlpatterns, path("planted", healthz, name="planted")], handler404=urls.handler404)
    return made


def test_an_address_without_a_row_stops_the_start_up_and_is_not_served(world: World) -> None:
    importlib.reload(web)
    with override_settings(ROOT_URLCONF=_planted()):
        with pytest.raises(SystemCheckError, match=r"parts\.E001"):
            call_command("check")
        with pytest.raises(SystemCheckError, match="planted"):
            importlib.reload(web)
        assert ask(world.browser("zhao"), "get", "/planted").status_code == 404
