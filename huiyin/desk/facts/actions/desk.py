"""The work of one transaction: what is known is read once and carried on from fact to fact, what follows is kept at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.converting import goes_on_as
from huiyin.core.facts import LIMIT_PASSED, PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.follow import Outcome, follow
from huiyin.core.known import Known, note
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Clock, Notice, WarningSignal
from huiyin.core.rules import Adopted
from huiyin.core.subjects import DUTY, Subject, first_subject, is_followed, subjects
from huiyin.desk.facts import keepers
from huiyin.desk.facts.actions.announcing import News, announce
from huiyin.desk.facts.actions.entering import entry_of
from huiyin.desk.facts.actions.notices import said_again
from huiyin.desk.facts.actions.reading import BadFact, check_cases, check_classes
from huiyin.desk.facts.actions.refusing import Refused
from huiyin.desk.facts.actions.written import TABLE as FACTS
from huiyin.desk.facts.actions.written import fact_row, remember
from huiyin.desk.facts.queries import SHELVES, House, Past, load_cases, load_tallies, load_unit, periods_of, thing_id
from huiyin.desk.journal import actions as journal
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.index import TALLIED
from huiyin.rulebook.load import vocabulary

PLATFORM = "platform"


def subject_of_case(organisation_id: UUID, case: str) -> str:
    """What is locked while facts of the case are stored."""
    return f"{organisation_id}/{case}"


def subject_of_unit(organisation_id: UUID, unit: str) -> str:
    """What is locked while facts about the unit are stored."""
    return f"{organisation_id}/unit/{unit}"


def subject_of_issue(organisation_id: UUID, issue: str) -> str:
    """What is locked while the households that complain of the issue are counted."""
    return f"{organisation_id}/issue/{issue}"


def lock(cursor: Any, subjects: Sequence[str]) -> None:
    """Wait until nobody else works on the subjects; they are ours until the transaction ends. Hand them in sorted."""
    if subjects:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(s, 0)) FROM unnest(%s::text[]) AS s", [list(subjects)])


@dataclass(frozen=True, slots=True)
class Act:
    """A fact with what followed from it, waiting to be kept."""

    fact: Fact
    outcome: Outcome
    number: int
    known_already: bool = False


@dataclass(slots=True)
class Desk:
    """One transaction over one organisation. ``cases`` holds what is known of each case, by id as text; ``about`` the cases that begin."""

    cursor: Any
    house: House
    by: UUID | None
    at: datetime
    rows: Rows
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cases: dict[str, Past] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    units: dict[tuple[Any, ...], Past] = field(default_factory=dict)
    kept: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    remembered: list[tuple[Subject, str]] = field(default_factory=list)
    keys: dict[UUID, journal.Key] = field(default_factory=dict)

    def follow(self, fact: Fact) -> Outcome:
        """What follows from ``fact``, after the limits that passed before it. Raises Refused, BadFact."""
        fact = self._read(fact)
        first = first_subject(fact)
        past = self._past(first)
        self.pass_limits(past, fact.at)
        if fact.case is not None:
            self._count(past, fact)
        adopted = self._adopted(past, first.fact)
        check_classes(adopted, fact)
        case = past.known.case
        heard = [one for one in subjects(adopted, self.house.units, fact, case)[1:] if not one.only_if_known or self._is_known(one)]
        outcome = self._take(past, self._of_thing(first), adopted)
        for subject in heard:
            self._hear(subject, adopted)
        for found in outcome.derived:
            self._pass_on(found, past, fact, adopted)
        new = goes_on_as(fact, past.known.case)
        if new is not None:
            begun = past.row if past.row is not None else self.about.get(str(fact.case), {})
            self.about = {**self.about, str(new.case): keepers.case_keeper().goes_on(begun)}
            self.follow(new)
        return outcome

    def _hear(self, subject: Subject, adopted: Sequence[Adopted]) -> None:
        """Let another past than the first one hear the fact, and pass on what it finds out."""
        if subject.about not in (DUTY, "case") and not is_followed(adopted, subject):
            self._remember(subject)
            return
        past = self._past(subject)
        if subject.about == DUTY:
            past.known = replace(past.known, about=DUTY)
        self.pass_limits(past, subject.fact.at)
        fact = self._of_thing(subject)
        outcome = self._take(past, fact, adopted)
        for found in outcome.derived:
            self._pass_on(found, past, fact, adopted)

    def _remember(self, subject: Subject) -> None:
        """Add the fact to the thing's past unread: nothing follows from it there, but a later one may ask for it."""
        key = str(thing_id(self.house.organisation_id, str(subject.key)))
        if key in self.cases:
            fact = replace(subject.fact, case=key)
            known = self.cases[key].known
            case = note(known.case, fact) if known.case is not None else None
            if case is not None:
                self.cases[key].known = replace(known, case=case)
        self.remembered.append((subject, key))

    def _pass_on(self, found: Fact, past: Past, heard: Fact, adopted: Sequence[Adopted]) -> None:
        """What was found out about one thing may concern another one: an issue, a month, the unit's duties."""
        period = {"period": heard.details["period"]} if heard.details.get("period") else {}
        told = replace(found, unit=heard.unit, details={**period, **found.details})
        own = past.known.case.key if past.known.case is not None else None
        for subject in subjects(adopted, self.house.units, told, past.known.case)[1:]:
            if subject.key is None or str(thing_id(self.house.organisation_id, subject.key)) != own:
                self._take(self._past(subject), self._of_thing(subject), adopted)

    def _past(self, subject: Subject) -> Past:
        if subject.key is None:
            return self._past_of_unit(subject.fact)
        return self._past_of_case(subject.fact) if subject.about == "case" else self._past_of_thing(subject)

    def _past_of_thing(self, subject: Subject) -> Past:
        key = str(thing_id(self.house.organisation_id, str(subject.key)))
        if key not in self.cases:
            lock(self.cursor, [subject_of_case(self.house.organisation_id, key)])
            found = load_cases(self.cursor, self.house, [UUID(key)]).get(key)
            self.cases[key] = found or Past(Known(self.house.units, about=subject.about), thing=str(subject.key))
        past = self.cases[key]
        if past.known.case is None and subject.fact.unit not in self.house.units.by_code:
            raise BadFact(
                f"found {subject.fact.event} about {subject.key}, which is not known here, without a unit of this organisation; name one",
                f"“{subject.key}”尚未登记，又没有指明本组织的单位；请选择单位",
            )
        return past

    def _is_known(self, subject: Subject) -> bool:
        return self._past_of_thing(subject).known.case is not None

    def _of_thing(self, subject: Subject) -> Fact:
        """The fact under the id by which the thing is kept, with the unit that the thing is of."""
        if subject.key is None or subject.about == "case":
            return subject.fact
        key = str(thing_id(self.house.organisation_id, subject.key))
        case = self.cases[key].known.case
        return replace(subject.fact, case=key, unit=subject.fact.unit or (case.unit if case else None))

    def pass_limits(self, past: Past, until: datetime, *, until_included: bool = False) -> int:
        """Let every limit of the subject that passed before ``until`` pass, in order, each at its own moment; returns how many."""
        passed = 0
        while (clock := _next_look(past.known, until, until_included)) is not None:
            at = clock.look_at or until
            details = {"clock": clock.key, **({"period": clock.period} if clock.period else {})}
            fact = Fact(LIMIT_PASSED, in_shanghai(at), clock.case, clock.unit, PLATFORM, details, self.at)
            self._take(past, fact, self._adopted(past, fact))
            passed += 1
            if past.known.clocks[clock.key] == clock:
                self._stop_looking(past, clock)
        return passed

    def _read(self, fact: Fact) -> Fact:
        if fact.event not in vocabulary()["events"]:
            raise BadFact(
                f"found the event {fact.event[:60]!r}, expected one of the vocabulary; look it up in vocabulary.yaml",
                f"“{fact.event[:60]}”不是已知的事件；请按词表填写",
            )
        unit = fact.unit
        if unit is None and (fact.event in PERIOD_OPENINGS or fact.event == YEAR_CLOSED):
            unit = self.house.root
        if fact.case is None and first_subject(fact).key is None and unit not in self.house.units.by_code:
            raise BadFact(
                f"found {fact.event} about the unit {fact.unit!r}, expected a case or a unit of this organisation; name one",
                f"事件 {fact.event} 没有指明本组织的工单或单位；请填写",
            )
        check_cases(fact)
        # Periods open for the whole organisation: whoever tells of an opening need not name its topmost unit.
        details = {key: in_shanghai(one) if isinstance(one, datetime) else one for key, one in fact.details.items()}
        person = str(self.by) if self.by and fact.by != PLATFORM else fact.person
        return replace(fact, unit=unit, at=in_shanghai(fact.at), entered_at=fact.entered_at or self.at, details=details, person=person)

    def _past_of_case(self, fact: Fact) -> Past:
        case = str(fact.case)
        if case not in self.cases:
            if fact.unit not in self.house.units.by_code:
                raise BadFact(
                    f"found {fact.event} that begins a case for the unit {fact.unit!r}, expected a unit of this organisation; name one",
                    f"新工单没有指明本组织的单位（{fact.unit or '空'}）；请选择单位",
                )
            self.cases[case] = Past(Known(self.house.units))
        return self.cases[case]

    def _past_of_unit(self, fact: Fact) -> Past:
        unit, issue = str(fact.unit), fact.text("issue")
        opening = fact.event in PERIOD_OPENINGS or fact.event == YEAR_CLOSED
        codes = tuple(self.house.units.by_code) if opening else (unit,)
        periods = periods_of(fact)
        key = (codes, periods, issue)
        if key not in self.units:
            shelves: Any = load_unit(self.cursor, self.house, codes, periods, issue)
            self.units[key] = Past(Known(self.house.units, **shelves))
        return self.units[key]

    def _adopted(self, past: Past, fact: Fact) -> tuple[Adopted, ...]:
        if fact.event in PERIOD_OPENINGS or fact.event == YEAR_CLOSED:
            return self.house.adopted_anywhere(fact.at)
        case = past.known.case
        unit = case.unit if case is not None else str(fact.unit)
        if case is None or fact.case is None or past.thing:
            return self.house.adopted(unit, fact.at)
        return self.house.adopted_for_case(case, fact.at, fact)

    def _count(self, past: Past, fact: Fact) -> None:
        """Count the households with the same issue, alone with it, so that of two that come at once the second sees the first."""
        case = past.known.case
        issue = fact.text("issue") or (case.plain.get("issue") if case else None)
        if fact.event not in TALLIED or not issue:
            return
        unit = case.unit if case else str(fact.unit)
        household = fact.text("household") or (case.plain.get("household") if case else None) or ""
        year = (case.received_at if case else fact.at).year
        lock(self.cursor, [subject_of_issue(self.house.organisation_id, issue)])
        tallies = load_tallies(self.cursor, self.house, unit, issue, year, household)
        shelves = load_unit(self.cursor, self.house, self.house.units.path(unit), (), issue)
        merged: Any = {name: {**shelf, **getattr(past.known, name)} for name, shelf in shelves.items()}
        past.known = replace(past.known, tallies=tallies, **merged)

    def _take(self, past: Past, fact: Fact, adopted: Sequence[Adopted]) -> Outcome:
        outcome = follow(adopted, past.known, fact)
        if outcome.refusal is not None:
            raise Refused(outcome.refusal, self.house.organisation_id, fact, self.by, self.at)
        if fact.event in PERIOD_OPENINGS:
            # An opening that somebody told us of and the watch's own are one: what is open already stays as it is.
            records = tuple(one for one in outcome.records if one.key not in past.known.clocks)
            outcome = replace(outcome, records=records)
        passed = (str(fact.details.get("clock")), fact.at) if fact.event == LIMIT_PASSED else None
        self.acts.append(Act(fact, outcome, past.facts + 1, passed in past.passed))
        new = outcome.derived if passed in past.passed else (fact, *outcome.derived)
        past.facts += sum(1 for one in new if one.case)
        if passed is not None:
            past.passed.add(passed)
        past.known = carried_on(past.known, outcome)
        return outcome

    def _stop_looking(self, past: Past, clock: Clock) -> None:
        """A rule that is no longer in force says nothing about its clock: the watch must not look at it for ever."""
        last = self.acts[-1]
        records = (*last.outcome.records, replace(clock, look_at=None))
        self.acts[-1] = replace(last, outcome=replace(last.outcome, records=records))
        past.known = carried_on(past.known, self.acts[-1].outcome)

    def keep(self) -> None:
        """Write everything that waits in one statement."""
        self.collect()
        self.rows.flush(self.cursor)

    def collect(self) -> None:
        """Put everything that waits into the rows, for one statement later."""
        contexts: dict[str, keepers.Context] = {}
        again = said_again(act.outcome.records for act in self.acts if act.fact.by != PLATFORM)
        for act in self.acts:
            case = act.fact.case
            if case is not None and case not in contexts:
                contexts[case] = self._keep_case(case)
            context = contexts[case] if case is not None else self._context()
            self._keep_act(act, context, again)
        for subject, key in self.remembered:
            remember(self.rows, self._context(), subject, key, self.by)
        announce(self._news())
        self.acts, self.remembered = [], []

    def _news(self) -> Iterator[News]:
        """What the open pages hear: the cases that changed, warnings that were raised or moved, and that there are messages."""
        organisation_id = self.house.organisation_id
        for act in self.acts:
            case = act.fact.case
            row = self.kept.get(case, {}) if case is not None else {}
            unit = str(row.get("unit_code") or act.fact.unit)
            yield (organisation_id, unit, "cases", str(row.get("number") or ""))
            kinds = {type(record) for record in act.outcome.records}
            if WarningSignal in kinds:
                yield (organisation_id, unit, "warnings", "")
            if Notice in kinds:
                yield (organisation_id, unit, "messages", "")

    def _context(self) -> keepers.Context:
        at = self.at
        return keepers.Context(self.house.organisation_id, self.house.units, new_id(at), self.by, at, edition=self.house.edition)

    def _keep_case(self, case: str) -> keepers.Context:
        past = self.cases[case]
        context = replace(self._context(), case=past.known.case)
        acts = [act for act in self.acts if act.fact.case == case]
        facts = [one for act in acts for one in (act.fact, *act.outcome.derived)]
        if past.thing:
            context = replace(context, about=past.thing)
            return replace(context, row=keepers.matter_keeper().keep(self.rows, context, facts))
        row = self.kept[case] = keepers.case_keeper().keep(self.rows, context, past.row, facts, self.about.get(case, {}))
        return replace(context, row=row)

    def _keep_act(self, act: Act, context: keepers.Context, again: frozenset[str]) -> None:
        ids = [new_id(self.at) for _ in (act.fact, *act.outcome.derived)]
        context = replace(context, fact_id=ids[0])
        unit = context.case.unit if context.case is not None else str(act.fact.unit)
        number = act.number
        for key, fact in zip(ids, (act.fact, *act.outcome.derived), strict=True):
            if act.known_already and fact is act.fact:
                continue
            by = None if fact.derived or fact.by == PLATFORM else self.by
            self.rows.put(FACTS, fact_row(context, key, fact, number if fact.case else 0, unit, by))
            # What was found out about the unit stands in no case's past: the next fact there is numbered by what is read of it.
            number += 1 if fact.case else 0
        self._enter(act, unit, context)
        context = replace(context, limits=tuple(one for one in act.outcome.records if isinstance(one, Clock)))
        for record in act.outcome.records:
            if not isinstance(record, Notice) or record.key not in again:
                keepers.keep(self.rows, context, record)

    def _enter(self, act: Act, unit: str, context: keepers.Context) -> None:
        entry = entry_of(self.house.organisation_id, act.fact, act.outcome, unit, context.about, context.fact_id)
        by = journal.By(act.fact.by or PLATFORM, None if act.fact.by == PLATFORM else self.by)
        key = self._key_of(entry.owner, new=entry.owner == context.fact_id) if entry.owner is not None else None
        journal.write(
            self.rows,
            self.house.organisation_id,
            f"facts.{act.fact.event}"[:80],
            by=by,
            at=act.fact.at,
            entered_at=act.fact.entered_at or self.at,
            subject=entry.subject,
            clauses=entry.clauses,
            body=entry.body,
            key=key,
        )

    def _key_of(self, owner: UUID, *, new: bool) -> journal.Key:
        """The key under which what is said of a case is entered; made with the other rows of the action where there is none yet. That of
        a fact is always ``new``."""
        if new:
            return journal.new_key(self.rows, self.house.organisation_id, owner, self.at)
        if owner not in self.keys:
            past = self.cases.get(str(owner))
            if past is None:
                self.keys[owner] = journal.key_of(self.house.organisation_id, owner, self.at)
            elif past.destroyed:
                raise journal.Destroyed(owner)
            else:
                self.keys[owner] = past.key or journal.new_key(self.rows, self.house.organisation_id, owner, self.at)
        return self.keys[owner]


def _next_look(known: Known, until: datetime, included: bool) -> Clock | None:
    due = [
        one
        for one in known.clocks.values()
        if one.look_at is not None and one.open and (one.look_at < until or (included and one.look_at == until))
    ]
    return min(due, key=lambda one: (one.look_at, one.key), default=None)


def carried_on(known: Known, outcome: Outcome) -> Known:
    """What is known once ``outcome`` is."""
    shelves: dict[str, dict[str, Any]] = {}
    for record in outcome.records:
        name = SHELVES.get(type(record))
        if name is not None:
            shelves.setdefault(name, dict(getattr(known, name)))[record.key] = record
    changed: Any = shelves
    return replace(known, case=outcome.case, **changed)
