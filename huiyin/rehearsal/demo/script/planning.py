"""Planning a script: each tale at its moments, each chore when its duties are owed, each entry on its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from zlib import crc32

from huiyin.core.moments import in_shanghai
from huiyin.core.papers import MISSING
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Paper
from huiyin.desk.matters.models import Matter
from huiyin.desk.registers.models import Entry
from huiyin.rehearsal.demo.homes import Home
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.rounds import at_hour
from huiyin.rehearsal.demo.script.acting import Played, Stage, complete, enter
from huiyin.rehearsal.demo.script.reading import Ago, Chore, Completion, Deed, Script, Tale

USUAL_DAYS: Final = 91
_HOURS: Final = (7, 8, 9, 9, 9, 10, 10, 10, 11, 13, 14, 14, 15, 15, 16, 17, 18, 19, 20, 21)
_MORNING, _EVENING = 8, 20
_OF_EACH_UNIT: Final = ("unit", "merchant", "item")
_LONG: Final = timedelta(hours=3)
_DAY: Final = timedelta(days=1)
_NO_DUE_WAITS: Final = (5, 40)
_SHORT_PERIOD: Final = timedelta(days=2)
_PAPERS_LATE_DAYS, _MORNING_MINUTES = 6, 400

Homes = Mapping[str, Sequence[Home]]


def plan(life: Life, homes: Homes, script: Script, first: date) -> None:
    """Plan everything that the script tells from the day ``first`` up to the present, a shorter history with fewer cases."""
    stage, today = Stage(life), in_shanghai(life.until).date()
    for tale in script.tales:
        _plan_tale(stage, tale, homes, first, today)
    for line in script.lines:
        for ago in line.at:
            for unit in line.units:
                _plan_at(life, ago, first, today, partial(enter, stage, line, unit))
    chores = _Chores(stage, script.chores, script.completions, homes)
    for number in range((today - first).days + 1) if script.chores or script.completions else ():
        life.plan(at_hour(first + timedelta(days=number), 9, 2), chores.look)


def _plan_at(life: Life, ago: Ago, first: date, today: date, act: Callable[[datetime], None]) -> None:
    day = today - timedelta(days=ago.days)
    if day >= first:
        life.plan(at_hour(day, ago.hour, ago.minute), act)


def _moments(life: Life, tale: Tale, first: date, today: date) -> Iterator[datetime]:
    days = (today - first).days
    times = max(1, round(tale.times * days / USUAL_DAYS)) if tale.times else 0
    for _ in range(times):
        day = first + timedelta(days=life.random.randrange(days + 1))
        yield at_hour(day, life.random.choice(_HOURS), life.random.randrange(60))
    for ago in tale.at:
        if (day := today - timedelta(days=ago.days)) >= first:
            yield at_hour(day, ago.hour, ago.minute)
    for span in tale.ago:
        yield in_shanghai(life.until - span)


def _plan_tale(stage: Stage, tale: Tale, homes: Homes, first: date, today: date) -> None:
    life = stage.life
    for at in _moments(life, tale, first, today):
        units = tale.units or tuple(homes)
        # A tale of a unit and what belongs there is told of each of its units, one of a case of one.
        for unit in units if tale.about in _OF_EACH_UNIT else (life.random.choice(units),):
            living = homes.get(unit, ())
            home = life.random.choice(living) if living else None
            played = Played(stage, tale, unit, life.random.choice(tale.stories), home)
            if tale.about not in ("unit", "issue"):
                life.plan(at, played.begin)
            _plan_deeds(life, played, tale.acts, at, slow=life.random.randrange(100) < tale.slow)


def _plan_deeds(life: Life, played: Played, deeds: Sequence[Deed], at: datetime, *, slow: bool) -> None:
    random = life.random
    for deed in deeds:
        if random.randrange(100) >= deed.chance:
            continue
        span = deed.least + (deed.most - deed.least) * random.random()
        at = at + span * (random.uniform(1.5, 5) if slow else 1) + timedelta(seconds=random.randint(1, 9))
        if span >= _LONG and not _MORNING <= at.hour < _EVENING:
            at = (at + timedelta(hours=12)).replace(hour=random.randint(_MORNING, 11))
        life.plan(at, partial(played.do, deed))


def _untold(about: str, acts: tuple[Deed, ...]) -> Tale:
    """What nobody tells as a tale: acts about a case or unit that are there."""
    return Tale(about, 0, (), (), "", acts, (), "", "", (), {}, {}, "", "", (), 0, dispatch=False)


@dataclass(slots=True)
class _Chores:
    """The duties that come round, the papers that cases and things owe, what entries lack: every morning somebody looks at it and does most
    of it."""

    stage: Stage
    chores: Sequence[Chore]
    completions: Sequence[Completion]
    homes: Homes
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def look(self, at: datetime) -> None:
        """Begin what has to be begun today."""
        self._look_at_papers(at)
        self._look_at_entries(at)
        by_rule = {rule: chore for chore in self.chores for rule in chore.serves}
        rows = Clock.objects.filter(
            organisation_id=self.stage.organisation_id, kind="duty", state="running", rule__in=by_rule, starts_at__lte=at
        )
        for clock in rows.order_by("key"):
            self._consider(by_rule[clock.rule], clock, at)

    def _look_at_papers(self, at: datetime) -> None:
        by_clause = {clause: chore for chore in self.chores for clause in chore.papers}
        rows = Paper.objects.filter(organisation_id=self.stage.organisation_id, state=MISSING, clause__in=by_clause, case_id__isnull=False)
        for paper in rows.order_by("key") if by_clause else ():
            owes = str(paper.case_id)
            chore, drawn = by_clause[paper.clause], crc32(paper.key.encode())
            if not self._is_new((paper.key,)) or (fate := drawn % 100) < chore.missed:
                continue
            days = drawn % _PAPERS_LATE_DAYS if fate < chore.missed + chore.late else 0
            thing = Matter.objects.filter(organisation_id=paper.organisation_id, id=owes).values_list("about", "key").first()
            about, key = thing or ("case", owes)
            acts = tuple(replace(deed, do=deed.do.replace("$clause", paper.clause)) for deed in chore.acts)
            played = Played(self.stage, _untold(about, acts), paper.unit_code, ("", ""), None, key=key)
            _plan_deeds(self.stage.life, played, acts, at + timedelta(days=days, minutes=drawn % _MORNING_MINUTES), slow=False)

    def _look_at_entries(self, at: datetime) -> None:
        for one in self.completions:
            rows = Entry.objects.filter(organisation_id=self.stage.organisation_id, register=one.register, closed_at=None)
            for entry in rows.filter(at__lte=at - one.after).order_by("at", "id"):
                drawn = crc32(f"{one.register}|{entry.unit_code}|{entry.number}".encode())
                if self._is_new((one.register, str(entry.id))) and drawn % 100 >= one.missed and one.values.keys() - entry.values.keys():
                    self.stage.life.plan(at + timedelta(minutes=drawn % _MORNING_MINUTES), partial(complete, self.stage, entry, one))

    def _is_new(self, key: tuple[str, ...]) -> bool:
        """Whether it is seen for the first time."""
        new = key not in self.seen
        self.seen.add(key)
        return new

    def _consider(self, chore: Chore, clock: Clock, at: datetime) -> None:
        period = str(clock.period)
        key = (*(deed.do for deed in chore.acts), clock.unit_code, period, str(clock.level))
        drawn = crc32("|".join(key).encode())
        if key in self.seen or not self._is_time(chore, clock, at, drawn):
            return
        self.seen.add(key)
        fate = drawn % 100
        if fate < chore.missed:
            return
        late = fate < chore.missed + chore.late and clock.due_at is not None
        begin = (
            in_shanghai(clock.due_at + timedelta(hours=9)) if late and clock.due_at else at + timedelta(minutes=drawn % _MORNING_MINUTES)
        )
        living = self.homes.get(clock.unit_code, ())
        home = self.stage.life.random.choice(living) if living else None
        played = Played(self.stage, _untold("unit", chore.acts), clock.unit_code, ("", ""), home, period=period)
        _plan_deeds(self.stage.life, played, chore.acts, begin, slow=False)

    @staticmethod
    def _is_time(chore: Chore, clock: Clock, at: datetime, drawn: int) -> bool:
        if clock.due_at is None:
            least, most = _NO_DUE_WAITS
            return bool(at - clock.starts_at >= timedelta(days=least + drawn % (most - least)))
        return bool(clock.due_at - clock.starts_at <= _SHORT_PERIOD or clock.due_at - at <= chore.lead + _DAY * (drawn % 3))
