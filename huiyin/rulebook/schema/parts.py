"""The parts that the rules of ``rules.yaml`` are made of: words, conditions, starts and ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from huiyin.core import rules as core
from huiyin.core.conditions import Condition
from huiyin.core.limits import elapsed
from huiyin.core.questions import Consent, Count, Question


def _listed(value: Any) -> Any:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(value)] if isinstance(value, (str, int)) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""A word, or a list of words."""
About = Literal[
    "case", "survey", "inspection", "activity", "forum", "merchant", "charge", "item", "handover", "register", "household", "customer",
    "issue", "unit", "month", "quarter", "half", "year", "house",
]  # fmt: skip
"""Whose past the rule lives on; the same list as ``core/subjects.py`` has."""
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


class CountSheet(Strict):
    """So many acts of one event or several: the least number or the setting that gives it, of different values of a detail or all of the
    same value, within a span back."""

    event: Names
    least: int = Field(default=1, ge=1)
    least_setting: Setting | None = None
    distinct: str = ""
    within: str = ""
    of: dict[str, Names] = {}
    same: str = ""

    def count(self) -> Count:
        """The count of the core."""
        of = tuple((name, frozenset(values)) for name, values in self.of.items())
        return Count(self.event, self.least, self.least_setting, self.distinct, self.within, of, self.same)


class ConsentSheet(Strict):
    """A consent under a clause, for the same values of these details."""

    clause: str
    same: Names = ()


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
    has: Names = ()
    several: Names = ()
    since: dict[str, Names] = {}
    not_since: dict[str, Names] = {}
    told: dict[str, Names] = {}
    told_not: dict[str, Names] = {}
    person: dict[str, Names] = {}
    told_at_least: dict[str, Decimal] = {}
    fact_at_least: dict[str, Decimal] = {}
    fact_reaches: dict[str, Names] = {}
    fact_over: dict[str, Names] = {}
    fact_differs: dict[str, Names] = {}
    keys_beyond: dict[str, Names] = {}
    unit: dict[str, Names] = {}
    unit_kind: Names = ()
    unit_at_least: dict[str, Decimal] = {}
    unit_over: dict[str, Decimal] = {}
    unit_newer: dict[str, Names] = {}
    by: Names = ()
    adopted: Names = ()
    not_adopted: Names = ()
    count: tuple[CountSheet, ...] = ()
    count_below: tuple[CountSheet, ...] = ()
    consent: ConsentSheet | None = None
    no_consent: ConsentSheet | None = None

    def condition(self, scheme: Scheme) -> Condition:
        """The condition of the core."""
        asked = [Question(about, frozenset(getattr(self, about))) for about in _LISTS if getattr(self, about)]
        for about in _BY_NAME:
            asked += [Question(about, frozenset(values), name) for name, values in getattr(self, about).items()]
        for about in _NUMBERS:
            asked += [Question(about, frozenset(), name, number) for name, number in getattr(self, about).items()]
        for about in ("has", "lacks", "several", "said_lacks"):
            asked += [Question(about, frozenset(), name) for name in getattr(self, about)]
        for about in ("count", "count_below"):
            asked += [Question(about, ask=count.count()) for count in getattr(self, about)]
        for about in ("consent", "no_consent"):
            if sheet := getattr(self, about):
                asked.append(Question(about, ask=Consent(sheet.clause, sheet.same)))
        return Condition(tuple(asked), scheme.prefix, scheme.scales, scheme.defaults)


_LISTS = (
    "record", "channel", "category", "severity", "happened", "not_happened", "marked", "not_marked", "unit_kind", "by", "adopted",
    "not_adopted",
)  # fmt: skip
_BY_NAME = (
    "fact",
    "fact_not",
    "fact_reaches",
    "fact_over",
    "fact_differs",
    "keys_beyond",
    "person",
    "said",
    "since",
    "not_since",
    "told",
    "told_not",
    "unit",
    "unit_newer",
)
_NUMBERS = ("told_at_least", "fact_at_least", "unit_at_least", "unit_over")


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
    said: dict[str, Names] = {}
    gathers: dict[str, Names] = {}

    def end(self) -> core.End:
        """The end of the core."""
        said = tuple((name, frozenset(values)) for name, values in self.said.items())
        gathers = next(((name, frozenset(values)) for name, values in self.gathers.items()), None)
        return core.End(self.event, frozenset(self.to), said, gathers)


def _as_event(value: Any) -> Any:
    return {"event": value} if isinstance(value, str) else value


def _as_events(value: Any) -> Any:
    return [_as_event(one) for one in (value if isinstance(value, (list, tuple)) else [value])]


Ends = Annotated[EndAt, BeforeValidator(_as_event)]
Starts = Annotated[tuple[StartAt, ...], BeforeValidator(_as_events)]


class RuleSheet(Strict):
    """What all rules say: their clauses, their name, and further tests that show them."""

    cites: tuple[str, ...] = Field(min_length=1)
    name: Words
    shown_by: Names = ()
    about: About = "case"
    kind: ClassVar[str]

    def head(self) -> tuple[str, tuple[str, ...], tuple[str, str]]:
        """Id, clauses and name, as every rule of the core begins."""
        return (self.identity(), self.cites, self.name.pair())

    def identity(self) -> str:
        """The word after the kind."""
        return str(getattr(self, self.kind))

    def rule(self, scheme: Scheme) -> core.Rule | core.Honour:
        """The rule of the core. Raises ValueError when its parts do not fit together."""
        raise TypeError(f"{type(self).__name__} has to say what rule it makes")


EndsOrMore = Annotated[tuple[EndAt, ...], BeforeValidator(_as_events)]
"""One act or several, any of which ends the limit."""


class SaidSheet(Strict):
    """The moment that an event names, once it has reached these roles."""

    event: str
    detail: str
    to: Names = ()
