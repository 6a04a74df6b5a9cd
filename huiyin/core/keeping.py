"""How long cases and registers are kept, and figures that an act itself makes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huiyin.core.facts import Fact
from huiyin.core.limits import Limit, due_at, parse_limit
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Figure, Retention
from huiyin.core.rules import Adopted, FigureRule, RetentionRule
from huiyin.core.work import Work


def follow_retention(work: Work, adopted: Adopted, rule: RetentionRule, fact: Fact) -> None:
    """Keep the case or register from now on, until the last day of the time that the rule or the organisation names, or for good."""
    case = work.case
    if case is None or fact.case is None or not work.met(rule.on):
        return
    told = fact.details.get(rule.keep_detail) if rule.keep_detail else None
    if rule.keep_detail and not isinstance(told, date):
        return
    if rule.keep_setting and _set_time(adopted, rule) is None:
        return
    if isinstance(told, date):
        until: date | None = in_shanghai(told).date() if isinstance(told, datetime) else told
    else:
        until = _last_day(adopted, rule, fact.at)
    key = f"{adopted.regulation.prefix}:{rule.id}|{case.key}"
    work.keep(Retention(key, rule.cites[0], case.key, case.unit, fact.at, until, fact.text("register"), fact.text("period")))


def kept(adopted: Adopted, rule: RetentionRule, case: str, unit: str, at: datetime) -> Retention:
    """That ``case`` is kept by the ``rule`` from ``at`` on, until the last day of its time or the organisation's; without one for good."""
    return Retention(f"{adopted.regulation.prefix}:{rule.id}|{case}", rule.cites[0], case, unit, at, _last_day(adopted, rule, at))


def _last_day(adopted: Adopted, rule: RetentionRule, at: datetime) -> date | None:
    keep = _set_time(adopted, rule)
    ends = due_at(keep, at, adopted.workdays) if keep is not None else None
    return (ends - timedelta(microseconds=1)).date() if ends is not None else None


def _set_time(adopted: Adopted, rule: RetentionRule) -> Limit | None:
    if rule.keep_setting is None:
        return rule.keep
    value = adopted.setting(*rule.keep_setting)
    return parse_limit(str(value)) if value else None


def follow_figure(work: Work, adopted: Adopted, rule: FigureRule, fact: Fact) -> None:
    """Keep the figure of the act's unit and period."""
    if rule.on not in work.names:
        return
    unit, period = work.unit_of(fact), fact.text("period")
    figure = Figure(f"{rule.cites[0]}|{unit}|{period}", rule.cites[0], unit, rule.amount, fact.at, None, period)
    work.changed[("Figure", figure.key)] = figure
