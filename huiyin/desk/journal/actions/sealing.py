"""Putting seals: links of a chain over entries that were written."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huiyin.desk.journal import digest

SEAL_AT_MOST = 5000
# An arbitrary number that keeps our advisory locks apart from those of others.
_LOCK_SPACE = 0x4A4E


def seal(organisation_id: UUID, at: datetime, most: int = SEAL_AT_MOST) -> int:
    """Put the next link on the organisation's chain, over up to ``most`` entries that no link covers; returns how
    many it covers.

    Sealers wait for each other; writers of entries wait for nobody.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, str(organisation_id)])
        entries = _take_unsealed(cursor, organisation_id, most)
        if entries:
            _link(cursor, organisation_id, at, entries)
    return len(entries)


def _take_unsealed(cursor: Any, organisation_id: UUID, most: int) -> list[tuple[UUID, bytes]]:
    cursor.execute(
        "WITH waiting AS (SELECT organisation_id, entry_id FROM journal_unsealed WHERE organisation_id = %s ORDER "
        "BY entry_id LIMIT %s), "
        "taken AS (DELETE FROM journal_unsealed u USING waiting w "
        "WHERE u.organisation_id = w.organisation_id AND u.entry_id = w.entry_id RETURNING u.organisation_id, "
        "u.entry_id) "
        "SELECT e.id, e.digest FROM taken t JOIN journal_entry e ON e.organisation_id = t.organisation_id AND e.id "
        "= t.entry_id "
        "ORDER BY e.id",
        [organisation_id, most],
    )
    return [(entry_id, bytes(value)) for entry_id, value in cursor.fetchall()]


def _link(cursor: Any, organisation_id: UUID, at: datetime, entries: list[tuple[UUID, bytes]]) -> None:
    cursor.execute(
        "SELECT number, digest FROM journal_seal WHERE organisation_id = %s ORDER BY number DESC LIMIT 1",
        [organisation_id],
    )
    last, previous = cursor.fetchone() or (0, digest.FIRST)
    made = digest.of_seal(organisation_id, last + 1, at, bytes(previous), entries)
    cursor.execute(
        "INSERT INTO journal_seal (organisation_id, number, sealed_at, entries, marks, previous, digest) VALUES "
        "(%s, %s, %s, %s, %s, %s, %s)",
        [
            organisation_id,
            last + 1,
            at,
            [key for key, _ in entries],
            digest.marks(d for _, d in entries),
            bytes(previous),
            made,
        ],
    )
