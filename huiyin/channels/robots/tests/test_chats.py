"""Robots of chat groups: addresses of their makers only, posts signed as the makers say, answers read as they mean."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.translation import override

from huiyin.channels.robots import DINGTALK, FEISHU, WECOM
from huiyin.channels.robots.chats import Chat
from huiyin.core.moments import BadText
from huiyin.desk.messaging.actions import Refused, Sent, TryAgain
from huiyin.plumbing.outgoing.tests.partners import Asked, partner

AT = datetime(2026, 2, 2, 0, 3, tzinfo=UTC)
PATHS = {WECOM: "/cgi-bin/webhook/send?key=k1", DINGTALK: "/robot/send?access_token=t1", FEISHU: "/open-apis/bot/v2/hook/h1"}
EVERY = pytest.mark.parametrize("chat", [WECOM, DINGTALK, FEISHU], ids=["wecom", "dingtalk", "feishu"])


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.INSIDE = ["127.0.0.1"]


def _post(chat: Chat, secret: str, answer: dict[str, Any], status: int = 200, text: str = "待办 3") -> tuple[Any, Asked]:
    with partner(lambda _asked: (status, {}, json.dumps(answer).encode())) as (address, asked):
        outcome = chat.send(address + PATHS[chat], secret, text, AT)
    return outcome, asked[0]


def test_wecom_takes_a_plain_text() -> None:
    outcome, (path, headers, body) = _post(WECOM, "", {"errcode": 0, "errmsg": "ok"})
    assert outcome == Sent() and path == PATHS[WECOM] and headers["Content-Type"].startswith("application/json")
    assert json.loads(body) == {"msgtype": "text", "text": {"content": "待办 3"}}


def test_dingtalk_is_signed_in_the_address_with_stamp_and_secret() -> None:
    outcome, (path, _headers, body) = _post(DINGTALK, "SEC123", {"errcode": 0})
    query = parse_qs(urlsplit(path).query)
    stamp = str(int(AT.timestamp() * 1000))
    proof = hmac.new(b"SEC123", f"{stamp}\nSEC123".encode(), hashlib.sha256).digest()
    assert outcome == Sent() and query["timestamp"] == [stamp] and query["access_token"] == ["t1"]
    assert b64decode(query["sign"][0]) == proof
    assert json.loads(body)["text"]["content"] == "待办 3"


def test_feishu_is_signed_in_the_body_by_stamp_and_secret_over_nothing() -> None:
    outcome, (_path, _headers, body) = _post(FEISHU, "s3", {"code": 0, "msg": "success"})
    said, stamp = json.loads(body), str(int(AT.timestamp()))
    proof = hmac.new(f"{stamp}\ns3".encode(), b"", hashlib.sha256).digest()
    assert outcome == Sent() and said["timestamp"] == stamp and b64decode(said["sign"]) == proof
    assert said["msg_type"] == "text" and said["content"] == {"text": "待办 3"}
    assert "sign" not in json.loads(_post(FEISHU, "", {"code": 0})[1][2])


@EVERY
def test_a_long_text_is_cut_to_what_the_robot_takes(chat: Chat) -> None:
    body = json.loads(_post(chat, "", {"errcode": 0, "code": 0}, text="长" * 9000)[1][2])
    content = (body.get("text") or body.get("content"))["content" if "text" in body else "text"]
    assert len(content) <= chat.most and (chat is not WECOM or len(content.encode()) <= 2048)


@EVERY
def test_what_the_maker_refuses_is_refused_and_what_passes_is_tried_again(chat: Chat) -> None:
    refused = _post(chat, "", {"errcode": 310000, "code": 19021, "errmsg": "sign not match"})[0]
    assert isinstance(refused, Refused)
    busy = next(iter(chat.busy))
    again = _post(chat, "", {"errcode": busy} if chat is not FEISHU else {"code": busy})[0]
    assert isinstance(again, TryAgain) and again.after is not None
    assert isinstance(_post(chat, "", {}, status=502)[0], TryAgain)
    assert isinstance(chat.send("http://127.0.0.1:9" + PATHS[chat], "", "x", AT), TryAgain)


@EVERY
def test_an_address_of_somebody_else_is_no_robot(chat: Chat, settings: Any) -> None:
    settings.INSIDE = []
    chat.check(chat.example.replace("…", "abc"), "")
    for wrong in (
        "https://evil.example/cgi-bin/webhook/send?key=1",
        chat.example.replace("https", "http"),
        "https://qyapi.weixin.qq.com/x",
        "",
    ):
        with pytest.raises(BadText, match="expected one such as"):
            chat.check(wrong, "")


def test_wecom_has_no_secret() -> None:
    with pytest.raises(BadText, match="only their address"):
        WECOM.check(WECOM.example.replace("…", "abc"), "SEC")


def test_a_chat_is_the_same_in_every_language() -> None:
    with override("en"):
        assert PATHS[WECOM].startswith(WECOM.path)
