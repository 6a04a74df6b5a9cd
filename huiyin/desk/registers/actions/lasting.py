"""How long an entry has to be kept: the longest of its regulation, of the things that it tells of, and of the entries that tell of the
same acts (X15); whatever still needs it goes before all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from huiyin.core.moments import BadText, in_shanghai, opening_of
from huiyin.core.records import OPEN_STATES
from huiyin.core.records import Retention as Kept
from huiyin.core.subjects import NAMED
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.keeping.kinds import Due, Held, Kind
from huiyin.desk.keeping.queries import check_free, check_over, kept_by, longest, over_of, times_for
from huiyin.desk.matters.models import Matter, Retention
from huiyin.desk.places import queries as places
from huiyin.desk.registers.models import Act, Entry
from huiyin.desk.registers.queries import rule_of


def due(organisation_id: UUID, entry_id: UUID, today: date) -> Due:
    """The entry, locked for us, whose times of keeping are over. Raises BadText for one that is not here or destroyed already, that goes
    with its case, is still open or needed, or has to be kept longer."""
    entry = _locked(organisation_id, entry_id)
    check_free(organisation_id, DESTROYABLE.name, entry.label, entry.id)
    _refuse_needed(entry)
    until, clauses = last_day(entry, today)
    check_over(DESTROYABLE.name, entry.label, until, clauses, today)
    return Due(entry.label, entry.register, entry.unit_code, until, clauses)


def hold(organisation_id: UUID, entry_id: UUID) -> Held:
    """The entry, locked for us, to be kept from being destroyed. Raises BadText for one that is not here, destroyed, or goes with its
    case."""
    entry = _locked(organisation_id, entry_id)
    case = _case_of(entry)
    if case is not None:
        raise BadText(
            f"found the entry {entry.label} about case {case.number}, expected one of no case; hold the case",
            f"台账记录{entry.label}属于工单{case.number}；请保全该工单",
        )
    return Held(entry.label, entry.register, entry.unit_code)


DESTROYABLE: Final = Kind("entry", ("台账记录", "entry"), "registers", due, hold)


def _locked(organisation_id: UUID, entry_id: UUID) -> Entry:
    entry = Entry.objects.select_for_update().filter(organisation_id=organisation_id, id=entry_id).first()
    if entry is None:
        raise BadText("found no such entry here, expected one; look at the list again", "没有这条台账记录；请刷新后再选")
    if entry.destroyed_at is not None:
        raise BadText(f"found the entry {entry.label} destroyed already; nothing is left to do", f"台账记录{entry.label}已销毁")
    return entry


def last_day(entry: Entry, today: date) -> tuple[date, tuple[str, ...]]:
    """The last day on which the entry has to be kept, and the clauses that say so. Raises BadText where one keeps it for good, where its
    time is not set, and where there is none."""
    acts = Act.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id)
    others = Act.objects.none()
    for act in acts:
        others = others | Act.objects.filter(organisation_id=entry.organisation_id, event=act.event, at=act.at)
    told = {one.entry_id for one in others} - {entry.id}
    beside = Entry.objects.filter(organisation_id=entry.organisation_id, id__in=told, unit_code=entry.unit_code, destroyed_at=None)
    kept = [record for one in (entry, *beside) for record in _kept(one, today)]
    # A register that is archived as a whole is kept as one (of a year).
    name, path = entry.register.partition(":")[2], places.units(entry.organisation_id).path(entry.unit_code)
    of_the_year = Q(register=name, period=str(entry.year), unit_code__in=path)
    rows = Retention.objects.filter(of_the_year | Q(case_id__in=_things(entry)), organisation_id=entry.organisation_id)
    kept += [Kept(one.key, one.clause, str(one.case_id), one.unit_code, one.at, one.until_on) for one in rows]
    return longest(DESTROYABLE.name, entry.label, kept)


def over(organisation_id: UUID, register: str, unit_codes: Iterable[str], today: date) -> list[UUID]:
    """The entries of the register whose own time of keeping is over, the oldest first, at most 500 of each unit; one that is on a list
    is among them. What still needs one of them is found out when it is proposed."""
    return [key for unit in unit_codes for key in _over(organisation_id, register, unit, today)]


def _over(organisation_id: UUID, register: str, unit_code: str, today: date) -> list[UUID]:
    prefix, _, name = register.partition(":")
    opens = opening_of(today)
    times = times_for(organisation_id, unit_code, "entries", opens, prefix=prefix, register=name)
    return over_of(times, DESTROYABLE.name, unit_code, _ended(organisation_id, register, unit_code, opens), today)


def _ended(organisation_id: UUID, register: str, unit_code: str, before: datetime) -> QuerySet[Entry, tuple[UUID, datetime]]:
    rows = Entry.objects.filter(organisation_id=organisation_id, register=register, unit_code=unit_code, destroyed_at=None, case_id=None)
    if rule_of(register).closes:
        rows = rows.exclude(closed_at=None)
    return rows.annotate(end=Coalesce("closed_at", "at")).filter(end__lt=before).order_by("end", "id").values_list("id", "end")


def _kept(entry: Entry, today: date) -> list[Kept]:
    prefix, _, name = entry.register.partition(":")
    times = times_for(entry.organisation_id, entry.unit_code, "entries", opening_of(today), prefix=prefix, register=name)
    ended = in_shanghai(entry.closed_at or entry.at)
    return kept_by(times, DESTROYABLE.name, entry.label, entry.id, entry.unit_code, ended)


def _things(entry: Entry) -> list[UUID]:
    """The things whose pasts the acts of the entry stand in."""
    acts = Act.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id).values_list("fact_id", flat=True)
    told = Fact.objects.filter(organisation_id=entry.organisation_id, id__in=list(acts))
    heard = Fact.objects.filter(organisation_id=entry.organisation_id, details__entry=str(entry.id))
    return [key for key in {*told.values_list("case_id", flat=True), *heard.values_list("case_id", flat=True)} if key is not None]


def _case_of(entry: Entry) -> Case | None:
    """The case with which the entry goes."""
    numbers = [value for value in entry.values.values() if 0 < len(value) <= 24]
    same = Case.objects.filter(organisation_id=entry.organisation_id, destroyed_at=None)
    return (same.filter(id=entry.case_id) if entry.case_id else same.filter(number__in=numbers)).first()


def _refuse_needed(entry: Entry) -> None:
    case = _case_of(entry)
    if case is not None:
        raise BadText(
            f"found the entry {entry.label} about case {case.number}, expected one of no case; it goes with the case",
            f"台账记录{entry.label}属于工单{case.number}，随该工单一并销毁",
        )
    if rule_of(entry.register).closes and entry.closed_at is None:
        raise BadText(
            f"found the entry {entry.label} still open, expected it closed; close it first", f"台账记录{entry.label}尚未销账，不得销毁"
        )
    held = Entry.objects.filter(organisation_id=entry.organisation_id, compared_with__entry=str(entry.id), destroyed_at=None).first()
    if held is not None:
        raise BadText(
            f"found the entry {held.label} held against {entry.label}, expected none; destroy that one first",
            f"{held.label} 还以 {entry.label} 为核对依据；请先销毁前者",
        )
    own = Matter.objects.filter(organisation_id=entry.organisation_id, id__in=_things(entry), about__in=NAMED).values_list("id", flat=True)
    if Clock.objects.filter(organisation_id=entry.organisation_id, case_id__in=list(own), state__in=OPEN_STATES).exists():
        raise BadText(
            f"found a limit running on what the entry {entry.label} tells of, expected none; wait until it is met",
            f"台账记录{entry.label}所记的事项还有时限在走，不得销毁",
        )
