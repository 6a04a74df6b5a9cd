"""The demonstration: a short one is lived, and everything that people are to see in it is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction

from huiyin.core.moments import SHANGHAI
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.models import Case, Tally
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch import reconcile
from huiyin.desk.documents.models import Document
from huiyin.desk.people.models import Roster, Staff
from huiyin.desk.people.queries import gaps, units_lacking
from huiyin.desk.places.models import Household, Organisation, Unit
from huiyin.desk.warnings.models import WarningSignal
from huiyin.rehearsal import demo
from huiyin.rehearsal.demo.organisation import sheet
from huiyin.rehearsal.demo.plots import stories
from huiyin.rulebook.load import regulation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 15, 20, tzinfo=SHANGHAI)
DAYS = 9


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: pytest.Item) -> Iterator[list[str]]:
    """The logins of a demonstration of nine days, and at the end an empty house again."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield demo.build(NOW, progress=lambda _: None, days=DAYS)
        transaction.set_rollback(True)


@pytest.fixture
def organisation(built: list[str]) -> Organisation:
    """The organisation of the demonstration."""
    return Organisation.objects.get()


def test_every_login_that_is_printed_opens_the_door(built: list[str]) -> None:
    password = str(sheet()["password"])
    assert password in built[-1]
    for login in (line.split()[0] for line in built[:3]):
        assert authenticate(username=login, password=password) is not None


def test_every_role_of_the_regulation_is_somebodys(organisation: Organisation) -> None:
    held = {role for _, role in (post.split() for one in sheet()["staff"] for post in one["posts"])}
    roles = regulation("group_platform").source["roles"]
    stood_for = {one["key"] for one in roles if set(one["stands_in"]) & held}
    assert {one["key"] for one in roles if one["level"] != "outside"} <= held | stood_for
    assert units_lacking(organisation.id, "unit_liaison", "project", NOW.date()) == ()


def test_two_thousand_homes_stand_in_five_projects(organisation: Organisation) -> None:
    assert Household.objects.count() == 2000
    assert sum(Unit.objects.filter(kind="project").values_list("households_count", flat=True)) == 2000


def test_the_rosters_of_the_coming_month_have_two_gaps(organisation: Organisation) -> None:
    days = [NOW.date() + timedelta(days=number) for number in range(31)]
    kinds = ("liaison_mobile", "service_phone", "liaison_online")
    projects = list(Unit.objects.filter(kind="project"))
    found = [
        (one.code, kind) for day in days for one in projects for kind, open_spans in gaps(one, day).items() if open_spans and kind in kinds
    ]
    assert sorted(found) == [("MYF", "liaison_mobile"), ("SFY", "service_phone")]
    assert Roster.objects.filter(day_on=NOW.date() + timedelta(days=31)).exists()


def test_open_cases_stand_in_every_group_of_the_queue(organisation: Organisation) -> None:
    alive = Case.objects.exclude(status__in=("closed", "archived", "void")).values_list("id", flat=True)
    open_clocks = Clock.objects.filter(case_id__in=list(alive), state__in=("running", "overdue"))
    due = [one for one in open_clocks.values_list("due_at", flat=True) if one is not None]
    assert any(one < NOW for one in due)
    assert any(NOW <= one < NOW + timedelta(hours=1) for one in due)
    assert any(NOW + timedelta(hours=1) <= one and one.astimezone(SHANGHAI).date() == NOW.date() for one in due)
    assert any(one.astimezone(SHANGHAI).date() > NOW.date() for one in due)
    assert {"pending_dispatch", "pending_acceptance", "in_progress", "on_hold", "pending_return_visit", "closed", "void"} <= set(
        Case.objects.values_list("status", flat=True)
    )


def test_somebody_is_waited_for(organisation: Organisation) -> None:
    assert set(WarningSignal.objects.filter(state="raised").values_list("level", flat=True)) >= {"blue", "red"}
    assert Approval.objects.filter(state="needed", clause="GP-10.2.4c").exists()
    assert Document.objects.filter(kind="weekly_summary", state="waiting_signatures").exists()


def test_a_problem_is_near_its_threshold_and_not_over_it(organisation: Organisation) -> None:
    near = stories()["near_share"]
    households = set(Tally.objects.filter(scope_unit=near["unit"], issue=near["issue"], left_at=None).values_list("household", flat=True))
    share = len(households) / Unit.objects.get(code=near["unit"]).households_count
    assert 0.04 <= share < 0.05
    assert not WarningSignal.objects.filter(case_id=None).exists()


def test_nothing_was_overlooked_by_the_watch(organisation: Organisation) -> None:
    assert reconcile(organisation.id, NOW) == []


def test_a_house_that_is_not_empty_is_left_as_it_is(built: list[str]) -> None:
    before = Case.objects.count(), Staff.objects.count()
    assert demo.build(NOW, progress=lambda _: None) == built
    assert (Case.objects.count(), Staff.objects.count()) == before
