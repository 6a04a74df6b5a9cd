"""Classes, shares, inspections and assessments: what is reckoned from what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.rules.moments import Rule, Said, Words
from huiyin.core.rules.proofs import OnSite, Proof


@dataclass(frozen=True, slots=True)
class MarkRule(Rule):
    """Puts ``mark`` on a case when one of ``on`` happens; one of ``ends_on`` takes it off again, if ``ends_when`` holds, and so does one of
    ``lapses_on``, if ``when`` holds no more. ``identifies`` is the event that this makes. ``on`` may be the passing of a limit
    ("limit_passed:GP:id")."""

    mark: str
    on: tuple[str, ...]
    when: Condition
    ends_on: tuple[str, ...] = ()
    identifies: str | None = None
    ends_when: Condition = ALWAYS
    lapses_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A number of a share: ``detail`` of the last ``event`` ("answers" with the keys ``keys`` added up, all of them if there
    are none); or, ``distinct``, how many different values of the detail its acts have had."""

    event: str
    detail: str
    keys: tuple[str, ...] = ()
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class ShareRule(Rule):
    """Marks a thing by a share: ``reached`` where ``part`` of ``whole`` is at least the percentage, else ``below``; whenever ``on``.

    The percentage is the number ``at_least``, the setting, or the detail that an event told (``at_least_said``). ``over`` means more
    than, not at least. Without a percentage or a whole nothing is marked.
    """

    on: tuple[str, ...]
    part: Part
    whole: Part
    reached: str
    below: str
    when: Condition
    at_least: Decimal | None = None
    at_least_setting: tuple[str, str] | None = None
    at_least_said: Said | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorRule(Rule):
    """A first-level indicator of an inspection with its ``points``; ``total`` is the clause of the sum of all indicators."""

    points: Decimal
    total: str


@dataclass(frozen=True, slots=True)
class StandardRule(Rule):
    """A standard that an inspection may find unmet: ``points`` off its ``indicator`` (the clause), once or, if ``per_occurrence``, each
    time, ``cap`` at most. Standards of one ``row`` share a deduction (I19). Findings of its ``parts`` are its; findings with the same value
    of the detail ``per`` (a household, a shop) are one. ``same_as`` is the clause of another row under which the same failure stands: it
    costs points once where the organisation has set ``once_if`` (I21). ``proofs`` are its own rules of evidence beside the limits, duties,
    decisions and papers of its clauses, of which the rules ``not_by`` prove nothing; ``on_site`` is what only a person sees."""

    indicator: str
    points: Decimal
    per_occurrence: bool = False
    cap: Decimal | None = None
    row: str = ""
    same_as: str | None = None
    once_if: tuple[str, str] | None = None
    per: str = ""
    parts: tuple[str, ...] = ()
    check: Words = ("", "")
    applies: Condition = ALWAYS
    proofs: tuple[Proof, ...] = ()
    not_by: frozenset[str] = frozenset()
    on_site: OnSite | None = None


@dataclass(frozen=True, slots=True)
class AssessmentRule(Rule):
    """The yearly score of each unit of ``kind`` below the adopting one, reckoned when ``on`` happens, out of what ``about: house`` heard.

    From ``full`` points go ``excess_points`` for each complaint more than last year (from the first year compared on) and
    ``repeat_points`` for each confirmed repeat, never below ``floor``; ``praise_points`` come on top once, unless a repeat made it
    unqualified. ``clauses`` names the clause of each figure: count, full, excess, repeat, praise, score, rank, not_fulfilled, unqualified,
    excellent, qualified. ``reviewed`` is the mark of a complaint that the review has looked at, ``rewards`` the register of what the first
    ones were given.
    """

    on: str
    kind: str
    full: Decimal
    excess_points: Decimal
    repeat_points: Decimal
    praise_points: Decimal
    floor: Decimal
    first_year: tuple[str, str]
    first_compared: tuple[str, str]
    clauses: Mapping[str, str]
    reviewed: str = ""
    rewards: str = ""


@dataclass(frozen=True, slots=True)
class FigureRule(Rule):
    """A figure of ``amount`` for the unit and period when ``on`` happens: what carries no points says so."""

    on: str
    amount: Decimal
