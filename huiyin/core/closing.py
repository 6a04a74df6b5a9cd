"""How cases of a kind are closed: by the handling and the return visit that complaints have, or by a step of their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from huiyin.core.conditions import ALWAYS
from huiyin.core.rules import Regulation, Rule, StepRule

HANDLED: Final = "complaint_handled"
_CLOSED: Final = "case_closed"


def closed_by_a_step(record: str, regulations: Collection[Regulation]) -> bool:
    """Whether a regulation closes cases of this kind by a step of its own and none waits for their handling: a repair or a request for
    help does not go the way of a complaint, to a return visit, before it is closed."""
    rules = [rule for one in regulations for rule in one.by_event.get(_CLOSED, ()) if isinstance(rule, StepRule)]
    waiting = (rule for one in regulations for rule in one.by_event.get(HANDLED, ()))
    return any(_concerns(rule, record) for rule in rules) and not any(_concerns(rule, record) for rule in waiting)


def _concerns(rule: Rule, record: str) -> bool:
    when = getattr(rule, "when", ALWAYS)
    return rule.about == "case" and all(record in one.answers for one in when.questions if one.about == "record")
