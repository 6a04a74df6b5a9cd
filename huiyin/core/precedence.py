"""How regulations meet: every clock is reckoned and shown; where two of them set a limit for the same matter, one binds (GP-13.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiyin.core.records import Clock
from huiyin.core.rules import Adopted, ClockRule

LEVELS: Mapping[str, int] = {"group": 0, "company": 1, "unit": 2}
"""The group's value prevails over the company's, the company's over the unit's."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The clock that binds for one matter, the others that it goes before, and why: "only", "level" or "stricter"."""

    clock: Clock
    over: tuple[Clock, ...]
    why: str


def bindings(clocks: Iterable[Clock], adopted: Sequence[Adopted]) -> tuple[Binding, ...]:
    """For each matter among the open ``clocks`` of a case the one that binds. Clocks without a due moment bind nobody."""
    rules = {f"{one.regulation.prefix}:{rule.id}": (one, rule) for one in adopted for rule in one.regulation.rules}
    matters: dict[tuple[str, frozenset[str]], list[Clock]] = {}
    for clock in clocks:
        rule = rules.get(clock.rule, (None, None))[1]
        if clock.open and clock.due_at is not None and isinstance(rule, ClockRule):
            matters.setdefault((rule.ends.event, rule.ends.to), []).append(clock)
    return tuple(_binding(one, rules) for one in matters.values())


def _binding(clocks: list[Clock], rules: Mapping[str, tuple[Adopted, object]]) -> Binding:
    def rank(clock: Clock) -> tuple[int, str]:
        level = LEVELS.get(rules[clock.rule][0].regulation.level, len(LEVELS))
        return level, clock.due_at.isoformat() if clock.due_at else ""

    first, *others = sorted(clocks, key=rank)
    if not others:
        return Binding(first, (), "only")
    return Binding(first, tuple(others), "level" if rank(first)[0] < rank(others[0])[0] else "stricter")
