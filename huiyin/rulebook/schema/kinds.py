"""Every kind of rule that ``rules.yaml`` may hold, by the word that it begins with."""

from __future__ import annotations

from typing import ClassVar, Literal

from huiyin.core import rules as core
from huiyin.rulebook.schema.duties import DutySheet, HandoverSheet, RosterSheet
from huiyin.rulebook.schema.figures import (
    AssessmentSheet,
    FigureSheet,
    IndicatorSheet,
    RetentionSheet,
    SecretSheet,
    ShareSheet,
    StandardSheet,
)
from huiyin.rulebook.schema.parts import RuleSheet, Scheme
from huiyin.rulebook.schema.registers import RegisterSheet
from huiyin.rulebook.schema.sheets import (
    ApprovalSheet,
    ClockSheet,
    LevelSheet,
    MarkSheet,
    NoticeSheet,
    PaperSheet,
    PublicationSheet,
    RefusalSheet,
    ScoreSheet,
    WarningSheet,
)
from huiyin.rulebook.schema.steps import CourseSheet, StepSheet


class HonourSheet(RuleSheet):
    """How a clause that starts nothing by itself is honoured."""

    kind: ClassVar[str] = "honour"
    honour: Literal["page", "role", "register", "report", "form", "workflow", "calendar", "setting", "channel", "class", "paper", "message"]
    where: str

    def rule(self, scheme: Scheme) -> core.Honour:
        """The honour of the core."""
        return core.Honour(self.cites, self.honour, self.where, self.name.pair(), self.shown_by)


SHEETS: dict[str, type[RuleSheet]] = {
    sheet.kind: sheet
    for sheet in (
        ClockSheet, DutySheet, WarningSheet, LevelSheet, NoticeSheet, ApprovalSheet, RefusalSheet, MarkSheet, ScoreSheet,
        PaperSheet, PublicationSheet, HonourSheet, ShareSheet, IndicatorSheet, StandardSheet, AssessmentSheet, FigureSheet,
        RetentionSheet, RegisterSheet, StepSheet, SecretSheet, HandoverSheet, CourseSheet, RosterSheet,
    )
}  # fmt: skip
