"""Reads of files' bytes. Who may have them is asked before, by the room that the file belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Sum

from huiyin.core.moments import in_shanghai, opening_of
from huiyin.desk.files.models import Kept
from huiyin.desk.journal.actions import By


def data_of(organisation_id: UUID, key: UUID) -> bytes:
    """The file. Raises Kept.DoesNotExist where there is none, or none any more."""
    return bytes(Kept.objects.values_list("data", flat=True).get(organisation_id=organisation_id, id=key))


def small_of(organisation_id: UUID, key: UUID) -> bytes:
    """The small picture of the file; empty for what is no picture. Raises Kept.DoesNotExist."""
    return bytes(Kept.objects.values_list("small", flat=True).get(organisation_id=organisation_id, id=key))


def sent_today(organisation_id: UUID, by: By, at: datetime) -> tuple[int, int]:
    """How many files lie here that came on this day from the person, or from the role that acts without one; and their bytes."""
    who = {"by_person": by.person} if by.person else {"by_person": None, "by_role": by.role}
    today = Kept.objects.filter(organisation_id=organisation_id, at__gte=opening_of(in_shanghai(at).date()), at__lte=at, **who)
    found = today.aggregate(count=Count("id"), size=Sum("size"))
    return int(found["count"]), int(found["size"] or 0)


def unlike_their_hashes() -> Iterator[tuple[UUID, UUID]]:
    """Organisation and id of every file whose bytes are not those that were kept; the database does the reckoning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, id FROM files_kept WHERE encode(sha256(data), 'hex') <> sha256 OR octet_length(data) <> size"
        )
        yield from cursor.fetchall()
