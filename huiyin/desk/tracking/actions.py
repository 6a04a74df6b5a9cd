"""What the person who brought a case may do: urge, and add something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.desk.cases.lifecycle import OPEN_STATES
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.people.doors import knocks
from huiyin.desk.tracking.access import TooOften
from huiyin.plumbing.text import clean_text
from huiyin.rulebook.load import regulation

URGED_WITHIN: Final = timedelta(hours=4)
MOST_WORDS: Final = 1000


def urge(organisation_id: UUID, case_id: UUID, words: str, *, at: datetime) -> None:
    """Keep that the person urges, with what they add. Raises NotFound for a case that is not open, TooOften within URGED_WITHIN of the last
    time, BadText for words that are no text or over MOST_WORDS characters."""
    case = Case.objects.get(organisation_id=organisation_id, id=case_id, status__in=OPEN_STATES, destroyed_at=None)
    text = clean_text(words, most=MOST_WORDS, field="text") if words.strip() else ""
    if knocks.count("urge", str(case.id), URGED_WITHIN, at=at) > 1:
        raise TooOften
    urged = Fact("case_urged", at, str(case.id), None, person_of(case.editions), {"text": text} if text else {}, at)
    store(organisation_id, [urged], by=None, at=at)


def person_of(editions: Iterable[str]) -> str:
    """The role of the person who asks, as the first of the regulations (names of their folders) that has one calls it."""
    named = ("customer", "owner", "resident", "complainant")
    return next((role for stem in editions for role in named if role in regulation(stem).role_names), "customer")
