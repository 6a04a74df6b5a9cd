"""What of a case is secret, and for whom it is not: marked as such, and hidden from every role that the rulebook does not clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiyin.core.known import Case
from huiyin.core.questions import values_of
from huiyin.core.rules import Adopted, SecretRule

STORY, WISH, CONTACT, RECORDS, PAPERS = "story", "wish", "contact", "records", "papers"
PARTS = (STORY, WISH, CONTACT, RECORDS, PAPERS)
"""What may be hidden of a case: what is told with its title, what is wanted, who it is and where, what was written since, its papers."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What one rule hides of a case: the ``parts``, and ``words`` wherever they stand. ``rule`` is its id with the regulation's prefix."""

    rule: str
    clause: str
    parts: frozenset[str]
    words: tuple[str, ...] = ()


def hidden(adopted: Sequence[Adopted], case: Case) -> tuple[Hidden, ...]:
    """What the regulations in force hide of the case as it stands, a rule each; nothing where no mark of secrecy stands on it."""
    return tuple(found for one, rule in _standing(adopted, case) if (found := _hidden(one, rule, case)).parts or found.words)


def is_cleared(adopted: Sequence[Adopted], rule: str, role: str) -> bool:
    """Whether ``role`` may see what the rule ("RH:company-secret-hidden") hides: one of the roles that the organisation has cleared, and
    nobody in their place. Nobody is cleared under a rule that is not in force."""
    for one in adopted:
        found = one.regulation.by_id.get(rule.partition(":")[2]) if rule.startswith(f"{one.regulation.prefix}:") else None
        if isinstance(found, SecretRule):
            return role in values_of(one.setting(*found.cleared_setting))
    return False


def _standing(adopted: Sequence[Adopted], case: Case) -> Iterator[tuple[Adopted, SecretRule]]:
    for one in adopted:
        for rule in one.regulation.secrets:
            if case.marked(f"{one.regulation.prefix}/{rule.mark}"):
                yield one, rule


def _hidden(adopted: Adopted, rule: SecretRule, case: Case) -> Hidden:
    """What the rule itself names, and what people have named; a name that is none of the parts is taken for words to hide."""
    parts, words = set(rule.hides), []
    for event in rule.named_by:
        for told in case.happened[event].told if event in case.happened else ():
            named = values_of(told.get(rule.parts))
            parts |= named & set(PARTS)
            words += sorted(named - set(PARTS)) + sorted(values_of(told.get(rule.words)))
    return Hidden(f"{adopted.regulation.prefix}:{rule.id}", rule.cites[0], frozenset(parts), tuple(dict.fromkeys(words)))
