"""The order of steps: what is done, what is next, what may be left out, what has to come later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from huiyin.core.courses import Course, running
from huiyin.core.facts import Fact
from huiyin.core.known import Case, begin, note
from huiyin.core.questions import Scene
from huiyin.core.rules import Adopted
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
RH = Adopted(regulation("resident_help"), "P1", load_workdays())


def _case(*acts: tuple[str, dict[str, Any]], marks: tuple[str, ...] = ()) -> Case:
    first = Fact("help_request_received", START, "C1", "P1", details={"category": {"RH": "emergency_patient"}})
    case = note(begin(first, "help_request"), first)
    for minute, (event, details) in enumerate(acts, 1):
        case = note(case, Fact(event, START + timedelta(minutes=minute), "C1", "P1", details=details))
    return case.with_marks({f"RH/{mark}": START for mark in marks})


def _course(case: Case, name: str) -> Course:
    scene = Scene(case, Fact("", START + timedelta(hours=1), "C1", "P1"), adopted=frozenset({"RH"}))
    return next(one for one in running(RH, scene) if one.rule.id == name)


def _stands(course: Course) -> dict[str, str]:
    return {one.turn.step: one.stand for one in course.stages}


def test_the_first_undone_step_is_next_and_the_others_come_later() -> None:
    course = _course(_case(marks=("take_to_hospital",)), "to-hospital")
    assert course.next is not None and course.next.step.event == "security_dept_notified"
    assert set(_stands(course).values()) == {"next", "later"}


def test_a_step_that_is_not_asked_for_as_things_went_is_skipped() -> None:
    at_home: list[tuple[str, dict[str, Any]]] = [
        ("security_dept_notified", {}), ("guards_on_standby", {"standby_at": "patients_home"}), ("vehicle_ordered", {"vehicle": "面包车"}),
    ]  # fmt: skip
    course = _course(_case(*at_home, marks=("take_to_hospital",)), "to-hospital")
    assert _stands(course)["tell-vehicle"] == "skipped"
    assert course.next is not None and course.next.turn.step == "remind-of-items"
    at_home[1] = ("guards_on_standby", {"standby_at": "public_affairs"})
    course = _course(_case(*at_home, marks=("take_to_hospital",)), "to-hospital")
    assert course.next is not None and course.next.turn.step == "tell-vehicle"


def test_a_step_taken_only_if_necessary_holds_nothing_up() -> None:
    course = _course(_case(("emergency_120_called", {}), marks=("call_120",)), "with-120")
    assert _stands(course)["confirm-120"] == "possible"
    assert course.next is not None and course.next.turn.step == "promise-reception"


def test_what_was_told_before_the_act_that_it_follows_is_not_taken_for_it() -> None:
    before = _case(("security_shift_leader_informed", {}), ("emergency_120_called", {}), marks=("call_120",))
    assert _stands(_course(before, "with-120"))["inform-shift-leader-step"] == "later"
    after = _case(("emergency_120_called", {}), ("security_shift_leader_informed", {}), marks=("call_120",))
    assert _stands(_course(after, "with-120"))["inform-shift-leader-step"] == "done"


def test_a_course_whose_steps_are_all_done_waits_for_nothing() -> None:
    course = _course(_case(("resident_answered", {})), "answer")
    assert course.next is None and course.stages[-1].done_at == START + timedelta(minutes=1)
