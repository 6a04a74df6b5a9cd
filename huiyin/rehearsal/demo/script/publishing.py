"""A notice to the customers in a script: written, mended, approved by a second person, issued, put up with a photo, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from huiyin.desk.publications import actions, queries
from huiyin.desk.publications.actions import Actor
from huiyin.desk.publications.models import WITHDRAWN, Notice
from huiyin.desk.publications.writing import choosing
from huiyin.rehearsal.demo.photos import photo_of_board

_HIDDEN: Final = "某处"
"""What stands in a notice for a name, a home or a number."""


@dataclass(slots=True)
class Publishing:
    """The notice of a unit and month while it is made."""

    organisation_id: UUID
    unit: str
    period: str

    def publish(self, what: str, said: Mapping[str, Any], by: Actor, at: datetime) -> None:
        """Do a part of it: "draft", "hand-in", "approve", "issue", "post", "withdraw". A month without anything to publish is recorded as
        such with the draft, and the other parts do nothing. Raises KeyError for another part, BadText and Refused as the acts."""
        if what == "draft":
            self._draft(said, by, at)
            return
        parts: Mapping[str, Callable[[Notice], object]] = {
            "hand-in": lambda notice: actions.hand_in(notice, by=by, at=at),
            "approve": lambda notice: actions.approve(notice, by=by, at=at),
            "issue": lambda notice: actions.issue(notice, by=by, at=at),
            "post": lambda notice: actions.put_up(notice, str(said["place"]), at, photo_of_board(), by=by, at=at),
            "withdraw": lambda notice: actions.withdraw(notice, str(said["why"]), by=by, at=at),
        }
        does, notice = parts[what], self._notice()
        if notice is not None:
            does(notice)

    def _notice(self) -> Notice | None:
        rows = Notice.objects.filter(organisation_id=self.organisation_id, unit_code=self.unit, period=self.period)
        return rows.exclude(state=WITHDRAWN).first()

    def _draft(self, said: Mapping[str, Any], by: Actor, at: datetime) -> None:
        if not choosing.candidates(self.organisation_id, self.unit, self.period, at):
            actions.nothing_to_publish(self.organisation_id, self.unit, self.period, by=by, at=at)
            return
        notice = actions.draft(self.organisation_id, self.unit, self.period, by=by, at=at)
        texts = {one.key: _without(one) for one in queries.checked(notice)}
        lines = {one.case_id: texts[str(one.case_id)] for one in queries.lines(notice)}
        outlets = said.get("outlets", notice.outlets)
        actions.mend(notice, texts[queries.LEAD], lines, list(lines), outlets, by=by, at=at)


def _without(told: queries.Checked) -> str:
    """The text without what may not be published."""
    text = told.text
    for one in reversed(told.found):
        text = text[: one.start] + _HIDDEN + text[one.end :]
    return text
