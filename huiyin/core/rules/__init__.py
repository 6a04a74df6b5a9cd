"""The kinds of rule that a regulation is made of, as plain data, and a regulation in force for a unit."""

from huiyin.core.rules.acts import (
    ApprovalRule,
    CasesCounted,
    CourseRule,
    NoticeRule,
    PaperRule,
    PublicationRule,
    RefusalRule,
    StepRule,
    Turn,
)
from huiyin.core.rules.figures import AssessmentRule, FigureRule, IndicatorRule, MarkRule, Part, ShareRule, StandardRule
from huiyin.core.rules.limits import ClockRule, DutyRule, HandoverRule, RosterRule, Signatures, Staffed
from huiyin.core.rules.moments import End, Rule, Said, Start, Words
from huiyin.core.rules.proofs import TODAY, EntrySought, OnSite, Proof, Sought
from huiyin.core.rules.registers import Ceiling, ClosedWith, OfCases, Recorded, RegisterField, RegisterRule, RetentionRule, SecretRule
from huiyin.core.rules.regulation import Adopted, Honour, Regulation
from huiyin.core.rules.warnings import LevelRule, Overdue, Ratio, ScoreRule, WarningRule

__all__ = [
    "TODAY",
    "Adopted",
    "ApprovalRule",
    "AssessmentRule",
    "CasesCounted",
    "Ceiling",
    "ClockRule",
    "ClosedWith",
    "CourseRule",
    "DutyRule",
    "End",
    "EntrySought",
    "FigureRule",
    "HandoverRule",
    "Honour",
    "IndicatorRule",
    "LevelRule",
    "MarkRule",
    "NoticeRule",
    "OfCases",
    "OnSite",
    "Overdue",
    "PaperRule",
    "Part",
    "Proof",
    "PublicationRule",
    "Ratio",
    "Recorded",
    "RefusalRule",
    "RegisterField",
    "RegisterRule",
    "Regulation",
    "RetentionRule",
    "RosterRule",
    "Rule",
    "Said",
    "ScoreRule",
    "SecretRule",
    "ShareRule",
    "Signatures",
    "Sought",
    "Staffed",
    "StandardRule",
    "Start",
    "StepRule",
    "Turn",
    "WarningRule",
    "Words",
]
