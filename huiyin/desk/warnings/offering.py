"""Which acts on a warning come next, and of whom each would be accepted: the regulations are asked as they are when the act is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from huiyin.core.records import CONFIRMED, RAISED
from huiyin.desk.facts.actions.foreseeing import Standing, standing_of_cases, standing_of_issue
from huiyin.desk.warnings.actions import ANSWERS_GO_TO, DISMISSED, RED, fact_about
from huiyin.desk.warnings.models import WarningSignal

CONFIRM, DISMISS, CONFIRM_AND_SEND, SEND, FORWARD, ANSWER, ANSWER_TOGETHER = (
    "confirm", "dismiss", "confirm_and_send", "send", "forward", "answer", "answer_together",
)  # fmt: skip
_SAID: Final = "…"
_Say = Callable[[datetime], Mapping[str, Any]]
_MADE_OF: Final[Mapping[str, tuple[tuple[str, _Say], ...]]] = {
    CONFIRM: (("warning_verified", lambda _at: {"result": CONFIRMED}),),
    DISMISS: (("warning_verified", lambda _at: {"result": DISMISSED, "reason": _SAID}),),
    CONFIRM_AND_SEND: (("warning_verified", lambda _at: {"result": CONFIRMED}), ("warning_sent_to_unit", lambda _at: {})),
    SEND: (("warning_sent_to_unit", lambda _at: {}),),
    FORWARD: (("warning_forwarded_to_departments", lambda _at: {"to": ["related_departments"]}),),
    ANSWER: (
        (
            "warning_solution_reported",
            lambda at: {"to": list(ANSWERS_GO_TO), "solution": _SAID, "promised_at": at + timedelta(days=1)},
        ),
    ),
    ANSWER_TOGETHER: (("red_solution_reported", lambda _at: {"to": ["company_gm"], "solution": _SAID, "contributors": [_SAID]}),),
}
"""The facts that each act stores, with words in the place of what a person will write."""


def due(signal: WarningSignal) -> tuple[str, ...]:
    """The acts that come next as the warning stands, whoever does them; none where nothing has to happen any more."""
    red = signal.level == RED
    if signal.state == RAISED:
        return (CONFIRM, DISMISS) if red else (CONFIRM_AND_SEND, CONFIRM, DISMISS)
    if signal.state != CONFIRMED:
        return ()
    if signal.sent_at is None:
        return (FORWARD,) if red else (SEND,)
    return (ANSWER_TOGETHER,) if red else (ANSWER,)


def standings(signals: Iterable[WarningSignal], at: datetime) -> Mapping[UUID, Standing]:
    """How the case, or the unit and issue, of each warning stands, by the warning's id; the cases are read in one statement."""
    listed = list(signals)
    if not listed:
        return {}
    of_cases = standing_of_cases(listed[0].organisation_id, {one.case_id for one in listed if one.case_id}, at)
    found = {one.id: of_cases[one.case_id] for one in listed if one.case_id and one.case_id in of_cases}
    issues = (one for one in listed if not one.case_id)
    return found | {one.id: standing_of_issue(one.organisation_id, one.unit_code, one.issue or "", at) for one in issues}


def accepted(signal: WarningSignal, standing: Standing, role: str, at: datetime) -> frozenset[str]:
    """Of the acts that come next those that would be accepted of ``role``."""
    return frozenset(one for one in due(signal) if _would_stand(signal, standing, one, role, at))


def _would_stand(signal: WarningSignal, standing: Standing, act: str, role: str, at: datetime) -> bool:
    now: Standing | None = standing
    for event, said in _MADE_OF[act]:
        now = now.after(fact_about(signal, event, said(at), role, at)) if now is not None else None
    return now is not None
