"""Rules are laid out once by what they ask; what follows is the same as if each were asked alone, in its turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.core.calendars import Workdays
from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome, follow
from huiyin.core.in_force import InForce, waiting_in
from huiyin.core.known import Known, Unit, Units
from huiyin.core.limits import parse_limit
from huiyin.core.moments import SHANGHAI
from huiyin.core.questions import Count, Question
from huiyin.core.records import CANCELLED, RUNNING, Clock, Notice
from huiyin.core.rules import Adopted, ClockRule, End, MarkRule, NoticeRule, Regulation, Rule, Start
from huiyin.rulebook.index import index_rules

NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
COMPLAINT = Question("record", frozenset({"complaint"}))
PHONE = Question("channel", frozenset({"phone"}))
HOT = Question("marked", frozenset({"hot"}))
UNITS = Units.of([Unit("P1", "project")])


def _notice(name: str, *questions: Question) -> NoticeRule:
    return NoticeRule(name, ("XX-1",), (name, name), ("received",), (name,), Condition(questions, "XX"), name)


def _clock(name: str, category: str) -> ClockRule:
    when = Condition((COMPLAINT, Question("category", frozenset({category}))), "XX")
    return ClockRule(name, ("XX-2",), (name, name), (Start("received"),), End("replied"), parse_limit("2 days"), when, "liaison")


def _adopted(*rules: Rule, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Adopted:
    by_id, by_event = {rule.id: rule for rule in rules}, index_rules("XX", rules, frozenset())
    found = Regulation("xx", "XX", "1", ("XX", "XX"), "unit", date(2018, 1, 1), rules, by_event, by_id, {}, {}, {}, {}, frozenset())
    return Adopted(found, "P1", Workdays(frozenset(), frozenset(), frozenset(), "none"), settings=settings or {})


def _received(**details: Any) -> Fact:
    return Fact("received", NOON, "A", "P1", "liaison", {"record": "complaint", **details})


def _told(outcome: Outcome) -> list[str]:
    return [one.to for one in outcome.records if isinstance(one, Notice)]


def test_neighbours_that_ask_the_same_first_share_the_question() -> None:
    rules = (_notice("one", COMPLAINT, PHONE), _notice("two", COMPLAINT, PHONE), _notice("three", COMPLAINT), _notice("four", PHONE))
    both, alone = waiting_in(_adopted(*rules).regulation, ("received",), "case", False).nodes
    assert (len(both.tests), [step.rule.id for step in both.steps]) == (1, ["one", "two", "three"])
    assert [[step.rule.id for step in node.steps] for node in both.below] == [["one", "two"], ["three"]]
    assert alone.step is not None and alone.step.rule.id == "four"


def test_the_rules_are_followed_in_their_order_and_only_those_that_hold() -> None:
    rules = (_notice("one", COMPLAINT), _notice("two", COMPLAINT, PHONE), _notice("three"), _notice("four", COMPLAINT))
    assert _told(follow([_adopted(*rules)], Known(UNITS), _received())) == ["one", "three", "four"]
    assert _told(follow([_adopted(*rules)], Known(UNITS), _received(channel="phone"))) == ["one", "two", "three", "four"]
    assert _told(follow([_adopted(*rules)], Known(UNITS), _received(record="help_request"))) == ["three"]


def test_whether_a_mark_stands_is_asked_again_after_each_rule() -> None:
    cold = Question("not_marked", frozenset({"hot"}))
    first = MarkRule("first", ("XX-3",), ("first", "first"), "hot", ("received",), Condition((cold,), "XX"))
    second = MarkRule("second", ("XX-4",), ("second", "second"), "lukewarm", ("received",), Condition((cold,), "XX"))
    outcome = follow([_adopted(first, second, _notice("one", HOT), _notice("two", HOT))], Known(UNITS), _received())
    assert outcome.case is not None and list(outcome.case.marks) == ["XX/hot"]
    assert _told(outcome) == ["one", "two"]


def test_a_clock_lapses_where_a_shared_question_says_no() -> None:
    adopted = _adopted(_clock("one", "cleaning"), _clock("two", "cleaning"), _clock("three", "greening"))
    begun = follow([adopted], Known(UNITS), _received(category="cleaning"))
    clocks = {one.key: one for one in begun.records if isinstance(one, Clock)}
    assert {one.rule: one.state for one in clocks.values()} == {"XX:one": RUNNING, "XX:two": RUNNING}
    later = Fact("category_set", NOON + timedelta(hours=1), "A", "P1", "liaison", {"category": "greening"})
    after = follow([adopted], Known(UNITS, begun.case, clocks), later)
    states = {one.rule: one.state for one in after.records if isinstance(one, Clock)}
    assert states == {"XX:one": CANCELLED, "XX:two": CANCELLED, "XX:three": RUNNING}


def test_results_that_people_make_up_are_not_remembered() -> None:
    together = InForce((_adopted(_notice("one")),))
    for number in range(100):
        assert together.waiting(("received", f"received:{number}"), "case", False) == together.waiting(("received",), "case", False)
    assert together.waiting(("unheard",), "case", False) == ()
    assert len(together._waiting) == 1


def test_each_adoption_asks_its_own_settings() -> None:
    count = Question("count", ask=Count(("received",), least_setting=("XX-5", "times")))
    rule = replace(_notice("one", count), when=Condition((count,), "XX"))
    once, twice = (_adopted(rule, settings={"XX-5": {"times": number}}) for number in (1, 2))
    assert _told(follow([once], Known(UNITS), _received())) == ["one"]
    assert _told(follow([twice], Known(UNITS), _received())) == []
    assert _told(follow([twice, once], Known(UNITS), _received())) == ["one"]


def test_what_is_worked_out_for_one_adoption_is_not_taken_for_another() -> None:
    free = replace(_clock("one", "cleaning"), when=ALWAYS, within=None, within_setting=("XX-2", "days"))
    short, long = (_adopted(free, settings={"XX-2": {"days": f"{number} days"}}) for number in (1, 3))
    due = [
        one.due_at for each in (short, long, short) for one in follow([each], Known(UNITS), _received()).records if isinstance(one, Clock)
    ]
    assert due == [NOON + timedelta(days=1), NOON + timedelta(days=3), NOON + timedelta(days=1)]
