"""Writing entries, as they happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.moments import BadText
from huiyin.desk.journal import digest
from huiyin.desk.journal.actions.keys import Key, thrown_away
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.plumbing.rows import Rows, Table

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
    key: Key | None = None,
    entered_at: datetime | None = None,
) -> dict[str, Any]:
    """The row of an entry for ``rows.put(TABLE, …)``, with a new id and its digest.

    ``action`` is a verb of a room ("cases.dispatch"), ``subject`` what it was done to ("case:…", "unit:…"), ``body``
    what else must be known of it; under a ``key`` nobody reads it without that. ``at`` is when it happened,
    ``entered_at`` when it was entered, if later. Raises ValueError for naive moments, TypeError for a body that JSON
    cannot hold, BadText for names that are too long.
    """
    _refuse_long(action=(action, 80), subject=(subject, 200), role=(by.role, 80))
    entry_id = new_id(entered_at or at)
    said = digest.plain(body or {})
    row = {
        "organisation_id": organisation_id,
        "id": entry_id,
        "action": action,
        "at": at,
        "entered_at": entered_at or at,
        "by_person": by.person,
        "by_role": by.role,
        "subject": subject,
        "clauses": list(clauses),
        "body": key.hidden(said, organisation_id, entry_id) if key else said,
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
    with prepared_cursor() as cursor:
        rows.flush(cursor)
    return entry_id


def shred(organisation_id: UUID, about: UUID, *, by: By, at: datetime, clauses: Sequence[str]) -> bool:
    """Throw away the key of something, for good, and enter who did so under which clauses: what was said about it is
    never read again. False if it was gone already.
    """
    if not thrown_away(organisation_id, about, by=by.person, at=at, clauses=clauses):
        return False
    write_now(organisation_id, "journal.shred", by=by, at=at, subject=f"key:{about}", clauses=clauses)
    return True
