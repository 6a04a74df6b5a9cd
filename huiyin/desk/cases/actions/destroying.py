"""Destroying the personal data of a case after the longest time of keeping, by two different persons. The journal is never touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.records import Retention
from huiyin.desk.cases.models import Case, Destruction, Secret
from huiyin.desk.facts.queries import House, load_cases
from huiyin.desk.journal.actions import By, write_now
from huiyin.plumbing.text import clean_text
from huiyin.rulebook.load import regulation

MOST_OF_A_REASON = 500
ENDED = ("closed", "archived", "void")
_EMPTIED: dict[str, object] = {
    "contact_name": "", "contact_phone": "", "title": "", "story": "", "wish": "", "place": "", "household_code": "",
    "household_id": None, "resident_id": None, "external_numbers": {}, "secrets": [],
}  # fmt: skip
"""The columns of a case that say who it was; number, unit, classes, moments and everything reckoned stay."""


def last_day(case: Case) -> tuple[date, tuple[str, ...]]:
    """The last day on which the case has to be kept, and the clauses that say so: the longest of its regulations counts (X15).

    Raises BadText where it is kept for good, or where one of its regulations names no time: no period means no deletion.
    """
    with connection.cursor() as cursor:
        past = load_cases(cursor, House.of(case.organisation_id), [case.id]).get(str(case.id))
    kept: Mapping[str, Retention] = past.known.kept if past else {}
    by_prefix: dict[str, list[Retention]] = {}
    for one in kept.values():
        by_prefix.setdefault(one.key.partition(":")[0], []).append(one)
    for stem in case.editions:
        of = regulation(stem)
        if of.prefix not in by_prefix:
            raise BadText(
                f"found no time of keeping of {of.prefix} for case {case.number}, expected one; without a time nothing is destroyed",
                f"工单{case.number}受“{of.title[0]}”约束，该制度没有规定保存期限，不得销毁",
            )
    forever = next((one for of in by_prefix.values() for one in of if one.until is None), None)
    if forever is not None:
        raise BadText(
            f"found {forever.clause} for case {case.number}: kept for good; it is not destroyed",
            f"{forever.clause}：工单{case.number}须长期保存，不得销毁",
        )
    ends = [(one.until, one.clause) for of in by_prefix.values() for one in of if one.until is not None]
    if not ends:
        said = f"found no regulation on case {case.number}, expected a time of keeping; without one nothing is destroyed"
        raise BadText(said, f"工单{case.number}没有保存期限，不得销毁")
    return max(ends)[0], tuple(sorted({clause for _day, clause in ends}))


def _check_over(case: Case, at: datetime) -> tuple[date, tuple[str, ...]]:
    until, clauses = last_day(case)
    if in_shanghai(at).date() <= until:
        raise BadText(
            f"found case {case.number} to be kept until {until} ({', '.join(clauses)}), expected a later day; wait until then",
            f"{'、'.join(clauses)}：工单{case.number}须保存至{until}，期满前不得销毁",
        )
    if case.status not in ENDED:
        raise BadText(f"found case {case.number} still open, expected it closed; close it first", f"工单{case.number}尚未办结，不得销毁")
    return until, clauses


@transaction.atomic
def propose_destruction(organisation_id: UUID, case_id: UUID, reason: str, *, by: By, at: datetime) -> Destruction:
    """Put the case on the list of what is to be destroyed. Raises BadText before its time, without a reason or person, or a second time."""
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
    """Sign as the second person, and empty everything on the case that says who it was.

    Raises BadText for the one who proposed it, for what is not on the list or destroyed already, and where a time of keeping has become
    longer since. The journal and the facts stay as they are, so that its proof holds.
    """
    case = Case.objects.select_for_update().get(organisation_id=organisation_id, id=case_id)
    found = Destruction.objects.select_for_update().filter(organisation_id=organisation_id, case_id=case_id, signed_at=None).first()
    if found is None:
        text = f"found case {case.number} not waiting for a signature; look at the list"
        raise BadText(text, f"工单{case.number}不在待签署的销毁清单上")
    if by.person is None or by.person == found.proposed_by:
        text = "found the same person twice, expected another one; let somebody else sign"
        raise BadText(text, "提出人和签署人不能是同一人；请由另一人签署")
    _check_over(case, at)
    Case.objects.filter(organisation_id=organisation_id, id=case_id).update(**_EMPTIED, version=case.version + 1)
    Secret.objects.filter(organisation_id=organisation_id, case_id=case_id).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET search = ''::tsvector WHERE organisation_id = %s AND id = %s", [organisation_id, case_id])
    found.signed_by, found.signed_at = by.person, at
    found.save(update_fields=["signed_by", "signed_at"])
    body = {"number": case.number, "emptied": sorted(_EMPTIED)}
    write_now(organisation_id, "cases.destroy", by=by, at=at, subject=f"case:{case_id}", clauses=found.clauses, body=body)
    return found
