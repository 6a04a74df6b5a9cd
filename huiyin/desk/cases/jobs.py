"""What has to be called again and again for cases: reminding of limits that are nearly over."""

from __future__ import annotations

from datetime import datetime

from huiyin.desk.cases.actions.reminding import AT_MOST, remind


def remind_of_limits(now: datetime) -> int:
    """Remind of every limit of which a fifth is left; returns how many limits that were."""
    reminded = found = remind(now)
    while found == AT_MOST:
        found = remind(now)
        reminded += found
    return reminded
