"""Every write about cases: registered, moved, drafts kept."""

from huiyin.desk.cases.actions.drafts import forget_draft, save_draft
from huiyin.desk.cases.actions.keeping import CASE_KEEPER, MARK_KEEPER
from huiyin.desk.cases.actions.moving import NotAllowed, Stale, move
from huiyin.desk.cases.actions.registering import Registered, Registration, register

__all__ = [
    "CASE_KEEPER",
    "MARK_KEEPER",
    "NotAllowed",
    "Registered",
    "Registration",
    "Stale",
    "forget_draft",
    "move",
    "register",
    "save_draft",
]
