"""Two people do the same thing at the same moment: one of them has done it, the other is told so, and it stands once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from huiyin.core.moments import SHANGHAI, BadText
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.actions import NotAllowed, Registered, Registration, Stale, move, register
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch import look, reconcile
from huiyin.desk.facts.actions import Refused
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.queries import verify as verify_journal
from huiyin.desk.places.models import Unit
from huiyin.desk.scores.models import Entry
from huiyin.desk.warnings import actions as warnings
from huiyin.desk.warnings.models import WarningSignal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

NINE = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
PEOPLE = 4
Post = tuple[str, str]
TOLD_NO = (NotAllowed, Stale, Refused, BadText)


def all_at_once(act: Callable[[], object], people: int = PEOPLE) -> tuple[int, list[Exception]]:
    """Let so many do the act from the same instant on; returns how many did it, and what the others were told."""
    barrier = threading.Barrier(people)
    done: list[object] = []
    told: list[Exception] = []

    def run() -> None:
        barrier.wait()
        try:
            done.append(act())
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), told


def one_did_it(outcome: tuple[int, list[Exception]], people: int = PEOPLE) -> bool:
    """Whether exactly one succeeded and each of the others was told no, in words for people."""
    done, told = outcome
    strangers = [error for error in told if not isinstance(error, TOLD_NO)]
    assert strangers == []
    return done == 1 and len(told) == people - 1


@pytest.fixture
def adopted(company: Unit, clerk: By, at: datetime) -> UUID:
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    return company.organisation_id


@pytest.fixture
def case(adopted: UUID, project: Unit) -> Registered:
    form = Registration(
        "complaint",
        project.code,
        channel="call_centre_400",
        story="前台态度差，反映三次没人管",
        category={"GP": "customer_service"},
        severity={"GP": "general"},
        household_code="1-1-101",
        by_role="group_cc_agent",
    )
    return register(adopted, form, by=None, at=NINE, dispatch_to=project.code)


def act(
    organisation_id: UUID, case: Registered, what: str, told: dict[str, str], post: Post, at: datetime, version: int | None = None
) -> object:
    """A move of the case by a holder of the post."""
    role, unit = post
    return move(organisation_id, case.case_id, what, told, by=None, post_role=role, unit=unit, at=at, version=version)


@pytest.fixture
def liaison(project: Unit) -> Post:
    """The role and unit of the project's liaison."""
    return "unit_liaison", project.code


def stored(case: Registered, event: str) -> int:
    """How many facts of this event the case has."""
    return Fact.objects.filter(case_id=case.case_id, event=event).count()


def test_a_case_is_moved_once_on_one_version(adopted: UUID, case: Registered, liaison: Post) -> None:
    version = Case.objects.values_list("version", flat=True).get(id=case.case_id)

    def note() -> object:
        return act(adopted, case, "note", {"text": "看过现场"}, liaison, NINE + timedelta(minutes=3), version)

    assert one_did_it(all_at_once(note))
    assert stored(case, "note_added") == 1


def test_a_case_is_accepted_once_even_by_people_who_saw_no_version(adopted: UUID, case: Registered, liaison: Post) -> None:
    def accept() -> object:
        return act(adopted, case, "accept", {}, liaison, NINE + timedelta(minutes=5))

    assert one_did_it(all_at_once(accept))
    assert (stored(case, "work_process_started"), stored(case, "order_accepted")) == (1, 1)
    assert reconcile(adopted, NINE + timedelta(minutes=5)) == []


@pytest.mark.parametrize(("what", "told"), [("accept_statement", {"text": "同意"}), ("refuse_statement", {"reason": "证据不足"})])
def test_an_approval_is_spent_once(adopted: UUID, case: Registered, liaison: Post, company: Unit, what: str, told: dict[str, str]) -> None:
    act(adopted, case, "accept", {}, liaison, NINE + timedelta(minutes=5))
    statement = {"reason": "属于开发商保修", "text": "见交付记录"}
    act(adopted, case, "submit_statement", statement, ("project_manager", liaison[1]), NINE + timedelta(hours=1))

    def decide() -> object:
        return act(adopted, case, what, told, ("group_cc", company.code), NINE + timedelta(hours=2))

    assert one_did_it(all_at_once(decide))
    assert stored(case, "approval_given") + stored(case, "approval_refused") == 1
    decided = Approval.objects.filter(case_id=case.case_id, clause="GP-10.2.4c")
    assert [one.state in ("given", "refused") for one in decided] == [True]


@pytest.fixture
def warning(adopted: UUID, case: Registered) -> WarningSignal:
    """The blue warning of a case that nobody has handled for days."""
    until = NINE + timedelta(days=4)
    while look(until):
        pass
    return WarningSignal.objects.get(case_id=case.case_id, level="blue")


def test_a_warning_is_verified_once(adopted: UUID, case: Registered, warning: WarningSignal) -> None:
    at = NINE + timedelta(days=4, minutes=1)

    def verify() -> object:
        return warnings.verify(adopted, warning.id, "confirmed", by=None, role="group_cc_supervisor", at=at)

    assert one_did_it(all_at_once(verify))
    assert stored(case, "warning_verified") == 1
    assert Approval.objects.filter(case_id=case.case_id, clause="GP-11.1b").count() == 1


def test_a_confirmed_warning_is_sent_and_deducted_once(adopted: UUID, case: Registered, warning: WarningSignal) -> None:
    at = NINE + timedelta(days=4, minutes=1)

    def verify_and_send() -> object:
        return warnings.verify_and_send(adopted, warning.id, by=None, role="group_cc_supervisor", at=at)

    assert one_did_it(all_at_once(verify_and_send))
    assert (stored(case, "warning_verified"), stored(case, "warning_sent_to_unit")) == (1, 1)
    deducted = Entry.objects.filter(case_id=case.case_id)
    assert len(deducted) == len({(one.unit_code, one.amount) for one in deducted}) > 0
    assert verify_journal(adopted).ok


def test_the_same_limit_is_found_once_by_many_watchers(adopted: UUID, case: Registered) -> None:
    until = NINE + timedelta(days=10)
    done, told = all_at_once(lambda: look(until))
    while look(until):
        pass
    assert (done, told) == (PEOPLE, [])
    passed = list(Fact.objects.filter(case_id=case.case_id, event="limit_passed").values_list("clock_key", "at"))
    assert len(passed) == len(set(passed)) > 0
    assert reconcile(adopted, until) == []
