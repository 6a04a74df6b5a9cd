"""Any other gateway: one POST of JSON over HTTPS, signed with a secret that both sides know."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from datetime import UTC, timedelta
from typing import Final

from huiyin.desk.messaging.actions import Outcome, Parcel, Refused, Sent, TryAgain
from huiyin.plumbing.outgoing import post

BUSY: Final = timedelta(minutes=5)
_NOT_NOW: Final = frozenset({401, 403, 404, 407, 408, 425, 429})
"""Statuses that say nothing about the number: a wrong secret or address, or too many at once."""


def send(parcel: Parcel, template: str, values: Mapping[str, str], words: str, inside: Collection[str]) -> Outcome:
    """Post the message. ``Idempotency-Key`` is the same at every try: the gateway sends what it has sent under it no second time.

    Taken: 200, 202, or 409 for a key that was sent before. Never: any other 4xx. All else is tried again.
    Raises Unreachable and BadHost as ``post``.
    """
    chosen, key, at = parcel.settings, parcel.key, parcel.at
    name = hashlib.sha256(key.encode()).hexdigest()[:40]
    said = {"id": name, "to": parcel.address, "signature": chosen["signature"], "template": template, "values": dict(values), "text": words}
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    proof = hmac.new(chosen["access_key_secret"].encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": name,
        "Huiyin-Timestamp": stamp,
        "Huiyin-Signature": f"sha256={proof}",
    }
    answer = post(chosen["address"], body, headers, inside)
    why = f"answer: {answer.status} {' '.join(answer.text.split())[:200]}"
    if answer.status in (200, 202, 409):
        return Sent(str(answer.told().get("reference", "")))
    if answer.status in _NOT_NOW:
        return TryAgain(why, after=BUSY)
    return Refused(why) if 400 <= answer.status < 500 else TryAgain(why)
