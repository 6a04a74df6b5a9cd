"""The entry of the journal for an act: what it is about, what it says, and whose words these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.records import Record
from huiyin.core.subjects import NAMED
from huiyin.desk.facts.queries import thing_id

OF_PERSONS: Final = frozenset({"household", "customer"})
"""Things whose key says who it was."""
ISSUE: Final = "issue"
_WITHOUT_WORDS: Final = frozenset({"clock", "period"})
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered of an act. ``owner`` is what its words are kept under: a case, a matter by its name, else the fact itself (what is
    said of an item, a card, a unit goes with whatever tells of it, ``forgetting``); None: nobody said anything in it.

    Entries about a case that hold numbers and clauses only (that a limit passed) stay readable for ever.
    """

    subject: str
    clauses: list[str]
    body: Mapping[str, Any]
    owner: UUID | None


def entry_of(organisation_id: UUID, fact: Fact, outcome: Outcome, unit: str, thing: str, key: UUID) -> Entry:
    """The entry of ``fact`` and what followed from it. ``unit`` is where it happened, ``thing`` the key of what it is about, if no case;
    ``key`` is the id of the fact."""
    case = _case_of(fact, thing)
    owner = (case or _matter_of(organisation_id, fact, outcome, thing) or key) if _has_words(fact, outcome) else None
    return Entry(_subject(fact, unit, thing, case), clauses_of(outcome.records), _body(fact, outcome), owner)


def _case_of(fact: Fact, thing: str) -> UUID | None:
    """The case that the act is about, or from which the thing heard of it."""
    named = fact.case if fact.case and not thing else fact.text("case")
    try:
        return UUID(named) if named else None
    except ValueError:
        return None


def _matter_of(organisation_id: UUID, fact: Fact, outcome: Outcome, thing: str) -> UUID | None:
    named = (fact.text(ISSUE), _issue_in(thing), *(getattr(one, ISSUE, None) for one in outcome.records))
    name = next((one for one in named if one), "")
    return matter_id(organisation_id, name) if is_words(name) else None


def _issue_in(thing: str) -> str:
    about, _, key = thing.partition(":")
    return key.partition("/")[2] if about == ISSUE else ""


def matter_id(organisation_id: UUID, issue: str | None) -> UUID:
    """What words about a matter, wherever it is counted, are kept under."""
    return thing_id(organisation_id, f"{ISSUE}:{issue}")


def is_words(issue: str | None) -> bool:
    """Whether somebody has named the matter in words: a key of a list ("lift-noise") says nothing of anybody."""
    return bool(issue) and not _KEY.fullmatch(str(issue))


def _has_words(fact: Fact, outcome: Outcome) -> bool:
    if fact.details.keys() - _WITHOUT_WORDS or _issue_of(outcome.derived):
        return True
    return any(getattr(one, ISSUE, None) or getattr(one, "reason", None) for one in outcome.records)


def _issue_of(facts: Iterable[Fact]) -> bool:
    return any(one.details.get(ISSUE) for one in facts)


def _subject(fact: Fact, unit: str, thing: str, case: UUID | None) -> str:
    about = thing.partition(":")[0]
    if case is not None and about in OF_PERSONS:
        # The home or the person stands in the body, under the key of the case.
        return f"thing:{about}"
    if about == ISSUE and is_words(_issue_in(thing)):
        return f"thing:{about}:{fact.case}"
    if about in NAMED and is_words(thing.rpartition("/")[2].rpartition(":")[2]):
        return f"thing:{about}:{fact.case}"
    if thing:
        return f"thing:{thing}"
    return f"case:{fact.case}" if fact.case else f"unit:{unit}"


def clauses_of(records: Iterable[Record]) -> list[str]:
    """The clauses that the records follow from, each once."""
    found: dict[str, None] = {}
    for record in records:
        cites = getattr(record, "cites", None) or (getattr(record, "clause", None),)
        grounds = tuple(ground.clause for ground in getattr(record, "grounds", ()))
        found.update(dict.fromkeys(one for one in (*cites, *grounds) if one))
    return list(found)


def _body(fact: Fact, outcome: Outcome) -> Mapping[str, Any]:
    """The fact and all that followed from it, with clauses."""
    return {
        "fact": _fact(fact),
        "derived": [_fact(one) for one in outcome.derived],
        "records": [{"record": type(one).__name__, **_plain_fields(one)} for one in outcome.records],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {"event": fact.event, "at": fact.at, "case": fact.case, "unit": fact.unit, "by": fact.by, "details": fact.details}


def _plain_fields(value: Any) -> dict[str, Any]:
    return {name: _plain_value(one) for name in _names(value.__class__) if (one := getattr(value, name)) is not None and one != ()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
        return [_plain_fields(one) for one in value]
    return value


@lru_cache(maxsize=64)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))
