import re
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.core.records import RUNNING, Clock
from huiyin.core.rules import ApprovalRule, MarkRule
from huiyin.rulebook import settings
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.words import class_name, event_name, explain, limit_words, role_name, rule_name, say

FRIDAY = datetime(2026, 2, 13, 6, 5, tzinfo=UTC)


def test_every_kind_of_step_is_said_in_both_languages() -> None:
    at = FRIDAY.isoformat()
    steps = (
        ("from", "complaint_received", at), ("plus", "60 minutes"), ("limit", "4 hours"), ("over", "3 days", at),
        ("setting", "GP-8.1.4c", "tolerance", "1 hours"), ("said", "solution_reported", "promised_at", at),
        ("due_of", "GP-10.2.3.1", at), ("households", "31", "604", "5"), ("act", "complaint_received", at),
        ("entry", "GP-11.1.1", "-0.2"), ("period", "2026-W07", at), ("target", "5 minutes", at),
    )  # fmt: skip
    chinese, english = say(steps, "zh-hans"), say(steps, "en")
    assert chinese[0] == "自“收到投诉”起算：2026-02-13（周五）14:05"
    assert english[0] == "runs from “complaint received”: 2026-02-13 (Fri) 14:05"
    assert not any(" · " in line for line in (*chinese, *english))


@pytest.mark.parametrize("step", [("unheard", "of"), ("limit",), ("from", "complaint_received", "no moment"), ()])
def test_a_step_that_nobody_knows_is_shown_as_it_is(step: tuple[str, ...]) -> None:
    assert say([step], "zh-hans") == [" · ".join(step)]


def test_a_clock_is_explained_down_to_its_end() -> None:
    steps = (("from", "complaint_transferred_to_unit", FRIDAY.isoformat()), ("limit", "10 minutes"))
    due = FRIDAY + timedelta(minutes=10)
    clock = Clock(
        "k", "clock", "GP:start-work", "1", ("GP-10.1.3.1",), "c", "CY", None, FRIDAY, due, RUNNING, None,
        "unit_liaison", "24x7", "10 minutes", due, reckoning=steps,
    )  # fmt: skip
    assert explain(clock, "zh-hans")[-1] == "到期 2026-02-13（周五）14:15"


def test_keys_have_names_and_unknown_keys_stay() -> None:
    assert rule_name("GP:start-work", "en") == "start the work process"
    assert role_name("project_manager", "zh-hans") == "项目经理"
    assert class_name("category", "cleaning", "zh-hans") == "保洁服务问题"
    assert limit_words("2 workdays", "zh-hans") == "2个工作日"
    assert (rule_name("XX:none", "en"), role_name("nobody", "en"), event_name("nothing", "en")) == ("XX:none", "nobody", "nothing")


def test_what_a_regulation_finds_out_has_its_name_in_both_languages() -> None:
    found = {f"{of.prefix}/marked:{rule.mark}" for of in map(regulation, stems()) for rule in of.rules if isinstance(rule, MarkRule)}
    found |= {f"{of.prefix}/unmarked:{rule.mark}" for of in map(regulation, stems()) for rule in of.rules if isinstance(rule, MarkRule)}
    found |= {f"approved:{rule.cites[0]}" for of in map(regulation, stems()) for rule in of.rules if isinstance(rule, ApprovalRule)}
    assert len(found) > 100
    wrong = [(one, said) for one in found for said in (event_name(one, "zh-hans"), event_name(one, "en")) if re.search("[_:/]", said)]
    assert wrong == []
    assert event_name("GP/marked:major", "zh-hans") == "认定为重大投诉"
    assert event_name("GP/major_complaint_identified", "zh-hans") == "认定重大投诉"
    assert event_name("limit_passed:GP:start-work", "en") == "limit of “start the work process” passed"


def test_the_posts_that_every_office_has_are_named_unless_the_regulation_names_them() -> None:
    assert (role_name("front_desk", "zh-hans"), role_name("platform", "en")) == ("前台接待员", "System")
    assert role_name("handler", "zh-hans") == "处理人"
    assert role_name("handler", "zh-hans", ["apartment_complaints"]) == "投诉处理人员"


def test_a_setting_is_said_in_the_words_of_its_choices() -> None:
    by_kind = {one["kind"]: one for one in settings.declared("customer_relations")}
    assert settings.said("customer_relations", by_kind["period"], "quarterly", "zh-hans") == "每季度"
    assert settings.said("customer_relations", {"kind": "limit"}, "1 workdays", "zh-hans") == "1个工作日"
    assert settings.said("customer_relations", {"kind": "limit"}, "1 workdays", "en") == "1 workday"
    roles = {"kind": "roles", "choices": ["leader_in_charge", "quality_dept"]}
    assert settings.said("customer_relations", roles, ["leader_in_charge"], "zh-hans") == "分管领导"
    assert settings.said("customer_relations", {"kind": "flag"}, False, "zh-hans") == "否"
    assert settings.offered({"default": {"leader_in_charge": "500"}}) == "leader_in_charge: 500"


@pytest.mark.parametrize("stem", stems())
def test_every_regulation_says_who_answers_for_a_case(stem: str) -> None:
    found = regulation(stem)
    parts = ("principal_responsible", "first_responsible", "liaison")
    roles = [term["role"] for part in parts if "role" in (term := found.source["terms"].get(part, {}))]
    assert roles and set(roles) <= set(found.role_levels), "else the page of a case names nobody"
