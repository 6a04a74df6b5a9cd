"""What a regulation would refuse an act for: the form says it beforehand, and does not offer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from huiyin.core.facts import Fact
from huiyin.core.questions import Question, Scene
from huiyin.core.rules import Adopted, RefusalRule
from huiyin.desk.matters.steps.offering import Offer
from huiyin.desk.matters.steps.subjects import Subject

_OF_THE_ACT: Final = frozenset(
    {"fact", "fact_not", "fact_at_least", "fact_reaches", "fact_over", "keys_beyond", "has", "several", "by", "person"}
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
        if len(lacking) == 1 and _is_known(rest) and _holds(adopted, rule, rest, offer, subject, at):
            found.add(lacking[0])
    return frozenset(found)


def refused(offer: Offer, subject: Subject, at: datetime, detail: str, word: str) -> bool:
    """Whether a regulation refuses the act as things stand where the detail says this one word, whatever else the act says."""
    for adopted, rule in _refusals(offer, subject):
        rest = [one for one in rule.when.questions if one.about not in _OF_ONE_WORD or one.name != detail]
        about_it = len(rest) < len(rule.when.questions)
        known = _is_known(rest) and not any(one.about == "lacks" for one in rest)
        if about_it and known and _holds(adopted, rule, list(rule.when.questions), offer, subject, at, {detail: word}):
            return True
    return False


def one_only(offer: Offer, subject: Subject, detail: str) -> bool:
    """Whether a regulation refuses the act where the detail names several."""
    named = (one for _adopted, rule in _refusals(offer, subject) for one in rule.when.questions)
    return any(one.about == "several" and one.name == detail for one in named)


def _refusals(offer: Offer, subject: Subject) -> Iterator[tuple[Adopted, RefusalRule]]:
    for adopted in subject.adopted:
        for event in dict.fromkeys((offer.event, offer.key)):
            for rule in adopted.regulation.by_event.get(event, ()):
                if isinstance(rule, RefusalRule) and rule.about == subject.about and not rule.unless_warning and not rule.only_by:
                    yield adopted, rule


def _is_known(questions: list[Question]) -> bool:
    """Whether all of them are answered before the form is sent."""
    return not any(one.about in _OF_THE_ACT for one in questions)


def _holds(
    adopted: Adopted,
    rule: RefusalRule,
    rest: list[Question],
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
