"""The words of a unit: what the regulations adopted there call the people it serves, itself, and what it works on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from uuid import UUID

from huiyin.core.moments import in_shanghai, opening_of
from huiyin.core.precedence import rank
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places

Words = tuple[str, str]
"""A word in Chinese and in English."""

PLAIN: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "customer": ("客户", "customer"),
        "complainant": ("投诉人", "complainant"),
        "household": ("户", "household"),
        "case": ("工单", "case"),
        "company": ("公司", "company"),
        "branch": ("分公司", "branch"),
        "unit": ("单位", "unit"),
    }
)
"""What is said where no regulation adopted has a word of its own."""
_MANY: Final = 1024


def terms_of(organisation_id: UUID, unit: str, at: datetime) -> Mapping[str, Words]:
    """The terms in force at the unit on the day of ``at``, by key, each with its word in Chinese and in English.

    Of several regulations the one of the highest level that has the term says it (GP-13.2), between those of one level the one adopted
    first. Raises Organisation.DoesNotExist.
    """
    edition = places.edition(organisation_id)
    return _terms(organisation_id, edition, unit, in_shanghai(at).date())


@lru_cache(maxsize=_MANY)
def _terms(organisation_id: UUID, edition: UUID, unit: str, day: date) -> Mapping[str, Words]:
    tree = places.units(organisation_id, edition)
    path = tree.path(unit)
    standing = [
        one
        for one in adopted_for(organisation_id, opening_of(day), edition)
        if one.unit in path and (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)
    ]
    ordered = sorted(standing, key=lambda one: (rank(one, tree), one.from_on or date.min, one.regulation.stem))
    found: dict[str, Words] = dict(PLAIN)
    for one in reversed(ordered):
        terms = one.regulation.source.get("terms", {})
        found |= {key: (str(word["zh"]), str(word["en"])) for key, word in terms.items()}
    return MappingProxyType(found)
