"""Points: an entry for each warning that was confirmed, and a counter-entry where a clause takes it back. Nothing is ever erased."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.facts import WARNING_CONFIRMED, Fact
from huiyin.core.records import Score
from huiyin.core.rules import Adopted, ScoreRule
from huiyin.core.warnings import subject_about
from huiyin.core.work import Work


def follow_score(work: Work, adopted: Adopted, rule: ScoreRule, fact: Fact) -> None:
    """Enter the points of a confirmed warning once for each subject and unit; take them back when the rule says so."""
    names = work.names
    if f"{WARNING_CONFIRMED}:{rule.level}" in names:
        _enter(work, adopted, rule, fact)
    elif rule.taken_back_on in names:
        _take_back(work, rule, fact)


def _enter(work: Work, adopted: Adopted, rule: ScoreRule, fact: Fact) -> None:
    unit = work.unit_of(fact)
    issue = fact.text("issue") if fact.case is None else None
    subject = subject_about(work, adopted.regulation.prefix, rule.level, fact)
    for kind in rule.units:
        charged = work.known.units.ancestor(unit, kind)
        key = f"{rule.cites[0]}|{subject}|{charged.code if charged else ''}"
        if charged is None or key in work.scores:
            continue
        work.keep(
            Score(
                key=key,
                clause=rule.cites[0],
                unit=charged.code,
                amount=rule.amount,
                at=fact.at,
                case=fact.case,
                issue=issue,
                warning=fact.text("warning"),
                items=rule.items.get(kind, ()),
                reckoning=(("act", fact.event, fact.at.isoformat()), ("entry", rule.cites[0], str(rule.amount))),
            )
        )


def _take_back(work: Work, rule: ScoreRule, fact: Fact) -> None:
    """Counter-entries (D5) for all entries of this rule on the case that have none yet."""
    mine = [one for one in work.scores.values() if one.clause == rule.cites[0] and one.case == fact.case and not one.counters]
    for entry in mine:
        key = f"{entry.key}|back"
        if key not in work.scores:
            clause = rule.taken_back_clause or entry.clause
            work.keep(replace(entry, key=key, clause=clause, amount=-entry.amount, at=fact.at, counters=entry.key))
