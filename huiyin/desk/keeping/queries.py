"""Reads about what waits to be destroyed, and what was; and how long entries and papers are kept by the regulations of their unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from huiyin.core.keeping import kept
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.records import Retention
from huiyin.core.rules import Adopted, RetentionRule, Words
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.keeping.models import Destruction, LegalHold
from huiyin.desk.places import queries as places

Time = tuple[Adopted, RetentionRule]
"""A rule by which something is kept, under one adoption."""
MOST: Final = 500
"""So many of a unit are proposed for destruction at once."""


def times_for(organisation_id: UUID, unit_code: str, of: str, at: datetime, *, prefix: str = "", register: str = "") -> list[Time]:
    """The rules by which the unit keeps its "entries" or "papers" (``of``), also under adoptions that have ended: those of the regulation
    with this ``prefix`` that mean the ``register`` (its id), or of every regulation."""
    path = places.units(organisation_id).path(unit_code)
    return [
        (adopted, rule)
        for adopted in adopted_for(organisation_id, at)
        if adopted.unit in path and prefix in ("", adopted.regulation.prefix)
        for rule in adopted.regulation.rules
        if isinstance(rule, RetentionRule) and of in rule.each and (not rule.registers or register in rule.registers)
    ]


def is_set(time: Time) -> bool:
    """Whether the time runs: one that a text leaves to the organisation only once that has set it."""
    adopted, rule = time
    return rule.keep_setting is None or bool(adopted.setting(*rule.keep_setting))


def kept_by(times: Sequence[Time], name: Words, number: str, about_id: UUID, unit_code: str, from_at: datetime) -> list[Retention]:
    """Until when each of the times keeps what ended at ``from_at``. Raises BadText where a text leaves the time to the organisation, and
    none is set."""
    unset = [rule.cites[0] for adopted, rule in times if not is_set((adopted, rule))]
    if unset:
        named = "、".join(dict.fromkeys(unset))
        raise BadText(
            f"found no time of keeping set under {named} for {name[1]} {number}, expected one; set it in the adoption",
            f"{named}：还没有设定{name[0]}的保存期限，{number}不得销毁；请先在制度采用中设定",
        )
    return [kept(adopted, rule, str(about_id), unit_code, from_at) for adopted, rule in times]


def over_of(times: Sequence[Time], name: Words, unit_code: str, ended: Iterable[tuple[UUID, datetime]], today: date) -> list[UUID]:
    """The things whose times of keeping are over, at most MOST. ``ended`` are their ids with when each ended, the oldest first: behind the
    first that is still kept nothing is over. None where no time is said, or one is not set."""
    if not times or not all(map(is_set, times)):
        return []
    found = []
    for key, at in islice(ended, MOST):
        ends = [one.until for one in kept_by(times, name, "", key, unit_code, in_shanghai(at))]
        if any(one is None or one >= today for one in ends):
            break
        found.append(key)
    return found


def longest(name: Words, number: str, found: Sequence[Retention]) -> tuple[date, tuple[str, ...]]:
    """The last day on which something is kept by all that was ``found``, and the clauses that say so: the longest counts (X15). ``name``
    and ``number`` are what people call it. Raises BadText where one keeps it for good, and where there is none: no time means that
    nothing is destroyed."""
    forever = next((one for one in found if one.until is None), None)
    if forever is not None:
        raise BadText(
            f"found {forever.clause} for {name[1]} {number}: kept for good; it is not destroyed",
            f"{forever.clause}：{name[0]}{number}须长期保存，不得销毁",
        )
    ends = [(one.until, one.clause) for one in found if one.until is not None]
    if not ends:
        said = f"found no regulation on {name[1]} {number}, expected a time of keeping; without one nothing is destroyed"
        raise BadText(said, f"{name[0]}{number}没有保存期限，不得销毁")
    return max(ends)[0], tuple(sorted({clause for _day, clause in ends}))


def check_over(name: Words, number: str, until: date, clauses: Sequence[str], today: date) -> None:
    """Raise BadText where ``today`` is not after the last day on which it has to be kept."""
    if today <= until:
        raise BadText(
            f"found {name[1]} {number} to be kept until {until} ({', '.join(clauses)}), expected a later day; wait until then",
            f"{'、'.join(clauses)}：{name[0]}{number}须保存至{until}，期满前不得销毁",
        )


def hold_of(organisation_id: UUID, about_id: UUID) -> LegalHold | None:
    """The legal hold (保全) under which the thing is; None where it is under none."""
    return LegalHold.objects.filter(organisation_id=organisation_id, about_id=about_id, released_at=None).first()


def check_free(organisation_id: UUID, name: Words, number: str, about_id: UUID) -> None:
    """Raise BadText where the thing that people call ``name`` and ``number`` is under legal hold."""
    held = hold_of(organisation_id, about_id)
    if held is not None:
        day = in_shanghai(held.placed_at).date()
        raise BadText(
            f"found {name[1]} {number} under legal hold since {day}, expected none; have it released first",
            f"{name[0]}{number}自{day}起保全，不得销毁；须先解除保全",
        )


def waiting(organisation_id: UUID, unit_codes: Iterable[str]) -> QuerySet[Destruction]:
    """What is on a list of these units and not signed for, the latest list first."""
    rows = Destruction.objects.filter(organisation_id=organisation_id, unit_code__in=list(unit_codes), signed_at=None)
    return rows.order_by("-proposed_at", "list_id", "register", "number")


def done(organisation_id: UUID, unit_codes: Iterable[str]) -> QuerySet[Destruction]:
    """What was destroyed in these units, the latest first."""
    rows = Destruction.objects.filter(organisation_id=organisation_id, unit_code__in=list(unit_codes), signed_at__isnull=False)
    return rows.order_by("-signed_at", "list_id", "register", "number")


def destruction_of(organisation_id: UUID, about_id: UUID) -> Destruction | None:
    """Who destroyed the thing, when and under which clauses; None for one that is not destroyed."""
    return Destruction.objects.filter(organisation_id=organisation_id, about_id=about_id, signed_at__isnull=False).first()
