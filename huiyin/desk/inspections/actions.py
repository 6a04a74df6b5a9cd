"""Every write about inspections: opening, findings found and taken back, what is not counted, closing, rectification.

The points follow from the facts alone; what is kept here beside them are the photos and what is done about each finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from huiyin.core.inspections import CLOSED, FINDING, WITHDRAWN
from huiyin.core.moments import BadText
from huiyin.desk.files import actions as keeping
from huiyin.desk.files import queries as kept
from huiyin.desk.files.models import FINDING as OF_A_FINDING
from huiyin.desk.inspections import queries
from huiyin.desk.inspections.access import INSPECTION
from huiyin.desk.inspections.models import Finding, Photo, Rejection
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.matters.actions import Act, new_name, open_matter, record_step
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import Offer, Subject, find, of_name, of_thing
from huiyin.desk.people.access import Standing
from huiyin.plumbing.files import Picture
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_COUNT: Final = 1000
MOST_PHOTOS: Final = 20


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody found: ``id`` is made by them, so that sending it again makes no second finding; ``at`` is when (None: now)."""

    id: UUID
    clause: str
    count: int = 1
    household: str = ""
    merchant: str = ""
    text: str = ""
    at: datetime | None = None
    told: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    photo: Picture | None = None


def open_inspection(organisation_id: UUID, unit: str, *, standing: Standing, by: By, at: datetime) -> UUID:
    """Begin an inspection of the unit; returns its id. Raises BadText where the post or the unit's regulations know none, Refused."""
    name = new_name(organisation_id, INSPECTION, unit, at)
    subject = of_name(organisation_id, INSPECTION, unit, name, at)
    offer = _offered(subject, standing, at, queries.OPENED)
    act = Act(offer.roles[0], dict(subject.names))
    return open_matter(subject, offer, act, standing=standing, by=by.person, at=at)[0]


def _offered(subject: Subject, standing: Standing, at: datetime, event: str) -> Offer:
    offer = find(subject, standing, at, event)
    if offer is None:
        raise BadText(
            f"found a post that may not do {event} at {subject.unit}, expected one that the regulation gives it to; ask the inspector",
            "按制度，您的岗位不能在该单位办理这一步；请由督导检查人员办理",
        )
    return offer


def _going_on(inspection: Matter, at: datetime) -> Subject:
    """The inspection with its past. Raises BadText for one that has ended."""
    subject = of_thing(inspection.organisation_id, inspection.key, inspection.unit_code, at)
    if queries.closed_at(subject.case) is not None:
        raise BadText(
            f"found the inspection {inspection.name} closed, expected one that goes on; open a new one",
            f"检查 {inspection.name} 已结束，不能再登记或撤回；如有需要请另开一次检查",
        )
    return subject


@transaction.atomic
def record_finding(inspection: Matter, report: Report, *, standing: Standing, by: By, at: datetime) -> Finding:
    """Record a finding with its photo; the same report sent again changes nothing.

    Raises BadText for an inspection that has ended, a clause that is no standard, a count out of bounds; Refused.
    """
    known = Finding.objects.filter(organisation_id=inspection.organisation_id, id=report.id).first()
    if known is not None:
        return _same(known, inspection)
    subject = _going_on(inspection, at)
    _refuse_odd(subject, report, at)
    offer = _offered(subject, standing, at, FINDING)
    made, new = Finding.objects.get_or_create(
        organisation_id=inspection.organisation_id, id=report.id, defaults=_row(inspection, report, by, at)
    )
    if not new:
        return _same(made, inspection)
    details = {**subject.names, **_details(made), "text": made.text}
    record_step(subject, offer, Act(offer.roles[0], details, report.at), standing=standing, by=by.person, at=at)
    if report.photo is not None:
        add_photo(made, report.photo, by=by, at=at)
    return made


def _same(known: Finding, inspection: Matter) -> Finding:
    if known.inspection_id != inspection.id:
        raise BadText(
            f"found a finding {known.id} of another inspection, expected a new one; reload the page and record it again",
            "这条发现已登记在另一次检查里；请刷新页面后重新登记",
        )
    return known


def _refuse_odd(subject: Subject, report: Report, at: datetime) -> None:
    lists = queries.checklists(subject.house, subject.unit, subject.adopted, subject.case, at)
    if not any(one.standard(report.clause) for one in lists):
        raise BadText(
            f"found the clause {report.clause[:40]!r}, expected a standard of the checklist; choose one of these",
            f"“{report.clause[:40]}”不是检查表中的标准；请从检查表中选择",
        )
    if not 1 <= report.count <= MOST_COUNT:
        raise BadText(
            f"found {report.count} occurrences, expected 1 to {MOST_COUNT}; correct the number",
            f"次数“{report.count}”应在 1 至 {MOST_COUNT} 之间；请更正",
        )


def _row(inspection: Matter, report: Report, by: By, at: datetime) -> dict[str, Any]:
    return {
        "inspection_id": inspection.id,
        "unit_code": inspection.unit_code,
        "clause": report.clause,
        "count": report.count,
        "household": _line(report.household, 40, "household"),
        "merchant": _line(report.merchant, 80, "merchant"),
        "text": _line(report.text, 2000, "text"),
        "told": [dict(one) for one in report.told],
        "at": report.at or at,
        "entered_at": at,
        "by_person": by.person,
        "by_role": by.role,
    }


def _line(text: str, most: int, name: str) -> str:
    return clean_text(text.strip(), most=most, field=name) if text.strip() else ""


def _details(finding: Finding) -> dict[str, Any]:
    told = {"clause": finding.clause, "count": finding.count, "household": finding.household, "merchant": finding.merchant}
    return {**told, "finding": str(finding.id)}


@transaction.atomic
def add_photo(finding: Finding, picture: Picture, *, by: By, at: datetime) -> Photo:
    """Keep a picture of the finding. Raises BadText for one too many, TooMuchToday."""
    if Photo.objects.filter(organisation_id=finding.organisation_id, finding_id=finding.id).count() >= MOST_PHOTOS:
        raise BadText(f"found {MOST_PHOTOS} photos already, expected fewer; use those", f"这条发现已有 {MOST_PHOTOS} 张照片，不能再加")
    owner = keeping.Owner(finding.organisation_id, OF_A_FINDING, finding.id)
    file = keeping.keep(owner, new_id(at), picture.data, picture.small, by=by, at=at)
    made = Photo(
        organisation_id=finding.organisation_id, id=file.id, finding_id=finding.id, kind=picture.kind, size=file.size, sha256=file.sha256,
        at=at, by_person=by.person,
    )  # fmt: skip
    made.save(force_insert=True)
    _journal(finding, "inspections.add_photo", by, at, sha256=file.sha256, size=file.size)
    return made


def read_photo(photo: Photo) -> bytes:
    """The picture as it was kept. Raises Kept.DoesNotExist where its bytes were lost."""
    return kept.data_of(photo.organisation_id, photo.id)


@transaction.atomic
def withdraw_finding(inspection: Matter, finding: Finding, why: str, *, standing: Standing, by: By, at: datetime) -> Finding:
    """Take a finding back: it costs no points any more; what was found stays to be read. Twice is once.

    Raises BadText for an inspection that has ended; Refused.
    """
    locked = _locked(finding)
    if locked.withdrawn_at is not None:
        return locked
    subject = _going_on(inspection, at)
    offer = _offered(subject, standing, at, WITHDRAWN)
    said = _line(why, 500, "reason")
    record_step(
        subject, offer, Act(offer.roles[0], {**subject.names, **_details(locked), "reason": said}), standing=standing, by=by.person, at=at
    )
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_why = at, by.person, said
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    return locked


@transaction.atomic
def reject_proposal(
    inspection: Matter, clause: str, rule: str, counted: tuple[int, int], reason: str, *, standing: Standing, by: By, at: datetime
) -> None:
    """Do not count what the live records propose under the standard ``clause``; ``counted`` are the bad ones and all.

    Raises BadText without a reason, or for an inspection that has ended.
    """
    subject = _going_on(inspection, at)
    _offered(subject, standing, at, FINDING)
    why = clean_text(reason.strip(), most=500, field="reason")
    key = {"organisation_id": inspection.organisation_id, "inspection_id": inspection.id, "clause": clause[:80], "rule": rule[:120]}
    told = {"reason": why, "bad": counted[0], "whole": counted[1], "at": at, "by_person": by.person}
    Rejection.objects.filter(**key).delete()
    Rejection(**key, **told).save(force_insert=True)
    body = {"clause": clause, "rule": rule, "bad": counted[0], "whole": counted[1], "reason": why}
    write_now(
        inspection.organisation_id,
        "inspections.reject_proposal",
        by=by,
        at=at,
        subject=f"thing:{inspection.key}",
        clauses=(clause,),
        body=body,
    )


def close_inspection(inspection: Matter, *, standing: Standing, by: By, at: datetime) -> None:
    """End the inspection: what is left of each indicator and in all is kept as its figures. Raises BadText if it has ended, Refused."""
    with transaction.atomic():
        subject = _going_on(inspection, at)
        offer = _offered(subject, standing, at, CLOSED)
        record_step(subject, offer, Act(offer.roles[0], dict(subject.names)), standing=standing, by=by.person, at=at)


@transaction.atomic
def set_task(finding: Finding, responsible: str, due_on: date | None, *, by: By, at: datetime) -> Finding:
    """Say who puts the finding right, and by which day. Raises BadText for a finding that was withdrawn or is put right."""
    locked = _open_task(finding)
    locked.responsible, locked.due_on = _line(responsible, 60, "responsible"), due_on
    locked.save(update_fields=["responsible", "due_on"])
    _journal(locked, "inspections.set_task", by, at, responsible=locked.responsible, due_on=str(due_on or ""))
    return locked


@transaction.atomic
def finish_task(finding: Finding, note: str, *, by: By, at: datetime) -> Finding:
    """Say that the finding has been put right, and how. Raises BadText without a note, or where it is done or withdrawn."""
    locked, said = _open_task(finding), clean_text(note.strip(), most=2000, field="note")
    locked.done_at, locked.done_by, locked.done_note = at, by.person, said
    locked.save(update_fields=["done_at", "done_by", "done_note"])
    _journal(locked, "inspections.finish_task", by, at, note=said)
    return locked


@transaction.atomic
def check_task(finding: Finding, note: str, *, accepted: bool, by: By, at: datetime) -> Finding:
    """Confirm on the spot that a finding has been put right; or send it back, with the reason: then it is open again.

    Raises BadText where it is not done yet or was confirmed, by whoever did it themselves, or without a reason for sending it back.
    """
    locked = _locked(finding)
    if locked.done_at is None or locked.checked_at is not None:
        raise BadText(
            "found a finding that is not put right yet, or confirmed already; expected one that waits to be looked at",
            "这条发现还没有整改完成，或已复核；只有待复核的才能复核",
        )
    if locked.done_by is not None and locked.done_by == by.person:
        raise BadText(
            "found the person who put it right, expected somebody else to confirm it", "整改人不能复核自己的整改；请由检查人员复核"
        )
    if accepted:
        locked.checked_at, locked.checked_by, locked.checked_note = at, by.person, _line(note, 500, "note")
    else:
        locked.sent_back = clean_text(note.strip(), most=500, field="note")
        locked.done_at, locked.done_by, locked.done_note = None, None, ""
    locked.save(update_fields=["checked_at", "checked_by", "checked_note", "sent_back", "done_at", "done_by", "done_note"])
    _journal(locked, "inspections.check_task", by, at, accepted=accepted, note=note.strip())
    return locked


def _open_task(finding: Finding) -> Finding:
    locked = _locked(finding)
    if locked.withdrawn_at is not None or locked.done_at is not None:
        raise BadText(
            "found a finding that is withdrawn or put right, expected an open one; leave it as it is", "这条发现已撤回或已整改，不能再改"
        )
    return locked


def _locked(finding: Finding) -> Finding:
    return Finding.objects.select_for_update().get(organisation_id=finding.organisation_id, id=finding.id)


def _journal(finding: Finding, action: str, by: By, at: datetime, **body: Any) -> None:
    told = {"inspection": str(finding.inspection_id), "unit": finding.unit_code, **body}
    write_now(finding.organisation_id, action, by=by, at=at, subject=f"finding:{finding.id}", clauses=(finding.clause,), body=told)
