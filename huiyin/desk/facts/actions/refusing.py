"""Acts that a regulation refuses: they have no effect but their record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.records import Refusal
from huiyin.desk.journal import actions as journal


class Refused(Exception):
    """An act that the regulations do not allow: nothing of it stands. ``refusal`` names the clause and says why.

    ``fact`` is what was tried, by whom, in which organisation, and when it was entered.
    """

    def __init__(self, refusal: Refusal, organisation_id: UUID, fact: Fact, by: UUID | None, at: datetime) -> None:
        super().__init__(f"{refusal.clause}: {refusal.why_en}")
        self.refusal, self.organisation_id, self.fact, self.by, self.at = refusal, organisation_id, fact, by, at


def note_refusal(refused: Refused) -> None:
    """Enter the refused act in the journal, in a transaction of its own: call it when that of the act is over."""
    fact = refused.fact
    journal.write_now(
        refused.organisation_id,
        "facts.refused",
        by=journal.By(fact.by or "platform", refused.by),
        at=fact.at,
        entered_at=refused.at,
        subject=f"case:{fact.case}" if fact.case else f"unit:{fact.unit}",
        clauses=[refused.refusal.clause],
        body={"event": fact.event, "why": refused.refusal.why_zh},
    )
