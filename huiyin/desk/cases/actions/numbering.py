"""Numbers of cases: issued in blocks, each claimed by one transaction, so that nobody waits for another one's commit.

A number that was claimed by a transaction which was taken back is free again and is the next to be given; no number is given twice. What
is left of a day's last block was never given: the free numbers stay in the table as the proof of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from huiyin.plumbing.prepared import prepared_cursor

BLOCK, LARGEST_BLOCK = 32, 256
"""How many numbers a block has, at least and at most: while one is issued all wait, so a busy day has larger ones."""
_CLAIM = """
DELETE FROM cases_numberslot WHERE organisation_id = %(organisation)s AND type = %(type)s AND day_on = %(day)s AND number = (
    SELECT number FROM cases_numberslot WHERE organisation_id = %(organisation)s AND type = %(type)s AND day_on = %(day)s
    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING number
"""
_LOCK = """
INSERT INTO cases_numbersequence AS s (organisation_id, type, day_on, last) VALUES (%(organisation)s, %(type)s, %(day)s, 0)
ON CONFLICT (organisation_id, type, day_on) DO UPDATE SET last = s.last RETURNING last
"""
_ISSUE = """
WITH moved AS (
    UPDATE cases_numbersequence SET last = last + %(block)s
    WHERE organisation_id = %(organisation)s AND type = %(type)s AND day_on = %(day)s RETURNING last
)
INSERT INTO cases_numberslot (organisation_id, type, day_on, number)
SELECT %(organisation)s, %(type)s, %(day)s, number FROM moved, generate_series(moved.last - %(block)s + 2, moved.last) AS number
"""


def next_number(organisation_id: UUID, kind: str, day: date) -> str:
    """The next number of the day, as TS2505210037."""
    params = {"organisation": organisation_id, "type": kind, "day": day}
    with prepared_cursor() as cursor:
        number = _claimed(cursor, params) or _issued(cursor, params)
    return f"{kind}{day:%y%m%d}{number:04d}"


def _claimed(cursor: Any, params: dict[str, Any]) -> int | None:
    """The lowest free number that nobody else is taking, or None."""
    cursor.execute(_CLAIM, params)
    row = cursor.fetchone()
    return int(row[0]) if row else None


def _issued(cursor: Any, params: dict[str, Any]) -> int:
    """A number of a new block. Whoever comes meanwhile waits, and then finds the block."""
    cursor.execute(_LOCK, params)
    last = int(cursor.fetchone()[0])
    found = _claimed(cursor, params)
    if found is not None:
        return found
    cursor.execute(_ISSUE, {**params, "block": block_after(last)})
    return last + 1


def block_after(last: int) -> int:
    """How many numbers are issued together on a day that has had so many: a quarter more."""
    return min(LARGEST_BLOCK, max(BLOCK, last // 4))
