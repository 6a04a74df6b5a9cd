"""What has to be called again and again for messages: sending."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from huiyin.desk.messaging import actions

A_ROUND: Final = 20
"""So many parcels, then the clock is read anew: a slow provider must not date them all by the first one's moment."""


def send_all(at: datetime, channel: str) -> int:
    """Send what is due by the channel, a round of it; returns how many messages were handed over."""
    return actions.send_due(at, most=A_ROUND, only=channel)
