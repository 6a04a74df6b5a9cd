"""What will open is foreseen as it will be; people are reminded once; their calendar is theirs alone and can be taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, parse_moment
from huiyin.desk.clocks.actions import begin_openings
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch import look
from huiyin.desk.conftest import GivePost
from huiyin.desk.duties import queries
from huiyin.desk.duties.calendar import ahead, feeds, reminders
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.messaging.models import Message
from huiyin.desk.messaging.queries import inbox
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings.tests.cases import Complaint

WEEKLY = "GP:weekly-signed-summary"


@pytest.fixture
def house(complaint: Complaint, at: datetime) -> Complaint:
    """The organisation whose watch has opened Monday's periods."""
    begin_openings(complaint.organisation_id, at - timedelta(days=1))
    while look(at, organisation_id=complaint.organisation_id):
        pass
    return complaint


@pytest.fixture
def liaison(house: Complaint, project: Unit, with_post: GivePost) -> Staff:
    return with_post("wang", project, "unit_liaison")


def test_what_is_foreseen_is_what_the_watch_then_opens(house: Complaint, at: datetime) -> None:
    foreseen = {(one.key, one.due_at, one.responsible) for one in ahead.coming(house.organisation_id, at, days=35)}
    assert WEEKLY in {key.split("|")[1] for key, _, _ in foreseen}
    before = set(Clock.objects.filter(kind="duty").values_list("key", flat=True))
    while look(at + timedelta(days=35), organisation_id=house.organisation_id):
        pass
    opened = Clock.objects.filter(kind="duty").exclude(key__in=before)
    assert {(one.key, one.due_at, one.responsible) for one in opened} == foreseen


def test_what_has_opened_is_no_longer_to_come(house: Complaint, at: datetime) -> None:
    stored = set(Clock.objects.filter(kind="duty").values_list("key", flat=True))
    assert stored and stored.isdisjoint(one.key for one in ahead.coming(house.organisation_id, at))


def test_the_calendar_names_the_act_that_served_a_duty(house: Complaint, at: datetime) -> None:
    period = Clock.objects.get(rule="GP:review-complaints", period="2026-02-02").period
    fact = Fact("complaints_reviewed", at, unit="WY", by="quality_dept", details={"period": period})
    store(house.organisation_id, [fact], by=None, at=at)
    clock = Clock.objects.get(rule="GP:review-complaints", period=period)
    act = queries.evidence(house.organisation_id, [clock])[clock.fact_id]
    assert (clock.state, act.event, act.by_role) == ("met", "complaints_reviewed", "quality_dept")


def test_those_who_answer_are_reminded_once_for_each_day_chosen(liaison: Staff, at: datetime) -> None:
    due = Clock.objects.get(rule=WEEKLY, unit_code="CY").due_at
    assert due is not None
    reminders.remind(liaison.organisation_id, due - timedelta(days=3, hours=1))
    assert not _reminders(liaison)
    for moment in (due - timedelta(days=3), due - timedelta(days=2), due - timedelta(days=1), due - timedelta(hours=2)):
        for _again in range(2):
            reminders.remind(liaison.organisation_id, moment)
    told = [one for one in _reminders(liaison) if one.params["duty"]["en"]]
    assert len({one.key for one in told}) == len(told) == 2
    letter = inbox(liaison, topic="duty", most=1)[0]
    assert "即将到期" in letter.title and "2026-W06" in letter.body


def test_a_duty_that_is_done_reminds_nobody(liaison: Staff, at: datetime) -> None:
    Clock.objects.filter(rule=WEEKLY).update(state="met")
    clock = Clock.objects.get(rule=WEEKLY, unit_code="CY")
    assert clock.due_at is not None
    reminders.remind(liaison.organisation_id, clock.due_at - timedelta(days=2))
    reminders.remind(liaison.organisation_id, clock.due_at)
    assert not _reminders(liaison).filter(clause=clock.cites[0])


def test_an_organisation_sets_how_early_it_reminds(house: Complaint, at: datetime) -> None:
    assert reminders.days_of(house.organisation_id) == (3, 1)
    reminders.set_days(house.organisation_id, [2, 7, 2], by=By("admin"), at=at)
    assert reminders.days_of(house.organisation_id) == (7, 2)
    assert Entry.objects.filter(action="duties.set_reminders").count() == 1
    with pytest.raises(BadText, match="1 to 60"):
        reminders.set_days(house.organisation_id, [0], by=By("admin"), at=at)


def test_a_feed_holds_what_the_person_owes_and_nothing_else(liaison: Staff, branch: Unit, with_post: GivePost, at: datetime) -> None:
    owed = feeds.owed_by(liaison, at)
    assert {one.responsible for one in owed} == {"unit_liaison"} and {one.unit_code for one in owed} == {"CY"}
    assert {one.state for one in owed} >= {"running", "coming"}
    elsewhere = with_post("li", branch, "front_desk", date(2020, 1, 1))
    assert feeds.owed_by(elsewhere, at) == []


def test_the_address_of_a_feed_is_kept_as_a_digest_and_can_be_revoked(liaison: Staff, at: datetime) -> None:
    first = feeds.make_feed(liaison, by=By("unit_liaison", liaison.pk), at=at)
    assert feeds.owner_of(first) == liaison and feeds.owner_of(first + "x") is None
    second = feeds.make_feed(liaison, by=By("unit_liaison", liaison.pk), at=at)
    assert feeds.owner_of(first) is None and feeds.owner_of(second) == liaison
    feeds.revoke_feed(liaison, by=By("unit_liaison", liaison.pk), at=parse_moment("2026-02-03 09:00"))
    assert feeds.owner_of(second) is None
    assert not any(second in str(one.body) for one in Entry.objects.filter(action__startswith="duties."))


def _reminders(staff: Staff):  # type: ignore[no-untyped-def]
    return Message.objects.filter(topic="duty.due_soon", to_staff=staff.pk, params__period="2026-W06")
