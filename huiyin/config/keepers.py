"""Who keeps what: for each kind of consequence the room that keeps it. The settings name this list."""

from huiyin.desk.approvals import actions as approvals
from huiyin.desk.cases.actions import CASE_KEEPER, MARK_KEEPER
from huiyin.desk.clocks import actions as clocks
from huiyin.desk.documents import actions as documents
from huiyin.desk.facts.actions import NOTICE_KEEPER
from huiyin.desk.facts.keepers import CaseKeeper, Keeper, MatterKeeper
from huiyin.desk.matters import actions as matters
from huiyin.desk.registers.actions import ACT_KEEPER
from huiyin.desk.scores import actions as scores
from huiyin.desk.warnings import actions as warnings

KEEPERS: tuple[Keeper, ...] = (
    clocks.KEEPER,
    MARK_KEEPER,
    NOTICE_KEEPER,
    approvals.KEEPER,
    warnings.KEEPER,
    scores.KEEPER,
    documents.PAPER_KEEPER,
    documents.PUBLICATION_KEEPER,
    matters.FIGURE_KEEPER,
    matters.RETENTION_KEEPER,
    ACT_KEEPER,
)
CASES: CaseKeeper = CASE_KEEPER
MATTERS: MatterKeeper = matters.MATTER_KEEPER
