"""Every write of a file's bytes: kept within what a person may send in a day, and thrown away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from huiyin.core.moments import BadText, closing_of, in_shanghai
from huiyin.desk.files import queries
from huiyin.desk.files.models import Kept
from huiyin.desk.journal.actions import By

_MEGABYTE = 1024 * 1024


class TooMuchToday(BadText):
    """More than a person may send in a day. ``seconds`` is how long the day still lasts."""

    def __init__(self, en: str, zh: str, seconds: int) -> None:
        super().__init__(f"{en}; send the rest tomorrow, or ask the administrator for more", f"{zh}；其余请明天再传，或请管理员调高上限")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Owner:
    """What a file belongs to: one of ``OWNERS`` and its id."""

    organisation_id: UUID
    of: str
    id: UUID


def keep(owner: Owner, key: UUID, data: bytes, small: bytes = b"", *, by: By, at: datetime) -> Kept:
    """Keep a file under the id ``key``, in the transaction that is open. Raises TooMuchToday."""
    _wait_for_others(owner.organisation_id, by)
    refuse_too_much(owner.organisation_id, 1, len(data), by=by, at=at)
    made = Kept(
        organisation_id=owner.organisation_id, id=key, of=owner.of, of_id=owner.id, size=len(data), sha256=hashlib.sha256(data).hexdigest(),
        at=at, by_person=by.person, by_role=by.role, data=data, small=small,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def refuse_too_much(organisation_id: UUID, count: int, size: int, *, by: By, at: datetime) -> None:
    """Refuse so many files of so many bytes in all, if the person, or the role that acts without one, has sent too much today with them.

    Asked before pictures are drawn, it spares the drawing. Raises TooMuchToday.
    """
    sent, sent_bytes = queries.sent_today(organisation_id, by, at)
    most, most_bytes = settings.PERSON_FILES_A_DAY, settings.PERSON_BYTES_A_DAY
    seconds = int((closing_of(in_shanghai(at).date()) - at).total_seconds()) + 1
    if sent + count > most:
        found = sent + count
        raise TooMuchToday(
            f"found {found} files sent today with these, expected at most {most} a day",
            f"连同这次，您今天共上传 {found} 个文件，每天最多 {most} 个",
            seconds,
        )
    if sent_bytes + size > most_bytes:
        found, limit = -(-(sent_bytes + size) // _MEGABYTE), most_bytes // _MEGABYTE
        raise TooMuchToday(
            f"found {found} MB sent today with these, expected at most {limit} MB a day",
            f"连同这次，您今天共上传 {found} MB，每天最多 {limit} MB",
            seconds,
        )


def _wait_for_others(organisation_id: UUID, by: By) -> None:
    """Two requests of one person are counted one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files:{organisation_id}:{by.person or by.role}"])


def throw_away(organisation_id: UUID, key: UUID) -> None:
    """Remove the bytes for good. What is told of the file elsewhere stays. Raises Kept.DoesNotExist."""
    gone, _by_table = Kept.objects.filter(organisation_id=organisation_id, id=key).delete()
    if not gone:
        raise Kept.DoesNotExist
