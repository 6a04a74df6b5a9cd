"""The emergency courses and the flow of a complaint, gate by gate as the clauses say: by whom, told to whom, and what holds up the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huiyin.core.courses import Course, running
from huiyin.core.facts import Fact
from huiyin.core.known import Case, begin, note
from huiyin.core.questions import Scene
from huiyin.core.rules import Adopted
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
RH = Adopted(regulation("resident_help"), "P1", load_workdays())
RC = Adopted(regulation("resident_complaints"), "P1", load_workdays())
Gate = tuple[str, str, str]
"""A clause, the act that it asks for, and the post that it names."""

TO_HOSPITAL: tuple[Gate, ...] = (
    ("RH-4.2.a.1", "security_dept_notified", "pa_officer"),
    ("RH-4.2.a.1", "guards_on_standby", "security_dept"),
    ("RH-4.2.a.2", "vehicle_ordered", "pa_officer"),
    ("RH-4.2.a.3", "vehicle_told_meeting_place", "pa_officer"),
    ("RH-4.2.a.5b", "resident_reminded_of_items", "guard"),
    ("RH-4.2.a.4", "hospital_departed", "guard"),
    ("RH-4.2.a.4", "hospital_reached", "guard"),
    ("RH-4.2.a.7", "hospital_help_given", "guard"),
    ("RH-4.2.a.8", "further_help_asked", "guard"),
    ("RH-4.2.a.9", "guards_returned", "guard"),
    ("RH-4.2.a.11", "guards_reported_back", "guard"),
)
WITH_120: tuple[Gate, ...] = (
    ("RH-4.2.b.1", "emergency_120_called", "pa_officer"),
    ("RH-4.2.b.2", "call_120_confirmed", "pa_officer"),
    ("RH-4.2.b.3", "reception_promised_to_resident", "pa_officer"),
    ("RH-4.2.b.4", "security_shift_leader_informed", "pa_officer"),
    ("RH-4.2.b.5", "gate_guard_informed", "security_shift_leader"),
    ("RH-4.2.b.6", "entrance_posted", "security_shift_leader"),
    ("RH-4.2.b.7", "ambulance_arrived", "gate_guard"),
    ("RH-4.2.b.7", "ambulance_guided", "gate_guard"),
    ("RH-4.2.b.8", "entrance_reception_reported", "security_shift_leader"),
)
SHORT_CARE: tuple[Gate, ...] = (
    ("RH-4.2.c.1", "security_shift_leader_informed", "pa_officer"),
    ("RH-4.2.c.2", "carers_sent", "security_shift_leader"),
    ("RH-4.2.c.3", "care_started", "carer"),
    ("RH-4.2.c.4", "care_checked", "security_duty_cadre"),
    ("RH-4.2.c.3", "care_ended", "carer"),
)
COMPLAINT: tuple[Gate, ...] = (
    ("RC-4.4.1a", "apology_given", "receptionist"),
    ("RC-4.4.1d", "complaint_recorded", "receptionist"),
    ("RC-4.4.1e", "supervisor_asked", "receptionist"),
    ("RC-4.5a", "form_sent_to_department", "receptionist"),
    ("RC-4.5b", "form_signed_for", "form_taker"),
    ("RC-4.4.2b", "submitted_to_office_manager", "receptionist"),
    ("RC-4.4.2b", "handling_procedure_started", "office_manager"),
    ("RC-4.6.1a", "complaint_handled", "dept_supervisor"),
    ("RC-4.6.1d", "form_returned_to_service_centre", "receptionist"),
    ("RC-3.3b", "department_feedback_received", "dept_supervisor"),
    ("RC-4.7c", "result_told_to_resident", "patrol_team"),
    ("RC-4.8a", "follow_up_ordered", "pa_supervisor"),
    ("RC-4.8a", "follow_up_done", "patrol_team"),
)


class Run:
    """A case on which one course is taken, act by act, in the order in which it asks for them."""

    def __init__(self, adopted: Adopted, course: str, first: str, record: str, marks: tuple[str, ...] = (), **details: Any) -> None:
        self.adopted, self.course, self.minute = adopted, course, 0
        fact = Fact(first, START, "C1", "P1", details=details)
        self.case: Case = note(begin(fact, record), fact)
        prefix = adopted.regulation.prefix
        self.case = self.case.with_marks({f"{prefix}/{mark}": START for mark in marks})

    def stands(self) -> Course:
        """The course as it stands."""
        scene = Scene(self.case, Fact("", START + timedelta(days=1), "C1", "P1"), adopted=frozenset({self.adopted.regulation.prefix}))
        return next(one for one in running(self.adopted, scene) if one.rule.id == self.course)

    def act(self, event: str, **details: Any) -> None:
        """Something is done, a minute after the last act."""
        self.minute += 1
        self.case = note(self.case, Fact(event, START + timedelta(minutes=self.minute), "C1", "P1", details=details))

    def taken(self, gates: tuple[Gate, ...], said: dict[str, dict[str, Any]]) -> list[str]:
        """Take the course as the gates say it; out: the events that may be left out. Everything else holds up what follows."""
        free: list[str] = []
        for clause, event, post in gates:
            stage = next(one for one in self.stands().stages if one.step.event == event)
            assert stage.stand in ("next", "possible"), (event, stage.stand)
            assert clause in stage.step.cites and post in stage.step.by, (event, stage.step.cites, stage.step.by)
            free += [event] if stage.stand == "possible" else []
            self.act(event, **said.get(event, {}))
        assert self.stands().next is None
        assert [one.step.event for one in self.stands().stages if one.stand == "done"] == [event for _clause, event, _post in gates]
        return free


def _calls(course: Course) -> dict[str, tuple[str, ...]]:
    return {one.step.event: one.turn.calls for one in course.stages if one.turn.calls}


def _skipped(run: Run) -> set[str]:
    return {one.turn.step for one in run.stands().stages if one.stand == "skipped"}


def _patient(course: str, mark: str) -> Run:
    return Run(RH, course, "help_request_received", "help_request", (mark,), category={"RH": "emergency_patient"})


def test_to_the_hospital_as_the_clauses_say() -> None:
    run = _patient("to-hospital", "take_to_hospital")
    said = {"guards_on_standby": {"standby_at": "public_affairs"}, "further_help_asked": {"result": "not_needed"}}
    assert run.taken(TO_HOSPITAL, said) == [], "nothing of it is left out"
    course = run.stands()
    assert {clause for clause, _words in course.rule.never} == {"RH-4.2.a.6a", "RH-4.2.a.6b"}
    leaving = next(one for one in course.stages if one.step.event == "hospital_departed")
    assert [clause for clause, _words in leaving.step.mind] == ["RH-4.2.a.6a", "RH-4.2.a.6b"]
    # Further help is the manager's to arrange; the guards report to the cadre or the officer.
    assert _calls(course)["further_help_asked"] == ("office_manager",)
    assert _calls(course)["guards_reported_back"] == ("security_duty_cadre",)


def test_with_120_as_the_clauses_say() -> None:
    run = _patient("with-120", "call_120")
    assert {one.step.event: one.turn.dials for one in run.stands().stages if one.turn.dials} == {
        "emergency_120_called": "120", "call_120_confirmed": "120"
    }  # fmt: skip
    called = next(one for one in run.stands().stages if one.step.event == "emergency_120_called")
    assert "text" in called.step.asks, "the officer notes the condition"
    assert run.taken(WITH_120, {}) == ["call_120_confirmed", "entrance_posted"], "only where it is necessary"


def test_short_care_as_the_clauses_say() -> None:
    run = _patient("short-care", "short_care")
    assert run.taken(SHORT_CARE, {}) == ["care_checked"], "only where it is necessary"
    course = run.stands()
    assert {clause for clause, _words in course.rule.never} == {"RH-4.2.c.5", "RH-4.2.c.6"}
    begins = next(one for one in course.stages if one.step.event == "care_started")
    assert begins.step.requires == ("relative",) and begins.step.mind[0][0] == "RH-4.2.c.5"


def test_a_complaint_goes_from_the_apology_to_the_follow_up() -> None:
    run = Run(
        RC, "complaint-flow", "complaint_received", "complaint", ("follow_up_owed",), channel="in_person", severity={"RC": "important"}
    )
    assert run.taken(COMPLAINT, {}) == ["supervisor_asked"], "superiors come where it is necessary"
    assert {clause for clause, _words in run.stands().rule.never} == {"RC-4.1b"}


@pytest.mark.parametrize(("channel", "severity", "left_out"), [
    ("letter", "important", {"apologise"}),
    ("in_person", "minor", {"submit-to-manager"}),
    ("letter", "minor", {"apologise", "submit-to-manager"}),
])  # fmt: skip
def test_what_a_complaint_does_not_need_is_not_asked_for(channel: str, severity: str, left_out: set[str]) -> None:
    run = Run(RC, "complaint-flow", "complaint_received", "complaint", channel=channel, severity={"RC": severity})
    assert left_out <= _skipped(run), "from the first moment on"
    for event in ("apology_given", "complaint_recorded", "form_sent_to_department", "form_signed_for"):
        if event != "apology_given" or channel == "in_person":
            run.act(event)
    assert left_out <= _skipped(run)
    following = run.stands().next
    assert following is not None and following.turn.step == ("submit-to-manager" if severity == "important" else "finish-handling")


def test_a_major_complaint_goes_up_to_the_general_manager() -> None:
    run = Run(RC, "major-complaint-flow", "complaint_received", "complaint", ("major",), channel="letter", severity={"RC": "major"})
    for event in ("complaint_recorded", "form_sent_to_department", "form_signed_for"):
        run.act(event)
    for step in ("submit-to-general-manager", "start-handling-procedure", "give-clear-answer", "record-solved"):
        following = run.stands().next
        assert following is not None and following.turn.step == step
        run.act(following.step.event)
