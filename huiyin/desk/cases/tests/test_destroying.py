"""A case is destroyed when the longest time of its regulations is over, by two persons, and never while it is held or still needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI, BadText
from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.cases import actions
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.models import Case
from huiyin.desk.conftest import AT, CLERK
from huiyin.desk.facts.actions import store
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.keeping.models import LegalHold
from huiyin.desk.places.models import Unit
from huiyin.plumbing.text import BadText as BadLine
from huiyin.rulebook.load import regulation

pytestmark = pytest.mark.django_db
WU, ZHU = By("quality_head", uuid4()), By("quality_manager", uuid4())
RECEIVED = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
CLOSED = datetime(2026, 3, 4, 18, tzinfo=SHANGHAI)


def _adopt(unit: Unit, stem: str, **keep: str) -> None:
    made = adoptions.adopt(unit, stem, str(regulation(stem).source["version"]), date(2026, 1, 1), by=CLERK, at=AT)
    for clause, time in keep.items():
        adoptions.set_setting(made, clause.replace("_", "-", 1).replace("_", "."), "keep", time, date(2026, 1, 1), by=CLERK, at=AT)


def _case(project: Unit, record: str = "complaint", *, issue: str = "", received: datetime = RECEIVED, channel: str = "phone") -> Case:
    form = Registration(record, project.code, channel=channel, story="楼道灯不亮", issue=issue, household_code="1-1-101")
    made = register(project.organisation_id, form, by=None, at=received)
    _happens(project, made.case_id, "complaint_handled", received + timedelta(hours=2), result="solved", text="换了灯泡")
    _happens(project, made.case_id, "case_closed", received + (CLOSED - RECEIVED))
    return Case.objects.get(id=made.case_id)


def _happens(project: Unit, case: UUID, event: str, at: datetime, **details: str) -> None:
    store(project.organisation_id, [Fact(event, at, str(case), None, "unit_liaison", details)], by=None, at=at)


def _propose(case: Case, on: str) -> None:
    keeping.propose(case.organisation_id, "case", case.id, "期满", by=WU, at=datetime.fromisoformat(f"{on} 10:00+08:00"))


def _sign(case: Case, on: str, by: By = ZHU) -> None:
    keeping.destroy(case.organisation_id, "case", case.id, by=by, at=datetime.fromisoformat(f"{on} 10:00+08:00"))


def _why_not(case: Case, on: str) -> str:
    with pytest.raises(BadText) as refused:
        _propose(case, on)
    return refused.value.zh


def test_a_closed_case_becomes_destroyable_when_the_time_that_the_organisation_set_is_over(project: Unit, company: Unit) -> None:
    _adopt(company, "group_platform", GP_8_3_2b="3 years")
    case = _case(project)
    assert actions.last_day(case) == (date(2029, 3, 4), ("GP-8.3.2b",))
    assert "须保存至2029-03-04" in _why_not(case, "2029-03-04")
    _propose(case, "2029-03-05")
    _sign(case, "2029-03-05")
    left = Case.objects.get(id=case.id)
    assert (left.story, left.household_code, left.number) == ("", "", case.number) and left.destroyed_at
    assert journal.verify(case.organisation_id).ok
    assert "已销毁" in _why_not(left, "2029-03-06")


def test_without_a_time_that_somebody_set_nothing_is_destroyed_and_one_set_later_runs_from_the_archiving(
    project: Unit, company: Unit
) -> None:
    _adopt(company, "group_platform")
    case = _case(project)
    assert "GP-8.3.2b" in _why_not(case, "2099-01-01")
    adopted = Adoption.objects.get(regulation="group_platform")
    adoptions.set_setting(adopted, "GP-8.3.2b", "keep", "1 years", date(2027, 5, 1), by=CLERK, at=AT)
    assert "GP-8.3.2b" in _why_not(case, "2099-01-01")
    _happens(project, case.id, "case_archived", datetime(2027, 6, 1, 9, tzinfo=SHANGHAI))
    assert actions.last_day(case) == (date(2028, 6, 1), ("GP-8.3.2b",))


def test_of_several_regulations_the_longest_time_counts(project: Unit, company: Unit) -> None:
    _adopt(company, "group_platform", GP_8_3_2b="3 years")
    _adopt(company, "customer_relations", CR_2_1_2_1a="5 years")
    assert actions.last_day(_case(project)) == (date(2031, 3, 4), ("CR-2.1.2.1a", "GP-8.3.2b"))


def test_a_regulation_that_says_nothing_about_keeping_such_cases_has_no_part_in_it(project: Unit, company: Unit) -> None:
    _adopt(company, "satisfaction_survey")
    _adopt(company, "customer_relations", CR_2_1_2_1a="2 years")
    complaint, repair = _case(project), _case(project, "repair")
    assert actions.last_day(complaint) == (date(2028, 3, 4), ("CR-2.1.2.1a",))
    assert "没有保存期限" in _why_not(repair, "2099-01-01")


def test_what_one_regulation_keeps_for_good_is_never_destroyed(project: Unit, company: Unit) -> None:
    _adopt(company, "resident_complaints")
    _adopt(company, "group_platform", GP_8_3_2b="1 years")
    assert "RC-4.8d：" in _why_not(_case(project), "2099-01-01")


def test_a_help_request_is_kept_as_long_as_the_register_of_its_year(project: Unit, company: Unit) -> None:
    _adopt(company, "resident_help")
    case = _case(project, "help_request")
    assert "RH-4.10b" in _why_not(case, "2099-01-01")
    archived = datetime(2027, 1, 11, 10, tzinfo=SHANGHAI)
    book = {"register": "help_requests", "period": "2026"}
    store(project.organisation_id, [Fact("register_archived", archived, None, project.code, "pa_supervisor", book)], by=None, at=archived)
    assert actions.last_day(case) == (date(2029, 1, 11), ("RH-4.10b",))
    later = _case(project, "help_request", received=datetime(2027, 2, 1, 9, tzinfo=SHANGHAI))
    assert "RH-4.10b" in _why_not(later, "2099-01-01")
    _propose(case, "2029-01-12")
    _sign(case, "2029-01-12")
    assert Case.objects.get(id=case.id).destroyed_at


def test_a_help_request_that_became_a_complaint_is_kept_as_the_complaint_is_and_another_one_is_not(project: Unit, company: Unit) -> None:
    _adopt(company, "resident_help")
    _adopt(company, "resident_complaints")
    became, stayed = _case(project, "help_request"), _case(project, "help_request")
    _happens(project, became.id, "help_request_converted", CLOSED + timedelta(hours=1), into="complaint", new_case=str(uuid4()))
    archived = datetime(2027, 1, 11, 10, tzinfo=SHANGHAI)
    book = {"register": "help_requests", "period": "2026"}
    store(project.organisation_id, [Fact("register_archived", archived, None, project.code, "pa_supervisor", book)], by=None, at=archived)
    assert actions.last_day(stayed) == (date(2029, 1, 11), ("RH-4.10b",))
    assert "RC-4.8d：" in _why_not(became, "2099-01-01")


def test_a_case_on_hold_is_neither_put_on_the_list_nor_signed(project: Unit, company: Unit) -> None:
    _adopt(company, "group_platform", GP_8_3_2b="1 years")
    case, other = _case(project), _case(project)
    at = datetime(2027, 3, 1, 9, tzinfo=SHANGHAI)
    _propose(other, "2027-04-01")
    for one in (case, other):
        keeping.preserve(one.organisation_id, "case", one.id, "业主起诉", by=WU, at=at)
    assert "保全" in _why_not(case, "2027-04-02")
    with pytest.raises(BadText, match="legal hold"):
        _sign(other, "2027-04-02")
    with pytest.raises(BadText, match="under legal hold already"):
        keeping.preserve(case.organisation_id, "case", case.id, "再来", by=ZHU, at=at)
    keeping.release(other.organisation_id, "case", other.id, "已结案", by=ZHU, at=at + timedelta(days=40))
    _sign(other, "2027-04-12")
    held = LegalHold.objects.get(about_id=other.id)
    assert (held.placed_by, held.released_by) == (WU.person, ZHU.person) and "起诉" not in held.reason
    said = [one.action for one in journal.entries_of(case.organisation_id, f"case:{other.id}")]
    assert {"cases.preserve", "cases.release"} <= set(said)
    with pytest.raises(BadText, match="destroyed"):
        keeping.preserve(other.organisation_id, "case", other.id, "迟了", by=WU, at=at + timedelta(days=60))


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_hold_and_its_release_say_why(project: Unit, company: Unit, reason: str) -> None:
    _adopt(company, "group_platform")
    case = _case(project)
    with pytest.raises((BadText, BadLine)):
        keeping.preserve(case.organisation_id, "case", case.id, reason, by=WU, at=CLOSED)
    keeping.preserve(case.organisation_id, "case", case.id, "诉讼", by=WU, at=CLOSED)
    with pytest.raises((BadText, BadLine)):
        keeping.release(case.organisation_id, "case", case.id, reason, by=WU, at=CLOSED)
    assert LegalHold.objects.get().released_at is None


def test_a_home_that_counts_this_year_is_not_forgotten_this_year(project: Unit, company: Unit) -> None:
    _adopt(company, "group_platform", GP_8_3_2b="30 days")
    case = _case(project, issue="lift-noise", channel="gm_sms")
    assert "户数" in _why_not(case, "2026-12-31")
    _propose(case, "2027-01-01")


def test_the_one_who_proposed_does_not_sign_and_an_open_case_stays(project: Unit, company: Unit) -> None:
    _adopt(company, "group_platform", GP_8_3_2b="1 years")
    case = _case(project)
    _happens(project, case.id, "case_reopened", CLOSED + timedelta(days=1))
    assert "尚未办结" in _why_not(case, "2028-01-01")
    _happens(project, case.id, "case_closed", CLOSED + timedelta(days=2))
    _propose(case, "2028-01-01")
    with pytest.raises(BadText, match="same person"):
        _sign(case, "2028-01-02", by=WU)
    assert Case.objects.get(id=case.id).story


def test_a_time_that_has_become_longer_since_is_waited_for(project: Unit, company: Unit) -> None:
    _adopt(company, "group_platform", GP_8_3_2b="1 years")
    case = _case(project)
    _propose(case, "2027-03-05")
    _happens(project, case.id, "case_archived", datetime(2027, 3, 6, 9, tzinfo=SHANGHAI))
    with pytest.raises(BadText, match="2028-03-06"):
        _sign(case, "2027-03-07")
