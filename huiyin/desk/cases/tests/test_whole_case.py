"""A whole case through the actions, with the time handed in: the shared scenario of blue, yellow and red, and a refusal without a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.desk.cases import queries
from huiyin.desk.cases.actions import NotAllowed, Registered, Registration, Stale, move, register
from huiyin.desk.cases.models import Case, MonthFigure
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch import look, reconcile
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.models import Fact as StoredFact
from huiyin.desk.journal.models import Entry
from huiyin.desk.messaging.models import Message
from huiyin.desk.places.actions import touch
from huiyin.desk.places.models import Unit

pytestmark = pytest.mark.django_db
Say = Callable[..., Any]


def on(text: str) -> datetime:
    """A moment of 2026 in Shanghai, as 04-01 09:00."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.fixture
def case(adopted: UUID, project: Unit) -> Registered:
    form = Registration(
        "complaint",
        project.code,
        channel="call_centre_400",
        story="前台态度差，反映三次没人管",
        category={"GP": "customer_service"},
        severity={"GP": "general"},
        issue="rude-desk",
        household_code="1-1-101",
        by_role="group_cc_agent",
    )
    return register(adopted, form, by=None, at=on("04-01 09:00"), dispatch_to=project.code)


def say(organisation_id: UUID, case: Registered, at: datetime, event: str, by: str, **details: Any) -> None:
    """Let the watch run to ``at``, then store a fact."""
    look_until(at)
    store(organisation_id, [Fact(event, at, str(case.case_id), None, by, details)], by=None, at=at)


def warnings() -> Any:
    """The rows of a room above, which this one does not know."""
    return apps.get_model("warnings", "WarningSignal")._default_manager


def points_of() -> Any:
    """The rows of a room above, which this one does not know."""
    return apps.get_model("scores", "Entry")._default_manager


def look_until(at: datetime) -> None:
    while look(at):
        pass


def test_blue_yellow_and_red_are_each_confirmed_and_deducted_once(adopted: UUID, case: Registered, project: Unit, branch: Unit) -> None:
    both = ["quality_dept", "group_cc"]
    say(adopted, case, on("04-01 09:05"), "work_process_started", "unit_liaison")
    say(adopted, case, on("04-01 09:05"), "order_accepted", "unit_liaison")
    say(adopted, case, on("04-01 10:00"), "complainant_contacted", "unit_liaison")
    for level, day in (("blue", "04-05"), ("yellow", "04-09")):
        say(adopted, case, on(f"{day} 09:00"), "warning_verified", "group_cc_supervisor", level=level, result="confirmed")
        say(adopted, case, on(f"{day} 09:00"), "warning_sent_to_unit", "group_cc_supervisor", level=level)
    promised = on("04-10 12:00")
    say(
        adopted, case, on("04-10 08:00"), "warning_solution_reported", "project_manager",
        level="yellow", to=both, promised_at=promised,
    )  # fmt: skip
    say(adopted, case, on("04-25 15:00"), "warning_verified", "quality_head", level="red", result="confirmed")
    say(adopted, case, on("04-25 16:00"), "warning_forwarded_to_departments", "quality_head", to=["customer_service_dept"])
    say(adopted, case, on("05-08 10:00"), "red_solution_reported", "quality_head", to=["company_gm"])
    look_until(on("05-09 09:00"))

    clocks = {row.rule: row for row in Clock.objects.filter(case_id=case.case_id)}
    assert clocks["GP:solution-customer-service-general"].due_at == on("04-01 14:00")
    assert clocks["GP:solution-customer-service-general"].state == "overdue"
    assert clocks["GP:answer-yellow"].state == "met"
    assert clocks["GP:promise-after-yellow"].due_at == promised
    raised = {row.level: (row.raised_at, row.state) for row in warnings().filter(case_id=case.case_id)}
    assert raised["blue"] == (on("04-04 14:00"), "confirmed")
    assert raised["yellow"] == (on("04-08 14:00"), "answered")
    assert raised["red"][1] == "answered"
    points = {(row.unit_code, row.amount) for row in points_of().filter(case_id=case.case_id)}
    amounts = {Decimal("-0.2"), Decimal("-0.5"), Decimal("-1")}
    assert points == {(unit.code, amount) for unit in (project, branch) for amount in amounts}
    told = set(Message.objects.filter(case_id=case.case_id).values_list("clause", "to_role", "created_at"))
    assert ("GP-11.1b", "branch_head", on("04-05 09:00")) in told
    assert ("GP-11.3d", "company_gm", on("05-08 10:00")) in told
    assert Case.objects.get(id=case.case_id).marks == ["major"]
    assert MonthFigure.objects.filter(figure="warning_blue", month="2026-04", unit_code=project.code).count() == 1
    assert reconcile(adopted, on("05-09 09:00")) == []


def test_a_late_watch_changes_nothing_of_what_follows(adopted: UUID, case: Registered) -> None:
    act = Fact("complaint_handled", on("04-20 09:00"), str(case.case_id), None, "unit_liaison", {})
    store(adopted, [act], by=None, at=on("04-20 09:00"))
    raised = {row.level: row.raised_at for row in warnings().filter(case_id=case.case_id)}
    assert raised == {"blue": on("04-04 14:10"), "yellow": on("04-08 14:10"), "red": on("04-16 14:10")}
    assert reconcile(adopted, on("04-20 09:00")) == []


def test_a_refused_act_leaves_no_trace(adopted: UUID, case: Registered) -> None:
    before = (StoredFact.objects.count(), Entry.objects.count(), Clock.objects.count(), Message.objects.count())
    acts = [
        Fact("note_added", on("04-01 09:30"), str(case.case_id), None, "unit_liaison", {"text": "看过现场"}),
        Fact("complaint_returned_by_unit", on("04-01 09:40"), str(case.case_id), None, "unit_liaison", {"reason": "开发商"}),
    ]
    with pytest.raises(Refused, match=r"GP-10\.1\.3\.3a"):
        store(adopted, acts, by=None, at=on("04-01 09:40"))
    assert before == (StoredFact.objects.count(), Entry.objects.count(), Clock.objects.count(), Message.objects.count())
    assert Case.objects.get(id=case.case_id).version == 1


def test_a_case_goes_from_hand_to_hand_to_its_close(adopted: UUID, case: Registered, project: Unit) -> None:
    def do(what: str, at: str, **details: Any) -> str:
        move(adopted, case.case_id, what, details, by=None, post_role="unit_liaison", unit=project.code, at=on(at))
        return str(Case.objects.values_list("status", flat=True).get(id=case.case_id))

    assert do("accept", "04-01 09:05") == "in_progress"
    assert do("contact", "04-01 09:30") == "in_progress"
    assert do("report_solution", "04-01 10:00", text="换人并道歉", promised_at=on("04-03 18:00")) == "in_progress"
    assert do("hold", "04-01 11:00", reason="业主外出", new_date=on("04-02 09:00")) == "on_hold"
    assert do("resume", "04-02 09:00") == "in_progress"
    assert do("handle", "04-02 10:00", text="已道歉") == "pending_return_visit"
    assert do("return_visit", "04-02 15:00", result="not_satisfied") == "in_progress"
    assert do("handle", "04-02 17:00", text="经理上门") == "pending_return_visit"
    assert do("return_visit", "04-03 09:00", result="unreachable") == "pending_return_visit"
    assert do("return_visit", "04-03 10:00", result="satisfied") == "closed"
    assert do("archive", "04-03 11:00") == "archived"
    row = Case.objects.get(id=case.case_id)
    assert (row.reopened_count, row.closed_at) == (1, on("04-03 10:00"))
    assert reconcile(adopted, on("04-03 12:00")) == []
    page = queries.case_page(adopted, case.case_id)
    assert page is not None
    assert page.row["number"] == case.number
    assert [one.event for one in page.facts][:2] == ["complaint_received", "complaint_transferred_to_unit"]


def test_who_saw_an_older_case_or_holds_another_post_is_stopped(adopted: UUID, case: Registered, project: Unit) -> None:
    def do(what: str, role: str, unit: str, version: int | None = None) -> None:
        move(adopted, case.case_id, what, {}, by=None, post_role=role, unit=unit, at=on("04-01 09:05"), version=version)

    with pytest.raises(Stale):
        do("accept", "unit_liaison", project.code, version=7)
    with pytest.raises(NotAllowed):
        do("accept", "leader_in_charge", project.code)
    with pytest.raises(NotAllowed):
        do("accept", "unit_liaison", "no-such-unit")
    with pytest.raises(NotAllowed):
        do("archive", "unit_liaison", project.code)


def test_a_new_case_costs_few_statements(adopted: UUID, project: Unit, django_assert_max_num_queries: Any) -> None:
    form = Registration("complaint", project.code, channel="call_centre_400", story="楼道脏", by_role="group_cc_agent")
    register(adopted, form, by=None, at=on("04-01 09:00"))
    # The edition, the number, the one that writes; a savepoint and its release because the test holds a transaction.
    with django_assert_max_num_queries(5):
        made = register(adopted, form, by=None, at=on("04-01 09:00"))
    assert made.number == "TS2604010002"


def test_households_with_the_same_problem_are_counted_once(adopted: UUID, project: Unit) -> None:
    Unit.objects.filter(pk=project.pk).update(households_count=60)
    touch(adopted)
    for day, household in (("11", "1-1-101"), ("12", "1-1-101"), ("13", "1-1-202"), ("14", "1-1-303")):
        form = Registration(
            "complaint", project.code, channel="call_centre_400", story="电梯有味", issue="lift-smell", household_code=household
        )
        register(adopted, form, by=None, at=on(f"05-{day} 09:00"))
    raised = list(warnings().filter(issue="lift-smell", unit_code=project.code).values_list("raised_at", flat=True))
    assert raised == [on("05-14 09:00")]


def test_nothing_is_written_by_hand_into_the_facts(adopted: UUID, case: Registered) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM facts_fact WHERE case_id = %s ORDER BY number", [case.case_id])
        numbers = [row[0] for row in cursor.fetchall()]
    assert numbers == list(range(1, len(numbers) + 1))
