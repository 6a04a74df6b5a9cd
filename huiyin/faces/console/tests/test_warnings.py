"""The warning centre: filters, evidence, verifying and sending in two clicks, batches with a preview, answers, forwarding."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.cases.actions import Registered
from huiyin.desk.people import actions as people
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House


@pytest.fixture
def case(house: House) -> Registered:
    return house.register("垃圾三天未清", ago=timedelta(hours=3))


@pytest.fixture
def blue(house: House, case: Registered) -> WarningSignal:
    return stage.second_complaint(house, case)


@pytest.fixture
def red(house: House, case: Registered) -> WarningSignal:
    return stage.escalation(house, case)


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_centre_lists_warnings_with_what_they_are_about(house: House, case: Registered, blue: WarningSignal) -> None:
    page = text_of(house.browser("zhou"), "/warnings")
    for shown in (str(blue.number), case.number, "启动二次投诉程序", "GP-11.1.1", "蓝色预警", "翠园一期"):
        assert shown in page


def test_filters_narrow_the_list_and_unknown_ones_are_not_there(house: House, blue: WarningSignal, red: WarningSignal) -> None:
    browser = house.browser("zhou")
    page = text_of(browser, "/warnings?level=red")
    assert f'data-row="{red.number}"' in page and f'data-row="{blue.number}"' not in page
    assert "没有符合条件的预警" in text_of(browser, "/warnings?state=answered")
    assert browser.get("/warnings?level=green").status_code == 404
    assert browser.get("/warnings?unit=NN").status_code == 404


def test_a_warning_shows_its_evidence(house: House, case: Registered, blue: WarningSignal) -> None:
    house.move(case.case_id, "accept", "zhao", timedelta(minutes=30))
    house.move(case.case_id, "contact", "zhao", timedelta(minutes=20), text="已致电")
    page = text_of(house.browser("zhou"), f"/warnings/{blue.number}")
    for shown in ("预警依据", "GP-11.1.1", "联系上当事人", "时限轨迹", "为什么是这个时限？", "周主管"):
        assert shown in page


def test_the_delay_of_the_verification_is_shown(house: House, case: Registered) -> None:
    slow = stage.second_complaint(house, case, ago=timedelta(hours=2))
    page = text_of(house.browser("zhou"), f"/warnings/{slow.number}")
    assert re.search(r"已等待 2小时", page)


def test_the_supervisor_verifies_and_sends_with_one_button(house: House, blue: WarningSignal) -> None:
    browser = house.browser("zhou")
    assert "属实并下发" in text_of(browser, f"/warnings/{blue.number}")
    browser.post(f"/warnings/{blue.number}/verify", {"result": "confirmed", "send": "yes"})
    blue.refresh_from_db()
    assert (blue.state, blue.sent_at is not None) == ("confirmed", True)


def test_a_false_alarm_needs_its_reason_and_keeps_what_was_typed(house: House, blue: WarningSignal) -> None:
    browser = house.browser("zhou")
    response = browser.post(f"/warnings/{blue.number}/verify", {"result": "dismissed", "reason": ""})
    assert response.status_code == 422 and "请写明为什么是误报" in response.content.decode()
    browser.post(f"/warnings/{blue.number}/verify", {"result": "dismissed", "reason": "同一来电重复登记"})
    blue.refresh_from_db()
    assert blue.state == "dismissed"


def test_who_may_not_verify_gets_no_button_and_no_way(house: House, blue: WarningSignal) -> None:
    for login in ("zhao", "sun"):
        browser = house.browser(login)
        assert "属实并下发" not in text_of(browser, f"/warnings/{blue.number}")
        assert browser.post(f"/warnings/{blue.number}/verify", {"result": "confirmed"}).status_code == 404
    # The quality department may verify warnings, but this regulation gives a blue one to the supervisor alone.
    response = house.browser("wu").post(f"/warnings/{blue.number}/verify", {"result": "confirmed"}, follow=True)
    assert "GP-11.1b" in response.content.decode()
    blue.refresh_from_db()
    assert blue.state == "raised"


def _joins(house: House, login: str, name: str, unit: str, role: str) -> Client:
    made = people.add_staff(house.organisation.id, login, name, by=CLERK, at=EARLY)
    people.give_post(made, house.units[unit], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    house.staff[login] = made
    return house.browser(login)


def test_whoever_may_not_act_reads_whose_turn_it_is_at_every_stage(house: House, blue: WarningSignal) -> None:
    told, page = {}, f"/warnings/{blue.number}"
    for stage_of, form in (("verify", {"result": "confirmed"}), ("send", {}), ("solution", {})):
        for login in ("zheng", "wu"):
            found = text_of(house.browser(login), page)
            assert f'action="{page}/' not in found
            told[stage_of, login] = re.sub(r"<[^>]+>", "", found.split('id="turn">')[1].split("</p>")[0])
        house.browser("zhou").post(f"{page}/{stage_of}", form)
    supervisor, manager = "集团公司客服中心主管（周主管）", "项目经理（钱经理）"
    for login in ("zheng", "wu"):
        assert told["verify", login] == f"轮到{supervisor}核实。"
        assert told["send", login] == f"轮到{supervisor}下发责任单位。"
        assert told["solution", login] == f"轮到{manager}上报方案及完成时间。"


def test_a_red_one_is_forwarded_by_whom_the_regulation_names_and_offered_to_nobody_else(house: House, red: WarningSignal) -> None:
    house.browser("zhou").post(f"/warnings/{red.number}/verify", {"result": "confirmed"})
    specialist = _joins(house, "tang", "唐专员", "PZ", "quality_specialist")
    page = text_of(specialist, f"/warnings/{red.number}")
    assert "/forward" not in page and "轮到物业公司品质管理部（吴品质）转发相关职能部门。" in page


def test_who_has_the_right_post_beside_the_one_in_use_is_told_so(house: House, blue: WarningSignal) -> None:
    people.give_post(house.staff["wu"], house.units["JT"], "group_cc_supervisor", date(2025, 1, 1), by=CLERK, at=EARLY)
    browser = house.browser("wu")
    browser.post("/post", {"post": str(house.staff["wu"].posts.get(role="quality_dept").pk)})
    assert "你的另一身份“集团公司客服中心主管”可以办理" in text_of(browser, f"/warnings/{blue.number}")


def test_a_link_verifies_nothing_and_other_units_see_nothing(house: House, blue: WarningSignal) -> None:
    assert house.browser("zhou").get(f"/warnings/{blue.number}/verify").status_code == 404
    assert house.browser("wang").get(f"/warnings/{blue.number}").status_code == 404
    assert str(blue.number) not in text_of(house.browser("wang"), "/warnings")


def test_a_batch_is_previewed_and_then_verified_with_a_result_each(house: House, blue: WarningSignal) -> None:
    other = stage.second_complaint(house, house.register("大堂灯坏", ago=timedelta(hours=4)))
    browser, picked = house.browser("zhou"), [str(blue.id), str(other.id)]
    preview = browser.post("/warnings/batch", {"warning": picked, "result": "confirmed"}).content.decode()
    assert "其中 2 条由你核实" in preview
    assert WarningSignal.objects.filter(state="raised").count() == 2
    form = {"warning": picked, "result": "confirmed", "reason": "", "send": "yes", "confirm": "yes"}
    done = browser.post("/warnings/batch", form).content.decode()
    assert "办成 2 条" in done
    assert WarningSignal.objects.filter(state="confirmed", sent_at__isnull=False).count() == 2


def test_the_unit_answers_with_solution_and_time(house: House, blue: WarningSignal) -> None:
    house.browser("zhou").post(f"/warnings/{blue.number}/verify", {"result": "confirmed", "send": "yes"})
    browser, tomorrow = house.browser("qian"), timezone.localtime() + timedelta(days=1)
    wrong = browser.post(f"/warnings/{blue.number}/solution", {"solution": "今日清运", "promised_at": ""})
    assert wrong.status_code == 422 and "今日清运" in wrong.content.decode()
    form = {"solution": "今日清运", "promised_at": f"{tomorrow:%Y-%m-%dT%H:%M}", "responsible": "钱经理"}
    browser.post(f"/warnings/{blue.number}/solution", form)
    blue.refresh_from_db()
    assert blue.state == "answered"
    assert "今日清运" in text_of(browser, f"/warnings/{blue.number}")


def test_a_red_one_is_forwarded_to_departments_and_answered_jointly(house: House, red: WarningSignal) -> None:
    house.browser("zhou").post(f"/warnings/{red.number}/verify", {"result": "confirmed"})
    browser = house.browser("wu")
    assert "转发相关职能部门" in text_of(browser, f"/warnings/{red.number}")
    assert browser.post(f"/warnings/{red.number}/forward", {}).status_code == 422
    browser.post(f"/warnings/{red.number}/forward", {"departments": ["engineering_dept", "legal_dept"]})
    form = {"solution": "成立专班", "contributors": ["engineering_dept", "legal_dept"], "promised_at": ""}
    browser.post(f"/warnings/{red.number}/joint-solution", form)
    red.refresh_from_db()
    assert red.state == "answered"
    assert "工程管理部" in text_of(browser, f"/warnings/{red.number}")


def test_the_same_issue_is_measured_against_the_households(house: House) -> None:
    for number in range(3):
        house.register("楼道漏水", issue="corridor-leak", household_code=f"1-1-10{number}", ago=timedelta(minutes=5 + number))
    page = re.sub(r"<[^>]+>|\s", "", text_of(house.browser("wu"), "/warnings/issues"))
    assert "corridor-leak翠园一期3604翠园一期6040.5%还差28户到5%" in page


def test_the_past_of_a_warning_is_told_in_words(house: House, case: Registered, blue: WarningSignal) -> None:
    stage.watch()
    house.browser("zhou").post(f"/warnings/{blue.number}/verify", {"result": "confirmed"})
    for address in (f"/warnings/{blue.number}", f"/cases/{case.number}"):
        page = re.sub(r"<[^>]+>|\s", "", text_of(house.browser("zhou"), address))
        assert re.search("处理结果：?属实", page) and "confirmed" not in page
    page = text_of(house.browser("zhou"), f"/warnings/{blue.number}")
    # Which limit was passed, each by its name.
    assert page.count("超过时限：") == page.count("超过时限") > 0 and "超过时限：接单启动流程" in page


def test_the_warning_on_a_case_links_its_clause(house: House, case: Registered, blue: WarningSignal) -> None:
    page = text_of(house.browser("zhou"), f"/cases/{case.number}")
    card = page[page.index('id="case-warnings"') :]
    assert 'href="/rulebook/clauses/GP-11.1.1"' in card[: card.index("</section>")]


def test_what_somebody_decides_on_a_warning_is_told_once(house: House, case: Registered, blue: WarningSignal) -> None:
    house.browser("zhou").post(f"/warnings/{blue.number}/verify", {"result": "confirmed", "send": "yes"})
    for address in (f"/cases/{case.number}", f"/warnings/{blue.number}"):
        page = text_of(house.browser("zhou"), address)
        assert "预警已核实" in page and "核实成立" not in page, address
