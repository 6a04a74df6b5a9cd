"""Who brought a case is told by SMS that it is accepted and that it is done; once, never in the night, and not what is no longer true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.desk.cases.actions import Registered, Registration, move, register
from huiyin.desk.conftest import GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging import actions as messaging
from huiyin.desk.messaging.models import Message
from huiyin.desk.messaging.tests.lines import Line
from huiyin.desk.places.models import Unit

SMS = {
    "provider": "aliyun", "signature": "翠园物业", "access_key_id": "LTAI", "access_key_secret": "x", "hotline": "400-820-8888",
    "code_S01": "SMS_1", "code_S05": "SMS_5",
}  # fmt: skip
HOUR = timedelta(hours=1)


@pytest.fixture
def house(project: Unit, with_post: GivePost, clerk: By, at: datetime) -> Unit:
    """A project with a front desk and a liaison, in an organisation that sends SMS."""
    with_post("li", project, "front_desk")
    with_post("zhao", project, "unit_liaison")
    messaging.set_way(project.organisation_id, "sms", SMS, on=True, by=clerk, at=at)
    return project


def _register(house: Unit, at: datetime, **said: Any) -> Registered:
    form = {
        "record": "complaint",
        "story": "电梯停运",
        "by_role": "front_desk",
        "contact_phone": "138 0013 8000",
        "unit": house.code,
        **said,
    }
    return register(house.organisation_id, Registration(**form), by=None, at=at, dispatch_to=house.code)


def _move(house: Unit, case: Registered, name: str, at: datetime, **details: Any) -> None:
    move(house.organisation_id, case.case_id, name, details, by=None, post_role="unit_liaison", unit=house.code, at=at)


def _told() -> list[str]:
    return list(Message.objects.filter(channel="sms").order_by("id").values_list("topic", flat=True))


def test_the_customer_is_told_that_it_is_accepted(house: Unit, at: datetime) -> None:
    case, gateway = _register(house, at), Line()
    assert messaging.send_due(at, channels={"sms": gateway}) == 0, "a moment in which it can be taken back"
    assert messaging.send_due(at + HOUR, channels={"sms": gateway}) == 1
    (parcel,) = gateway.parcels
    assert parcel.address == "+8613800138000"
    assert parcel.sayings[0].params == {"number": case.number, "record": "投诉", "unit": "翠园一期"}


@pytest.mark.parametrize(
    "said",
    [
        {"contact_phone": ""}, {"contact_phone": "021-61234567"}, {"record": "praise"},
        {"received_at": datetime.fromisoformat("2026-01-05T09:00+08:00")},
    ],
    ids=["no number", "a landline", "praise", "brought in from an old ledger"],
)  # fmt: skip
def test_nobody_else_is_told(house: Unit, at: datetime, said: dict[str, Any]) -> None:
    _register(house, at, **said)
    assert _told() == []


def test_without_a_registered_text_nobody_is_told(house: Unit, clerk: By, at: datetime) -> None:
    messaging.set_way(house.organisation_id, "sms", {**SMS, "code_S01": "", "code_S19": "SMS_19"}, on=True, by=clerk, at=at)
    _register(house, at)
    assert _told() == []


def test_at_night_the_word_waits_for_the_morning(house: Unit, at: datetime) -> None:
    _register(house, at + 14 * HOUR)
    gateway = Line()
    assert messaging.send_due(at + 22 * HOUR, channels={"sms": gateway}) == 0
    assert messaging.send_due(at + 24 * HOUR, channels={"sms": gateway}) == 1


def test_that_it_is_done_is_told_and_taken_back_when_it_is_opened_again(house: Unit, at: datetime) -> None:
    case = _register(house, at)
    _move(house, case, "accept", at + HOUR)
    _move(house, case, "handle", at + 2 * HOUR, text="已修好")
    assert _told() == ["customer.accepted", "customer.done"]
    _move(house, case, "reopen", at + 2 * HOUR, reason="电梯又停了")
    assert _told() == ["customer.accepted"]
    _move(house, case, "handle", at + 3 * HOUR, text="已修好")
    gateway = Line()
    assert messaging.send_due(at + 4 * HOUR, channels={"sms": gateway}) == 2
    assert [one.sayings[0].topic for one in gateway.parcels] == ["customer.accepted", "customer.done"]
