"""Warnings, their life, and the points that they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from huiyin.core.conditions import Condition
from huiyin.core.rules.moments import End, Rule


@dataclass(frozen=True, slots=True)
class Overdue:
    """Trigger of a warning: the clock of rule ``clock`` is still owed ``by`` after its due moment."""

    clock: str
    by: timedelta


@dataclass(frozen=True, slots=True)
class Ratio:
    """Trigger of a warning: distinct households with the same issue this year against all households of the unit of kind ``scope``.

    ``if_setting`` (clause, key, value): only where the organisation has chosen so. ``issues_not_in``: the setting that lists the issue
    codes that do not count.
    """

    scope: str
    at_least_percent: int
    if_setting: tuple[str, str, str] | None = None
    issues_not_in: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class WarningRule(Rule):
    """Raises a warning of ``level``: on an event, on a clock overdue, or on a ratio. One of a level at a time on a case (D10)."""

    level: str
    when: Condition
    on: str | None = None
    overdue: Overdue | None = None
    ratio: Ratio | None = None


@dataclass(frozen=True, slots=True)
class LevelRule(Rule):
    """The life of the warnings of a level after their verification: what sends them on, what answers them, what withdraws them."""

    level: str
    sent_by: End
    answered_by: End
    withdrawn_on: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreRule(Rule):
    """An entry for each unit of kinds ``units`` when a warning of ``level`` is confirmed; ``items`` maps unit kinds to item clauses."""

    level: str
    amount: Decimal
    units: tuple[str, ...]
    items: Mapping[str, tuple[str, ...]]
    taken_back_on: str | None = None
    taken_back_clause: str | None = None
