"""Acts that stand in a register of the unit: what is entered there once is not recorded a second time, whichever of the two came first."""

from __future__ import annotations

from typing import Final

from huiyin.core.facts import ENTRY, INSTEAD_OF, PUTS_RIGHT, Fact
from huiyin.core.records import Entered
from huiyin.core.rules import Adopted, RegisterRule
from huiyin.core.work import Work

_NOT_SAID: Final = frozenset({ENTRY, PUTS_RIGHT, INSTEAD_OF})
FROM_ACT: Final = "from_act"
FROM_ENTRY: Final = "from_entry"
"""Acts that only make entries, and acts that only follow from them."""


def follow_register(work: Work, adopted: Adopted, rule: RegisterRule, fact: Fact) -> None:
    """Say that the act stands in the register, under the entry that told of it or one that follows from it."""
    register = f"{adopted.regulation.prefix}:{rule.id}"
    unit, told = work.unit_of(fact), {name: value for name, value in fact.details.items() if name not in _NOT_SAID}
    for one in rule.records:
        if one.event in work.names and (ENTRY in fact.details or one.way != FROM_ENTRY):
            key = f"{register}|{one.event}|{unit}|{fact.case or ''}|{fact.at.isoformat()}"
            work.keep(Entered(key, register, rule.cites[0], unit, one.event, fact.at, fact.by, told, fact.text(ENTRY)))
