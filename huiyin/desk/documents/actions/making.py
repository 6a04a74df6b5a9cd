"""Documents are written from the records, get their number, and are frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.recurrence import period_named
from huiyin.desk.cases.models import Case
from huiyin.desk.documents.models import DRAFT, SIGNED, WAITING, WITHDRAWN, Document, Numbering
from huiyin.desk.documents.papers import filling, forms, says
from huiyin.desk.journal import actions as journal
from huiyin.desk.warnings.queries import answer_due, evidence
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

WEEKLY, CIRCULAR = "weekly_summary", "monthly_circular"
SIGNERS_OF_WEEKLY = ("project_manager", "branch_head")
_MOST_TEXT = 4000


def make_weekly_summary(
    organisation_id: UUID, unit_code: str, period: str, *, by: UUID | None, at: datetime, role: str = "unit_liaison"
) -> Document:
    """Write the unit's summary of the week (GP-10.1.3.4c) from the records as they stand; it waits for both signatures.

    An unsubmitted one of the same week is withdrawn by it. Raises BadLimit for a period that is no week.
    """
    if period_named(period).kind != "week":
        raise BadText(f"found the period {period!r}, expected a week such as 2026-W11; choose a week", "请选择一周，例如 2026-W11")
    body = filling.weekly(organisation_id, unit_code, period, at)
    title = "集团客服信息平台问题汇总表（周）"
    return make(organisation_id, WEEKLY, "ZB", title, unit_code, body, SIGNERS_OF_WEEKLY, by=by, role=role, at=at, period=period)


def make_warning_notice(
    organisation_id: UUID, warning_id: UUID, *, by: UUID | None, at: datetime, role: str = "group_cc_supervisor"
) -> Document:
    """Write the notice of a warning (P19). Raises WarningSignal.DoesNotExist."""
    found = evidence(organisation_id, warning_id).warning
    known, due = filling.names(organisation_id, at), answer_due([found])
    body = forms.warning_notice(found, _case(organisation_id, found.case_id), known, due.get(found.id))
    title = f"预警通知单（{says.LEVELS.get(found.level, found.level)[-1]}）"
    signers = (role, "receiver")
    return make(
        organisation_id, "warning_notice", "YT", title, found.unit_code, body, signers, by=by, role=role, at=at, case_id=found.case_id
    )


def make_solution_report(
    organisation_id: UUID, warning_id: UUID, cause: str, *, by: UUID | None, at: datetime, role: str = "project_manager"
) -> Document:
    """Write the report of the solution to a warning (P20, GP-11.1d) from the last answer given. Raises WarningSignal.DoesNotExist."""
    found = evidence(organisation_id, warning_id)
    case, answer = _case(organisation_id, found.warning.case_id), found.answers[-1] if found.answers else None
    body = forms.solution_report(found.warning, case, answer, filling.names(organisation_id, at), cause)
    title, unit = "预警解决方案上报表", found.warning.unit_code
    return make(
        organisation_id,
        "solution_report",
        "FA",
        title,
        unit,
        body,
        SIGNERS_OF_WEEKLY,
        by=by,
        role=role,
        at=at,
        case_id=found.warning.case_id,
    )


def make_statement(
    organisation_id: UUID,
    case_id: UUID,
    *,
    findings: str,
    grounds: str,
    evidence_list: Sequence[str],
    conclusion: str,
    by: UUID | None,
    at: datetime,
    role: str = "project_manager",
) -> Document:
    """Write the statement of non-responsibility on a case (P22). Raises Case.DoesNotExist; BadText for an empty part."""
    case = Case.objects.get(organisation_id=organisation_id, id=case_id)
    parts = {"findings": findings, "grounds": grounds, "conclusion": conclusion}
    said = {name: clean_text(text, most=_MOST_TEXT, field=name) for name, text in parts.items()}
    body = forms.statement(case, filling.names(organisation_id, at), evidence=evidence_list, **said)
    signers = ("unit_head", "group_cc")
    return make(organisation_id, "statement", "FZ", "非责任说明", case.unit_code, body, signers, by=by, role=role, at=at, case_id=case_id)


def _case(organisation_id: UUID, case_id: UUID | None) -> Case | None:
    return Case.objects.filter(organisation_id=organisation_id, id=case_id).first() if case_id else None


@transaction.atomic
def make(
    organisation_id: UUID,
    kind: str,
    type_of_number: str,
    title: str,
    unit_code: str,
    body: Mapping[str, Any],
    signers: Sequence[str],
    *,
    by: UUID | None,
    role: str,
    at: datetime,
    period: str = "",
    case_id: UUID | None = None,
) -> Document:
    """Keep a new document with the next number of its type that day; it waits for its signers, or is a draft without any.

    ``body`` is frozen with the editions of the rules. Earlier ones of the same kind, unit, period and case that were not handed in are
    withdrawn; their numbers stay.
    """
    made = Document(
        organisation_id=organisation_id,
        id=new_id(at),
        kind=kind,
        unit_code=unit_code,
        case_id=case_id,
        period=period,
        number=_next_number(organisation_id, type_of_number, at),
        title=title,
        body=dict(body),
        editions=filling.editions(organisation_id, at),
        signers=list(signers),
        state=WAITING if signers else DRAFT,
        made_at=at,
        made_by=by,
    )
    _withdraw_unfinished(made)
    made.save(force_insert=True)
    write_journal(made, "documents.make", by=by, role=role, at=at)
    return made


def _withdraw_unfinished(made: Document) -> None:
    """Take back earlier ones of the same kind, unit, period and case: nobody shall sign what another document stands for."""
    if made.period or made.case_id:
        same = {name: getattr(made, name) for name in ("organisation_id", "kind", "unit_code", "period", "case_id")}
        earlier = Document.objects.filter(**same, state__in=(DRAFT, WAITING, SIGNED))
        earlier.update(state=WITHDRAWN, withdrawn_at=made.made_at, withdrawn_why=f"由 {made.number} 代替")


def _next_number(organisation_id: UUID, type_of_number: str, at: datetime) -> str:
    day_on = in_shanghai(at).date()
    key = {"organisation_id": organisation_id, "type": type_of_number, "day_on": day_on}
    # Made without a number if the day has none yet, so that two who come first at once wait for each other here.
    Numbering.objects.bulk_create([Numbering(**key, last=0)], ignore_conflicts=True)
    Numbering.objects.filter(**key).update(last=F("last") + 1)
    return f"{type_of_number}{day_on:%y%m%d}{Numbering.objects.get(**key).last:04d}"


def write_journal(document: Document, action: str, *, by: UUID | None, role: str, at: datetime) -> None:
    """Write what was done to the document to the journal."""
    journal.write_now(
        document.organisation_id,
        action,
        by=journal.By(role, by),
        at=at,
        subject=f"document:{document.id}",
        body={"number": document.number, "kind": document.kind, "unit": document.unit_code, "state": document.state},
    )
