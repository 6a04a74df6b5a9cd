"""WeCom, DingTalk and Feishu: where their robots live, how a post to one is signed, and what its answer means.

By the makers' own descriptions of custom group robots. An address holds its key, so it is kept sealed like a secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote_plus

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.core.moments import BadText
from huiyin.desk.messaging.actions import Outcome, Refused, Sent, TryAgain
from huiyin.plumbing.outgoing import BadHost, Unreachable, is_inside, post, read_address
from huiyin.plumbing.text import cut_text

TOO_OFTEN: Final = timedelta(minutes=10)
"""After too many posts a robot hears nothing for so long."""


# One object each: its label reads otherwise in another language, and would count as another chat.
@dataclass(frozen=True, slots=True, eq=False)
class Chat:
    """One maker's robots. ``hosts`` and ``path`` are where they live; ``signed``: a post may be signed with a secret; ``asked`` makes
    the address and the body of a post from address, secret, text and moment; ``busy`` are the maker's numbers for too many posts, ``most``
    the characters of a text that it takes."""

    label: Any
    hosts: frozenset[str]
    path: str
    signed: bool
    asked: Callable[[str, str, str, datetime], tuple[str, Mapping[str, Any]]]
    busy: Collection[int]
    most: int
    example: str

    def check(self, address: str, secret: str) -> None:
        """Raises BadText for an address that is no robot's of this maker, or a secret where none is used."""
        try:
            parts = read_address(address, settings.INSIDE)
        except BadHost as error:
            raise self._no_address() from error
        ours = (parts.hostname in self.hosts and parts.scheme == "https") or is_inside(parts.hostname or "", settings.INSIDE)
        if not ours or not parts.path.startswith(self.path):
            raise self._no_address()
        if secret and not self.signed:
            raise BadText("found a secret, expected none: this maker's robots have only their address", "这种机器人没有加签密钥；请留空")

    def _no_address(self) -> BadText:
        return BadText(
            f"found another address, expected one such as {self.example}; copy it from the robot's settings",
            f"机器人地址不对，应类似 {self.example}；请从群机器人设置中复制",
        )

    def send(self, address: str, secret: str, text: str, at: datetime) -> Outcome:
        """Post the text to the robot's group; returns what became of it."""
        url, said = self.asked(address, secret, cut_text(text, self.most), at)
        body = json.dumps(said, ensure_ascii=False).encode()
        try:
            answer = post(url, body, {"Content-Type": "application/json; charset=utf-8"}, settings.INSIDE)
        except BadHost as error:
            return TryAgain(f"inside: {error}")
        except Unreachable as error:
            return TryAgain(f"not reached: {error}")
        told = answer.told()
        number = told.get("errcode", told.get("code", told.get("StatusCode")))
        if answer.status == 200 and number == 0:
            return Sent()
        why = f"answer: {answer.status} {number} {' '.join(str(told.get('errmsg') or told.get('msg') or '').split())[:200]}"
        if number in self.busy:
            return TryAgain(why, after=TOO_OFTEN)
        return TryAgain(why) if answer.status >= 500 or number is None else Refused(why)


def _signed_in_address(address: str, secret: str, text: str, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """DingTalk signs in the address, the secret being the key; WeCom's robots have no secret."""
    if secret:
        stamp = str(int(at.timestamp() * 1000))
        proof = quote_plus(_hmac(secret, f"{stamp}\n{secret}"))
        address = f"{address}&timestamp={stamp}&sign={proof}"
    return address, {"msgtype": "text", "text": {"content": text}}


def _signed_in_body(address: str, secret: str, text: str, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """Feishu signs in the body, stamp and secret being the key, over nothing."""
    said: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(at.timestamp()))
        said |= {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{secret}", "")}
    return address, said


def _hmac(key: str, text: str) -> str:
    return b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


WECOM: Final = Chat(
    _("企业微信"), frozenset({"qyapi.weixin.qq.com"}), "/cgi-bin/webhook/send", False, _signed_in_address, (45009,), 600,
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
)  # fmt: skip
DINGTALK: Final = Chat(
    _("钉钉"), frozenset({"oapi.dingtalk.com"}), "/robot/send", True, _signed_in_address, (130101, 410100), 2000,
    "https://oapi.dingtalk.com/robot/send?access_token=…",
)  # fmt: skip
FEISHU: Final = Chat(
    _("飞书"), frozenset({"open.feishu.cn", "open.larksuite.com"}), "/open-apis/bot/v2/hook/", True, _signed_in_body, (9499, 11232), 4000,
    "https://open.feishu.cn/open-apis/bot/v2/hook/…",
)  # fmt: skip
