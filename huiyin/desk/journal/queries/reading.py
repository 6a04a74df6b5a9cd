"""Reading entries: what is kept under a key is opened; where the key was thrown away, that is said in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huiyin.desk.journal.actions.keys import UNDER, Key, is_hidden
from huiyin.desk.journal.models import Entry
from huiyin.desk.journal.models import Key as Row

DESTROYED: Final = "destroyed"


class KeyMissing(LookupError):
    """An entry is kept under a key of which not even the row is there."""


@dataclass(slots=True)
class Ring:
    """The keys of an organisation as far as they were asked for; of those thrown away when, by whom and under which clauses."""

    organisation_id: UUID
    found: dict[UUID, Row] = field(default_factory=dict)

    def fetch(self, bodies: Iterable[Mapping[str, Any]]) -> None:
        """Read the keys under which these bodies are kept, in one query."""
        wanted = {UUID(body[UNDER]) for body in bodies if is_hidden(body)} - self.found.keys()
        if wanted:
            rows = Row.objects.filter(organisation_id=self.organisation_id, about_id__in=wanted)
            self.found |= {row.about_id: row for row in rows}

    def opened(self, entry_id: UUID, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The body as it was written; of a destroyed one {"destroyed": {"at", "by", "clauses"}}.

        Raises KeyMissing where there is no row for its key, cipher.WrongKey where the key does not open it.
        """
        if not is_hidden(body):
            return body
        about = UUID(body[UNDER])
        if about not in self.found:
            self.fetch([body])
        row = self.found.get(about)
        if row is None:
            raise KeyMissing(str(about))
        if row.key is None:
            at = row.destroyed_at.isoformat() if row.destroyed_at else ""
            return {DESTROYED: {"at": at, "by": str(row.destroyed_by or ""), "clauses": row.clauses}}
        return Key(about, bytes(row.key)).shown(body, self.organisation_id, entry_id)

    def lost(self) -> UUID | None:
        """A key that is gone though the journal says nothing of it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT about_id FROM journal_key k WHERE organisation_id = %s AND key IS NULL AND NOT EXISTS ("
                "SELECT 1 FROM journal_entry e WHERE e.organisation_id = k.organisation_id AND e.subject = 'key:' || k.about_id "
                "AND e.action = 'journal.shred') ORDER BY 1 LIMIT 1",
                [self.organisation_id],
            )
            found = cursor.fetchone()
        return found[0] if found else None


def is_destroyed(body: Mapping[str, Any]) -> bool:
    """Whether a body that was opened tells only that its words are destroyed."""
    return body.keys() == {DESTROYED}


def entries_of(organisation_id: UUID, subject: str, most: int = 200) -> list[Entry]:
    """The entries about one thing ("case:…"), the latest first, their bodies opened (see ``Ring.opened``, also for what it raises)."""
    found = list(Entry.objects.filter(organisation_id=organisation_id, subject=subject).order_by("-id")[:most])
    ring = Ring(organisation_id)
    ring.fetch(one.body for one in found)
    for one in found:
        one.body = dict(ring.opened(one.id, one.body))
    return found
