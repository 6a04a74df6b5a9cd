"""Telling the customer outside the house what has become of their case – that it is accepted, that it is done –, and those who work on it
what the customer says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.moments import in_shanghai
from huiyin.desk.cases.lifecycle import RATED, VISIT, VOID
from huiyin.desk.facts.keepers import Context
from huiyin.desk.messaging.actions import put, put_to_customer, take_back
from huiyin.desk.people.access import COUNTER, HEADS, LIAISONS, MANAGERS
from huiyin.desk.people.queries import holders
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.words import value_name

ACCEPTED: Final = "customer.accepted"
DONE: Final = "customer.done"
_TOLD: Final = frozenset({"complaint", "repair", "help_request", "suggestion", "inquiry"})
_FRESH: Final = timedelta(days=1)
"""What reached us longer ago was brought in from elsewhere: nobody waits for a word that it has arrived."""
_SAID_BY_CUSTOMER: Final[Mapping[tuple[str, str], str]] = {
    ("case_urged", ""): "case.urged",
    (RATED, "solved"): "case.rated_solved",
    (RATED, "not_solved"): "case.rated_not_solved",
    ("complaint_withdrawn", ""): "case.withdrawn",
}
"""The topics by which staff hear what the customer says; by the event, and the result that it tells."""
_HEARING: Final = (LIAISONS, HEADS | COUNTER | MANAGERS)
"""Who hears it where nobody has the case in hand: the first of these that somebody holds there."""


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


def tell_staff(rows: Rows, context: Context, row: Mapping[str, Any], facts: Sequence[Fact]) -> None:
    """Put what those who have the case in hand are to hear of ``facts``; whoever did the act hears nothing of it."""
    for fact in facts:
        topic = _SAID_BY_CUSTOMER.get((fact.event, fact.text("result") or ""))
        if topic is None or fact.derived or context.entered_at - fact.at > _FRESH:
            continue
        for person in in_hand(context.organisation_id, row["handler_id"], row["unit_code"], context.entered_at):
            if person != context.by_person:
                put(
                    rows, context.organisation_id, f"{topic}:{row['id']}:{fact.at.isoformat()}", topic, at=context.entered_at,
                    to_staff=person, case_id=row["id"], unit_code=row["unit_code"], params=_said(row, fact),
                )  # fmt: skip


def in_hand(organisation_id: UUID, handler: UUID | None, unit: str, at: datetime) -> tuple[UUID, ...]:
    """Who has a case of the unit in hand: its handler, else those of the unit who would take it; empty where nobody is found."""
    if handler is not None:
        return (handler,)
    day = in_shanghai(at).date()
    for roles in _HEARING:
        held = (holders(organisation_id, role, unit, day, named=True) for role in sorted(roles))
        if found := tuple(dict.fromkeys(person for each in held for person in each)):
            return found
    return ()


def _said(row: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    told = {"number": row["number"], "record": row["record"]}
    if not row["secrets"]:
        told |= {"room": row["household_code"] or "", "words": fact.text("text") or fact.text("reason") or ""}
    if fact.event == "case_urged":
        told["count"] = str(row["urged_count"])
    if rating := fact.text("rating"):
        told["rating"] = {"zh": value_name(rating, "zh-hans"), "en": value_name(rating, "en")}
    return told
