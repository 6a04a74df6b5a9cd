"""Registers that are kept of cases: each line is a case, told by its own records, with what people added to it by hand.

Nothing of a case is copied: what its records say later stands in the register then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractMonth

from huiyin.core.facts import ASSIGNEE, LIMIT_PASSED
from huiyin.core.moments import SHANGHAI, in_shanghai
from huiyin.core.questions import values_of
from huiyin.core.rules import RegisterField, RegisterRule
from huiyin.desk.cases.access import OPEN, Veil, story_of, veils
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.people.queries import names_of
from huiyin.desk.places.rooms import shown
from huiyin.desk.registers.columns import read_value
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Filter, rule_of
from huiyin.plumbing.ids import read_id
from huiyin.rulebook.words import class_name, event_name, regulation_of, role_name, value_name

TOGETHER: Final = 200
"""So many cases are read at once."""
_NO_CASES: Final = ("duplicate", "misfiled")
"""Why a case is void that was none: it stands in no register."""
_RESULTS: Final = ("case_closed", "complaint_handled", "help_handling_recorded")
"""The acts whose words tell what came of a case, the last one first."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line of a register of cases, as pages and files show an entry. ``id`` is the case's; ``entry`` holds what was added by hand."""

    id: UUID
    register: str
    label: str
    unit_code: str
    at: datetime
    values: Mapping[str, str]
    closed_at: datetime | None
    entry: Entry | None = None
    closing_note: str = ""
    compared: str = ""
    compared_with: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """How often it was written by hand, and once at least."""
        return self.entry.version if self.entry is not None else 1


def by_hand(rule: RegisterRule) -> tuple[RegisterField, ...]:
    """The columns of a register of cases that people fill in."""
    return tuple(column for column in rule.fields if not column.told)


def cases_in(organisation_id: UUID, wanted: Filter) -> QuerySet[Case]:
    """The cases that stand in the register ``wanted`` names, as far as the other parts of it fit; the latest first."""
    of = rule_of(wanted.register).of_cases
    if of is None:
        return Case.objects.none()
    rows = Case.objects.filter(organisation_id=organisation_id, record__in=of.records).exclude(void_reason__in=_NO_CASES)
    if of.channels:
        rows = rows.filter(channel__in=of.channels)
    if of.happened:
        facts = Fact.objects.filter(organisation_id=OuterRef("organisation_id"), case_id=OuterRef("id"), event=of.happened)
        rows = rows.filter(Exists(facts))
    if wanted.units is not None:
        rows = rows.filter(unit_code__in=list(wanted.units))
    if wanted.from_at is not None:
        rows = rows.filter(received_at__gte=wanted.from_at)
    if wanted.until_at is not None:
        rows = rows.filter(received_at__lt=wanted.until_at)
    if wanted.open_only:
        rows = rows.filter(closed_at=None)
    # What is secret of a case does not stand in these columns.
    for word in wanted.words.split():
        rows = rows.filter(reduce(Q.__or__, (Q(**{f"{name}__icontains": word}) for name in ("number", "title", "story", "household_code"))))
    return rows.order_by("-received_at", "-number")


def count(organisation_id: UUID, wanted: Filter) -> tuple[int, int]:
    """How many lines the register has, and how many of them are of open cases."""
    told = cases_in(organisation_id, wanted).order_by().aggregate(every=Count("id"), still_open=Count("id", filter=Q(closed_at=None)))
    return int(told["every"]), int(told["still_open"])


def per_month(organisation_id: UUID, wanted: Filter) -> Mapping[str, int]:
    """How many lines of each month the register has, by its name: 2026-02."""
    rows = cases_in(organisation_id, wanted).order_by().annotate(month=ExtractMonth("received_at", tzinfo=SHANGHAI))
    year = in_shanghai(wanted.from_at).year if wanted.from_at else 0
    return {f"{year}-{month:02d}": number for month, number in rows.values_list("month").annotate(Count("id")).order_by("month")}


def lines(
    organisation_id: UUID, register: str, cases: Iterable[Case], language: str, channel_word: Callable[[str], str]
) -> Iterator[CaseLine]:
    """The register's line of each of the cases, in their order, what is secret of a case hidden; words in the ``language`` of the page,
    ``channel_word`` says by which way a case came."""
    waiting = iter(cases)
    while some := list(islice(waiting, TOGETHER)):
        yield from _lines(organisation_id, register, some, language, channel_word)


def _lines(
    organisation_id: UUID, register: str, cases: Sequence[Case], language: str, channel_word: Callable[[str], str]
) -> Iterator[CaseLine]:
    ids = [one.id for one in cases]
    rule, found = rule_of(register), regulation_of(register)
    hidden = veils(organisation_id, [one.id for one in cases if one.secrets])
    facts: dict[UUID | None, list[Fact]] = {}
    for fact in Fact.objects.filter(organisation_id=organisation_id, case_id__in=ids, derived=False).order_by("number", "id"):
        facts.setdefault(fact.case_id, []).append(fact)
    added = {one.case_id: one for one in Entry.objects.filter(organisation_id=organisation_id, register=register, case_id__in=ids)}
    everything = [one for listed in facts.values() for one in listed]
    names = names_of(person for one in everything for person in (*filter(None, [one.by_person]), *_named(one)))
    for case in cases:
        acts = [one for one in facts.get(case.id, ()) if one.event != LIMIT_PASSED]
        told = _Told(
            case,
            acts,
            hidden.get(case.id, OPEN),
            names,
            language,
            found.stem if found else "",
            found.prefix if found else "",
            channel_word(str(case.channel)) if case.channel else "",
        )
        entry = added.get(case.id)
        values = {column.key: value for column in rule.fields if (value := _value(told, column))}
        hand = {column.key: entry.values[column.key] for column in by_hand(rule) if entry is not None and column.key in entry.values}
        closed = case.closed_at if rule.closes else None
        yield CaseLine(case.id, register, str(case.number), case.unit_code, case.received_at, {**values, **hand}, closed, entry)


@dataclass(frozen=True, slots=True)
class _Told:
    """A case with its acts and what is hidden of it, the names of those who acted, and the regulation that asks."""

    case: Case
    acts: Sequence[Fact]
    veil: Veil
    names: Mapping[UUID, str]
    language: str
    stem: str
    prefix: str
    channel: str

    def last(self, event: str) -> Fact | None:
        """The last act of this name."""
        return next((one for one in reversed(self.acts) if one.event == event), None)

    def who(self, act: Fact | None) -> str:
        """Who did an act: by name, else by the post."""
        if act is None:
            return ""
        named = self.names.get(act.by_person, "") if act.by_person else ""
        return named or (role_name(act.by_role, self.language, (self.stem,)) if act.by_role else "")

    def said(self, act: Fact | None, *details: str) -> str:
        """The first of the details that the act tells, as far as it may be told."""
        told = self.veil.details(act.details) if act is not None and not self.veil.papers else {}
        return next((self.word(told[name], name) for name in details if told.get(name) not in (None, "", [])), "")

    def word(self, value: Any, detail: str) -> str:
        """The value of a detail in words: names of roles, of classes and values that regulations list, everything else as it is."""
        if isinstance(value, list | tuple):
            return "、".join(self.word(one, detail) for one in value)
        key = str(value)
        named = (
            role_name(key, self.language, (self.stem,)),
            *(class_name(detail, key, self.language, stem) for stem in (self.stem, "")),
            value_name(key, self.language),
        )
        return next((one for one in named if one != key), key)


def _value(told: _Told, field: RegisterField) -> str:
    if not field.told:
        return ""
    event, _, name = field.told.partition(".")
    given = _of_act(told, event, name) if name else _OF_CASES[field.told](told, field)
    return (read_value(field, given) or "") if given not in (None, "") else ""


def _of_act(told: _Told, event: str, name: str) -> Any:
    act = told.last(event)
    if act is None or name == "at":
        return in_shanghai(act.at) if act is not None else None
    if name == "to" and (persons := [told.names[one] for one in _named(act) if one in told.names]):
        return "、".join(persons)
    return told.who(act) if name == "by" else told.said(act, name)


def _named(act: Fact) -> list[UUID]:
    """The persons whom the act names beside the posts that it addresses."""
    return [found for one in sorted(values_of(act.details.get(ASSIGNEE))) if (found := read_id(one)) is not None]


def _class(told: _Told, field: RegisterField, given: Mapping[str, Any], scheme: str) -> str:
    """The class of a case in the regulation's own scheme: its key for a choice, else its name."""
    own = given.get(told.prefix) or (next(iter(given.values()), "") if given and field.kind != "choice" else "")
    key = str(own[-1] if isinstance(own, list | tuple) and own else own or "")
    return key if field.kind == "choice" else class_name(scheme, key, told.language, told.stem) if key else ""


def _department(told: _Told, _field: RegisterField) -> str:
    return told.word(told.case.department, "department") if told.case.department else ""


def _person(told: _Told, _field: RegisterField) -> str:
    return "" if told.case.confidential else str(told.case.contact_name)


def _contact(told: _Told, _field: RegisterField) -> str:
    return "" if told.case.confidential else str(told.case.contact_phone)


def _home(told: _Told, _field: RegisterField) -> str:
    return shown(told.case.household_code, told.language) if told.case.household_code else str(told.case.place)


def _matter(told: _Told, _field: RegisterField) -> str:
    return str(told.case.title) or story_of(told.case)


def _result(told: _Told, _field: RegisterField) -> str:
    acts = [told.last(event) for event in _RESULTS]
    said = (told.said(act, name) for name in ("text", "result") for act in acts)
    return next((one for one in said if one), "")


def _course(told: _Told, _field: RegisterField) -> str:
    """What was done, an act after the other: when, what, in which words."""
    acts = (
        f"{in_shanghai(one.at):%m-%d %H:%M} {event_name(one.event, told.language)} {told.said(one, 'text')}".strip()
        for one in told.acts[1:]
    )
    return "；".join(acts)


_OF_CASES: Final[Mapping[str, Callable[[_Told, RegisterField], Any]]] = {
    "number": lambda told, _: str(told.case.number),
    "date": lambda told, _: in_shanghai(told.case.received_at),
    "time": lambda told, _: f"{in_shanghai(told.case.received_at):%H:%M}",
    "received_at": lambda told, _: in_shanghai(told.case.received_at),
    "received_by": lambda told, _: told.who(told.acts[0]) if told.acts else "",
    "class": lambda told, field: _class(told, field, told.case.category, "category"),
    "severity": lambda told, field: _class(told, field, told.case.severity, "severity"),
    "channel": lambda told, _: told.channel,
    "department": _department,
    "resident": _person,
    "contact": _contact,
    "home": _home,
    "matter": _matter,
    "content": lambda told, _: story_of(told.case),
    "result": _result,
    "course": _course,
}
"""What of a case may stand in a column, by the word that the rule says under ``told``."""
TOLD: Final = frozenset(_OF_CASES)
