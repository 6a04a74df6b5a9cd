"""What would have been different: the past replayed with and without a regulation, told by unit and clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.moments import BadText
from huiyin.core.rules import Adopted, ClockRule
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.templatetags.parts import span_words
from huiyin.rehearsal.past import Change, Comparison, compare
from huiyin.rehearsal.stored import numbers_of, past_of
from huiyin.rulebook.text import clauses as texts
from huiyin.rulebook.words import event_name, regulation_of

MOST_FACTS: Final = 20_000
MOST_CASES: Final = 5
WHAT: Final = {"limit": _("时限"), "lateness": _("超时"), "warning": _("预警"), "points": _("扣分"), "refusal": _("拒绝")}


def rehearse(who: Acting, new: Adopted, days: int, now: datetime) -> dict[str, Any]:
    """The past of so many days replayed with and without the new regulation: every change by unit and clause, with its cases.

    Raises BadText where there are more facts than a page can replay.
    """
    units = places.units(who.organisation_id)
    facts = past_of(who.organisation_id, now - timedelta(days=days), now)
    if len(facts) > MOST_FACTS:
        raise BadText(
            f"found {len(facts)} facts in {days} days, expected at most {MOST_FACTS}; choose fewer days or use huiyin rehearse --past",
            f"{days}天内有{len(facts)}条记录，页面最多试算{MOST_FACTS}条；请缩短天数，或用命令 huiyin rehearse --past",
        )
    before = adopted_for(who.organisation_id, now)
    kept = tuple(one for one in before if (one.regulation.stem, one.unit) != (new.regulation.stem, new.unit))
    found = compare(facts, units, before, (*kept, replace(new, from_on=None)), now)
    return _compared(who, found, _never_recorded(new, frozenset(one.event for one in facts)))


def _never_recorded(new: Adopted, recorded: frozenset[str]) -> Mapping[str, str]:
    """By clause the act that ends its limit, where the past has no such act: nobody recorded it, so every such limit passes."""
    limits = [one for one in new.regulation.rules if isinstance(one, ClockRule) and one.ends.event not in recorded]
    return {rule.cites[0]: rule.ends.event for rule in limits}


def _compared(who: Acting, found: Comparison, unrecorded: Mapping[str, str]) -> dict[str, Any]:
    numbers = numbers_of(who.organisation_id)
    rows: dict[tuple[str, str], list[Change]] = {}
    for one in found.changes:
        if not one.unit or one.unit in who.codes:
            rows.setdefault((one.unit, one.clause), []).append(one)
    changes = [_row(who.organisation_id, place, told, numbers, unrecorded) for place, told in rows.items()]
    return {"facts": found.facts, "cases": found.cases, "changes": changes}


def _row(
    organisation_id: UUID, place: tuple[str, str], told: Sequence[Change], numbers: Mapping[str, str], unrecorded: Mapping[str, str]
) -> dict[str, Any]:
    unit, clause = place
    by_what = {one.what: one for one in told}
    cases = [numbers[one] for one in dict.fromkeys(case for change in told for case in change.cases) if one in numbers]
    late = "lateness" in by_what and clause in unrecorded
    return {
        "unit": unit_word(organisation_id, unit) if unit else "--",
        "clause": clause,
        "url": clause_url(clause),
        "name": _clause_name(clause),
        "told": [_told(by_what[what]) for what in WHAT if what in by_what],
        "unrecorded": event_name(unrecorded[clause], language()) if late else "",
        "cases": cases[:MOST_CASES],
        "more": max(0, len(cases) - MOST_CASES),
    }


def _clause_name(clause: str) -> str:
    of = regulation_of(clause)
    return next((one.name(language()) for one in texts(of.stem) if one.id == clause), "") if of else ""


def _told(one: Change) -> dict[str, Any]:
    moved = " ~ ".join(dict.fromkeys(_moved(span) for span in one.moved)) if one.moved else ""
    return {"what": str(WHAT[one.what]), "before": one.before, "after": one.after, "moved": moved}


def _moved(span: timedelta) -> str:
    return (gettext("提前 %(span)s") if span < timedelta() else gettext("推后 %(span)s")) % {"span": span_words(abs(span))}
