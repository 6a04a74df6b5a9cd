"""What the person who brought a case may do: urge and add something, say whether it is solved and how satisfied they are, withdraw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText
from huiyin.desk.cases.lifecycle import OPEN_STATES, RATED, VISIT
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import lock, store, subject_of_case
from huiyin.desk.people.doors import knocks
from huiyin.desk.tracking.access import NotFound, TooOften
from huiyin.desk.tracking.queries import RATINGS, SOLVED, may_rate, may_withdraw
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
    _say(case, "case_urged", {"text": text} if text else {}, at)


def rate(organisation_id: UUID, case_id: UUID, result: str, rating: str, words: str, *, at: datetime) -> None:
    """Keep what the person says of the handling: ``result``, one of SOLVED (empty once the case is closed), ``rating``, one of RATINGS or
    empty, and words. Not solved takes the case back to work; solved leaves the visit to the staff, nobody's silence is ever taken for it.

    Raises NotFound where nothing is to be rated (any more), BadText for other values, words over MOST_WORDS, or nothing said.
    """
    text = clean_text(words, most=MOST_WORDS, field="text") if words.strip() else ""
    with _alone(organisation_id, case_id) as case:
        if not may_rate(case, at):
            raise NotFound
        if (case.status == VISIT) != (result in SOLVED) or rating not in ("", *RATINGS) or not (result or rating):
            raise BadText(
                f"found the result {result[:20]!r} and the rating {rating[:20]!r}, expected those offered; choose one", "请选择列出的选项"
            )
        details = {name: value for name, value in (("result", result), ("rating", rating), ("text", text)) if value}
        _say(case, RATED, details, at)


def withdraw(organisation_id: UUID, case_id: UUID, words: str, *, at: datetime) -> None:
    """Let the person take their case back, with a reason if they like. Raises NotFound where that is not (or no longer) theirs to do,
    BadText for words over MOST_WORDS, Refused where a regulation refuses it."""
    text = clean_text(words, most=MOST_WORDS, field="text") if words.strip() else ""
    with _alone(organisation_id, case_id) as case:
        if not may_withdraw(case):
            raise NotFound
        _say(case, "complaint_withdrawn", {"reason": text} if text else {}, at)


@contextmanager
def _alone(organisation_id: UUID, case_id: UUID) -> Iterator[Case]:
    """The case as it is, nobody else acting on it meanwhile: what is sent twice is done once. Raises NotFound."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock(cursor, [subject_of_case(organisation_id, str(case_id))])
        yield Case.objects.get(organisation_id=organisation_id, id=case_id, destroyed_at=None)


def _say(case: Case, event: str, details: dict[str, str], at: datetime) -> None:
    store(case.organisation_id, [Fact(event, at, str(case.id), None, person_of(case.editions), details, at)], by=None, at=at)


def person_of(editions: Iterable[str]) -> str:
    """The role of the person who asks, as the first of the regulations (names of their folders) that has one calls it."""
    named = ("customer", "owner", "resident", "complainant")
    return next((role for stem in editions for role in named if role in regulation(stem).role_names), "customer")
