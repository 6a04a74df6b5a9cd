"""The states of a case and the moves between them: rows that say from where, to where, who, what must be said, and what happens.

A state is what the facts make of it (``state_after``); the rows of ``MOVES`` are the acts that people may do, and the buttons of the pages.
No Django here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from huiyin.core.closing import HANDLED, closed_by_a_step
from huiyin.core.facts import Fact
from huiyin.core.known import REINSTATED
from huiyin.core.rules import ApprovalRule, ClockRule, Regulation

DISPATCH, ACCEPTANCE, PROGRESS, HOLD = "pending_dispatch", "pending_acceptance", "in_progress", "on_hold"
VISIT, CLOSED, ARCHIVED, VOID = "pending_return_visit", "closed", "archived", "void"
OPEN_STATES: Final = (DISPATCH, ACCEPTANCE, PROGRESS, HOLD, VISIT)
STATES: Final = (*OPEN_STATES, CLOSED, ARCHIVED, VOID)
RECALLED: Final = "handover_recalled"
"""A case goes back to the unit and the state that it had before it was handed over."""
RATED: Final = "case_rated"
"""Whoever asked says whether it is solved."""
VOID_REASONS: Final = ("non_liability", "withdrawn", "duplicate", "misfiled")
MISTAKABLE: Final = frozenset({"withdrawn", "duplicate", "misfiled"})
"""Reasons of being void that somebody may have given by mistake. That a unit is not responsible was decided, and stays so."""
_OPEN: Final = frozenset(OPEN_STATES)
_WORKED: Final = frozenset({ACCEPTANCE, PROGRESS, HOLD})

STATE_NAMES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    DISPATCH: ("待派单", "to dispatch", "已受理", "accepted"),
    ACCEPTANCE: ("待接单", "to accept", "已受理", "accepted"),
    PROGRESS: ("处理中", "in progress", "处理中", "in progress"),
    HOLD: ("已挂起", "on hold", "处理中", "in progress"),
    VISIT: ("待回访", "to visit again", "待您确认", "for you to confirm"),
    CLOSED: ("已办结", "closed", "已完成", "done"),
    ARCHIVED: ("已归档", "archived", "已完成", "done"),
    VOID: ("已作废", "void", "已关闭", "ended"),
}
"""For each state its name for staff and for residents, each in Chinese and English."""

RECEIVED: Final[Mapping[str, str]] = {
    "complaint": "complaint_received",
    "repair": "repair_reported",
    "help_request": "help_request_received",
    "suggestion": "suggestion_received",
    "inquiry": "oral_inquiry_received",
    "praise": "praise_received",
    "opinion": "opinion_received",
    "emergency": "incident_reported",
}
"""The event that begins a case of each kind of record."""

NUMBER_TYPES: Final[Mapping[str, str]] = {
    "complaint": "TS",
    "repair": "BX",
    "help_request": "QZ",
    "inquiry": "ZX",
    "suggestion": "JY",
    "praise": "BY",
    "opinion": "PJ",
    "emergency": "TF",
}
"""The letters that a case's number begins with (users.md 2.3)."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a move needs to be told. Kinds are those of the vocabulary, and ``unit`` and ``case``."""

    name: str
    kind: str = "text"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Back:
    """What takes an act back: the event of a fact of its own, which tells ``again`` what the act had changed, as it was before."""

    event: str
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """An act on a case. ``to`` is the state after it (None: the same), ``events`` what it stores, ``right`` who may.

    ``order`` sorts the buttons, the lowest is the page's primary one; ``records`` are the kinds it is for (empty: all), ``voids`` the
    reasons of being void for which a void case has it (empty: all); ``given`` are details that it always carries. ``under`` names an event:
    the move is there only under a regulation that waits for it and knows the roles that the move tells. A move that ``decides`` carries the
    clause under which that event asked for it. ``back`` takes it back; where nothing does, ``instead`` names the move that puts a mistake
    right, if there is one. The names may have holes for the unit's own terms.
    """

    key: str
    zh: str
    en: str
    froms: frozenset[str]
    to: str | None
    events: tuple[str, ...]
    right: str
    needs: tuple[Field, ...] = ()
    order: int = 50
    records: frozenset[str] = frozenset()
    voids: frozenset[str] = frozenset()
    given: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    under: str = ""
    decides: bool = False
    back: Back | None = None
    instead: str = ""

    def fits(self, status: str, record: str, void_reason: str) -> bool:
        """Whether the move is for a case of this kind in this state."""
        return (
            status in self.froms
            and (not self.records or record in self.records)
            and (status != VOID or not self.voids or void_reason in self.voids)
        )

    def known(self, regulations: Iterable[Regulation]) -> bool:
        """Whether the move is there for a case that these regulations govern."""
        told: Collection[str] = self.given.get("to", ())
        return not self.under or any(self.under in one.by_event and one.role_names.keys() >= set(told) for one in regulations)

    def clause(self, regulations: Iterable[Regulation]) -> str:
        """The clause under which one of the regulations asks for the decision that the move takes; empty where none does."""
        asking = (rule for one in regulations for rule in one.by_event.get(self.under, ()) if self.decides)
        return next((rule.cites[0] for rule in asking if isinstance(rule, ApprovalRule) and self.under in rule.asked_on), "")

    def stores(self, event: str) -> bool:
        """Whether the move stores this event."""
        return event in self.events or (self.key == "dispatch" and event in {"case_dispatched", *DISPATCHED.values()})

    def named(self, terms: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
        """What the move is called in Chinese and in English, in the terms of the case's unit."""
        if "{" not in self.zh:
            return self.zh, self.en
        chinese, english = ({key: word[index] for key, word in terms.items()} for index in (0, 1))
        return self.zh.format(**chinese), self.en.format(**english)

    def events_for(self, record: str, details: Mapping[str, Any], regulations: Iterable[Regulation] = ()) -> tuple[str, ...]:
        """The events that the move stores for a case of this kind of record, which the regulations govern."""
        if self.key == "dispatch":
            return (DISPATCHED.get(record, "case_dispatched"),)
        if self.key == "accept" and any(GOT in one.by_event for one in regulations):
            return (GOT, *self.events)
        if self.key == "return_visit" and details.get("result") == "satisfied":
            return (*self.events, "case_closed")
        return self.events


DISPATCHED: Final[Mapping[str, str]] = {
    "complaint": "complaint_transferred_to_unit",
    "repair": "complaint_transferred_to_unit",
    "suggestion": "suggestion_transferred_to_unit",
}
"""The event by which a case of each kind reaches its unit."""

GOT: Final = "complaint_received_by_unit"
"""Whoever accepts a case has received it: where a regulation waits for the receipt, its limits run from then on."""

_BOTH: Final = MappingProxyType({"to": ("quality_dept", "group_cc")})
_COMPLAINT: Final = frozenset({"complaint"})
_SUGGESTION: Final = frozenset({"suggestion"})
_REASON: Final = (Field("reason"),)
_TEXT: Final = (Field("text"),)
_HANDED_BACK: Final = Back(RECALLED)


def _f(*states: str) -> frozenset[str]:
    return frozenset(states)


MOVES: Final[tuple[Move, ...]] = (
    Move("dispatch", "派单", "dispatch", _f(DISPATCH), ACCEPTANCE, (), "dispatch", (Field("unit", "unit", False),), 1, back=_HANDED_BACK),
    Move(
        "accept", "接单", "accept", _f(ACCEPTANCE), PROGRESS, ("work_process_started", "order_accepted"), "accept", (), 2,
        instead="transfer",
    ),
    Move("class", "分类", "set the class", _OPEN, None, ("category_set",), "accept", (Field("category", "map"),), 6, instead="class"),
    Move(
        "contact", "联系{customer}", "contact the {customer}", _WORKED, None, ("complainant_contacted",), "contact",
        (Field("text", "text", False),), 3,
    ),
    Move("attempt", "未联系上", "could not reach", _WORKED, None, ("contact_attempted",), "contact", _REASON, 7),
    Move(
        "fix_department", "确定责任部门", "fix the department", _WORKED, None, ("responsible_department_fixed",), "plan",
        (Field("department", "key"),), 4, under="responsible_department_fixed", instead="fix_department",
    ),
    Move(
        "first_plan", "初步处理方案", "first plan", _WORKED, None, ("first_handling_plan_recorded",), "plan", _TEXT, 5,
        under="first_handling_plan_recorded",
    ),
    Move(
        "report_solution", "上报解决方案", "report the solution", _WORKED, None, ("solution_reported",), "report_solution",
        (Field("text"), Field("promised_at", "moment")), 8, given=_BOTH, under="solution_reported",
    ),
    Move(
        "group_solution", "收到集团方案", "group's solution", _WORKED, None, ("group_solution_received",), "plan", _TEXT, 20,
        under="solution_reported",
    ),
    Move(
        "measure_done", "措施落实", "measure done", _WORKED, None, ("measure_done",), "handle",
        (Field("text"), Field("reason", "text", False)), 21, under="solution_reported",
    ),
    Move("handle", "处理完毕", "handled", _WORKED, VISIT, ("complaint_handled",), "handle", _TEXT, 9, instead="reopen"),
    Move(
        "return_visit", "回访", "return visit", _f(VISIT), None, ("return_visit_done",), "return_visit",
        (Field("result", "key"), Field("text", "text", False)), 1,
    ),
    Move("close", "办结", "close", _f(VISIT), CLOSED, ("case_closed",), "close", _REASON, 10, instead="reopen"),
    Move(
        "close_suggestion", "办结", "close", _f(PROGRESS), CLOSED, ("case_closed",), "close", (), 10, records=_SUGGESTION, instead="reopen"
    ),
    Move("archive", "归档", "archive", _f(CLOSED), ARCHIVED, ("case_archived",), "archive", (), 1),
    Move("reopen", "重办", "reopen", _f(CLOSED, VISIT), PROGRESS, ("case_reopened",), "reopen", _REASON, 30),
    Move(
        "hold", "挂起", "hold", _f(PROGRESS), HOLD, ("case_held",), "hold", (Field("reason"), Field("new_date", "moment")), 31,
        back=Back("case_resumed"),
    ),
    Move(
        "resume", "恢复", "resume", _f(HOLD), PROGRESS, ("case_resumed",), "hold", (), 1, back=Back("case_held", ("reason", "new_date"))
    ),
    Move(
        "ask_extension", "申请延期", "ask for an extension", _WORKED, None, ("extension_asked",), "extend",
        (Field("reason"), Field("new_date", "moment")), 32,
    ),
    Move(
        "decide_extension", "审批延期", "decide the extension", _WORKED, None, ("extension_decided",), "approve",
        (Field("result", "key"), Field("reason", "text", False), Field("new_date", "moment", False)), 33,
    ),
    Move("urge", "催办", "urge", _OPEN, None, ("case_urged",), "urge", (Field("text", "text", False),), 34),
    Move(
        "second_complaint", "二次投诉", "second complaint", _OPEN | {CLOSED}, None, ("second_complaint_started",), "register",
        _TEXT, 35, records=_COMPLAINT,
    ),
    Move("join", "并案", "merge", _OPEN, VOID, ("case_joined",), "end_case", (Field("into", "case"),), 40, instead="reinstate"),
    Move("split", "拆单", "split", _OPEN, None, ("note_added",), "register", (Field("new_case", "case"), Field("text")), 41),
    Move(
        "transfer", "转派", "transfer", _OPEN - {VISIT}, ACCEPTANCE, ("case_transferred",), "transfer",
        (Field("unit", "unit"), Field("reason")), 36, back=_HANDED_BACK,
    ),
    Move(
        "reassign", "改派", "reassign", _f(ACCEPTANCE), ACCEPTANCE, ("case_reassigned",), "dispatch",
        (Field("unit", "unit", False), Field("reason")), 37, back=_HANDED_BACK,
    ),
    Move("add_unit", "加派", "add a unit", _OPEN, None, ("unit_added",), "transfer", (Field("unit", "unit"), Field("text")), 38),
    Move("return", "退单", "return", _f(ACCEPTANCE, PROGRESS), None, ("complaint_returned_by_unit",), "return_dispatch", _REASON, 60),
    Move("withdraw", "撤诉", "withdraw", _OPEN, VOID, ("complaint_withdrawn",), "end_case", _REASON, 61, instead="reinstate"),
    Move(
        "void", "作废", "void", _OPEN, VOID, ("case_voided",), "adjudicate", (Field("reason"), Field("result", "key")), 62,
        instead="reinstate",
    ),
    Move(
        "reinstate", "取消作废", "undo the voiding", _f(VOID), None, (REINSTATED,), "end_case", _REASON, 63, voids=MISTAKABLE,
    ),
    Move(
        "mark_escalation", "标记升级风险", "mark escalation risk", _OPEN, None, ("escalation_risk_marked",), "register",
        (Field("consequences", "keys"), Field("reason")), 42, records=_COMPLAINT, under="escalation_risk_marked",
    ),
    Move(
        "set_severity", "定严重程度", "set the severity", _OPEN, None, ("severity_set",), "register", (Field("severity", "map"),), 43,
        instead="set_severity",
    ),
    Move(
        "set_issue", "问题归类", "set the issue", _OPEN, None, ("issue_set",), "register", (Field("issue", "key"),), 44,
        back=Back("issue_set", ("issue",)),
    ),
    Move(
        "claim_non_responsibility", "提出非责任", "claim non-responsibility", _WORKED, None, ("non_responsibility_claimed",),
        "claim_non_responsibility", _REASON, 45, records=_COMPLAINT, under="non_responsibility_claimed",
    ),
    Move(
        "submit_statement", "提交非责任说明", "submit the statement", _WORKED, None, ("non_responsibility_statement_submitted",),
        "submit_statement", (Field("reason"), Field("text")), 46, records=_COMPLAINT, given=MappingProxyType({"to": ("group_cc",)}),
        under="non_responsibility_statement_submitted",
    ),
    Move(
        "accept_statement", "认定无效投诉", "confirm invalid", _OPEN, VOID, ("approval_given",), "check_statement",
        _TEXT, 47, records=_COMPLAINT, under="non_responsibility_statement_submitted", decides=True,
    ),
    Move(
        "refuse_statement", "不认可非责任说明", "refuse the statement", _OPEN, None, ("approval_refused",), "check_statement",
        _REASON, 48, records=_COMPLAINT, under="non_responsibility_statement_submitted", decides=True,
    ),
    Move(
        "decide_suggestion", "决定是否采纳", "decide the suggestion", _WORKED, None, ("suggestion_decided",), "decide_suggestion",
        (Field("result", "key"), Field("reason", "text", False)), 3, records=_SUGGESTION, under="suggestion_decided",
    ),
    Move(
        "reply_suggestion", "回复建议人", "reply", _WORKED, None, ("suggestion_replied",), "decide_suggestion",
        (Field("text"), Field("reason", "text", False)), 4, records=_SUGGESTION, under="suggestion_replied",
    ),
    Move("public_reply", "答复{customer}", "reply to the {customer}", _OPEN | {CLOSED}, None, ("public_reply_given",), "handle", _TEXT, 12),
    Move("note", "内部备注", "internal note", frozenset(STATES), None, ("note_added",), "see_cases", _TEXT, 13),
    Move("remind", "提醒", "remind", _OPEN, None, ("reminder_sent",), "urge", (Field("to", "roles"), Field("text")), 39),
    Move("supervise", "督办", "supervise", _OPEN, None, ("supervision_recorded",), "supervise", _TEXT, 49),
    Move(
        "name_follower", "指定跟进人", "name a follower", _OPEN, None, ("follower_named",), "supervise",
        (Field("to", "roles"), Field("assignee", "people", False)), 51,
    ),
    Move("follow_up", "录入跟进", "enter a follow-up", _OPEN, None, ("follow_up_entered",), "see_cases", _TEXT, 52),
    Move(
        "report_major", "上报重大投诉", "report the major complaint", _OPEN, None, ("major_complaint_reported",), "report_major",
        (Field("text", "text", False),), 53, records=_COMPLAINT, given=MappingProxyType({"to": ("leader_in_charge",)}),
        under="major_complaint_reported",
    ),
)  # fmt: skip

BY_KEY: Final[Mapping[str, Move]] = {move.key: move for move in MOVES}
TOGETHER: Final = frozenset({"dispatch", "reassign", "transfer", "urge", "remind", "note", "archive", "supervise", "name_follower"})
"""Moves that may be made on several cases at once: what is said with them is the same for each. What speaks of the one case – a plan, an
answer, a reason – is said case by case, and so is what starts the work."""

MARKED_INVALID: Final = "marked:invalid"
_AFTER: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    **{event: (_OPEN - {VISIT}, ACCEPTANCE) for event in ("case_dispatched", "case_reassigned", "case_transferred")},
    **{event: (_OPEN - {VISIT}, ACCEPTANCE) for event in DISPATCHED.values()},
    "order_accepted": (_f(DISPATCH, ACCEPTANCE), PROGRESS),
    "case_held": (_f(DISPATCH, ACCEPTANCE, PROGRESS), HOLD),
    "case_resumed": (_f(HOLD), PROGRESS),
    "complaint_handled": (_OPEN, VISIT),
    "case_closed": (_OPEN, CLOSED),
    "case_archived": (_f(CLOSED), ARCHIVED),
    "case_reopened": (_f(VISIT, CLOSED, ARCHIVED), PROGRESS),
    "case_voided": (_OPEN, VOID),
    "case_joined": (_OPEN, VOID),
    "complaint_withdrawn": (_OPEN, VOID),
    MARKED_INVALID: (_OPEN | {CLOSED}, VOID),
}
BEGUN: Final = frozenset(
    {
        "carers_sent", "clear_answer_given", "complaint_received_by_unit", "emergency_120_called", "emergency_course_chosen",
        "form_signed_for", "handling_plan_submitted", "handling_procedure_started", "handling_proposal_given", "help_decision_recorded",
        "help_handling_recorded", "helper_named", "implementation_started", "investigation_completed", "investigation_started",
        "message_answered", "other_body_contacted", "problem_solved", "progress_told_to_customer", "resident_answered",
        "responder_arrived", "security_dept_notified", "solution_given_to_customer", "special_help_arranged", "written_reply_sent",
    }
)  # fmt: skip
"""Acts of the work itself. Where no regulation of the case times its acceptance, the first of them begins it."""
_VOID_BY: Final = {"complaint_withdrawn": "withdrawn", "case_joined": "duplicate", MARKED_INVALID: "non_liability"}


def state_after(state: str, event: str, details: Mapping[str, Any], regulations: Iterable[Regulation] = ()) -> str:
    """The state of a case in ``state`` that ``regulations`` govern once ``event`` has happened; the same where the event moves nothing.

    A return visit moves by its result: not satisfied goes back to work; satisfied waits for the closing that comes with it; nobody
    reached leaves the case waiting, it is never taken for satisfied. So does a rating: not solved goes back to work, solved still waits for
    the visit.
    """
    event = event.rpartition("/")[2]
    if event == RECALLED:
        before = str(details.get("state_before") or "")
        return before if state == ACCEPTANCE and before in _OPEN - {VISIT} else state
    if event == REINSTATED:
        before = str(details.get("state_before") or "")
        return before if state == VOID and before in _OPEN else state
    if event == MARKED_INVALID and not details.get("alone", True):
        # Invalid for one regulation is not yet so for another one that is in force too (X18): the case goes on.
        return state
    if event == RATED:
        return PROGRESS if state == VISIT and details.get("result") == "not_solved" else state
    if event == "return_visit_done":
        return PROGRESS if state == VISIT and details.get("result") == "not_satisfied" else state
    if state == ACCEPTANCE and event in BEGUN and not any(map(_times_acceptance, regulations)):
        return PROGRESS
    froms, to = _AFTER.get(event, (frozenset(), state))
    return to if state in froms else state


def _times_acceptance(regulation: Regulation) -> bool:
    return any(isinstance(rule, ClockRule) for rule in regulation.by_event.get("order_accepted", ()))


def states_told(facts: Iterable[Fact], regulations: Collection[Regulation]) -> list[str]:
    """The state of a case that ``regulations`` govern before its first fact, and after each of them."""
    states = [DISPATCH]
    for fact in facts:
        states.append(state_after(states[-1], fact.event, fact.details, regulations))
    return states


def void_reason(event: str, details: Mapping[str, Any]) -> str:
    """Why a case that ``event`` made void is void, one of VOID_REASONS."""
    given = str(details.get("result") or "")
    return _VOID_BY.get(event.rpartition("/")[2]) or (given if given in VOID_REASONS else "misfiled")


def moves_for(
    state: str, rights: Collection[str], record: str, regulations: Collection[Regulation], void_reason: str = ""
) -> tuple[Move, ...]:
    """The moves that somebody with these rights may do on a case in this state, which the regulations govern; the primary one first."""
    open_now = (move for move in MOVES if move.fits(state, record, void_reason))
    found = (move for move in open_now if move.right in rights and move.known(regulations))
    if closed_by_a_step(record, regulations):
        found = (move for move in found if HANDLED not in move.events)
    return tuple(sorted(found, key=lambda move: move.order))
