"""Every form that a regulation declares prints: its name and fields stand on the paper, what is known is filled in, the rest is room."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.models import Case
from huiyin.desk.documents import actions, queries
from huiyin.desk.documents.papers import declared, press
from huiyin.desk.documents.papers.known import Known, Subject, known_of
from huiyin.desk.documents.tests.reading import text_of
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.matters.models import Matter
from huiyin.desk.places.models import Unit
from huiyin.desk.warnings.tests.cases import Complaint
from huiyin.plumbing.names import mask_name
from huiyin.rulebook.load import regulation, stems

CLERK = By("unit_liaison")


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("stem", stems())
def test_every_form_of_every_regulation_prints(stem: str) -> None:
    forms = declared.forms_of(regulation(stem))
    assert [form.key.partition(":")[2] for form in forms] == [one["key"] for one in regulation(stem).source["forms"]]
    nothing = [Known({}, "", "", "翠园一期", "", of_unit, False) for of_unit in (False, True)]
    papers = [declared.fill(form, known, {}, []) for form in forms for known in nothing]
    text = text_of(press.pdf("declared", declared.printed(papers, "李", "2026年2月2日")))
    for form in forms:
        assert text.count(_plain(form.name[0])) >= 2, form.key
        missing = [name[0] for _, name in form.fields if _plain(name[0]) not in text]
        assert missing == [], form.key
        assert form.clause in text


def test_a_form_of_a_case_holds_what_the_case_tells(complaint: Complaint) -> None:
    case = Case.objects.get(organisation_id=complaint.organisation_id, id=complaint.id)
    case.contact_name, case.contact_phone = "王小芳", "13812345678"
    subject = Subject(complaint.organisation_id, "CY", complaint.at + timedelta(hours=1), case=case)
    text = text_of(actions.print_form("RC:complaint_form", subject, by=CLERK))
    expected = (case.number, "楼道三天没有打扫", mask_name("王小芳"), "住户投诉意见表")
    assert [part for part in expected if part not in text] == [] and "13812345678" not in text
    known = known_of(Subject(complaint.organisation_id, "CY", complaint.at, case=case, names=True))
    assert (known.values["phone"], known.values["name"]) == ("13812345678", "王小芳")
    assert "GP-10.1" in known.values["clocks_met"] and "投诉" in known.value("process_and_result", "处理过程及结果")
    written = Entry.objects.get(action="documents.print_form")
    assert (written.subject, written.clauses, written.body["form"]) == (f"case:{case.id}", ["RC-5.2"], "RC:complaint_form")


def test_a_confidential_case_prints_no_name_even_for_a_reason(complaint: Complaint) -> None:
    case = Case.objects.get(organisation_id=complaint.organisation_id, id=complaint.id)
    case.contact_name, case.confidential = "王小芳", True
    known = known_of(Subject(complaint.organisation_id, "CY", complaint.at, case=case, names=True))
    assert "name" not in known.values and known.values["phone"] == ""


def test_a_list_of_a_period_has_a_row_for_each_case(complaint: Complaint) -> None:
    subject = Subject(complaint.organisation_id, "CY", complaint.at + timedelta(days=1), period="2026-02")
    form = declared.form_named("CP:daily_complaint_inventory")
    paper = declared.fill(form, known_of(subject), {}, [])
    [first, *blank] = paper["rows"]
    assert any("楼道三天没有打扫" in cell for cell in first) and len(blank) == declared.EMPTY_ROWS - 1 and not any(map(any, blank))
    assert {one["label"]: one["text"] for one in paper["fields"]}["当日新增"] == "1"
    rows = [{"number": "7", "content": "台账所记"}]
    assert "台账所记" in str(declared.fill(form, known_of(subject), {}, rows)["rows"][0])


def test_every_complaint_stands_in_the_inventory_of_its_day_and_in_the_report_of_its_month(project: Unit, at: datetime) -> None:
    stories = {"门禁失灵": 0, "楼道有烟味": 0, "水压不足": 1, "路灯不亮": 6}
    for story, days in stories.items():
        form = Registration("complaint", "CY", story=story, channel="phone", by_role="service_centre")
        register(project.organisation_id, form, by=None, at=at + timedelta(days=days))
    day, month = declared.form_named("CP:daily_complaint_inventory"), declared.form_named("CP:monthly_complaint_analysis")
    later, listed, new = at + timedelta(days=20), "", 0
    for days in range(8):
        date_of = f"{at + timedelta(days=days, hours=8):%Y-%m-%d}"
        paper = declared.fill(day, known_of(Subject(project.organisation_id, "CY", later, period=date_of)), {}, [])
        new += int({one["label"]: one["text"] for one in paper["fields"]}["当日新增"])
        here = [story for story in stories if story in str(paper["rows"])]
        assert [story for story, when in stories.items() if when == days and story not in here] == [], date_of
        listed += "".join(here)
    whole = declared.fill(month, known_of(Subject(project.organisation_id, "CY", later, period="2026-02")), {}, [])
    assert all(story in listed for story in stories)
    assert {one["label"]: one["text"] for one in whole["fields"]}["件数"] == str(new) == "4"


def test_a_form_of_a_thing_holds_what_its_acts_told(project: Unit, at: datetime) -> None:
    fact = Fact("activity_held", at, unit="CY", by="service_centre", details={"activity": "AC-2026-001", "held_at": at})
    store(project.organisation_id, [fact], by=None, at=at)
    thing = Matter.objects.filter(organisation_id=project.organisation_id, about="activity").first()
    if thing is None:
        own = {"about": "activity", "name": "AC-2026-001", "unit_code": "CY", "began_at": at}
        thing = Matter(organisation_id=project.organisation_id, id=project.pk, **own)
    known = known_of(Subject(project.organisation_id, "CY", at, thing=thing))
    paper = declared.fill(declared.form_named("CR:activity_implementation_plan"), known, {"place": "中心花园"}, [])
    said = {one["label"]: one["text"] for one in paper["fields"]}
    assert said["活动名称"] == "AC-2026-001" and said["地点"] == "中心花园" and paper["seal"]


def test_the_checklist_of_an_inspection_lists_every_standard() -> None:
    form = declared.form_named("CR:inspection_checklist")
    paper = declared.fill(form, Known({}, "", "", "", "", True, False), {}, [])
    standards = [rule for rule in form.regulation.rules if type(rule).__name__ == "StandardRule"]
    assert len(paper["rows"]) == len(standards) > 80 and all(row[0] and row[3] for row in paper["rows"])


def test_the_forms_of_a_unit_are_those_of_its_regulations(complaint: Complaint) -> None:
    found = queries.forms_for(complaint.organisation_id, "CY", complaint.at)
    assert {form.regulation.stem for form in found} == {"group_platform"} and len(found) == 4


def test_a_form_that_nobody_declares_is_refused() -> None:
    with pytest.raises(BadText, match="expected one such as"):
        declared.form_named("CR:no_such_form")


def test_a_form_of_a_period_counts_by_the_classes_of_the_regulation_that_asks_for_it(complaint: Complaint) -> None:
    rows = Case.objects.filter(organisation_id=complaint.organisation_id, id=complaint.id)
    rows.update(category={"GP": ["cleaning"], "CP": ["household_dispute", "public_part"], "CR": ["municipal"]})
    subject = Subject(complaint.organisation_id, "CY", complaint.at + timedelta(days=1), period=f"{complaint.at:%Y-%m}")
    told = {stem: known_of(subject, regulation(stem)).values["by_class"] for stem in ("community_publication", "customer_relations")}
    assert told == {"community_publication": "公共部位 1 件", "customer_relations": "涉及市政配套等 1 件"}
    rows.update(category={"GP": ["cleaning"]})
    unclassed = known_of(subject, regulation("community_publication"))
    assert unclassed.values["by_class"] == "未分类 1 件"
    assert known_of(subject, regulation("university_logistics")).values["by_class"] == "保洁服务问题 1 件"
    printed = text_of(actions.print_form(_with_counts(), subject, by=CLERK))
    assert "未分类1件" in _plain(printed)


def _with_counts() -> str:
    """The form that asks for counts by class."""
    forms = declared.forms_of(regulation("community_publication"))
    return next(form.key for form in forms if "by_class" in dict(form.fields))
