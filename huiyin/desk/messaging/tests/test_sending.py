"""What waits is leased, sent with no transaction open, noted; a sender that dies loses nothing, and bursts leave as one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from huiyin.desk.conftest import GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging import actions, queries
from huiyin.desk.messaging.actions import Outcome, Parcel, Refused, Sent, TryAgain
from huiyin.desk.messaging.models import DEAD, FAILED, SENT, WAITING, Message
from huiyin.desk.messaging.tests.lines import Line
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Organisation, Unit

SECOND = timedelta(seconds=1)
MAIL = {
    "host": "mail.example.com", "security": "tls", "from_address": "notice@example.com", "login": "notice", "password": "geheim-7391",
}  # fmt: skip


class Stopped(BaseException):
    """The end of a process, as the code sees it: nothing catches it."""


def _put(organisation_id: UUID, key: str, at: datetime, **more: Any) -> None:
    said = {"to_address": "+8613800138000", "channel": "sms", **more}
    actions.put_now(organisation_id, key, "case.dispatched", at=at, params={"number": "TS1", "room": "3-2-1001"}, **said)


@pytest.fixture
def wang(project: Unit, with_post: GivePost, clerk: By, at: datetime) -> Staff:
    """A liaison with a mailbox, in a house that has a mail server."""
    staff = with_post("wang", project, "unit_liaison")
    accounts.describe_staff(staff, "王", by=clerk, at=at, phone="13800138000", email="wang@example.com")
    actions.set_way(project.organisation_id, "email", MAIL, on=True, by=clerk, at=at)
    return staff


def _tell(staff: Staff, key: str, at: datetime, **more: Any) -> None:
    params = {"number": "TS1", "room": "3-2-1001", "summary": "电梯停运", "record": "complaint", "name": "李四"}
    actions.put_now(staff.organisation_id, key, "case.dispatched", at=at, to_staff=staff.pk, unit_code="CY", params=params, **more)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_while_the_other_side_thinks(organisation: Organisation, at: datetime) -> None:
    seen: list[tuple[bool, str, int]] = []

    def answer(parcel: Parcel) -> Outcome:
        row = Message.objects.get()
        seen.append((connection.in_atomic_block, row.state, row.attempts))
        return Sent("BIZ-1")

    _put(organisation.id, "n", at)
    assert actions.send_due(at, channels={"sms": Line(answer)}) == 1
    assert seen == [(False, WAITING, 1)]
    left = Message.objects.get()
    assert (left.state, left.reference, left.lease) == (SENT, "BIZ-1", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", [False, True])
def test_a_sender_that_dies_while_it_sends_leaves_the_message_to_others(organisation: Organisation, at: datetime, taken: bool) -> None:
    """Before the provider took it or after: it leaves again under the same key, once the lease is over and not before."""
    gateway = Line()

    def die(parcel: Parcel) -> Outcome:
        if taken:
            gateway.send(parcel)
        raise Stopped

    _put(organisation.id, "n", at)
    with pytest.raises(Stopped):
        actions.send_due(at, channels={"sms": Line(die)})
    assert actions.send_due(at + actions.LEASE - SECOND, channels={"sms": gateway}) == 0
    assert actions.send_due(at + actions.LEASE, channels={"sms": gateway}) == 1
    assert {one.key for one in gateway.parcels} == {"n>sms:+8613800138000"}
    assert len(gateway.parcels) == (2 if taken else 1), "never lost, and doubled only where nobody can know"
    assert queries.by_state(organisation.id) == {SENT: 1}


def test_a_message_that_ends_every_sender_does_not_do_so_for_ever(project: Unit, with_post: GivePost, at: datetime) -> None:
    with_post("wang", project, "unit_liaison")

    def die(parcel: Parcel) -> Outcome:
        raise Stopped

    _put(project.organisation_id, "n", at)
    for number in range(actions.MOST_ATTEMPTS):
        with pytest.raises(Stopped):
            actions.send_due(at + number * actions.LEASE, channels={"sms": Line(die)})
    actions.send_due(at + actions.MOST_ATTEMPTS * actions.LEASE, channels={"sms": Line(die)})
    assert Message.objects.get(channel="sms").state == DEAD


def test_who_comes_back_after_its_lease_changes_nothing(project: Unit, at: datetime) -> None:
    late = Line()

    def slow(parcel: Parcel) -> Outcome:
        actions.send_due(at + actions.LEASE, channels={"sms": late})
        return Refused("too late to say so")

    _put(project.organisation_id, "n", at)
    assert actions.send_due(at, channels={"sms": Line(slow)}) == 0
    assert len(late.parcels) == 1 and Message.objects.get(channel="sms").state == SENT


def test_a_sender_looks_at_its_own_channel_only(at: datetime, project: Unit) -> None:
    sms, mail = Line(), Line()
    _put(project.organisation_id, "n", at)
    _put(project.organisation_id, "n", at, channel="email", to_address="li@example.com")
    ways = {"sms": sms, "email": mail}
    assert actions.send_due(at, channels=ways, only="email") == 1
    assert (len(sms.parcels), len(mail.parcels)) == (0, 1)


def test_a_copy_goes_to_the_mailbox_without_what_is_nobodys_business(wang: Staff, at: datetime) -> None:
    mail = Line(reach="email", together=50)
    _tell(wang, "n", at)
    assert actions.send_due(at, channels={"email": mail}) == 0, "others may come along in a moment"
    assert actions.send_due(at + timedelta(minutes=1), channels={"email": mail}) == 1
    parcel = mail.parcels[0]
    assert (parcel.address, parcel.house, parcel.settings["password"]) == ("wang@example.com", "翠园集团", "geheim-7391")
    said = f"{parcel.sayings}"
    assert "新投诉" in said and "TS1" in said
    assert not any(one in said for one in ("3-2-1001", "电梯停运", "李四"))
    letter = queries.inbox(wang)[0]
    assert "3-2-1001" in letter.title, "in the app it stands whole"
    assert [(copy.called, copy.state) for copy in letter.copies] == [("邮件", SENT)]


def test_a_burst_is_one_mail_and_a_put_twice_is_one_message(wang: Staff, at: datetime) -> None:
    mail = Line(reach="email", together=50)
    for number in range(30):
        _tell(wang, f"n{number}", at + number * SECOND)
        _tell(wang, f"n{number}", at + number * SECOND)
    assert actions.send_due(at + timedelta(minutes=1), channels={"email": mail}) == 30
    assert [len(one.sayings) for one in mail.parcels] == [30]


def test_at_night_only_what_cannot_wait_leaves(wang: Staff, at: datetime) -> None:
    night = at + timedelta(hours=13)
    _tell(wang, "dispatch", night)
    _tell(wang, "red", night, level="red")
    mail = Line(reach="email", together=50)
    assert actions.send_due(night, channels={"email": mail}) == 1
    assert actions.send_due(night + timedelta(hours=9), channels={"email": mail}) == 0
    assert actions.send_due(night + timedelta(hours=11), channels={"email": mail}) == 1


@pytest.mark.parametrize("wish, level, copies", [("all", "", 1), ("pressing", "", 0), ("pressing", "blue", 1), ("none", "red", 0)])
def test_people_get_what_they_want_outside(wang: Staff, at: datetime, clerk: By, wish: str, level: str, copies: int) -> None:
    accounts.choose_wishes(wang, by_email=wish, by_sms="none", by=clerk, at=at)
    _tell(wang, "n", at, level=level)
    assert Message.objects.filter(channel="email").count() == copies
    assert Message.objects.filter(channel="inapp", to_staff=wang.pk).count() == 1


def test_who_has_left_gets_nothing_any_more(wang: Staff, at: datetime, clerk: By) -> None:
    from huiyin.desk.people import actions as people

    _tell(wang, "n", at)
    people.disable_staff(wang, by=clerk, at=at)
    mail = Line(reach="email")
    assert actions.send_due(at + timedelta(minutes=1), channels={"email": mail}) == 0
    assert mail.parcels == [] and Message.objects.get(channel="email").state == FAILED


def test_a_mail_server_that_is_away_for_days_is_told_once_a_day(
    wang: Staff, project: Unit, company: Unit, with_post: GivePost, at: datetime, clerk: By
) -> None:
    admin = with_post("admin", company, "admin")
    closed = Line(lambda _: TryAgain("connection refused"), reach="email")
    for number in range(5):
        _tell(wang, f"n{number}", at)
    for number in range(1, 20):
        actions.send_due(at + number * timedelta(hours=6), channels={"email": closed})
    assert len([one for one in queries.inbox(admin) if one.topic == "message.failing"]) == 1
    assert Message.objects.filter(channel="email", state=DEAD).count() == 5
    assert actions.try_all_again(wang.organisation_id, "email", by=clerk, at=at + timedelta(days=6)) == 5
    assert actions.send_due(at + timedelta(days=6), channels={"email": Line(reach="email")}) == 5


def test_a_way_that_is_off_sends_nothing_more(wang: Staff, at: datetime, clerk: By) -> None:
    _tell(wang, "n", at)
    actions.switch_way(wang.organisation_id, "email", on=False, by=clerk, at=at)
    mail = Line(reach="email")
    assert actions.send_due(at + timedelta(minutes=1), channels={"email": mail}) == 0 and mail.parcels == []
    _tell(wang, "m", at)
    assert Message.objects.filter(channel="email").count() == 1
