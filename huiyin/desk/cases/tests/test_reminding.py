"""Whoever has to keep a limit is reminded once when a fifth of it is left; what ends together is one message."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registered, Registration, move, register
from huiyin.desk.cases.jobs import remind_of_limits
from huiyin.desk.cases.models import Reminded
from huiyin.desk.clocks.models import Clock
from huiyin.desk.conftest import GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging.models import Message
from huiyin.desk.messaging.queries import worded
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit

MINUTE = timedelta(minutes=1)


@pytest.fixture
def zhao(project: Unit, with_post: GivePost) -> Staff:
    """The liaison of the project."""
    return with_post("zhao", project, "unit_liaison")


@pytest.fixture
def complaint(zhao: Staff, project: Unit, clerk: By, at: datetime) -> Registered:
    """A complaint handed to the project at ``at``: to be accepted within ten minutes, the first steps within an hour of that."""
    adopt(project, "group_platform", "1", date(2020, 1, 1), by=clerk, at=at)
    return _complain(project, at)


def _complain(project: Unit, at: datetime) -> Registered:
    form = Registration(
        "complaint", project.code, story="楼道脏", by_role="group_cc_agent", channel="call_centre_400", severity={"GP": "general"}
    )
    return register(project.organisation_id, form, by=None, at=at, dispatch_to=project.code, dispatched_by="group_cc_agent")


def _accepted(complaint: Registered, zhao: Staff, at: datetime) -> None:
    move(zhao.organisation_id, complaint.case_id, "accept", {}, by=zhao.pk, post_role="unit_liaison", unit="CY", at=at)


def _told() -> list[tuple[str, str]]:
    return [worded(one, "zh-hans") for one in Message.objects.filter(topic="clock.due_soon").order_by("created_at", "key")]


def test_the_liaison_is_reminded_when_a_fifth_is_left_and_once(complaint: Registered, zhao: Staff, at: datetime) -> None:
    assert remind_of_limits(at + 7 * MINUTE) == 0 and not _told()
    assert remind_of_limits(at + 8 * MINUTE) == 1 and remind_of_limits(at + 9 * MINUTE) == 0
    (message,) = Message.objects.filter(topic="clock.due_soon")
    assert (message.to_staff, message.clause, message.case_id) == (zhao.pk, "GP-10.1.3.1", complaint.case_id)
    title, body = worded(message, "zh-hans")
    assert "剩2分钟" in title and "接单启动流程" in body and "2026-02-02 09:10前" in body
    assert "2 min left" in worded(message, "en")[0]


def test_what_ends_together_is_one_message(complaint: Registered, zhao: Staff, at: datetime) -> None:
    _accepted(complaint, zhao, at + 2 * MINUTE)
    assert remind_of_limits(at + 50 * MINUTE) == Clock.objects.filter(due_at=at + 62 * MINUTE, state="running").count() >= 3
    (told,) = _told()
    assert "联系投诉客户" in told[1] and "确定责任部门" in told[1]


def test_what_was_done_in_time_reminds_nobody(complaint: Registered, zhao: Staff, at: datetime) -> None:
    _accepted(complaint, zhao, at + 2 * MINUTE)
    assert remind_of_limits(at + 8 * MINUTE) == 0


def test_what_is_late_already_reminds_nobody(complaint: Registered, at: datetime) -> None:
    assert remind_of_limits(at + 11 * MINUTE) == 0


def test_who_has_it_in_hand_is_reminded_alone(complaint: Registered, zhao: Staff, project: Unit, with_post: GivePost, at: datetime) -> None:
    with_post("sun", project, "unit_liaison")
    assert remind_of_limits(at + 8 * MINUTE) == 1 and len(_told()) == 2
    _accepted(complaint, zhao, at + 9 * MINUTE)
    remind_of_limits(at + 60 * MINUTE)
    late = Message.objects.filter(topic="clock.due_soon", created_at=at + 60 * MINUTE)
    assert {one.to_staff for one in late} == {zhao.pk}


def test_a_limit_that_was_moved_reminds_again_and_old_ones_are_forgotten(complaint: Registered, project: Unit, at: datetime) -> None:
    remind_of_limits(at + 8 * MINUTE)
    Clock.objects.filter(due_at=at + 10 * MINUTE).update(due_at=at + 60 * MINUTE)
    assert remind_of_limits(at + 50 * MINUTE) == 1 and len(_told()) == 2
    _complain(project, at + timedelta(days=2))
    assert remind_of_limits(at + timedelta(days=2) + 8 * MINUTE) == 1
    assert Reminded.objects.count() == 1


def test_the_end_of_a_day_is_written_as_such(complaint: Registered, at: datetime) -> None:
    midnight = at.replace(hour=16, minute=0)
    Clock.objects.filter(due_at=at + 10 * MINUTE).update(due_at=midnight)
    assert remind_of_limits(midnight - 10 * MINUTE) >= 1
    assert any("2026-02-02 24:00前" in body for _title, body in _told())


def test_the_message_of_a_new_case_says_which_limit_ends_first_and_when(complaint: Registered, zhao: Staff) -> None:
    (message,) = Message.objects.filter(topic="case.dispatched", to_staff=zhao.pk, channel="inapp")
    assert "2026-02-02 09:10前接单启动流程" in worded(message, "zh-hans")[1]
    assert "by 2026-02-02 09:10" in worded(message, "en")[1]
