"""The head of a chain: its last seal, to be kept elsewhere; and which chains have entries waiting."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from huiyin.desk.journal import digest
from huiyin.desk.journal.models import Unsealed


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain. Kept elsewhere, it proves later that the chain was neither cut nor written anew."""

    organisation_id: UUID
    number: int
    digest: str
    sealed_at: str

    def as_json(self) -> str:
        """The head as a line of JSON, for a file or a mail."""
        return json.dumps({name: str(value) if name != "number" else value for name, value in asdict(self).items()})

    @classmethod
    def from_json(cls, text: str) -> Head:
        """The head that ``as_json`` wrote. Raises ValueError for anything else."""
        try:
            found = json.loads(text)
            return cls(UUID(found["organisation_id"]), int(found["number"]), str(found["digest"]), str(found["sealed_at"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"found no head of a journal ({error!r}), expected the line that 'huiyin journal head' printed; give that file"
            ) from error


def head(organisation_id: UUID) -> Head | None:
    """The last link of the organisation's chain, None before the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, digest, sealed_at FROM journal_seal WHERE organisation_id = %s ORDER BY number DESC LIMIT 1",
            [organisation_id],
        )
        row = cursor.fetchone()
    return Head(organisation_id, row[0], bytes(row[1]).hex(), digest.moment(row[2])) if row else None


def organisations_waiting() -> list[UUID]:
    """The organisations of which entries wait for a seal."""
    return list(Unsealed.objects.order_by().values_list("organisation_id", flat=True).distinct())


def sealed_until(organisation_id: UUID) -> datetime | None:
    """When the last seal was put, None before the first."""
    last = head(organisation_id)
    return datetime.fromisoformat(last.sealed_at) if last else None
