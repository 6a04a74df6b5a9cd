"""The second step in the pages: the login asks for it, one sets it up oneself, an organisation asks it of everybody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.people import actions as people
from huiyin.desk.people.doors import second_step
from huiyin.desk.people.models import SecondStep
from huiyin.desk.people.tests.test_second_step import shown
from huiyin.faces.console.people import door
from huiyin.faces.console.tests.conftest import CLERK, EARLY, PASSWORD, House


def _set_up(browser: Client) -> tuple[str, list[str]]:
    page = browser.get("/second-step").content.decode()
    secret, sealed = re.search(r'id="secret-text">(\w+)<', page), re.search(r'name="sealed" value="([^"]+)"', page)
    assert secret and sealed
    code = shown(secret[1], timezone.now() - timedelta(seconds=30))
    answer = browser.post("/second-step", {"do": "set_up", "sealed": sealed[1], "code": code}).content.decode()
    codes = re.search(r'id="spare-text">([^<]+)<', answer)
    assert codes
    return secret[1], codes[1].split()


@pytest.fixture
def secret(house: House) -> str:
    """The secret on the telephone of 赵对接, who has set the second step up."""
    people.set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    return _set_up(house.browser("zhao"))[0]


def _password(next_page: str = "") -> Client:
    browser = Client()
    answer = browser.post("/login", {"username": "zhao", "password": PASSWORD, "next": next_page})
    assert answer["Location"] == "/login/code"
    return browser


def test_the_password_alone_opens_nothing(house: House, secret: str) -> None:
    browser = _password("/cases?due=overdue")
    assert browser.get("/cases")["Location"].startswith("/login?")
    refused = browser.post("/login/code", {"code": "12345"})
    assert refused.status_code == 422 and "验证码不对" in refused.content.decode()
    assert browser.post("/login/code", {"code": shown(secret, timezone.now())})["Location"] == "/cases?due=overdue"
    assert browser.get("/cases").status_code == 200


def test_a_spare_code_lets_one_in_and_the_page_tells_how_many_are_left(house: House) -> None:
    people.set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    _secret, codes = _set_up(house.browser("zhao"))
    browser = _password()
    assert browser.post("/login/code", {"code": codes[0]}).status_code == 302
    assert "备用码还剩 7 个" in browser.get("/second-step").content.decode()


def test_the_second_step_waits_five_minutes_for_nobody_else(house: House, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/login/code")["Location"] == "/login"
    browser = _password()
    monkeypatch.setattr(door, "WAITS_FOR", timedelta(seconds=-1))
    assert browser.post("/login/code", {"code": shown(secret, timezone.now())})["Location"] == "/login"
    monkeypatch.undo()
    people.set_password(house.staff["zhao"], "another-7391", by=CLERK, at=EARLY)
    assert browser.post("/login/code", {"code": shown(secret, timezone.now())})["Location"] == "/login"


def test_a_wrong_code_keeps_the_secret_that_was_scanned(house: House) -> None:
    browser = house.browser("zhao")
    page = browser.get("/second-step").content.decode()
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    answer = browser.post("/second-step", {"do": "set_up", "sealed": sealed[1], "code": "1"})
    again = answer.content.decode()
    assert answer.status_code == 422 and sealed[1] in again and "验证码不对" in again
    assert 'value="forged"' not in browser.post("/second-step", {"do": "set_up", "sealed": "forged", "code": "1"}).content.decode()
    assert not SecondStep.objects.exists()


def test_one_takes_it_off_with_a_code_only(house: House, secret: str) -> None:
    browser = house.browser("zhao")
    assert browser.post("/second-step", {"do": "off", "code": "12345"}).status_code == 422
    assert browser.post("/second-step", {"do": "off", "code": shown(secret, timezone.now())}).status_code == 302
    assert not SecondStep.objects.exists()


def test_where_it_is_asked_of_everybody_nobody_works_without(house: House, admin: Client) -> None:
    zhao, li = house.browser("zhao"), house.browser("li")
    secret, _codes = _set_up(zhao)
    zhao_elsewhere = house.browser("zhao")
    assert admin.post("/organisation/second-step", {"asked": "1"})["Location"] == "/organisation/staff"
    assert zhao.get("/cases").status_code == 200
    assert li.get("/cases")["Location"] == "/second-step" and admin.get("/organisation/staff")["Location"] == "/second-step"
    assert li.get("/cases", headers={"HX-Request": "true"})["HX-Redirect"] == "/second-step"
    assert "所有人启用" in li.get("/second-step").content.decode()
    assert zhao_elsewhere.get("/cases")["Location"] == "/second-step"
    zhao_elsewhere.post("/second-step", {"do": "prove", "code": shown(secret, timezone.now())})
    assert zhao_elsewhere.get("/cases").status_code == 200
    _set_up(li)
    _set_up(admin)
    assert li.get("/cases").status_code == 200
    assert "其中 3 个已启用" in admin.get("/organisation/staff").content.decode()
    admin.post("/organisation/second-step", {"asked": "0"})
    assert house.browser("wu").get("/cases").status_code == 200


def test_an_administrator_takes_it_off_somebody_else(house: House, secret: str, admin: Client) -> None:
    page = f"/organisation/staff/{house.staff['zhao'].pk}"
    assert "两步验证：已启用" in admin.get(page).content.decode()
    assert admin.post(page, {"do": "second_step_off"}).status_code == 302
    assert second_step.of(house.staff["zhao"]) is None
    assert Client().post("/login", {"username": "zhao", "password": PASSWORD})["Location"] != "/login/code"
    assert admin.post(f"/organisation/staff/{house.staff['admin'].pk}", {"do": "second_step_off"}).status_code == 404
