"""Robots tell their groups twice a day what a unit has to do: never who or what, never twice, nothing where there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from huiyin.core.moments import SHANGHAI, BadText
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.clocks.watch import look
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.messaging.actions import Outcome, Refused, Sent, TryAgain
from huiyin.desk.places.models import Unit
from huiyin.desk.robots import actions, queries
from huiyin.desk.robots.models import Robot

MONDAY = datetime(2026, 2, 2, 8, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


@dataclass
class Group:
    """A chat group that answers as it is told to, and what it was told."""

    answer: Outcome = field(default_factory=Sent)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    label: str = "群"
    example: str = "https://chat.example/…"

    def check(self, address: str, secret: str) -> None:
        """Take every address but none."""
        if not address:
            raise BadText("found none", "没有")

    def send(self, address: str, secret: str, text: str, at: datetime) -> Outcome:
        """Note what was told."""
        self.told.append((address, secret, text))
        return self.answer


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Group:
    made = Group()
    monkeypatch.setattr(actions, "chats", lambda: {"group": made})
    return made


@pytest.fixture
def robot(group: Group, project: Unit, clerk: By) -> Robot:
    """A robot of the project that was put up on Monday at eight."""
    adopt(project, "group_platform", "1", date(2020, 1, 1), by=clerk, at=MONDAY)
    return _put_up(project, clerk)


def _put_up(unit: Unit, clerk: By, **said: Any) -> Robot:
    wanted = {"morning": True, "afternoon": True, "language": "zh-hans", **said}
    return actions.put_up(unit, "group", "翠园工作群", "https://chat.example/k9", "S-1!", **wanted, by=clerk, at=MONDAY)


def _complain(project: Unit, at: datetime) -> str:
    form = Registration(
        "complaint", project.code, story="电梯夹伤孩子", by_role="group_cc_agent", channel="call_centre_400", severity={"GP": "general"},
        contact_name="王芳", contact_phone="13800138000", place="3-2-1501",
    )  # fmt: skip
    return register(project.organisation_id, form, by=None, at=at, dispatch_to=project.code, dispatched_by="group_cc_agent").number


def test_the_group_is_told_what_is_open_late_and_pressing_and_nothing_of_anybody(robot: Robot, group: Group, project: Unit) -> None:
    late, fresh = _complain(project, MONDAY - timedelta(hours=2)), _complain(project, MONDAY)
    look(MONDAY)
    assert actions.tell_due(MONDAY + 2 * MINUTE) == 0
    assert actions.tell_due(MONDAY + 3 * MINUTE) == 1
    ((address, secret, text),) = group.told
    assert (address, secret) == ("https://chat.example/k9", "S-1!")
    assert "翠园一期 02-02 08:03" in text and "未结 2，超时 1" in text and f"1. {late} 投诉 · 已超时" in text and fresh in text
    assert not any(one in text for one in ("电梯", "王芳", "1501", "138", "13800138000"))
    robot.refresh_from_db()
    assert robot.told_at == MONDAY + 3 * MINUTE and robot.next_at == MONDAY.replace(hour=15, minute=4)
    assert actions.tell_due(MONDAY + 4 * MINUTE) == 0 and len(group.told) == 1


def test_duties_that_are_due_soon_are_told(robot: Robot, group: Group, project: Unit) -> None:
    Robot.objects.update(language="en")
    thursday = MONDAY + timedelta(days=3, hours=1)
    for moment in (MONDAY - timedelta(days=3), MONDAY, thursday):
        while look(moment):
            pass
    told = queries.digest(robot, thursday)
    text = queries.worded(Robot.objects.select_related("unit").get(), told, thursday)
    assert told.duties_soon and f"{len(told.duties_soon)} due within three days" in text and "signed weekly summary" in text


def test_where_there_is_nothing_to_do_nobody_is_told(group: Group, project: Unit, clerk: By) -> None:
    robot = _put_up(project, clerk)
    assert actions.tell_due(MONDAY + 3 * MINUTE) == 0 and not group.told
    robot.refresh_from_db()
    assert robot.next_at == MONDAY.replace(hour=15, minute=4)


def test_what_did_not_leave_is_tried_again_for_an_hour_and_told(robot: Robot, group: Group, project: Unit) -> None:
    _complain(project, MONDAY)
    group.answer = TryAgain("not reached: chat.example")
    for minutes in range(3, 70):
        actions.tell_due(MONDAY + minutes * MINUTE)
    robot.refresh_from_db()
    assert 10 <= len(group.told) <= 13 and robot.trouble.startswith("not reached") and robot.told_at is None
    assert robot.next_at == MONDAY.replace(hour=15, minute=4)
    group.answer = Sent()
    assert actions.tell_due(MONDAY.replace(hour=15, minute=5)) == 1
    robot.refresh_from_db()
    assert robot.trouble == ""


def test_what_the_group_refuses_waits_for_the_next_time(robot: Robot, group: Group, project: Unit) -> None:
    _complain(project, MONDAY)
    group.answer = Refused("answer: 310000")
    actions.tell_due(MONDAY + 3 * MINUTE)
    robot.refresh_from_db()
    assert robot.trouble == "answer: 310000" and robot.next_at == MONDAY.replace(hour=15, minute=4)


def test_one_that_is_off_or_a_restored_house_tells_nobody(robot: Robot, group: Group, project: Unit, clerk: By) -> None:
    _complain(project, MONDAY)
    actions.switch(robot, on=False, by=clerk, at=MONDAY)
    assert actions.tell_due(MONDAY + 3 * MINUTE) == 0
    actions.switch(robot, on=True, by=clerk, at=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_home SET place = 'elsewhere'")
    assert actions.tell_due(MONDAY + 3 * MINUTE) == 0 and not group.told


def test_the_slots_are_those_that_were_chosen(robot: Robot) -> None:
    at = datetime(2026, 2, 2, 0, 3, tzinfo=UTC)
    assert actions.next_slot(robot, at) == MONDAY.replace(hour=15, minute=4)
    robot.afternoon = False
    assert actions.next_slot(robot, at) == (MONDAY + timedelta(days=1)).replace(hour=8, minute=3)


def test_what_is_kept_opens_nothing_and_goes_when_it_is_taken_away(robot: Robot, clerk: By) -> None:
    assert "chat.example" not in robot.sealed and "S-1!" not in robot.sealed
    assert not any("chat.example" in str(body) for body in Entry.objects.filter(action="robots.put_up").values_list("body", flat=True))
    actions.take_away(robot, by=clerk, at=MONDAY)
    assert not Robot.objects.exists() and Entry.objects.filter(action="robots.take_away").count() == 1


@pytest.mark.parametrize(
    ("said", "why"), [({"morning": False, "afternoon": False}, "no time"), ({"language": "fr"}, "kind"), ({"kind": "pigeon"}, "kind")]
)
def test_what_cannot_be_is_refused(group: Group, project: Unit, clerk: By, said: dict[str, Any], why: str) -> None:
    wanted = {"kind": "group", "morning": True, "afternoon": True, "language": "zh-hans", **said}
    with pytest.raises(BadText, match=why):
        actions.put_up(project, wanted.pop("kind"), "群", "https://chat.example/k", "", **wanted, by=clerk, at=MONDAY)
