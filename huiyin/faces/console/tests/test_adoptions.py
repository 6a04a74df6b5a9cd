"""Adopting a regulation with the assistant: what fits, where it meets others, open numbers, rehearsal, adopting and ending."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.conflicts import conflicts
from huiyin.core.known import Unit, Units
from huiyin.core.rules import Adopted
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.adoptions.queries import settings_on
from huiyin.desk.journal import queries as journal
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation
from huiyin.rulebook.settings import declared, offered

CR, CP, RC = "customer_relations", "community_publication", "resident_complaints"
UNITS = Units.of([Unit("CO", "property_company"), Unit("P1", "project", "CO")])


@pytest.fixture
def admin(house: House) -> Client:
    """The browser of the administrator."""
    made = people.add_staff(house.organisation.id, "admin", "管理员", by=CLERK, at=EARLY)
    people.give_post(made, house.units["WY"], "admin", date(2025, 1, 1), by=CLERK, at=EARLY)
    house.staff["admin"] = made
    return house.browser("admin")


def _adopted(stem: str, unit: str = "CO") -> Adopted:
    return Adopted(regulation(stem), unit, load_workdays())


def test_two_limits_for_one_matter_are_a_conflict_and_the_stricter_of_one_level_binds() -> None:
    found = {(one.new.clause, one.standing.clause): one for one in conflicts(_adopted(CP), [_adopted(CR)], UNITS)}
    reply = found["CP-1.2b", "CR-2.1.3.3a"]
    assert (reply.new.value, reply.standing.value, reply.why) == ("2 workdays", "1 workdays", "stricter")
    # The report of a major complaint is due in one workday in both: no conflict.
    assert ("CP-2.2b", "CR-2.1.8.1a") not in found


def test_what_the_company_adopts_binds_over_what_its_project_adopts() -> None:
    found = conflicts(_adopted(CP, "P1"), [_adopted(CR)], UNITS)
    limits = [one for one in found if one.kind == "limit"]
    assert limits and all((one.binds, one.why) == ("standing", "level") for one in limits)


def test_marks_of_the_same_name_are_shown_and_each_is_its_own() -> None:
    major = next(one for one in conflicts(_adopted(CP), [_adopted(RC)], UNITS) if one.matter == "major")
    assert (major.kind, major.binds, major.why) == ("mark", "both", "own")


def test_the_regulations_for_the_kind_come_first_with_what_they_start(house: House, admin: Client) -> None:
    page = admin.get("/adoptions?kind=management_office").content.decode()
    chosen = page[page.index('id="choose"') :]
    assert chosen.index("住户投诉处理标准作业规程") < chosen.index("大学后勤管理处投诉信息管理办法")
    assert chosen.count("适合</span>") == 3 and "时限 " in chosen and "台账 " in chosen


def test_the_plan_names_conflicts_and_offers_open_numbers(house: House, admin: Client) -> None:
    adopt(house.units["WY"], CR, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    page = admin.post(f"/adoptions/{CP}", {"unit": "WY", "from_on": "2026-01-01"}).content.decode()
    part = page[page.index('id="conflicts"') : page.index('id="questions"')]
    assert "CP-1.2b" in part and "CR-2.1.3.3a" in part and "2个工作日" in part and "1个工作日" in part and "同级规定以更严者为准" in part
    page = admin.get("/adoptions/office_feedback").content.decode()
    field = page[page.index('name="set-3"') :][:900]
    assert 'value="15"' in field and '<option value="minutes" selected>分钟</option>' in field and "不勾选就不计时" in page


def test_a_proposed_tolerance_holds_only_when_it_is_ticked(house: House, admin: Client) -> None:
    plain = {"unit": "WY", "from_on": "2026-01-01", "set-3": "15", "set-3-unit": "minutes"}
    answer = admin.post("/adoptions/office_feedback/adopt", plain)
    assert answer.status_code == 302
    assert Adoption.objects.get(regulation="office_feedback").settings == []
    answer = admin.post(
        f"/adoptions/{RC}/adopt", {"unit": "WY", "from_on": "2026-01-01", "set-1": "8", "set-1-unit": "minutes", "take-1": "1"}
    )
    made = Adoption.objects.get(regulation=RC)
    assert settings_on(made.settings, date(2026, 1, 2)) == {"RC-4.4.1b": {"tolerance": "8 minutes"}}
    actions = [entry.action for entry in journal.entries_of(house.organisation.id, f"adoption:{made.id}")]
    assert sorted(actions) == ["adoptions.adopt", "adoptions.set_setting"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"set-1": "soonish", "set-1-unit": "minutes", "take-1": "1"}, "应为整数和单位，如15分钟、2小时、1个工作日"),
        ({"from_on": "2010-01-01"}, "施行日期"),
        ({"from_on": "morgen"}, "请填写日期"),
        ({"unit": "XX"}, "请选择您管辖范围内的单位"),
        ({"set-0": "three", "take-0": "1"}, "整数"),
    ],
)
def test_bad_values_are_refused_with_a_sentence_and_kept(house: House, admin: Client, sent: dict[str, str], told: str) -> None:
    answer = admin.post(f"/adoptions/{RC}/adopt", {"unit": "WY", "from_on": "2026-01-01", **sent})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page[page.index('id="wrong"') :][:600]
    assert all(value in page for name, value in sent.items() if name.startswith("set-") and "unit" not in name)
    assert not Adoption.objects.filter(regulation=RC).exists()


def test_the_past_is_replayed_with_the_new_regulation_and_nothing_is_written(house: House, admin: Client) -> None:
    made = house.register(ago=timedelta(days=5), channel="phone")
    page = admin.post(f"/adoptions/{CP}", {"unit": "WY", "from_on": "2026-01-01", "days": "30"}).content.decode()
    part = page[page.index('id="rehearsal"') :]
    assert "CP-1.2a" in part and made.number in part and "1 张工单" in part
    assert not Adoption.objects.filter(regulation=CP).exists()


def test_an_adoption_is_ended_from_a_day_and_not_before_it_began(house: House, admin: Client) -> None:
    made = Adoption.objects.get(regulation="group_platform")
    admin.post(f"/adoptions/{made.pk}/end", {"until_on": "2020-01-01"})
    made.refresh_from_db()
    assert made.until_on is None and "早于采用日期" in admin.get("/adoptions").content.decode()
    last = timezone.localdate()
    admin.post(f"/adoptions/{made.pk}/end", {"until_on": last.isoformat()})
    made.refresh_from_db()
    assert made.until_on == last and f"至 {last} 止" in admin.get("/adoptions").content.decode()


def test_a_setting_is_chosen_from_a_day_on(house: House, admin: Client) -> None:
    made = Adoption.objects.get(regulation="group_platform")
    admin.post(f"/adoptions/{made.pk}/setting", {"number": "5", "value": "project_manager", "from_on": "2026-02-01"})
    admin.post(f"/adoptions/{made.pk}/setting", {"number": "5", "value": "nobody", "from_on": "2026-02-01"})
    made.refresh_from_db()
    assert [one["value"] for one in made.settings] == ["project_manager"]


@pytest.mark.parametrize(
    ("typed", "unit", "kept"), [("3", "years", ["3 years"]), ("180", "days", ["180 days"]), ("2", "hours", []), ("", "", []), ("x", "", [])]
)
def test_how_long_cases_are_kept_is_an_open_number_of_at_least_a_day(
    house: House, admin: Client, typed: str, unit: str, kept: list[str]
) -> None:
    made = Adoption.objects.get(regulation="group_platform")
    number = [one["key"] for one in declared("group_platform")].index("keep")
    admin.post(f"/adoptions/{made.pk}/setting", {"number": str(number), "value": typed, "value-unit": unit, "from_on": "2026-02-01"})
    made.refresh_from_db()
    assert [one["value"] for one in made.settings if one["value"]] == kept


def test_what_is_left_open_is_asked_in_words_with_inputs_that_fit(house: House, admin: Client) -> None:
    page = admin.get(f"/adoptions/{CR}").content.decode()
    part = page[page.index('id="questions"') : page.index('id="rehearsal"')]
    words = re.sub(r"<[^>]+>", " ", part)
    assert not re.search(r"\b(workdays|minutes|quarterly|department_head|leader_in_charge|quality_dept)\b", words)
    for shown in ("个工作日", "每季度", "每若干日", "分管领导", "品质管理部", "每行一项"):
        assert shown in words
    assert 'name="set-9-leader_in_charge"' in part and re.search(r'<input[^>]*type="number"[^>]*max="100"[^>]*name="set-13"', part)
    house.staff["admin"].language = "en"
    house.staff["admin"].save()
    english = re.sub(r"<[^>]+>", " ", admin.get(f"/adoptions/{CR}").content.decode())
    assert "leader in charge" in english.lower() and "quarterly" in english and "leader_in_charge" not in english


def test_posts_are_ticked_and_amounts_are_given_for_each_post(house: House, admin: Client) -> None:
    at = {one["key"]: number for number, one in enumerate(declared(CR))}
    sent = {f"set-{at['limits_yuan']}-leader_in_charge": "5000", f"set-{at['limits_yuan']}-department_head": "500.5"}
    admin.post(f"/adoptions/{CR}/adopt", {"unit": "WY", "from_on": "2026-01-01", **sent})
    made = Adoption.objects.get(regulation=CR)
    assert settings_on(made.settings, date(2026, 1, 2))["CR-3.1.1.5a"]["limits_yuan"] == {
        "leader_in_charge": "5000",
        "department_head": "500.5",
    }
    assert "department_head" not in re.sub(r"<[^>]+>", " ", admin.get("/adoptions").content.decode())
    at = {one["key"]: number for number, one in enumerate(declared("resident_help"))}
    ticked: dict[str, list[str] | str] = {f"set-{at['cleared_roles']}": ["pa_supervisor", "pa_officer"], f"set-{at['secret_subjects']}": ""}
    admin.post("/adoptions/resident_help/adopt", {"unit": "WY", "from_on": "2026-01-01", **ticked})
    made = Adoption.objects.get(regulation="resident_help")
    assert settings_on(made.settings, date(2026, 1, 2)) == {"RH-4.3.4": {"cleared_roles": ["pa_supervisor", "pa_officer"]}}


@pytest.mark.parametrize(
    ("stem", "key", "sent", "told"),
    [
        (CR, "limits_yuan", {"-gm_office": "much"}, "的金额（元），如500"),
        (CR, "approver", {"": "boss", "take": "1"}, "应为下列之一"),
        ("apartment_complaints", "period", {"": "days", "-days": "", "take": "1"}, "或若干日一次"),
        (CR, "at_least_percent", {"": "130", "take": "1"}, "1至100的整数"),
    ],
)
def test_a_wrong_choice_is_told_what_is_expected_in_words(
    house: House, admin: Client, stem: str, key: str, sent: dict[str, str], told: str
) -> None:
    number = next(number for number, one in enumerate(declared(stem)) if one["key"] == key)
    form = {(f"take-{number}" if name == "take" else f"set-{number}{name}"): value for name, value in sent.items()}
    page = admin.post(f"/adoptions/{stem}/adopt", {"unit": "WY", "from_on": "2026-01-01", **form}).content.decode()
    assert told in page[page.index('id="wrong"') :][:600]


def test_a_period_of_so_many_days_is_kept(house: House, admin: Client) -> None:
    sent = {"unit": "WY", "from_on": "2026-01-01", "set-3": "days", "set-3-days": "5", "take-3": "1"}
    admin.post("/adoptions/apartment_complaints/adopt", sent)
    made = Adoption.objects.get(regulation="apartment_complaints")
    assert settings_on(made.settings, date(2026, 1, 2)) == {"AC-3.5.2": {"period": "5 days"}}
    assert "每5日" in admin.get("/adoptions").content.decode()


def test_the_assistant_assumes_no_time_of_keeping(house: House, admin: Client) -> None:
    one = next(one for one in declared("group_platform") if one["key"] == "keep")
    assert (one["default"], one["proposed"], offered(one)) == (None, None, "")


def test_the_assistant_is_not_there_for_who_may_not_adopt(house: House) -> None:
    assert house.browser("zhao").get("/adoptions").status_code == 404


def test_matters_that_no_comparison_of_rules_finds_are_named_with_what_holds(house: House, admin: Client) -> None:
    adopt(house.units["WY"], CR, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    page = admin.get("/adoptions/apartment_complaints").content.decode()
    part = page[page.index('id="matters"') : page.index('id="questions"')]
    assert "联系不上客户" in part and "CR-2.1.3.4b" in part and "AC-3.6.1" in part and "只有督导标准可以免回访" in part
    assert "Surveys" not in part and "满意度与意见调查" not in part, "a matter on which this regulation is silent"
    page = admin.get("/adoptions?kind=university").content.decode()
    part = page[page.index('<section class="panel" id="matters"') :]
    assert "UL-3.4a" in part and "CR-2.1.3.3a" in part and "RC-4.10.3a" not in part, "what fits and what is adopted, and nothing else"


def test_a_group_is_offered_what_its_companies_and_offices_may_follow_with_where_they_meet(admin: Client) -> None:
    page = admin.get("/adoptions", {"kind": "property_group"}).content.decode()
    listed = page.split('id="choose"')[1]
    assert listed.index("集团客服信息平台") < listed.index("适合所辖物业公司") < listed.index("适合所辖物业管理处")
    assert "公寓物业管理客户投诉处理流程" in listed.split("适合所辖物业管理处")[-1], "what does not fit stands last"
    assert "多久拿出方案、多久办完" in page and "24小时电话" in page


def test_a_class_that_both_regulations_name_is_one_row_with_all_its_ways(house: House, admin: Client) -> None:
    for stem in (CR, CP):
        adopt(house.units["WY"], stem, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    page = admin.post(f"/adoptions/{RC}", {"unit": "CY", "from_on": "2026-01-01"}).content.decode()
    part = page[page.index('id="conflicts"') : page.index('id="matters"')]
    assert part.count("认定 · 重大投诉</th>") == 1 and part.count(">RC-4.3.1a</a>") == 1, "not every way against every way"
    assert all(f">{clause}</a>" in part for clause in ("RC-4.3.1b", "RC-4.3.1c", "CP-2.2a", "CR-2.1.8.1", "GP-8.1.2b"))


def test_what_has_ended_by_the_day_of_adopting_is_no_conflict(house: House, admin: Client) -> None:
    made = adopt(house.units["WY"], CR, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    admin.post(f"/adoptions/{made.pk}/end", {"until_on": "2026-06-30"})

    def conflicting(day: str) -> str:
        page = admin.post(f"/adoptions/{CP}", {"unit": "WY", "from_on": day}).content.decode()
        return str(page[page.index('id="conflicts"') : page.index('id="questions"')])

    assert "CR-2.1.3.3a" in conflicting("2026-06-30") and "CR-2.1.3.3a" not in conflicting("2026-07-01")
    assert "自 2026-07-01 起采用核对" in conflicting("2026-07-01")


def test_the_rehearsal_names_clauses_and_says_which_acts_nobody_ever_recorded(house: House, admin: Client) -> None:
    house.register(ago=timedelta(days=5), channel="in_person")
    page = admin.post(f"/adoptions/{RC}", {"unit": "CY", "from_on": "2026-01-01", "days": "30"}).content.decode()
    rows = page[page.index('id="rehearsal"') :].split("<tr>")
    row = next(one for one in rows if ">RC-4.5a</a>" in one)
    assert "十分钟送表" in row and "时限 0 → 1" in row and "超时 0 → 1" in row and sum(">RC-4.5a</a>" in one for one in rows) == 1
    assert "过去没有登记过“意见表送达部门”" in row


def test_posts_that_nobody_holds_are_named_before_and_after_adopting(house: House, admin: Client) -> None:
    page = admin.post(f"/adoptions/{RC}", {"unit": "CY", "from_on": "2026-01-01"}).content.decode()
    part = page[page.index('id="unheld"') :].partition("</section>")[0]
    assert "公共事务部主管" in part and "接待员" in part and "住户</" not in part
    person = people.add_staff(house.organisation.id, "pa", "主管", by=CLERK, at=EARLY)
    people.give_post(person, house.units["CY"], "pa_supervisor", date(2025, 1, 1), by=CLERK, at=EARLY)
    answer = admin.post(f"/adoptions/{RC}/adopt", {"unit": "CY", "from_on": "2026-01-01"}, follow=True).content.decode()
    assert "自 2026-01-01 起采用《住户投诉处理标准作业规程》" in answer
    told = answer[answer.index("还没有人担任") :].partition("。")[0]
    assert "接待员" in told and "公共事务部主管" not in told
