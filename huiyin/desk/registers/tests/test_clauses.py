"""What clauses want kept and followed to its end: without its columns it is no entry, and without its end it stays on the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.lifecycle import VISIT
from huiyin.desk.cases.models import Case
from huiyin.desk.conftest import GivePost
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.people.access import RIGHTS
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import add_entry, close_entry
from huiyin.desk.registers.columns import BadEntry, of_cases
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Filter
from huiyin.desk.registers.tests.conftest import KEEPER, take_up

pytestmark = pytest.mark.django_db


def _needs(project: Unit, register: str, at: datetime, sample: Mapping[str, Any], *columns: str) -> Entry:
    """Enter the sample; without any one of the columns it is refused, and that column is named."""
    for column in columns:
        with pytest.raises(BadEntry) as refused:
            add_entry(project.organisation_id, register, "CY", {**sample, column: ""}, by=KEEPER, at=at)
        assert list(refused.value.problems) == [column], (register, column)
    return add_entry(project.organisation_id, register, "CY", sample, by=KEEPER, at=at)


def _is_open_until(entry: Entry, at: datetime, **sent: str) -> None:
    """The entry is listed with its age, cannot be closed before it says these columns, and then is listed no longer."""
    listed, later = (entry.organisation_id, entry.register, ["CY"]), at + timedelta(days=3)
    assert [(one.id, age) for one, age in queries.open_entries(*listed, later)] == [(entry.id, (later - entry.at).days)]
    with pytest.raises(BadEntry) as refused:
        close_entry(entry, "销账", by=KEEPER, at=later)
    assert list(refused.value.problems) == list(sent) and "填写后才能销账" in refused.value.zh
    assert len(queries.open_entries(*listed, later)) == 1
    close_entry(entry, "销账", by=KEEPER, at=later, sent=sent)
    assert queries.open_entries(*listed, later) == []
    kept = Entry.objects.get(id=entry.id).values
    assert {key: kept[key] for key in sent} == sent


def test_a_penalty_regulation_maps_derelictions_in_cause_and_handling_to_a_treatment(project: Unit, at: datetime) -> None:
    take_up(project, "community_publication", at)
    rule = {"number": "第三条", "stage": "处理投诉", "dereliction": "超时不回复客户", "treatment": "扣五分", "version": "第二版"}
    made = _needs(project, "CP:penalty_rules", at, rule, *rule)
    other = add_entry(project.organisation_id, "CP:penalty_rules", "CY", {**rule, "stage": "引发投诉"}, by=KEEPER, at=at)
    assert [one.values["stage"] for one in (made, other)] == ["handling", "cause"]
    with pytest.raises(BadEntry):
        add_entry(project.organisation_id, "CP:penalty_rules", "CY", {**rule, "stage": "别的"}, by=KEEPER, at=at)


def test_a_finding_of_dereliction_names_person_and_rule_and_is_listed_until_its_treatment_is_decided(project: Unit, at: datetime) -> None:
    take_up(project, "community_publication", at)
    finding = {"number": "TS2601300001", "person": "当班专员", "found_on": "2026-01-30", "finding": "超时未回复", "rule_applied": "第三条"}
    made = _needs(project, "CP:dereliction_findings", at, finding, *finding)
    _is_open_until(made, at, treatment="扣五分", decided_on="2026-02-03")


def test_an_office_keeps_the_list_of_its_open_channels(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    line = {"channel": "hotline_24h", "address": "0755-1234", "on_duty": "轮值", "open_since": "2020-03-01"}
    made = _needs(project, "OF:feedback_channels", at, line, "channel", "open_since")
    book = {"channel": "opinion_book", "open_since": "2021-01-01"}
    add_entry(project.organisation_id, "OF:feedback_channels", "CY", book, by=KEEPER, at=at)
    now_open = Filter("OF:feedback_channels", frozenset({"CY"}), open_only=True)
    assert {one.values["channel"] for one in queries.find(project.organisation_id, now_open)} == {"hotline_24h", "opinion_book"}
    close_entry(made, "停用", by=KEEPER, at=at)
    assert [one.values["channel"] for one in queries.find(project.organisation_id, now_open)] == ["opinion_book"]
    assert queries.find(project.organisation_id, Filter("OF:feedback_channels")).count() == 2, (
        "a channel that was given up stays on the list"
    )


@pytest.mark.parametrize("role", ["management_office", "named_contact", "responder"])
def test_whoever_of_the_office_meets_an_opinion_enters_it_at_any_hour(project: Unit, at: datetime, with_post: GivePost, role: str) -> None:
    take_up(project, "office_feedback", at)
    person, night = with_post("wang", project, role), at.replace(hour=19, minute=30)
    assert role in RIGHTS["register"]
    form = Registration("opinion", "CY", channel="opinion_book", story="希望加一盏路灯", contact_name="王小芳", by_role=role)
    register(project.organisation_id, form, by=person.pk, at=night)
    key = "OF:customer_opinion_register"
    [line] = of_cases.lines(project.organisation_id, key, of_cases.cases_in(project.organisation_id, Filter(key)), "zh", str)
    told = {name: line.values[name] for name in ("customer", "channel", "text", "recorder")}
    assert told == {"customer": "王小芳", "channel": "opinion_book", "text": "希望加一盏路灯", "recorder": "wang"}
    assert line.values["received_at"].startswith("2026-02-03T03:30")


def test_each_problem_that_a_survey_found_has_its_cause_before_it_is_done_with(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    problem = {"period": "2026-H1", "problem": "电动车乱停"}
    made = _needs(project, "OF:survey_problems", at, problem, *problem)
    _is_open_until(made, at, cause="车棚不足")


def test_what_the_developer_says_at_the_meeting_is_followed_until_it_is_handled(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    said = {"held_on": "2026-01-30", "participants": "开发公司工程部两人", "sort": "意见", "text": "水泵由开发公司更换"}
    made = _needs(project, "OF:developer_opinions", at, said, *said)
    assert FactRow.objects.filter(event="developer_meeting_held", details__entry=str(made.id)).exists()
    _is_open_until(made, at, handling="水泵已更换")


def test_a_suggestion_of_the_developer_is_a_record_like_any_other(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    form = Registration(
        "suggestion", "CY", channel="developer_meeting", story="加装充电桩", contact_name="开发公司", by_role="management_office"
    )
    made = register(project.organisation_id, form, by=None, at=at)
    told = [Fact("complaint_handled", at + timedelta(days=1), str(made.case_id), None, "management_office", {"text": "已装"})]
    store(project.organisation_id, told, by=None, at=at + timedelta(days=1))
    case, key = Case.objects.get(id=made.case_id), "OF:customer_opinion_register"
    assert (case.record, case.channel, case.status) == ("suggestion", "developer_meeting", VISIT)
    assert [one.label for one in of_cases.lines(project.organisation_id, key, [case], "zh", str)] == [made.number]


def test_an_instruction_of_the_superior_unit_is_followed_to_its_completion(project: Unit, at: datetime) -> None:
    take_up(project, "office_feedback", at)
    told = {"report": "2025年四季度汇报", "received_on": "2026-01-30", "instruction": "加强夜间巡查"}
    made = _needs(project, "OF:superior_instructions", at, told, *told)
    _is_open_until(made, at, carried_out="夜间加巡一班", done_on="2026-02-04")
