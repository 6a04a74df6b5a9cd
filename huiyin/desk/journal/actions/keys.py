"""The keys of what people said: one for each case. Thrown away, the entries stay and prove; their words are gone.

A row of ``journal_key`` outlives its key and says when, by whom and under which clauses it was thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huiyin.core.moments import BadText
from huiyin.plumbing import cipher
from huiyin.plumbing.rows import Rows, Table

UNDER, HIDDEN = "under", "hidden"
_COLUMNS: Final = (("organisation_id", "uuid"), ("about_id", "uuid"), ("key", "bytea"), ("made_at", "timestamptz"))
# Every column keeps its first value: of two that make a key at once the second takes the first one's.
KEYS = Table("journal_key", _COLUMNS, ("organisation_id", "about_id"), frozenset(name for name, _ in _COLUMNS))


class Destroyed(BadText):
    """Words about something whose key was thrown away: nobody could ever be rid of them again."""

    def __init__(self, about: UUID) -> None:
        super().__init__(
            f"found words about {about}, whose words were destroyed, expected nothing more to be said there; register a new case",
            "这张工单的个人信息已经销毁，不能再写入内容；请另行登记新工单",
        )


@dataclass(frozen=True, slots=True)
class Key:
    """The key under which the words about something (a case) are kept. It never shows in a log."""

    about: UUID
    secret: bytes = field(repr=False)

    def hidden(self, body: Mapping[str, Any], organisation_id: UUID, entry_id: UUID) -> dict[str, str]:
        """The body of an entry as it is kept under the key: it opens as that entry of that organisation only."""
        return {UNDER: str(self.about), HIDDEN: cipher.hide(body, self.secret, organisation_id.bytes + entry_id.bytes)}

    def shown(self, body: Mapping[str, str], organisation_id: UUID, entry_id: UUID) -> dict[str, Any]:
        """The body that ``hidden`` hid. Raises cipher.WrongKey."""
        found: dict[str, Any] = cipher.show(body[HIDDEN], self.secret, organisation_id.bytes + entry_id.bytes)
        return found


def is_hidden(body: Mapping[str, Any]) -> bool:
    """Whether the body of an entry is kept under a key. Entries written before there were keys are not."""
    return body.keys() == {UNDER, HIDDEN}


def new_key(rows: Rows, organisation_id: UUID, about: UUID, at: datetime) -> Key:
    """A key for something that begins now, collected with the other rows of the action."""
    made = Key(about, cipher.new_key())
    rows.put(KEYS, {"organisation_id": organisation_id, "about_id": about, "key": made.secret, "made_at": at})
    return made


def key_of(organisation_id: UUID, about: UUID, at: datetime) -> Key:
    """The key of something, made now where there is none yet, in the open transaction. Raises Destroyed where it was thrown away."""
    with connection.cursor() as cursor:
        found = _read(cursor, organisation_id, about)
        if found is None:
            rows = Rows()
            new_key(rows, organisation_id, about, at)
            rows.flush(cursor)
            found = _read(cursor, organisation_id, about)
    if found is None or found[0] is None:
        raise Destroyed(about)
    return Key(about, bytes(found[0]))


def _read(cursor: Any, organisation_id: UUID, about: UUID) -> tuple[Any] | None:
    cursor.execute("SELECT key FROM journal_key WHERE organisation_id = %s AND about_id = %s", [organisation_id, about])
    found: tuple[Any] | None = cursor.fetchone()
    return found


def thrown_away(organisation_id: UUID, about: UUID, *, by: UUID | None, at: datetime, clauses: Sequence[str]) -> bool:
    """Throw the key away; its row says so from now on, also where there was no key yet. False if it was gone already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_key AS k (organisation_id, about_id, key, made_at, destroyed_at, destroyed_by, clauses) "
            "VALUES (%(organisation)s, %(about)s, NULL, %(at)s, %(at)s, %(by)s, to_jsonb(%(clauses)s::text[])) "
            "ON CONFLICT (organisation_id, about_id) DO UPDATE SET key = NULL, destroyed_at = EXCLUDED.destroyed_at, "
            "destroyed_by = EXCLUDED.destroyed_by, clauses = EXCLUDED.clauses WHERE k.key IS NOT NULL",
            {"organisation": organisation_id, "about": about, "by": by, "at": at, "clauses": list(clauses)},
        )
        return int(cursor.rowcount) > 0
