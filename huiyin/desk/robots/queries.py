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


_TITLE = ("【待办摘要】{unit} {at:%m-%d %H:%M}", "To do: {unit}, {at:%m-%d %H:%M}")
_CASES = ("工单：未结 {open}，超时 {late}，今天到期 {today}", "Cases: {open} open, {late} overdue, {today} due today")
_DUTIES = ("报送：逾期 {late}，三天内到期 {soon}", "Duties: {late} overdue, {soon} due within three days")
_OVERDUE = ("已超时，应于 {due} 前", "overdue since {due}")
_DUE = ("{due} 前", "by {due}")
_REST = ("详情请登录回音查看。", "Log in to Huiyin for the rest.")


def worded(robot: Robot, told: Digest, now: datetime) -> str:
    """The digest in the robot's language."""
    return "\n".join(_lines(robot, told, now, 0 if robot.language.startswith("zh") else 1))


def _lines(robot: Robot, told: Digest, now: datetime, index: int) -> Iterator[str]:
    """Line by line; ``index`` is 0 for Chinese, 1 for English."""
    unit, language = (robot.unit.name, robot.unit.name_en or robot.unit.name)[index], ("zh-hans", "en")[index]
    yield _TITLE[index].format(unit=unit, at=in_shanghai(now))
    yield _CASES[index].format(open=told.open, late=told.late, today=told.today)
    for number, one in enumerate(told.pressing, start=1):
        yield f"{number}. {one.columns['number']} {RECORDS[one.columns['record']][index]} · {_until(one.due_at, now, index)}"
    yield _DUTIES[index].format(late=told.duties_late, soon=len(told.duties_soon))
    for clock in told.duties_soon[:SHOWN]:
        yield f"· {rule_name(clock.rule, language)} · {_until(clock.due_at, now, index)}"
    yield _REST[index]


def _until(due_at: datetime | None, now: datetime, index: int) -> str:
    due = due_at or now
    moment = "{:%Y-%m-%d} {}".format(*written(in_shanghai(due).replace(second=0, microsecond=0)))
    return (_OVERDUE if due <= now else _DUE)[index].format(due=moment)
