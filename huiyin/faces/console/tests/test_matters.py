"""Acts under the regulations on the pages: offered, recorded, refused with what was typed kept; things, units, decisions that wait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.core.moments import months_before, opening_of
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.actions import Registered
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.people import actions as people
from huiyin.desk.people.doors import accounts
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import SITE, regulated
from huiyin.plumbing.files.tests.samples import HTML, PDF
from huiyin.rulebook.load import regulation
from huiyin.rulebook.words import event_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(house: House) -> House:
    """The house, whose first project lives under two more regulations: one on publication and one on customer relations."""
    for stem in ("community_publication", "customer_relations"):
        adopt(house.units["CY"], stem, str(regulation(stem).source["version"]), EARLY.date(), by=CLERK, at=EARLY)
    return house


def _case(house: House, **more: Any) -> Registered:
    return house.register("噪音扰民", ago=timedelta(hours=2), **more)


def _step(case: Registered, step: str) -> str:
    return reverse("console:case-step", args=[case.number, step])


def test_the_case_page_offers_the_acts_of_each_regulation_once(both: House) -> None:
    case = _case(both)
    page = both.browser("zhao").get(reverse("console:case", args=[case.number]))
    groups = page.context["step_groups"]
    assert {group["stem"] for group in groups} >= {"community_publication", "customer_relations"}
    urls = [act["url"] for group in groups for _stage, acts in group["stages"] for act in acts]
    assert len(urls) == len(set(urls)) and _step(case, "complainant_replied") in urls
    assert "按制度办理" in page.content.decode()


def test_one_act_answers_all_regulations_that_ask_for_it(both: House) -> None:
    """The form of one act names the clauses of both, and both limits end with it."""
    case = _case(both)
    form = both.browser("zhao").get(_step(case, "complainant_replied"))
    clauses = [one["clause"] for one in form.context["sources"]]
    assert {"CP-1.2a", "CR-2.1.3.3a"} <= set(clauses)
    answer = both.browser("zhao").post(_step(case, "complainant_replied"), {"role": "service_centre", "text": "已劝止，今晚巡查"})
    assert answer.status_code == 302
    fact = Fact.objects.get(event="complainant_replied")
    assert (fact.by_role, fact.by_person, fact.details["text"]) == ("service_centre", both.staff["zhao"].pk, "已劝止，今晚巡查")


def test_a_file_comes_with_an_act_or_not_at_all(both: House) -> None:
    case, browser = _case(both), both.browser("zhao")
    form = {"role": "service_centre", "text": "已劝止，见照片"}
    bad = browser.post(_step(case, "complainant_replied"), {**form, "files": SimpleUploadedFile("x.jpg", HTML)})
    assert bad.status_code == 200 and "“x.jpg”" in bad.content.decode() and not Fact.objects.filter(event="complainant_replied").exists()
    assert browser.post(_step(case, "complainant_replied"), {**form, "files": SimpleUploadedFile("现场.pdf", PDF)}).status_code == 302
    kept = Attachment.objects.get()
    assert (kept.act, kept.for_customer, kept.case_id) == ("complainant_replied", True, case.case_id)
    page = browser.get(f"/cases/{case.number}").content.decode()
    assert "现场.pdf" in page and f"添加附件 1 个（随“{event_name('complainant_replied', 'zh-hans')}”）" in page


def test_a_refused_act_says_the_clause_and_keeps_what_was_typed() -> None:
    house = regulated("apartment_complaints")
    case = house.case()
    address = reverse("console:case-step", args=[case.number, "investigation_completed"])
    form = house.browser().get(address).context["form"]
    answer = house.browser().post(address, {"role": form.fields["role"].choices[0][0], "text": "已查明水管老化"})
    assert answer.status_code == 200 and answer.context["refused_clause"] == "AC-3.3.2"
    assert "已查明水管老化" in answer.content.decode() and "没有登记" in answer.content.decode()
    assert not Fact.objects.filter(event="investigation_completed").exists()


def test_what_cannot_be_read_stays_on_the_form(both: House) -> None:
    case = _case(both)
    answer = both.browser("zhao").post(_step(case, "claim_changed"), {"role": "service_centre", "claim_yuan": "一千", "reason": "发票"})
    assert answer.status_code == 200 and "claim_yuan" in answer.context["form"].errors
    assert "一千" in answer.content.decode() and "发票" in answer.content.decode()
    tomorrow = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    late = both.browser("zhao").post(_step(case, "claim_changed"), {"role": "service_centre", "claim_yuan": "5", "happened_at": tomorrow})
    assert "发生时间不能晚于现在" in late.content.decode()
    assert not Fact.objects.filter(event="claim_changed").exists()


def test_an_act_recorded_late_happened_when_it_happened(both: House) -> None:
    case, then = _case(both), timezone.localtime() - timedelta(hours=1)
    said = {"role": "service_centre", "text": "已答复", "happened_at": f"{then:%Y-%m-%dT%H:%M}"}
    assert both.browser("zhao").post(_step(case, "complainant_replied"), said).status_code == 302
    fact = Fact.objects.get(event="complainant_replied")
    assert fact.at == then.replace(second=0, microsecond=0) and fact.entered_at > fact.at


def test_nobody_records_what_is_not_theirs(both: House) -> None:
    case = _case(both)
    assert both.browser("wang").get(_step(case, "complainant_replied")).status_code == 404
    assert both.browser("wang").get(reverse("console:unit", args=["CY"])).status_code == 404
    assert both.browser("wang").get(reverse("console:unit-step", args=["CY", "monthly_publication_issued"])).status_code == 404
    assert both.browser("zhao").get(_step(case, "no_such_act")).status_code == 404
    assert both.browser("wang").get(reverse("console:unit", args=["LY"])).status_code == 200


def test_the_unit_publishes_its_month_and_the_page_of_the_month_shows_it(both: House) -> None:
    page = both.browser("zhao").get(reverse("console:own-unit"), follow=True).content.decode()
    assert "翠园一期" in page and "按制度办理" in page
    address = reverse("console:unit-step", args=["CY", "monthly_publication_issued"])
    form = both.browser("zhao").get(address).context["form"]
    this_month = f"{timezone.localdate():%Y-%m}"
    assert this_month in dict(form.fields["period"].choices)
    said = {"role": "service_centre", "period": this_month, "audience": "customers", "outlets": ["notice_board"], "text": "公示"}
    assert both.browser("zhao").post(address, said).status_code == 302
    fact = Fact.objects.get(event="monthly_publication_issued", about="")
    assert (fact.unit_code, fact.details["period"], fact.case_id) == ("CY", this_month, None)


def test_a_thing_is_begun_found_opened_and_absent_for_strangers(both: House) -> None:
    quality = both.browser("wu")
    chosen = quality.get(reverse("console:matter-new"), {"unit": "CY", "kind": "inspection"}).content.decode()
    assert "inspection_opened" in chosen
    address = reverse("console:matter-new") + "?unit=CY&kind=inspection&step=inspection_opened"
    proposed = quality.get(address).context["form"].fields["name"].initial
    assert proposed == f"IN-{timezone.localdate().year}-001"
    answer = quality.post(address, {"name": proposed, "role": "quality_dept"})
    made = Matter.objects.get(about="inspection")
    assert answer.status_code == 302 and answer["Location"] == reverse("console:matter", args=[made.id])
    page = quality.get(answer["Location"]).content.decode()
    assert proposed in page and "finding_recorded" in page
    assert proposed in quality.get(reverse("console:matters"), {"kind": "inspection", "unit": "CY"}).content.decode()
    again = quality.post(address, {"name": proposed, "role": "quality_dept"})
    assert "已经存在" in again.content.decode() and Fact.objects.filter(event="inspection_opened").count() == 1
    stranger = both.browser("wang")
    assert stranger.get(reverse("console:matter", args=[made.id])).status_code == 404
    assert stranger.get(reverse("console:matter-step", args=[made.id, "finding_recorded"])).status_code == 404
    assert proposed not in stranger.get(reverse("console:matters")).content.decode()


def test_each_batch_of_a_handover_has_its_own_limit_and_another_date_moves_it_alone() -> None:
    house = regulated("customer_relations")
    browser, role = house.browser(), "service_centre"
    address = reverse("console:matter-new") + f"?unit={SITE}&kind=handover&step="
    assert browser.get(address + "handover_plan_completed").status_code == 200
    offered = browser.get(reverse("console:matter-new"), {"unit": SITE, "kind": "handover"}).context["kinds"]
    assert [step["label"] for kind in offered for step in kind["steps"]] == ["定下交付日期"]
    on = timezone.localdate() + timedelta(days=200)
    for name in ("一期", "7栋"):
        assert browser.post(address + "handover_scheduled", {"name": name, "role": role, "held_on": f"{on}"}).status_code == 302
    first, second = (Matter.objects.get(about="handover", name=name) for name in ("一期", "7栋"))
    later = on + timedelta(days=30)
    moved = reverse("console:matter-step", args=[second.id, "handover_scheduled"])
    assert browser.post(moved, {"role": role, "held_on": f"{later}"}).status_code == 302
    done = reverse("console:matter-step", args=[first.id, "handover_plan_completed"])
    assert browser.post(done, {"role": role, "text": "计划已定"}).status_code == 302
    clocks = [browser.get(reverse("console:matter", args=[one.id])).context["clocks"] for one in (first, second)]
    assert [(len(each), each[0]["clause"], each[0]["open"]) for each in clocks] == [(1, "CR-7.1.0.1a", False), (1, "CR-7.1.0.1a", True)]
    dues = [timezone.localtime(each[0]["due_at"]) - timedelta(days=1) for each in clocks]
    assert [due.date() for due in dues] == [(months_before(opening_of(day), 2)).date() for day in (on, later)]
    listed = browser.get(reverse("console:matters"), {"kind": "handover", "unit": SITE}).content.decode()
    assert "一期" in listed and "7栋" in listed and "房屋交付" in listed
    papers = [browser.get(reverse("console:matter", args=[one.id])).context["papers"] for one in (first, second)]
    assert [each[0]["open"] for each in papers] == [False, True]


def test_a_finding_takes_points_that_the_page_of_the_inspection_shows(both: House) -> None:
    quality = both.browser("wu")
    address = reverse("console:matter-new") + "?unit=CY&kind=inspection&step=inspection_opened"
    quality.post(address, {"name": "IN-1", "role": "quality_dept"})
    made = Matter.objects.get(about="inspection")
    finding = reverse("console:matter-step", args=[made.id, "finding_recorded"])
    standards = [key for key, _label in quality.get(finding).context["form"].fields["clause"].choices if key]
    assert quality.post(finding, {"role": "quality_dept", "clause": standards[0], "count": "1"}).status_code == 302
    closing = reverse("console:matter-step", args=[made.id, "inspection_closed"])
    assert quality.post(closing, {"role": "quality_dept"}).status_code == 302
    page = quality.get(reverse("console:matter", args=[made.id]))
    assert any(one["clause"] == standards[0] for one in page.context["figures"])
    sheet = reverse("console:inspection", args=[made.id])
    assert page.context["own_page"] == sheet
    assert [row["url"] for row in quality.get(reverse("console:matters")).context["rows"] if row["name"] == "IN-1"] == [sheet]


def test_a_decision_waits_for_whoever_may_take_it_and_for_nobody_else() -> None:
    house = regulated("satisfaction_survey")
    organisation, units = house.organisation, house.units
    planner, decider = (people.add_staff(organisation.id, name, name, by=CLERK, at=EARLY) for name in ("planner", "decider"))
    people.give_post(planner, units["CO"], "quality_specialist", date(2025, 1, 1), by=CLERK, at=EARLY)
    people.give_post(decider, units["CO"], "operations_manager", date(2025, 1, 1), by=CLERK, at=EARLY)
    house.person = planner
    new = reverse("console:matter-new") + f"?unit={SITE}&kind=survey&step=survey_plan_submitted"
    assert house.browser().post(new, {"name": "SV-1", "role": "quality_specialist"}).status_code == 302
    survey = Matter.objects.get(about="survey")
    assert house.browser().get(reverse("console:approvals")).context["rows"] == []
    yes = reverse("console:matter-step", args=[survey.id, "approval_given:SS-4.1.1d"])
    assert house.browser().get(yes).status_code == 404
    house.person = decider
    rows = house.browser().get(reverse("console:approvals")).context["rows"]
    assert [row["yes_url"] for row in rows] == [yes]
    assert house.browser().post(yes, {"role": "operations_manager", "text": "同意"}).status_code == 302
    assert house.browser().get(reverse("console:approvals")).context["rows"] == []
    page = house.browser().get(reverse("console:matter", args=[survey.id]))
    assert [(one["clause"], one["waiting"]) for one in page.context["approvals"]] == [("SS-4.1.1d", False)]


def test_nobody_decides_on_what_they_have_submitted() -> None:
    """One person with both posts submits under the one and tries to approve under the other (D15)."""
    house = regulated("satisfaction_survey")
    new = reverse("console:matter-new") + f"?unit={SITE}&kind=survey&step=survey_plan_submitted"
    assert house.browser().post(new, {"name": "SV-1", "role": "quality_specialist"}).status_code == 302
    survey = Matter.objects.get(about="survey")
    yes = reverse("console:matter-step", args=[survey.id, "approval_given:SS-4.1.1d"])
    answer = house.browser().post(yes, {"role": "operations_manager", "text": "同意"})
    assert answer.context["refused_clause"] == "SS-4.1.1d" and "不能审批自己提交的事项" in answer.content.decode()


def test_the_pages_are_told_in_english_too(both: House) -> None:
    case = _case(both)
    accounts.choose_looks(both.staff["zhao"], by=CLERK, at=EARLY, language="en")
    page = both.browser("zhao").get(reverse("console:case", args=[case.number])).content.decode()
    assert "Acts under the regulations" in page and "complainant replied to" in page
    assert "Acting as" in both.browser("zhao").get(_step(case, "complainant_replied")).content.decode()
    assert "Matters" in both.browser("zhao").get(reverse("console:matters")).content.decode()


def test_who_decides_reads_why_it_is_asked_and_finds_the_proposed_day_in_the_form() -> None:
    place = regulated("resident_complaints")
    case = place.case(severity={"RC": "minor"}, channel="in_person")
    asking = f"/cases/{case.number}/steps/approval_requested:RC-4.10.1b"
    role = place.browser().get(asking).context["form"].fields["role"].initial
    place.browser().post(asking, {"reason": "等配件，电话13812345678", "new_date": "2027-03-05T18:00", "role": role})
    person = people.add_staff(place.organisation.id, "manager", "经理", by=CLERK, at=EARLY)
    people.give_post(person, place.units["CO"], "office_manager", date(2025, 1, 1), by=CLERK, at=EARLY)
    manager = Client()
    manager.force_login(person)
    listed = manager.get("/approvals").content.decode()
    assert "等配件" in listed and "13812345678" not in listed and "2027-03-05" in listed
    page = manager.get(f"/cases/{case.number}/steps/approval_given:RC-4.10.1b").content.decode()
    assert "等配件" in page[page.index('id="requested"') :].partition("</section>")[0]
    assert 'value="2027-03-05T18:00"' in page


@pytest.mark.parametrize(
    ("severity", "offered", "other"), [("minor", "RC-4.10.1b", "RC-4.10.2b"), ("important", "RC-4.10.2b", "RC-4.10.1b")]
)
def test_more_time_is_asked_of_the_one_who_gives_it_for_this_severity(severity: str, offered: str, other: str) -> None:
    place = regulated("resident_complaints")
    adopt(place.units["CO"], "resident_help", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    case = place.case(severity={"RC": severity}, channel="in_person")
    page = place.browser().get(f"/cases/{case.number}").content.decode()
    assert f"approval_requested:{offered}" in page and f"approval_requested:{other}" not in page
    assert "approval_requested:RH-" not in page, "a complaint is no request for help"
