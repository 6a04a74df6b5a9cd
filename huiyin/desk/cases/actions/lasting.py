"""How long a case has to be kept: the longest time of its regulations counts, and whatever still needs it goes before all of them (X15)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.records import Retention
from huiyin.core.rules import Regulation, RetentionRule
from huiyin.desk.cases.models import Case, Tally
from huiyin.desk.facts.actions import lock, subject_of_case
from huiyin.desk.facts.keepers import keepers
from huiyin.desk.facts.queries import House, Past, load_cases
from huiyin.desk.keeping.kinds import Due, Held, Kind
from huiyin.desk.keeping.queries import check_free, check_over, longest
from huiyin.rulebook.load import regulation

ENDED: Final = ("closed", "archived", "void")


def due(organisation_id: UUID, case_id: UUID, today: date) -> Due:
    """The case, locked for us, whose times of keeping are over. Raises BadText for one that is not here or destroyed already, that is
    held, still needed or open, or has to be kept longer."""
    with connection.cursor() as cursor:
        lock(cursor, [subject_of_case(organisation_id, str(case_id))])
    case = _locked(organisation_id, case_id)
    refuse_needed(case, today)
    until, clauses = last_day(case)
    check_over(DESTROYABLE.name, case.number, until, clauses, today)
    if case.status not in ENDED:
        raise BadText(f"found case {case.number} still open, expected it closed; close it first", f"工单{case.number}尚未办结，不得销毁")
    return Due(case.number, "", case.unit_code, until, clauses)


def hold(organisation_id: UUID, case_id: UUID) -> Held:
    """The case, locked for us, to be kept from being destroyed. Raises BadText for one that is not here or destroyed already."""
    case = _locked(organisation_id, case_id)
    return Held(case.number, "", case.unit_code)


DESTROYABLE: Final = Kind("case", ("工单", "case"), "cases", due, hold)


def _locked(organisation_id: UUID, case_id: UUID) -> Case:
    case = Case.objects.select_for_update().filter(organisation_id=organisation_id, id=case_id).first()
    if case is None:
        raise BadText("found no such case here, expected one; correct the number", "没有这张工单；请核对单号")
    if case.destroyed_at is not None:
        raise BadText(f"found case {case.number} destroyed already; nothing is left to do", f"工单{case.number}已销毁")
    return case


def last_day(case: Case) -> tuple[date, tuple[str, ...]]:
    """The last day on which the case has to be kept, and the clauses that say so: the longest of its regulations counts (X15).

    A regulation that says nothing about keeping such cases has no part in it. Raises BadText where one says that they are kept and its time
    does not run or has no end, and where none says anything: no time means that nothing is destroyed.
    """
    found: list[Retention] = []
    with connection.cursor() as cursor:
        past = load_cases(cursor, House.of(case.organisation_id), [case.id]).get(str(case.id))
    for stem in case.editions:
        of = regulation(stem)
        rules = _speaking(of, case, past)
        kept = [one for rule in rules for one in _records(case, of, rule, past)]
        if rules and not kept:
            raise _without_time(case, of, rules)
        found += kept
    return longest(DESTROYABLE.name, case.number, found)


def _speaking(of: Regulation, case: Case, past: Past | None) -> list[RetentionRule]:
    """The rules by which the regulation keeps such cases: each by itself, or with the register that they make up."""
    rules = (rule for rule in of.rules if isinstance(rule, RetentionRule) and not rule.each)
    return [rule for rule in rules if (_is_of(rule, case, past) if rule.about == "case" else case.record in rule.records)]


def _is_of(rule: RetentionRule, case: Case, past: Past | None) -> bool:
    """Whether the rule means cases of this kind, to which this has happened where it asks for that."""
    known = past.known.case if past is not None else None
    happened = known.happened.keys() if known is not None else frozenset[str]()
    asked = [one for one in rule.when.questions if one.about in ("record", "happened")]
    return all(case.record in one.answers if one.about == "record" else not one.answers.isdisjoint(happened) for one in asked)


def _records(case: Case, of: Regulation, rule: RetentionRule, past: Past | None) -> Iterator[Retention]:
    stem = f"{of.prefix}:{rule.id}|"
    if rule.about == "case":
        yield from (one for key, one in (past.known.kept.items() if past else ()) if key.startswith(stem))
        return
    keeper = keepers()[Retention]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT to_jsonb(r)::text FROM "{keeper.table.name}" r WHERE organisation_id = %s AND unit_code = ANY(%s) AND period = %s '
            "AND starts_with(key, %s)",
            [case.organisation_id, _path(case), str(in_shanghai(case.received_at).year), stem],
        )
        rows = [json.loads(row[0]) for row in cursor.fetchall()]
    yield from (keeper.record(row) for row in rows if keeper.record)


def _path(case: Case) -> list[str]:
    return list(House.of(case.organisation_id).units.path(case.unit_code))


def _without_time(case: Case, of: Regulation, rules: list[RetentionRule]) -> BadText:
    named = "、".join(dict.fromkeys(rule.cites[0] for rule in rules))
    if any(rule.keep_setting for rule in rules):
        return BadText(
            f"found no time of keeping of {of.prefix} ({named}) for case {case.number}: none was set when it ended; set one in the "
            "adoption, then archive the case: its time runs from there",
            f"{named}：工单{case.number}结束时还没有设定保存期限，不得销毁；请先在制度采用中设定，再归档工单，期限自归档起算",
        )
    return BadText(
        f"found no time of keeping of {of.prefix} ({named}) running for case {case.number}, expected one; nothing goes without it",
        f"{named}：工单{case.number}的保存期限尚未起算，不得销毁",
    )


def refuse_needed(case: Case, today: date) -> None:
    """Raise BadText where the case is held, or where its home still counts in this year's households of its matter."""
    check_free(case.organisation_id, DESTROYABLE.name, case.number, case.id)
    counted = Tally.objects.filter(organisation_id=case.organisation_id, case_id=case.id, left_at=None, year__gte=today.year)
    if counted.exists():
        raise BadText(
            f"found case {case.number} among the households counted this year, expected that year to be over; wait until then",
            f"工单{case.number}还计在今年同类问题的户数里；请到明年再销毁",
        )
