"""The closed list of questions that a rule may ask about the case and the fact, as data, and what an answer may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.known import Case, Unit

SCHEMES = frozenset({"channel", "category", "severity"})
_NOBODY: Callable[[str], frozenset[str]] = lambda role: frozenset()  # noqa: E731
_NO_SETTING: Callable[[str, str], Any] = lambda clause, key: None  # noqa: E731


@dataclass(slots=True)
class Scene:
    """What a question may look at: the case (or other thing) as it stands, the fact, the unit, which regulations (by prefix) bind it, the
    organisation's settings by clause and key, and who holds a role for the unit of the case when the fact happens."""

    case: Case | None
    fact: Fact
    unit: Unit | None = None
    adopted: frozenset[str] = frozenset()
    setting: Callable[[str, str], Any] = _NO_SETTING
    holders: Callable[[str], frozenset[str]] = _NOBODY


@dataclass(frozen=True, slots=True)
class Count:
    """So many acts of the ``events``: at least ``least`` (or what the setting says), counted by the distinct values of ``distinct``,
    of the last ``within`` only, and only those whose details are among ``of``, and, as far as they tell the detail ``same``, tell the same
    as the first of them. Acts of a case that is gone do not count (D14)."""

    events: tuple[str, ...]
    least: int = 1
    least_setting: tuple[str, str] | None = None
    distinct: str = ""
    within: str = ""
    of: tuple[tuple[str, frozenset[str]], ...] = ()
    same: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent under ``clause`` that covers the act: given for the same values of ``same``; or, where it is standing, to the role that
    acts now for the same purpose."""

    clause: str
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``about`` (record, channel, category, severity, happened, not_happened, since, not_since, marked, not_marked, fact,
    fact_not, fact_at_least, fact_reaches, fact_over, fact_differs, keys_beyond, has, lacks, several, told, told_not, told_at_least, said,
    said_lacks, person, unit, unit_kind, unit_at_least, unit_over, unit_newer, by, adopted, not_adopted, count, count_below, consent,
    no_consent) with the answers that satisfy it. ``name`` is the detail, the trait or "event.detail" asked for; ``number`` the number to
    reach; ``ask`` what a count or a consent asks."""

    about: str
    answers: frozenset[str] = frozenset()
    name: str = ""
    number: Decimal | None = None
    ask: Count | Consent | None = None


def mark_name(mark: str, prefix: str) -> str:
    """A mark with its regulation: its own, where it names none."""
    return mark if "/" in mark else f"{prefix}/{mark}"


def values_of(value: Any, prefix: str = "") -> frozenset[str]:
    """A detail as the set of its values; of a mapping per scheme only the own regulation's value; an absent one gives none."""
    if isinstance(value, Mapping):
        value = value.get(prefix)
    if value is None or value == "":
        return frozenset()
    if isinstance(value, bool):
        return frozenset(("true" if value else "false",))
    if isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(str(one) for one in value)
    return frozenset((str(value),))


def number_of(value: Any) -> Decimal | None:
    """A detail as a number; None for what is none."""
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None
