"""Every write about the files of a case: read, kept, looked at, taken away.

Bytes lie in the database with the rest of the case: one transaction, one backup, and they go with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.models import Case
from huiyin.desk.files import actions as keeping
from huiyin.desk.files import queries as kept
from huiyin.desk.files.models import CASE
from huiyin.desk.journal.actions import By, Destroyed, key_of, write_now
from huiyin.desk.keeping.queries import hold_of
from huiyin.plumbing.files import BadFile, called, clean_file_name, kind_of, read_picture
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_OF_A_REASON = 500
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that may be kept: what it is was told by its bytes, a picture was drawn anew, the name is clean."""

    name: str
    kind: str
    data: bytes
    small: bytes
    sent_sha256: str


def prepare(name: str, data: bytes) -> Prepared:
    """A file as it came, made fit to be kept; nothing is stored yet. Raises BadFile, with the file's name in its sentences."""
    try:
        return _prepared(name, data)
    except BadFile as error:
        raise error.named(clean_file_name(name)) from None


def _prepared(name: str, data: bytes) -> Prepared:
    most = settings.ATTACHMENT_MOST_BYTES
    if len(data) > most:
        size = most // _MEGABYTE
        raise BadFile(
            "too_large",
            f"found more than {size} MB, expected at most that; make it smaller or part it",
            f"超过 {size} MB；请缩小或拆分后再传",
        )
    kind, sent = kind_of(data, clean_file_name(name)), hashlib.sha256(data).hexdigest()
    if not kind.picture:
        return Prepared(called(name, kind), kind.mime, data, b"", sent)
    picture = read_picture(data, name, most_bytes=most)
    return Prepared(called(name, kind_of(picture.data, name)), picture.kind, picture.data, picture.small, sent)


@transaction.atomic
def add(
    organisation_id: UUID, case_id: UUID, files: Sequence[Prepared], *, by: By, at: datetime, act: str = "", for_customer: bool = False
) -> list[Attachment]:
    """Keep files with the case, all or none; one that the case has already is not kept twice. Returns them as they are kept.

    ``act`` is what they come with. Raises Case.DoesNotExist, Destroyed, TooMuchToday; BadText where the case would have
    too many or too much.
    """
    case = Case.objects.select_for_update().get(organisation_id=organisation_id, id=case_id)
    if case.destroyed_at is not None:
        raise Destroyed(case_id)
    standing = {
        one.sent_sha256: one for one in Attachment.objects.filter(organisation_id=organisation_id, case_id=case_id, removed_at=None)
    }
    fresh = {one.sent_sha256: one for one in files if one.sent_sha256 not in standing}
    _refuse_too_much(len(standing) + len(fresh), sum(one.size for one in standing.values()) + sum(len(one.data) for one in fresh.values()))
    for place, (sent, one) in enumerate(fresh.items()):
        # An id for each millisecond: they stay in the order in which they were sent.
        key = new_id(at + timedelta(milliseconds=place))
        standing[sent] = _keep(case, key, one, by, at, act, for_customer=for_customer)
    return list({one.sent_sha256: standing[one.sent_sha256] for one in files}.values())


def _refuse_too_much(count: int, size: int) -> None:
    most, most_bytes = settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_MOST_BYTES
    if count > most:
        raise BadText(
            f"found {count} files with those of the case, expected at most {most}; take away what is not needed",
            f"连同已有的共 {count} 个附件，每张工单最多 {most} 个；请先撤下不需要的",
        )
    if size > most_bytes:
        found, limit = size // _MEGABYTE, most_bytes // _MEGABYTE
        raise BadText(
            f"found {found} MB with the files of the case, expected at most {limit} MB; take away what is not needed",
            f"连同已有的附件共 {found} MB，每张工单最多 {limit} MB；请先撤下不需要的",
        )


def _keep(case: Case, key: UUID, one: Prepared, by: By, at: datetime, act: str, *, for_customer: bool) -> Attachment:
    made = Attachment(
        organisation_id=case.organisation_id, id=key, case_id=case.id, name=one.name, kind=one.kind, size=len(one.data),
        sha256=hashlib.sha256(one.data).hexdigest(), sent_sha256=one.sent_sha256, small=bool(one.small), act=act,
        for_customer=for_customer, at=at, by_person=by.person, by_role=by.role,
    )  # fmt: skip
    made.save(force_insert=True)
    keeping.keep(keeping.Owner(case.organisation_id, CASE, case.id), key, one.data, one.small, by=by, at=at)
    _enter(made, "attachments.add", by, at, size=made.size, sha256=made.sha256, act=act)
    return made


@transaction.atomic
def look(attachment: Attachment, *, by: By, at: datetime, program: str = "") -> bytes:
    """The file for somebody who opens it, which is entered. ``program`` names a program that does. Raises Kept.DoesNotExist."""
    found = kept.data_of(attachment.organisation_id, attachment.id)
    _enter(attachment, "attachments.look", by, at, **({"program": program} if program else {}))
    return found


def small_picture(attachment: Attachment) -> bytes:
    """The small picture that stands on the page of the case; empty for what is no picture. Raises Kept.DoesNotExist."""
    return kept.small_of(attachment.organisation_id, attachment.id)


@transaction.atomic
def take_away(attachment: Attachment, why: str, *, by: By, at: datetime) -> Attachment:
    """Take the file away for good: its bytes go, that it was there and why it went stays. Twice is once.

    Raises BadText without a reason, or while the case is under legal hold.
    """
    Case.objects.select_for_update().get(organisation_id=attachment.organisation_id, id=attachment.case_id)
    locked = Attachment.objects.select_for_update().get(organisation_id=attachment.organisation_id, id=attachment.id)
    if locked.removed_at is not None:
        return locked
    if hold_of(locked.organisation_id, locked.case_id) is not None:
        raise BadText("found the case under legal hold, expected none; nothing is taken away from it", "工单在保全中，不能撤下附件")
    said = clean_text(why.strip(), most=MOST_OF_A_REASON, field="reason")
    locked.removed_at, locked.removed_by, locked.removed_why = at, by.person, said
    locked.save(update_fields=["removed_at", "removed_by", "removed_why"])
    keeping.throw_away(locked.organisation_id, locked.id)
    _enter(locked, "attachments.take_away", by, at, reason=said)
    return locked


def _enter(attachment: Attachment, action: str, by: By, at: datetime, **body: object) -> None:
    told = {"attachment": str(attachment.id), "name": attachment.name, **body}
    key = key_of(attachment.organisation_id, attachment.case_id, at)
    write_now(attachment.organisation_id, action, by=by, at=at, subject=f"case:{attachment.case_id}", body=told, key=key)
