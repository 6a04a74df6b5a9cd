"""Reads about imports."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from huiyin.desk.cases.models import Case
from huiyin.desk.imports.models import EXISTING, OPEN, REFUSED, TAKEN, VERDICTS, WAITING, Import, ImportRow, SavedMapping
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.plumbing.text import search_tokens

_REPORTED: Final = """
SELECT id FROM cases_case WHERE organisation_id = %s AND search @@ %s::tsquery AND external_numbers @> %s::jsonb
ORDER BY entered_at, id LIMIT 1
"""


def counts(one: Import) -> Mapping[str, int]:
    """How many rows have each verdict, and ``read`` how many there are: the verdicts add up to it."""
    rows = ImportRow.objects.filter(organisation_id=one.organisation_id, import_id=one.id)
    counted = dict(rows.order_by("verdict").values_list("verdict").annotate(Count("number")))
    return {"read": sum(counted.values()), **{verdict: counted.get(verdict, 0) for verdict in VERDICTS}}


def rows_with(one: Import, verdict: str) -> QuerySet[ImportRow]:
    """The rows with this verdict, in the order of the file."""
    return ImportRow.objects.filter(organisation_id=one.organisation_id, import_id=one.id, verdict=verdict).order_by("number")


def all_rows(one: Import) -> QuerySet[ImportRow]:
    """All rows, in the order of the file."""
    return ImportRow.objects.filter(organisation_id=one.organisation_id, import_id=one.id).order_by("number")


def waiting(one: Import, most: int, *, by_time: bool = False) -> list[ImportRow]:
    """The next rows to take: in the order of the file, or of their own times."""
    rows = rows_with(one, WAITING)
    return list((rows.order_by("happened_at", "number") if by_time else rows)[:most])


def made_by(one: Import) -> list[UUID]:
    """The ids of the homes, residents or accounts that the import has added."""
    found = rows_with(one, TAKEN).exclude(about_id=None).values_list("about_id", flat=True)
    return [key for key in found if key is not None]


def refused(one: Import) -> QuerySet[ImportRow]:
    """The rows that were refused, in the order of the file."""
    return rows_with(one, REFUSED)


def existing(one: Import) -> QuerySet[ImportRow]:
    """The rows that were there already."""
    return rows_with(one, EXISTING)


def known_ids(organisation_id: UUID, source: str, ids: Collection[str]) -> Mapping[str, UUID]:
    """Which of the source's ids have become cases before, with the case of each; in one query."""
    rows = ImportRow.objects.filter(organisation_id=organisation_id, source=source, source_id__in=set(ids), verdict=TAKEN)
    return {str(key): case for key, case in rows.values_list("source_id", "case_id") if case is not None}


def with_external_number(organisation_id: UUID, source: str, number: str) -> Case | None:
    """The case to which the source gave this number of its own, the earliest of several; None where there is none."""
    # The words lead there by the index; a number without a letter or digit is not looked for.
    words = " & ".join("'" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in search_tokens(number))
    if not words:
        return None
    # Asked by every hand-over, which seldom finds one: so the columns are read only then.
    with prepared_cursor() as cursor:
        cursor.execute(_REPORTED, [organisation_id, words, json.dumps({source: number})])
        row = cursor.fetchone()
    return Case.objects.get(organisation_id=organisation_id, id=row[0]) if row else None


def unattended() -> list[Import]:
    """The imports that have not ended and that nobody waits for, the oldest first."""
    return list(Import.objects.filter(state=OPEN, unattended=True).order_by("begun_at", "id"))


def counts_of(imports: Collection[Import]) -> Mapping[UUID, Mapping[str, int]]:
    """The same for several imports by their ids, in one query."""
    rows = ImportRow.objects.filter(import_id__in=[one.id for one in imports])
    found: dict[UUID, dict[str, int]] = {one.id: dict.fromkeys(("read", *VERDICTS), 0) for one in imports}
    for key, verdict, number in rows.order_by("import_id", "verdict").values_list("import_id", "verdict").annotate(Count("number")):
        found[key][verdict] = number
        found[key]["read"] += number
    return found


def saved_mappings(organisation_id: UUID) -> list[SavedMapping]:
    """The mappings that the organisation has under names, by name."""
    return list(SavedMapping.objects.filter(organisation_id=organisation_id).order_by("name"))


def sources(organisation_id: UUID) -> list[str]:
    """What the organisation has called its ledgers so far."""
    rows = Import.objects.filter(organisation_id=organisation_id).order_by("source")
    return list(rows.values_list("source", flat=True).distinct())
