"""Doing what a script tells: each act through the platform's own action, by a person who holds the post for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from huiyin.core.facts import CONVERTED, Fact
from huiyin.core.moments import BadText
from huiyin.core.recurrence import PeriodKind, period_of
from huiyin.core.subjects import thing_key
from huiyin.desk.cases import actions as cases
from huiyin.desk.duties.calendar import compiling
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as Stored
from huiyin.desk.journal.actions import By
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.matters import actions as matters
from huiyin.desk.matters import steps
from huiyin.desk.people import actions as people
from huiyin.desk.people.access import Standing, standing_at
from huiyin.desk.people.models import Staff
from huiyin.desk.publications.actions import Actor
from huiyin.desk.registers import actions as registers
from huiyin.desk.registers.models import Entry
from huiyin.rehearsal.demo.homes import Home
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.photos import photograph
from huiyin.rehearsal.demo.script.inspecting import inspect
from huiyin.rehearsal.demo.script.publishing import Publishing
from huiyin.rehearsal.demo.script.reading import Completion, Deed, Line, Tale, length
from huiyin.rehearsal.demo.script.surveying import Surveying
from huiyin.rulebook.load import vocabulary

_PRESS, _FILE, _HOLD, _INSPECT, _PUBLISH, _ENTER = "press ", "file ", "hold ", "inspect ", "publish ", "enter "
_LOOK, _PRESERVE, _GO_ON = "look ", "preserve", "go on"
_NOBODY_LIVES_THERE: Final = "委托方代表"
"""Whom one speaks with where nobody has a home."""
_PERIODS: Final[Mapping[str, PeriodKind]] = {"$month": "month", "$quarter": "quarter", "$half": "half", "$year": "year"}
_YEARS_BACK: Final[Mapping[str, int]] = {"$lastyear": 1, "$yearbefore": 2}
_LATER: Final = re.compile(r"\+(\d+[mhd])(?: (\d{1,2}):(\d{2}))?")


@dataclass(slots=True)
class Stage:
    """Where a script is played: the life of one organisation, with the standing of its people as it was found, and the first case
    of each issue at each unit."""

    life: Life
    standings: dict[tuple[Any, str, str], Standing] = field(default_factory=dict)
    first_told: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def organisation_id(self) -> UUID:
        """The organisation."""
        return self.life.house.organisation_id

    def standing(self, staff: Staff, role: str, place: str, unit: str, at: datetime) -> Standing:
        """What the person is at the unit, acting under the post ``role`` at ``place``."""
        key = (staff.pk, f"{role}@{place}", unit)
        if key not in self.standings:
            house = self.life.house
            post = house.posts[staff.login, place, role]
            self.standings[key] = standing_at(staff, house.units[unit], on_day=at.date(), post=post)
        return self.standings[key]

    def record(self, subject: steps.Subject, deed: Deed, at: datetime, *, details: Mapping[str, Any]) -> None:
        """Record the act about the subject. Raises BadText where nobody offers it there, and as ``matters.record_step``."""
        offer, act, standing, by = self.offered(subject, deed, at, details)
        counted = compiling.figures(offer, subject, str(act.details.get("period", "")))
        act = replace(act, details={**act.details, **counted})
        matters.record_step(subject, offer, act, standing=standing, by=by, at=at)

    def offered(
        self, subject: steps.Subject, deed: Deed, at: datetime, details: Mapping[str, Any]
    ) -> tuple[steps.Offer, matters.Act, Standing, UUID]:
        """What the page would offer for the act, and what its form would send."""
        staff, place = self.life.house.post(deed.by, subject.unit)
        standing = self.standing(staff, deed.by, place, subject.unit, at)
        offer = steps.find(subject, standing, at, deed.do)
        if offer is None:
            en = f"found the act {deed.do} for {deed.by} at {subject.unit}, expected one that is offered there; correct the script"
            raise BadText(en, f"“{deed.do}”没有提供给这个岗位；请改正脚本")
        told = dict(details)
        if offer.clause:
            told["clause"] = offer.clause
        role = deed.role or (deed.by if deed.by in offer.roles else offer.roles[0])
        return offer, matters.Act(role, told), standing, staff.pk


@dataclass(slots=True)
class Played:
    """A tale while it is lived: the case, thing or unit that its acts are about."""

    stage: Stage
    tale: Tale
    unit: str
    story: tuple[str, str]
    home: Home | None
    key: str = ""
    period: str = ""
    counted: dict[str, str] = field(default_factory=dict)

    def begin(self, at: datetime) -> None:
        """Register the case, or open the thing."""
        if self.tale.about == "case":
            self._register(at)
            return
        tale = self.tale
        name = tale.name or matters.new_name(self.stage.organisation_id, tale.about, self.unit, at)
        subject = steps.of_name(self.stage.organisation_id, tale.about, self.unit, name, at)
        deed = Deed(timedelta(), timedelta(), tale.begin, tale.by)
        details = {**subject.names, **self._details(tale.say, at)}
        offer, act, standing, by = self.stage.offered(subject, deed, at, details)
        matters.open_matter(subject, offer, act, standing=standing, by=by, at=at)
        self.key = subject.key

    def _register(self, at: datetime) -> None:
        tale, home, life = self.tale, self.home, self.stage.life
        staff, _ = life.house.post(tale.by, self.unit)
        person = home.resident if home is not None else None
        form = cases.Registration(
            record=tale.record,
            unit=self.unit,
            channel=life.random.choice(tale.channels),
            title=self.story[0],
            story=self.story[1],
            category=tale.classes.get("category", {}),
            severity=tale.classes.get("severity", {}),
            issue=tale.issue,
            household_id=home.household.pk if home is not None else None,
            household_code=home.household.code if home is not None else "",
            resident_id=person.pk if person is not None else None,
            contact_name=f"{person.name}{person.title}" if person is not None else "",
            contact_phone=home.phone if home is not None else "",
            by_role=tale.by,
            event=tale.begin,
            details=self._details(tale.say, at),
        )
        made = cases.register(life.house.organisation_id, form, by=staff.pk, at=at, dispatch_to=self.unit if tale.dispatch else None)
        self.key = str(made.case_id)
        self.stage.first_told.setdefault((self.unit, tale.issue), self.key)
        self._photograph("register", tale.by, staff, at)

    def _photograph(self, act: str, role: str, staff: Staff, at: datetime) -> None:
        if self.tale.about == "case":
            photograph(self.stage.organisation_id, UUID(self.key), self.story[0], act, by=By(role, staff.pk), at=at)

    def do(self, deed: Deed, at: datetime) -> None:
        """Do one act of the tale; where the case or thing never began, nothing."""
        about = self.tale.about
        if not self.key and about not in ("unit", "issue"):
            return
        if deed.do == _GO_ON:
            self._go_on()
            return
        if deed.do.startswith(_PRESS):
            self._press(deed, at)
            return
        if deed.do.startswith(_FILE):
            self._file(deed, at)
            return
        if deed.do.startswith(_HOLD):
            self._hold(deed, at)
            return
        if deed.do.startswith(_INSPECT):
            self._inspect(deed, at)
            return
        if deed.do.startswith(_PUBLISH):
            self._publish(deed, at)
            return
        if deed.do == _PRESERVE or deed.do.startswith(_LOOK):
            self._guard(deed, at)
            return
        if deed.do.startswith(_ENTER):
            _enter(self.stage, deed.do.removeprefix(_ENTER), self.unit, deed.by, deed.say, at)
            return
        subject = self._subject(at)
        period = {"period": self.period} if self.period else {}
        self.stage.record(subject, deed, at, details={**subject.names, **period, **self._details(deed.say, at)})
        self._photograph(deed.do, deed.by, self.stage.life.house.post(deed.by, self.unit)[0], at)

    def _go_on(self) -> None:
        """From here on the tale is about the case as which its request goes on."""
        told = Stored.objects.filter(organisation_id=self.stage.organisation_id, case_id=UUID(self.key), event=CONVERTED)
        self.key = str(told.latest("number").details["new_case"])

    def _subject(self, at: datetime) -> steps.Subject:
        organisation_id, about = self.stage.organisation_id, self.tale.about
        if about == "case":
            return steps.of_case(organisation_id, UUID(self.key), at)
        if about == "unit":
            return steps.of_unit(organisation_id, self.unit, at)
        key = self.key or thing_key(about, self.unit, self.tale.issue)
        return steps.of_thing(organisation_id, key, self.unit, at)

    def _file(self, deed: Deed, at: datetime) -> None:
        """Hand in the paper of a clause that serves the unit's duty of the period."""
        staff, _ = self.stage.life.house.post(deed.by, self.unit)
        told = {"clause": deed.do.removeprefix(_FILE), "period": self.period, **self._details(deed.say, at)}
        store(self.stage.organisation_id, [Fact("document_filed", at, None, self.unit, deed.by, told)], by=staff.pk, at=at)

    def _hold(self, deed: Deed, at: datetime) -> None:
        """Do a part of the survey that the tale is about."""
        staff, place = self.stage.life.house.post(deed.by, self.unit)
        standing = self.stage.standing(staff, deed.by, place, self.unit, at)
        survey = Surveying(self.stage.life, self.stage.organisation_id, self.key, self.counted)
        survey.hold(deed.do.removeprefix(_HOLD), deed.say, standing, By(deed.by, staff.pk), at)

    def _inspect(self, deed: Deed, at: datetime) -> None:
        """Do a part of the inspection that the tale is about."""
        staff, place = self.stage.life.house.post(deed.by, self.unit)
        standing = self.stage.standing(staff, deed.by, place, self.unit, at)
        told = self._details(deed.say, at)
        inspect(self.stage.organisation_id, self.key, deed.do.removeprefix(_INSPECT), told, standing, By(deed.by, staff.pk), at)

    def _publish(self, deed: Deed, at: datetime) -> None:
        """Do a part of the notice of the unit's month."""
        staff, _ = self.stage.life.house.post(deed.by, self.unit)
        told = self._details(deed.say, at)
        made = Publishing(self.stage.organisation_id, self.unit, self.period or str(told["period"]))
        made.publish(deed.do.removeprefix(_PUBLISH), told, Actor(staff.pk, deed.by), at)

    def _guard(self, deed: Deed, at: datetime) -> None:
        """Look at a masked field of the case for a purpose, or keep the case from being destroyed."""
        staff, _ = self.stage.life.house.post(deed.by, self.unit)
        by, why = By(deed.by, staff.pk), str(deed.say["reason"])
        if deed.do == _PRESERVE:
            keeping.preserve(self.stage.organisation_id, "case", UUID(self.key), why, by=by, at=at)
        else:
            field = deed.do.removeprefix(_LOOK)
            people.unmask(self.stage.organisation_id, staff, field, f"case:{self.key}", why, by=by, at=at)

    def _press(self, deed: Deed, at: datetime) -> None:
        staff, place = self.stage.life.house.post(deed.by, self.unit)
        key = deed.do.removeprefix(_PRESS)
        told = self._details(deed.say, at)
        cases.move(self.stage.organisation_id, UUID(self.key), key, told, by=staff.pk, post_role=deed.by, unit=place, at=at)
        self._photograph(key, deed.by, staff, at)

    def _details(self, told: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        return {name: self._value(name, value, at) for name, value in told.items()}

    def _value(self, name: str, value: Any, at: datetime) -> Any:
        """$home, $resident and $story stand for those of the tale, $month to $year for the period of the act, $lastmonth, $lastyear and
        $yearbefore for those before, $earlier for the first case of the same issue, $asked and the like for what the survey counted,
        “+2d 18:00” for a moment so long after the act."""
        if not isinstance(value, str):
            return value
        if value in self.counted:
            return self.counted[value]
        home = self.home
        if value == "$home":
            return home.household.code if home is not None else ""
        if value == "$resident":
            return str(home.resident.pk) if home is not None else _NOBODY_LIVES_THERE
        if value == "$story":
            return self.story[1]
        if value in _PERIODS:
            return period_of(_PERIODS[value], at).name
        if value == "$lastmonth":
            return period_of("month", at.replace(day=1) - timedelta(days=1)).name
        if value in _YEARS_BACK:
            return str(at.year - _YEARS_BACK[value])
        if value == "$earlier":
            return self.stage.first_told.get((self.unit, self.tale.issue), "")
        later = _LATER.fullmatch(value)
        if later is None:
            return value
        moment = at + length(later[1])
        if later[2]:
            moment = moment.replace(hour=int(later[2]), minute=int(later[3]), second=0, microsecond=0)
        kind = vocabulary()["facts"].get(name, {}).get("kind")
        return moment.date() if kind == "day" else moment


def enter(stage: Stage, line: Line, unit: str, at: datetime) -> None:
    """Make an entry of a register; where it is closed again, that is planned."""
    made = _enter(stage, line.register, unit, line.by, line.values, at)
    if line.closed is not None:
        by = By(line.by, made.by_person)
        stage.life.plan(at + line.closed, lambda later: _close(made, line, by, later))


def _enter(stage: Stage, register: str, unit: str, role: str, told: Mapping[str, Any], at: datetime) -> Entry:
    staff, _ = stage.life.house.post(role, unit)
    values = {name: _day(value, at) for name, value in told.items()}
    return registers.add_entry(stage.organisation_id, register, unit, values, by=By(role, staff.pk), at=at)


def _close(entry: Entry, line: Line, by: By, at: datetime) -> None:
    filled = {name: _day(value, at) for name, value in line.returned.items()}
    registers.close_entry(entry, line.note, by=by, at=at, sent=filled)


def complete(stage: Stage, entry: Entry, completion: Completion, at: datetime) -> None:
    """Fill in what the entry still lacks of what the completion tells; one that was closed meanwhile stays as it is."""
    now = Entry.objects.get(organisation_id=entry.organisation_id, id=entry.id)
    if now.closed_at is None:
        staff, _ = stage.life.house.post(completion.by, entry.unit_code)
        sent = {name: _day(value, at) for name, value in completion.values.items() if not now.values.get(name)}
        registers.amend_entry(now, sent, "补登", by=By(completion.by, staff.pk), at=at)


def _day(value: Any, at: datetime) -> Any:
    """“today” and “now” as a register's columns take them, “+2d” a day to come, “+2d 18:00” a moment."""
    later = _LATER.fullmatch(str(value))
    if later is not None:
        return f"{at + length(later[1]):%Y-%m-%d}" + (f" {later[2]}:{later[3]}" if later[2] else "")
    years = {name: str(at.year - back) for name, back in _YEARS_BACK.items()}
    return {"today": f"{at:%Y-%m-%d}", "now": f"{at:%Y-%m-%d %H:%M}", **years}.get(str(value), value)
