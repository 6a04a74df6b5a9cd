"""What an entry and a seal are worth: SHA-256 over all their columns, written in one way only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

FIRST = bytes(32)
"""What stands in the place of the seal before the first one."""
MARK_BYTES = 8
"""So much of each entry's digest is kept in its seal: enough to name the entry that was altered; the seal's digest
covers it whole.
"""


def plain(value: Any) -> Any:
    """``value`` as JSON that the database gives back as it was: moments in UTC, numbers with a point and ids as text.

    Raises TypeError for what has no such form.
    """
    if isinstance(value, str):
        # PostgreSQL keeps neither NUL nor half a character in JSON.
        return value if value.isascii() and "\x00" not in value else value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (date, UUID, Decimal, float)):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(plain(one) for one in value)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [plain(one) for one in value]
    raise TypeError(
        f"cannot keep {type(value).__name__} in the journal; give text, a number, a moment, a day, an id, or lists and maps of these"
    )


def moment(at: datetime) -> str:
    """An aware moment in UTC with microseconds. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"found the moment {at} without a zone, expected an aware one; hand in a moment with its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def of_entry(row: Mapping[str, Any]) -> bytes:
    """The digest of an entry: 32 bytes over its columns, ``digest`` left out. Its ``body`` is JSON already, as the database keeps it."""
    columns = {name: value if name == "body" else plain(value) for name, value in row.items() if name != "digest"}
    return hashlib.sha256(json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).digest()


def of_seal(organisation_id: UUID, number: int, sealed_at: datetime, previous: bytes, entries: Iterable[tuple[UUID, bytes]]) -> bytes:
    """The digest of a seal: 32 bytes over its place in the chain, the seal before it, and each entry's id and digest
    in order.
    """
    made = hashlib.sha256(previous + number.to_bytes(8, "big") + organisation_id.bytes + moment(sealed_at).encode())
    for entry_id, digest in entries:
        made.update(entry_id.bytes + digest)
    return made.digest()


def marks(digests: Iterable[bytes]) -> bytes:
    """The beginnings of the digests, one after the other, as a seal keeps them."""
    return b"".join(digest[:MARK_BYTES] for digest in digests)
