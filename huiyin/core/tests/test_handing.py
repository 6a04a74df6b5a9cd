"""What belongs to the hand-over of a month, and what is missing of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.follow import follow
from huiyin.core.handing import Handover, handover
from huiyin.core.known import Case, Known, Unit, Units, begin, note
from huiyin.core.moments import parse_moment
from huiyin.core.records import Retention
from huiyin.core.rules import Adopted, HandoverRule
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

RC = Adopted(regulation("resident_complaints"), "P1", load_workdays())
HANDED = "forms_handed_over_to_quality_dept"


def _rule() -> HandoverRule:
    [rule] = [one for one in RC.regulation.rules if isinstance(one, HandoverRule)]
    return rule


def _heard(event: str, at: str, case: str = "", record: str = "complaint", **told: Any) -> Fact:
    named = {"case": case, "record": record} if case else {}
    return Fact(event, parse_moment(at), "unit:P1", "P1", details={**named, **told})


def _past(*facts: Fact) -> Case:
    case = begin(facts[0], "unit")
    for fact in facts:
        case = note(case, fact)
    return case


def _at(text: str) -> datetime:
    return parse_moment(text)


def test_what_is_finished_by_the_day_belongs_to_the_month_and_what_is_finished_after_it_to_the_next() -> None:
    past = _past(
        _heard("complaint_handled", "2026-03-30 23:59", "A"),
        _heard("complaint_handled", "2026-03-31 00:01", "B"),
    )
    assert handover(RC, _rule(), past, "2026-03", _at("2026-03-29 12:00")) == Handover((), ())
    assert handover(RC, _rule(), past, "2026-03", _at("2026-04-05 12:00")) == Handover(("A",), ())
    assert handover(RC, _rule(), past, "2026-04", _at("2026-04-05 12:00")) == Handover(("A", "B"), ())


def test_what_was_handed_over_is_not_missing_again_and_stands_under_the_month_that_the_act_named() -> None:
    past = _past(
        _heard("complaint_handled", "2026-03-10 10:00", "A"),
        _heard("complaint_handled", "2026-03-11 10:00", "B"),
        _heard(HANDED, "2026-03-28 10:00", period="2026-03", forms=["A"]),
        _heard("complaint_handled", "2026-03-29 10:00", "C"),
    )
    assert handover(RC, _rule(), past, "2026-03", _at("2026-03-28 10:00")) == Handover(("B",), ("A",))
    assert handover(RC, _rule(), past, "2026-03", _at("2026-03-30 10:00")) == Handover(("B", "C"), ("A",))
    assert handover(RC, _rule(), past, "2026-04", _at("2026-04-30 10:00")) == Handover(("B", "C"), ())


def test_an_act_that_names_none_hands_over_all_of_its_month_that_are_back_by_then() -> None:
    past = _past(
        _heard("complaint_handled", "2026-03-10 10:00", "A"),
        _heard("form_returned_to_service_centre", "2026-03-10 11:00", "A"),
        _heard("complaint_handled", "2026-03-27 10:00", "C"),
        _heard(HANDED, "2026-03-28 10:00", period="2026-03"),
        _heard("form_returned_to_service_centre", "2026-03-28 10:01", "C"),
        _heard("complaint_handled", "2026-03-29 10:00", "B"),
    )
    assert handover(RC, _rule(), past, "2026-03", _at("2026-03-30 10:00")) == Handover(("C", "B"), ("A",))


def test_what_is_handed_over_is_kept_from_then_on_and_nothing_else() -> None:
    past = _past(
        _heard("complaint_handled", "2026-03-10 10:00", "A"),
        _heard("form_returned_to_service_centre", "2026-03-10 11:00", "A"),
        _heard("complaint_handled", "2026-03-11 10:00", "B"),
    )
    known = Known(Units.of([Unit("P1", "project")]), case=past, about="unit")
    records = follow([RC], known, _heard(HANDED, "2026-03-28 10:00", period="2026-03")).records
    kept = [(one.clause, one.case, one.at, one.until) for one in records if isinstance(one, Retention) and one.case in ("A", "B")]
    assert kept == [("RC-4.8d", "A", _at("2026-03-28 10:00"), None)]


def test_other_records_and_what_was_reopened_or_taken_back_are_not_missing() -> None:
    past = _past(
        _heard("case_closed", "2026-03-09 10:00", "S", "suggestion"),
        _heard("complaint_handled", "2026-03-10 10:00", "A"),
        _heard("case_reopened", "2026-03-11 10:00", "A"),
        _heard("complaint_handled", "2026-03-10 10:00", "B"),
        _heard("complaint_withdrawn", "2026-03-12 10:00", "B"),
        _heard("complaint_handled", "2026-03-13 10:00", "C"),
    )
    assert handover(RC, _rule(), past, "2026-03", _at("2026-03-20 10:00")).missing == ("C",)
    again = note(past, _heard("complaint_handled", "2026-03-21 10:00", "A"))
    assert handover(RC, _rule(), again, "2026-03", _at("2026-03-22 10:00")).missing == ("C", "A")
