"""The page of chat groups' robots: put up, tried, off and away; nobody reads an address there again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from huiyin.channels.robots import DINGTALK
from huiyin.desk.messaging.actions import Refused, Sent
from huiyin.desk.robots.models import Robot
from huiyin.faces.console.tests.conftest import House

ADDRESS = DINGTALK.example.replace("…", "t0ken9")
NEW = {
    "unit": "CY",
    "kind": "dingtalk",
    "name": "翠园工作群",
    "address": ADDRESS,
    "secret": "SEC-1!",
    "morning": "on",
    "language": "zh-hans",
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the group is told, which takes it the first time only."""
    said: list[str] = []

    def send(_chat: Any, _address: str, _secret: str, text: str, _at: Any) -> Any:
        said.append(text)
        return Sent() if len(said) == 1 else Refused("answer: 200 310000 sign not match")

    monkeypatch.setattr(type(DINGTALK), "send", send)
    return said


def test_a_robot_is_put_up_tried_turned_off_and_taken_away(house: House, admin: Client, told: list[str]) -> None:
    house.register()
    assert admin.post("/organisation/robots", NEW)["Location"] == "/organisation/robots"
    one = Robot.objects.get()
    page = admin.get("/organisation/robots").content.decode()
    assert "翠园工作群" in page and "已启用" in page and "未结 1" in page and "t0ken9" not in page and "SEC-1!" not in page
    address = f"/organisation/robots/{one.pk}"
    assert "对方已接收" in admin.post(address, {"do": "try"}, follow=True).content.decode() and "未结 1" in told[0]
    assert "sign not match" in admin.post(address, {"do": "try"}, follow=True).content.decode()
    assert "已停用" in admin.post(address, {"do": "off"}, follow=True).content.decode()
    assert admin.post(address, {"do": "dance"}).status_code == 302 and Robot.objects.exists()
    assert "还没有群机器人" in admin.post(address, {"do": "remove"}, follow=True).content.decode()
    assert not Robot.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"address": "https://evil.example/robot/send"}, "机器人地址不对"), ({"morning": ""}, "请选择推送时间"), ({"unit": "NOPE"}, "NOPE")],
)
def test_what_cannot_be_a_robot_is_refused_with_what_is_wrong(house: House, admin: Client, changed: dict[str, str], said: str) -> None:
    answer = admin.post("/organisation/robots", {**NEW, **changed})
    assert answer.status_code == 422 and said in answer.content.decode() and not Robot.objects.exists()


def test_only_who_sets_up_ways_out_comes_here(house: House) -> None:
    assert house.browser("zhao").get("/organisation/robots").status_code == 404
