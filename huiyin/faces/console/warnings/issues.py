"""The same problem against the households: how many complained of it this year, of how many, and how far that is from the threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from huiyin.core.moments import in_shanghai
from huiyin.core.rules import Ratio, WarningRule
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.cases.models import Tally
from huiyin.desk.places import queries as places
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.acts import address, unit_names
from huiyin.faces.parts.guard import Acting, acting

MOST = 500


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of one unit: ``missing`` households until the threshold ``percent``; ``warning`` is the number of one raised for it.

    ``parts`` are the units with households that make its ``households``.
    """

    issue: str
    unit: str
    unit_code: str
    counted: int
    households: int
    percent: int
    needed: int
    clause: str
    warning: str
    url: str
    parts: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """The share of the households, in percent."""
        return 100 * self.counted / self.households if self.households else 0.0

    @property
    def missing(self) -> int:
        """How many households are missing until the threshold; 0 when it is reached."""
        return max(0, self.needed - self.counted)

    @property
    def way(self) -> int:
        """How much of the way to the threshold is gone, in percent, 100 at most."""
        return min(100, 100 * self.counted // self.needed) if self.needed else 0


def watched(request: HttpRequest) -> HttpResponse:
    """The issues of this year's complaints, the nearest to their threshold first."""
    who, now = acting(request), timezone.now()
    found = sorted(issues(who, now), key=lambda one: (-one.way, one.unit_code, one.issue))
    return render(request, "console/warnings/issues.html", {"issues": found[:MOST], "year": in_shanghai(now).year})


def issues(who: Acting, now: datetime) -> list[Issue]:
    """Every issue that somebody complained of this year, for each unit in reach whose kind has a threshold."""
    ratios = _ratios(who.organisation_id, now)
    if not ratios:
        return []
    units, names, year = places.units(who.organisation_id), unit_names(who), in_shanghai(now).year
    tallies = Tally.objects.filter(organisation_id=who.organisation_id, year=year, left_at=None, scope_unit__in=who.codes)
    counted = tallies.exclude(issue="").values_list("scope_unit", "issue").annotate(Count("household", distinct=True))
    warnings = _warned(who.organisation_id)
    made = []
    for code, issue, number in counted.order_by():
        rule = ratios.get(units.by_code[code].kind) if code in units.by_code else None
        if rule is not None:
            parts = tuple((names.get(unit.code, unit.code), unit.households) for unit in units.below(code) if unit.households)
            made.append(_issue(issue, code, number, parts, rule, names, warnings))
    return made


def _issue(
    issue: str,
    code: str,
    counted: int,
    parts: tuple[tuple[str, int], ...],
    rule: tuple[WarningRule, Ratio],
    names: object,
    warnings: dict[tuple[str, str], str],
) -> Issue:
    of, ratio = rule
    households = sum(number for _name, number in parts)
    return Issue(
        issue=issue,
        unit=names[code] if isinstance(names, dict) else code,
        unit_code=code,
        counted=counted,
        households=households,
        percent=ratio.at_least_percent,
        # The reckoning compares whole households: 5 % of 604 is 30.2, so the 31st reaches it.
        needed=math.ceil(households * ratio.at_least_percent / 100),
        clause=of.cites[0],
        warning=warnings.get((code, issue), ""),
        url=address(reverse("console:queue"), unit=code, issue=issue, state="all"),
        parts=parts,
    )


def _ratios(organisation_id: UUID, now: datetime) -> dict[str, tuple[WarningRule, Ratio]]:
    return {
        rule.ratio.scope: (rule, rule.ratio)
        for adopted in adopted_for(organisation_id, now)
        for rule in adopted.regulation.rules
        if isinstance(rule, WarningRule) and rule.ratio
    }


def _warned(organisation_id: UUID) -> dict[tuple[str, str], str]:
    about_issues = WarningSignal.objects.filter(organisation_id=organisation_id, case_id=None).exclude(issue=None)
    rows = about_issues.order_by("raised_at").values_list("unit_code", "issue", "number")
    return {(code, issue or ""): number or "" for code, issue, number in rows}
