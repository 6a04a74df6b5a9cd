"""The words of a unit: what it, or the regulations adopted there, call the people it serves, itself, and what it works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from uuid import UUID

from huiyin.core.moments import in_shanghai, opening_of
from huiyin.core.precedence import rank
from huiyin.core.rules.regulation import Regulation
from huiyin.desk.adoptions.models import Wording
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places

Words = tuple[str, str]
"""A word in Chinese and in English."""

PLAIN: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "customer": ("客户", "customer"),
        "customers": ("客户", "customers"),
        "complainant": ("投诉人", "complainant"),
        "household": ("户", "household"),
        "case": ("工单", "case"),
        "company": ("公司", "company"),
        "branch": ("分公司", "branch"),
        "unit": ("单位", "unit"),
    }
)
"""What is said where no regulation adopted has a word of its own."""
CHOOSABLE: Final = ("customer", "customers", "household", "case", "unit", "branch", "company", "quality_department")
"""The terms that pages and papers say: for each a unit may choose a word of its own."""
_MANY: Final = 1024


def terms_of(organisation_id: UUID, unit: str, at: datetime) -> Mapping[str, Words]:
    """The terms in force at the unit on the day of ``at``, by key, each with its word in Chinese and in English.

    Of several regulations the one of the highest level that has the term says it (GP-13.2), between those of one level the one adopted
    first. A term that none of them has is said as all the regulations adopted below the unit say it, if they say it alike: so a company
    whose offices alone have adopted speaks as they do. A word that the unit has chosen itself, or the nearest unit above it, comes before
    all of these. Raises Organisation.DoesNotExist.
    """
    edition = places.edition(organisation_id)
    return _terms(organisation_id, edition, unit, in_shanghai(at).date())


def origin_of(organisation_id: UUID, unit: str, term: str) -> str:
    """The code of the unit, this one or the nearest above it, whose own word for the term holds at the unit; empty where none has chosen.

    Raises Organisation.DoesNotExist.
    """
    edition = places.edition(organisation_id)
    chosen = _chosen(organisation_id, edition)
    path = places.units(organisation_id, edition).path(unit)
    return next((code for code in path if term in chosen.get(code, {})), "")


@lru_cache(maxsize=_MANY)
def _terms(organisation_id: UUID, edition: UUID, unit: str, day: date) -> Mapping[str, Words]:
    tree = places.units(organisation_id, edition)
    path = tree.path(unit)
    in_force = [
        one
        for one in adopted_for(organisation_id, opening_of(day), edition)
        if (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)
    ]
    standing = [one for one in in_force if one.unit in path]
    below = [one for one in in_force if one.unit not in path and (not path or unit in tree.path(one.unit))]
    ordered = sorted(standing, key=lambda one: (rank(one, tree), one.from_on or date.min, one.regulation.stem))
    found: dict[str, Words] = dict(PLAIN) | _alike([_said_by(one.regulation) for one in below])
    for one in reversed(ordered):
        found |= _said_by(one.regulation)
    chosen = _chosen(organisation_id, edition)
    for code in reversed(path):
        for term, (zh, en) in chosen.get(code, {}).items():
            before = found.get(term, (zh or en, en or zh))
            found[term] = (zh or before[0], en or before[1])
    return MappingProxyType(found)


@lru_cache(maxsize=_MANY)
def _chosen(organisation_id: UUID, edition: UUID) -> Mapping[str, Mapping[str, Words]]:
    """The own words of each unit, by its code and the term."""
    found: dict[str, dict[str, Words]] = {}
    for row in Wording.objects.filter(organisation_id=organisation_id).select_related("unit"):
        found.setdefault(row.unit.code, {})[row.term] = (row.zh, row.en)
    return found


def _said_by(regulation: Regulation) -> dict[str, Words]:
    terms = regulation.source.get("terms", {})
    return {key: (str(word["zh"]), str(word["en"])) for key, word in terms.items()}


def _alike(packs: Sequence[Mapping[str, Words]]) -> dict[str, Words]:
    """The terms that no two of the packs say differently."""
    said: dict[str, set[Words]] = {}
    for pack in packs:
        for key, word in pack.items():
            said.setdefault(key, set()).add(word)
    return {key: next(iter(words)) for key, words in said.items() if len(words) == 1}
