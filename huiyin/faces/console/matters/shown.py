"""Acts, things and what is known of them as the pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.known import Known
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Approval, Clock, Mark
from huiyin.core.rules import Adopted, AssessmentRule, StepRule
from huiyin.desk.facts.queries import House
from huiyin.desk.matters.models import Figure
from huiyin.desk.matters.queries import Line
from huiyin.desk.matters.steps import Offer, Subject
from huiyin.faces.console import periods
from huiyin.faces.console.cases import shown as cases
from huiyin.faces.console.cases.words import customer_word, language, role_word, unit_word
from huiyin.faces.console.matters.forms import said
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.routes import ROUTES
from huiyin.rulebook import text
from huiyin.rulebook.load import vocabulary
from huiyin.rulebook.words import class_name, decision_name, edition_of, event_name, form_name, regulation_of, rule_name, say

OWN_PAGES: Final = {"survey": "console:survey", "inspection": "console:inspection"}
"""Kinds of thing that are worked at on a page of their own; the general page tells their course and limits."""
KINDS: Final = {
    "survey": gettext_lazy("满意度调查"),
    "inspection": gettext_lazy("督导检查"),
    "activity": gettext_lazy("社区活动"),
    "forum": gettext_lazy("恳谈会"),
    "merchant": gettext_lazy("商户"),
    "charge": gettext_lazy("收费项目"),
    "item": gettext_lazy("其他事项"),
    "handover": gettext_lazy("房屋交付"),
    "register": gettext_lazy("台账"),
    "household": gettext_lazy("户"),
    "customer": gettext_lazy("服务对象"),
    "issue": gettext_lazy("同一问题"),
    "unit": gettext_lazy("单位"),
    "month": gettext_lazy("月度"),
    "quarter": gettext_lazy("季度"),
    "half": gettext_lazy("半年度"),
    "year": gettext_lazy("年度"),
    "house": gettext_lazy("全组织年度"),
}
"""What the kinds of things are called."""
DECISION_WORDS: Final = {
    "approval_given": gettext_lazy("同意：%(name)s"),
    "approval_refused": gettext_lazy("不同意：%(name)s"),
    "approval_requested": gettext_lazy("申请审批：%(name)s"),
    "document_filed": gettext_lazy("填报：%(name)s"),
    "authorisation_given": gettext_lazy("授权：%(name)s"),
}
APPROVAL_STATES: Final = {"needed": gettext_lazy("待审批"), "given": gettext_lazy("已同意"), "refused": gettext_lazy("不同意")}
PAPER_STATES: Final = {
    "missing": gettext_lazy("未交"),
    "incomplete": gettext_lazy("不完整"),
    "complete": gettext_lazy("已交齐"),
    "released": gettext_lazy("不再需要"),
}
_SETTLED: Final = ("complete", "released")
_STAGE: Final = re.compile(r"^[A-Z]+-\d+(?:\.\d+)?")


def kinds_asked(who: Acting, now: datetime) -> frozenset[str]:
    """The kinds of things that rules in force in reach are about."""
    house = House.of(who.organisation_id)
    reached = frozenset(code for one in who.codes for code in house.units.path(one))
    return frozenset(rule.about for one in house.adopted_anywhere(now) if one.unit in reached for rule in one.regulation.rules)


def clause_name(clause: str) -> str:
    """The short name of a clause."""
    found = regulation_of(clause)
    one = next((each for each in text.clauses(found.stem) if each.id == clause), None) if found else None
    return one.name(language()) if one else clause


def label_of(offer: Offer) -> str:
    """What the button of an act says: what is to be done, as the regulation's rule names it, its step before what it decides."""
    step = next((rule for _adopted, rule in offer.rules if isinstance(rule, StepRule)), None)
    name = said((step or offer.rules[0][1]).name)
    words = DECISION_WORDS.get(offer.event) if step is None else None
    return name if words is None else str(words) % {"name": name}


def own_form(offer: Offer, now: datetime) -> str:
    """The address of the page on which the act is done; empty where it has the usual form. A year is completed where it is assessed."""
    rules = (rule for adopted, _rule in offer.rules for rule in adopted.regulation.rules)
    if not any(isinstance(rule, AssessmentRule) and rule.on == offer.event for rule in rules):
        return ""
    return f"{reverse('console:yearly')}?year={in_shanghai(now).year - 1}"


def done_of(offer: Offer) -> str:
    """What has happened once the act is recorded."""
    return label_of(offer) if offer.event in DECISION_WORDS else event_name(offer.event, language())


def sources(clauses: Iterable[str]) -> list[dict[str, str]]:
    """Clauses as links with their short names."""
    return [{"clause": one, "url": cases.clause_url(one), "name": clause_name(one)} for one in clauses]


def grouped(offers: Sequence[Offer], address: str) -> list[dict[str, Any]]:
    """The acts as the panel lists them: by regulation, and in it by stage, each with the address of its form below ``address``. The first
    that names a person has the key of assigning."""
    found: dict[str, dict[str, Any]] = {}
    assigns = next((one for one in offers if "assignee" in one.asks), None)
    for offer in offers:
        regulation = offer.regulation
        group = found.setdefault(regulation.stem, {"stem": regulation.stem, "title": said(regulation.title), "stages": {}, "count": 0})
        stage = match[0] if (match := _STAGE.match(offer.clauses[0])) else offer.clauses[0]
        group["stages"].setdefault(stage, []).append(_button(offer, address, "a" if offer is assigns else ""))
        group["count"] += 1
    return [{**group, "stages": list(group["stages"].items())} for group in found.values()]


def _button(offer: Offer, address: str, key: str = "") -> dict[str, Any]:
    return {
        "label": label_of(offer),
        "clause": offer.clauses[0],
        "more": len(offer.clauses) - 1,
        "url": f"{address}/{offer.key}",
        "name": done_of(offer),
        "waiting": offer.waiting,
        "key": key,
    }


def row(who: Acting, line: Line) -> dict[str, Any]:
    """A thing as a row of the list."""
    return {
        "kind": kind_word(line.about),
        "name": name_of(who.organisation_id, line.about, line.name),
        "unit": unit_word(who.organisation_id, line.unit),
        "url": page_of(who, line.about, line.id) or reverse("console:matter", args=[line.id]),
        "due_at": line.due_at,
        "what": rule_name(line.rule, language()) if line.rule else "",
        "clause": line.clause,
        "runs": line.runs,
        "responsible": role_word(line.responsible, edition_of(line.rule)) if line.responsible else "",
        "last": event_name(line.last_event, language()) if line.last_event else "",
        "last_at": line.last_at,
    }


def page_of(who: Acting, about: str, thing: UUID) -> str:
    """The address of the page that things of this kind have of their own; empty where they have none, or the post may not see it."""
    page = OWN_PAGES.get(about)
    return reverse(page, args=[thing]) if page and who.may(ROUTES[page].right) else ""


def kind_word(about: str) -> str:
    """What a kind of thing is called."""
    return str(KINDS.get(about, about))


def name_of(organisation_id: UUID, about: str, name: str) -> str:
    """What a thing is called: a period in words, a unit or a register by its name, a customer masked, others as they were named."""
    if about in ("month", "quarter", "half", "year"):
        return periods.words(name)
    if about in ("unit", "house"):
        return unit_word(organisation_id, name)
    if about == "customer":
        return customer_word(organisation_id, name)
    words = vocabulary()["values"].get(name)
    return str(words["zh" if language().startswith("zh") else "en"]) if words else name


def marks(found: Iterable[Mark]) -> list[dict[str, Any]]:
    """The marks that stand, then those that ended, each with its clause."""
    ordered = sorted(found, key=lambda one: (one.ended_at is not None, one.at))
    return [
        {
            "name": _mark_name(one),
            "clause": one.clause,
            "url": cases.clause_url(one.clause),
            "at": one.at,
            "ended_at": one.ended_at,
        }
        for one in ordered
    ]


def _mark_name(mark: Mark) -> str:
    found = regulation_of(mark.key)
    return class_name("marks", mark.mark, language(), found.stem if found else "")


def approvals(found: Iterable[Approval]) -> list[dict[str, Any]]:
    """The decisions, those that are waited for first."""
    ordered = sorted(found, key=lambda one: (one.state != "needed", one.asked_at, one.key))
    return [
        {
            "name": decision_name(one.clause, language()),
            "clause": one.clause,
            "url": cases.clause_url(one.clause),
            "state": str(APPROVAL_STATES.get(one.state, one.state)),
            "waiting": one.state == "needed",
            "of": "、".join(role_word(role, edition_of(one.clause)) for role in one.of),
            "by": role_word(one.decided_by, edition_of(one.clause)) if one.decided_by else "",
            "in_place_of": role_word(one.in_place_of, edition_of(one.clause)) if one.in_place_of else "",
            "asked_at": one.asked_at,
            "decided_at": one.decided_at,
            "reason": one.reason or "",
        }
        for one in ordered
    ]


def papers(known: Known) -> list[dict[str, Any]]:
    """The papers that are owed or were handed in."""
    ordered = sorted(known.papers.values(), key=lambda one: (one.state in _SETTLED, one.clause))
    return [
        {
            "name": form_name(one.name, one.clause, language()),
            "clause": one.clause,
            "url": cases.clause_url(one.clause),
            "state": str(PAPER_STATES.get(one.state, one.state)),
            "open": one.state not in _SETTLED,
            "at": one.at,
            "missing": "、".join(one.missing_parts),
        }
        for one in ordered
    ]


def figures(found: Iterable[Figure]) -> list[dict[str, Any]]:
    """Figures with their clause and reckoning."""
    return [
        {
            "name": clause_name(one.clause),
            "clause": one.clause,
            "url": cases.clause_url(one.clause),
            "amount": one.amount.normalize() if one.amount else one.amount,
            "period": periods.words(one.period) if one.period else "",
            "rank": one.rank,
            "steps": say(one.reckoning, language()),
        }
        for one in found
    ]


def clocks(found: Iterable[Clock], adopted: Sequence[Adopted], now: datetime) -> list[dict[str, Any]]:
    """The limits, as the page of a case shows them."""
    return cases.together(cases.clocks(found, adopted, [one.regulation.stem for one in adopted], now))


def records(subject: Subject, now: datetime) -> dict[str, Any]:
    """Everything that is known of the subject, for the panels beside it."""
    known = subject.known
    if known is None:
        return {"clocks": [], "marks": [], "approvals": [], "papers": [], "kept": []}
    return {
        "clocks": clocks([one for one in known.clocks.values() if one.kind != "duty"], subject.adopted, now),
        "marks": marks(known.marks.values()),
        "approvals": approvals(known.approvals.values()),
        "papers": papers(known),
        "kept": [
            {"clause": one.clause, "url": cases.clause_url(one.clause), "until": one.until.isoformat() if one.until else _("长期保存")}
            for one in known.kept.values()
        ],
    }
