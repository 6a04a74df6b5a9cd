"""Living the demonstration: acts wait for their moments, and before each the watch has looked at everything that was due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.cases import actions as cases
from huiyin.desk.clocks import watch
from huiyin.desk.facts.actions import Refused, note_refusal, store
from huiyin.desk.journal.actions import By
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.rehearsal.demo.homes import Home
from huiyin.rehearsal.demo.organisation import House
from huiyin.rehearsal.demo.photos import photograph
from huiyin.rehearsal.demo.plots import AGENT, DESK, RECORDED, Step, Tale, stories

Act = Callable[[datetime], None]
Say = Callable[[datetime], None]
_COUNTER_CHANNEL = "unit_service_phone"
_CENTRE_CHANNELS = ("call_centre_400", "call_centre_400", "online_system", "gm_sms")
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SHORTEST_LIMIT = timedelta(minutes=10)
"""No limit of most regulations is shorter: for so long after an act nothing new can be due."""
_NEXT_DUE = (
    "SELECT least((SELECT min(look_at) FROM clocks_clock WHERE organisation_id = %(id)s AND look_at >= %(after)s "
    "AND set_aside_until IS NULL), (SELECT min(look_at) FROM clocks_opening WHERE organisation_id = %(id)s))"
)


@dataclass(slots=True)
class Life:
    """The acts to come, in the order of time. ``until`` is the present: what would come after it has not happened. ``shortest`` is the
    shortest limit of the organisation's regulations: for so long after an act nothing new can be due.

    ``refused`` collects acts that the desk did not allow (a case that was withdrawn meanwhile, say): in life that happens too.
    """

    house: House
    until: datetime
    random: Random
    waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    acts: int = 0
    nothing_before: datetime = _LONG_AGO
    shortest: timedelta = SHORTEST_LIMIT

    def plan(self, at: datetime, act: Act) -> None:
        """Let ``act`` be done at its moment; acts of the same moment in the order of planning. What lies in the future is left out."""
        if at <= self.until:
            heappush(self.waiting, (in_shanghai(at), self.acts, act))
            self.acts += 1

    def live(self, say: Say) -> None:
        """Do everything that waits, in order; ``say`` hears the moment of each act. At the end the watch looks at the present."""
        while self.waiting:
            at, _, act = heappop(self.waiting)
            self._look_until(at)
            self._do(at, act)
            self.nothing_before = min(self.nothing_before, at + self.shortest)
            say(at)
        self._look_until(self.until)

    def _look_until(self, at: datetime) -> None:
        """Let the real watch look, soon after each moment up to ``at`` at which a limit passes or a day opens, as it does in life; and at
        this organisation alone: others may be live in the same house, and the times here are not theirs. Whatever was due before the last
        moment has passed; looking there again would be a walk through rows that this very transaction has outdated."""
        organisation_id = self.house.organisation_id
        while self.nothing_before <= at:
            due = _next_due(organisation_id, self.nothing_before - _DAY) or self.until + self.shortest
            if due <= at and not watch.look(min(at, due + _MINUTE), organisation_id=organisation_id):
                return
            self.nothing_before = due

    def _do(self, at: datetime, act: Act) -> None:
        try:
            act(at)
        except (Refused, BadText) as no:
            if isinstance(no, Refused):
                note_refusal(no)
            self.refused.append(f"{at:%m-%d %H:%M} {no}")

    def tell(self, tale: Tale, home: Home | None, *, record: str = "complaint", issue: str = "", dispatch: bool = True) -> Told:
        """Plan a whole case: registered at its receipt, then its acts. Returns where its id will stand."""
        told = Told(self, tale, home, record, issue, dispatch)
        self.plan(tale.received_at, told.register)
        for step in tale.steps:
            self.plan(step.at, told.act(step))
        return told


def _next_due(organisation_id: UUID, after: datetime) -> datetime | None:
    with prepared_cursor() as cursor:
        cursor.execute(_NEXT_DUE, {"id": organisation_id, "after": after})
        found: datetime | None = cursor.fetchone()[0]
    return found


@dataclass(slots=True)
class Told:
    """A case while it is lived: ``case_id`` is None until it is registered."""

    life: Life
    tale: Tale
    home: Home | None
    record: str
    issue: str
    dispatch: bool
    unit: str = ""
    case_id: UUID | None = None

    def __post_init__(self) -> None:
        """The unit is that of the home, unless it is said."""
        if self.home is not None:
            self.unit = next(one.code for one in self.life.house.projects if self.home and one.pk == self.home.household.unit_id)

    def register(self, at: datetime) -> None:
        """Write the case down at the counter or in the centre, and dispatch it at once."""
        counter = self.record != "complaint" and self.life.random.random() < 0.6
        role = DESK if counter and (DESK, self.unit) in self.life.house.holders else AGENT
        staff, _ = self.life.house.post(role, self.unit)
        made = cases.register(
            self.life.house.organisation_id,
            self._form(role),
            by=staff.pk,
            at=at,
            dispatch_to=self.unit if self.dispatch else None,
        )
        self.case_id = made.case_id
        self._photograph("register", By(role, staff.pk), at)

    def _photograph(self, act: str, by: By, at: datetime) -> None:
        if self.case_id is not None:
            photograph(self.life.house.organisation_id, self.case_id, self.tale.story["title"], act, by=by, at=at)

    def _form(self, role: str) -> cases.Registration:
        story, scheme, home = self.tale.story, stories()["scheme"], self.home
        channel = _COUNTER_CHANNEL if role == DESK else self.life.random.choice(_CENTRE_CHANNELS)
        category, severity = ({scheme: story[name]} if name in story else {} for name in ("category", "severity"))
        if category and self.record == "complaint":
            category |= stories()["also"][story["category"]]
        person = home.resident if home is not None else None
        return cases.Registration(
            record=self.record,
            unit=self.unit,
            channel=channel,
            story=story["story"],
            title=story["title"],
            issue=self.issue,
            household_id=home.household.pk if home is not None else None,
            household_code=home.household.code if home is not None else "",
            resident_id=person.pk if person is not None else None,
            contact_name=f"{person.name}{person.title}" if person is not None else "",
            contact_phone=home.phone if home is not None else "",
            by_role=role,
            category=category,
            severity=severity,
        )

    def act(self, step: Step) -> Act:
        """The act of ``step`` on this case, in its role."""

        def do(at: datetime) -> None:
            if self.case_id is None:
                return
            staff, place = self.life.house.post(step.role, self.unit)
            if step.move in RECORDED:
                fact = Fact(step.move, at, str(self.case_id), None, step.role, step.details)
                store(self.life.house.organisation_id, [fact], by=staff.pk, at=at)
            else:
                cases.move(
                    self.life.house.organisation_id,
                    self.case_id,
                    step.move,
                    step.details,
                    by=staff.pk,
                    post_role=step.role,
                    unit=place,
                    at=at,
                )
                self._photograph(step.move, By(step.role, staff.pk), at)

        return do
