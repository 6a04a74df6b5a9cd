"""What has to be called again and again for messages: sending."""

from __future__ import annotations

from datetime import datetime

from huiyin.desk.messaging import actions


def send_next(at: datetime, channel: str) -> int:
    """Send the next parcel that is due by the channel; returns how many messages left with it.

    One only: the lease of each begins at the moment that is handed in, and a slow provider lets minutes pass.
    """
    return actions.send_due(at, most=1, only=channel)
