"""Ways out of the house: set up, tried, turned off; what was lost is seen and sent again; people choose what they want."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.channels.email.tests.postman import Postman, at_work
from huiyin.desk.messaging import actions as messaging
from huiyin.desk.messaging.actions import Refused
from huiyin.desk.messaging.models import FAILED, SENT, WAITING, Message, Way
from huiyin.desk.messaging.tests.lines import Line
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import Staff
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House

SECRET = "geheim-7391"
SMS = {
    "do": "save", "sms-provider": "aliyun", "sms-signature": "翠园物业", "sms-access_key_id": "LTAI", "sms-access_key_secret": SECRET,
    "sms-code_S00": "SMS_1", "sms-code_S19": "SMS_2",
}  # fmt: skip


@pytest.fixture
def mail(settings: Any) -> dict[str, str]:
    """What an administrator types for a mail server of the own network."""
    settings.INSIDE = ["127.0.0.1"]
    return {"do": "save", "email-host": "127.0.0.1", "email-security": "none", "email-from_address": "notice@example.com"}


def test_a_mail_server_is_set_up_tried_and_used(house: House, admin: Client, mail: dict[str, str]) -> None:
    page = "/organisation/channels"
    assert "未设置" in admin.get(page).content.decode()
    with at_work(Postman()) as postman:
        assert admin.post(f"{page}/email", {**mail, "email-port": str(postman.port)}).status_code == 302
        tried = admin.post(f"{page}/email", {"do": "try", "address": "wang@example.com"})
        assert tried.status_code == 200 and "7F3A" in tried.content.decode()
        zhao, now = house.staff["zhao"], timezone.now()
        admin.post(f"/organisation/staff/{zhao.pk}", {"do": "describe", "name": zhao.name, "email": "zhao@example.com"})
        house.register()
        sent = messaging.send_due(now + timedelta(days=1))
        assert sent >= 1
    trial, *letters = postman.letters
    assert (trial["To"], trial["Subject"]) == ("wang@example.com", f"[{house.organisation.name}] 测试邮件")
    assert {one["To"] for one in letters} == {"zhao@example.com"}
    assert "邮件：已发" in house.browser("zhao").get("/messages").content.decode()


def test_what_the_other_side_says_is_shown(house: House, admin: Client, mail: dict[str, str]) -> None:
    with at_work(Postman(says={"RCPT": b"550 5.1.1 nobody at 13800138000\r\n"})) as postman:
        admin.post("/organisation/channels/email", {**mail, "email-port": str(postman.port)})
        tried = admin.post("/organisation/channels/email", {"do": "try", "address": "wang@example.com"})
    said = tried.content.decode()
    assert tried.status_code == 422 and "550 5.1.1" in said and "13800138000" not in said


def test_a_secret_is_never_shown_again(house: House, admin: Client) -> None:
    assert admin.post("/organisation/channels/sms", SMS).status_code == 302
    page = admin.get("/organisation/channels").content.decode()
    assert SECRET not in page and "已保存，不再显示" in page and "LTAI" in page
    assert admin.post("/organisation/channels/sms", {**SMS, "sms-access_key_secret": ""}).status_code == 302
    moved = admin.post("/organisation/channels/sms", {**SMS, "sms-access_key_secret": "", "sms-address": "https://elsewhere.example.com"})
    assert moved.status_code == 422 and "重新填写" in moved.content.decode()
    wrong = admin.post("/organisation/channels/sms", {**SMS, "sms-signature": ""})
    assert wrong.status_code == 422 and SECRET not in wrong.content.decode()


def test_a_way_is_turned_off_and_on(house: House, admin: Client) -> None:
    admin.post("/organisation/channels/sms", SMS)
    for do, on in (("off", False), ("on", True)):
        admin.post("/organisation/channels/sms", {"do": do})
        assert Way.objects.get(channel="sms").on is on
    assert admin.post("/organisation/channels/pigeon", {"do": "on"}).status_code == 404
    assert admin.post("/organisation/channels/email", {"do": "try", "address": "a@example.com"}).status_code == 422


def test_what_was_lost_is_seen_without_its_words_and_sent_again(house: House, admin: Client) -> None:
    now = timezone.now()
    for number in range(2):
        messaging.put_now(
            house.organisation.pk, f"n{number}", "case.progress", at=now, channel="sms", to_address="+8613800138000", unit_code="CY",
            params={"number": f"TS{number}", "summary": "电梯停运"},
        )  # fmt: skip
    messaging.send_due(now, channels={"sms": Line(lambda parcel: Refused(f"no such number {parcel.address}"))})
    page = admin.get("/organisation/undelivered").content.decode()
    assert "138****8000" in page and "no such number" in page
    assert "13800138000" not in page and "电梯停运" not in page
    first = Message.objects.filter(state=FAILED).order_by("id")[0]
    admin.post("/organisation/undelivered", {"message": str(first.id)})
    assert Message.objects.filter(channel="sms", state=WAITING).count() == 1
    admin.post("/organisation/undelivered", {"channel": "sms"})
    assert Message.objects.filter(channel="sms", state=WAITING).count() == 2
    assert messaging.send_due(timezone.now(), channels={"sms": Line()}) == 2
    assert Message.objects.filter(channel="sms", state=SENT).count() == 2
    assert "没有未送达的消息" in admin.get("/organisation/undelivered").content.decode()


def test_a_case_says_what_its_customer_was_told(house: House, admin: Client) -> None:
    admin.post("/organisation/channels/sms", {**SMS, "sms-hotline": "400-820-8888", "sms-code_S01": "SMS_3"})
    made, browser = house.register(contact_phone="13812345678"), house.browser("zhao")
    address = f"/cases/{made.number}"
    assert "短信：待发" in browser.get(address).content.decode()
    tomorrow = timezone.now() + timedelta(days=1)
    messaging.send_due(tomorrow, channels={"sms": Line(lambda parcel: Refused(f"no such number {parcel.address}"))}, only="sms")
    page = browser.get(address).content.decode()
    assert "受理告知" in page and "短信：未送达 · no such number" in page and "+8613" not in page
    assert "消息未送达" in browser.get("/messages").content.decode()


def test_only_administrators_set_up_ways(house: House) -> None:
    browser = house.browser("qian")
    for page in ("/organisation/channels", "/organisation/undelivered"):
        assert browser.get(page).status_code in (403, 404)
    assert browser.post("/organisation/channels/sms", SMS).status_code in (403, 404) and not Way.objects.exists()


def test_people_choose_what_they_want_outside(house: House) -> None:
    browser = house.browser("zhao")
    assert "邮件和短信提醒" not in browser.get("/messages").content.decode(), "no way out, nothing to choose"
    messaging.set_way(
        house.organisation.pk,
        "sms",
        {name.removeprefix("sms-"): value for name, value in SMS.items()},
        on=True,
        by=CLERK,
        at=timezone.now(),
    )
    assert "还没有登记邮箱" in browser.get("/messages").content.decode()
    assert browser.post("/messages/wishes", {"by_email": "none", "by_sms": "all"}).status_code == 302
    assert browser.post("/messages/wishes", {"by_email": "sometimes", "by_sms": "all"}).status_code == 404
    found = Staff.objects.get(pk=house.staff["zhao"].pk)
    assert (found.by_email, found.by_sms) == ("none", "all")


def test_the_pages_of_ways_are_there_in_english(house: House, admin: Client) -> None:
    accounts.choose_looks(house.staff["admin"], by=CLERK, at=EARLY, language="en")
    for page, words in (("/organisation/channels", "Message channels"), ("/organisation/undelivered", "Messages not delivered")):
        assert words in admin.get(page).content.decode()
