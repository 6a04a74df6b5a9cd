"""Documents are signed, handed in, published, withdrawn and printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText
from huiyin.core.recurrence import period_named
from huiyin.desk.documents.actions.making import CIRCULAR, WEEKLY, make, write_journal
from huiyin.desk.documents.models import DRAFT, PUBLISHED, SIGNED, SUBMITTED, WAITING, WITHDRAWN, Document, Signature
from huiyin.desk.documents.papers import filling, press, says
from huiyin.desk.documents.queries import printable, signed_roles
from huiyin.desk.facts.actions import store
from huiyin.desk.people.queries import names_of
from huiyin.plumbing.text import clean_text


@transaction.atomic
def sign(document: Document, role: str, *, by: UUID, at: datetime) -> Document:
    """Sign in a role that has to sign; with the last signature the document is signed. Signing twice changes nothing.

    Raises BadText for a role that does not sign it, or a document that is withdrawn or handed in.
    """
    locked = _locked(document)
    if role not in locked.signers:
        raise BadText(
            f"found the role {role!r}, expected one of {', '.join(locked.signers)}; let one of those sign", "该岗位无需签署此文件"
        )
    if role in signed_roles(locked):
        return locked
    _refuse_state(locked, (WAITING,))
    Signature(organisation_id=locked.organisation_id, document_id=locked.id, role=role, staff_id=by, at=at).save(force_insert=True)
    if signed_roles(locked) >= set(locked.signers):
        locked.state = SIGNED
        locked.save(update_fields=["state"])
    write_journal(locked, "documents.sign", by=by, role=role, at=at)
    return locked


@transaction.atomic
def submit_weekly_summary(
    document: Document, *, by: UUID | None, at: datetime, role: str = "unit_liaison", to: Sequence[str] = ("quality_dept",)
) -> list[Outcome]:
    """Hand the summary in with the signatures that it has (GP-10.1.3.4a, b). Only with both is the duty done; until then it stays open.

    Raises BadText for a document that is no weekly summary, withdrawn, or handed in; Refused.
    """
    locked = _locked(document)
    _refuse_state(locked, (WAITING, SIGNED), WEEKLY)
    signed = sorted(signed_roles(locked))
    details = {"period": locked.period, "to": list(to), "signed_by": signed}
    fact = Fact("weekly_signed_summary_submitted", at, unit=locked.unit_code, by=role, details=details)
    outcomes = list(store(locked.organisation_id, [fact], by=by, at=at))
    if set(signed) >= set(locked.signers):
        _issue(locked, SUBMITTED, at)
    write_journal(locked, "documents.submit", by=by, role=role, at=at)
    return outcomes


def report_weekly_summary(
    organisation_id: UUID, unit_code: str, period: str, *, by: UUID | None, at: datetime, role: str = "quality_dept"
) -> list[Outcome]:
    """Keep that the quality department reported the week to the leader in charge (GP-8.1.4b); ``unit_code`` is the company."""
    details = {"period": period_named(period).name, "to": ["leader_in_charge"]}
    fact = Fact("weekly_summary_reported", at, unit=unit_code, by=role, details=details)
    return list(store(organisation_id, [fact], by=by, at=at))


@transaction.atomic
def publish_monthly_circular(
    organisation_id: UUID,
    unit_code: str,
    period: str,
    *,
    by: UUID | None,
    at: datetime,
    role: str = "quality_dept",
    audience: str = "company",
) -> Document:
    """Write the circular of the month and issue it in the company (GP-10.1.3.5a, b): ranking, warnings, deductions, results.

    Raises BadText for a period that is no month, or a month whose circular is out; Refused.
    """
    if period_named(period).kind != "month":
        raise BadText(f"found the period {period!r}, expected a month such as 2026-03; choose a month", "请选择一个月，例如 2026-03")
    issued = {"organisation_id": organisation_id, "kind": CIRCULAR, "unit_code": unit_code, "period": period, "state": PUBLISHED}
    if Document.objects.filter(**issued).exists():
        raise BadText(
            f"found the circular of {period} issued already, expected none; withdraw that one first", "该月通报已发布；如需更正请先撤回"
        )
    body = filling.circular(organisation_id, unit_code, period, at)
    title = f"关于{says.period(period)}物业服务类投诉情况的通报"
    made = make(organisation_id, CIRCULAR, "TB", title, unit_code, body, (), by=by, role=role, at=at, period=period)
    details = {"period": period, "audience": audience}
    store(
        organisation_id,
        [Fact("monthly_publication_issued", at, unit=unit_code, by=role, details=details)],
        by=by,
        at=at,
    )
    _issue(made, PUBLISHED, at)
    return made


@transaction.atomic
def publish(document: Document, *, by: UUID, role: str, at: datetime) -> Document:
    """Make a document public that waits for no signature. Raises BadText for one that is not a draft."""
    locked = _locked(document)
    _refuse_state(locked, (DRAFT,))
    _issue(locked, PUBLISHED, at)
    write_journal(locked, "documents.publish", by=by, role=role, at=at)
    return locked


@transaction.atomic
def withdraw(document: Document, why: str, *, by: UUID, role: str, at: datetime) -> Document:
    """Withdraw a document; it stays to be seen, with the reason. Raises BadText without a reason or when it is withdrawn already."""
    locked = _locked(document)
    _refuse_state(locked, (DRAFT, WAITING, SIGNED, SUBMITTED, PUBLISHED))
    locked.state, locked.withdrawn_at, locked.withdrawn_why = WITHDRAWN, at, clean_text(why, most=2000, field="why")
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
    write_journal(locked, "documents.withdraw", by=by, role=role, at=at)
    return locked


@transaction.atomic
def render(document: Document, *, by: UUID, at: datetime) -> bytes:
    """The document as PDF, with who prints it, when, and the how many-th time; each call counts as a print."""
    locked = _locked(document)
    locked.prints += 1
    locked.save(update_fields=["prints"])
    template, data = printable(locked)
    printed = {"by": names_of([by]).get(by, ""), "at": says.moment(at), "count": locked.prints}
    return press.pdf(template, {**data, "printed": printed})


def _locked(document: Document) -> Document:
    return Document.objects.select_for_update().get(organisation_id=document.organisation_id, id=document.id)


def _issue(document: Document, state: str, at: datetime) -> None:
    document.state, document.issued_at = state, at
    document.save(update_fields=["state", "issued_at"])


def _refuse_state(document: Document, states: Sequence[str], kind: str = "") -> None:
    if document.state not in states or (kind and document.kind != kind):
        raise BadText(
            f"found the {document.kind} {document.number} {document.state}, expected {kind or 'it'} {' or '.join(states)}; look again",
            f"文件 {document.number} 的状态已变化；请刷新后再处理",
        )
