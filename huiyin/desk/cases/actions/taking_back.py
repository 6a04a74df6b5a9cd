"""Taking an act back (撤销): a fact of its own, never a deletion. Limits that the act began go on, messages that it sent stay sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.known import Case as KnownCase
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.cases.actions.moving import NotAllowed, check_post
from huiyin.desk.cases.lifecycle import MOVES, RECALLED, Back, Move, state_after, states_told
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import lock, store, subject_of_case
from huiyin.desk.facts.queries import facts_of_case, fold
from huiyin.desk.journal.actions import Destroyed
from huiyin.desk.places import queries as places
from huiyin.rulebook.load import regulation

WITHIN: Final = timedelta(minutes=10)
"""So long after it was entered an act can be taken back."""


@dataclass(frozen=True, slots=True)
class LastAct:
    """The last thing that somebody did on a case: the ``number`` of its fact, the move that it was, until when it may be taken back.

    ``counter`` is the fact that takes it back (who and when are not said in it yet), None where nothing does.
    """

    number: int
    move: Move
    until: datetime
    counter: Fact | None


def last_act(case: Case, person: UUID | None, at: datetime) -> LastAct | None:
    """What the person did on the case within the last ten minutes, if nobody has done anything since; None otherwise.

    It can be taken back where the table of moves says how, and where nothing followed from it that would stay: no mark, no warning.
    """
    facts = facts_of_case(case.organisation_id, case.id)
    acts = [number for number, fact in enumerate(facts, 1) if not fact.derived and fact.event != LIMIT_PASSED]
    if not acts or person is None:
        return None
    number = acts[-1]
    fact = facts[number - 1]
    entered_at = fact.entered_at or fact.at
    move = next((one for one in MOVES if one.stores(fact.event) and _said_all(one, fact)), None)
    if move is None or fact.person != str(person) or not entered_at <= at <= entered_at + WITHIN or fact.details.get("takes_back"):
        return None
    # What followed from the act stands right behind it; what a limit that passed since has brought stands behind that limit.
    followed = len(facts) > number and facts[number].derived
    counter = None if followed or move.back is None else _counter(facts, number, move.back, case)
    return LastAct(number, move, entered_at + WITHIN, counter)


def _said_all(move: Move, fact: Fact) -> bool:
    """Whether the fact tells what the move needs: several moves may store the same event. A unit is no detail."""
    return all(need.name in fact.details for need in move.needs if need.required and need.kind != "unit")


def _counter(facts: Sequence[Fact], number: int, back: Back, row: Case) -> Fact | None:
    """The fact after which the case stands as it stood before the fact with this number; None where there is none."""
    act, earlier = facts[number - 1], facts[: number - 1]
    if not earlier:
        return None
    regulations = [regulation(stem) for stem in row.editions]
    before, state = fold(earlier), states_told(earlier, regulations)[-1]
    again = _again(before, back)
    if again is None or states_told(facts, regulations)[-1] != row.status:
        return None
    details: dict[str, Any] = {**again, "takes_back": number}
    if back.event == RECALLED:
        details["state_before"] = state
    if state_after(row.status, back.event, details, regulations) != state:
        return None
    return Fact(back.event, act.at, act.case, before.unit if back.event == RECALLED else None, details=details)


def _again(before: KnownCase, back: Back) -> Mapping[str, Any] | None:
    """What the counter-fact tells again, as it was told last before the act; None where something that it has to tell was not.

    A case may well have had no issue; whoever holds it again needs the reason and the day.
    """
    if back.event == "issue_set":
        return {"issue": before.plain.get("issue", "")}
    told = {name: before.said(back.event, name) for name in back.again}
    return None if None in told.values() else told


def take_back(organisation_id: UUID, case_id: UUID, number: int, *, by: UUID | None, post_role: str, unit: str, at: datetime) -> Move:
    """Take back the act whose fact has this number; returns the move that it was.

    ``post_role`` and ``unit`` are the post under which the person acts. Raises Case.DoesNotExist, Destroyed, Refused, and NotAllowed where
    the act is not the person's, is too long ago, is not the last one any more, or is none that can be taken back.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock(cursor, [subject_of_case(organisation_id, str(case_id))])
        case = Case.objects.get(organisation_id=organisation_id, id=case_id)
        if case.destroyed_at is not None:
            raise Destroyed(case_id)
        found = last_act(case, by, at)
        if found is None or found.number != number:
            raise NotAllowed(
                f"found the act {number} of the case, expected the person's own, the last one, of the last ten minutes",
                "只能撤销自己十分钟以内、之后没有别的操作的那一步；请重新载入，需要更正的请另行办理",
            )
        called = found.move.named(terms_of(organisation_id, case.unit_code, at))[0]
        if found.counter is None:
            raise NotAllowed(
                f"found {found.move.key}, expected an act that another one takes back; put it right by a further act",
                f"“{called}”不能撤销；需要更正的请另行办理",
            )
        check_post(places.units(organisation_id), found.move, post_role, unit, case.unit_code, called)
        counter = found.counter
        fact = Fact(counter.event, at, str(case_id), counter.unit, post_role, counter.details, at)
        store(organisation_id, [fact], by=by, at=at)
    return found.move
