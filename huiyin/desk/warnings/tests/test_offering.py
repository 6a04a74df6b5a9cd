"""An act on a warning is offered to exactly those posts of whom it is accepted when they do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from huiyin.desk.facts.actions import Refused
from huiyin.desk.warnings import actions, offering
from huiyin.desk.warnings.models import WarningSignal
from huiyin.desk.warnings.tests.cases import Complaint
from huiyin.rulebook.load import regulation

PERSON = uuid4()
ROLES = tuple(regulation("group_platform").role_names)
Act = Callable[[WarningSignal, str, datetime], object]
ACTS: Mapping[str, Act] = {
    offering.CONFIRM: lambda one, role, at: actions.verify(one.organisation_id, one.id, "confirmed", by=PERSON, role=role, at=at),
    offering.DISMISS: lambda one, role, at: actions.verify(
        one.organisation_id, one.id, "dismissed", by=PERSON, role=role, at=at, reason="重复"
    ),
    offering.CONFIRM_AND_SEND: lambda one, role, at: actions.verify_and_send(one.organisation_id, one.id, by=PERSON, role=role, at=at),
    offering.SEND: lambda one, role, at: actions.send_to_unit(one.organisation_id, one.id, by=PERSON, role=role, at=at),
    offering.FORWARD: lambda one, role, at: actions.forward_to_departments(
        one.organisation_id, one.id, ["legal_dept"], by=PERSON, role=role, at=at
    ),
    offering.ANSWER: lambda one, role, at: actions.report_solution(
        one.organisation_id, one.id, "清运", at + timedelta(days=2), by=PERSON, role=role, at=at
    ),
    offering.ANSWER_TOGETHER: lambda one, role, at: actions.report_red_solution(
        one.organisation_id, one.id, "联合整改", ["legal_dept"], by=PERSON, role=role, at=at
    ),
}


class _Undone(Exception):
    """What was tried is not to stand."""


def _is_accepted(act: Act, signal: WarningSignal, role: str, at: datetime) -> bool:
    try:
        with transaction.atomic():
            act(signal, role, at)
            raise _Undone
    except Refused:
        return False
    except _Undone:
        return True


def _offered(signal: WarningSignal, at: datetime) -> dict[str, set[str]]:
    standing = offering.standings([signal], at)[signal.id]
    return {act: {role for role in ROLES if act in offering.accepted(signal, standing, role, at)} for act in offering.due(signal)}


@pytest.mark.parametrize("level", ["blue", "red"])
def test_what_is_offered_is_accepted_and_the_rest_is_refused_at_every_stage(complaint: Complaint, level: str) -> None:
    signal, at = (complaint.blue() if level == "blue" else complaint.red()), complaint.at + timedelta(hours=2)
    forward, answer = (offering.SEND, offering.ANSWER) if level == "blue" else (offering.FORWARD, offering.ANSWER_TOGETHER)
    seen = []
    for then in (offering.CONFIRM, forward, answer):
        offered = _offered(signal, at)
        tried = {act: {role for role in ROLES if _is_accepted(ACTS[act], signal, role, at)} for act in offered}
        assert offered == tried
        seen += list(offered)
        ACTS[then](signal, sorted(offered[then])[0], at)
        signal.refresh_from_db()
        at += timedelta(minutes=1)
    assert len(seen) == len(set(seen)) and offering.due(signal) == ()


def test_who_verifies_is_not_who_sends(complaint: Complaint) -> None:
    blue, at = complaint.blue(), complaint.at + timedelta(hours=2)
    assert _offered(blue, at)[offering.CONFIRM] == {"group_cc_supervisor"}
    actions.verify(complaint.organisation_id, blue.id, "confirmed", by=PERSON, role="group_cc_supervisor", at=at)
    assert _offered(complaint.warning("blue"), at) == {offering.SEND: {"group_cc", "group_cc_supervisor"}}
