"""What keys for programs may be allowed to do, in words, and how their texts are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from huiyin.core.moments import BadText
from huiyin.desk.people.models import ApiKey
from huiyin.plumbing.text import clean_text

SCOPES: Final[Mapping[str, tuple[str, str]]] = {
    "handover": ("呼叫中心转办：登记工单并派到单位", "hand over complaints from a call centre: registered and dispatched to their unit"),
    "messages": ("转入其他系统的来件（短信、在线服务）", "deliver messages of customers from other systems (SMS, online service)"),
    "cases.write": ("登记工单、办理工单", "register cases and move them"),
    "cases.read": ("查看工单、时限和疑似重复", "read cases, clocks and duplicates"),
    "warnings.read": ("查看预警", "read warnings"),
    "units.read": ("查看单位", "read the units"),
    "duties.read": ("查看报送事项和时限", "read duties and their time limits"),
}
"""Everything that a key may be allowed to do, in Chinese and English."""
ROLE_SCOPE: Final = "role:"
"""Begins the scopes that say in which roles of the regulations a key acts."""
_MOST_NAME = 60
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def digest_of(key: str) -> bytes:
    """What is kept of the text of a key: its SHA-256, 32 bytes."""
    return hashlib.sha256(key.encode()).digest()


def note_use(key: ApiKey, at: datetime) -> None:
    """Keep that the key was used, once a minute: a write at each request would cost more than it tells."""
    if key.last_used_at is None or at - key.last_used_at >= _USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


def unused_name(organisation_id: UUID, name: str) -> str:
    """The cleaned name for a new key. Raises BadText for one that a key in use has, or BadText (of plumbing) for none or a long one."""
    name = clean_text(name, most=_MOST_NAME, field="name")
    if ApiKey.objects.filter(organisation_id=organisation_id, name=name, revoked_at=None).exists():
        raise BadText(
            f"found the name {name!r}, which a key in use has, expected another; choose one, or revoke that key first",
            f"已有名为“{name}”的密钥；请换一个名称，或先停用原密钥",
        )
    return name
