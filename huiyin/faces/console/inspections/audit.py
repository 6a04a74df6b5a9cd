"""自查: what the live records of a unit say of every standard before an inspector comes, what that costs, who mends it, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.inspections import left_of, price
from huiyin.core.moments import in_shanghai
from huiyin.core.records import RUNNING
from huiyin.core.rules import IndicatorRule
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.queries import House
from huiyin.desk.inspections import access, queries
from huiyin.desk.inspections.evidence import SITE_KIND, Counted, Evidence, Span, evidence, keys_behind, proposed_count
from huiyin.desk.inspections.queries import Checklist, Standing
from huiyin.desk.places import queries as places
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, own_unit, unit_names
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, terms, unit_word
from huiyin.faces.console.inspections import behind, mending, shown
from huiyin.faces.console.matters.forms import said
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import rule_name

WRONG, EMPTY, ON_SITE, FINE, SITES = "wrong", "empty", "site", "fine", "sites"
AHEAD: Final = timedelta(days=7)
MOST_DUE: Final = 40
MOST_SITES: Final = 40


@dataclass
class _Audit:
    """The checklists of a unit with what the records of a span say of each standard."""

    who: Acting
    unit: str
    span: Span
    now: datetime
    lists: Sequence[Checklist]
    found: dict[str, list[Evidence]] = field(default_factory=dict)
    before: dict[str, Evidence] = field(default_factory=dict)
    lost: dict[str, Decimal] = field(default_factory=dict)
    whole: Decimal = Decimal()
    left: Decimal = Decimal()

    @cached_property
    def people(self) -> mending.People:
        """Who mends what."""
        return mending.People(self.who, in_shanghai(self.now).date())

    def look(self, counted: Mapping[str, Counted]) -> None:
        """Price what the records would cost: caps, rows and indicators as in an inspection. ``counted`` is what they say, by regulation."""
        for one in self.lists:
            rules = [each.rule for branch in one.branches for each in branch.standards if each.applies]
            regulation = one.adopted.regulation
            told = counted[regulation.stem].at(self.span.units, empty=True)
            told = {rule.cites[0]: told[rule.cites[0]] for rule in rules if rule.cites[0] in told}
            counts = {
                rule.cites[0]: max((proposed_count(rule, each.bad) for each in told.get(rule.cites[0], ())), default=0) for rule in rules
            }
            lost = price(one.adopted, counts, [clause for clause, count in counts.items() if count])
            self.found |= told
            self.lost |= {clause: amount for clause, (amount, _count) in lost.items()}
            indicators = [rule for rule in one.adopted.regulation.rules if isinstance(rule, IndicatorRule)]
            self.whole += one.whole
            self.left += sum((left_of(one.adopted, rule, lost) for rule in indicators), Decimal())

    def look_before(self) -> None:
        """Count the records of the span of the same length before, of the standards that are unmet now."""
        past = Span(self.span.since - (self.span.until - self.span.since), self.span.since, self.span.units)
        for one in self.lists:
            rules = [each.rule for branch in one.branches for each in branch.standards if self.is_wrong(each.clause)]
            told = evidence(self.who.organisation_id, one.adopted.regulation, rules, past)
            self.before |= {each.rule: each for found in told.values() for each in found}

    def is_wrong(self, clause: str) -> bool:
        """Whether the records show the standard unmet."""
        return any(each.bad for each in self.found.get(clause, ()))

    def rows(self) -> list[dict[str, Any]]:
        """Every standard that applies, those that would cost most first."""
        every = [
            self._row(one, branch.rule, each) for one in self.lists for branch in one.branches for each in branch.standards if each.applies
        ]
        return sorted(every, key=lambda row: row["lost"])

    def _row(self, one: Checklist, indicator: IndicatorRule, standing: Standing) -> dict[str, Any]:
        rule, regulation = standing.rule, one.adopted.regulation
        told = self.found.get(standing.clause, [])
        state = (
            WRONG if any(each.bad for each in told) else FINE if any(each.whole for each in told) else ON_SITE if rule.on_site else EMPTY
        )
        return {
            "clause": standing.clause,
            "url": clause_url(standing.clause),
            "name": said(rule.name),
            "indicator": said(indicator.name),
            "lost": self.lost.get(standing.clause, Decimal()),
            "amount": shown.points(self.lost.get(standing.clause, Decimal())),
            "falls": shown.falls(rule),
            "state": state,
            "look": said(rule.on_site.look) if rule.on_site else "",
            "sample": said(rule.on_site.sample) if rule.on_site else "",
            "told": [self._told(regulation, each) for each in told if each.whole or state == EMPTY],
        }

    def _told(self, regulation: Any, one: Evidence) -> dict[str, Any]:
        key = one.rule.partition(":")[2]
        roles = mending.doers(regulation, key)
        asked, before = shown.Told(self.unit, self.span), self.before.get(one.rule)
        return {
            "before": shown.wrong_words(before.kind, before.whole, before.bad) if before and one.bad else "",
            "name": rule_name(one.rule, language()),
            "words": shown.wrong_words(one.kind, one.whole, one.bad),
            "whole": one.whole,
            "bad": one.bad,
            "late": one.late,
            "open": one.bad - one.late,
            "url": shown.evidence_url(asked, one.rule, bad=bool(one.bad)),
            "who": self.people.of(roles, self.unit) if one.bad > one.late else "",
            "act": mending.act(regulation, key) if one.bad > one.late else "",
            "where": mending.where(regulation, key, self.unit) if one.bad > one.late else "",
        }

    def due(self) -> list[dict[str, Any]]:
        """The limits behind the standards that run out within a week, the next first."""
        wanted: dict[str, str] = {}
        for one in self.lists:
            for standing in (each for branch in one.branches for each in branch.standards if each.applies):
                wanted |= {key: standing.clause for key in keys_behind(one.adopted.regulation, standing.rule)}
        rows = Clock.objects.filter(
            organisation_id=self.who.organisation_id, unit_code__in=list(self.span.units), state=RUNNING, rule__in=list(wanted)
        )
        found = list(rows.filter(due_at__gte=self.now, due_at__lt=self.now + AHEAD).order_by("due_at", "key")[:MOST_DUE])
        abouts = behind.abouts(self.who, found)
        return [self._due(one, wanted[one.rule], abouts) for one in found]

    def _due(self, one: Clock, standard: str, abouts: dict[Any, tuple[str, str]]) -> dict[str, Any]:
        about, url = abouts.get(one.case_id, ("", "")) if one.case_id else ("", "")
        unit = unit_word(self.who.organisation_id, one.unit_code)
        return {
            "name": rule_name(one.rule, language()),
            "standard": standard,
            "standard_url": clause_url(standard),
            "about": about or (periods.words(one.period) if one.period else unit),
            "url": url or reverse("console:unit", args=[one.unit_code]),
            "unit": unit,
            "due_at": one.due_at,
            "who": self.people.of((one.responsible,), one.unit_code),
        }


def audit(request: HttpRequest) -> HttpResponse:
    """Every standard of the unit's checklists with what the records of the span say, what it would cost, who mends it by which act."""
    who, now = acting(request), timezone.now()
    unit = request.GET.get("unit", "") or _own(who)
    span = shown.span_of(who, unit, request.GET.get("since", ""), request.GET.get("until", ""), now)
    house = House.of(who.organisation_id)
    found = _Audit(who, unit, span, now, _lists(house, unit, now))
    show = request.GET.get("show", "") or WRONG
    sites = _sites(who, unit)
    spans = {code: Span(span.since, span.until, frozenset({code})) for code in (sites if show == SITES else ())}
    beside = [_Audit(who, code, own, now, _lists(house, code, now)) for code, own in spans.items()]
    counted = _counted([found, *beside])
    for one in (found, *beside):
        one.look(counted)
    if show == WRONG:
        found.look_before()
    rows = found.rows()
    days = shown.days_of(span)
    here = address(reverse("console:inspection-audit"), unit=unit, **days)
    tasks = access.findings(who.organisation_id, span.units).filter(done_at=None, withdrawn_at=None)
    context = {
        "unit": unit,
        "unit_name": unit_word(who.organisation_id, unit),
        "units": unit_names(who).items(),
        "days": days,
        "show": show,
        "rows": [one for one in rows if one["state"] == show],
        "figures": _figures(rows, show, here, len(sites), terms(who.organisation_id, unit, now)["unit"]),
        "sites": [_site(one) for one in sorted(beside, key=lambda one: one.left)],
        "tasks": tasks.count(),
        "tasks_late": tasks.filter(due_on__lt=timezone.localdate()).count(),
        "due": found.due() if show == WRONG else [],
        "left": shown.points(found.left),
        "whole": shown.points(found.whole),
        "at_risk": shown.points(found.whole - found.left),
        "has_list": bool(found.lists),
    }
    return render(request, "console/inspections/audit.html", context)


def _figures(rows: Iterable[dict[str, Any]], show: str, here: str, sites: int, called: str) -> list[dict[str, Any]]:
    counted = [one["state"] for one in rows]
    names = {WRONG: _("有问题"), FINE: _("符合"), ON_SITE: _("现场看"), EMPTY: _("没有记录")}
    found = [
        {"label": name, "count": counted.count(state), "url": f"{here}&show={state}", "current": state == show}
        for state, name in names.items()
    ]
    among = {"label": _("各%(unit)s") % {"unit": called}, "count": sites, "url": f"{here}&show={SITES}", "current": show == SITES}
    return [*found, among] if sites > 1 else found


def _sites(who: Acting, unit: str) -> list[str]:
    """The sites at the unit and below it that are inspected one by one."""
    every = places.units(who.organisation_id).below(unit)
    return [one.code for one in every if one.kind == SITE_KIND and one.code in who.codes][:MOST_SITES]


def _lists(house: House, unit: str, now: datetime) -> list[Checklist]:
    return queries.checklists(house, unit, house.adopted(unit, now), None, now)


def _counted(audits: Sequence[_Audit]) -> dict[str, Counted]:
    """What the records say, by regulation, counted once for all of these: the first is of a unit, the others of sites within it."""
    first = audits[0]
    lists = [one for each in audits for one in each.lists]
    rules = {one.adopted.regulation.stem: [each.rule for branch in one.branches for each in branch.standards] for one in lists}
    regulations = {one.adopted.regulation.stem: one.adopted.regulation for one in lists}
    return {stem: Counted(first.who.organisation_id, of, rules[stem], first.span) for stem, of in regulations.items()}


def _site(found: _Audit) -> dict[str, Any]:
    """One site: what it would keep of its points, and the standards that its records show unmet."""
    who, code, span = found.who, found.unit, found.span
    wrong = [each for one in found.lists for branch in one.branches for each in branch.standards if found.is_wrong(each.clause)]
    return {
        "name": unit_word(who.organisation_id, code),
        "url": address(reverse("console:inspection-audit"), unit=code, **shown.days_of(span)),
        "left": shown.points(found.left),
        "whole": shown.points(found.whole),
        "wrong": [{"clause": each.clause, "name": said(each.rule.name), "amount": shown.points(found.lost[each.clause])} for each in wrong],
    }


def _own(who: Acting) -> str:
    """The post's own unit where it has none below it, else the first of those that inspectors come to."""
    tree, own = places.units(who.organisation_id), own_unit(who)
    above = {unit.parent for unit in tree.by_code.values() if unit.kind != "department"}
    below = (code for code in unit_names(who) if code not in above and tree.by_code[code].kind != "department")
    return own if own and own not in above else next((code for code in below if not own or own in tree.path(code)), own)
