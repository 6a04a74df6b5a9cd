"""Inspections as the pages show them: standards with their words, findings, what the records propose, spans of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.moments import closing_of, in_shanghai, opening_of
from huiyin.core.rules import Regulation, StandardRule
from huiyin.desk.inspections.evidence import Evidence, Span, clauses_of, proposed_count
from huiyin.desk.inspections.models import Rejection
from huiyin.desk.inspections.queries import Checklist, Found, Standing
from huiyin.desk.people.queries import names_of
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import address
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.matters.shown import clause_name
from huiyin.faces.console.periods import is_reckoned
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.words import rule_name

WRONG_WORDS = {
    "clock": gettext_lazy("%(whole)s 项中 %(bad)s 项逾期"),
    "duty": gettext_lazy("%(whole)s 期中 %(bad)s 期逾期或未做"),
    "approval": gettext_lazy("%(whole)s 项审批中 %(bad)s 项未批"),
    "paper": gettext_lazy("%(whole)s 份中 %(bad)s 份缺或不全"),
    "entry": gettext_lazy("%(whole)s 条记录中 %(bad)s 条超出或没有标准"),
    "share": gettext_lazy("%(whole)s 次统计中 %(bad)s 次未达到"),
    "case": gettext_lazy("%(whole)s 件中 %(bad)s 件不符"),
    "act": gettext_lazy("%(whole)s 次中 %(bad)s 次不符"),
    "record": gettext_lazy("%(whole)s 条中 %(bad)s 条不符"),
    "site": gettext_lazy("%(whole)s 处中 %(bad)s 处不符"),
}
"""What went wrong of the records that each kind of rule leaves, and of those that proofs are about."""
LONGEST_SPAN = timedelta(days=800)
USUAL_SPAN = timedelta(days=91)


def points(amount: Decimal) -> str:
    """Points as papers write them: 3.8, -0.1, 35."""
    text = f"{amount.normalize():f}"
    return "0" if text in ("-0", "") else text


def span_of(who: Acting, unit: str, since: str, until: str, now: datetime) -> Span:
    """The span that an address names by its first and last day; without them the last three months.

    Raises Http404 for a unit that is not reached, or days that are none.
    """
    if unit not in who.codes:
        raise Http404
    codes = frozenset(one.code for one in places.units(who.organisation_id).below(unit)) & who.codes
    last = day_of(until) or in_shanghai(now).date()
    first = day_of(since) or last - USUAL_SPAN
    if first > last or last - first > LONGEST_SPAN:
        raise Http404
    return Span(opening_of(first), closing_of(last), codes)


def day_of(text: str) -> date | None:
    """The day that an address names; None for nothing. Raises Http404 for what is no day."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not is_reckoned(found):
        raise Http404
    return found


def days_of(span: Span) -> dict[str, str]:
    """The first and the last day of the span, as an address names them."""
    last = in_shanghai(span.until - timedelta(microseconds=1)).date()
    return {"since": in_shanghai(span.since).date().isoformat(), "until": last.isoformat()}


@dataclass(frozen=True, slots=True)
class Told:
    """What stands beside a checklist: findings, what the records say, what was not counted, the span that was looked at, and the unit."""

    unit: str
    span: Span
    findings: tuple[Found, ...] = ()
    evidence: Mapping[str, list[Evidence]] | None = None
    rejected: Mapping[tuple[str, str], Rejection] | None = None


def branches(one: Checklist, told: Told) -> list[dict[str, Any]]:
    """The indicators of a checklist with their standards."""
    return [
        {
            "clause": branch.rule.cites[0],
            "url": clause_url(branch.rule.cites[0]),
            "name": said(branch.rule.name),
            "points": points(branch.rule.points),
            "left": points(branch.left),
            "lost": branch.left < branch.rule.points,
            "standards": [standard(one.adopted.regulation, each, told) for each in branch.standards],
        }
        for branch in one.branches
    ]


def standard(regulation: Regulation, one: Standing, told: Told) -> dict[str, Any]:
    """A standard with everything that its place in the checklist shows."""
    rule, clauses = one.rule, clauses_of(one.rule)
    own = [found for found in told.findings if found.clause in clauses]
    evidence = (told.evidence or {}).get(one.clause, ())
    proposals = [proposal(regulation, one, each, told) for each in evidence]
    return {
        "clause": one.clause,
        "anchor": f"s-{one.clause}",
        "url": clause_url(one.clause),
        "name": said(rule.name),
        "words": clause_name(one.clause),
        "falls": falls(rule),
        "check": said(rule.check),
        "look": said(rule.on_site.look) if rule.on_site else "",
        "sample": said(rule.on_site.sample) if rule.on_site else "",
        "parts": [{"clause": part, "url": clause_url(part), "name": clause_name(part)} for part in rule.parts],
        "count": one.count,
        "standing": sum(found.count for found in own if not found.withdrawn),
        "amount": points(one.amount),
        "costs": one.amount < 0,
        "applies": one.applies,
        "found": own,
        "proposals": proposals,
        "bad": sum(each["bad"] for each in proposals if not each["settled"]),
    }


def wrong_words(kind: str, whole: int, bad: int) -> str:
    """How many of how many records of the kind went wrong, in words."""
    return str(WRONG_WORDS[kind]) % {"whole": whole, "bad": bad}


def falls(rule: StandardRule) -> str:
    """How the points of a standard fall: once or each time, per what, up to what, shared with whom."""
    amount = points(rule.points)
    told = [_("每次扣 %(points)s 分") % {"points": amount} if rule.per_occurrence else _("扣 %(points)s 分") % {"points": amount}]
    told += [{"merchant": _("按商户计"), "household": _("按户计")}[rule.per]] if rule.per in ("merchant", "household") else []
    told += [_("最多 %(cap)s 分") % {"cap": points(rule.cap)}] if rule.cap is not None else []
    told += [_("同行标准合扣一次")] if rule.row and not rule.per_occurrence else []
    return " · ".join(told)


def proposal(regulation: Regulation, standing: Standing, one: Evidence, told: Told) -> dict[str, Any]:
    """What the records under one rule say of a standard, and whether somebody has counted it or decided not to."""
    rejected = (told.rejected or {}).get((standing.clause, one.rule))
    confirmed = any(
        not found.withdrawn and found.row and one.rule in {each.get("rule") for each in found.row.told} for found in told.findings
    )
    return {
        "clause": one.clause,
        "rule": one.rule,
        "name": rule_name(one.rule, language()),
        "words": wrong_words(one.kind, one.whole, one.bad),
        "whole": one.whole,
        "bad": one.bad,
        "count": proposed_count(standing.rule, one.bad),
        "url": evidence_url(told, one.rule, bad=True),
        "whole_url": evidence_url(told, one.rule, bad=False),
        "rejected": rejected,
        "confirmed": confirmed,
        "settled": confirmed or rejected is not None,
    }


def evidence_url(told: Told, rule: str, *, bad: bool) -> str:
    """The list of the records under the rule."""
    return address(reverse("console:inspection-evidence"), unit=told.unit, rule=rule, bad="1" if bad else "", **days_of(told.span))


def finding(found: Found, names: Mapping[UUID, str]) -> dict[str, Any]:
    """A finding as the score sheet and the lists show it; numbers of telephones in its text are hidden."""
    row = found.row
    return {
        "clause": found.clause,
        "clause_name": clause_name(found.clause),
        "count": found.count,
        "place": "、".join(one for one in (found.household, found.merchant) if one),
        "text": hide_phones_in(found.text),
        "at": found.at,
        "by": names.get(found.by_person, "") if found.by_person else role_word(found.by_role),
        "withdrawn": found.withdrawn,
        "why": row.withdrawn_why if row else "",
        "id": row.id if row else None,
        "photos": found.photos,
        "told": [str(WRONG_WORDS.get(str(one.get("kind")), "")) % one for one in row.told] if row else [],
        "task": task_words(found) if row else "",
    }


def task_words(found: Found) -> str:
    """How the rectification of a finding stands, in a line."""
    row = found.row
    if row is None or found.withdrawn:
        return ""
    if row.checked_at:
        return _("已整改并复核：%(note)s") % {"note": hide_phones_in(row.done_note)}
    if row.done_at:
        return _("已整改：%(note)s") % {"note": hide_phones_in(row.done_note)}
    said = "、".join(str(one) for one in (row.responsible, row.due_on or "") if one)
    return _("待整改：%(who)s") % {"who": said} if said else _("待整改")


def names_for(found: Iterable[Found]) -> Mapping[UUID, str]:
    """The names of those who recorded the findings."""
    return names_of(one.by_person for one in found if one.by_person)
