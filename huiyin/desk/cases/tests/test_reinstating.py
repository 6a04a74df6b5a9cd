"""A case that was ended by mistake – merged, withdrawn, voided – runs on as if nothing had been, and nothing is merged into nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.actions import NotAllowed, Registered, Registration, move, register
from huiyin.desk.cases.models import Case, Mark, Tally
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch import look, reconcile
from huiyin.desk.people.access import RIGHTS
from huiyin.desk.places.models import Unit

NINE = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
Act = Callable[..., str]


@pytest.fixture
def other(adopted: UUID, project: Unit) -> Registered:
    """Another complaint of the same morning, dispatched to the project; its household counts for its issue."""
    form = Registration(
        "complaint", project.code, channel="call_centre_400", story="楼道灯又不亮", by_role="group_cc_agent",
        category={"GP": "cleaning"}, severity={"GP": "general"}, issue="stair-light", household_code="1-1-102",
    )  # fmt: skip
    return register(adopted, form, by=None, at=NINE, dispatch_to=project.code)


@pytest.fixture
def act(adopted: UUID, company: Unit) -> Act:
    """The quality department does a move so many hours after nine; returns the state that the case has then."""

    def do(case: Registered, key: str, hours: float, role: str = "quality_dept", **details: Any) -> str:
        at = NINE + timedelta(hours=hours)
        while look(at):
            pass
        move(adopted, case.case_id, key, details, by=None, post_role=role, unit=company.code, at=at)
        return _case(case).status

    return do


def _case(made: Registered) -> Case:
    return Case.objects.get(id=made.case_id)


def _clocks(made: Registered) -> dict[str, tuple[str, datetime | None]]:
    return {one.key: (one.state, one.due_at) for one in Clock.objects.filter(case_id=made.case_id)}


def _ended(act: Act, other: Registered, complaint: Registered, key: str, hours: float) -> str:
    details = {"join": {"into": str(complaint.case_id)}, "withdraw": {"reason": "听错了"}, "void": {"reason": "误点", "result": "misfiled"}}
    return act(other, key, hours, **details[key])


@pytest.mark.parametrize("key", ["join", "withdraw", "void"])
def test_limits_run_on_as_they_were(adopted: UUID, other: Registered, complaint: Registered, act: Act, key: str) -> None:
    act(other, "accept", 0.1, role="project_manager")
    before = _clocks(other)
    assert _ended(act, other, complaint, key, 0.2) == "void"
    assert "running" not in {state for state, _due in _clocks(other).values()}
    assert act(other, "reinstate", 0.3, reason="点错了") == "in_progress"
    case = _case(other)
    assert (case.void_reason, case.joined_to, case.closed_at, case.marks) == ("", None, None, [])
    assert _clocks(other) == before
    assert Tally.objects.get(case_id=other.case_id, scope_unit=case.unit_code).left_at is None
    assert not Mark.objects.filter(case_id=other.case_id, ended_at=None).exists()
    assert reconcile(adopted, NINE + timedelta(hours=1)) == []


def test_what_fell_due_meanwhile_is_late_and_warned_of(other: Registered, complaint: Registered, act: Act) -> None:
    act(other, "accept", 0.1, role="project_manager")
    due = Clock.objects.get(case_id=other.case_id, rule="GP:solution-cleaning-general").due_at
    assert due is not None
    _ended(act, other, complaint, "join", 0.2)
    act(other, "reinstate", 4 * 24, reason="不是同一件事")
    while look(NINE + timedelta(days=4, minutes=1)):
        pass
    late = Clock.objects.get(case_id=other.case_id, rule="GP:solution-cleaning-general")
    assert (late.state, late.due_at) == ("overdue", due)
    from django.apps import apps

    raised = apps.get_model("warnings", "WarningSignal")._default_manager.filter(case_id=other.case_id)
    assert list(raised.values_list("level", flat=True)) == ["blue"]


def test_it_goes_back_to_the_state_in_which_it_was(other: Registered, complaint: Registered, act: Act) -> None:
    _ended(act, other, complaint, "withdraw", 0.1)
    assert act(other, "reinstate", 0.2, reason="业主又要求办理") == "pending_acceptance"
    assert _ended(act, other, complaint, "join", 0.3) == "void"
    assert _case(other).joined_to == complaint.case_id
    assert act(other, "reinstate", 0.4, reason="点错了") == "pending_acceptance"


def test_what_was_decided_to_be_nobodys_responsibility_stays(other: Registered, act: Act) -> None:
    act(other, "void", 0.1, reason="非责任", result="non_liability")
    assert "reinstate" not in {one.key for one in moves_with(_case(other), RIGHTS.keys())}
    with pytest.raises(NotAllowed, match="expected one of void for reinstate"):
        act(other, "reinstate", 0.2, reason="再看看")


def test_nothing_is_merged_into_itself_or_into_what_has_ended(other: Registered, complaint: Registered, act: Act) -> None:
    with pytest.raises(NotAllowed) as itself:
        act(other, "join", 0.1, into=str(other.case_id))
    assert "不能填本单" in itself.value.zh
    _ended(act, complaint, other, "withdraw", 0.2)
    with pytest.raises(NotAllowed) as ended:
        act(other, "join", 0.3, into=str(complaint.case_id))
    assert "已经结束" in ended.value.zh
    assert _case(other).status == "pending_acceptance"
