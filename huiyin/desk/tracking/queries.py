"""What the person who brought a case may see of it, by its number and query code: its state, what was done and answered, what comes next.
Never who works on it, where they live or whom they called, nor anything that is kept inside the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from huiyin.core.records import OVERDUE, RUNNING
from huiyin.core.rules import ClockRule
from huiyin.desk.cases.access import OPEN, veil
from huiyin.desk.cases.lifecycle import CLOSED, DISPATCHED, OPEN_STATES, RATED, VISIT
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.rulebook.words import regulation_of

ANSWERS: Final = frozenset(
    {"public_reply_given", "suggestion_replied", "complainant_replied", "solution_given_to_customer", "message_answered"}
)
"""Acts whose text is written for the person who asked."""
REASONED: Final = frozenset({"case_held", "extension_decided"})
"""Acts whose reason and new date the person who asked is told."""
HANDED_ON: Final = frozenset({"case_dispatched", "case_transferred", "case_reassigned", *DISPATCHED.values()})
TOLD: Final = frozenset(
    {"progress_told_to_customer", "resident_answered", "result_told_to_resident", "clear_answer_given", "written_reply_sent"}
)
"""Acts by which the person was told something; what was said is kept inside the house."""
SOLVED: Final = ("solved", "not_solved")
RATINGS: Final = ("very_satisfied", "satisfied", "fair", "not_satisfied", "very_dissatisfied")
RATED_FOR: Final = timedelta(days=30)
"""So long after its closing a case can still be rated."""
WITHDRAWABLE: Final = frozenset({"complaint", "suggestion", "inquiry", "repair", "opinion"})
"""Kinds of record that the person may take back alone; who asked for help is asked whether they are safe."""
_OWN: Final = frozenset({"case_urged", RATED})
VISITS: Final = frozenset({"return_visit_done", "follow_up_done", "satisfaction_confirmed"})
SHOWN: Final = ANSWERS | REASONED | HANDED_ON | TOLD | VISITS | {
    "order_accepted", "complainant_contacted", "contact_attempted", "case_resumed", "complaint_handled",
    "case_closed", "case_reopened", "case_urged", "complaint_withdrawn", "case_joined", "case_voided",
    "case_reinstated", "suggestion_decided", "suggestion_passed_on", "suggestion_realised", "opinion_reported_to_superior",
    "problem_solved", RATED,
}  # fmt: skip
PROMISES: Final[Mapping[str, frozenset[str]]] = {
    "contact": frozenset({"complainant_contacted"}),
    "answer": ANSWERS | TOLD,
    "handle": frozenset({"complaint_handled"}),
    "visit": VISITS,
}
"""What a running limit promises to the person who asked, by the acts that end it."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done: the event, when, and – where these are for the person – its text, the unit it went to, its reason and new
    date. ``own``: it was said here, by the person. ``adopted``: a suggestion was decided on, and adopted. ``result`` and ``rating`` are
    what the person said of the handling."""

    event: str
    at: datetime
    text: str = ""
    unit: str = ""
    reason: str = ""
    until: str = ""
    own: bool = False
    adopted: bool = False
    result: str = ""
    rating: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A case as its person sees it: the steps, oldest first, ``promise`` one of PROMISES and when it is due, ``ended`` why it is void."""

    case: Case
    steps: tuple[Step, ...]
    promise: tuple[str, datetime] | None
    ended: str = ""


def tracked(organisation_id: UUID, case_id: UUID) -> Tracked:
    """The case as its person sees it. Raises NotFound where it has been destroyed since."""
    case = Case.objects.get(organisation_id=organisation_id, id=case_id, destroyed_at=None)
    hidden = veil(case) if case.secrets else OPEN
    facts = list(Fact.objects.filter(organisation_id=organisation_id, case_id=case_id).order_by("at", "number"))
    # A slip of the hand that was taken back within minutes is nothing that was done for the person.
    back = {one.details.get("takes_back") for one in facts}
    stands = (one for one in facts if one.number not in back and "takes_back" not in one.details)
    steps = tuple(_step(one, hidden.details(one.details)) for one in stands if _is_shown(one))
    return Tracked(case, steps, _promise(case), case.void_reason)


def may_urge(case: Case) -> bool:
    """Whether the person can still urge: the case is open."""
    return case.status in OPEN_STATES


def may_rate(case: Case, at: datetime) -> bool:
    """Whether the person can still say what they think of the handling: it is reported as done, or closed for less than RATED_FOR, and they
    have said nothing since."""
    if case.status != VISIT and not (case.status == CLOSED and case.closed_at is not None and at - case.closed_at < RATED_FOR):
        return False
    said = Fact.objects.filter(organisation_id=case.organisation_id, case_id=case.id, event__in=(RATED, "complaint_handled"))
    return said.order_by("number").values_list("event", flat=True).last() != RATED


def may_withdraw(case: Case) -> bool:
    """Whether the person can still take the case back: it is open, nothing is reported as done, and it is no call for help."""
    return case.status in OPEN_STATES and case.status != VISIT and case.record in WITHDRAWABLE


def _is_shown(fact: Fact) -> bool:
    if fact.event == "extension_decided" and fact.details.get("result") != "granted":
        return False
    return fact.event in SHOWN and not fact.derived


def _step(fact: Fact, told: Mapping[str, Any]) -> Step:
    own = fact.event in _OWN and fact.by_person is None
    reasoned = fact.event in REASONED
    return Step(
        fact.event,
        fact.at,
        str(told.get("text") or "") if own or fact.event in ANSWERS else "",
        (fact.unit_code or "") if fact.event in HANDED_ON else "",
        str(told.get("reason") or "") if reasoned else "",
        str(told.get("new_date") or "") if reasoned else "",
        own,
        fact.event == "suggestion_decided" and told.get("result") == "adopted",
        str(told.get("result") or "") if fact.event == RATED else "",
        str(told.get("rating") or "") if fact.event == RATED else "",
    )


def _promise(case: Case) -> tuple[str, datetime] | None:
    """The first thing that a running limit promises to the person, and by when; a passed one is still owed."""
    waiting = Clock.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, state__in=(RUNNING, OVERDUE), due_at__isnull=False
    ).order_by("due_at")
    for clock in waiting:
        ends = _ends(clock)
        for promise, acts in PROMISES.items():
            if clock.due_at is not None and not ends.isdisjoint(acts):
                return promise, clock.due_at
    return None


def _ends(clock: Clock) -> frozenset[str]:
    """The acts that end the clock, by its rule."""
    found, key = regulation_of(clock.rule), clock.rule.partition(":")[2]
    rule = found.by_id.get(key) if found else None
    return frozenset(end.event for end in (rule.ends, *rule.or_ends)) if isinstance(rule, ClockRule) else frozenset()
