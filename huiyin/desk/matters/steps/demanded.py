"""What a regulation would refuse an act for: the form says it beforehand, and does not offer it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from huiyin.core.answers import last_of
from huiyin.core.facts import Fact
from huiyin.core.questions import Question, Scene
from huiyin.core.rules import Adopted, RefusalRule
from huiyin.desk.matters.steps.offering import Offer
from huiyin.desk.matters.steps.subjects import Subject

_OF_THE_ACT: Final = frozenset(
    {"fact", "fact_not", "fact_at_least", "fact_reaches", "fact_over", "fact_differs", "keys_beyond", "has", "several", "by", "person"}
)
"""Questions about what will be said and by whom: nobody knows it before the form is sent."""
_OF_ONE_WORD: Final = frozenset({"fact", "fact_not"})
"""Those of them that are answered as soon as one detail is known."""


def demanded(offer: Offer, subject: Subject, at: datetime) -> frozenset[str]:
    """The details without which the act would be refused as things stand, whatever else it says; none of an act at the registration,
    which says by itself what it needs."""
    found: set[str] = set()
    if not offer.roles:
        return frozenset()
    for adopted, rule in _refusals(offer, subject):
        lacking = [one.name for one in rule.when.questions if one.about == "lacks"]
        rest = [one for one in rule.when.questions if one.about != "lacks"]
        if len(lacking) == 1 and not _of_the_act(rest) and _holds(adopted, rule, rest, offer, subject, at):
            found.add(lacking[0])
    return frozenset(found)


def bound(offer: Offer, subject: Subject, at: datetime) -> Mapping[str, Any]:
    """What the act has to say as it was said before, because it would be refused as things stand if it said anything else."""
    found: dict[str, Any] = {}
    if not offer.roles or subject.case is None:
        return found
    for adopted, rule in _refusals(offer, subject):
        differing = [one for one in rule.when.questions if one.about == "fact_differs"]
        rest = [one for one in rule.when.questions if one.about != "fact_differs"]
        last = last_of(subject.case, differing[0].answers) if len(differing) == 1 else None
        if last is not None and _holds(adopted, rule, rest, offer, subject, at):
            found[differing[0].name] = last.last.get(differing[0].name)
    return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A detail without which an act is refused where another detail, ``name``, has one of the ``answers``."""

    name: str
    answers: frozenset[str]


def demanded_with(offer: Offer, subject: Subject, at: datetime) -> dict[str, Wanted]:
    """The details without which the act would be refused as things stand if something else is said with it: a reason, where the answer
    is no."""
    found: dict[str, Wanted] = {}
    for adopted, rule in _refusals(offer, subject) if offer.roles else ():
        lacking = [one.name for one in rule.when.questions if one.about == "lacks"]
        said = [one for one in rule.when.questions if one.about == "fact"]
        rest = [one for one in rule.when.questions if one.about not in ("lacks", "fact")]
        asked = len(lacking) == len(said) == 1 and {lacking[0], said[0].name} <= {*offer.asks}
        if asked and not _of_the_act(rest) and _holds(adopted, rule, rest, offer, subject, at):
            before = found.get(lacking[0])
            if before is None or before.name == said[0].name:
                found[lacking[0]] = Wanted(said[0].name, said[0].answers | (before.answers if before else frozenset()))
    return found


def barred(offer: Offer, subject: Subject, at: datetime) -> list[RefusalRule]:
    """The rules that refuse the act as things stand, whatever is said with it and whoever does it: something has to happen before."""
    if not offer.roles:
        return []
    return [
        rule
        for adopted, rule in _refusals(offer, subject)
        if not _of_the_act(rule.when.questions, "lacks") and _holds(adopted, rule, rule.when.questions, offer, subject, at)
    ]


def refused(offer: Offer, subject: Subject, at: datetime, detail: str, word: str) -> bool:
    """Whether a regulation refuses the act as things stand where the detail says this one word, whatever else the act says."""
    for adopted, rule in _refusals(offer, subject):
        rest = [one for one in rule.when.questions if one.about not in _OF_ONE_WORD or one.name != detail]
        about_it = len(rest) < len(rule.when.questions)
        known = not _of_the_act(rest, "lacks")
        if about_it and known and _holds(adopted, rule, list(rule.when.questions), offer, subject, at, {detail: word}):
            return True
    return False


def one_only(offer: Offer, subject: Subject, detail: str) -> bool:
    """Whether a regulation refuses the act where the detail names several."""
    named = (one for _adopted, rule in _refusals(offer, subject) for one in rule.when.questions)
    return any(one.about == "several" and one.name == detail for one in named)


def _of_the_act(questions: Iterable[Question], *more: str) -> bool:
    return any(one.about in _OF_THE_ACT or one.about in more for one in questions)


def _refusals(offer: Offer, subject: Subject) -> Iterator[tuple[Adopted, RefusalRule]]:
    for adopted in subject.adopted:
        for event in dict.fromkeys((offer.event, offer.key)):
            for rule in adopted.regulation.by_event.get(event, ()):
                if isinstance(rule, RefusalRule) and rule.about == subject.about and not rule.unless_warning and not rule.only_by:
                    yield adopted, rule


def _holds(
    adopted: Adopted,
    rule: RefusalRule,
    rest: Iterable[Question],
    offer: Offer,
    subject: Subject,
    at: datetime,
    told: Mapping[str, Any] | None = None,
) -> bool:
    case, units = subject.case, subject.house.units
    by = offer.roles[0] if offer.roles else None
    fact = Fact(offer.event, at, case.key if case else None, subject.unit, by, told or {})
    prefixes = frozenset(one.regulation.prefix for one in subject.adopted)
    scene = Scene(case, fact, units.by_code.get(subject.unit), prefixes, adopted.setting, units.held_at(subject.unit, at))
    return replace(rule.when, questions=tuple(rest)).holds(scene)
