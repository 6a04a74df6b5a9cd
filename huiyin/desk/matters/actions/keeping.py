"""How things, figures and times of keeping are kept. They follow from facts; nothing else writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.records import Figure, Retention
from huiyin.desk.facts.keepers import Context, Keeper, MatterKeeper
from huiyin.desk.facts.queries import moment
from huiyin.plumbing.rows import Rows, Table

MATTERS = Table(
    "matters_matter",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("about", "text"),
        ("key", "text"),
        ("name", "text"),
        ("unit_code", "text"),
        ("path", "text[]"),
        ("category", "jsonb"),
        ("began_at", "timestamptz"),
        ("last_at", "timestamptz"),
        ("last_event", "text"),
    ),
    ("organisation_id", "id"),
    frozenset({"began_at", "about", "key", "name"}),
)
FIGURES = Table(
    "matters_figure",
    (
        ("organisation_id", "uuid"),
        ("key", "text"),
        ("clause", "text"),
        ("unit_code", "text"),
        ("amount", "numeric"),
        ("at", "timestamptz"),
        ("case_id", "uuid"),
        ("period", "text"),
        ("rank", "int"),
        ("reckoning", "jsonb"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
)
RETENTIONS = Table(
    "matters_retention",
    (
        ("organisation_id", "uuid"),
        ("key", "text"),
        ("clause", "text"),
        ("case_id", "uuid"),
        ("unit_code", "text"),
        ("register", "text"),
        ("period", "text"),
        ("at", "timestamptz"),
        ("until_on", "date"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
)


def keep_matter(rows: Rows, context: Context, facts: Sequence[Fact]) -> Mapping[str, Any]:
    """Put the row of the thing as it stands after ``facts``; returns it, with what messages about it say."""
    thing = context.case
    if thing is None:
        raise ValueError(f"found no thing behind {context.about!r}, expected one that its facts have begun")
    acts = [fact for fact in facts if not fact.derived and fact.event != LIMIT_PASSED] or list(facts)
    name = context.about.partition(":")[2]
    row = {
        "organisation_id": context.organisation_id,
        "id": thing.key,
        "about": thing.record,
        "key": context.about,
        "name": name.rpartition("/")[2] or name,
        "unit_code": thing.unit,
        "path": list(context.units.path(thing.unit)),
        "category": {prefix: keys[-1] for prefix, keys in thing.schemes.get("category", {}).items() if keys},
        "began_at": thing.received_at,
        "last_at": acts[-1].at if acts else thing.received_at,
        "last_event": (acts[-1].event if acts else "")[:120],
    }
    rows.put(MATTERS, row)
    return {**row, "number": row["name"], "title": row["name"], "household_code": None, "record": thing.record}


def _figure_row(context: Context, record: Figure) -> dict[str, Any]:
    return {
        "organisation_id": context.organisation_id,
        "key": record.key,
        "clause": record.clause,
        "unit_code": record.unit,
        "amount": record.amount,
        "at": record.at,
        "case_id": record.case,
        "period": record.period,
        "rank": record.rank,
        "reckoning": [list(step) for step in record.reckoning],
        "fact_id": context.fact_id,
    }


def figure_of(row: Mapping[str, Any]) -> Figure:
    """The figure of a row as ``to_jsonb`` gives it."""
    return Figure(
        key=row["key"],
        clause=row["clause"],
        unit=row["unit_code"],
        amount=Decimal(str(row["amount"])),
        at=moment(row["at"]),
        case=row["case_id"],
        period=row["period"],
        rank=row["rank"],
        reckoning=tuple(tuple(step) for step in row["reckoning"]),
    )


def _retention_row(context: Context, record: Retention) -> dict[str, Any]:
    return {
        "organisation_id": context.organisation_id,
        "key": record.key,
        "clause": record.clause,
        "case_id": record.case,
        "unit_code": record.unit,
        "register": record.register,
        "period": record.period,
        "at": record.at,
        "until_on": record.until,
        "fact_id": context.fact_id,
    }


def retention_of(row: Mapping[str, Any]) -> Retention:
    """The time of keeping of a row as ``to_jsonb`` gives it."""
    until = date.fromisoformat(row["until_on"]) if row["until_on"] else None
    return Retention(row["key"], row["clause"], row["case_id"], row["unit_code"], moment(row["at"]), until, row["register"], row["period"])


MATTER_KEEPER = MatterKeeper(keep_matter)
FIGURE_KEEPER = Keeper(Figure, FIGURES, _figure_row, figure_of)
RETENTION_KEEPER = Keeper(Retention, RETENTIONS, _retention_row, retention_of, of_case="case_id = ANY(%(case)s)")
