"""The demonstration: a short one is lived, and everything that people are to see in it is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction

from huiyin.core.moments import SHANGHAI
from huiyin.desk.approvals.models import Approval
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.models import Case, Tally
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch import reconcile
from huiyin.desk.documents.models import Document
from huiyin.desk.duties.calendar.rosters import gaps
from huiyin.desk.facts.models import Fact
from huiyin.desk.files import queries as queries_of_files
from huiyin.desk.matters import steps
from huiyin.desk.people.models import Roster, Staff
from huiyin.desk.people.queries import units_lacking
from huiyin.desk.places.models import Household, Organisation, Unit
from huiyin.desk.publications.models import WAITING, Notice
from huiyin.desk.publications.queries import checked
from huiyin.desk.warnings.models import WarningSignal
from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rehearsal import demo
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.organisation import FURTHER, MAIN, login_lines, sheet, sheets
from huiyin.rehearsal.demo.photos import sending as photos
from huiyin.rehearsal.demo.plots import stories
from huiyin.rulebook.load import regulation, stems

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 15, 20, tzinfo=SHANGHAI)
DAYS, LONGER = 9, 31


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: pytest.Item) -> Iterator[dict[str, Life]]:
    """The lives of a short demonstration, by organisation, and at the end an empty house again."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield {name: demo.live(sheet(name), NOW, lambda _: None, DAYS if name == MAIN else LONGER) for name in (MAIN, *FURTHER)}
        transaction.set_rollback(True)


@pytest.fixture
def built(lives: dict[str, Life]) -> list[str]:
    """The logins that are printed where the demonstration stands: nothing is left to be built."""
    assert demo.build_next(NOW, progress=lambda _: None) == []
    return login_lines(demo.standing())


@pytest.fixture
def organisation(built: list[str]) -> Organisation:
    """The main organisation of the demonstration."""
    return Organisation.objects.get(code=sheet()["code"])


def test_every_login_that_is_printed_opens_the_door(built: list[str]) -> None:
    for told in sheets():
        head = next(number for number, line in enumerate(built) if told["name"]["zh"] in line)
        assert told["password"] in built[head]
        assert authenticate(username=built[head + 2].split()[0], password=told["password"]) is not None


@pytest.mark.parametrize("name", (MAIN, *FURTHER))
def test_every_role_of_an_organisations_regulations_is_somebodys(name: str, organisation: Organisation) -> None:
    told = sheet(name)
    held = {role for one in told["staff"] for post in one["posts"] for role in post.split()[1:]}
    for one in told["adoptions"]:
        roles = regulation(one["regulation"]).source["roles"]
        stood_for = {one["key"] for one in roles if set(one.get("stands_in", ())) & held}
        assert {one["key"] for one in roles if one["level"] != "outside"} <= held | stood_for
    assert units_lacking(organisation.id, "unit_liaison", "project", NOW.date()) == ()


def test_every_regulation_is_lived_under_somewhere(organisation: Organisation) -> None:
    assert {one["regulation"] for told in sheets() for one in told["adoptions"]} == set(stems())
    for told in sheets():
        clocks = Clock.objects.filter(organisation_id=Organisation.objects.get(code=told["code"]).id)
        begun = {rule.partition(":")[0] for rule in clocks.values_list("rule", flat=True)}
        assert begun >= {regulation(one["regulation"]).prefix for one in told["adoptions"]} - {"SS"}


@pytest.mark.parametrize("name", FURTHER)
def test_a_script_is_lived_as_it_is_told(name: str, lives: dict[str, Life]) -> None:
    # A regulation refuses some acts, and some come when the case is over; but none is one that nobody offers.
    assert [one for one in lives[name].refused if "correct the script" in one] == []
    assert lives[name].refused


def test_two_thousand_homes_stand_in_five_projects(organisation: Organisation) -> None:
    assert Household.objects.filter(organisation=organisation).count() == 2000
    projects = Unit.objects.filter(organisation=organisation, kind="project")
    assert sum(projects.values_list("households_count", flat=True)) == 2000


def test_the_rosters_of_the_coming_month_have_two_gaps(organisation: Organisation) -> None:
    days = [NOW.date() + timedelta(days=number) for number in range(31)]
    projects = Unit.objects.filter(organisation=organisation, kind="project").values_list("code", flat=True)
    found = [(code, kind) for day in days for code, missing in gaps(organisation.id, projects, day).items() for kind in missing]
    assert sorted(found) == [("MYF", "liaison_mobile"), ("SFY", "service_phone")]
    assert Roster.objects.filter(day_on=NOW.date() + timedelta(days=31)).exists()


def test_open_cases_stand_in_every_group_of_the_queue(organisation: Organisation) -> None:
    cases = Case.objects.filter(organisation_id=organisation.id)
    alive = cases.exclude(status__in=("closed", "archived", "void")).values_list("id", flat=True)
    open_clocks = Clock.objects.filter(case_id__in=list(alive), state__in=("running", "overdue"))
    due = [one for one in open_clocks.values_list("due_at", flat=True) if one is not None]
    assert any(one < NOW for one in due)
    assert any(NOW <= one < NOW + timedelta(hours=1) for one in due)
    assert any(NOW + timedelta(hours=1) <= one and one.astimezone(SHANGHAI).date() == NOW.date() for one in due)
    assert any(one.astimezone(SHANGHAI).date() > NOW.date() for one in due)
    assert {"pending_dispatch", "pending_acceptance", "in_progress", "on_hold", "pending_return_visit", "closed", "void"} <= set(
        cases.values_list("status", flat=True)
    )


def test_who_comes_to_the_duty_screen_finds_what_runs_and_nothing_late(lives: dict[str, Life]) -> None:
    found = Organisation.objects.get(code="cuihu").id
    here = Case.objects.filter(organisation_id=found, record="help_request", unit_code="HB", received_at__gte=NOW - timedelta(hours=2))
    subjects = steps.of_cases(found, [one.id for one in here], NOW)
    assert {one.status for one in here} == {"in_progress"}, "sent on to the unit and begun"
    courses = [course for one in subjects.values() for course in steps.courses_of(one, NOW)]
    waiting = [stage.step.event for course in courses for stage in course.stages if stage.stand == "next"]
    assert {"hospital_reached", "care_ended", "help_decision_recorded"} <= set(waiting)
    assert not Clock.objects.filter(organisation_id=found, case_id__in=list(subjects), state__in=("running", "overdue", "late")).exists()


def test_somebody_is_waited_for(organisation: Organisation) -> None:
    assert set(WarningSignal.objects.filter(state="raised").values_list("level", flat=True)) >= {"blue", "red"}
    assert Approval.objects.filter(state="needed", clause="GP-10.2.4c").exists()
    assert Document.objects.filter(kind="weekly_summary", state="waiting_signatures").exists()


def test_a_problem_is_near_its_threshold_and_not_over_it(organisation: Organisation) -> None:
    near = stories()["near_share"]
    households = set(Tally.objects.filter(scope_unit=near["unit"], issue=near["issue"], left_at=None).values_list("household", flat=True))
    share = len(households) / Unit.objects.get(code=near["unit"]).households_count
    assert 0.04 <= share < 0.05
    assert not WarningSignal.objects.filter(organisation_id=organisation.id, case_id=None).exists()


def test_a_notice_to_the_customers_waits_for_its_approval(organisation: Organisation) -> None:
    [notice] = Notice.objects.filter(organisation_id=organisation.id, unit_code="GYL", state=WAITING)
    assert notice.period == f"{NOW:%Y-%m}" and notice.outlets == ["notice_board"]
    assert all(not one.found for one in checked(notice))


def test_what_was_complained_of_again_is_tied_to_the_first_complaint_that_was_answered(organisation: Organisation) -> None:
    university = Organisation.objects.get(code="nanhu").id
    again = Fact.objects.filter(organisation_id=university, event="repeat_confirmed", about="")
    first = {one.details["earlier"] for one in again}
    assert again.count() == 2 and len(first) == 1
    answered = Fact.objects.filter(organisation_id=university, case_id=first.pop(), event="complainant_replied").earliest("at")
    assert all(answered.at < one.at for one in again)


def test_nothing_was_overlooked_by_the_watch(organisation: Organisation) -> None:
    for one in Organisation.objects.all():
        assert reconcile(one.id, NOW) == []


def test_a_house_that_is_not_empty_is_left_as_it_is(built: list[str]) -> None:
    before = Case.objects.count(), Staff.objects.count()
    assert demo.build_next(NOW, progress=lambda _: None) == []
    assert (Case.objects.count(), Staff.objects.count()) == before


def test_photos_come_with_their_stories_and_with_what_put_them_right(organisation: Organisation) -> None:
    told = {title for titles in read_yaml(photos.STORIES).value.values() for title in titles}
    known = {one["title"] for record in ("complaint", "repair", "suggestion") for one in stories()[record]}
    known |= {title for one in sheets() for tale in one.get("tales", ()) for title, _story in tale.get("stories", ())}
    assert told - known == set(), "each is a story of the demonstration"
    sent = Attachment.objects.filter(kind="image/jpeg", small=True)
    assert {one.organisation_id for one in sent} == set(Organisation.objects.values_list("id", flat=True)), "everybody sees some"
    assert {one.act for one in sent} >= {"register", "handle"} and {one.name for one in sent} == {"现场.jpg", "处理后.jpg"}
    assert queries_of_files.checked() == (sent.count(), [])
