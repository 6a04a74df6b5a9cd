"""The watch: each limit passes once, dated when it passed; workers share the work; the broken is set aside, the lost found."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.clocks.actions import begin_openings
from huiyin.desk.clocks.models import Clock, Opening
from huiyin.desk.clocks.watch import look, reconcile, run_worker
from huiyin.desk.clocks.watch.looking import _claim
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as StoredFact
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging.models import Message
from huiyin.desk.places.models import Unit
from huiyin.plumbing.ids import new_id

NINE = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
EVENING = NINE + timedelta(hours=12)


@pytest.fixture
def adopted(company: Unit, clerk: By, at: datetime) -> UUID:
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    return company.organisation_id


def receive(organisation_id: UUID, unit: str, number: int) -> list[str]:
    """So many complaints, received and dispatched at nine."""
    cases = [str(new_id(NINE)) for _ in range(number)]
    said = {
        "record": "complaint",
        "channel": "call_centre_400",
        "category": {"GP": "cleaning"},
        "severity": {"GP": "general"},
    }
    for case in cases:
        facts = [
            Fact("complaint_received", NINE, case, unit, "group_cc_agent", said),
            Fact("complaint_transferred_to_unit", NINE, case, unit, "group_cc_agent"),
        ]
        store(organisation_id, facts, by=None, at=NINE)
    return cases


def passed() -> list[tuple[str, datetime]]:
    found = StoredFact.objects.filter(event="limit_passed").order_by("at", "clock_key")
    return [(str(key), at) for key, at in found.values_list("clock_key", "at")]


@pytest.mark.django_db
def test_a_limit_passes_once_and_is_dated_when_it_passed(adopted: UUID, project: Unit) -> None:
    (case,) = receive(adopted, project.code, 1)
    assert look(NINE + timedelta(minutes=9)) == 0
    assert look(EVENING) == 3
    assert look(EVENING) == 0
    start = NINE + timedelta(minutes=10)
    solution = NINE + timedelta(minutes=70, hours=4)
    assert passed() == [
        (f"{case}|GP:start-work|1", start),
        (f"{case}|GP:handling-limit|1", solution),
        (f"{case}|GP:solution-cleaning-general|1", solution),
    ]
    assert reconcile(adopted, EVENING) == []


@pytest.mark.django_db
def test_days_that_were_missed_are_opened_one_after_the_other(adopted: UUID, project: Unit) -> None:
    begin_openings(adopted, datetime(2026, 3, 29, 12, 0, tzinfo=SHANGHAI))
    look(NINE)
    opened = StoredFact.objects.filter(event__endswith="_opened").order_by("at", "id").values_list("event", "at")
    days = [at.astimezone(SHANGHAI).day for event, at in opened if event == "day_opened"]
    assert days == [30, 31, 1]
    # Nothing that was adopted waits for the quarter.
    assert {event for event, at in opened if at.astimezone(SHANGHAI).day == 1} == {"day_opened", "month_opened"}
    assert "week_opened" in {event for event, at in opened if at.astimezone(SHANGHAI).day == 30}
    overdue = Clock.objects.get(rule="GP:quality-desk", period="2026-03-31")
    assert (overdue.state, overdue.unit_code) == ("overdue", "WY")
    assert Clock.objects.get(rule="GP:weekly-signed-summary", period="2026-W14").unit_code == project.code
    assert Opening.objects.get(pk=adopted).look_at == datetime(2026, 4, 2, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_an_act_serves_the_duty_of_its_period(adopted: UUID, project: Unit) -> None:
    begin_openings(adopted, NINE - timedelta(days=1))
    look(NINE)
    at = datetime(2026, 4, 1, 20, 0, tzinfo=SHANGHAI)
    store(adopted, [Fact("liaison_duty_closed", at, None, project.code, "unit_liaison")], by=None, at=at)
    served = Clock.objects.get(rule="GP:liaison-mobile", period="2026-04-01", unit_code=project.code)
    assert (served.state, served.stopped_at) == ("met", at)


@pytest.mark.django_db
def test_a_clock_that_cannot_be_worked_out_is_set_aside_and_the_others_go_on(adopted: UUID, project: Unit) -> None:
    broken, whole = receive(adopted, project.code, 2)
    StoredFact.objects.filter(case_id=broken, number=1).update(at=NINE, details={"promised_at": "no moment"})
    assert look(EVENING) == 3
    aside = Clock.objects.filter(case_id=broken, look_at__lte=EVENING)
    assert aside.exists()
    assert all(row.error and row.set_aside_until == EVENING + timedelta(hours=1) for row in aside)
    assert {row.state for row in Clock.objects.filter(case_id=whole)} == {"overdue"}
    assert Message.objects.filter(topic="clock.set_aside").exists()
    StoredFact.objects.filter(case_id=broken, number=1).update(
        details={"record": "complaint", "channel": "call_centre_400", "category": {"GP": "cleaning"}}
    )
    assert look(EVENING + timedelta(hours=1)) == 3
    assert passed()[0][1] == NINE + timedelta(minutes=10)


@pytest.mark.django_db
def test_lost_and_doubled_looks_are_found(adopted: UUID, project: Unit) -> None:
    first, second, third = receive(adopted, project.code, 3)
    assert reconcile(adopted, NINE) == []
    Clock.objects.filter(case_id=first, rule="GP:start-work").update(look_at=None)
    Clock.objects.filter(case_id=second, rule="GP:start-work").update(state="met")
    Clock.objects.filter(case_id=third, rule="GP:handling-limit").update(due_at=NINE)
    found = reconcile(adopted, NINE)
    assert {one.key.partition("|")[0] for one in found} == {first, second, third}
    assert any(one.what.startswith("open, due and never looked at") for one in found)
    assert any(one.what == "due_at differs" for one in found)


def _in_threads(work: Any, number: int) -> None:
    errors: list[BaseException] = []

    def run(which: int) -> None:
        try:
            work(which)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_have_the_same_case(adopted: UUID, project: Unit) -> None:
    receive(adopted, project.code, 6)
    claims: list[set[UUID | None]] = []
    both = threading.Barrier(2)

    def claim(_which: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            claims.append({one.case_id for one in _claim(cursor, EVENING, 9)})
            both.wait(30)

    _in_threads(claim, 2)
    first, second = claims
    assert first & second == set()
    assert len(first | second) == 6


@pytest.mark.django_db(transaction=True)
def test_four_workers_let_every_limit_pass_exactly_once(adopted: UUID, project: Unit) -> None:
    receive(adopted, project.code, 12)
    done: list[int] = []

    def watch(_which: int) -> None:
        while found := look(EVENING, most=4):
            done.append(found)

    _in_threads(watch, 4)
    while found := look(EVENING):
        done.append(found)
    assert sum(done) == len(passed()) == len(set(passed())) == 36
    assert reconcile(adopted, EVENING) == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_watches_until_it_is_told_to_stop(adopted: UUID, project: Unit) -> None:
    receive(adopted, project.code, 1)
    stop, asked = threading.Event(), iter((EVENING, EVENING, EVENING))

    def clock() -> datetime:
        moment = next(asked, None)
        if moment is None:
            stop.set()
        return moment or EVENING

    run_worker(stop, clock)
    assert len(passed()) == 3
