"""Legal hold (保全): the case is not destroyed, whatever its times of keeping, until somebody with the same right lets it go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.cases.models import Case, LegalHold
from huiyin.desk.journal.actions import By, key_of, write_now
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_OF_A_REASON = 1000


@transaction.atomic
def preserve(organisation_id: UUID, case_id: UUID, reason: str, *, by: By, at: datetime) -> LegalHold:
    """Keep the case from being destroyed. Raises Case.DoesNotExist, BadText without a reason or person, for one held or destroyed."""
    case = Case.objects.select_for_update().get(organisation_id=organisation_id, id=case_id)
    if case.destroyed_at is not None:
        raise BadText(f"found case {case.number} destroyed, expected one that is kept", f"工单{case.number}已销毁，不能再保全")
    if LegalHold.objects.filter(organisation_id=organisation_id, case_id=case_id, released_at=None).exists():
        raise BadText(f"found case {case.number} under legal hold already; nothing has to be done", f"工单{case.number}已在保全中")
    said, person = _said(reason, by)
    made = LegalHold(
        organisation_id=organisation_id, id=new_id(at), case_id=case_id, unit_code=case.unit_code, reason=said, placed_by=person,
        placed_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    _enter(case, "cases.preserve", said, by, at)
    return made


@transaction.atomic
def release(organisation_id: UUID, case_id: UUID, reason: str, *, by: By, at: datetime) -> LegalHold:
    """Let the case go again. Raises Case.DoesNotExist, BadText without a reason or person, or for a case that is not held."""
    case = Case.objects.select_for_update().get(organisation_id=organisation_id, id=case_id)
    held = LegalHold.objects.select_for_update().filter(organisation_id=organisation_id, case_id=case_id, released_at=None).first()
    if held is None:
        raise BadText(f"found case {case.number} not under legal hold; look at the list", f"工单{case.number}不在保全中")
    held.release_reason, held.released_by = _said(reason, by)
    held.released_at = at
    held.save(update_fields=["release_reason", "released_by", "released_at"])
    _enter(case, "cases.release", held.release_reason, by, at)
    return held


def _said(reason: str, by: By) -> tuple[str, UUID]:
    said = clean_text(reason, most=MOST_OF_A_REASON, field="reason")
    if not said or by.person is None:
        raise BadText("found no reason or no person, expected both; say why", "请填写理由")
    return said, by.person


def _enter(case: Case, action: str, said: str, by: By, at: datetime) -> None:
    body, key = {"number": case.number, "reason": said}, key_of(case.organisation_id, case.id, at)
    write_now(case.organisation_id, action, by=by, at=at, subject=f"case:{case.id}", body=body, key=key)
