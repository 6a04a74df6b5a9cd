"""Random lives under random mixes of regulations, made from the rules themselves: from what they wait for, ask and name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final

from huiyin.core.conditions import Condition
from huiyin.core.facts import FIRST_EVENTS, PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.known import Unit, Units
from huiyin.core.moments import SHANGHAI
from huiyin.core.recurrence import PeriodKind, period_of
from huiyin.core.rules import Regulation, Rule, StepRule
from huiyin.core.subjects import NAMED
from huiyin.rehearsal.organisation import standard_units, usual_adopter
from huiyin.rehearsal.scenario import Adoption, Scenario
from huiyin.rulebook.load import regulation, stems, vocabulary

GAPS: Final = (0, 0, 1, 3, 5, 10, 15, 30, 60, 110, 240, 600, 1430, 1440, 2880, 4320, 7 * 1440, 15 * 1440)
"""Minutes between two acts: nothing, a little, and limits of the regulations."""
LONGER: Final = (30 * 1440, 46 * 1440, 95 * 1440)
_STARTS: Final = ((2026, 1, 30), (2026, 2, 12), (2026, 3, 27), (2026, 4, 28), (2026, 6, 24), (2026, 9, 25), (2026, 11, 13), (2026, 12, 27))
_TOLERANCES: Final = ("5 minutes", "2 hours", "1 workdays", "same day")
_PERIODS: Final = ("monthly", "quarterly", "weekly", "3 days")
_HOUSEHOLDS: Final = ("1-1-101", "1-1-102", "2-1-301")
_CUSTOMERS: Final = ("R1", "R2", "R3")
_ISSUES: Final = ("lift", "smell")
_NAMES: Final = ("V1", "V2")
_NOT_ACTED: Final = frozenset((*PERIOD_OPENINGS, YEAR_CLOSED, "limit_passed", "period_opened"))
_USUAL: Final = (
    "complaint_handled", "case_closed", "problem_solved", "complaint_withdrawn", "case_transferred", "case_joined", "case_voided",
    "case_reinstated",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Act:
    """An event that the rules of a mix wait for: what it may be about, who does it, what travels with it, under which further names,
    and which rules those are."""

    event: str
    abouts: tuple[str, ...]
    by: tuple[str, ...]
    asks: tuple[str, ...]
    qualified: tuple[str, ...]
    rules: frozenset[str] = frozenset()


def life(seed: int) -> Scenario:
    """The random life with this number: always the same. One to ten regulations, an organisation, settings, acts over days or months."""
    random = Random(seed)
    units = _units(random)
    mixed = random.sample(stems(), min(len(stems()), random.choice((1, 1, 2, 3, 4, 6, 10))))
    adopt = tuple(_adoption(random, stem, units) for stem in mixed)
    rules = [regulation(one.stem) for one in adopt]
    settings = {key: value for one in rules for key, value in _settings(random, one).items()}
    facts = tuple(_Teller(random, rules, units, [str(one.unit) for one in adopt]).facts())
    until = facts[-1].at + timedelta(minutes=random.choice((*GAPS, *LONGER[:1])))
    return Scenario(f"mix {seed}", "mixes", seed, (), adopt, units, settings, facts, until)


def _units(random: Random) -> tuple[Unit, ...]:
    """The standard organisation, or only its company, its university's office, its centre of apartments."""
    top = random.choice((None, None, "CO", "U", "S"))
    everything = standard_units()
    if top is None:
        return everything
    parents = {one.code: one.parent for one in everything}

    def under(code: str | None) -> bool:
        return code is not None and (code == top or under(parents[code]))

    return tuple(one for one in everything if under(one.code))


def _adoption(random: Random, stem: str, units: tuple[Unit, ...]) -> Adoption:
    try:
        usual = usual_adopter(stem, units)
    except ValueError:
        usual = units[0].code
    unit = usual if random.random() < 0.8 else random.choice(units).code
    return Adoption(stem, unit, date(2026, 2, 20) if random.random() < 0.1 else None)


def _settings(random: Random, rules: Regulation) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in rules.source.get("settings", ()):
        pool = {"tolerance": _TOLERANCES, "period": _PERIODS}.get(one["key"])
        value = random.choice(pool) if pool else one.get("proposed")
        if value not in (None, [], "") and random.random() < 0.6:
            found.setdefault(one["clause"], {})[one["key"]] = value
    return found


class _Teller:
    """Tells a life: which acts, about what, by whom, with which details."""

    def __init__(self, random: Random, rules: Sequence[Regulation], units: Sequence[Unit], adopters: Sequence[str]) -> None:
        self.random, self.rules, self.units = random, rules, units
        self.bound = sorted({unit.code for top in adopters for unit in Units.of(units).below(top)})
        self.acts = [act for one in rules for act in acts_of(one.stem)]
        self.values = {name: sorted({value for one in rules for value in values_of(one.stem).get(name, ())}) for name in _asked(rules)}
        self.roles = sorted({role for one in rules for role in one.role_names})
        self.cases: dict[str, str] = {}
        self.focus = self._focus()

    def _focus(self) -> list[_Act]:
        """The acts that a few of the rules wait for: what a life is mostly about, so that something comes of it."""
        waited = [(one, rule) for one in self.rules for rule in one.rules if rule.about not in ("house", "year")]
        chosen = {f"{one.prefix}:{rule.id}" for one, rule in self.random.sample(waited, min(len(waited), self.random.randint(3, 9)))}
        return [act for act in self.acts if not chosen.isdisjoint(act.rules)]

    def facts(self) -> Iterator[Fact]:
        """The acts in the order of time."""
        random = self.random
        at = datetime(*random.choice(_STARTS), random.randrange(24), random.choice((0, 0, 17, 59)), tzinfo=SHANGHAI)
        for number in range(random.choice((5, 9, 14, 20, 30))):
            gaps = LONGER if number and random.random() < 0.03 else GAPS
            at += timedelta(minutes=random.choice(gaps))
            entered = at + timedelta(minutes=random.choice((5, 200))) if random.random() < 0.05 else None
            fact = self._begin(at) if not self.cases or (random.random() < 0.12 and len(self.cases) < 4) else self._next(at)
            yield replace(fact, entered_at=entered) if entered else fact
            at = entered or at

    def _begin(self, at: datetime) -> Fact:
        firsts = [act for act in self.acts if act.event in FIRST_EVENTS] or [_Act("complaint_received", ("case",), (), (), ())]
        act, case = self.random.choice(firsts), "ABCD"[len(self.cases)]
        self.cases[case] = self._unit()
        details = self._details(act, at) | {"record": FIRST_EVENTS.get(act.event, "complaint")}
        return Fact(act.event, at, case, self.cases[case], self._by(act), details)

    def _next(self, at: datetime) -> Fact:
        random = self.random
        act = random.choice(self.focus if self.focus and random.random() < 0.7 else self.acts)
        if random.random() < 0.1:
            act = _Act(random.choice(_USUAL), ("case",), (), (), ())
        details, about = self._details(act, at), random.choice(act.abouts)
        if about in NAMED:
            details[about] = random.choice(_NAMES)
            return Fact(act.event, at, None, self._unit(), self._by(act), details)
        if about == "case" and random.random() < 0.85:
            case = random.choice(tuple(self.cases))
            # Its own unit: had the case been refused, the act would begin one.
            unit = self._unit() if act.event == "case_transferred" or random.random() < 0.05 else self.cases[case]
            return Fact(act.event, at, case, unit, self._by(act), details)
        if about in ("household", "customer", "issue"):
            details[about] = random.choice({"household": _HOUSEHOLDS, "customer": _CUSTOMERS, "issue": _ISSUES}[about])
        return Fact(act.event, at, None, self._unit(), self._by(act), details)

    def _unit(self) -> str:
        return self.random.choice(self.bound) if self.random.random() < 0.95 else self.random.choice(self.units).code

    def _by(self, act: _Act) -> str | None:
        if act.by and self.random.random() < 0.85:
            return self.random.choice(act.by)
        return self.random.choice(self.roles) if self.roles and self.random.random() < 0.8 else None

    def _details(self, act: _Act, at: datetime) -> dict[str, Any]:
        """Details that the steps ask for, most of them; and what makes the act one that a rule waits for by a longer name."""
        asked = [name for name in act.asks if self.random.random() < 0.7]
        told = {name: self._value(name, at) for name in asked if name not in ("new_case", "unit", "earlier", *NAMED)}
        if act.qualified and self.random.random() < 0.7:
            told |= _told_as(self.random.choice(act.qualified))
        if "approval" in act.event and "approver" not in told and self.random.random() < 0.5:
            told["approver"] = self.random.choice(self.roles)
        return {name: value for name, value in told.items() if value not in (None, "", [], {})}

    def _value(self, name: str, at: datetime) -> Any:
        random = self.random
        pool = self.values.get(name, ())
        if name in _MAKERS:
            return _MAKERS[name](self, at)
        kind = vocabulary()["facts"].get(name, {}).get("kind", "text")
        if kind in ("moment", "day"):
            moment = at + timedelta(minutes=random.choice(GAPS), days=random.choice((-1, 0, 1, 5, 40)))
            return moment.date() if kind == "day" else moment
        if kind == "number":
            return random.choice((*pool, "1", "3", "20", "1000", "5000"))
        if kind == "flag":
            return random.choice((True, False))
        if kind == "roles":
            return random.sample(self.roles, random.choice((1, 1, 2))) if len(self.roles) > 1 else list(self.roles)
        if kind == "people":
            return random.sample(("wang", "li", "zhao"), random.choice((1, 1, 2)))
        if kind == "cases":
            return random.sample(tuple(self.cases), min(len(self.cases), random.choice((1, 1, 2))))
        if kind == "map":
            return self._classes(name)
        one = random.choice(pool) if pool and random.random() < 0.85 else "x"
        return [one] if kind == "keys" else one

    def _classes(self, name: str) -> dict[str, str]:
        given = {}
        for one in self.rules:
            keys = [each["key"] for each in one.source["classes"].get(name, ()) if isinstance(each, Mapping)]
            if keys and self.random.random() < 0.7:
                given[one.prefix] = self.random.choice(keys)
        return given

    def channel(self, _at: datetime) -> Any:
        """A channel of intake: of one regulation, or each regulation's own."""
        own = {one.prefix: [each["key"] for each in one.source.get("channels", ())] for one in self.rules}
        given = {prefix: self.random.choice(keys) for prefix, keys in own.items() if keys}
        return given if len(given) > 1 and self.random.random() < 0.5 else next(iter(given.values()), "phone")

    def period(self, at: datetime) -> str:
        """The name of a period that lies around the moment, or just before."""
        kinds: tuple[PeriodKind, ...] = ("day", "week", "month", "month", "quarter", "half", "year")
        kind = self.random.choice(kinds)
        return period_of(kind, at - timedelta(days=self.random.choice((0, 0, 0, 1, 28)))).name


_MAKERS: Final[Mapping[str, Callable[[_Teller, datetime], Any]]] = {
    "channel": _Teller.channel,
    "period": _Teller.period,
    "household": lambda teller, _at: teller.random.choice(_HOUSEHOLDS),
    "customer": lambda teller, _at: teller.random.choice(_CUSTOMERS),
    "issue": lambda teller, _at: teller.random.choice(_ISSUES),
    "clause": lambda teller, _at: teller.random.choice(teller.random.choice(teller.rules).clauses),
    "missing_parts": lambda teller, _at: ["x"] if teller.random.random() < 0.2 else None,
}


def _asked(rules: Sequence[Regulation]) -> set[str]:
    return {name for one in rules for act in acts_of(one.stem) for name in act.asks}


@lru_cache(maxsize=32)
def acts_of(stem: str) -> tuple[_Act, ...]:
    """Every act that some rule of the regulation waits for or asks for."""
    rules, events = regulation(stem), vocabulary()["events"]
    heard: dict[str, list[Rule]] = {}
    qualified: dict[str, set[str]] = {}
    for name, waiting in rules.by_event.items():
        event = name.partition(":")[0]
        if event in events and event not in _NOT_ACTED and not event.endswith(("_identified", "_over", "_closed_period")):
            heard.setdefault(event, []).extend(waiting)
            qualified.setdefault(event, set()).update({name} - {event})
    for rule in rules.rules:
        if isinstance(rule, StepRule):
            heard.setdefault(rule.event, []).append(rule)
    return tuple(_act(rules.prefix, event, waiting, qualified.get(event, set())) for event, waiting in sorted(heard.items()))


def _act(prefix: str, event: str, waiting: Sequence[Rule], qualified: set[str]) -> _Act:
    steps = [one for one in waiting if isinstance(one, StepRule)]
    asks = dict.fromkeys(name for one in steps for name in (*one.asks, *one.requires))
    by = dict.fromkeys(role for one in steps for role in one.by)
    rules = frozenset(f"{prefix}:{one.id}" for one in waiting)
    return _Act(event, tuple(sorted({one.about for one in waiting})), tuple(by), tuple(asks), tuple(sorted(qualified)), rules)


@lru_cache(maxsize=32)
def values_of(stem: str) -> Mapping[str, frozenset[str]]:
    """The values that conditions of the regulation's rules ask for, by detail."""
    found: dict[str, set[str]] = {}
    for rule in regulation(stem).rules:
        for name in rule.__dataclass_fields__:
            asked = getattr(rule, name)
            for question in asked.questions if isinstance(asked, Condition) else ():
                if question.name:
                    number = [str(question.number)] if question.number is not None else []
                    found.setdefault(question.name.rpartition(".")[2], set()).update((*question.answers, *number))
    return {name: frozenset(values) for name, values in found.items()}


def _told_as(name: str) -> dict[str, Any]:
    """The detail that makes an act known under the longer name."""
    _, _, rest = name.partition(":")
    if rest == "incomplete":
        return {"missing_parts": ["x"]}
    if any(rest in regulation(stem).clauses for stem in stems()):
        return {"clause": rest}
    return {"level" if rest in ("blue", "yellow", "red") else "into" if name.startswith("help_request_converted") else "result": rest}
