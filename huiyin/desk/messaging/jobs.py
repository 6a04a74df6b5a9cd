"""What has to be called again and again for messages: sending."""

from __future__ import annotations

from datetime import datetime

from huiyin.desk.messaging import actions


def send_all(at: datetime) -> int:
    """Send everything that is due; returns how many messages were handed over."""
    return actions.send_due(at)
