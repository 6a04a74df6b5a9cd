"""Which acts are offered: those whose condition holds, of every regulation in force, to whoever may do them; one for each event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from huiyin.core.approvals import ASKING, AUTHORISED, BY_APPROVAL, DECISIONS, deciders, limits_of
from huiyin.core.conditions import Condition
from huiyin.core.facts import FIRST_EVENTS, FIRST_OR_LATER, Fact
from huiyin.core.known import Case
from huiyin.core.papers import INCOMPLETE, MISSING
from huiyin.core.questions import Scene
from huiyin.core.records import GIVEN, NEEDED
from huiyin.core.rules import (
    Adopted,
    ApprovalRule,
    ClockRule,
    DutyRule,
    MarkRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RefusalRule,
    Regulation,
    RetentionRule,
    Rule,
    StepRule,
)
from huiyin.core.subjects import NAMED, PERIODS
from huiyin.desk.matters.steps.subjects import Subject, two_periods
from huiyin.desk.people.access import AT_WORK, Standing

FILED: Final = "document_filed"
CLAUSED: Final = frozenset({*DECISIONS, ASKING, AUTHORISED, FILED})
"""Acts that are always under one clause, which the act names."""
_OF_A_CASE: Final = (MarkRule, ClockRule, NoticeRule, PaperRule, RetentionRule, ApprovalRule)
_OF_THE_UNIT: Final = ("unit", *PERIODS)


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that may be recorded. ``key`` names it in an address: the event, and the clause of an act that is under one.

    ``roles`` are those under which the person may record it, ``rules`` the rules that ask for it, each with its adoption; what they ask
    and require is merged. ``periods`` are those that it may be recorded for (empty: as its duties have it). ``waiting``: somebody waits for
    this decision. ``decides``: a decision, which nobody takes on what they have submitted themselves.
    """

    key: str
    event: str
    roles: tuple[str, ...]
    rules: tuple[tuple[Adopted, Rule], ...]
    asks: tuple[str, ...] = ()
    requires: frozenset[str] = frozenset()
    periods: tuple[str, ...] = ()
    waiting: bool = False
    decides: bool = False

    @property
    def clause(self) -> str:
        """The clause that the act names, empty for an act that names none."""
        return self.key.partition(":")[2]

    @property
    def clauses(self) -> tuple[str, ...]:
        """All clauses that ask for the act, the first one first."""
        return tuple(dict.fromkeys(clause for _, rule in self.rules for clause in rule.cites))

    @property
    def regulation(self) -> Regulation:
        """The regulation under which it is shown."""
        return self.rules[0][0].regulation

    def merged(self, other: Offer) -> Offer:
        """One act of the two."""
        return replace(
            self,
            roles=tuple(dict.fromkeys((*self.roles, *other.roles))),
            rules=(*self.rules, *(one for one in other.rules if one not in self.rules)),
            asks=tuple(dict.fromkeys((*self.asks, *other.asks))),
            requires=self.requires | other.requires,
            periods=tuple(dict.fromkeys((*self.periods, *other.periods))),
            waiting=self.waiting or other.waiting,
            decides=self.decides or other.decides,
        )


def offers(subject: Subject, standing: Standing, at: datetime, *, whenever: bool = False) -> list[Offer]:
    """The acts that a person of this standing may record about the subject now, in the order of the regulations and their rules.

    ``whenever``: also those whose condition does not hold: what has been done may be recorded at any time.
    """
    found = _gathered(subject, standing, at, "now") if not whenever else _whenever(subject, standing, at)
    return list(found.values())


def find(subject: Subject, standing: Standing, at: datetime, key: str) -> Offer | None:
    """The act with this key, whether its condition holds now or not; None where the person may not do it here."""
    return _whenever(subject, standing, at, key.partition(":")[0]).get(key)


def _whenever(subject: Subject, standing: Standing, at: datetime, event: str = "") -> dict[str, Offer]:
    """The acts for which it is never too early or too late. What a step of complaints asks is not asked of a repair that knows the act
    by a step of its own: the kind of record never changes."""
    own = _gathered(subject, standing, at, "of its kind", event)
    return {**_gathered(subject, standing, at, "whenever", event), **own}


def _gathered(subject: Subject, standing: Standing, at: datetime, asking: str, event: str = "") -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    over = asking == "now" and _is_over(subject)
    for adopted in subject.adopted:
        look = _Look(subject, standing, at, asking, adopted)
        for rule in adopted.regulation.rules:
            if (not event or event in _events_of(rule)) and not (over and rule.about == subject.about and not _comes_after(rule)):
                _gather(look, rule, found)
    return {key: offer for key, offer in found.items() if offer.waiting or isinstance(offer.rules[0][1], StepRule)} if over else found


def _is_over(subject: Subject) -> bool:
    """Whether the last act of the thing has been recorded."""
    happened = subject.case.happened if subject.case is not None and subject.about in NAMED else {}
    rules = (rule for one in subject.adopted for rule in one.regulation.rules)
    return any(isinstance(rule, StepRule) and rule.last and rule.about == subject.about and rule.event in happened for rule in rules)


def _comes_after(rule: Rule) -> bool:
    """Whether the rule still offers its act when the thing is over: a decision may still be waiting."""
    return rule.after_last if isinstance(rule, StepRule) else isinstance(rule, ApprovalRule)


def _gather(look: _Look, rule: Rule, found: dict[str, Offer]) -> None:
    maker = _MAKERS.get(type(rule))
    for offer in maker(look, rule) if maker else ():
        found[offer.key] = found[offer.key].merged(offer) if offer.key in found else offer


def _events_of(rule: Rule) -> tuple[str, ...]:
    """The events of the acts that the rule may offer."""
    if isinstance(rule, StepRule):
        return (rule.event,)
    if isinstance(rule, ApprovalRule):
        return (*DECISIONS, rule.decided_by, ASKING)
    return (FILED,) if isinstance(rule, PaperRule) else ()


def first_of(subject: Subject, standing: Standing, at: datetime) -> list[Offer]:
    """The acts by which a new thing may begin: those that presuppose nothing."""
    return [one for one in offers(subject, standing, at) if one.event not in CLAUSED]


def approvers_of(adopted: Adopted, rule: ApprovalRule) -> tuple[str, ...]:
    """The roles that may take the decision: those with a limit of their own where limits are set, the organisation's choice, the rule's."""
    return tuple(limits_of(adopted, rule)) or deciders(adopted, rule)


def is_intake(rule: StepRule) -> bool:
    """Whether the act begins a case: that is done at the registration, unless the rule says when a case that there is may still hear it."""
    return rule.about == "case" and rule.event in FIRST_EVENTS and rule.event not in FIRST_OR_LATER and not rule.when.questions


class _Look:
    """What is looked at: the subject, the person, the moment, one regulation. ``asking``: whether the condition holds "now"; whether the
    record is "of its kind", however far the case has come; or nothing ("whenever")."""

    def __init__(self, subject: Subject, standing: Standing, at: datetime, asking: str, adopted: Adopted) -> None:
        self.subject, self.standing, self.at, self.asking, self.adopted = subject, standing, at, asking, adopted
        self.whenever = asking != "now"

    def places(self, rule: Rule) -> list[tuple[str, Case | None]]:
        """The pasts of the subject that the rule lives on, each with its period; none where it is about something else."""
        subject, about = self.subject, rule.about
        if subject.about != "unit" or subject.key:
            fits = about == subject.about and (about != "case" or "case" in acts_on(self.adopted.regulation, rule))
            return [("", subject.case)] if fits else []
        if about in PERIODS:
            names = two_periods(PERIODS[about], self.at)
            return [(name, subject.pasts.get(f"{about}:{subject.unit}/{name}")) for name in names]
        if about == "house":
            return [("", subject.pasts.get(f"house:{subject.unit}"))] if self.adopted.unit == subject.unit else []
        if about == "case":
            return [("", None)] if "unit" in acts_on(self.adopted.regulation, rule) else []
        return [("", subject.pasts.get(f"unit:{subject.unit}") if about == "unit" else None)] if about in _ASKED_OF_UNITS else []

    def holding(self, rule: Rule, when: Condition) -> list[str] | None:
        """The periods of the places where the condition holds; None where it holds nowhere."""
        places = self.places(rule)
        asked = replace(when, questions=tuple(one for one in when.questions if one.about == "record")) if self.whenever else when
        held = [
            period for period, case in places if self.asking == "whenever" or (self.whenever and case is None) or self._holds(asked, case)
        ]
        return held if held else None

    def _holds(self, when: Condition, case: Case | None) -> bool:
        subject = self.subject
        fact = Fact("", self.at, case.key if case else None, subject.unit, self.standing.roles[0] if self.standing.roles else None)
        prefixes = frozenset(one.regulation.prefix for one in subject.adopted)
        units = subject.house.units
        held = units.held_at(subject.unit, self.at)
        return when.holds(Scene(case, fact, units.by_code.get(subject.unit), prefixes, self.adopted.setting, held))

    def roles(self, wanted: Sequence[str], *, deciding: bool = False) -> tuple[str, ...]:
        """The roles under which the person may do it."""
        return self.standing.may_act_as(self.adopted.regulation, wanted, deciding=deciding)


_ASKED_OF_UNITS: Final = frozenset({"unit", "household", "customer", "register"})
"""Kinds of things that acts recorded at the page of a unit may name."""


def acts_on(regulation: Regulation, rule: Rule) -> frozenset[str]:
    """Whether an act of a rule about "case" is one on a case or one of the unit as such: what serves a duty, is made public or changes the
    unit's own past is the unit's; what changes a case is the case's; of the rest it may be either."""
    if not isinstance(rule, StepRule) or rule.event in FIRST_EVENTS or any(one.about not in _OF_FACTS for one in rule.when.questions):
        return frozenset({"case"})
    concerned = [one for one in regulation.by_event.get(rule.event, ()) if one is not rule]
    found = set()
    if any(isinstance(one, DutyRule | PublicationRule) or one.about in _OF_THE_UNIT for one in concerned):
        found.add("unit")
    if any(isinstance(one, _OF_A_CASE) and one.about == "case" for one in concerned):
        found.add("case")
    return frozenset(found or {"case", "unit"})


_OF_FACTS: Final = frozenset({"unit", "unit_kind", "unit_over", "unit_at_least", "unit_newer", "adopted", "not_adopted"})


def _of_step(look: _Look, rule: StepRule) -> Iterator[Offer]:
    if is_intake(rule) or (periods := look.holding(rule, rule.when)) is None:
        return
    deciding = rule.event in _decisions(look.adopted.regulation)
    roles = look.roles(rule.by, deciding=deciding)
    if roles:
        key = f"{rule.event}:{rule.cites[0]}" if rule.event in CLAUSED else rule.event
        asks = tuple(dict.fromkeys(one for one in (*rule.asks, *rule.requires) if one != "clause" or rule.event not in CLAUSED))
        named = tuple(one for one in periods if one)
        yield Offer(key, rule.event, roles, ((look.adopted, rule),), asks, frozenset(rule.requires), named, decides=deciding)


def _decisions(regulation: Regulation) -> frozenset[str]:
    found = {one.decided_by for one in regulation.rules if isinstance(one, ApprovalRule) and one.decided_by != BY_APPROVAL}
    return frozenset(found) | frozenset(DECISIONS)


def _of_approval(look: _Look, rule: ApprovalRule) -> Iterator[Offer]:
    if rule.level is not None or (periods := look.holding(rule, rule.when)) is None:
        return
    clause, named = rule.cites[0], tuple(one for one in periods if one)
    records = [one for one in _records(look.subject, "approvals") if one.clause == clause]
    waiting = any(one.state == NEEDED for one in records)
    taken = rule.once and not rule.same and any(one.state == GIVEN for one in records)
    roles = look.roles(approvers_of(look.adopted, rule), deciding=True)
    rules, same = ((look.adopted, rule),), (*rule.same, *(("to", "standing") if "purpose" in rule.same else ()))
    if roles and (look.whenever or waiting or not (rule.must_be_asked or taken)):
        yes = (*same, *_told_with(look.adopted.regulation, rule), "text")
        if rule.decided_by == BY_APPROVAL:
            if look.whenever or not _has_own_act(look, rule):
                yield Offer(f"approval_given:{clause}", "approval_given", roles, rules, yes, frozenset(rule.same), named, waiting, True)
            no = (*rule.same, "reason")
            yield Offer(f"approval_refused:{clause}", "approval_refused", roles, rules, no, frozenset({"reason"}), named, waiting, True)
        else:
            yield Offer(rule.decided_by, rule.decided_by, roles, rules, yes, frozenset(), named, waiting, True)
    if look.standing.roles and not look.standing.rights.isdisjoint(AT_WORK) and (look.whenever or not (waiting or taken)):
        asked = (*rule.same, *_told_with(look.adopted.regulation, rule), "reason")
        yield Offer(f"{ASKING}:{clause}", ASKING, look.standing.roles[:1], rules, asked, frozenset(rule.same), named)


def _has_own_act(look: _Look, rule: ApprovalRule) -> bool:
    """Whether the regulation has an act of its own by which the same decision is given now: it is not offered under two names."""
    same = (one for one in look.adopted.regulation.rules if isinstance(one, ApprovalRule) and one.cites[0] == rule.cites[0])
    return any(one.decided_by != BY_APPROVAL and look.holding(one, one.when) is not None for one in same)


def _told_with(regulation: Regulation, rule: ApprovalRule) -> tuple[str, ...]:
    """What a decision tells beside yes: a new limit that a clock waits for, the amount that it is about."""
    event = f"approval_given:{rule.cites[0]}"
    said = [one.until_said for one in regulation.rules if isinstance(one, ClockRule) and one.until_said]
    dates = [one.detail for one in said if one.event == event]
    return (*dict.fromkeys(dates), *(("amount_yuan",) if rule.limits_setting else ()))


def _of_paper(look: _Look, rule: PaperRule) -> Iterator[Offer]:
    if (periods := look.holding(rule, rule.when)) is None or not look.standing.roles or look.standing.rights.isdisjoint(AT_WORK):
        return
    clause = rule.cites[0]
    states = {one.state for one in _records(look.subject, "papers") if one.clause == clause}
    asks = ("missing_parts", "text", *_held_open(look.adopted.regulation, clause))
    if look.whenever or states & {MISSING, INCOMPLETE} or (rule.on is None and not states):
        named = tuple(one for one in periods if one)
        yield Offer(f"{FILED}:{clause}", FILED, look.standing.roles[:1], ((look.adopted, rule),), asks, periods=named)


def _held_open(found: Regulation, clause: str) -> tuple[str, ...]:
    """The kinds of things that are not ended before the paper is filed: it says for which of them it is."""
    filed = f"{FILED}:{clause}"
    waiting = (rule for rule in found.rules if isinstance(rule, RefusalRule) and rule.about in NAMED)
    asked = (rule.about for rule in waiting for one in rule.when.questions if one.about == "not_happened" and filed in one.answers)
    return tuple(dict.fromkeys(asked))


def _records(subject: Subject, shelf: str) -> list[Any]:
    known = subject.known
    records: Mapping[str, Any] = getattr(known, shelf) if known is not None else {}
    return list(records.values())


_MAKERS: Final[Mapping[type[Rule], Callable[[_Look, Any], Iterator[Offer]]]] = {
    StepRule: _of_step,
    ApprovalRule: _of_approval,
    PaperRule: _of_paper,
}
