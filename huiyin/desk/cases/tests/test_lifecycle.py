"""The table of moves agrees with what the facts make of a case, and uses no word that is not in the vocabulary."""

from __future__ import annotations

import pytest

from huiyin.core.rules import CourseRule, StepRule
from huiyin.desk.cases.lifecycle import BEGUN, BY_KEY, MOVES, OPEN_STATES, RECEIVED, STATES, Move, moves_for, state_after
from huiyin.desk.people.access import RIGHTS
from huiyin.rulebook.load import regulation, vocabulary
from huiyin.rulebook.words import detail_name, event_name


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_a_move_leads_where_its_events_lead(move: Move) -> None:
    events = move.events_for("complaint", {})
    # A statement that is accepted makes the case void by way of the mark that follows from it.
    events = (*events, "marked:invalid") if move.key == "accept_statement" else events
    for state in move.froms:
        after = state
        for event in events:
            after = state_after(after, event, {})
        assert after == (move.to or state)


def test_moves_say_only_what_the_vocabulary_and_the_table_of_rights_know() -> None:
    events = {event for move in MOVES for event in move.events} | set(RECEIVED.values())
    assert events <= vocabulary()["events"].keys()
    needs = {need.name for move in MOVES for need in move.needs}
    assert needs <= vocabulary()["facts"].keys()
    assert {move.right for move in MOVES} <= RIGHTS.keys()
    assert len(BY_KEY) == len(MOVES)


def test_every_open_state_can_be_left_and_the_archive_cannot() -> None:
    for state in OPEN_STATES:
        assert any(state in move.froms and move.to not in (None, state) for move in MOVES)
    assert {move.key for move in moves_for("archived", RIGHTS.keys(), "complaint", [])} == {"note"}
    assert set(STATES) >= {move.to for move in MOVES if move.to}


def test_nobody_reached_is_never_taken_for_satisfied() -> None:
    assert state_after("pending_return_visit", "return_visit_done", {"result": "unreachable"}) == "pending_return_visit"
    assert state_after("pending_return_visit", "return_visit_done", {}) == "pending_return_visit"
    assert state_after("pending_return_visit", "return_visit_done", {"result": "not_satisfied"}) == "in_progress"


def test_work_begins_with_its_first_act_where_nobody_has_to_accept_first() -> None:
    of_the_group, of_the_apartments = regulation("group_platform"), regulation("apartment_complaints")
    act: tuple[str, dict[str, str]] = ("investigation_started", {})
    assert state_after("pending_acceptance", *act, [of_the_apartments]) == "in_progress"
    assert state_after("pending_acceptance", *act, [of_the_apartments, of_the_group]) == "pending_acceptance"
    assert state_after("on_hold", *act, [of_the_apartments]) == "on_hold"
    assert state_after("pending_acceptance", "complaint_assigned", {}, [of_the_apartments]) == "pending_acceptance"
    assert vocabulary()["events"].keys() >= BEGUN and BEGUN.isdisjoint(event for move in MOVES for event in move.events)


def test_an_act_of_one_regulation_is_there_only_under_it() -> None:
    of_the_group, of_students = regulation("group_platform"), regulation("student_apartment")
    keys = {move.key for move in moves_for("in_progress", RIGHTS.keys(), "complaint", [of_students])}
    assert {"handle", "hold", "contact"} <= keys
    assert keys.isdisjoint({"claim_non_responsibility", "submit_statement", "accept_statement", "report_solution", "first_plan"})
    both = moves_for("in_progress", RIGHTS.keys(), "complaint", [of_students, of_the_group])
    assert {"claim_non_responsibility", "accept_statement", "report_solution"} <= {move.key for move in both}


def test_a_decision_carries_the_clause_that_asked_for_it() -> None:
    accept = BY_KEY["accept_statement"]
    assert accept.clause([regulation("student_apartment"), regulation("group_platform")]) == "GP-10.2.4c"
    assert accept.clause([regulation("student_apartment")]) == ""


def test_a_repair_of_an_office_does_not_go_the_way_of_a_complaint() -> None:
    """OF-6.1: the office repairs it and closes it; only where a regulation waits for the handling of repairs are they handled."""
    office = [regulation(stem) for stem in ("office_feedback", "resident_help", "resident_complaints")]
    for record in ("repair", "emergency", "help_request", "inquiry"):
        assert "handle" not in {move.key for move in moves_for("in_progress", RIGHTS.keys(), record, office)}, record
    assert "handle" in {move.key for move in moves_for("in_progress", RIGHTS.keys(), "complaint", office)}
    assert "handle" in {move.key for move in moves_for("in_progress", RIGHTS.keys(), "repair", [*office, regulation("group_platform")])}


def test_a_repair_of_an_office_is_reached_repaired_and_closed() -> None:
    rule = next(one for one in regulation("office_feedback").rules if one.id == "to-a-repair")
    assert isinstance(rule, CourseRule)
    steps = [regulation("office_feedback").by_id[one.step] for one in rule.turns]
    assert [one.event for one in steps if isinstance(one, StepRule)] == ["responder_arrived", "problem_solved", "case_closed"]


def test_what_cases_of_every_kind_hear_does_not_call_them_complaints() -> None:
    """The past of a repair does not say that a complaint was passed on."""
    heard = {event for move in MOVES if not move.records for event in move.events} | {
        "complaint_transferred_to_unit",
        "complaint_received_by_unit",
    }
    assert [one for one in sorted(heard) if "投诉" in event_name(one, "zh-CN") or "complaint" in event_name(one, "en")] == []
    assert "投诉" not in detail_name("category", "zh-CN")
