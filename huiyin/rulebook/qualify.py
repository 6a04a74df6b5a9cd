"""What a regulation finds out is its own: "marked:major" in the file of GP is "GP/marked:major" to everybody else.

In ``rules.yaml`` the short words are written; another regulation's are written with its prefix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.core.facts import LIMIT_KEPT, LIMIT_PASSED

_OWN = ("marked:", "unmarked:")
_NOT_EVENTS = frozenset({"name", "why", "cites", "about", "identifies", "fields", "check"})


def identified_in(sheets: Sequence[Any]) -> frozenset[str]:
    """The events that the marks of these rules make."""
    return frozenset(str(one["identifies"]) for one in sheets if isinstance(one, Mapping) and one.get("identifies"))


def qualify(value: Any, prefix: str, identified: frozenset[str]) -> Any:
    """``value`` (a rule as it was read) with every event that the regulation finds out under its full name."""
    if isinstance(value, str):
        return _word(value, prefix, identified)
    if isinstance(value, Mapping):
        return {
            _word(key, prefix, identified) if isinstance(key, str) else key: one if key in _NOT_EVENTS else qualify(one, prefix, identified)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [qualify(one, prefix, identified) for one in value]
    return value


def _word(word: str, prefix: str, identified: frozenset[str]) -> str:
    if word in identified or word.startswith(_OWN):
        return f"{prefix}/{word}"
    if word.startswith((f"{LIMIT_PASSED}:", f"{LIMIT_KEPT}:")) and word.count(":") == 1:
        found, _, clock = word.partition(":")
        return f"{found}:{prefix}:{clock}"
    return word
