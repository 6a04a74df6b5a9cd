"""When a rule holds: a closed list of questions about the case and the fact, no expression language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from huiyin.core.facts import PERSONS_BEHIND, Fact
from huiyin.core.known import GONE, Case, Happened, Unit
from huiyin.core.limits import Span, elapsed, parse_limit
from huiyin.core.limits import Unit as LimitUnit
from huiyin.core.moments import in_shanghai, months_before

SCHEMES = frozenset({"channel", "category", "severity"})
NOTHING_TOLD: tuple[Any, ...] = (None, "", [], ())
_NOBODY: Callable[[str], frozenset[str]] = lambda role: frozenset()  # noqa: E731
_NO_SETTING: Callable[[str, str], Any] = lambda clause, key: None  # noqa: E731


@dataclass(frozen=True, slots=True)
class Scene:
    """What a question may look at: the case (or other thing) as it stands, the fact, the unit, which regulations (by prefix) bind it, the
    organisation's settings by clause and key, and who holds a role for the unit of the case when the fact happens."""

    case: Case | None
    fact: Fact
    unit: Unit | None = None
    adopted: frozenset[str] = frozenset()
    setting: Callable[[str, str], Any] = _NO_SETTING
    holders: Callable[[str], frozenset[str]] = _NOBODY


@dataclass(frozen=True, slots=True)
class Count:
    """So many acts of the ``events``: at least ``least`` (or what the setting says), counted by the distinct values of ``distinct``,
    of the last ``within`` only, and only those whose details are among ``of``. Acts of a case that is gone do not count (D14)."""

    events: tuple[str, ...]
    least: int = 1
    least_setting: tuple[str, str] | None = None
    distinct: str = ""
    within: str = ""
    of: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent under ``clause`` that covers the act: given for the same values of ``same``; or, where it is standing, to the role that
    acts now for the same purpose."""

    clause: str
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``about`` (record, channel, category, severity, happened, not_happened, since, not_since, marked, not_marked,
    fact, fact_not, fact_at_least, fact_reaches, keys_beyond, has, lacks, told, told_not, told_at_least, said, said_lacks, person, unit,
    unit_kind, unit_at_least, unit_over, unit_newer, by, adopted, not_adopted, count, count_below, consent, no_consent) with the answers
    that satisfy it. ``name`` is the detail, the trait or "event.detail" asked for; ``number`` the number to reach; ``ask`` what a count or
    a consent asks."""

    about: str
    answers: frozenset[str] = frozenset()
    name: str = ""
    number: Decimal | None = None
    ask: Count | Consent | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """All of its questions have to be answered with yes. ``scales`` and ``defaults`` are those of the regulation's schemes."""

    questions: tuple[Question, ...] = ()
    prefix: str = ""
    scales: Mapping[str, frozenset[str]] | None = None
    defaults: Mapping[str, str] | None = None

    def holds(self, scene: Scene) -> bool:
        """Whether the condition holds; a question about a case is no where there is none."""
        for question in self.questions:  # noqa: SIM110 - asked for every rule of every fact: a generator costs half as much again
            if not self._answered(question, scene):
                return False
        return True

    def _answered(self, question: Question, scene: Scene) -> bool:
        about = question.about
        if about in _OF_FACT:
            return _OF_FACT[about](question, scene, self.prefix)
        if scene.case is None:
            return about in ("not_happened", "not_marked", "no_consent", "count_below", "told_not")
        if about == "record":
            return scene.case.record in question.answers
        if about in SCHEMES:
            return not question.answers.isdisjoint((self._in_scheme(scene.case, about) or "").split("+"))
        return _OF_CASE[about](question, scene, self.prefix)

    def _in_scheme(self, case: Case, name: str) -> str | None:
        scale = self.scales.get(name) if self.scales else None
        value = case.scheme(name, self.prefix, scale)
        return value if value is not None or not self.defaults else self.defaults.get(name)

    def events(self) -> frozenset[str]:
        """The events after which the answer may be another one."""
        return frozenset(event for question in self.questions for event in _events(question, self.prefix))

    def counts(self) -> bool:
        """Whether one of its questions counts acts."""
        return any(isinstance(question.ask, Count) for question in self.questions)


ALWAYS = Condition()
"""The condition that always holds."""


def _events(question: Question, prefix: str) -> Iterator[str]:
    about = question.about
    if about in ("happened", "not_happened"):
        yield from question.answers
    elif about in ("since", "not_since"):
        yield from (question.name, *question.answers)
    elif about in ("marked", "not_marked"):
        for mark in question.answers:
            owner, _, bare = mark_name(mark, prefix).partition("/")
            yield from (f"{owner}/marked:{bare}", f"{owner}/unmarked:{bare}")
    elif about in ("said", "said_lacks"):
        yield question.name.partition(".")[0]
    elif about in SCHEMES:
        yield f"{about}_set"
    elif isinstance(question.ask, Count):
        yield from question.ask.events
    elif isinstance(question.ask, Consent):
        yield f"approval_given:{question.ask.clause}"


def mark_name(mark: str, prefix: str) -> str:
    """A mark with its regulation: its own, where it names none."""
    return mark if "/" in mark else f"{prefix}/{mark}"


def values_of(value: Any, prefix: str = "") -> frozenset[str]:
    """A detail as the set of its values; of a mapping per scheme only the own regulation's value; an absent one gives none."""
    if isinstance(value, Mapping):
        value = value.get(prefix)
    if value is None or value == "":
        return frozenset()
    if isinstance(value, bool):
        return frozenset(("true" if value else "false",))
    if isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(str(one) for one in value)
    return frozenset((str(value),))


def number_of(value: Any) -> Decimal | None:
    """A detail as a number; None for what is none."""
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None


def _among(value: Any, question: Question, prefix: str) -> bool:
    return not values_of(value, prefix).isdisjoint(question.answers)


def _reaches(value: Any, question: Question, scene: Scene) -> bool:
    number = number_of(value)
    return number is not None and question.number is not None and number >= question.number


def _over(value: Any, question: Question) -> bool:
    number = number_of(value)
    return number is not None and question.number is not None and number > question.number


def _not_less(scene: Scene, name: str, others: frozenset[str]) -> bool:
    """Whether a number of the fact is not less than the others that travel with it."""
    number = number_of(scene.fact.details.get(name))
    compared = [number_of(scene.fact.details.get(other)) for other in others]
    return number is not None and all(one is not None and number >= one for one in compared)


def _keys(value: Any) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, Mapping) else frozenset()


def _trait(question: Question, scene: Scene) -> Any:
    return scene.unit.traits.get(question.name) if scene.unit else None


def _newer(question: Question, scene: Scene) -> bool:
    """Whether the site was delivered not longer ago than that: the last day counts (D19)."""
    delivered = _trait(question, scene)
    limit = parse_limit(next(iter(question.answers)))
    if not isinstance(delivered, date) or not isinstance(limit, Span) or limit.unit not in (LimitUnit.MONTHS, LimitUnit.YEARS):
        return False
    months = limit.number * (12 if limit.unit is LimitUnit.YEARS else 1)
    return months_before(in_shanghai(scene.fact.at), months).date() <= delivered


def _since(question: Question, scene: Scene) -> bool:
    """Whether the event has happened since the last of the others; True where none of those has happened, if it has happened at all."""
    past = scene.case.happened.get(question.name) if scene.case else None
    if past is None or scene.case is None:
        return False
    others = [scene.case.happened[event] for event in question.answers if event in scene.case.happened]
    return not others or past.last_at >= max(one.last_at for one in others)


def _told(question: Question, scene: Scene, prefix: str) -> bool:
    """Whether the detail was told with one of the values; a post is told, too, by everybody who holds it being told in person."""
    case = scene.case
    if case is None:
        return False
    if _among(case.told.get(question.name), question, prefix):
        return True
    persons = values_of(case.told.get(PERSONS_BEHIND.get(question.name, "")))
    return bool(persons) and any(held and held <= persons for held in map(scene.holders, question.answers))


def _concerned(question: Question, scene: Scene) -> bool:
    """Whether the person who acts ("by"), or one whom a detail of the act names, is one of those that were told for the case."""
    told = values_of(scene.case.told.get(question.name)) if scene.case is not None else frozenset()
    named = {one for name in question.answers - {"by"} for one in values_of(scene.fact.details.get(name))}
    if "by" in question.answers and scene.fact.person:
        named.add(scene.fact.person)
    return not told.isdisjoint(named)


def _said(question: Question, scene: Scene, prefix: str) -> bool:
    event, _, name = question.name.partition(".")
    return scene.case is not None and _among(scene.case.said(event, name), question, prefix)


def _unsaid(question: Question, scene: Scene, prefix: str) -> bool:
    event, _, name = question.name.partition(".")
    return scene.case is not None and not scene.case.said(event, name)


def counted(count: Count, case: Case, now: datetime, prefix: str) -> int:
    """How many acts the ``count`` finds in the past of ``case`` up to ``now``."""
    gone = _gone(case)
    found = [
        told
        for event in count.events
        for (at, _), told in _acts(case.happened.get(event))
        if (not count.within or _still_counts(at, count.within, now))
        and told.get("case") not in gone
        and all(values_of(told.get(name), prefix) & values for name, values in count.of)
    ]
    return len({str(told.get(count.distinct)) for told in found if told.get(count.distinct)}) if count.distinct else len(found)


def _acts(past: Happened | None) -> Iterator[tuple[tuple[datetime, frozenset[str]], Mapping[str, Any]]]:
    return zip(past.times, past.told, strict=True) if past is not None else iter(())


def _gone(case: Case) -> frozenset[Any]:
    """The cases that the thing has heard to be none any more."""
    return frozenset(told.get("case") for event in GONE for _, told in _acts(case.happened.get(event)) if told.get("case"))


def _still_counts(at: datetime, within: str, now: datetime) -> bool:
    """Whether an act still counts: a month or a year ends at 24:00 of the same day (conventions 4; D12), any other span to the second."""
    limit = parse_limit(within)
    if isinstance(limit, Span) and limit.unit in (LimitUnit.MONTHS, LimitUnit.YEARS):
        months = limit.number * (12 if limit.unit is LimitUnit.YEARS else 1)
        return in_shanghai(at).date() >= months_before(in_shanghai(now), months).date()
    return now - at <= elapsed(within)


def _count_reached(question: Question, scene: Scene, prefix: str) -> bool:
    count = question.ask
    if not isinstance(count, Count) or scene.case is None:
        return False
    least = count.least
    if count.least_setting:
        least = int(scene.setting(*count.least_setting) or 0)
        if not least:
            return False
    return counted(count, scene.case, scene.fact.at, prefix) >= least


def _consented(question: Question, scene: Scene) -> bool:
    consent = question.ask
    past = scene.case.happened.get(f"approval_given:{consent.clause}") if scene.case and isinstance(consent, Consent) else None
    if past is None or not isinstance(consent, Consent):
        return False
    act = scene.fact
    for told in past.told:
        if told.get("standing"):
            if act.by in values_of(told.get("to")) and told.get("purpose") == act.details.get("purpose"):
                return True
        elif all(told.get(name) == act.details.get(name) for name in consent.same):
            return True
    return False


_OF_FACT: Mapping[str, Callable[[Question, Scene, str], bool]] = {
    "fact": lambda q, s, p: _among(s.fact.details.get(q.name), q, p),
    "fact_not": lambda q, s, p: not _among(s.fact.details.get(q.name), q, p),
    "fact_at_least": lambda q, s, p: _reaches(s.fact.details.get(q.name), q, s),
    "fact_reaches": lambda q, s, p: _not_less(s, q.name, q.answers),
    "keys_beyond": lambda q, s, p: not _keys(s.fact.details.get(q.name)) <= q.answers,
    "lacks": lambda q, s, p: s.fact.details.get(q.name) in NOTHING_TOLD,
    "has": lambda q, s, p: s.fact.details.get(q.name) not in NOTHING_TOLD,
    "unit": lambda q, s, p: _among(_trait(q, s), q, p),
    "unit_at_least": lambda q, s, p: _reaches(_trait(q, s), q, s),
    "unit_over": lambda q, s, p: _over(_trait(q, s), q),
    "unit_newer": lambda q, s, p: _newer(q, s),
    "unit_kind": lambda q, s, p: s.unit is not None and s.unit.kind in q.answers,
    "by": lambda q, s, p: s.fact.by in q.answers,
    "adopted": lambda q, s, p: not s.adopted.isdisjoint(q.answers),
    "not_adopted": lambda q, s, p: s.adopted.isdisjoint(q.answers),
}
_OF_CASE: Mapping[str, Callable[[Question, Scene, str], bool]] = {
    "happened": lambda q, s, p: s.case is not None and not s.case.happened.keys().isdisjoint(q.answers),
    "not_happened": lambda q, s, p: s.case is not None and s.case.happened.keys().isdisjoint(q.answers),
    "since": lambda q, s, p: _since(q, s),
    "not_since": lambda q, s, p: not _since(q, s),
    "marked": lambda q, s, p: s.case is not None and any(s.case.marked(mark_name(mark, p)) for mark in q.answers),
    "not_marked": lambda q, s, p: s.case is not None and not any(s.case.marked(mark_name(mark, p)) for mark in q.answers),
    "told": lambda q, s, p: s.case is not None and _told(q, s, p),
    "told_not": lambda q, s, p: s.case is not None and not _told(q, s, p),
    "told_at_least": lambda q, s, p: s.case is not None and _reaches(s.case.told.get(q.name), q, s),
    "said": _said,
    "person": lambda q, s, p: _concerned(q, s),
    "said_lacks": _unsaid,
    "count": _count_reached,
    "count_below": lambda q, s, p: not _count_reached(q, s, p),
    "consent": lambda q, s, p: _consented(q, s),
    "no_consent": lambda q, s, p: not _consented(q, s),
}
