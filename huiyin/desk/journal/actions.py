"""Every write to the journal: entries as they happen, seals that chain them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal import digest
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows, Table

SEAL_AT_MOST = 5000
# An arbitrary number that keeps our advisory locks apart from those of others.
_LOCK_SPACE = 0x4A4E

TABLE = Table(
    "journal_entry",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("action", "text"),
        ("at", "timestamptz"),
        ("entered_at", "timestamptz"),
        ("by_person", "uuid"),
        ("by_role", "text"),
        ("subject", "text"),
        ("clauses", "jsonb"),
        ("body", "jsonb"),
        ("digest", "bytea"),
    ),
)


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: the role, and the person where there is one (the watch and the channels are roles without a person)."""

    role: str
    person: UUID | None = None


def entry_row(
    organisation_id: UUID,
    action: str,
    *,
    by: By,
    at: datetime,
    subject: str = "",
    clauses: Iterable[str] = (),
    body: Mapping[str, Any] | None = None,
    entered_at: datetime | None = None,
) -> dict[str, Any]:
    """The row of an entry for ``rows.put(TABLE, …)``, with a new id and its digest.

    ``action`` is a verb of a room ("cases.dispatch"), ``subject`` what it was done to ("case:…", "unit:…"), ``body``
    what else must be known of it. ``at`` is when it happened, ``entered_at`` when it was entered, if later. Raises
    ValueError for naive moments, TypeError for a body that JSON cannot hold, BadText for names that are too long.
    """
    _refuse_long(action=(action, 80), subject=(subject, 200), role=(by.role, 80))
    row = {
        "organisation_id": organisation_id,
        "id": new_id(entered_at or at),
        "action": action,
        "at": at,
        "entered_at": entered_at or at,
        "by_person": by.person,
        "by_role": by.role,
        "subject": subject,
        "clauses": list(clauses),
        "body": digest.plain(body or {}),
    }
    row["digest"] = digest.of_entry(row)
    return row


def _refuse_long(**texts: tuple[str, int]) -> None:
    for name, (text, most) in texts.items():
        if len(text) > most:
            raise BadText(
                f"found a {name} of {len(text)} characters for the journal, expected at most {most}; shorten it",
                f"日志的 {name} 有 {len(text)} 个字，最多 {most} 个；请缩短",
            )


def write(rows: Rows, organisation_id: UUID, action: str, *, by: By, at: datetime, **more: Any) -> UUID:
    """Collect an entry with the other rows of one action; ``more`` as for ``entry_row``. Returns the entry's id."""
    row = entry_row(organisation_id, action, by=by, at=at, **more)
    rows.put(TABLE, row)
    entry_id: UUID = row["id"]
    return entry_id


def write_now(organisation_id: UUID, action: str, *, by: By, at: datetime, **more: Any) -> UUID:
    """Write an entry at once, in the transaction that is open; for actions that write little. ``more`` as for
    ``entry_row``.
    """
    rows = Rows()
    entry_id = write(rows, organisation_id, action, by=by, at=at, **more)
    with connection.cursor() as cursor:
        rows.flush(cursor)
    return entry_id


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
