"""The channel: its settings, which registered text says a message, and the gateway that sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.channels.sms import aliyun, webhook
from huiyin.channels.sms.texts import HOTLINE, TEXTS, TRIAL, choose
from huiyin.core.moments import BadText
from huiyin.desk.messaging.actions import Field, Outcome, Parcel, Refused, Saying, TryAgain
from huiyin.plumbing.outgoing import BadHost, Unreachable, read_address
from huiyin.plumbing.phones import MOBILE, BadPhone, read_phones

_SIGNATURE: Final = range(2, 17)
_CODE: Final = "code_"


def _codes(chosen: Mapping[str, str]) -> Mapping[str, str]:
    return {name.removeprefix(_CODE): code for name, code in chosen.items() if name.startswith(_CODE) and code}


class ShortMessages:
    """Short messages, one text each: gateways take only texts that were registered before."""

    label: Any = _("短信")
    reach: Literal["email", "mobile"] = "mobile"
    together: int = 1
    fields: tuple[Field, ...] = (
        Field(
            "provider",
            _("服务商"),
            kind="choice",
            choices=(("aliyun", _("阿里云短信服务")), ("webhook", _("其他网关（HTTPS 接口）"))),
            needed=True,
            default="aliyun",
            leads=True,
        ),
        Field("address", _("网关地址"), _("阿里云可不填；其他网关必填，以 https:// 开头"), leads=True),
        Field("signature", _("短信签名"), _("已报备的签名，2至16个字，不带【】"), needed=True),
        Field("access_key_id", _("AccessKey ID"), _("阿里云必填；建议使用只有短信权限的子账号")),
        Field("access_key_secret", _("AccessKey Secret 或共享密钥"), kind="secret", needed=True),
        Field("hotline", _("服务热线"), _("写进短信的查询电话，只能是400、座机或服务号码")),
        *(Field(f"{_CODE}{one.name}", format_lazy("{} {}", one.name, _("模板编号")), one.words) for one in (TRIAL, *TEXTS)),
    )

    def check(self, chosen: Mapping[str, str]) -> None:
        """Raises BadText for settings that no gateway has."""
        if chosen["provider"] not in ("aliyun", "webhook"):
            raise BadText("found another provider, expected aliyun or webhook; choose one", "请选择短信服务商")
        if chosen["provider"] == "aliyun" and not chosen["access_key_id"]:
            raise BadText("found no access key id, expected Aliyun's; type it", "阿里云须填写 AccessKey ID")
        if len(chosen["signature"]) not in _SIGNATURE or set("【】") & set(chosen["signature"]):
            raise BadText(
                f"found the signature {chosen['signature'][:40]!r}, expected 2 to 16 characters without brackets; correct it",
                "短信签名应为2至16个字，不带【】",
            )
        if any(chosen.get(f"{_CODE}{one.name}") for one in TEXTS if HOTLINE in one.words):
            _refuse_mobile(chosen.get("hotline", ""))
        if chosen["provider"] == "webhook" or chosen["address"]:
            try:
                read_address(chosen["address"], settings.INSIDE)
            except BadHost as error:
                raise BadText(f"{error}; correct it", "网关地址应以 https:// 开头，且不含账号密码") from error

    def takes(self, topic: str, params: Mapping[str, Any], chosen: Mapping[str, str]) -> bool:
        """Whether a registered text says the message."""
        return choose(topic, params, _codes(chosen)) is not None

    def trial(self, _language: str) -> Saying:
        """The message of an administrator who tries the settings."""
        return Saying("trial", "", "", {"number": "TEST0001"})

    def send(self, parcel: Parcel) -> Outcome:
        """Send one registered text. Nobody outside of mainland China, and no landline, is sent one."""
        chosen = parcel.settings
        if not chosen:
            return TryAgain("not set up")
        if not MOBILE.fullmatch(parcel.address.removeprefix("+86")):
            return Refused("no address")
        saying, codes = parcel.sayings[0], _codes(chosen)
        found = choose(saying.topic, saying.params or {}, codes)
        if found is None:
            return Refused("no text")
        text, values = found
        try:
            if chosen["provider"] == "aliyun":
                return aliyun.send(parcel, codes[text.name], values, settings.INSIDE)
            return webhook.send(parcel, codes[text.name], values, text.filled(values, chosen.get("hotline", "")), settings.INSIDE)
        except BadHost as error:
            return TryAgain(f"inside: {error}")
        except Unreachable as error:
            return TryAgain(f"not reached: {error}")


def _refuse_mobile(hotline: str) -> None:
    try:
        found = read_phones(hotline)
    except BadPhone:
        found = ()
    if len(found) != 1 or MOBILE.fullmatch(found[0].number.removeprefix("+86")):
        raise BadText(
            f"found the service number {hotline[:40]!r}, expected one landline or 400 number, never a mobile; correct it",
            "发出的短信须写一个服务热线：400号码、座机或服务号码，不能用个人手机",
        )


CHANNEL: Final = ShortMessages()
