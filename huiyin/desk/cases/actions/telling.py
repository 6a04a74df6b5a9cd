"""Telling the customer outside the house what has become of their case: that it is accepted, that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from huiyin.desk.cases.lifecycle import VISIT, VOID
from huiyin.desk.facts.keepers import Context
from huiyin.desk.messaging.actions import put_to_customer, take_back
from huiyin.plumbing.rows import Rows

ACCEPTED: Final = "customer.accepted"
DONE: Final = "customer.done"
_TOLD: Final = frozenset({"complaint", "repair", "help_request", "suggestion", "inquiry"})
_FRESH: Final = timedelta(days=1)
"""What reached us longer ago was brought in from elsewhere: nobody waits for a word that it has arrived."""


def tell_customer(rows: Rows, context: Context, was: Mapping[str, Any], row: Mapping[str, Any], *, new: bool) -> None:
    """Put what the customer is to be told by this change. What waits and is true no more is taken back."""
    if row["record"] not in _TOLD or context.edition is None:
        return
    if not new and was["status"] == VISIT != row["status"]:
        take_back(context.organisation_id, row["id"], DONE)
    if new and row["status"] != VOID and row["entered_at"] - row["received_at"] < _FRESH:
        _put(rows, context, row, ACCEPTED, "")
    if row["status"] == VISIT != was["status"]:
        _put(rows, context, row, DONE, str(row["version"]))


def _put(rows: Rows, context: Context, row: Mapping[str, Any], topic: str, which: str) -> None:
    if context.edition is not None and row["contact_phone"]:
        put_to_customer(
            rows, context.organisation_id, f"{topic}:{row['id']}:{which}", topic, row["contact_phone"], at=context.entered_at,
            edition=context.edition, case_id=row["id"], unit_code=row["unit_code"],
            params={"number": row["number"], "record": row["record"]},
        )  # fmt: skip
