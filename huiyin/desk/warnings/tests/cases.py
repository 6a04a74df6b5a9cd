"""What tests of warnings, scores and papers share: a project under the group platform's regulation with a complaint and warnings on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings.models import WarningSignal

CLERK = By("admin")


@dataclass(frozen=True)
class Complaint:
    """A complaint about the project's cleaning, received at ``at``."""

    organisation_id: UUID
    unit: str
    id: UUID
    at: datetime

    def happens(self, event: str, hours: float, by: str, **details: Any) -> None:
        """Let something happen to the complaint so many hours after its receipt."""
        at = self.at + timedelta(hours=hours)
        store(self.organisation_id, [Fact(event, at, case=str(self.id), unit=self.unit, by=by, details=details)], by=None, at=at)

    def blue(self) -> WarningSignal:
        """A blue warning, because the customer complained again after an hour."""
        self.happens("second_complaint_started", 1, "group_cc_agent")
        return self.warning("blue")

    def red(self) -> WarningSignal:
        """A red warning, because the press may come, after an hour."""
        self.happens("escalation_risk_marked", 1, "quality_dept", consequences=["media_report"], reason="业主称将联系媒体")
        return self.warning("red")

    def warning(self, level: str) -> WarningSignal:
        """The warning of the level as it now stands."""
        return WarningSignal.objects.get(organisation_id=self.organisation_id, case_id=self.id, level=level)


def adopt(project: Unit, at: datetime) -> None:
    """Let the company above the project adopt the regulation from the beginning of 2026."""
    company = Unit.objects.get(organisation_id=project.organisation_id, kind="property_company")
    adoptions.adopt(company, "group_platform", "1", date(2026, 1, 1), by=CLERK, at=at)


def complain(project: Unit, at: datetime) -> Complaint:
    """A complaint dispatched to the project at once."""
    form = Registration("complaint", project.code, channel="call_centre_400", story="楼道三天没有打扫", category={"GP": "cleaning"})
    made = register(project.organisation_id, form, by=None, at=at, dispatch_to=project.code, dispatched_by="group_cc_agent")
    return Complaint(project.organisation_id, project.code, made.case_id, at)
