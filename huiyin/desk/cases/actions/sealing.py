"""Taking out of a case what has been marked as secret: it is kept apart, and everything that reads the case finds it gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from huiyin.core.known import Case
from huiyin.core.secrecy import CONTACT, STORY, WISH, Hidden, hidden
from huiyin.desk.cases.access import Veil
from huiyin.desk.cases.models import Secret
from huiyin.desk.facts.keepers import Context
from huiyin.desk.facts.queries import House
from huiyin.desk.messaging.actions import forget_params
from huiyin.plumbing.rows import Rows, Table
from huiyin.plumbing.text import search_tokens
from huiyin.rulebook.load import marks_of_secrets

SECRETS: Final = Table(
    "cases_secret",
    (("organisation_id", "uuid"), ("case_id", "uuid"), ("parts", "jsonb"), ("texts", "jsonb"), ("words", "jsonb")),
    ("organisation_id", "case_id"),
)
COLUMNS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    STORY: ("title", "story"),
    WISH: ("wish",),
    CONTACT: ("contact_name", "contact_phone", "place", "household_code", "household_id", "resident_id"),
}
"""The columns of a case in which its parts stand; records and papers stand elsewhere."""
_WORDED: Final = ("title", "story", "wish", "contact_name", "place")
_IN_MESSAGES: Final = ("summary", "room")


def seal(rows: Rows, context: Context, row: dict[str, Any], case: Case) -> None:
    """Take what the regulations hide of the case out of its ``row``, into a row of its own that only ``access`` opens.

    ``secrets`` of the row then says what is hidden under which rule. Nothing can be found by it any more, and messages about the case
    that people have already got lose it too.
    """
    if marks_of_secrets().isdisjoint(case.marks):
        return
    house = House(context.organisation_id, context.edition or UUID(int=0), context.units)
    found = hidden(house.adopted_for_case(case, context.entered_at), case)
    said = [{"rule": one.rule, "clause": one.clause, "parts": sorted(one.parts), "words": len(one.words)} for one in found]
    taken = _taken_out(row, found)
    if said == row["secrets"] and not taken:
        return
    kept = Secret.objects.filter(organisation_id=context.organisation_id, case_id=row["id"]).first()
    rows.put(
        SECRETS,
        {
            "organisation_id": context.organisation_id,
            "case_id": row["id"],
            "parts": sorted({part for one in found for part in one.parts}),
            "texts": {**taken, **(kept.texts if kept else {})},
            "words": [word for one in found for word in one.words],
        },
    )
    row["secrets"], row["search"] = said, found_by(row)
    forget_params(context.organisation_id, UUID(str(row["id"])), _IN_MESSAGES)


def _taken_out(row: dict[str, Any], found: Iterable[Hidden]) -> dict[str, str]:
    """What stood in the columns that are hidden, and in those with words to hide; the row stands without it."""
    taken: dict[str, str] = {}
    for name in [name for one in found for part in one.parts for name in COLUMNS_OF.get(part, ())]:
        if row[name]:
            taken[name] = str(row[name])
            row[name] = None if name.endswith("_id") else ""
    veil = Veil(words=tuple(word for one in found for word in one.words))
    for name in _WORDED:
        if (masked := veil.text(row[name])) != row[name]:
            taken[name], row[name] = row[name], masked
    return taken


def found_by(row: Mapping[str, Any]) -> str:
    """What a case is found by, as PostgreSQL reads a tsvector: the words of the columns that people look for."""
    texts = [str(row[name] or "") for name in ("title", "story", "wish", "place", "household_code", "contact_name")]
    texts += [str(number) for number in row["external_numbers"].values()]
    tokens = search_tokens(" ".join(text[:2000] for text in texts if text))
    return " ".join("'" + one.replace("\\", "\\\\").replace("'", "''") + "'" for one in tokens if len(one) < 200)
