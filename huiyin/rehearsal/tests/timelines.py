"""Random timelines: acts of all kinds, sensible and not, with gaps of time that like to fall on the limits themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from huiyin.core.facts import Fact
from huiyin.core.known import Unit
from huiyin.core.moments import SHANGHAI
from huiyin.rehearsal.organisation import standard_units
from huiyin.rehearsal.scenario import Adoption, Scenario

GAPS = (0, 1, 9, 10, 11, 50, 60, 70, 240, 310, 1430, 1440, 2880, 3 * 1440, 4320 + 240, 7 * 1440, 15 * 1440)
"""Minutes between two acts: nothing, a little, and the limits with their sums."""
CATEGORIES = ("customer_service", "engineering_repair", "public_order", "cleaning", "greening", "other")
BOTH = ["quality_dept", "group_cc"]
LEVELS = ("blue", "yellow", "red")
SMALL = (
    Unit("CO", "property_company"),
    Unit("B1", "branch", "CO"),
    Unit("P1", "project", "B1", 40),
    Unit("P2", "project", "B1", 30),
)


def _act(event: str, by: str | tuple[str, ...], **details: Any) -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
    roles = st.sampled_from(by) if isinstance(by, tuple) else st.just(by)
    drawn = {key: value if isinstance(value, st.SearchStrategy) else st.just(value) for key, value in details.items()}
    return st.tuples(st.just(event), roles, st.fixed_dictionaries(drawn))


_VERIFIERS = ("group_cc_supervisor", "quality_head", "project_manager")
ACTS = st.one_of(
    _act("complaint_transferred_to_unit", "group_cc_agent"),
    _act("work_process_started", "unit_liaison"),
    _act("order_accepted", "unit_liaison"),
    _act("complainant_contacted", "unit_liaison"),
    _act("responsible_department_fixed", "unit_liaison"),
    _act("first_handling_plan_recorded", "unit_liaison"),
    _act("solution_reported", "unit_liaison", to=st.sampled_from((BOTH, BOTH[:1], BOTH[1:])), promised_at=st.just("soon")),
    _act("complaint_handled", "unit_liaison"),
    _act("second_complaint_started", "group_cc_agent"),
    _act("severity_set", "quality_dept", severity=st.sampled_from(({"GP": "general"}, {"GP": "serious"}, {"GP": "major"}))),
    _act("category_set", "unit_liaison", category=st.sampled_from(CATEGORIES).map(lambda key: {"GP": key})),
    _act("major_complaint_reported", "quality_dept", to=["leader_in_charge"]),
    _act("warning_verified", _VERIFIERS, level=st.sampled_from(LEVELS), result=st.sampled_from(("confirmed", "confirmed", "dismissed"))),
    _act("warning_sent_to_unit", "group_cc_supervisor", level=st.sampled_from(LEVELS[:2])),
    _act("warning_forwarded_to_departments", "quality_head", to=["legal_dept"]),
    _act("warning_solution_reported", "project_manager", level=st.sampled_from(LEVELS[:2]), to=BOTH, promised_at=st.just("soon")),
    _act("red_solution_reported", "quality_head", to=["company_gm"]),
    _act("escalation_risk_marked", "group_cc_supervisor", reason="r", consequences=st.sampled_from(([], ["media_report"]))),
    _act("non_responsibility_claimed", "unit_head", reason="not_our_responsibility"),
    _act("non_responsibility_statement_submitted", "unit_head", to=["group_cc"]),
    _act("approval_given", "quality_dept", clause="GP-10.2.4c", approver=st.sampled_from(("group_cc", "quality_dept"))),
    _act("approval_refused", "group_cc", clause="GP-10.2.4c", approver="group_cc"),
    _act("complaint_returned_by_unit", "unit_liaison", reason="r"),
    _act("complaint_withdrawn", "owner"),
    _act("case_joined", "group_cc_agent"),
    _act("case_voided", "group_cc_supervisor"),
    _act("issue_set", "quality_dept", issue=st.sampled_from(("lift", "smell"))),
    _act("suggestion_decided", "unit_liaison", result=st.sampled_from(("adopted", "not_adopted"))),
    _act("suggestion_replied", "unit_liaison", reason=st.sampled_from(("", "no room"))),
    _act("case_closed", "unit_liaison"),
)
_SIGNED = ["project_manager", "branch_head"]
_DUTIES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("liaison_online", "P1", "unit_liaison", {}),
    ("liaison_duty_closed", "P2", "unit_liaison", {}),
    ("phone_duty_closed", "P1", "unit_liaison", {}),
    ("complaints_reviewed", "CO", "quality_dept", {}),
    ("desk_closed", "CO", "quality_dept", {}),
    ("weekly_summary_reported", "CO", "quality_dept", {"to": ["leader_in_charge"]}),
    ("weekly_signed_summary_submitted", "P1", "unit_liaison", {"to": ["quality_dept"], "signed_by": _SIGNED}),
    ("weekly_signed_summary_submitted", "P2", "unit_liaison", {"to": ["quality_dept"], "signed_by": _SIGNED[:1]}),
    ("monthly_publication_issued", "CO", "quality_dept", {"audience": "company"}),
)
_DUTY_ACTS = st.sampled_from(_DUTIES)


@st.composite
def timelines(draw: st.DrawFn) -> Scenario:
    """A scenario without expectations: up to three cases and the daily acts of the units, over some days or weeks."""
    small = draw(st.booleans())
    at = datetime(2026, 3, draw(st.integers(1, 28)), draw(st.integers(0, 23)), draw(st.integers(0, 59)), tzinfo=SHANGHAI)
    facts: list[Fact] = []
    begun: list[str] = []
    for _ in range(draw(st.integers(3, 14))):
        at += timedelta(minutes=draw(st.sampled_from(GAPS)))
        kind = draw(st.integers(0, 9))
        if not begun or (kind == 0 and len(begun) < 3):
            begun.append("ABC"[len(begun)])
            facts.append(_begin(draw, begun[-1], at))
        elif kind == 1:
            event, unit, by, details = draw(_DUTY_ACTS)
            facts.append(Fact(event, at, None, unit, by, details))
        elif kind == 2:
            unit = draw(st.sampled_from(("P1", "P2")))
            facts.append(Fact("case_transferred", at, draw(st.sampled_from(begun)), unit, "group_cc_agent", {}))
        else:
            event, by, details = draw(ACTS)
            soon = {"promised_at": at + timedelta(days=draw(st.integers(0, 3)))} if "promised_at" in details else {}
            facts.append(Fact(event, at, draw(st.sampled_from(begun)), None, by, {**details, **soon}))
    until = at + timedelta(minutes=draw(st.sampled_from(GAPS)))
    settings = draw(st.sampled_from(({}, {"GP-8.1.4c": {"tolerance": "1 hours"}})))
    adopt = (Adoption("group_platform"),)
    units = SMALL if small else standard_units()
    return Scenario("random", "random", 0, (), adopt, units, settings, tuple(facts), until)


def _begin(draw: st.DrawFn, case: str, at: datetime) -> Fact:
    unit, household = draw(st.sampled_from(("P1", "P2"))), draw(st.sampled_from(("1-1-101", "1-1-102", "1-1-103")))
    details: dict[str, Any] = {"customer": "R1", "household": household, "channel": "call_centre_400"}
    if draw(st.integers(0, 4)) == 0:
        return Fact("suggestion_transferred_to_unit", at, case, unit, "group_cc_agent", {**details, "record": "suggestion"})
    details["category"] = {"GP": draw(st.sampled_from(CATEGORIES))}
    details["severity"] = {"GP": draw(st.sampled_from(("general", "serious", "major")))}
    if draw(st.booleans()):
        details["issue"] = "lift"
    return Fact("complaint_received", at, case, unit, "group_cc_agent", {**details, "record": "complaint"})
