"""The only way to fetch cases for a person: what is not theirs looks absent, and what is secret is hidden from whoever is not cleared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from huiyin.core.facts import PERSONS_BEHIND, Fact
from huiyin.core.questions import values_of
from huiyin.core.rules import SecretRule, Words
from huiyin.core.secrecy import PAPERS, RECORDS, is_cleared
from huiyin.desk.cases.lifecycle import Move, moves_for
from huiyin.desk.cases.models import Case, Secret
from huiyin.desk.cases.queries import Scope
from huiyin.desk.facts import queries as facts
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.facts.queries import House
from huiyin.desk.people import access as people
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.places import queries as places
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.load import regulation, vocabulary
from huiyin.rulebook.words import regulation_of

NotFound = Case.DoesNotExist
"""There is no such case, or it is not in the person's reach: nobody can tell which."""
MASK: Final = "****"
"""What stands in the place of something secret."""
_FEWEST_OF_A_LINE: Final = 6
"""A line of a hidden text that is shorter says nothing by itself."""
_TYPED: Final = frozenset({"text", "keys"})
"""Kinds of details that people write in words of their own."""


def scope_of(staff: Staff, *, on_day: date, post: Post | None = None, verb: str = "see_cases") -> Scope:
    """The units where the person may do ``verb`` on the day, by all their posts or by the one they act under."""
    codes = places.tree(staff.organisation_id).codes
    reached = people.reach(staff, verb, on_day=on_day, post=post)
    return Scope(staff.organisation_id, frozenset(codes[key] for key in reached if key in codes))


def fetch(staff: Staff, case_id: UUID, *, on_day: date, post: Post | None = None, verb: str = "see_cases") -> Case:
    """The case with this id, if the person may do ``verb`` at its unit. Raises NotFound otherwise."""
    scope = scope_of(staff, on_day=on_day, post=post, verb=verb)
    return Case.objects.get(organisation_id=staff.organisation_id, id=case_id, unit_code__in=scope.units)


def fetch_by_number(staff: Staff, number: str, *, on_day: date, post: Post | None = None) -> Case:
    """The case with this number, if the person may see it. Raises NotFound otherwise."""
    scope = scope_of(staff, on_day=on_day, post=post)
    number = number.strip().upper()
    return Case.objects.get(organisation_id=staff.organisation_id, number=number, unit_code__in=scope.units)


def moves(staff: Staff, case: Case, *, on_day: date, post: Post | None = None) -> tuple[Move, ...]:
    """The buttons that the person gets on the case, the primary one first."""
    unit = places.unit(case.organisation_id, case.unit_code)
    return moves_with(case, people.verbs(staff, unit, on_day=on_day, post=post))


def moves_with(case: Case, rights: Collection[str]) -> tuple[Move, ...]:
    """The moves that somebody with these rights may do on the case, the primary one first; on a destroyed case nothing is done any more."""
    if case.destroyed_at is not None:
        return ()
    return moves_for(case.status, rights, case.record, [regulation(stem) for stem in case.editions], case.void_reason)


@dataclass(frozen=True, slots=True)
class Veil:
    """What of a case nobody gets to see by the way: whole ``parts`` of it, and ``words`` wherever they stand, the longest first."""

    parts: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def text(self, value: str) -> str:
        """The text with the hidden words masked."""
        for word in self.words:
            value = value.replace(word, MASK)
        return value

    def details(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """What an act tells: where the records are hidden, nothing that somebody wrote in words of their own."""
        if RECORDS not in self.parts:
            return {name: self.body(value) for name, value in details.items()}
        return {name: MASK if _is_typed(name, value) else value for name, value in details.items()}

    def body(self, value: Any) -> Any:
        """Anything made of texts, lists and mappings, with the hidden words masked in all of it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.body(one) for name, one in value.items()}
        return [self.body(one) for one in value] if isinstance(value, list | tuple) else value

    def facts(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts as they may be told."""
        return [replace(fact, details=self.details(fact.details)) for fact in facts]

    @property
    def papers(self) -> bool:
        """Whether the papers of the case are hidden as a whole."""
        return PAPERS in self.parts


def _is_typed(name: str, value: Any) -> bool:
    """Whether somebody wrote this: a text, free words, or in the place of a key something that is none."""
    kind = vocabulary()["facts"].get(name, {}).get("kind", "key")
    return kind in _TYPED or (isinstance(value, str) and not value.isascii())


OPEN: Final = Veil()
"""Of a case without secrets: nothing is hidden."""


def veils(organisation_id: UUID, case_ids: Iterable[UUID | None]) -> dict[UUID, Veil]:
    """What is hidden of those among the cases that hold secrets; a case that is not named hides nothing.

    What is hidden as a part is masked as words too: it may stand in something that was written before.
    """
    rows = list(Secret.objects.filter(organisation_id=organisation_id, case_id__in={one for one in case_ids if one is not None}))
    written = _written(organisation_id, [one.case_id for one in rows if RECORDS in one.parts])
    return {one.case_id: Veil(frozenset(one.parts), _words(one, written.get(one.case_id, ()))) for one in rows}


def told_of_cases(organisation_id: UUID, told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a unit or another thing has heard of cases, an act each, without what is secret of these."""
    heard = [dict(one) for one in told]
    about = [read_id(one.get("case")) for one in heard]
    found = veils(organisation_id, about)
    return [found.get(case, OPEN).details(one) if case is not None else one for case, one in zip(about, heard, strict=True)]


def veil(case: Case) -> Veil:
    """What is hidden of the case."""
    return veils(case.organisation_id, [case.id]).get(case.id, OPEN) if case.secrets else OPEN


def _written(organisation_id: UUID, case_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """What people wrote in words of their own in the records of the cases."""
    found: dict[UUID, list[str]] = {}
    rows = FactRow.objects.filter(organisation_id=organisation_id, case_id__in=case_ids, derived=False) if case_ids else ()
    for one in rows:
        if one.case_id is None:
            continue
        for name, value in one.details.items():
            if _is_typed(name, value):
                found.setdefault(one.case_id, []).extend(map(str, value if isinstance(value, list) else [value]))
    return found


def _words(secret: Secret, written: Iterable[str]) -> tuple[str, ...]:
    """The words to hide, the longest first: what is quoted, what stood in hidden columns, and every line of it that says something."""
    texts = [*written, *(text for name, text in secret.texts.items() if not name.endswith("_id"))]
    texts += [hide_phones_in(text) for text in texts]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    found = {word for word in (*secret.words, *texts, *(one for one in lines if len(one) >= _FEWEST_OF_A_LINE)) if word.strip(" *")}
    return tuple(sorted(found, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something that is hidden of a case: under which clause, which parts, and why, in both languages."""

    clause: str
    parts: tuple[str, ...]
    why: Words


def withheld(secrets: Iterable[Mapping[str, Any]]) -> list[Withheld]:
    """What the ``secrets`` of a case's row say: a line for each rule that hides something."""
    return [Withheld(str(one["clause"]), tuple(one["parts"]), _why(str(one["rule"]))) for one in secrets]


def _why(rule: str) -> Words:
    found = regulation_of(rule)
    named = found.by_id.get(rule.partition(":")[2]) if found else None
    return named.why if isinstance(named, SecretRule) else (rule, rule)


def story_of(case: Case) -> str:
    """What a case was about, for a paper: its story, else its title, else that it is secret, and under which clause."""
    return str(case.story or case.title) or "、".join(f"〔{one.clause} 保密〕" for one in withheld(case.secrets))


def may_open(case: Case, staff_id: UUID, role: str, at: datetime) -> bool:
    """Whether the person may look at what is secret of the case under the role: it is cleared under every rule that hides something
    there, and the person is not the one whom the case complains about."""
    adopted = House.of(case.organisation_id).adopted_for_row(case.id, case.unit_code, case.received_at, at)
    cleared = bool(case.secrets) and all(is_cleared(adopted, str(one["rule"]), role) for one in case.secrets)
    return cleared and staff_id not in complained_about(case)


def complained_about(case: Case) -> frozenset[UUID]:
    """The members of staff whom the case complains about in person, as they were named last."""
    known = facts.known(case.organisation_id, case.id)
    told = known.case.told if known is not None and known.case is not None else {}
    found = (read_id(one) for name in PERSONS_BEHIND.values() for one in values_of(told.get(name)))
    return frozenset(one for one in found if one is not None)


def secret_of(case: Case) -> Secret:
    """What is secret of the case. Raises Secret.DoesNotExist. Whether the person is cleared has to be asked before (``may_open``)."""
    return Secret.objects.get(organisation_id=case.organisation_id, case_id=case.id)
