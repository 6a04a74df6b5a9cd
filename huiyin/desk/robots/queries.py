"""What a robot tells its group: how much a unit has to do, and the most pressing of it. Never who, where or what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from huiyin.core.moments import in_shanghai
from huiyin.core.records import RUNNING
from huiyin.core.steps import written
from huiyin.desk.cases.queries import Filters, Line, Scope, queue, queue_counts
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties.queries import Filter, find, late
from huiyin.desk.messaging.texts import RECORDS
from huiyin.desk.places import queries as places
from huiyin.desk.robots.models import Robot
from huiyin.rulebook.words import rule_name

SHOWN: Final = 3
SOON: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a unit and those below it have to do: open cases, those that are late, those due later today; the ``pressing`` ones; duties that
    are late and that are due within SOON."""

    open: int
    late: int
    today: int
    pressing: tuple[Line, ...]
    duties_late: int
    duties_soon: tuple[Clock, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.open or self.duties_late or self.duties_soon)


def digest(robot: Robot, now: datetime) -> Digest:
    """What the robot's unit has to do."""
    units = frozenset(one.code for one in places.units(robot.organisation_id).below(robot.unit.code))
    scope = Scope(robot.organisation_id, units)
    counts = queue_counts(scope, Filters(), now)
    overdue, hour, today, *_rest = counts.values()
    coming = Filter(units=units, states=(RUNNING,), due_from=now, due_until=now + SOON, daily=False, steps=True)
    return Digest(
        open=sum(counts.values()),
        late=overdue,
        today=hour + today,
        pressing=tuple(one for one in queue(scope, Filters(), now, size=SHOWN) if one.due_at is not None),
        duties_late=late(robot.organisation_id, units, now).count(),
        duties_soon=tuple(find(robot.organisation_id, coming)),
    )


def worded(robot: Robot, told: Digest, now: datetime) -> str:
    """The digest in the robot's language."""
    return "\n".join(_chinese(robot, told, now) if robot.language.startswith("zh") else _english(robot, told, now))


def _chinese(robot: Robot, told: Digest, now: datetime) -> Iterator[str]:
    at = in_shanghai(now)
    yield f"【待办摘要】{robot.unit.name} {at.month}月{at.day}日 {at:%H:%M}"
    yield f"工单：未结 {told.open}，超时 {told.late}，今天到期 {told.today}"
    for number, one in enumerate(told.pressing, start=1):
        yield f"{number}. {one.columns['number']} {RECORDS[one.columns['record']][0]} · {_until(one.due_at, now, chinese=True)}"
    yield f"报送：逾期 {told.duties_late}，三天内到期 {len(told.duties_soon)}"
    for clock in told.duties_soon[:SHOWN]:
        yield f"· {rule_name(clock.rule, 'zh-hans')} · {_until(clock.due_at, now, chinese=True)}"
    yield "详情请登录回音查看。"


def _english(robot: Robot, told: Digest, now: datetime) -> Iterator[str]:
    at = in_shanghai(now)
    yield f"To do: {robot.unit.name_en or robot.unit.name}, {at:%Y-%m-%d %H:%M}"
    yield f"Cases: {told.open} open, {told.late} overdue, {told.today} due today"
    for number, one in enumerate(told.pressing, start=1):
        yield f"{number}. {one.columns['number']} {RECORDS[one.columns['record']][1]} · {_until(one.due_at, now, chinese=False)}"
    yield f"Duties: {told.duties_late} overdue, {len(told.duties_soon)} due within three days"
    for clock in told.duties_soon[:SHOWN]:
        yield f"· {rule_name(clock.rule, 'en')} · {_until(clock.due_at, now, chinese=False)}"
    yield "Log in to Huiyin for the rest."


def _until(due_at: datetime | None, now: datetime, *, chinese: bool) -> str:
    due = due_at or now
    moment = "{:%Y-%m-%d} {}".format(*written(in_shanghai(due).replace(second=0, microsecond=0)))
    if due <= now:
        return f"已超时，应于 {moment} 前" if chinese else f"overdue since {moment}"
    return f"{moment} 前" if chinese else f"by {moment}"
