"""A month of the house: complaints that were left lying, warnings from the watch, a case that was solved."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.desk.cases.actions import Registered
from huiyin.desk.clocks.watch import look
from huiyin.desk.facts.actions import store
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.tests.conftest import House


def second_complaint(house: House, case: Registered, ago: timedelta = timedelta(hours=1)) -> WarningSignal:
    """The customer complains a second time: a blue warning."""
    return _raised(house, case, "second_complaint_started", "group_cc_agent", ago, "blue")


def escalation(house: House, case: Registered, ago: timedelta = timedelta(hours=1)) -> WarningSignal:
    """The press may come: a red warning."""
    return _raised(
        house, case, "escalation_risk_marked", "quality_dept", ago, "red", consequences=["media_report"], reason="业主称将联系媒体"
    )


def _raised(house: House, case: Registered, event: str, by: str, ago: timedelta, level: str, **details: object) -> WarningSignal:
    at = timezone.now() - ago
    fact = Fact(event, at, case=str(case.case_id), unit="CY", by=by, details=details)
    store(house.organisation.id, [fact], by=None, at=at)
    return WarningSignal.objects.get(case_id=case.case_id, level=level)


def solved(house: House, *, ago: timedelta, took: timedelta, unit: str = "CY") -> Registered:
    """A complaint received some time ago, and closed after ``took``."""
    case = house.register(f"路灯不亮 {unit} {took}", ago=ago, unit=unit)
    liaison = {"CY": "zhao", "LY": "wang"}[unit]
    steps = ({"move": "accept"}, {"move": "handle", "text": "已换灯"}, {"move": "return_visit", "result": "satisfied"})
    for step in steps:
        said = dict(step)
        house.move(case.case_id, said.pop("move"), liaison, ago - took, **said)
    return case


def watch(until: datetime | None = None) -> None:
    """Let the watch look until nothing is due."""
    while look(until or timezone.now()):
        pass
