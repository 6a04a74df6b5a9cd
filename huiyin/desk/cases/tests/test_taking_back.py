"""An act is taken back by a fact of its own: by whoever did it, within ten minutes, while nothing else has happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.cases.actions import LastAct, NotAllowed, Registered, Registration, last_act, move, register, take_back
from huiyin.desk.cases.lifecycle import BY_KEY, MOVES
from huiyin.desk.cases.models import Case, Tally
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.models import Entry
from huiyin.desk.places.actions import add_unit
from huiyin.desk.places.models import Unit
from huiyin.rulebook.load import vocabulary

ME, OTHER = uuid4(), uuid4()
LIAISON = "unit_liaison"
Act = Callable[..., Any]


def at(minute: int) -> datetime:
    return datetime(2026, 4, 1, 9, minute, tzinfo=SHANGHAI)


@pytest.fixture
def act(adopted: UUID, complaint: Registered, company: Unit) -> Act:
    """Somebody does a move on the complaint: ``act("hold", 12, reason=…)``."""

    def do(key: str, minute: int, by: UUID = ME, role: str = "quality_dept", case: UUID | None = None, **details: Any) -> None:
        move(adopted, case or complaint.case_id, key, details, by=by, post_role=role, unit=company.code, at=at(minute))

    return do


@pytest.fixture
def accepted(act: Act) -> None:
    """The complaint is in progress."""
    act("accept", 5, by=OTHER, role="project_manager")


def _case(made: Registered) -> Case:
    return Case.objects.get(id=made.case_id)


def _last(made: Registered, minute: int, by: UUID = ME) -> LastAct:
    found = last_act(_case(made), by, at(minute))
    assert found is not None
    return found


def _undo(made: Registered, minute: int, company: Unit, by: UUID = ME, role: str = "project_manager", number: int = 0) -> None:
    number = number or _last(made, minute, by).number
    take_back(company.organisation_id, made.case_id, number, by=by, post_role=role, unit=company.code, at=at(minute))


@pytest.fixture
def other_project(company: Unit, clerk: Any) -> Unit:
    return add_unit(company.organisation_id, "LY", "project", "绿洲", by=clerk, at=at(0) - timedelta(days=100), parent=company.pk)


def test_holding_is_taken_back_and_both_stand_in_the_history(complaint: Registered, accepted: None, act: Act, company: Unit) -> None:
    until = datetime(2026, 4, 3, 9, 0, tzinfo=SHANGHAI)
    before = {one.key: (one.state, one.due_at) for one in Clock.objects.filter(case_id=complaint.case_id)}
    act("hold", 10, role="project_manager", reason="等配件", new_date=until)
    held = _last(complaint, 19)
    _undo(complaint, 19, company)
    case = _case(complaint)
    assert (case.status, case.on_hold_until_at) == ("in_progress", None)
    told = list(Fact.objects.filter(case_id=complaint.case_id, derived=False).order_by("number").values_list("event", "details"))
    assert [event for event, _ in told][-2:] == ["case_held", "case_resumed"] and told[-1][1] == {"takes_back": held.number}
    assert Entry.objects.filter(action="facts.case_resumed").count() == 1
    assert {one.key: (one.state, one.due_at) for one in Clock.objects.filter(case_id=complaint.case_id)} == before


def test_resuming_is_taken_back_with_what_the_holding_said(complaint: Registered, accepted: None, act: Act, company: Unit) -> None:
    until = datetime(2026, 4, 3, 9, 0, tzinfo=SHANGHAI)
    act("hold", 10, role="project_manager", reason="等配件", new_date=until)
    act("resume", 30, role="project_manager")
    _undo(complaint, 31, company)
    case = _case(complaint)
    assert (case.status, case.on_hold_until_at) == ("on_hold", until)
    assert last_act(case, ME, at(32)) is None, "what takes an act back is not taken back in turn"


def test_a_dispatch_goes_back_to_where_the_case_was(adopted: UUID, company: Unit, project: Unit, act: Act, other_project: Unit) -> None:
    form = Registration("complaint", project.code, channel="call_centre_400", story="楼道灯不亮", by_role="group_cc_agent")
    made = register(adopted, form, by=OTHER, at=at(0))
    act("dispatch", 10, case=made.case_id, unit="LY")
    assert (_case(made).unit_code, _case(made).status) == ("LY", "pending_acceptance")
    running = Clock.objects.get(case_id=made.case_id, rule="GP:start-work")
    _undo(made, 12, company, role="quality_dept")
    assert (_case(made).unit_code, _case(made).status) == (project.code, "pending_dispatch")
    after = Clock.objects.get(case_id=made.case_id, rule="GP:start-work")
    assert (after.state, after.due_at) == ("running", running.due_at), "a limit that has begun goes on"
    assert after.unit_code == project.code


def test_taking_a_dispatch_back_makes_nobody_the_handler(
    complaint: Registered, accepted: None, act: Act, company: Unit, other_project: Unit
) -> None:
    Case.objects.filter(id=complaint.case_id).update(handler_id=None)
    act("transfer", 10, unit="LY", reason="属另一项目")
    _undo(complaint, 12, company, role="quality_dept")
    assert (_case(complaint).status, _case(complaint).handler_id) == ("in_progress", None)


@pytest.mark.parametrize("record", ["complaint", "suggestion", "inquiry"])
def test_whatever_is_dispatched_to_another_unit_goes_there(
    record: str, adopted: UUID, project: Unit, act: Act, other_project: Unit
) -> None:
    made = register(adopted, Registration(record, project.code, story="楼道灯", by_role="group_cc_agent"), by=OTHER, at=at(0))
    act("dispatch", 10, case=made.case_id, unit="LY")
    assert (_case(made).unit_code, _case(made).status) == ("LY", "pending_acceptance")


@pytest.mark.parametrize(("key", "state"), [("reassign", "pending_acceptance"), ("transfer", "in_progress")])
def test_a_change_of_target_goes_back_to_the_former_one(
    key: str, state: str, complaint: Registered, act: Act, company: Unit, project: Unit, other_project: Unit
) -> None:
    if state == "in_progress":
        act("accept", 5, by=OTHER, role="project_manager")
    act(key, 10, unit="LY", reason="派错了")
    assert (_case(complaint).unit_code, _case(complaint).status) == ("LY", "pending_acceptance")
    _undo(complaint, 11, company, role="quality_dept")
    assert (_case(complaint).unit_code, _case(complaint).status) == (project.code, state)


def test_an_issue_goes_back_and_the_household_counts_no_more(adopted: UUID, company: Unit, project: Unit, act: Act) -> None:
    form = Registration(
        "complaint", project.code, channel="call_centre_400", story="灯不亮", by_role="group_cc_agent", household_code="1-1-101"
    )
    made = register(adopted, form, by=OTHER, at=at(0), dispatch_to=project.code)
    act("set_issue", 10, case=made.case_id, issue="路灯")
    assert _case(made).issue == "路灯" and Tally.objects.filter(case_id=made.case_id, left_at=None).exists()
    _undo(made, 11, company, role="quality_dept")
    assert _case(made).issue == "" and not Tally.objects.filter(case_id=made.case_id, left_at=None).exists()


def test_nobody_else_not_later_and_not_after_anything_else(complaint: Registered, accepted: None, act: Act, company: Unit) -> None:
    act("hold", 10, role="project_manager", reason="等配件", new_date=datetime(2026, 4, 3, 9, 0, tzinfo=SHANGHAI))
    number = _last(complaint, 11).number
    for by, minute in ((OTHER, 11), (ME, 21)):
        assert last_act(_case(complaint), by, at(minute)) is None
        with pytest.raises(NotAllowed, match="last ten minutes"):
            _undo(complaint, minute, company, by=by, number=number)
    with pytest.raises(NotAllowed, match="right hold"):
        _undo(complaint, 11, company, role="front_desk")
    act("note", 12, by=OTHER, text="配件到了")
    with pytest.raises(NotAllowed, match="last ten minutes"):
        _undo(complaint, 13, company, number=number)
    assert _case(complaint).status == "on_hold"


def test_what_cannot_be_taken_back_says_so(complaint: Registered, act: Act, company: Unit) -> None:
    act("accept", 5, role="project_manager")
    found = _last(complaint, 6)
    assert found.counter is None and found.move.key == "accept"
    with pytest.raises(NotAllowed) as refused:
        _undo(complaint, 6, company)
    assert "“接单”不能撤销" in refused.value.zh


def test_an_act_from_which_something_followed_stays(complaint: Registered, accepted: None, act: Act) -> None:
    act("hold", 10, role="project_manager", reason="等配件", new_date=datetime(2026, 4, 3, 9, 0, tzinfo=SHANGHAI))
    assert _last(complaint, 11).counter is not None
    last = Fact.objects.filter(case_id=complaint.case_id).order_by("-number")[0]
    Fact.objects.create(
        organisation_id=last.organisation_id, id=uuid4(), event="marked", at=last.at, entered_at=last.entered_at, case_id=last.case_id,
        number=last.number + 1, unit_code=last.unit_code, details={"mark": "hot"}, derived=True,
    )  # fmt: skip
    assert _last(complaint, 11).counter is None


def test_the_table_names_only_acts_and_words_that_there_are() -> None:
    events = [event for one in MOVES if one.back for event in (one.events or ("case_dispatched",))]
    assert len(events) == len(set(events)), "by its event an act that can be taken back is known"
    backs = {one.back for one in MOVES if one.back}
    assert {one.event for one in backs} <= vocabulary()["events"].keys()
    assert {name for one in backs for name in one.again} | {"takes_back", "state_before"} <= vocabulary()["facts"].keys()
    assert {one.instead for one in MOVES if one.instead} <= BY_KEY.keys()
    assert not [one.key for one in MOVES if one.back and one.instead]
