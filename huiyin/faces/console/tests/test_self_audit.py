"""Before an inspector comes: what would be lost, who mends what by which act; what was found is confirmed; inspections side by side."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.channels.sheets.files import read_table
from huiyin.core.moments import closing_of
from huiyin.core.rules import Regulation
from huiyin.desk.inspections.evidence import Counted, Proving, Span
from huiyin.desk.inspections.models import Finding
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Matter
from huiyin.desk.people import actions as people
from huiyin.desk.registers.actions import add_entry
from huiyin.desk.registers.tests.conftest import take_up
from huiyin.faces.console.inspections import audit
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.stage import watch
from huiyin.rulebook.load import regulation

KEEPER = By("service_centre")
CARD = {"card": "0217", "entry": "leaver", "holder": "离职保安", "on": "2026-03-02", "issued_by": "李接待", "left_on": "2026-03-02"}


@pytest.fixture
def inspected(house: House) -> House:
    """The house, whose company inspects its projects by the customer relations standard."""
    take_up(house.units["WY"], "customer_relations", EARLY)
    return house


def _audit(house: House, login: str = "qian", **more: str) -> str:
    return house.browser(login).get("/inspections/audit", {"unit": "CY", **more}).content.decode().replace("&amp;", "&")


def test_what_lacks_leads_to_its_list_and_from_there_to_the_entry_that_mends_it(inspected: House) -> None:
    people.give_post(inspected.staff["li"], inspected.units["CY"], "designated_person", EARLY.date(), by=CLERK, at=EARLY)
    lost = add_entry(inspected.organisation.id, "CR:ic-cards", "CY", CARD, by=KEEPER, at=timezone.now())
    kept = add_entry(
        inspected.organisation.id, "CR:ic-cards", "CY", {**CARD, "card": "0188", "returned_on": "2026-03-03"}, by=KEEPER, at=timezone.now()
    )
    page = _audit(inspected)
    row = page[page.index("CR-2.4.0.5<") :]
    link = re.search(r'href="(/inspections/evidence\?[^"]*)">2 条中 1 条不符', row)
    assert link and "李接待" in row[: row.index("</tr>")] and "补填或更正" in row[: row.index("</tr>")]
    behind = inspected.browser("qian").get(link[1]).content.decode()
    assert f"/registers/entries/{lost.id}" in behind and str(kept.id) not in behind
    assert inspected.browser("wang").get(link[1]).status_code == 404


def test_the_expected_score_takes_each_standard_once_and_a_row_once(inspected: House) -> None:
    before = re.search(r"<strong>([\d.]+) / 35</strong>", _audit(inspected))
    assert before
    for number in range(2):
        add_entry(inspected.organisation.id, "CR:ic-cards", "CY", {**CARD, "card": str(number)}, by=KEEPER, at=timezone.now())
    item = {"item": "钥匙", "household": "1-1-101", "owner": "业主", "received_on": "2026-03-02", "received_by": "李接待"}
    add_entry(inspected.organisation.id, "CR:custody-items", "CY", item, by=KEEPER, at=timezone.now())
    after = re.search(r"<strong>([\d.]+) / 35</strong>", _audit(inspected))
    # Two cards cost the standard once; the item without a limit costs nothing more, as its row has lost its points for the rules already.
    assert after and float(before[1]) - float(after[1]) == pytest.approx(0.1)


def test_a_site_without_its_rules_is_sent_to_the_register_and_what_only_eyes_see_says_so(inspected: House) -> None:
    page = _audit(inspected)
    row = page[page.index("CR-7.3.0.1<") :]
    assert "1 处中 1 处不符" in row[: row.index("</tr>")] and "/registers/list?unit=CY&register=CR%3Ahouse-rules" in row
    seen = _audit(inspected, show="site")
    assert "CR-1.1.0.1" in seen and "四类各 2 至 3 人" in seen and "最多 4 分" in seen


def test_what_runs_out_within_a_week_stands_with_who_it_is_for(inspected: House) -> None:
    inspected.register("楼道灯不亮")
    assert "一周内到期" in _audit(inspected) and "一个工作日内回应" in _audit(inspected)


def test_projects_stand_side_by_side_by_what_their_records_would_cost(inspected: House) -> None:
    add_entry(inspected.organisation.id, "CR:ic-cards", "CY", CARD, by=KEEPER, at=timezone.now())
    page = inspected.browser("wu").get("/inspections/audit", {"unit": "WY", "show": "sites"}).content.decode()
    page = page[page.rindex("<tbody>") :]
    rows = {name: page[page.index(f">{name}<") :] for name in ("翠园一期", "绿洲花园")}
    scores = {name: re.search(r"([\d.]+) / 35", row) for name, row in rows.items()}
    assert scores["翠园一期"] and scores["绿洲花园"]
    assert float(scores["绿洲花园"][1]) - float(scores["翠园一期"][1]) == pytest.approx(0.1)


def test_the_records_are_counted_once_for_the_unit_and_all_its_sites(inspected: House, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    class Counting(Counted):
        def __init__(self, organisation_id: UUID, regulation: Regulation, *told: Any) -> None:
            counted.append(regulation.stem)
            super().__init__(organisation_id, regulation, *told)

    monkeypatch.setattr(audit, "Counted", Counting)
    assert inspected.browser("wu").get("/inspections/audit", {"unit": "WY", "show": "sites"}).status_code == 200
    assert counted == ["customer_relations"]


def _inspect(house: House, *clauses: str) -> Matter:
    browser = house.browser("wu")
    browser.post("/inspections/open", {"unit": "CY"})
    inspection = Matter.objects.filter(about="inspection").latest("began_at")
    for clause in clauses:
        browser.post(f"/inspections/{inspection.id}/findings", {"clause": clause, "text": f"{clause}的发现"})
    browser.post(f"/inspections/{inspection.id}/close")
    return inspection


def _act(browser: Client, finding: Finding, act: str, note: str) -> Any:
    return browser.post("/inspections/tasks", {"finding": str(finding.id), "act": act, "note": note})


def test_what_was_put_right_is_confirmed_by_somebody_else_or_sent_back(inspected: House) -> None:
    _inspect(inspected, "CR-2.1.1.2")
    finding, manager, inspector = Finding.objects.get(), inspected.browser("qian"), inspected.browser("wu")
    _act(inspector, finding, "accept", "")
    assert Finding.objects.get().checked_at is None, "nothing is confirmed before it is done"
    _act(manager, finding, "done", "补装公示牌")
    assert _act(manager, finding, "accept", "").status_code == 404, "who is inspected does not confirm"
    _act(inspector, finding, "send_back", "")
    assert Finding.objects.get().done_at is not None, "sending back needs a reason"
    _act(inspector, finding, "send_back", "北门仍缺一处")
    assert "北门仍缺一处" in manager.get("/inspections/tasks").content.decode()
    _act(manager, finding, "done", "两处都已补装")
    _act(inspector, finding, "accept", "现场已见")
    kept = Finding.objects.get()
    assert kept.checked_at is not None and kept.done_note == "两处都已补装"
    assert "现场已见" in manager.get("/inspections/tasks?state=checked").content.decode()


def test_who_put_it_right_does_not_confirm_it(inspected: House) -> None:
    _inspect(inspected, "CR-2.1.1.2")
    inspector = inspected.browser("wu")
    _act(inspector, Finding.objects.get(), "done", "自己补装")
    _act(inspector, Finding.objects.get(), "accept", "")
    assert Finding.objects.get().checked_at is None


def test_what_is_lost_again_and_again_stands_first_and_goes_out_as_a_workbook(inspected: House) -> None:
    _inspect(inspected, "CR-2.1.3.2", "CR-2.1.1.1", "CR-2.4.0.6")
    _inspect(inspected, "CR-2.1.3.2")
    browser = inspected.browser("wu")
    page = browser.get("/inspections/compare", {"by": "standards"}).content.decode()
    pareto = page[page.index("反复失分的标准") :]
    assert pareto.index("CR-2.1.3.2") < pareto.index("CR-2.1.1.1") < pareto.index("CR-2.4.0.6")
    assert pareto.count(">反复<") == 1 and "+0.3" in page and "34.6 / 35" in page
    table = read_table("inspections.xlsx", browser.get("/inspections/compare/export").content)
    assert [row.cells[4] for row in table.rows][:4] == ["CR-2.1.1.1", "CR-2.1.3.2", "CR-2.4.0.6", "CR-2.1.3.2"]
    assert float(str(table.rows[-1].cells[-1])) == pytest.approx(-0.5)
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "还没有已结束的督导检查" in browser.get("/inspections/compare", {"until": past}).content.decode()


def test_a_limit_kept_too_late_is_told_from_one_that_can_still_be_met(inspected: House) -> None:
    case = inspected.register("楼道灯不亮", ago=timedelta(days=9))
    watch()
    inspected.move(case.case_id, "contact", "zhao", text="已说明", substance="true")
    page = _audit(inspected)
    row = page[page.index("CR-2.1.3.3<") :]
    row = row[: row.index("</tr>")]
    assert "1 项中 1 项逾期" in row and "其中 1 项已补办，逾期已成事实" in row and "回应顾客" not in row


def test_the_roster_of_the_telephone_proves_that_somebody_is_on(inspected: House) -> None:
    day, person, of = timezone.localdate(), inspected.staff["zhao"], regulation("customer_relations")
    found = of.proof("check-2-1-1-2/on-duty")
    assert found is not None
    proving = Proving(inspected.organisation.id, of, found[1], Span(EARLY, closing_of(day), frozenset({"CY"})))
    assert proving.count() == {"CY": (1, 1)}
    for until, lacking in ((1380, 1), (1440, 0)):
        people.plan_duty(inspected.units["CY"], "service_phone", day, [(0, until, person)], by=CLERK, at=timezone.now())
        assert proving.count() == {"CY": (1, lacking)}


def test_a_self_audit_asks_few_questions_however_much_is_wrong(inspected: House) -> None:
    _audit(inspected)
    for number in range(3):
        add_entry(inspected.organisation.id, "CR:ic-cards", "CY", {**CARD, "card": str(number)}, by=KEEPER, at=timezone.now())
        inspected.register(f"第{number}件", ago=timedelta(days=9))
    watch()
    browser = inspected.browser("qian")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/inspections/audit", {"unit": "CY"})
    assert len(asked) <= 60, len(asked)
