"""The parts of an inspection that a script tells: what is found, who puts it right by when, that it was done and confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huiyin.desk.inspections import actions
from huiyin.desk.inspections.models import Finding
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.access import Standing
from huiyin.plumbing.ids import new_id


def inspect(organisation_id: UUID, key: str, part: str, told: Mapping[str, Any], standing: Standing, by: By, at: datetime) -> None:
    """Do the part: find, task, done or confirm; the later ones of the last finding under the clause that is told.

    Raises BadText, Refused as the room's actions; KeyError for another part.
    """
    inspection = Matter.objects.get(organisation_id=organisation_id, key=key)
    clause, text = str(told["clause"]), str(told.get("text", ""))
    if part == "find":
        report = actions.Report(new_id(at), clause, int(told.get("count", "1")), merchant=str(told.get("merchant", "")), text=text)
        actions.record_finding(inspection, report, standing=standing, by=by, at=at)
        return
    finding = Finding.objects.filter(organisation_id=organisation_id, inspection_id=inspection.id, clause=clause).latest("at")
    if part == "task":
        due = (at + timedelta(days=int(told["days"]))).date()
        actions.set_task(finding, str(told["responsible"]), due, by=by, at=at)
        return
    {"done": _done, "confirm": _confirm}[part](finding, text, by, at)


def _done(finding: Finding, note: str, by: By, at: datetime) -> None:
    actions.finish_task(finding, note, by=by, at=at)


def _confirm(finding: Finding, note: str, by: By, at: datetime) -> None:
    actions.check_task(finding, note, accepted=True, by=by, at=at)
