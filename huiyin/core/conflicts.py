"""Where two adopted regulations say different things about one matter, and which of them binds: worked out before they are put in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from huiyin.core.conditions import Condition
from huiyin.core.known import Units
from huiyin.core.limits import SameDay, Span, elapsed
from huiyin.core.precedence import rank
from huiyin.core.rules import Adopted, ClockRule, DutyRule, MarkRule, Rule

LIMIT, DUTY, MARK = "limit", "duty", "mark"
BOTH: Final = "both"
_APART: Final = ("record", "channel")


@dataclass(frozen=True, slots=True)
class Side:
    """One regulation's value: the rule that sets it, and the value as the rule words it."""

    adopted: Adopted
    rule: Rule
    value: str

    @property
    def clause(self) -> str:
        """The clause that it is shown under first."""
        return self.rule.cites[0]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values for one ``matter`` (the event that ends the limit or serves the duty, or the name of the mark).

    ``binds`` is "new", "standing", "both", or "earlier" (which of them is decided case by case: the moment that comes first); ``why`` is
    "level" (the group's over the company's over the unit's), "stricter" (of one level the stricter one works), "each" (every duty is owed
    on its own day) or "own" (every regulation classes by itself, X5).
    """

    kind: str
    matter: str
    to: frozenset[str]
    new: Side
    standing: Side
    binds: str
    why: str


def conflicts(new: Adopted, standing: Iterable[Adopted], units: Units) -> tuple[Conflict, ...]:
    """Every matter for which ``new`` and one of the ``standing`` regulations say different things, in the order of the new one's rules."""
    others = [one for one in standing if one.regulation.stem != new.regulation.stem and _meet(new, one, units)]
    return tuple(conflict for rule in new.regulation.rules for other in others for conflict in _against(new, rule, other, units))


def _meet(one: Adopted, other: Adopted, units: Units) -> bool:
    """Whether there is a unit that both reach."""
    return one.unit in units.path(other.unit) or other.unit in units.path(one.unit)


def _against(new: Adopted, rule: Rule, other: Adopted, units: Units) -> Iterator[Conflict]:
    for theirs in other.regulation.rules:
        if isinstance(rule, ClockRule) and isinstance(theirs, ClockRule):
            yield from _limits(Side(new, rule, _limit(new, rule)), Side(other, theirs, _limit(other, theirs)), units)
        elif isinstance(rule, DutyRule) and isinstance(theirs, DutyRule):
            yield from _duties(Side(new, rule, _recurs(new, rule)), Side(other, theirs, _recurs(other, theirs)), units)
        elif isinstance(rule, MarkRule) and isinstance(theirs, MarkRule) and rule.mark == theirs.mark:
            mine, its = Side(new, rule, " / ".join(rule.on)), Side(other, theirs, " / ".join(theirs.on))
            yield Conflict(MARK, rule.mark, frozenset(), mine, its, BOTH, "own")


def _limits(new: Side, standing: Side, units: Units) -> Iterator[Conflict]:
    one, other = new.rule, standing.rule
    assert isinstance(one, ClockRule) and isinstance(other, ClockRule)
    same = (one.about, one.ends.event, one.ends.to) == (other.about, other.ends.event, other.ends.to)
    # A value that nobody has set yet sets no limit.
    if not same or new.value == standing.value or not new.value or not standing.value or _never_together(one.when, other.when):
        return
    yield Conflict(LIMIT, one.ends.event, one.ends.to, new, standing, *_which(new, standing, units))


def _duties(new: Side, standing: Side, units: Units) -> Iterator[Conflict]:
    one, other = new.rule, standing.rule
    assert isinstance(one, DutyRule) and isinstance(other, DutyRule)
    same = (one.about, one.served_by.event, one.served_by.to) == (other.about, other.served_by.event, other.served_by.to)
    if same and new.value and standing.value and new.value != standing.value and one.owed_by & other.owed_by:
        levels = rank(new.adopted, units), rank(standing.adopted, units)
        binds, why = (BOTH, "each") if levels[0] == levels[1] else ("new" if levels[0] < levels[1] else "standing", "level")
        yield Conflict(DUTY, one.served_by.event, one.served_by.to, new, standing, binds, why)


def _which(new: Side, standing: Side, units: Units) -> tuple[str, str]:
    levels = rank(new.adopted, units), rank(standing.adopted, units)
    if levels[0] != levels[1]:
        return ("new" if levels[0] < levels[1] else "standing"), "level"
    assert isinstance(new.rule, ClockRule) and isinstance(standing.rule, ClockRule)
    lengths = _length(new.rule), _length(standing.rule)
    if new.rule.starts != standing.rule.starts or lengths[0] is None or lengths[1] is None or lengths[0] == lengths[1]:
        return "earlier", "stricter"
    return ("new" if lengths[0] < lengths[1] else "standing"), "stricter"


def _length(rule: ClockRule) -> timedelta | None:
    """The longest that a fixed limit takes, where that can be said without a calendar."""
    if isinstance(rule.within, SameDay):
        return timedelta(hours=24)
    if not isinstance(rule.within, Span) or rule.calendar != "24x7":
        return None
    try:
        return elapsed(str(rule.within))
    except ValueError:
        return None


def _limit(adopted: Adopted, rule: ClockRule) -> str:
    """The limit as it holds for the adopting unit: the organisation's tolerance or number where it set one."""
    for setting in (rule.tolerance, rule.within_setting):
        if setting is not None and (chosen := adopted.setting(*setting)):
            return str(chosen)
    return str(rule.within) if rule.within is not None else (rule.until_said.detail if rule.until_said else "")


def _recurs(adopted: Adopted, rule: DutyRule) -> str:
    by_day = (adopted.setting(*rule.following_setting) if rule.following_setting else None) or rule.following_by_day
    period = (adopted.setting(*rule.period_setting) if rule.period_setting else None) or rule.recurs.text
    return f"{period} +{by_day}" if by_day else str(period)


def _never_together(one: Condition, other: Condition) -> bool:
    """Whether the two ask for different kinds of record, or different channels: then no case has both."""
    mine, theirs = _answers(one), _answers(other)
    return any(name in mine and name in theirs and mine[name].isdisjoint(theirs[name]) for name in _APART)


def _answers(condition: Condition) -> Mapping[str, frozenset[str]]:
    return {question.about: frozenset(question.answers) for question in condition.questions if question.about in _APART}


def counted(rules: Sequence[Rule]) -> Mapping[str, int]:
    """How many rules of each kind (by the name of their class) a regulation starts."""
    found: dict[str, int] = {}
    for rule in rules:
        found[type(rule).__name__] = found.get(type(rule).__name__, 0) + 1
    return found
