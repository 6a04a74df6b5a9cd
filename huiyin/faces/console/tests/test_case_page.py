import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.records import Clock
from huiyin.core.rules import Adopted
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.people.models import Unmasking
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.find import file_of
from huiyin.faces.console.cases.told import told
from huiyin.faces.console.cases.words import channel_word
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import SITE, Regulated, regulated
from huiyin.faces.parts.templatetags.parts import due_words
from huiyin.rulebook.load import regulation

MINUTES = timedelta(minutes=1)


def test_the_responsible_persons_stand_on_the_case(house: House) -> None:
    made = house.register()
    page = house.browser("zhao").get(f"/cases/{made.number}").content.decode()
    persons = page[page.index('id="persons"') : page.index('id="handovers"')]
    assert "主要责任人" in persons and "钱经理" in persons and "项目经理" in persons
    assert "第一责任人" in persons and "孙分总" in persons and "分公司负责人" in persons


def test_the_page_of_a_case_has_one_first_heading_and_that_is_the_case(house: House) -> None:
    made = house.register("电梯停运三小时")
    page = house.browser("zhao").get(f"/cases/{made.number}").content.decode()
    assert page.count("<h1") == 1 and "电梯停运" in page.split("<h1")[1].split("</h1>")[0]
    assert house.browser("zhao").get("/cases").content.decode().count("<h1") == 1


def test_handovers_and_idle_time_are_shown(house: House) -> None:
    made = house.register(ago=200 * MINUTES)
    house.move(made.case_id, "accept", "zhao", ago=195 * MINUTES)
    house.move(made.case_id, "transfer", "zhou", ago=130 * MINUTES, unit="LY", reason="地点在绿洲花园")
    page = house.browser("wang").get(f"/cases/{made.number}").content.decode()
    part = page[page.index('id="handovers"') : page.index('id="household"')]
    assert f'<a href="/cases/{made.number}?only=handovers#timeline">2</a>' in part
    assert "2小时10分" in part


def test_the_figures_of_a_case_open_what_they_count(house: House) -> None:
    made = house.register(ago=200 * MINUTES)
    house.move(made.case_id, "urge", "zheng", ago=190 * MINUTES)
    for move, said in (("accept", {}), ("handle", {"text": "已修"}), ("return_visit", {"result": "not_satisfied", "text": "还漏"})):
        house.move(made.case_id, move, "zhao", ago=180 * MINUTES, **said)
    case = house.case(made.number)
    for figure, count in (("handovers", 1), ("urged", case.urged_count), ("reopened", case.reopened_count)):
        page = house.browser("zhao").get(f"/cases/{made.number}?only={figure}").content.decode()
        listed = page[page.index('<ol class="timeline">') :]
        assert listed[: listed.index("</ol>")].count("<time ") == count == 1
        assert f'?only={figure}#timeline">1</a>' in page


def test_every_clock_cites_its_clause_and_tells_its_reckoning(house: House) -> None:
    made = house.register()
    page = house.browser("zhao").get(f"/cases/{made.number}").content.decode()
    clocks = page[page.index('id="clocks"') : page.index('id="persons"')]
    assert "GP-10.1.3.1" in clocks and "接单启动流程" in clocks and "各单位对接人员" in clocks
    assert "为什么是这个时限？" in clocks and "经过10分钟，不分昼夜连续计算" in clocks
    assert "以此为准" in clocks


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "told"), [(4, "目标内"), (12, "未到目标")])
def test_a_target_stands_beside_the_limit_and_is_told_when_it_is_over(minutes: int, told: str) -> None:
    office = regulated("office_feedback")
    made = office.case("repair", category={"OF": "utility_repair"})
    row = Case.objects.get(id=made.case_id)
    assert _aim(office, made.number, row.received_at) == ""
    arrived = Fact("responder_arrived", row.received_at + minutes * MINUTES, str(made.case_id), SITE, "responder")
    store(office.organisation.id, [arrived], by=None, at=timezone.now())
    assert _aim(office, made.number, row.received_at) == told


def _aim(office: Regulated, number: str, received: datetime) -> str:
    """What the page says of the target once the limit is over; that it says when target and limit are is looked at here."""
    page = office.browser().get(f"/cases/{number}").content.decode()
    clock = _limit(page[page.index('id="clocks"') : page.index('id="persons"')], "OF-6.1")
    said = re.sub("<[^>]+>", "", clock.split('"clock-source">')[1])
    target, due = (due_words(received + minutes * MINUTES, timezone.now()) for minutes in (5, 15))
    assert f"目标 {target} · 期限 {due}" in said and "目标 5分钟：" in said
    return next((word for word in ("目标内", "未到目标") if word in said), "")


def _beside_another(house: House, level: str, due: timedelta) -> tuple[str, Clock]:
    """The limits of a new case as its page shows them, when a second regulation of ``level`` sets one for accepting it, so much off."""
    file, now = file_of(house.case(house.register().number)), timezone.now()
    (own,) = (clock for clock in file.clocks if clock.rule == "GP:start-work")
    (adopted,) = file.adopted()
    other: Adopted = replace(adopted, regulation=replace(adopted.regulation, prefix="XX", title=("另一办法", "other"), level=level))
    assert isinstance(own.due_at, datetime)
    theirs = replace(own, key="XX", rule="XX:start-work", cites=("XX-1",), due_at=own.due_at + due)
    clocks = shown.clocks((*file.clocks, theirs), (adopted, other), file.case.editions, now)
    return render_to_string("console/cases/_clocks.html", {"clocks": clocks, "now": now}), own


def _limit(page: str, clause: str) -> str:
    (found,) = (part for part in page.split('<div class="clock ')[1:] if clause in part.split('"clock-source">')[1].split("·")[0])
    return found


def test_of_two_regulations_the_higher_one_binds_and_both_clauses_say_so(house: House) -> None:
    page, own = _beside_another(house, "unit", due=-5 * MINUTES)
    first, behind = _limit(page, own.cites[0]), _limit(page, "XX-1")
    assert "以此为准" in first and "优先于 XX-1（另一办法" in first and "集团规定优先于公司规定" in first
    assert first.startswith(" binding")
    assert "以此为准" not in behind and "让位于" in behind and own.cites[0] in behind and "集团规定优先于公司规定" in behind


def test_of_two_regulations_of_one_level_the_stricter_limit_binds(house: House) -> None:
    level = file_of(house.case(house.register().number)).adopted()[0].regulation.level
    page, own = _beside_another(house, level, due=-5 * MINUTES)
    assert "以此为准" in _limit(page, "XX-1") and "同级规定以先到期者为准" in _limit(page, "XX-1")
    assert "让位于 XX-1" in _limit(page, own.cites[0])


def test_the_primary_button_is_the_next_duty_and_follows_the_case(house: House) -> None:
    made = house.register()
    browser, address = house.browser("zhao"), f"/cases/{made.number}"
    assert _primary(browser.get(address).content.decode()) == "接单"
    browser.post(f"{address}/moves/accept", {"version": house.case(made.number).version})
    assert _primary(browser.get(address).content.decode()) == "联系业主"
    browser.post(f"{address}/moves/contact", {"text": "已电话联系，约下午查看"})
    page = browser.get(address).content.decode()
    assert _primary(page) == "确定责任部门"
    assert "已电话联系，约下午查看" in page


def _primary(page: str) -> str:
    part = page[page.index('class="identity-actions"') : page.index("更多")]
    return part.split("data-primary")[1].split(">")[1].split("<")[0]


def test_a_move_without_what_it_needs_keeps_what_was_typed(house: House) -> None:
    made = house.register()
    house.move(made.case_id, "accept", "zhao")
    address = f"/cases/{made.number}/moves/report_solution"
    page = house.browser("zhao").post(address, {"text": "更换控制板"}).content.decode()
    assert "请填写承诺完成时间" in page and "更换控制板" in page
    assert house.case(made.number).version == 2


def test_a_case_moved_by_another_meanwhile_is_not_overwritten(house: House) -> None:
    made = house.register()
    house.move(made.case_id, "accept", "zhao")
    page = house.browser("qian").post(f"/cases/{made.number}/moves/first_plan", {"text": "换电机", "version": "1"}).content.decode()
    assert "刚被别人更新过" in page and "换电机" in page


def test_what_a_regulation_forbids_is_refused_with_its_clause(house: House) -> None:
    made = house.register()
    page = house.browser("zhao").post(f"/cases/{made.number}/moves/return", {"reason": "不归我们管"}).content.decode()
    assert "GP-" in page.split('class="error-summary"')[1].split("</p>")[0]


def test_notes_are_for_us_and_replies_for_the_owner(house: House) -> None:
    made = house.register()
    browser, address = house.browser("zhao"), f"/cases/{made.number}/words"
    browser.post(address, {"mode": "internal", "text": "业主情绪激动"})
    browser.post(address, {"mode": "reply", "text": "我们已安排维修人员"})
    page = browser.get(f"/cases/{made.number}").content.decode()
    note, reply = (page[: page.index(text)].rsplit("<li", 1)[1] for text in ("业主情绪激动</p>", "我们已安排维修人员</p>"))
    assert "仅内部可见" in note and "业主可见" in reply


def test_an_empty_note_is_not_kept(house: House) -> None:
    made = house.register()
    page = house.browser("zhao").post(f"/cases/{made.number}/words", {"mode": "internal", "text": "  "}).content.decode()
    assert "请先写内容，再保存。" in page


def test_telephone_and_name_are_masked_until_somebody_says_why(house: House) -> None:
    made = house.register(contact_name="王小芳", contact_phone="13812345678")
    browser = house.browser("zhao")
    page = browser.get(f"/cases/{made.number}").content.decode()
    assert "13812345678" not in page and "138****5678" in page and "王小芳" not in page
    address = f"/cases/{made.number}/unmask/contact_phone"
    asked = browser.get(address).content.decode()
    assert "13812345678" not in asked and not Unmasking.objects.exists()
    assert "13812345678" in browser.post(address, {"reason": "contact"}).content.decode()
    kept = Unmasking.objects.get()
    assert kept.staff_id == house.staff["zhao"].pk and kept.reason == "联系业主办理本单"


def test_a_case_of_another_project_looks_as_if_it_were_not_there(house: House) -> None:
    made = house.register()
    stranger = house.browser("wang")
    theirs, nobodys = stranger.get(f"/cases/{made.number}"), stranger.get("/cases/TS0001010001")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.content == nobodys.content
    assert stranger.post(f"/cases/{made.number}/moves/accept").status_code == 404


def test_the_timeline_can_be_narrowed(house: House) -> None:
    made = house.register(ago=30 * MINUTES)
    house.move(made.case_id, "accept", "zhao")
    house.move(made.case_id, "contact", "zhao", text="约好上门")
    talks = house.browser("zhao").get(f"/cases/{made.number}?tab=talk").content.decode()
    timeline = talks[talks.index('class="timeline"') : talks.index("</ol>", talks.index('class="timeline"'))]
    assert "约好上门" in timeline and "接单" not in timeline


def test_a_row_that_is_clicked_gets_the_pane_alone(house: House) -> None:
    made = house.register()
    part = house.browser("zhao").get(f"/cases/{made.number}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="context" hx-swap-oob="innerHTML"' in part


def test_the_paper_of_a_case_holds_its_limits_and_its_past(house: House) -> None:
    made = house.register(contact_name="王小芳", contact_phone="13812345678")
    paper = house.browser("zhao").get(f"/cases/{made.number}/print").content.decode()
    assert "GP-10.1.3.1" in paper and "赵对接" in paper and "13812345678" not in paper


def test_looking_writes_nothing(house: House) -> None:
    made = house.register()
    before = house.case(made.number).version
    for address in ("", "/print", "/moves/accept"):
        assert house.browser("zhao").get(f"/cases/{made.number}{address}").status_code == 200
    assert house.case(made.number).version == before


def test_a_statement_of_non_responsibility_waits_for_a_decision(house: House) -> None:
    made = house.register()
    house.move(made.case_id, "accept", "zhao")
    house.move(made.case_id, "claim_non_responsibility", "zhao", reason="属市政供水故障")
    other = house.register("与此无关")
    supervisor = house.browser("zhou")
    listed = supervisor.get("/statements").content.decode()
    assert f'data-row="{made.number}"' in listed and f'data-row="{other.number}"' not in listed
    page = supervisor.get(f"/cases/{made.number}").content.decode()
    part = page[page.index('id="decisions"') :]
    assert "属市政供水故障" in part and "认定无效投诉" in part and "不认可非责任说明" in part


def test_a_suggestion_is_decided_and_answered(house: House) -> None:
    made = house.register("建议增设充电桩", record="suggestion", category={"GP": "other"})
    browser = house.browser("zhao")
    assert made.number in browser.get("/suggestions").content.decode()
    house.move(made.case_id, "accept", "zhao")
    browser.post(f"/cases/{made.number}/moves/decide_suggestion", {"result": "not_adopted", "reason": "变压器容量不足"})
    page = browser.get(f"/cases/{made.number}").content.decode()
    assert "变压器容量不足" in page and "不采纳" in page


def test_the_queue_stands_beside_a_case_that_is_opened_by_its_address(house: House) -> None:
    made, other = house.register(), house.register("另一件")
    page = house.browser("zhao").get(f"/cases/{made.number}").content.decode()
    queue = page[page.index('id="queue-rows"') : page.index('id="main"')]
    assert f'data-row="{made.number}"' in queue and f'data-row="{other.number}"' in queue


def test_a_regulation_that_lets_a_person_be_chosen_gives_that_act_the_key_of_assigning(house: House) -> None:
    adopt(
        house.units["CY"],
        "apartment_complaints",
        str(regulation("apartment_complaints").source["version"]),
        EARLY.date(),
        by=CLERK,
        at=EARLY,
    )
    made = house.register()
    page = house.browser("qian").get(f"/cases/{made.number}").content.decode()
    act = next(part for part in page.split('<a class="button') if 'data-key="a"' in part.split(">")[0] and "/steps/" in part.split(">")[0])
    form = house.browser("qian").get(act.split('href="')[1].split('"')[0]).content.decode()
    assert "赵对接" in form[form.index("assignee") :]


def test_limits_of_one_rule_that_stand_alike_are_one_line_and_the_binding_one_stands_alone(house: House) -> None:
    file, now = file_of(house.case(house.register().number)), timezone.now()
    own = next(clock for clock in file.clocks if clock.rule == "GP:start-work" and isinstance(clock.due_at, datetime))
    assert own.due_at is not None
    more = [replace(own, key=f"more{n}", due_at=own.due_at + timedelta(days=n)) for n in (1, 2, 3)]
    lines = shown.clocks((own, *more), file.adopted(), file.case.editions, now)
    binding, others = shown.together(lines)
    assert binding["binding"] and not binding["alike"]
    assert [one["key"] for one in (others, *others["alike"])] == ["more1", "more2", "more3"]
    page = render_to_string("console/cases/_clocks.html", {"clocks": [binding, others], "now": now})
    assert "另有 2 个同样的时限（计时中）" in page and page.count('class="clock-name"') == 4


def test_what_travels_with_an_act_is_said_in_words(house: House) -> None:
    said = {
        "service_error": "true",
        "substance": False,
        "solution": "换泵",
        "contributors": ["quality_dept"],
        "period": "2026-H1",
        "alone": True,
    }
    told_here = {name: value for _key, name, value in told(house.organisation.id, said)}
    assert told_here == {"服务失误": "是", "实质性答复": "否", "解决方案": "换泵", "参与部门": "公司品质管理部", "所属期间": "2026年上半年"}
    assert channel_word("face_to_face", ["community_publication", "customer_relations"]) != "face_to_face"


def test_a_case_that_is_not_there_is_said_on_the_form_and_the_words_stay(house: House) -> None:
    made = house.register()
    page = house.browser("li").post(f"/cases/{made.number}/moves/join", {"into": "TS9999999999"})
    assert page.status_code == 422 and "没有单号为“TS9999999999”的工单" in page.content.decode()


def test_a_case_from_before_every_regulation_says_so(house: House) -> None:
    old = house.register("十五年前的旧案", received_at=datetime(2010, 3, 1, tzinfo=UTC))
    page = house.browser("zhao").get(f"/cases/{old.number}").content.decode()
    assert "受理时本单位没有生效的制度" in page and "早三年以上" in page
    ordinary = house.register("今天的事")
    assert "受理时本单位没有生效的制度" not in house.browser("zhao").get(f"/cases/{ordinary.number}").content.decode()


def test_who_follows_a_case_is_chosen_by_name_told_alone_and_stands_on_its_page(house: House) -> None:
    made, chosen = house.register(), house.staff["zhao"]
    browser = house.browser("wu")
    form = browser.get(f"/cases/{made.number}/moves/name_follower").context["form"]
    assert str(chosen.pk) in dict(form.fields["assignee"].choices) and not form.fields["assignee"].required
    said = {"to": ["quality_dept"], "assignee": [str(chosen.pk)], "version": house.case(made.number).version}
    browser.post(f"/cases/{made.number}/moves/name_follower", said)
    assert f"跟进人 {chosen.name}" in browser.get(f"/cases/{made.number}").content.decode()
    browser.post(f"/cases/{made.number}/moves/name_follower", {"to": ["quality_dept"], "version": house.case(made.number).version})
    assert f"跟进人 {chosen.name}" not in browser.get(f"/cases/{made.number}").content.decode()


@pytest.mark.django_db
def test_a_class_that_the_reckoning_finds_stands_once_in_the_past() -> None:
    site = regulated("community_publication")
    made = site.case(channel="phone", category={"CP": "public_part"}, details={"customer": "王女士", "persons": 3})
    past = site.browser().get(f"/cases/{made.number}").content.decode().split('<ol class="timeline">')[1].split("</ol>")[0]
    page = re.sub(r"<[^>]+>|\s", "", past)
    assert page.count("认定为热点投诉") == 1 and "认定热点投诉" not in page


def _past(page: str) -> list[str]:
    told = page.split('<ol class="timeline">')[1].split("</ol>")[0]
    return [re.sub(r"<[^>]+>|\s", "", one) for one in told.split("<li ")[1:]]


@pytest.mark.django_db
def test_what_one_press_of_a_button_does_is_one_entry_and_its_words_stand_once(house: House) -> None:
    made = house.register()
    browser, address = house.browser("zhao"), f"/cases/{made.number}"
    browser.post(f"{address}/moves/accept", {"version": house.case(made.number).version})
    past = _past(browser.get(address).content.decode())
    assert len([one for one in past if "已接单" in one]) == 1
    assert "工作流程已启动、已接单" in past[0]
    browser.post(f"{address}/moves/fix_department", {"department": "engineering_dept"})
    assert any("责任部门：" in one for one in _past(browser.get(address).content.decode()))
    browser.post(f"{address}/moves/handle", {"text": "已清理"})
    browser.post(f"{address}/moves/return_visit", {"result": "satisfied", "text": "业主认可"})
    page = browser.get(address).content.decode()
    assert house.case(made.number).status == "closed" and "工单已办结" in page
    assert len([one for one in _past(page) if "业主认可" in one]) == 1


@pytest.mark.django_db
def test_the_first_button_may_be_an_act_of_the_regulation_that_the_next_limit_waits_for() -> None:
    site = regulated("apartment_complaints")
    made = site.case(channel="phone", category={"AC": "service_quality"})
    browser = site.browser()
    browser.post(f"/cases/{made.number}/steps/complaint_assigned", {"role": "cs_staff", "to": ["responsible_person"]})
    head = browser.get(f"/cases/{made.number}").content.decode().split('class="identity-actions"')[1]
    assert f'href="/cases/{made.number}/steps/investigation_started" data-primary' in head[: head.index("更多")]
