"""Identifiers that sort by the moment they were made."""

import secrets
import uuid
from datetime import datetime


def new_id(at: datetime) -> uuid.UUID:
    """A new identifier in the layout of RFC 9562 version 7: 48 bits of milliseconds since 1970, then 74 random bits.

    at: an aware moment, handed in. Raises ValueError for a moment without a time zone or before 1970.
    """
    if at.tzinfo is None:
        raise ValueError(f"Found the moment {at.isoformat()} without a time zone, expected an aware one. Give it a zone.")
    milliseconds = int(at.timestamp() * 1000)
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError(f"Found the moment {at.isoformat()}, expected one from 1970 on. Mend the clock or the import.")
    version, variant = 0x7 << 76, 0b10 << 62
    return uuid.UUID(int=milliseconds << 80 | version | secrets.randbits(12) << 64 | variant | secrets.randbits(62))


def read_id(text: object) -> uuid.UUID | None:
    """The identifier that the text is, however it is written; None for any other text."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
