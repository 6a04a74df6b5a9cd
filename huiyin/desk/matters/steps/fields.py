"""What the form of an act asks: a field for each detail, of the kind that the vocabulary gives it, with what may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from huiyin.core.approvals import ASKING, submitted
from huiyin.core.duties import ends, recurrence
from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import PERIOD_KINDS, PeriodKind
from huiyin.core.rules import ApprovalRule, DutyRule, PaperRule, Regulation, Rule, Words
from huiyin.core.subjects import NAMED, PERIODS
from huiyin.desk.clocks.models import Clock
from huiyin.desk.matters.steps import choices
from huiyin.desk.matters.steps.choices import Choice, Group
from huiyin.desk.matters.steps.demanded import Wanted, bound, demanded, demanded_with, one_only, refused
from huiyin.desk.matters.steps.handing import handings
from huiyin.desk.matters.steps.offering import FILED, Offer
from huiyin.desk.matters.steps.subjects import Subject, period_names, things_near
from huiyin.desk.people.queries import responsible_for
from huiyin.rulebook.load import vocabulary

LONG: Final = frozenset({"text", "reason", "analysis", "focus", "passage"})
SEEN: Final = "requested_at"
"""The detail by which a decision says what its author has read: when it was submitted."""
_SINGLE_ROLES: Final = frozenset({"approver", "leader"})
_OF_OUR_OWN: Final = frozenset({"complained_about"})
"""Details that name posts of our own: who is complained about; likewise whoever is to do the work, where the act assigns it."""
_NEVER_ASKED: Final = frozenset({"new_case", "approver", "by", "entered_at", "record"})
"""What the desk itself says: the key of a case that begins, who decides and acts, when it was entered."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that the form asks.

    ``kind``: line, long, number, moment, day, flag, choice, choices, person (one of ``choices``, or nobody), list (free words), map
    (``groups``: a class of each regulation), numbers (``choices``: a number for each), unit, case, cases (``choices``: their ids), period
    (free, with suggestions in ``choices``), fixed (``initial`` as it is), seen (``initial`` as it was when the form was shown). ``bound``:
    nothing but ``initial`` may be said. ``wanted``: it has to be said where another field says so. ``barred`` are words for which a
    regulation would refuse the act: they are not offered, but read, so that the refusal says why.
    """

    name: str
    kind: str
    label: Words
    required: bool = False
    choices: tuple[Choice, ...] = ()
    groups: tuple[Group, ...] = ()
    initial: Any = None
    bound: bool = False
    wanted: Wanted | None = None
    barred: tuple[Choice, ...] = ()


def fields_of(offer: Offer, subject: Subject, at: datetime) -> list[Field]:
    """The fields of the act's form, what identifies the thing first; fixed ones among them."""
    fixed: dict[str, Any] = dict(subject.names)
    if offer.clause:
        fixed["clause"] = offer.clause
    asked = [name for name in offer.asks if name not in _NEVER_ASKED and name not in fixed]
    if offer.periods and "period" not in (*asked, *fixed):
        asked.insert(0, "period")
    ask = _Ask(offer, subject, at)
    made = [_field(ask, name) for name in dict.fromkeys(asked)]
    labels = vocabulary()["facts"]
    if at_last := _submitted_at(offer, subject):
        made.append(Field(SEEN, "seen", _words(labels[SEEN]), initial=at_last.isoformat()))
    return [*(Field(name, "fixed", _words(labels[name]), initial=value) for name, value in fixed.items()), *made]


def _submitted_at(offer: Offer, subject: Subject) -> datetime | None:
    """When that on which the act decides was submitted, where the decision is bound to it."""
    binding = (rule for _, rule in offer.rules if offer.decides and isinstance(rule, ApprovalRule) and rule.binds)
    last = next((found for rule in binding if (found := submitted(subject.case, rule)) is not None), None)
    return last[0] if last is not None else None


def _bound_by(offer: Offer) -> frozenset[str]:
    """What has to be submitted because the decision that is asked for is about it."""
    if offer.event != ASKING:
        return frozenset()
    listed = [rule for adopted, _ in offer.rules for rule in adopted.regulation.rules if isinstance(rule, ApprovalRule)]
    return frozenset(name for rule in listed if offer.clause in rule.cites for name in rule.binds)


class _Ask:
    """What a field is made for."""

    def __init__(self, offer: Offer, subject: Subject, at: datetime) -> None:
        self.offer, self.subject, self.at = offer, subject, at
        self.bound = bound(offer, subject, at)
        self.required = offer.requires | demanded(offer, subject, at) | _bound_by(offer) | self.bound.keys()
        self.wanted = demanded_with(offer, subject, at)
        self.regulations: Sequence[Regulation] = list({one.regulation.stem: one.regulation for one, _ in offer.rules}.values())

    @property
    def all(self) -> list[Regulation]:
        """Every regulation in force for the subject."""
        return [one.regulation for one in self.subject.adopted]


def _words(one: Mapping[str, Any]) -> Words:
    return str(one["zh"]), str(one["en"])


def _field(ask: _Ask, name: str) -> Field:
    known = vocabulary()["facts"][name]
    kind = known["kind"]
    said_before, required = ask.bound.get(name), name in ask.required
    called, initial = _words(known.get("in_acts", {}).get(ask.offer.event, known)), said_before or _initial(ask, name)
    blank = Field(name, "line", called, required, initial=initial, bound=said_before is not None, wanted=ask.wanted.get(name))
    maker = _BY_NAME.get(name) or _BY_KIND[kind]
    return maker(ask, blank)


def _initial(ask: _Ask, name: str) -> Any:
    case = ask.subject.case
    return case.plain.get(name) if case is not None and name in ("customer", "household", "issue") else None


def _text(_ask: _Ask, blank: Field) -> Field:
    return replace(blank, kind="long" if blank.name in LONG else "line")


def _plain(kind: str) -> Callable[[_Ask, Field], Field]:
    return lambda _ask, blank: replace(blank, kind=kind)


def _key(ask: _Ask, blank: Field) -> Field:
    listed = choices.answers(ask.regulations, ask.offer.event, blank.name)
    return _offering(ask, replace(blank, kind="choice"), listed) if listed else blank


def _keys(ask: _Ask, blank: Field) -> Field:
    listed = choices.answers(ask.regulations, ask.offer.event, blank.name)
    return _offering(ask, replace(blank, kind="choices" if listed else "list"), listed)


def _offering(ask: _Ask, blank: Field, listed: tuple[Choice, ...]) -> Field:
    """The field with those of the words for which no regulation refuses the act; with all where none would be left."""
    barred = tuple(one for one in listed if refused(ask.offer, ask.subject, ask.at, blank.name, one.key))
    if len(barred) == len(listed):
        return replace(blank, choices=listed)
    return replace(blank, choices=tuple(one for one in listed if one not in barred), barred=barred)


def _roles(ask: _Ask, blank: Field) -> Field:
    inside = blank.name in _OF_OUR_OWN or "assignee" in ask.offer.asks
    listed = choices.roles(ask.regulations, outside=not inside)
    if blank.required:
        # Where it has to be said who was told, these are the ones whom the clause names.
        told = choices.told(ask.regulations, ask.offer.event)
        listed = tuple(one for one in listed if one in told)
    return _offering(ask, replace(blank, kind="choice" if blank.name in _SINGLE_ROLES else "choices"), listed)


def _people(ask: _Ask, blank: Field) -> Field:
    listed = choices.staff(ask.subject.organisation_id, ask.subject.unit, ask.at)
    proposed = _responsible(ask) if blank.name == "assignee" else []
    if one_only(ask.offer, ask.subject, blank.name):
        return replace(blank, kind="person", choices=listed, initial=proposed[0] if len(proposed) == 1 else "")
    return replace(blank, kind="choices", choices=listed, initial=proposed or None)


def _responsible(ask: _Ask) -> list[str]:
    """The people who are responsible for the classes that the case has under the regulations of the act."""
    case = ask.subject.case
    given = ((one.prefix, case.scheme("category", one.prefix)) for one in ask.regulations) if case is not None else ()
    classes = [f"{prefix}:{key}" for prefix, key in given if key]
    found = responsible_for(ask.subject.organisation_id, ask.subject.unit, classes, in_shanghai(ask.at).date()) if classes else ()
    return [str(one) for one in found]


def _cases(ask: _Ask, blank: Field) -> Field:
    """The cases that the unit may hand over with the act, in the order in which they were finished."""
    found = handings(ask.subject.organisation_id, ask.subject.unit, ask.at)
    named = [one for one in found if (one.rule.handed_by, one.rule.names) == (ask.offer.event, blank.name)]
    owed = dict.fromkeys(case for one in reversed(named) for case in one.stands.missing)
    return replace(blank, kind="cases", choices=tuple(Choice(one, (one, one)) for one in owed))


def _map(ask: _Ask, blank: Field) -> Field:
    return replace(blank, kind="map", groups=choices.schemes(ask.all, blank.name, ask.subject.about))


def _answers(ask: _Ask, blank: Field) -> Field:
    return replace(blank, kind="numbers", choices=choices.answers(ask.regulations, ask.offer.event, "answers"))


def _channel(ask: _Ask, blank: Field) -> Field:
    """The channels of the regulations; of an act that serves a duty by some of them only these."""
    listed = choices.channels(ask.regulations)
    duties = [duty for one in ask.regulations for duty in _duties(one, ask.offer.event)]
    served = {key for one in duties if one.variants and one.variants[0] == "channel" for key in one.variants[1]}
    return _offering(ask, replace(blank, kind="choice"), tuple(one for one in listed if one.key in served) or listed)


def _outlets(ask: _Ask, blank: Field) -> Field:
    listed = choices.outlets(ask.regulations, ask.offer.event)
    named = choices.named_outlets(ask.regulations, ask.offer.event)
    return replace(blank, kind="choices" if listed else "list", choices=listed, initial=[one.key for one in named[:1]] or None)


def _clause(ask: _Ask, blank: Field) -> Field:
    return replace(blank, kind="choice", choices=choices.standards(ask.regulations))


def _missing_parts(ask: _Ask, blank: Field) -> Field:
    heard = (rule for one in ask.regulations for rule in one.by_event.get(ask.offer.event, ()) if isinstance(rule, PaperRule))
    # A paper that only hears of the act, as a file of its parts does, is not handed in with it.
    papers = {rule.form for rule in heard if rule.on == ask.offer.event or ask.offer.clause in rule.cites}
    listed = choices.parts_of_forms(ask.regulations, ask.offer.clauses, papers)
    return replace(blank, kind="choices" if listed else "list", choices=listed)


def _parts(_ask: _Ask, blank: Field) -> Field:
    return replace(blank, kind="choices", choices=choices.parts_of_cases())


def _period(ask: _Ask, blank: Field) -> Field:
    """The periods that the act may serve: those of its things, of its duties, of open duties; else any, with the usual ones proposed."""
    kinds = [PERIODS[rule.about] for _, rule in ask.offer.rules if rule.about in PERIODS]
    duties = [(adopted, one) for adopted, _ in ask.offer.rules for one in _duties(adopted.regulation, ask.offer.event)]
    for adopted, duty in duties:
        recurs = recurrence(adopted, duty)
        if recurs is not None and recurs.period_kind is not None:
            kinds.append(recurs.period_kind)
    owed = _owed(ask, [f"{adopted.regulation.prefix}:{duty.id}" for adopted, duty in duties])
    named = list(dict.fromkeys((*owed, *(ask.offer.periods or period_names(dict.fromkeys(kinds), ask.at)))))
    if kinds:
        return replace(blank, kind="choice", choices=_names(named), initial=(owed or named)[0], required=True)
    proposed = named or period_names(_USUAL, ask.at)
    return replace(blank, kind="period", choices=_names(proposed), initial=owed[0] if owed else None)


_USUAL: Final[tuple[PeriodKind, ...]] = tuple(kind for kind in PERIOD_KINDS if kind not in ("day", "week"))


def _duties(found: Regulation, event: str) -> list[DutyRule]:
    rules: Sequence[Rule] = [one for name, listed in found.by_event.items() if name.partition(":")[0] == event for one in listed]
    return list({id(one): one for one in rules if isinstance(one, DutyRule) and any(end.event == event for end in ends(one))}.values())


def _owed(ask: _Ask, rules: Sequence[str]) -> list[str]:
    """The periods for which the unit still owes one of the duties, the longest owed first."""
    if not rules:
        return []
    rows = Clock.objects.filter(
        organisation_id=ask.subject.organisation_id,
        kind="duty",
        unit_code=ask.subject.unit,
        rule__in=rules,
        state__in=("running", "overdue"),
    )
    return list(dict.fromkeys(name for name in rows.order_by("starts_at", "key").values_list("period", flat=True) if name))


def _names(periods: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(one, (one, one)) for one in periods)


def _thing(ask: _Ask, blank: Field) -> Field:
    """The thing that an act on a case or a paper names: one of those that the unit and the units above and below it have. Where none is
    known, and in other acts of a unit, by which such things may begin, its name is typed."""
    named = ask.subject.about == "case" or ask.offer.event == FILED
    names = things_near(ask.subject.house, blank.name, ask.subject.unit) if named else []
    return replace(blank, kind="choice" if names else "line", choices=_names(names))


_BY_NAME: Final[Mapping[str, Callable[[_Ask, Field], Field]]] = {
    "answers": _answers,
    "channel": _channel,
    "clause": _clause,
    "earlier": _plain("case"),
    "missing_parts": _missing_parts,
    "outlets": _outlets,
    "part": _parts,
    "period": _period,
    "unit": _plain("unit"),
    **dict.fromkeys(NAMED, _thing),
    "register": _key,
}
_BY_KIND: Final[Mapping[str, Callable[[_Ask, Field], Field]]] = {
    "text": _text,
    "number": _plain("number"),
    "moment": _plain("moment"),
    "day": _plain("day"),
    "flag": _plain("flag"),
    "key": _key,
    "keys": _keys,
    "roles": _roles,
    "people": _people,
    "cases": _cases,
    "map": _map,
}
