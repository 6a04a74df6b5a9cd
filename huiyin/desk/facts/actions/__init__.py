"""The one way in: store what happened, let the reckoning say what follows, keep all of it or nothing."""

from huiyin.desk.facts.actions.desk import (
    Desk,
    carried_on,
    lock,
    subject_of_case,
    subject_of_issue,
    subject_of_unit,
)
from huiyin.desk.facts.actions.entering import is_words, matter_id
from huiyin.desk.facts.actions.forgetting import is_stand_in
from huiyin.desk.facts.actions.notices import NOTICE_KEEPER
from huiyin.desk.facts.actions.reading import BadFact
from huiyin.desk.facts.actions.refusing import Refused, note_refusal
from huiyin.desk.facts.actions.requests import KeyReused, answered, forget_requests, keep_answer
from huiyin.desk.facts.actions.storing import store, store_cases

__all__ = [
    "NOTICE_KEEPER",
    "BadFact",
    "Desk",
    "KeyReused",
    "Refused",
    "answered",
    "carried_on",
    "forget_requests",
    "is_stand_in",
    "is_words",
    "keep_answer",
    "lock",
    "matter_id",
    "note_refusal",
    "store",
    "store_cases",
    "subject_of_case",
    "subject_of_issue",
    "subject_of_unit",
]
