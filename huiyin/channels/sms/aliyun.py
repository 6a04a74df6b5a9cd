"""Aliyun's short message service: SendSms of 2017-05-25, signed by HMAC-SHA1 as its documentation says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from datetime import UTC, timedelta
from typing import Final
from urllib.parse import quote

from huiyin.desk.messaging.actions import Outcome, Parcel, Refused, Sent, TryAgain
from huiyin.plumbing.outgoing import post

ADDRESS: Final = "https://dysmsapi.aliyuncs.com/"
LIMITED: Final = timedelta(hours=1)
BROKEN: Final = timedelta(minutes=30)
_WRONG_NUMBER: Final = frozenset(
    {"isv.MOBILE_NUMBER_ILLEGAL", "isv.PHONE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT"}
)
_LATER: Final = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"})
_HICCUP: Final = ("isp.", "Throttling", "ServiceUnavailable", "InternalError")


def signed(params: Mapping[str, str], secret: str, method: str) -> str:
    """The query of a call with its signature: parameters in the order of their names, percent-encoded as RFC 3986 says."""
    query = "&".join(f"{_encoded(name)}={_encoded(params[name])}" for name in sorted(params))
    text = f"{method}&{_encoded('/')}&{_encoded(query)}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return f"Signature={_encoded(base64.b64encode(digest).decode())}&{query}"


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def send(parcel: Parcel, template: str, values: Mapping[str, str], inside: Collection[str]) -> Outcome:
    """Ask Aliyun to send one message. Its key goes along as OutId, by which a receipt names it; Aliyun itself drops no doubles.

    Raises Unreachable and BadHost as ``post``.
    """
    chosen, key, at = parcel.settings, parcel.key, parcel.at
    nonce = hashlib.sha256(f"{key} {at.isoformat()}".encode()).hexdigest()[:36]
    params = {
        "AccessKeyId": chosen["access_key_id"],
        "Action": "SendSms",
        "Format": "JSON",
        "OutId": hashlib.sha256(key.encode()).hexdigest()[:32],
        "PhoneNumbers": parcel.address.removeprefix("+86"),
        "RegionId": "cn-hangzhou",
        "SignName": chosen["signature"],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": nonce,
        "SignatureVersion": "1.0",
        "TemplateCode": template,
        "TemplateParam": json.dumps(dict(values), ensure_ascii=False, separators=(",", ":")),
        "Timestamp": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Version": "2017-05-25",
    }
    body = signed(params, chosen["access_key_secret"], "POST").encode()
    answer = post(chosen.get("address") or ADDRESS, body, {"Content-Type": "application/x-www-form-urlencoded"}, inside)
    told = answer.told()
    return _outcome(answer.status, str(told.get("Code", "")), str(told.get("Message", "")), str(told.get("BizId", "")))


def _outcome(status: int, code: str, words: str, reference: str) -> Outcome:
    if status == 200 and code == "OK":
        return Sent(reference)
    why = f"answer: {code or status} {words}"[:300]
    if code in _WRONG_NUMBER:
        return Refused(why)
    if code in _LATER:
        return TryAgain(why, after=LIMITED)
    if not code or code.startswith(_HICCUP) or status >= 500:
        return TryAgain(why)
    # Key, signature, template, balance: an administrator can put it right, and then it leaves.
    return TryAgain(why, after=BROKEN)
