"""A message is put once, stays until it has left, is tried again, never lost without a word, and reads in the reader's language."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from huiyin.desk.conftest import GivePost
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging import actions, queries
from huiyin.desk.messaging.actions import Outcome, Parcel, Refused, Sent, TryAgain
from huiyin.desk.messaging.models import DEAD, FAILED, SENT, WAITING, Message
from huiyin.desk.messaging.tests.lines import Line
from huiyin.desk.messaging.texts import TOPICS, words
from huiyin.desk.places.models import Organisation, Unit

DAY = timedelta(days=1)


def _put(organisation_id: UUID, key: str, at: datetime, channel: str = "sms", leave_after_at: datetime | None = None) -> None:
    actions.put_now(
        organisation_id,
        key,
        "case.dispatched",
        at=at,
        channel=channel,
        to_address="+8613800138000",
        unit_code="CY",
        params={"number": "TS2602020001"},
        leave_after_at=leave_after_at,
    )


@pytest.mark.django_db
def test_the_same_cause_gives_one_message(at: datetime) -> None:
    organisation = uuid4()
    for _ in range(3):
        _put(organisation, "dispatch:1", at)
    assert queries.by_state(organisation) == {WAITING: 1}


def test_what_waits_leaves_when_it_is_due_and_only_once(organisation: Organisation, at: datetime) -> None:
    line = Line(lambda _: Sent("7"))
    _put(organisation.id, "now", at)
    _put(organisation.id, "morning", at, leave_after_at=at + DAY)

    assert [actions.send_due(at, channels={"sms": line}) for _ in range(2)] == [1, 0]
    assert actions.send_due(at + DAY, channels={"sms": line}) == 1
    assert [one.key for one in line.parcels] == ["now>sms:+8613800138000", "morning>sms:+8613800138000"]
    assert queries.by_state(organisation.id) == {SENT: 2}


def test_one_message_that_upsets_its_channel_does_not_stop_the_rest(organisation: Organisation, at: datetime) -> None:
    def answer(parcel: Parcel) -> Outcome:
        if parcel.key.startswith("bad"):
            raise ConnectionError("gateway closed")
        return Sent()

    for key in ("bad", "good", "better"):
        _put(organisation.id, key, at)

    assert actions.send_due(at, channels={"sms": Line(answer)}) == 2
    bad = Message.objects.get(state=WAITING)
    assert (bad.attempts, bad.next_try_at, bad.error) == (1, at + actions.FIRST_PAUSE, "ConnectionError: gateway closed")


def test_after_twelve_tries_it_is_dead_and_a_person_is_told(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    liaison = with_post("wang", project, "unit_liaison")
    line = Line(lambda _: TryAgain("busy"))
    _put(project.organisation_id, "dispatch:1", at)

    for number in range(20):
        actions.send_due(at + number * DAY, channels={"sms": line})

    assert len(line.parcels) == actions.MOST_ATTEMPTS
    dead = Message.objects.get(state=DEAD)
    assert queries.lost(project.organisation_id) == [dead]
    assert [letter.title for letter in queries.inbox(liaison)] == ["消息未送达 TS2602020001"]
    assert [entry.action for entry in journal.entries_of(project.organisation_id, f"message:{dead.id}")] == ["messaging.give_up"]
    assert actions.try_again(project.organisation_id, dead.id, by=clerk, at=at + 20 * DAY)
    assert actions.send_due(at + 20 * DAY, channels={"sms": Line(lambda _: Sent())}) == 1


def test_what_the_channel_refuses_is_not_tried_again(project: Unit, with_post: GivePost, at: datetime) -> None:
    manager = with_post("manager", project, "project_manager")
    _put(project.organisation_id, "dispatch:1", at)
    actions.send_due(at, channels={"sms": Line(lambda _: Refused("no such number"))})
    assert queries.by_state(project.organisation_id) == {FAILED: 1, SENT: 1}
    assert queries.unread_count(manager) == 1


def test_without_its_channel_a_message_waits(organisation: Organisation, at: datetime) -> None:
    _put(organisation.id, "dispatch:1", at)
    assert actions.send_due(at, channels={}) == 0
    assert "HUIYIN_CHANNELS" in Message.objects.get(state=WAITING).error


@pytest.mark.parametrize("attempts, seconds", [(1, 30), (2, 60), (5, 480), (12, 6 * 3600)])
def test_pauses_double_up_to_six_hours(attempts: int, seconds: int) -> None:
    assert actions.pause_after(attempts) == timedelta(seconds=seconds)


@pytest.mark.django_db
def test_a_message_of_an_action_that_was_rolled_back_never_was(at: datetime) -> None:
    organisation = uuid4()
    with pytest.raises(RuntimeError), transaction.atomic():
        _put(organisation, "dispatch:1", at)
        raise RuntimeError
    assert queries.by_state(organisation) == {}


@pytest.mark.django_db(transaction=True)
def test_several_senders_send_each_message_once(organisation: Organisation, at: datetime) -> None:
    line = Line(lambda _: Sent())
    for number in range(40):
        _put(organisation.id, f"n{number}", at)

    def send() -> None:
        actions.send_due(at, channels={"sms": line})
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len({one.key for one in line.parcels}) == len(line.parcels) == 40
    assert queries.by_state(organisation.id) == {SENT: 40}


def test_an_inbox_is_its_owners_alone(project: Unit, with_post: GivePost, at: datetime) -> None:
    wang, li = with_post("wang", project, "unit_liaison"), with_post("li", project, "handler")
    for number in range(3):
        actions.put_now(
            project.organisation_id,
            f"n{number}",
            "warning.raised",
            at=at + number * timedelta(seconds=1),
            to_staff=wang.id,
            level="blue",
            params={"number": f"YJ{number}"},
        )
    newest = queries.inbox(wang, most=1)[0]

    assert (newest.title, newest.level) == ("待核实 蓝色预警 YJ2", "blue")
    assert [letter.title[-3:] for letter in queries.inbox(wang, topic="warning", before=newest.id)] == ["YJ1", "YJ0"]
    assert queries.inbox(wang, language="en")[0].title == "To verify: blue warning YJ2"
    assert queries.inbox(li) == [] and actions.read(li.id, [newest.id], at=at) == 0
    assert actions.read(wang.id, [newest.id], at=at) == 1
    assert (queries.unread_count(wang), len(queries.inbox(wang, unread=True))) == (2, 2)
    assert (actions.read_all(wang.id, at=at + DAY), queries.unread_count(wang)) == (2, 0)


def test_a_text_has_no_holes_whatever_is_missing() -> None:
    for topic in (*TOPICS, "something.new"):
        for language in ("zh-hans", "en"):
            for params in ({}, {"number": "TS2505210037", "due": "17:40"}):
                title, body = words(topic, params, language)
                assert title and len(title) <= (26 if language.startswith("zh") else 60)
                assert "{" not in title + body and "· ·" not in body and not body.endswith("· ")


def test_the_summary_is_cut_first_when_a_title_is_too_long() -> None:
    params = {
        "record": {"zh": "投诉", "en": "complaint"},
        "room": "3栋2单元1501",
        "summary": "电梯停运三天无人处理业主非常着急要求马上解决",
    }
    assert words("case.dispatched", params, "zh-hans")[0] == "新投诉 3栋2单元1501 电梯停运三天无人处理业…"


def test_an_unknown_topic_still_says_something_true() -> None:
    assert words("something.new", {"number": "TS1"}, "zh-hans") == ("有一条新消息 TS1", "请打开查看")
    assert words("something.new", {"number": "TS1"}, "en") == ("A new message TS1", "open it to see")


def test_values_are_words_and_never_templates() -> None:
    assert words("case.urged", {"number": "{words}", "words": "{0.__class__}"}, "zh")[1] == "“{0.__class__}”"


@pytest.mark.django_db
def test_a_name_that_no_message_has_is_refused(at: datetime) -> None:
    with pytest.raises(TypeError, match="found to_person"):
        actions.put_now(uuid4(), "n", "case.closed", at=at, to_person=uuid4())


def test_a_message_of_a_rule_says_what_the_rule_is_called_and_what_it_is_about() -> None:
    params = {
        "number": "TS2611180001",
        "summary": "三食堂饭菜偏凉",
        "unit": {"zh": "饮食中心", "en": "Catering"},
        "what": {"zh": "处理结果反馈一级信息管理员并经由管理处转达投诉人", "en": "outcome to the officer"},
    }
    title, body = words("rule", params, "zh-hans")
    # The rule's name is never cut, and the number stands whole beside what it is about.
    assert (title, body) == ("处理结果反馈一级信息管理员并经由管理处转达投诉人", "TS2611180001 · 饮食中心 · 三食堂饭菜偏凉")
    named = {"zh": "投诉已超过一个工作日，请填处理记录表或写明不疑难的理由", "en": "x" * 90}
    assert [words("rule", {**params, "what": named}, language)[0] for language in named] == list(named.values())
    assert words("case.dispatched", {"record": "repair", "room": "1-1-101"}, "zh-hans")[0] == "新报修 1-1-101"


@pytest.mark.django_db
def test_the_unit_and_the_rule_of_a_message_are_named(project: Unit, at: datetime) -> None:
    message = Message(organisation_id=project.organisation_id, topic="rule", rule="GP:start-work", clause="GP-10.1.3.1", created_at=at)
    message.unit_code, message.params = project.code, {"number": "TS1", "summary": "停电"}
    assert queries.worded(message, "zh-hans") == ("接单启动流程", f"TS1 · {project.name} · 停电")
