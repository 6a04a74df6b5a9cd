"""Where in the console one sees what a rule does: its page, and the records that it has left in this organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.urls import NoReverseMatch, reverse

from huiyin.core.rules import (
    ApprovalRule,
    AssessmentRule,
    CourseRule,
    DutyRule,
    FigureRule,
    HandoverRule,
    Honour,
    IndicatorRule,
    LevelRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RegisterRule,
    Regulation,
    RetentionRule,
    RosterRule,
    Rule,
    ScoreRule,
    StandardRule,
    WarningRule,
)
from huiyin.desk.inspections.evidence.counting import SOURCES
from huiyin.desk.publications.writing.choosing import CUSTOMERS, ISSUED_EVENT
from huiyin.faces.console.acts import address, may_open, own_unit, unit_names
from huiyin.faces.parts.guard import Acting

_PAGES: Final[Mapping[type[Rule], str]] = {
    DutyRule: "console:duties",
    RosterRule: "console:rosters",
    HandoverRule: "console:own-unit",
    WarningRule: "console:warnings",
    LevelRule: "console:warnings",
    NoticeRule: "console:messages",
    ApprovalRule: "console:approvals",
    PaperRule: "console:forms",
    CourseRule: "console:duty",
    ScoreRule: "console:scores",
    AssessmentRule: "console:yearly",
    FigureRule: "console:yearly",
    IndicatorRule: "console:inspections",
    StandardRule: "console:inspections",
    RetentionRule: "console:kept",
}
"""The page on which a kind of rule is at work; any other is at work on the pages of the things that it is about."""
_THINGS: Final = {"case": "console:ledger", "survey": "console:surveys", "inspection": "console:inspections", "unit": "console:own-unit"}
_PERIODS: Final = frozenset({"month", "quarter", "half", "year", "house"})
_ROOMS: Final = {
    "desk.cases": "console:ledger",
    "desk.facts": "console:ledger",
    "desk.documents": "console:forms",
    "desk.warnings": "console:warnings",
    "console:case": "console:ledger",
    "console:registration": "console:register",
    "console:inspection": "console:inspections",
    "console:survey-asked": "console:surveys",
    "console:survey-answers": "console:surveys",
    "console:survey-evaluation": "console:surveys",
}
"""A room, or the page of one thing, by the page that leads to it."""
_PARTS: Final = {"desk.people": "duties", "desk.adoptions": "adoption", "console:rulebook": "clauses"}
"""What stands on the pages of the regulation itself, by the part of it."""


def page_of(rule: Rule, of: Regulation, who: Acting) -> str:
    """The page on which the rule is at work; empty where the post in use may not open it."""
    return _open(_address(rule, of, who), who)


def _address(rule: Rule, of: Regulation, who: Acting) -> str:
    if isinstance(rule, RegisterRule):
        return address(reverse("console:registers-list"), unit=unit_in_use(who), register=f"{of.prefix}:{rule.id}")
    if isinstance(rule, DutyRule):
        return address(reverse("console:duties"), rule=f"{of.prefix}:{rule.id}", view="list")
    if isinstance(rule, PublicationRule):
        shown = rule.on == ISSUED_EVENT
        own = "console:publications" if rule.audience == CUSTOMERS else "console:circulars"
        return reverse(own if shown else _thing(rule.about))
    if isinstance(rule, WarningRule) and rule.ratio is not None:
        return reverse("console:issues")
    page = _PAGES.get(type(rule)) or _thing(rule.about)
    return address(reverse(page), kind=rule.about) if page == "console:matters" else reverse(page)


def _thing(about: str) -> str:
    return "console:own-unit" if about in _PERIODS else _THINGS.get(about, "console:matters")


def records_of(rule: Rule, of: Regulation, who: Acting) -> str:
    """The list of what the rule has left in the reach of the post in the last months: limits, duties, decisions, papers, entries held
    against another register; empty for a rule that leaves none, or where the post may not open it."""
    unit = unit_in_use(who)
    if type(rule) not in SOURCES or isinstance(rule, RegisterRule) or not unit:
        return ""
    return _open(address(reverse("console:inspection-evidence"), unit=unit, rule=f"{of.prefix}:{rule.id}"), who)


def page_of_honour(honour: Honour, of: Regulation, who: Acting) -> str:
    """The page by which the clause is honoured; empty where the post in use may not open it."""
    part = _PARTS.get(honour.where)
    if part is not None:
        return address(reverse("console:regulation", args=[of.stem]), part=part)
    try:
        return _open(reverse(_ROOMS.get(honour.where, honour.where)), who)
    except NoReverseMatch:
        return ""


def unit_in_use(who: Acting) -> str:
    """The unit that the post works for, else the first in reach; empty where there is none."""
    return own_unit(who) or next(iter(unit_names(who)), "")


def _open(url: str, who: Acting) -> str:
    return url if may_open(who, url) else ""
