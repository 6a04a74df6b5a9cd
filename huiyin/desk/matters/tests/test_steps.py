"""Which acts are offered, what their forms ask, and how what is said is read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, parse_moment
from huiyin.core.rules import StepRule
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.conftest import CLERK, GivePost
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.matters.actions import Act, new_name, open_matter, read_details, read_name, record_step
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import Field, Offer, Subject, fields_of, find, of_name, of_unit, offers
from huiyin.desk.matters.steps.choices import answers
from huiyin.desk.people.access import Standing, standing_at
from huiyin.desk.people.queries import posts_of
from huiyin.desk.places.models import Unit
from huiyin.rulebook.load import regulation, stems

NOW = parse_moment("2026-03-18 10:00")
ON_DAY = date(2026, 3, 18)


@pytest.fixture
def standing(project: Unit, branch: Unit, with_post: GivePost) -> Standing:
    """The specialist for quality of a branch that surveys its customers."""
    version = str(regulation("satisfaction_survey").source["version"])
    adopt(branch, "satisfaction_survey", version, date(2025, 1, 1), by=CLERK, at=NOW)
    adopt(branch, "community_publication", str(regulation("community_publication").source["version"]), date(2025, 1, 1), by=CLERK, at=NOW)
    person = with_post("pin", branch, "quality_specialist")
    return standing_at(person, project, on_day=ON_DAY, post=posts_of(person, ON_DAY)[0])


def _keys(found: list[Offer]) -> list[str]:
    return [one.key for one in found]


def _fields(subject: Subject, standing: Standing, key: str) -> dict[str, Field]:
    offer = find(subject, standing, NOW, key)
    assert offer is not None
    return {one.name: one for one in fields_of(offer, subject, NOW)}


def test_what_presupposes_an_approval_is_offered_after_it(project: Unit, standing: Standing) -> None:
    organisation_id = project.organisation_id
    plan = of_name(organisation_id, "survey", project.code, "V1", NOW)
    assert "survey_group_formed" not in _keys(offers(plan, standing, NOW))
    for event, by, details in (
        ("survey_plan_submitted", "quality_specialist", {}),
        ("approval_given", "operations_manager", {"clause": "SS-4.1.1d", "approver": "operations_manager"}),
    ):
        store(organisation_id, [Fact(event, NOW, unit=project.code, by=by, details={"survey": "V1", **details})], by=None, at=NOW)
    approved = of_name(organisation_id, "survey", project.code, "V1", NOW)
    assert "survey_group_formed" in _keys(offers(approved, standing, NOW))


def test_an_act_that_was_done_may_be_recorded_at_any_time(project: Unit, standing: Standing) -> None:
    plan = of_name(project.organisation_id, "survey", project.code, "V1", NOW)
    assert find(plan, standing, NOW, "survey_group_formed") is not None


def test_the_class_of_a_survey_is_chosen_among_those_of_surveys(project: Unit, standing: Standing) -> None:
    plan = of_name(project.organisation_id, "survey", project.code, "V1", NOW)
    fields = _fields(plan, standing, "survey_opened")
    assert fields["survey"].kind == "fixed" and fields["survey"].initial == "V1"
    assert [(group.prefix, {one.key for one in group.choices}) for group in fields["category"].groups] == [
        ("SS", {"midterm_survey", "yearend_survey", "department_survey"})
    ]


def test_a_month_is_served_for_this_month_or_the_last(project: Unit, with_post: GivePost, standing: Standing) -> None:
    clerk = with_post("clerk", project, "service_centre")
    own = standing_at(clerk, project, on_day=ON_DAY, post=posts_of(clerk, ON_DAY)[0])
    subject = of_unit(project.organisation_id, project.code, NOW)
    period = _fields(subject, own, "monthly_publication_issued")["period"]
    assert period.kind == "choice" and {"2026-03", "2026-02"} <= {one.key for one in period.choices}


def test_one_act_that_two_rules_ask_for_is_offered_once_with_all_clauses(project: Unit, with_post: GivePost) -> None:
    version = str(regulation("customer_relations").source["version"])
    adopt(project, "customer_relations", version, date(2025, 1, 1), by=CLERK, at=NOW)
    adopt(project, "community_publication", str(regulation("community_publication").source["version"]), date(2025, 1, 1), by=CLERK, at=NOW)
    clerk = with_post("clerk", project, "service_centre")
    own = standing_at(clerk, project, on_day=ON_DAY, post=posts_of(clerk, ON_DAY)[0])
    subject = of_unit(project.organisation_id, project.code, NOW)
    found = [one for one in offers(subject, own, NOW) if one.event == "monthly_publication_issued"]
    assert len(found) == 1 and {"CP-1.1a", "CR-2.1.7.1a"} <= set(found[0].clauses)


def test_a_thing_is_opened_once_under_its_name(project: Unit, standing: Standing) -> None:
    organisation_id = project.organisation_id
    name = new_name(organisation_id, "survey", project.code, NOW)
    assert name == "SV-2026-001"
    subject = of_name(organisation_id, "survey", project.code, name, NOW)
    offer = find(subject, standing, NOW, "survey_opened")
    assert offer is not None
    act = Act("quality_specialist", {"survey": name, "purpose": "年中调查"})
    made, _outcome = open_matter(subject, offer, act, standing=standing, by=None, at=NOW)
    assert Matter.objects.get(organisation_id=organisation_id, id=made).name == name
    assert new_name(organisation_id, "survey", project.code, NOW) == "SV-2026-002"
    with pytest.raises(BadText, match="already"):
        open_matter(of_name(organisation_id, "survey", project.code, name, NOW), offer, act, standing=standing, by=None, at=NOW)


def test_an_act_is_done_under_an_offered_role_and_not_in_the_future(project: Unit, standing: Standing) -> None:
    subject = of_name(project.organisation_id, "survey", project.code, "V1", NOW)
    offer = find(subject, standing, NOW, "survey_opened")
    assert offer is not None
    with pytest.raises(BadText, match="expected one of quality_specialist"):
        record_step(subject, offer, Act("branch_gm", {"survey": "V1"}), standing=standing, by=None, at=NOW)
    tomorrow = parse_moment("2026-03-19 10:00")
    with pytest.raises(BadText, match="has happened by"):
        record_step(subject, offer, Act("quality_specialist", {"survey": "V1"}, tomorrow), standing=standing, by=None, at=NOW)
    assert not FactRow.objects.filter(event="survey_opened").exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"count": "3", "amount_yuan": "12.50"}, {"count": 3, "amount_yuan": "12.50"}),
        ({"difficult": "true", "text": "", "outlets": []}, {"difficult": True}),
        ({"held_on": "2026-03-31"}, {"held_on": date(2026, 3, 31)}),
        ({"held_at": "2026-03-31T14:30"}, {"held_at": parse_moment("2026-03-31 14:30")}),
        ({"missing_parts": "经过、结果"}, {"missing_parts": ["经过", "结果"]}),
        ({"category": {"CP": "common_issue", "CR": ""}}, {"category": {"CP": "common_issue"}}),
        ({"to": ["quality_dept"], "approver": "office_manager"}, {"to": ["quality_dept"], "approver": "office_manager"}),
    ],
)
def test_what_is_said_is_read_by_the_kind_of_each_detail(said: dict[str, Any], kept: dict[str, Any]) -> None:
    found = read_details(said)
    assert {name: str(value) if name == "amount_yuan" else value for name, value in found.items()} == kept


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"count": "三"}, "expected a number"), ({"count": "-1"}, "expected a number"), ({"count": "NaN"}, "expected a number"),
        ({"held_on": "31.3."}, "expected a day"), ({"difficult": "maybe"}, "expected true or false"), ({"nonsense": "x"}, "vocabulary"),
        ({"category": "common_issue"}, "expected keys"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_was_expected(said: dict[str, Any], what: str) -> None:
    with pytest.raises(BadText, match=what):
        read_details(said)


def test_a_name_holds_nothing_that_parts_keys() -> None:
    assert read_name(" 中秋灯会 ") == "中秋灯会"
    with pytest.raises(BadText, match="without /"):
        read_name("P1/AC1")


@pytest.mark.parametrize("stem", stems())
def test_every_word_that_rules_wait_for_can_be_chosen_with_a_name(stem: str) -> None:
    """A rule that waits for a certain answer can be answered: the answer is among the choices, and has a name in both languages."""
    found = regulation(stem)
    for rule in found.rules:
        if not isinstance(rule, StepRule):
            continue
        for name in ("result", "audience", "groups", "branch", "standby_at", "harm", "applicant", "confidential", "into"):
            if name in rule.asks:
                for choice in answers([found], rule.event, name):
                    assert choice.name[0] != choice.key, f"{stem} {rule.id} {name}: {choice.key} has no name"
