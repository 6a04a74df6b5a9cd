"""The parts that the rules of ``rules.yaml`` are made of: words, conditions, starts and ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from huiyin.core import rules as core
from huiyin.core.conditions import Condition, Question
from huiyin.core.limits import Span, parse_limit
from huiyin.core.limits import Unit as LimitUnit


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""A word, or a list of words."""
Setting = Annotated[tuple[str, str], Field(description="clause and key of an adopted setting")]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a rule needs of its regulation's source sheet: its prefix, and scale and default of each scheme of classes."""

    prefix: str
    scales: dict[str, frozenset[str]]
    defaults: dict[str, str]


class Strict(BaseModel):
    """No key that is not named here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def pair(self) -> tuple[str, str]:
        """As (Chinese, English)."""
        return (self.zh, self.en)


class When(Strict):
    """When the rule holds; all that is named has to be true."""

    record: Names = ()
    channel: Names = ()
    category: Names = ()
    severity: Names = ()
    happened: Names = ()
    not_happened: Names = ()
    marked: Names = ()
    not_marked: Names = ()
    fact: dict[str, Names] = {}
    fact_not: dict[str, Names] = {}
    said: dict[str, Names] = {}
    said_lacks: Names = ()
    lacks: Names = ()

    def condition(self, scheme: Scheme) -> Condition:
        """The condition of the core."""
        simple = ("record", "channel", "category", "severity", "happened", "not_happened", "marked", "not_marked")
        asked = [Question(about, frozenset(getattr(self, about))) for about in simple if getattr(self, about)]
        for about in ("fact", "fact_not", "said"):
            asked += [Question(about, frozenset(values), name) for name, values in getattr(self, about).items()]
        for about in ("lacks", "said_lacks"):
            asked += [Question(about, frozenset(), name) for name in getattr(self, about)]
        return Condition(tuple(asked), scheme.prefix, scheme.scales, scheme.defaults)


class StartAt(Strict):
    """A moment from which a limit may run: so long after the event."""

    event: str
    plus: str | None = None

    def start(self) -> core.Start:
        """The start of the core."""
        return core.Start(self.event, elapsed(self.plus) if self.plus else timedelta())


class EndAt(Strict):
    """What ends a limit: the event, once it has reached all roles named."""

    event: str
    to: Names = ()

    def end(self) -> core.End:
        """The end of the core."""
        return core.End(self.event, frozenset(self.to))


def _as_event(value: Any) -> Any:
    return {"event": value} if isinstance(value, str) else value


def _as_events(value: Any) -> Any:
    return [_as_event(one) for one in (value if isinstance(value, list) else [value])]


Ends = Annotated[EndAt, BeforeValidator(_as_event)]
Starts = Annotated[tuple[StartAt, ...], BeforeValidator(_as_events)]


def elapsed(text: str) -> timedelta:
    """A span of minutes, hours, days or weeks as time; raises ValueError for anything else."""
    limit = parse_limit(text)
    units = {LimitUnit.MINUTES: 1, LimitUnit.HOURS: 60, LimitUnit.DAYS: 24 * 60, LimitUnit.WEEKS: 7 * 24 * 60}
    if not isinstance(limit, Span) or limit.unit not in units:
        raise ValueError(f"found {text!r}; expected a number of minutes, hours, days or weeks")
    return timedelta(minutes=limit.number * units[limit.unit])


class RuleSheet(Strict, ABC):
    """What all rules say: their clauses, their name, and further tests that show them."""

    cites: tuple[str, ...] = Field(min_length=1)
    name: Words
    shown_by: Names = ()
    kind: ClassVar[str]

    def head(self) -> tuple[str, tuple[str, ...], tuple[str, str]]:
        """Id, clauses and name, as every rule of the core begins."""
        return (str(getattr(self, self.kind)), self.cites, self.name.pair())

    @abstractmethod
    def rule(self, scheme: Scheme) -> core.Rule | core.Honour:
        """The rule of the core. Raises ValueError when its parts do not fit together."""


class SaidSheet(Strict):
    """The moment that an event names, once it has reached these roles."""

    event: str
    detail: str
    to: Names = ()
