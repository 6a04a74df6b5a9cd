"""The other stage: the real platform. Its database, its one way in, its watch loop; only the time is handed in.

Everything happens in a transaction that is taken back at the end, in an organisation of its own, so a rehearsal leaves no trace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.facts import PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.known import Case
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Record, Refusal
from huiyin.core.recurrence import next_opening, openings_at
from huiyin.core.secrecy import Hidden
from huiyin.desk.adoptions.actions import adopt, set_setting
from huiyin.desk.cases.models import Case as CaseRow
from huiyin.desk.clocks.models import Clock, Opening
from huiyin.desk.clocks.watch import look, open_periods
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.keepers import keepers
from huiyin.desk.facts.queries import House, load_cases
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.actions import add_staff, give_post
from huiyin.desk.places.actions import add_organisation, add_unit
from huiyin.desk.places.models import Unit
from huiyin.plumbing.ids import new_id
from huiyin.rehearsal.judge import Found, classes_given, found_in, hidden_found
from huiyin.rehearsal.organisation import usual_adopter
from huiyin.rehearsal.run import Play
from huiyin.rehearsal.scenario import Scenario
from huiyin.rehearsal.stage import looks_at_end
from huiyin.rulebook.load import regulation, vocabulary

REHEARSER = By("platform")
LONG_AGO = date(2007, 1, 1)
INSTANT = timedelta(microseconds=1)
_numbers = count(1)


@contextmanager
def platform_stage() -> Iterator[Play]:
    """How a scenario is played on the platform. The database must be open and migrated."""
    yield play_on_platform


def play_on_platform(scenario: Scenario) -> tuple[Found, ...]:
    """Play ``scenario`` through the platform's actions and watch; nothing of it stays."""
    with transaction.atomic():
        play = _Play(scenario)
        play.run()
        classes = classes_given(play.known_cases(), [one.stem for one in scenario.adopt])
        found = found_in(play.records(), play.refusals, scenario.until, (*classes, *play.hidden()))
        transaction.set_rollback(True)
    return found


class _Play:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.began = in_shanghai(scenario.timeline[0].entered_at or scenario.timeline[0].at)
        self.organisation = _organisation(scenario, self.began)
        self.people = _people(scenario, self.organisation, self.began)
        self.cases: dict[str, UUID] = {}
        self.refusals: list[Refusal] = []

    def run(self) -> None:
        """All acts in their order, the watch before each, and the watch to the end."""
        first = self.began if openings_at(self.began) else next_opening("day", self.began)
        Opening.objects.update_or_create(organisation_id=self.organisation, defaults={"look_at": first})
        for fact in self.scenario.timeline:
            entered = fact.entered_at or fact.at
            self._watch_before(entered)
            if fact.event not in PERIOD_OPENINGS and fact.event != YEAR_CLOSED:
                self._act(fact, entered)
        self._watch_before(self.scenario.until)
        if looks_at_end(self.scenario.until):
            self._watch(self.scenario.until)

    def _watch_before(self, moment: datetime) -> None:
        """The watch up to ``moment``: limits that pass just then still wait for the acts of that moment, periods open before them."""
        self._watch(moment - INSTANT)
        open_periods(moment, self.organisation)

    def _watch(self, now: datetime) -> None:
        while look(now, organisation_id=self.organisation):
            pass
        if stuck := list(Clock.objects.filter(organisation_id=self.organisation).exclude(error="").values_list("rule", "error")):
            raise RuntimeError(f"found limits that the watch had to set aside: {stuck}; expected none")

    def _act(self, fact: Fact, entered: datetime) -> None:
        about: Mapping[str, Mapping[str, Any]] = {}
        by = self.people.get(fact.person or "")
        if fact.case is not None:
            if fact.case not in self.cases:
                self.cases[fact.case] = new_id(entered)
                about = {str(self.cases[fact.case]): {}}
            fact = replace(fact, case=str(self.cases[fact.case]))
        if new := fact.text("new_case"):
            self.cases[new] = new_id(entered)
            about = {**about, str(self.cases[new]): {}}
            fact = replace(fact, details={**fact.details, "new_case": str(self.cases[new])})
        if (earlier := fact.text("earlier")) in self.cases:
            fact = replace(fact, details={**fact.details, "earlier": str(self.cases[str(earlier)])})
        ids: Mapping[str, Mapping[str, UUID]] = {"people": self.people, "cases": self.cases}
        named = {
            name: [str(ids[kind].get(one, one)) for one in _listed(value)]
            for name, value in fact.details.items()
            if (kind := _kind(name)) in ids
        }
        fact = replace(fact, details={**fact.details, **named}, person=None)
        try:
            store(self.organisation, [fact], by=by, at=entered, about=about)
        except Refused as refused:
            self.refusals.append(refused.refusal)

    def known_cases(self) -> Iterator[Case]:
        """Every case and thing as its facts tell it, under the case's letter or the thing's key."""
        keys = {str(key): letter for letter, key in self.cases.items()}
        keys |= {str(one.id): one.key for one in Matter.objects.filter(organisation_id=self.organisation)}
        with connection.cursor() as cursor:
            pasts = load_cases(cursor, House.of(self.organisation), [UUID(key) for key in keys])
        for key, past in pasts.items():
            if past.known.case is not None:
                yield replace(past.known.case, key=keys[key])

    def hidden(self) -> Iterator[Found]:
        """What the rows of the cases say is secret, and for whom not."""
        house = House.of(self.organisation)
        letters = {key: letter for letter, key in self.cases.items()}
        for row in CaseRow.objects.filter(organisation_id=self.organisation).exclude(secrets=[]):
            adopted = house.adopted_for_row(row.id, row.unit_code, row.received_at, self.scenario.until)
            found = [Hidden(one["rule"], one["clause"], frozenset(one["parts"]), ("",) * one["words"]) for one in row.secrets]
            yield from hidden_found(letters[row.id], found, adopted)

    def records(self) -> Iterator[Record]:
        """Every record of the organisation as its keepers read it, under the case's letter."""
        letters = {str(key): letter for letter, key in self.cases.items()}
        letters |= {str(one.id): one.key for one in Matter.objects.filter(organisation_id=self.organisation)}
        found: dict[tuple[str, str], Record] = {}
        for keeper in keepers().values():
            if keeper.record is None:
                continue
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT to_jsonb(r)::text FROM "{keeper.table.name}" r WHERE organisation_id = %s', [self.organisation])
                rows = [json.loads(row) for (row,) in cursor.fetchall()]
            for row in rows:
                record = keeper.record(row)
                if record is not None:
                    case = getattr(record, "case", None)
                    found[(type(record).__name__, record.key)] = replace(record, case=letters.get(str(case))) if case else record
        yield from found.values()


def _kind(name: str) -> str:
    return str(vocabulary()["facts"].get(name, {}).get("kind", ""))


def _listed(value: Any) -> list[str]:
    return [str(value)] if isinstance(value, str) else [str(one) for one in value]


def _people(scenario: Scenario, organisation: UUID, at: datetime) -> dict[str, UUID]:
    """The persons whom the scenario names, by name, in their posts at every topmost unit."""
    named = {one for persons in scenario.posts.values() for one in persons} | {fact.person for fact in scenario.timeline if fact.person}
    staff = {name: add_staff(organisation, name, name, by=REHEARSER, at=at) for name in sorted(named)}
    codes = {unit.code for unit in scenario.units}
    tops = Unit.objects.filter(organisation_id=organisation, code__in=[one.code for one in scenario.units if one.parent not in codes])
    for role, persons in scenario.posts.items():
        for top in tops:
            for name in persons:
                give_post(staff[name], top, role, LONG_AGO, by=REHEARSER, at=at)
    return {name: one.pk for name, one in staff.items()}


def _organisation(scenario: Scenario, at: datetime) -> UUID:
    """An organisation of its own with the scenario's units, its adoptions and their settings."""
    made = add_organisation(f"rehearsal-{next(_numbers)}-{new_id(at).hex[-12:]}", "试算", by=REHEARSER, at=at)
    ids: dict[str, Any] = {}
    for unit in scenario.units:
        parent = ids.get(unit.parent or "")
        households = {"households_count": unit.households, **unit.traits}
        ids[unit.code] = add_unit(
            made.id, unit.code, unit.kind, unit.code, by=REHEARSER, at=at, parent=parent.id if parent else None, **households
        )
    for one in scenario.adopt:
        rules = regulation(one.stem)
        unit = ids[one.unit or usual_adopter(one.stem, scenario.units)]
        from_on = one.from_on or LONG_AGO
        adoption = adopt(unit, one.stem, str(rules.source["version"]), from_on, by=REHEARSER, at=at)
        for clause, keys in scenario.settings.items():
            for key, value in keys.items():
                if clause.startswith(f"{rules.prefix}-"):
                    adoption = set_setting(adoption, clause, key, value, from_on, by=REHEARSER, at=at)
    return made.id
