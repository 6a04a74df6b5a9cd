"""Which regulations time a case by its class."""

from __future__ import annotations

from functools import lru_cache

from huiyin.core.rules import ClockRule, Regulation
from huiyin.rulebook.load import regulation


def unclassed(stems: tuple[str, ...], record: str, given: frozenset[str]) -> list[Regulation]:
    """Those of the regulations under which no handling limit runs on a case of this kind of record, because its class decides which one
    and it has none: ``given`` are the prefixes under which it has one."""
    return [one for one in map(regulation, stems) if one.prefix not in given and _times_by_class(one.stem, record)]


@lru_cache(maxsize=256)
def _times_by_class(stem: str, record: str) -> bool:
    """Whether every category of the regulation has limits of its own on such records: then a case without one has none of them."""
    found = regulation(stem)
    listed = {str(one["key"]) for one in found.source["classes"].get("category", ())}
    asked: set[str] = set()
    for rule in found.rules:
        if isinstance(rule, ClockRule):
            about = {question.about: question.answers for question in rule.when.questions}
            if record in about.get("record", frozenset()):
                asked |= about.get("category", frozenset())
    return bool(listed) and listed <= asked
