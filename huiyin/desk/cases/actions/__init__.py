"""Every write about cases: registered, moved, held, destroyed, drafts kept."""

from huiyin.desk.cases.actions.drafts import forget_draft, save_draft
from huiyin.desk.cases.actions.keeping import CASE_KEEPER, MARK_KEEPER
from huiyin.desk.cases.actions.lasting import DESTROYABLE, last_day
from huiyin.desk.cases.actions.moving import NotAllowed, Stale, move
from huiyin.desk.cases.actions.registering import Registered, Registration, register
from huiyin.desk.cases.actions.taking_back import LastAct, last_act, take_back

__all__ = [
    "CASE_KEEPER",
    "DESTROYABLE",
    "MARK_KEEPER",
    "LastAct",
    "NotAllowed",
    "Registered",
    "Registration",
    "Stale",
    "forget_draft",
    "last_act",
    "last_day",
    "move",
    "register",
    "save_draft",
    "take_back",
]
