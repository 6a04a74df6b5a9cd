"""Legal hold (保全): a thing is not destroyed, whatever its times of keeping, until somebody with the same right lets it go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By, key_of, write_now
from huiyin.desk.keeping.kinds import Kind, kind_of
from huiyin.desk.keeping.models import LegalHold
from huiyin.desk.keeping.queries import hold_of
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_OF_A_REASON = 1000


@transaction.atomic
def preserve(organisation_id: UUID, of: str, about_id: UUID, reason: str, *, by: By, at: datetime) -> LegalHold:
    """Keep the thing from being destroyed. Raises BadText without a reason or person, for one that is not here, destroyed, held already,
    or goes with a case."""
    kind = kind_of(of)
    thing = kind.hold(organisation_id, about_id)
    if hold_of(organisation_id, about_id) is not None:
        text = f"found {kind.name[1]} {thing.number} under legal hold already; nothing has to be done"
        raise BadText(text, f"{kind.name[0]}{thing.number}已在保全中")
    said, person = _said(reason, by)
    made = LegalHold(
        organisation_id=organisation_id, id=new_id(at), of=of, about_id=about_id, number=thing.number, register=thing.register,
        unit_code=thing.unit_code, reason=said, placed_by=person, placed_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    _enter(kind, made, "preserve", said, by, at)
    return made


@transaction.atomic
def release(organisation_id: UUID, of: str, about_id: UUID, reason: str, *, by: By, at: datetime) -> LegalHold:
    """Let the thing go again. Raises BadText without a reason or person, or for one that is not held."""
    kind = kind_of(of)
    rows = LegalHold.objects.select_for_update().filter(organisation_id=organisation_id, of=of, about_id=about_id, released_at=None)
    held = rows.first()
    if held is None:
        raise BadText(f"found this {kind.name[1]} not under legal hold; look at the list", f"这一{kind.name[0]}不在保全中；请刷新后再看")
    held.release_reason, held.released_by = _said(reason, by)
    held.released_at = at
    held.save(update_fields=["release_reason", "released_by", "released_at"])
    _enter(kind, held, "release", held.release_reason, by, at)
    return held


def _said(reason: str, by: By) -> tuple[str, UUID]:
    said = clean_text(reason, most=MOST_OF_A_REASON, field="reason")
    if not said or by.person is None:
        raise BadText("found no reason or no person, expected both; say why", "请填写理由")
    return said, by.person


def _enter(kind: Kind, held: LegalHold, act: str, said: str, by: By, at: datetime) -> None:
    body, key = {"number": held.number, "reason": said}, key_of(held.organisation_id, held.about_id, at)
    write_now(held.organisation_id, f"{kind.room}.{act}", by=by, at=at, subject=f"{held.of}:{held.about_id}", body=body, key=key)
