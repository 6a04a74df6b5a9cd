"""Short messages: registered texts only, signed as the provider's documentation says, one number at a time."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from huiyin.channels.sms import CHANNEL
from huiyin.channels.sms.aliyun import signed
from huiyin.channels.sms.texts import LONGEST_VALUE, ONE_MESSAGE, REFUSED_WORDS, TEXTS, TRIAL, choose, length
from huiyin.core.moments import BadText
from huiyin.desk.messaging.actions import Parcel, Refused, Saying, Sent, TryAgain
from huiyin.plumbing.outgoing.tests.partners import Asked, partner

AT = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)
REALISTIC = {
    "number": "TS2505210037", "unit": "翠园一期服务中心", "record": "投诉", "level": "蓝色", "duty": "客服信息平台问题周汇总",
}  # fmt: skip
SETTINGS = {
    "provider": "aliyun", "address": "", "signature": "翠园物业", "access_key_id": "testId", "access_key_secret": "testSecret",
    "code_S13": "SMS_13", "code_S15": "SMS_15", "code_S19": "SMS_19", "code_S00": "SMS_00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.INSIDE = ["127.0.0.1"]


def _parcel(topic: str = "case.dispatched", address: str = "+8613800138000", at: datetime = AT, **changed: str) -> Parcel:
    saying = Saying(topic, "", "", {"number": "TS2602020001", "unit": "翠园一期", "record": "投诉"})
    return Parcel("n>sms:wang", "翠园集团", address, "zh-hans", at, (saying,), {**SETTINGS, **changed})


def test_the_signature_is_that_of_the_documentation() -> None:
    """The example of Aliyun's documentation of SendSms (HTTP protocol and signature)."""
    params = {
        "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0", "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z", "Version": "2017-05-25",
    }  # fmt: skip
    assert signed(params, "testSecret", "GET").startswith("Signature=zJDF%2BLrzhj%2FThnlvIToysFRq6t4%3D&AccessKeyId=testId&")


@pytest.mark.parametrize("text", [TRIAL, *TEXTS], ids=lambda text: text.name)
def test_every_text_is_one_message_and_no_gateway_refuses_it(text: Any) -> None:
    values = text.values(REALISTIC)
    assert values is not None and length(text, values, "翠园物业服务") <= ONE_MESSAGE
    assert not any(word in text.words for word in REFUSED_WORDS)
    assert len(set(text.variables)) == len(text.variables) and "}${" not in text.words
    assert not set(text.variables) & {"name", "room", "phone", "summary", "story", "place"}


def test_the_text_that_is_registered_and_has_its_values_is_taken() -> None:
    codes = {"S13": "a", "S15": "b", "S19": "c"}
    told = {"number": "TS1", "unit": "翠园", "record": "投诉"}
    chosen = {level: choose("rule", {**told, "level": level}, codes) for level in ("blue", "yellow", "")}
    assert [one and one[0].name for one in chosen.values()] == ["S15", "S19", "S19"]
    assert choose("rule", {"unit": "翠园"}, codes) is None
    assert choose("rule", told, {}) is None


def test_who_brought_a_case_gets_only_what_is_made_for_them() -> None:
    told = {"number": "TS1", "unit": "翠园", "record": "投诉"}
    assert choose("customer.accepted", told, {"S13": "a", "S19": "c", "S15": "b"}) is None
    found = choose("customer.accepted", told, {"S01": "x", "S19": "c"})
    assert found and found[0].filled(found[1], "0755-12345678") == "您反映的投诉（翠园）已受理，单号TS1。查询请致电0755-12345678。"
    CHANNEL.check({**SETTINGS, "code_S01": "SMS_1", "hotline": "0755-26001234"})


def test_values_are_cut_and_cleaned() -> None:
    found = choose("rule", {"number": "【" + "长" * 40, "unit": "翠园"}, {"S19": "c"})
    assert found and len(found[1]["number"]) <= LONGEST_VALUE and "【" not in found[1]["number"]


def test_aliyun_is_asked_once_for_one_number_and_no_secret_goes_along() -> None:
    with partner(lambda _: (200, {}, b'{"Code":"OK","Message":"OK","BizId":"900619746936498440^0"}')) as (address, asked):
        outcome = CHANNEL.send(_at(address))
    assert outcome == Sent("900619746936498440^0")
    said = {name: values[0] for name, values in parse_qs(asked[0][2].decode(), strict_parsing=True).items()}
    assert (said["PhoneNumbers"], said["TemplateCode"], said["SignName"]) == ("13800138000", "SMS_13", "翠园物业")
    assert json.loads(said["TemplateParam"]) == {"record": "投诉", "number": "TS2602020001", "unit": "翠园一期"}
    assert "testSecret" not in asked[0][2].decode() and "testSecret" not in str(asked[0][1])
    signature = said.pop("Signature")
    assert signed(said, "testSecret", "POST").startswith(
        f"Signature={signature.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}"
    )


def _at(gateway: str, at: datetime = AT, **changed: str) -> Parcel:
    made = _parcel(at=at, **changed)
    return Parcel(made.key, made.house, made.address, made.language, at, made.sayings, {**made.settings, "address": gateway})


def test_a_second_try_has_the_same_out_id_and_another_nonce() -> None:
    with partner(lambda _: (500, {}, b"")) as (address, asked):
        for hour in (1, 2):
            assert isinstance(CHANNEL.send(_at(address, at=AT.replace(hour=hour))), TryAgain)
    first, second = (parse_qs(one[2].decode()) for one in asked)
    assert first["OutId"] == second["OutId"] and first["SignatureNonce"] != second["SignatureNonce"]


@pytest.mark.parametrize(
    "status, code, kind",
    [
        (200, "isv.MOBILE_NUMBER_ILLEGAL", Refused),
        (200, "isv.BUSINESS_LIMIT_CONTROL", TryAgain),
        (200, "isv.AMOUNT_NOT_ENOUGH", TryAgain),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", TryAgain),
        (400, "SignatureDoesNotMatch", TryAgain),
        (200, "isp.SYSTEM_ERROR", TryAgain),
        (503, "", TryAgain),
        (302, "", TryAgain),
    ],
)
def test_what_aliyun_says_decides(status: int, code: str, kind: type) -> None:
    with partner(lambda _: (status, {}, json.dumps({"Code": code, "Message": "m"}).encode())) as (address, _asked):
        outcome = CHANNEL.send(_at(address))
    assert isinstance(outcome, kind) and code in getattr(outcome, "why", "")


@pytest.mark.parametrize("said", [b"", b"<html>", b'{"Code": ["OK"]}', b'{"Code": null}', b"[1]"])
def test_garbage_means_again(said: bytes) -> None:
    with partner(lambda _: (200, {}, said)) as (address, _asked):
        assert isinstance(CHANNEL.send(_at(address)), TryAgain)


def test_a_cut_line_means_again() -> None:
    with partner(lambda _: None) as (address, asked):
        assert isinstance(CHANNEL.send(_at(address)), TryAgain)
    assert len(asked) == 1


def test_another_gateway_can_prove_who_asks_and_tell_doubles() -> None:
    def gateway(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        _path, headers, body = asked
        proof = hmac.new(b"testSecret", headers["Huiyin-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
        return (200 if headers["Huiyin-Signature"] == f"sha256={proof}" else 401), {}, b'{"reference": "R7"}'

    with partner(gateway) as (address, asked):
        assert CHANNEL.send(_at(address, provider="webhook")) == Sent("R7")
        assert CHANNEL.send(_at(address, provider="webhook", at=AT.replace(hour=9))) == Sent("R7")
        assert isinstance(CHANNEL.send(_at(address, provider="webhook", access_key_secret="another")), Sent) is False
    assert len({headers["Idempotency-Key"] for _path, headers, _body in asked}) == 1
    said = json.loads(asked[0][2])
    assert (said["to"], said["template"]) == ("+8613800138000", "SMS_13")
    assert said["text"] == "新投诉单TS2602020001（翠园一期），请按时限接单并联系。请登录系统办理。"


@pytest.mark.parametrize(
    "status, kind", [(202, Sent), (409, Sent), (400, Refused), (422, Refused), (401, TryAgain), (429, TryAgain), (502, TryAgain)]
)
def test_what_another_gateway_says_decides(status: int, kind: type) -> None:
    with partner(lambda _: (status, {}, b"")) as (address, _asked):
        assert isinstance(CHANNEL.send(_at(address, provider="webhook")), kind)


@pytest.mark.parametrize("number", ["", "110", "+862161234567", "4008208888", "+85291234567", "13800138000,13800138001"])
def test_only_mobiles_get_a_message(number: str) -> None:
    assert isinstance(CHANNEL.send(_parcel(address=number)), Refused)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_S01": "SMS_1"}, {"code_S05": "SMS_5", "hotline": "13800138000"}, {"provider": "pigeon"}, {"signature": ""},
        {"signature": "【翠园】"}, {"signature": "长" * 17}, {"access_key_id": ""},
        {"provider": "webhook", "address": ""}, {"address": "http://sms.example.com"}, {"address": "https://a:b@sms.example.com"},
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadText):
        CHANNEL.check({**SETTINGS, **wrong})
