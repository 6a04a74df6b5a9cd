"""A fact: something that happened, with the time when it happened and what travelled with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from huiyin.core.frozen import record

LIMIT_PASSED = "limit_passed"
LIMIT_KEPT = "limit_kept"
"""Found out of an act that was entered late: the limit that was taken for passed was kept, or was owed no more by then."""
MARKED = "marked"
WARNING_RAISED = "warning_raised"
WARNING_CONFIRMED = "warning_confirmed"
WARNING_DISMISSED = "warning_dismissed"
COMPLAINT_WITHDRAWN = "complaint_withdrawn"
CONVERTED = "help_request_converted"
DELETION_TRIED = "deletion_tried"
ELSEWHERE = "elsewhere"
"""A detail, true of an act that was done elsewhere and only came to us later: no regulation can refuse any more what has been done."""
ENTRY = "entry"
"""The detail of an act that names the entry of a register by which it was told."""
PUTS_RIGHT = "puts_right"
"""A detail of an act that is told again because its entry was corrected: when it was said to have been done until now (ISO). It stands in
the place of that act; nobody is told of it a second time."""
INSTEAD_OF = "instead_of"
"""Beside it: the ids of the facts in whose place it stands."""
YEAR_CLOSED = "year_closed"
"""The watch tells of it with the opening of the next year; it names the year that closed."""

PERIOD_OPENINGS = {
    "day_opened": "day",
    "week_opened": "week",
    "month_opened": "month",
    "quarter_opened": "quarter",
    "half_year_opened": "half",
    "year_opened": "year",
}
"""The openings that the watch makes by itself, with the kind of period each opens."""

BEGINS_CASE = ("complaint_received", "suggestion_received", "help_request_received", "suggestion_transferred_to_unit")
"""Events that begin a case when its key is new; any event that carries ``record`` does so too."""

FIRST_EVENTS: Mapping[str, str] = {
    "complaint_received": "complaint",
    "quality_form_issued": "complaint",
    "suggestion_received": "suggestion",
    "repair_reported": "repair",
    "help_request_received": "help_request",
    "oral_inquiry_received": "inquiry",
    "written_inquiry_received": "inquiry",
    "opinion_received": "opinion",
    "message_received": "opinion",
    "incident_reported": "emergency",
    "praise_received": "praise",
}
"""The events by which people take a case in, each with the kind of record that it usually begins."""
_NOBODY: frozenset[str] = frozenset()
FIRST_OR_LATER = frozenset({"praise_received", "quality_form_issued"})
"""Of these the ones that may also come to a case that there is."""


ASSIGNEE = "assignee"
"""The detail by which an act names persons beside the posts that it addresses."""
PERSONS_BEHIND: Mapping[str, str] = {"complained_about": "complained_person"}
"""Details that name posts, each with the one that names persons: of a post that only such persons hold it says the same."""


@record(frozen=True, slots=True)
class Fact:
    """Something that happened.

    ``at`` is when it happened (aware); ``entered_at`` when it was entered, if later. ``case``, ``unit`` and ``issue`` name what it is
    about; ``by`` is the role that acted. ``details`` are the facts that travel with the event (``to``, ``level``, ``result``,
    ``promised_at``, ``reason``, ``period``, ``category`` …), as the catalogue's README lists them.
    ``derived`` is true for what the reckoning found out by itself. ``person`` is who acted, whatever post they acted under; None where
    nobody did, or nobody knows.
    """

    event: str
    at: datetime
    case: str | None = None
    unit: str | None = None
    by: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    entered_at: datetime | None = None
    derived: bool = False
    person: str | None = None

    def to(self) -> frozenset[str]:
        """The roles that the act addressed; empty when it names none."""
        named = self.details.get("to", _NOBODY)
        return frozenset((named,)) if isinstance(named, str) else frozenset(named)

    def text(self, name: str) -> str | None:
        """The detail ``name`` as text, or None when it is absent or empty."""
        value = self.details.get(name)
        return str(value) if value not in (None, "") else None
