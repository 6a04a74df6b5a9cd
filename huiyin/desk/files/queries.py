"""Reads of files' bytes. Who may have them is asked before, by the room that the file belongs to."""

from __future__ import annotations

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


def checked() -> tuple[int, list[tuple[UUID, UUID]]]:
    """How many files are kept, and organisation and id of every one whose bytes are not those that were kept; none in a database of before
    there was this table. The database does the reckoning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('files_kept') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return 0, []
        cursor.execute(
            "SELECT organisation_id, id FROM files_kept WHERE encode(sha256(data), 'hex') <> sha256 OR octet_length(data) <> size"
        )
        unlike = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM files_kept")
        return cursor.fetchone()[0], unlike
