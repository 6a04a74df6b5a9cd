"""How papers and publications are kept. They follow from facts; nothing else writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.core import records
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Table

PAPERS = Table(
    "documents_paper",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("key", "text"),
        ("clause", "text"),
        ("name", "text"),
        ("case_id", "uuid"),
        ("unit_code", "text"),
        ("period", "text"),
        ("state", "text"),
        ("at", "timestamptz"),
        ("missing_parts", "jsonb"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
    frozenset({"id"}),
)
PUBLICATIONS = Table(
    "documents_publication",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("key", "text"),
        ("clause", "text"),
        ("unit_code", "text"),
        ("period", "text"),
        ("at", "timestamptz"),
        ("audience", "text"),
        ("fact_id", "uuid"),
    ),
    ("organisation_id", "key"),
    frozenset({"id"}),
)


def paper_row(context: Context, record: records.Paper) -> dict[str, Any]:
    """The row of a paper."""
    return {
        "organisation_id": context.organisation_id,
        "id": new_id(context.entered_at),
        "key": record.key,
        "clause": record.clause,
        "name": record.name,
        "case_id": record.case,
        "unit_code": record.unit,
        "period": record.period,
        "state": record.state,
        "at": record.at,
        "missing_parts": list(record.missing_parts),
        "fact_id": context.fact_id,
    }


def paper(row: Mapping[str, Any]) -> records.Paper:
    """The paper of a row as ``to_jsonb`` gives it."""
    return records.Paper(
        key=row["key"],
        clause=row["clause"],
        name=row["name"],
        case=row["case_id"],
        unit=row["unit_code"],
        period=row["period"],
        state=row["state"],
        at=datetime.fromisoformat(row["at"]),
        missing_parts=tuple(row["missing_parts"]),
    )


def publication_row(context: Context, record: records.Publication) -> dict[str, Any]:
    """The row of a publication."""
    return {
        "organisation_id": context.organisation_id,
        "id": new_id(context.entered_at),
        "key": record.key,
        "clause": record.clause,
        "unit_code": record.unit,
        "period": record.period,
        "at": record.at,
        "audience": record.audience,
        "fact_id": context.fact_id,
    }


PAPER_KEEPER = Keeper(
    records.Paper,
    PAPERS,
    paper_row,
    paper,
    of_case="case_id = ANY(%(case)s)",
    of_unit="case_id IS NULL AND unit_code = ANY(%(unit)s) AND period = ANY(%(period)s)",
)


def publication_of(row: Mapping[str, Any]) -> records.Publication:
    """The publication in a row."""
    return records.Publication(
        row["key"], row["clause"], row["unit_code"], row["period"], datetime.fromisoformat(row["at"]), row["audience"]
    )


PUBLICATION_KEEPER = Keeper(records.Publication, PUBLICATIONS, publication_row, publication_of)
