"""Keeping what a case has become: its row, its marks, what it counts for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core import known
from huiyin.core.facts import ASSIGNEE, LIMIT_PASSED, PERSONS_BEHIND, WARNING_RAISED, Fact
from huiyin.core.moments import in_shanghai
from huiyin.core.questions import values_of
from huiyin.core.records import Mark
from huiyin.desk.cases.actions.numbering import next_number
from huiyin.desk.cases.actions.sealing import found_by, seal
from huiyin.desk.cases.actions.telling import tell_customer, tell_staff
from huiyin.desk.cases.lifecycle import (
    ACCEPTANCE,
    BEGUN,
    CLOSED,
    DISPATCH,
    NUMBER_TYPES,
    OPEN_STATES,
    PROGRESS,
    RATED,
    VOID,
    state_after,
    void_reason,
)
from huiyin.desk.facts.keepers import CaseKeeper, Context, Keeper
from huiyin.desk.facts.queries import House, home_of, moment
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.rows import Rows, Table
from huiyin.rulebook.load import counts_in_tallies, regulation

COLUMNS = (
    ("organisation_id", "uuid"),
    ("id", "uuid"),
    ("number", "text"),
    ("record", "text"),
    ("status", "text"),
    ("unit_code", "text"),
    ("path", "text[]"),
    ("received_at", "timestamptz"),
    ("entered_at", "timestamptz"),
    ("channel", "text"),
    ("category", "jsonb"),
    ("severity", "jsonb"),
    ("marks", "jsonb"),
    ("issue", "text"),
    ("household_id", "uuid"),
    ("household_code", "text"),
    ("place", "text"),
    ("resident_id", "uuid"),
    ("contact_name", "text"),
    ("contact_phone", "text"),
    ("title", "text"),
    ("story", "text"),
    ("wish", "text"),
    ("confidential", "bool"),
    ("secrets", "jsonb"),
    ("urgency", "text"),
    ("urged_count", "int"),
    ("reopened_count", "int"),
    ("void_reason", "text"),
    ("joined_to", "uuid"),
    ("external_numbers", "jsonb"),
    ("editions", "jsonb"),
    ("query_code", "text"),
    ("search", "tsvector"),
    ("handler_id", "uuid"),
    ("department", "text"),
    ("follower", "text"),
    ("on_hold_until_at", "timestamptz"),
    ("last_act_at", "timestamptz"),
    ("closed_at", "timestamptz"),
    ("version", "int"),
)
CASES = Table("cases_case", COLUMNS, ("organisation_id", "id"), frozenset({"number", "received_at", "query_code"}))
MARKS = Table(
    "cases_mark",
    (
        ("organisation_id", "uuid"),
        ("key", "text"),
        ("mark", "text"),
        ("clause", "text"),
        ("case_id", "uuid"),
        ("at", "timestamptz"),
        ("ended_at", "timestamptz"),
        ("unit_code", "text"),
        ("period", "text"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
)
TALLIES = Table(
    "cases_tally",
    (
        ("organisation_id", "uuid"),
        ("scope_unit", "text"),
        ("issue", "text"),
        ("year", "int"),
        ("household", "text"),
        ("case_id", "uuid"),
        ("left_at", "timestamptz"),
    ),
    ("organisation_id", "scope_unit", "case_id"),
)
FIGURES = Table(
    "cases_monthfigure",
    (
        ("organisation_id", "uuid"),
        ("figure", "text"),
        ("subject", "text"),
        ("unit_code", "text"),
        ("month", "text"),
        ("case_id", "uuid"),
        ("at", "timestamptz"),
    ),
    ("organisation_id", "figure", "subject"),
    frozenset({"unit_code", "month", "case_id", "at"}),
)
_PLACE = ("household_id", "place", "resident_id", "confidential", "urgency")
_WORDS = ("contact_name", "contact_phone", "title", "story", "wish")
_TALLIES = (
    "SELECT scope_unit, count(DISTINCT household) FROM cases_tally WHERE organisation_id = %(organisation)s AND issue = %(issue)s "
    "AND year = %(year)s AND scope_unit = ANY(%(unit)s) AND left_at IS NULL AND household <> %(household)s GROUP BY scope_unit"
)


def keep_case(
    rows: Rows, context: Context, before: Mapping[str, Any] | None, facts: Sequence[Fact], about: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Put the case's row as it stands after ``facts``, its tallies and the figures it counts in; returns the row."""
    case = context.case
    if case is None:
        raise ValueError("found no case to keep, expected the case that the facts tell; store facts through facts.actions.store")
    row = dict(before) if before is not None else _new_row(context, case, about)
    was = dict(row)
    _take_over(row, context, case)
    for fact in facts:
        _after_fact(row, fact, context)
    seal(rows, context, row, case)
    tell_customer(rows, context, was, row, new=before is None)
    tell_staff(rows, context, row, facts)
    rows.put(CASES, {name: row[name] for name, _ in COLUMNS})
    if row["record"] == "complaint":
        _count(rows, context, was, row, case)
    for figure in _figures(row, facts):
        rows.put(FIGURES, {"organisation_id": context.organisation_id, **figure})
    return row


def goes_on(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a case is told of the one (the ``row``) that goes on as it: where, who, in which words; no words where some are secret."""
    told = _PLACE if row.get("secrets") else (*_PLACE, *_WORDS)
    return {name: row[name] for name in told if row.get(name)}


def _new_row(context: Context, case: known.Case, about: Mapping[str, Any]) -> dict[str, Any]:
    blank: dict[str, Any] = {name: None for name, _ in COLUMNS}
    blank |= {name: "" for name, kind in COLUMNS if kind == "text"}
    blank |= {
        "organisation_id": context.organisation_id,
        "id": case.key,
        "status": DISPATCH,
        "record": case.record,
        "received_at": case.received_at,
        "entered_at": context.entered_at,
        "confidential": False,
        "secrets": [],
        "urged_count": 0,
        "reopened_count": 0,
        "external_numbers": {},
        "editions": {},
        "query_code": f"{secrets.randbelow(1_000_000):06d}",
        "version": 0,
        **about,
    }
    blank["search"] = found_by(blank)
    blank["number"] = next_number(context.organisation_id, NUMBER_TYPES.get(case.record, "QT"), in_shanghai(context.entered_at).date())
    return blank


def _take_over(row: dict[str, Any], context: Context, case: known.Case) -> None:
    """What the reckoning knows of the case: where it is, its classes, its marks."""
    row["unit_code"] = case.unit
    if not row["editions"] and context.edition:
        # The first that govern it, which is at its dispatch where none was in force when it was received.
        adopted = House(context.organisation_id, context.edition, context.units).adopted_for_case(case, case.received_at)
        row["editions"] = {one.regulation.stem: one.regulation.edition for one in adopted}
    row["path"] = list(context.units.path(case.unit))
    for name in ("category", "severity"):
        row[name] = {prefix: keys[-1] for prefix, keys in case.schemes.get(name, {}).items() if keys}
    row["channel"] = case.scheme("channel", "*") or next(
        (keys[-1] for keys in case.schemes.get("channel", {}).values() if keys), row["channel"]
    )
    row["marks"] = sorted({mark.partition("/")[2] for mark in case.marks})
    row["issue"] = case.plain.get("issue", row["issue"])
    if row.get("destroyed_at") is None:
        row["household_code"] = row["household_code"] or case.plain.get("household", "")
    row["version"] = int(row["version"]) + 1


def _after_fact(row: dict[str, Any], fact: Fact, context: Context) -> None:
    before = row["status"]
    row["status"] = state_after(before, fact.event, fact.details, map(regulation, row["editions"]))
    if not fact.derived and fact.event != LIMIT_PASSED:
        row["last_act_at"] = fact.at
    row["last_act_at"] = row["last_act_at"] or fact.at
    if row["status"] == VOID and before != VOID:
        row["void_reason"] = void_reason(fact.event, fact.details)
        # A rehearsal may name the other case by a word of its own.
        into = read_id(fact.details.get("into")) if fact.event == "case_joined" else None
        row["joined_to"] = str(into) if into is not None else None
    if before == VOID and row["status"] != VOID:
        row["void_reason"], row["joined_to"], row["closed_at"] = "", None, None
    if row["status"] in (CLOSED, VOID) and before in OPEN_STATES:
        row["closed_at"] = fact.at
    if row["status"] == PROGRESS and fact.event in ("return_visit_done", "case_reopened", RATED) and before != PROGRESS:
        row["reopened_count"] = int(row["reopened_count"]) + 1
        row["closed_at"] = None
    if fact.event in BEGUN and before == ACCEPTANCE and row["status"] == PROGRESS and row["handler_id"] is None:
        row["handler_id"] = context.by_person
    _details_after(row, fact, context)
    concerned = {person for name in PERSONS_BEHIND.values() for person in values_of(fact.details.get(name))}
    if str(row["handler_id"]) in concerned:
        row["handler_id"] = None


def _details_after(row: dict[str, Any], fact: Fact, context: Context) -> None:
    if fact.event == "case_urged":
        row["urged_count"] = int(row["urged_count"]) + 1
    elif fact.event == "order_accepted":
        row["handler_id"] = context.by_person
    elif fact.event == "complaint_assigned" and fact.details.get(ASSIGNEE):
        row["handler_id"] = _first_person(fact.details[ASSIGNEE])
    elif fact.event == "responsible_department_fixed":
        row["department"] = fact.text("department") or row["department"]
    elif fact.event == "follower_named":
        person = _first_person(fact.details.get(ASSIGNEE))
        row["follower"] = str(person) if person else "、".join(sorted(fact.to()))[:80]
    elif fact.event in ("case_held", "case_resumed"):
        row["on_hold_until_at"] = fact.details.get("new_date") if fact.event == "case_held" else None


def _first_person(told: Any) -> UUID | None:
    return next((found for one in sorted(values_of(told)) if (found := read_id(one)) is not None), None)


def _count(rows: Rows, context: Context, was: Mapping[str, Any], row: Mapping[str, Any], case: known.Case) -> None:
    """Let the household be counted where the case stands now, and no longer where it stood before it was moved or lost its issue."""
    counts = counts_in_tallies(case)
    here, before = (one["path"] if one["issue"] and _home(one, case) else () for one in (row, was))
    for unit in here:
        rows.put(TALLIES, _tally(context, row, unit, case, None if counts else context.entered_at))
    for unit in set(before or ()) - set(here):
        rows.put(TALLIES, _tally(context, was, unit, case, context.entered_at))


def _tally(context: Context, row: Mapping[str, Any], unit: str, case: known.Case, left_at: datetime | None) -> dict[str, Any]:
    return {
        "organisation_id": context.organisation_id,
        "scope_unit": unit,
        "issue": row["issue"],
        "year": in_shanghai(case.received_at).year,
        "household": home_of(row["unit_code"], _home(row, case)),
        "case_id": case.key,
        "left_at": left_at,
    }


def _home(row: Mapping[str, Any], case: known.Case) -> str:
    """The home that the case counts for, whether its row may say it or not."""
    return case.plain.get("household") or str(row["household_code"] or "")


def _figures(row: Mapping[str, Any], facts: Sequence[Fact]) -> Iterator[dict[str, Any]]:
    for number, fact in enumerate(facts):
        figure = _figure_of(row, fact, first=number == 0 and int(row["version"]) == 1)
        if figure is not None:
            name, subject = figure
            month = f"{in_shanghai(fact.at):%Y-%m}"
            yield {
                "figure": name,
                "subject": subject,
                "unit_code": row["unit_code"],
                "month": month,
                "case_id": row["id"],
                "at": fact.at,
            }


def _figure_of(row: Mapping[str, Any], fact: Fact, *, first: bool) -> tuple[str, str] | None:
    case, at = row["id"], fact.at.isoformat()
    if first:
        return f"received_{row['record']}"[:40], str(case)
    if fact.event == LIMIT_PASSED:
        return "late", str(fact.details["clock"])
    if fact.event == WARNING_RAISED:
        return f"warning_{fact.text('level')}", f"{case}|{at}"
    if fact.event == "return_visit_done":
        return f"visit_{fact.text('result') or 'unrated'}"[:40], f"{case}|{at}"
    named = {"case_closed": "closed", "case_urged": "urged", "case_reopened": "reopened", "complaint_handled": "handled"}
    return (named[fact.event], f"{case}|{at}") if fact.event in named else None


def _mark_row(context: Context, mark: Mark) -> dict[str, Any]:
    return {
        "organisation_id": context.organisation_id,
        "key": mark.key,
        "mark": mark.mark,
        "clause": mark.clause,
        "case_id": mark.case,
        "at": mark.at,
        "ended_at": mark.ended_at,
        "unit_code": mark.unit,
        "period": mark.period,
        "fact_id": context.fact_id,
    }


def _mark_of(row: Mapping[str, Any]) -> Mark:
    ended: datetime | None = moment(row["ended_at"]) if row["ended_at"] else None
    return Mark(row["key"], row["mark"], row["clause"], row["case_id"], moment(row["at"]), ended, row["unit_code"], row["period"])


MARK_KEEPER = Keeper(Mark, MARKS, _mark_row, _mark_of, of_case="case_id = ANY(%(case)s)")
CASE_KEEPER = CaseKeeper("cases_case", keep_case, _TALLIES, goes_on)
