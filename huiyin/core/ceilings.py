"""Entries of one register held against another one: no more than what it allows on the day (a charge against the published rates)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from huiyin.core.questions import number_of
from huiyin.core.rules import Ceiling

WITHIN, ABOVE, NOTHING = "within", "above", "nothing"
"""How an entry stands: no more than is allowed; more; nothing is allowed on its day."""
WRONG: Final = frozenset({ABOVE, NOTHING})


@dataclass(frozen=True, slots=True)
class Allowance:
    """An entry of the register that holds the most: its key, its values by column as they are kept, the day on which it was closed (the
    last one on which it holds), and how far up the tree its unit is (0: the unit's own)."""

    key: str
    values: Mapping[str, str]
    closed_on: date | None = None
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """How an entry stands: the allowance that it was held against, what that allows, and by how much the entry is above it."""

    state: str
    by: Allowance | None = None
    allowed: Decimal | None = None
    over: Decimal = Decimal()


def compare(ceiling: Ceiling, values: Mapping[str, str], allowances: Iterable[Allowance]) -> Compared:
    """Hold the ``values`` of an entry, as they are kept, against the ``allowances``.

    Of those that say the same in the columns of the rule and hold on the entry's day, the nearest unit's counts, of one unit's the one
    that holds since the latest day; of several of that day the last in order.
    """
    day = date.fromisoformat(values[ceiling.day])
    fitting = [one for one in allowances if _says_the_same(ceiling, values, one.values) and _holds(ceiling, one, day)]
    by = min(reversed(fitting), key=lambda one: (one.distance, -_since(ceiling, one).toordinal()), default=None)
    most = number_of(by.values.get(ceiling.most)) if by is not None else None
    if most is None:
        return Compared(NOTHING)
    quantity = number_of(values.get(ceiling.quantity)) if ceiling.quantity else None
    allowed = most if quantity is None else most * quantity
    over = max(Decimal(), (number_of(values[ceiling.amount]) or Decimal()) - allowed)
    return Compared(ABOVE if over else WITHIN, by, allowed, over)


def _says_the_same(ceiling: Ceiling, values: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    return all(_plain(values.get(own, "")) == _plain(theirs.get(other, "")) for own, other in ceiling.same)


def _plain(text: str) -> str:
    """A name as people mean it: width, case and blanks make no other one."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _since(ceiling: Ceiling, one: Allowance) -> date:
    return date.fromisoformat(one.values[ceiling.since])


def _holds(ceiling: Ceiling, one: Allowance, day: date) -> bool:
    if ceiling.since not in one.values or _since(ceiling, one) > day:
        return False
    until = one.values.get(ceiling.until) if ceiling.until else None
    ends = [date.fromisoformat(until)] if until else []
    return all(day <= last for last in (*ends, *((one.closed_on,) if one.closed_on else ())))
