"""Destroying what people said of a case after the longest time of keeping, by two different persons.

Everything that says who it was goes, in every room (``config/forgetting.py`` lists them); the key of the case's entries in the journal is
thrown away, so that these hold as proof and nobody reads them. Numbers, classes, moments and everything reckoned stay.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.cases.actions.lasting import last_day, refuse_needed
from huiyin.desk.cases.models import Case, Destruction
from huiyin.desk.facts.actions import lock, subject_of_case
from huiyin.desk.facts.actions.forgetting import Forgotten, forget
from huiyin.desk.journal.actions import By, shred, write_now
from huiyin.plumbing.text import clean_text

MOST_OF_A_REASON = 500
ENDED = ("closed", "archived", "void")


def _check_over(case: Case, at: datetime) -> tuple[date, tuple[str, ...]]:
    if case.destroyed_at is not None:
        raise BadText(f"found case {case.number} destroyed already; nothing is left to do", f"工单{case.number}已销毁")
    today = in_shanghai(at).date()
    refuse_needed(case, today)
    until, clauses = last_day(case)
    if today <= until:
        raise BadText(
            f"found case {case.number} to be kept until {until} ({', '.join(clauses)}), expected a later day; wait until then",
            f"{'、'.join(clauses)}：工单{case.number}须保存至{until}，期满前不得销毁",
        )
    if case.status not in ENDED:
        raise BadText(f"found case {case.number} still open, expected it closed; close it first", f"工单{case.number}尚未办结，不得销毁")
    return until, clauses


@transaction.atomic
def propose_destruction(organisation_id: UUID, case_id: UUID, reason: str, *, by: By, at: datetime) -> Destruction:
    """Put the case on the list of what is to be destroyed. Raises BadText before its time, while it is held, without a reason or person,
    or a second time."""
    case = Case.objects.select_for_update().get(organisation_id=organisation_id, id=case_id)
    until, clauses = _check_over(case, at)
    said = clean_text(reason, most=MOST_OF_A_REASON, field="reason")
    if not said or by.person is None:
        raise BadText("found no reason or no person, expected both; say why", "请填写销毁理由")
    if Destruction.objects.filter(organisation_id=organisation_id, case_id=case_id).exists():
        text = f"found case {case.number} on the list already; let somebody else sign"
        raise BadText(text, f"工单{case.number}已在销毁清单上，请由另一人签署")
    made = Destruction(
        organisation_id=organisation_id, case_id=case_id, unit_code=case.unit_code, reason=said, clauses=list(clauses), until_on=until,
        proposed_by=by.person, proposed_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    body = {"number": case.number, "reason": said, "until": until.isoformat()}
    write_now(organisation_id, "cases.propose_destruction", by=by, at=at, subject=f"case:{case_id}", clauses=clauses, body=body)
    return made


@transaction.atomic
def destroy(organisation_id: UUID, case_id: UUID, *, by: By, at: datetime) -> Destruction:
    """Sign as the second person, and destroy everything that says who it was: for good, in one transaction.

    Raises BadText for the one who proposed it, for what is not on the list or destroyed already, while it is held, and where a time of
    keeping has become longer since.
    """
    with connection.cursor() as cursor:
        lock(cursor, [subject_of_case(organisation_id, str(case_id))])
    case = Case.objects.select_for_update().get(organisation_id=organisation_id, id=case_id)
    found = Destruction.objects.select_for_update().filter(organisation_id=organisation_id, case_id=case_id, signed_at=None).first()
    if found is None:
        text = f"found case {case.number} not waiting for a signature; look at the list"
        raise BadText(text, f"工单{case.number}不在待签署的销毁清单上")
    if by.person is None or by.person == found.proposed_by:
        text = "found the same person twice, expected another one; let somebody else sign"
        raise BadText(text, "提出人和签署人不能是同一人；请由另一人签署")
    _check_over(case, at)
    found.signed_by, found.signed_at = by.person, at
    found.save(update_fields=["signed_by", "signed_at"])
    with connection.cursor() as cursor:
        matters = forget(cursor, Forgotten(organisation_id, case_id, case.number, at))
    for about in (case_id, *matters):
        shred(organisation_id, about, by=by, at=at, clauses=found.clauses)
    body = {"number": case.number, "proposed_by": found.proposed_by}
    write_now(organisation_id, "cases.destroy", by=by, at=at, subject=f"case:{case_id}", clauses=found.clauses, body=body)
    return found
