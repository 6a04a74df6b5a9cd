"""The one idea: a fact comes in, consequences go out. ``follow`` decides everything that a regulation says, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huiyin.core.asking import first_refusal, follow_nodes
from huiyin.core.facts import ELSEWHERE, LIMIT_KEPT, LIMIT_PASSED, Fact
from huiyin.core.frozen import record
from huiyin.core.in_force import Waiting, in_force
from huiyin.core.known import Case, Known, as_of, begin, is_late, names_of, note
from huiyin.core.records import Record, Refusal
from huiyin.core.rules import Adopted
from huiyin.core.subjects import THINGS
from huiyin.core.work import Work


@record(frozen=True, slots=True)
class Outcome:
    """What follows from a fact: the case as it now stands, every record that changed, and the facts that were found out.

    With a ``refusal`` nothing else follows.
    """

    case: Case | None
    records: tuple[Record, ...] = ()
    derived: tuple[Fact, ...] = ()
    refusal: Refusal | None = None


def follow(adopted: Sequence[Adopted], known: Known, fact: Fact) -> Outcome:
    """Everything that the regulations in force say about ``fact``, given what is ``known``.

    ``adopted`` are the regulations that bind the unit of the fact, the highest first. Pure: neither argument is changed, and the same
    arguments always give the same outcome. A fact of a case that is not known begins it.
    """
    together = in_force(tuple(adopted))
    work = Work(known, together.adopted, together.prefixes, fact)
    if work.case is None and fact.case is not None:
        work.now(begin(fact, known.about if known.about in THINGS else _record_of(fact)))
    names = _names(work, fact)
    work.turn_to(fact, names)
    waiting = together.waiting(names, known.about, fact.case is None)
    refusal = None if fact.details.get(ELSEWHERE) is True else _refusal(work, waiting, fact)
    if refusal is not None:
        return Outcome(known.case, refusal=refusal)
    _follow_one(work, waiting, fact)
    for found in work.derived:
        # What is found out may let more be found out: the list grows while it is followed.
        names = _names(work, found)
        work.turn_to(found, names)
        _follow_one(work, together.waiting(names, known.about, found.case is None), found)
    return Outcome(work.case, tuple(work.changed.values()), tuple(work.derived))


def _refusal(work: Work, waiting: Iterable[tuple[Adopted, Waiting]], fact: Fact) -> Refusal | None:
    """The first refusal of the fact. What was entered late is judged by what had happened when it was done (conventions 8)."""
    case = work.case
    if case is not None and fact.event != LIMIT_PASSED and is_late(case, fact.at):
        work.scene.case = as_of(case, fact.at)
    for adoption, rules in waiting:
        if rules.guards:
            work.scene.setting = adoption.setting
            refusal = first_refusal(work, adoption, rules.guards, fact)
            if refusal is not None:
                return refusal
    work.scene.case = case
    return None


def _record_of(fact: Fact) -> str:
    """The kind of record that a case is whose first fact does not name one: the events of the vocabulary speak for themselves."""
    named = fact.text("record")
    if named:
        return named
    first = fact.event.partition("_")[0]
    return {"help": "help_request", "repair": "repair", "suggestion": "suggestion", "opinion": "opinion"}.get(first, "complaint")


def _names(work: Work, fact: Fact) -> tuple[str, ...]:
    """The names under which rules wait for the fact; that a limit passed concerns only the rules of that clock."""
    if fact.event not in (LIMIT_PASSED, LIMIT_KEPT):
        return names_of(fact)
    clock = work.clocks.get(str(fact.details.get("clock")))
    return (f"{fact.event}:{clock.rule}",) if clock is not None else ()


def _follow_one(work: Work, waiting: Iterable[tuple[Adopted, Waiting]], fact: Fact) -> None:
    if work.case is not None and fact.case is not None and fact.event not in (LIMIT_PASSED, LIMIT_KEPT):
        work.now(note(work.case, fact, work.names))
    for adopted, rules in waiting:
        if rules.nodes:
            work.scene.setting = adopted.setting
            follow_nodes(work, adopted, rules.nodes, fact)
