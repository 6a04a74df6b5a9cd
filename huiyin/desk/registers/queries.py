"""Reads about registers: which a unit keeps, their entries, what is still open, how many came in each month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import ExtractMonth

from huiyin.core.ceilings import WRONG, Allowance
from huiyin.core.known import Units
from huiyin.core.moments import SHANGHAI, BadText, in_shanghai, opening_of
from huiyin.core.rules import Adopted, Ceiling, RegisterRule, Regulation
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places
from huiyin.desk.registers.models import Act, Entry, Sheet, Version
from huiyin.plumbing.text import fold_text
from huiyin.rulebook.words import regulation_of


@dataclass(frozen=True, slots=True)
class Book:
    """A register that a unit keeps: its key ("CR:key-uses"), its rule, and the regulation that asks for it.

    ``in_force`` is false for one whose adoption has ended, or that the units below keep each for themselves: its entries stay, none is
    added. ``listed``: what the organisation has listed for a column, each of which has to stand in an entry.
    """

    key: str
    rule: RegisterRule
    regulation: Regulation
    in_force: bool = True
    listed: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries of one register: every part that is given must fit. ``until_at`` is not included. ``wrong_only``: those that exceed
    what they are held against."""

    register: str = ""
    units: frozenset[str] | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    open_only: bool = False
    words: str = ""
    wrong_only: bool = False


def rule_of(register: str) -> RegisterRule:
    """The rule of a register by its key. Raises BadText for a key that no regulation has."""
    found, name = regulation_of(register), register.partition(":")[2]
    # A step and the register that it is entered in may have the same id.
    listed = (rule for rule in found.rules if isinstance(rule, RegisterRule) and rule.id == name) if found else iter(())
    if (rule := next(listed, None)) is None:
        raise BadText(
            f"found the register {register[:80]!r}, expected one such as XY:key-uses; choose one of those that the unit keeps",
            f"没有“{register[:80]}”这本台账；请从本单位的台账中选择",
        )
    return rule


def books_of(organisation_id: UUID, unit_code: str, at: datetime) -> list[Book]:
    """The registers that the unit keeps under the regulations that it or a unit above it has adopted, in the order of these.

    Those of adoptions that have ended stand last. Empty for a unit that the organisation does not have.
    """
    units = places.units(organisation_id)
    path = units.path(unit_code)
    day = at.astimezone(SHANGHAI).date()
    found: dict[str, Book] = {}
    for adopted in adopted_for(organisation_id, at):
        if adopted.unit in path and _begun(adopted.from_on, day):
            in_force = adopted.until_on is None or day <= adopted.until_on
            for rule in adopted.regulation.rules:
                key = f"{adopted.regulation.prefix}:{rule.id}"
                if isinstance(rule, RegisterRule) and (in_force or key not in found):
                    found[key] = Book(key, rule, adopted.regulation, in_force and keeps(rule, units, unit_code), _listed(adopted, rule))
    return sorted(found.values(), key=lambda book: not book.in_force)


def _listed(adopted: Adopted, rule: RegisterRule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [(field.key, adopted.setting(*field.listed_in) or ()) for field in rule.fields if field.listed_in]
    found += [(field.key, [key for key, _ in field.choices]) for field in rule.fields if field.each]
    return tuple((key, tuple(map(str, listed))) for key, listed in found if listed)


def not_yet(organisation_id: UUID, book: Book, unit_code: str) -> Mapping[str, list[str]]:
    """Of each column for which it is listed what has to stand there: what stands in no entry of the unit yet, in order."""
    rows = Entry.objects.filter(organisation_id=organisation_id, register=book.key, unit_code=unit_code, destroyed_at=None)
    values = list(rows.values_list("values", flat=True)) if book.listed else []
    as_well = {field.key: field.each for field in book.rule.fields}
    said = {
        key: {fold_text(str(one.get(key, ""))) for one in values if all(one.get(column) == wanted for column, wanted in as_well[key])}
        for key, _ in book.listed
    }
    return {key: [one for one in listed if fold_text(one) not in said[key]] for key, listed in book.listed}


def keeps(rule: RegisterRule, units: Units, unit_code: str) -> bool:
    """Whether the unit itself keeps the register: one of the kinds that do, or one that has none of these below it."""
    own = units.by_code.get(unit_code)
    if not rule.kept_in or own is None or own.kind in rule.kept_in:
        return True
    return all(one.kind not in rule.kept_in for one in units.below(unit_code))


@dataclass(frozen=True, slots=True)
class Kept:
    """The register of one of the units that keep one each: how many entries it has, how many are not closed, and when the last happened."""

    unit: str
    entries: int
    still_open: int
    last_at: datetime | None


def kept_by_each(organisation_id: UUID, book: Book, unit_codes: Iterable[str]) -> list[Kept]:
    """Of the units those whose kind keeps a register of its own, in the order of the tree; empty for a register that any unit keeps."""
    units, wanted = places.units(organisation_id), set(unit_codes)
    codes = [code for code, one in units.by_code.items() if code in wanted and one.kind in book.rule.kept_in]
    rows = Entry.objects.filter(organisation_id=organisation_id, register=book.key, unit_code__in=codes).order_by("unit_code")
    told = {"every": Count("id"), "still_open": Count("id", filter=Q(closed_at=None)), "last": Max("at")}
    found = {row[0]: row[1:] for row in rows.values_list("unit_code").annotate(**told)}
    return [Kept(code, *found.get(code, (0, 0, None))) for code in codes]


def books_of_all(organisation_id: UUID, unit_codes: Iterable[str], at: datetime) -> list[Book]:
    """The registers that any of the units keeps, each once; one that some unit keeps now is in force."""
    found: dict[str, Book] = {}
    for code in unit_codes:
        for book in books_of(organisation_id, code, at):
            if book.key not in found or book.in_force:
                found[book.key] = book
    return list(found.values())


def _begun(from_on: date | None, day: date) -> bool:
    return from_on is None or from_on <= day


def book_of(organisation_id: UUID, unit_code: str, register: str, at: datetime) -> Book | None:
    """The register ``register`` of the unit, or None where it keeps none such."""
    return next((book for book in books_of(organisation_id, unit_code, at) if book.key == register), None)


def find(organisation_id: UUID, wanted: Filter) -> QuerySet[Entry]:
    """The entries that ``wanted`` describes, the latest first. What was added to a case by hand is none: it stands in the case's line."""
    rows = Entry.objects.filter(organisation_id=organisation_id, case_id=None)
    if wanted.register:
        rows = rows.filter(register=wanted.register)
    if wanted.units is not None:
        rows = rows.filter(unit_code__in=wanted.units)
    if wanted.from_at is not None:
        rows = rows.filter(at__gte=wanted.from_at)
    if wanted.until_at is not None:
        rows = rows.filter(at__lt=wanted.until_at)
    if wanted.open_only:
        rows = rows.filter(closed_at=None)
    if wanted.wrong_only:
        rows = rows.filter(compared__in=WRONG)
    for word in fold_text(wanted.words).split():
        rows = rows.filter(words__contains=word)
    return rows.order_by("-at", "-number")


def versions_of(entry: Entry) -> list[Version]:
    """Everything that the entry has ever said, the first version first."""
    rows = Version.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id)
    return list(rows.order_by("version"))


def acts_of(entry: Entry) -> list[Act]:
    """The acts that the entry records, in the order in which they were done."""
    return list(Act.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id).order_by("at", "event"))


def counts(organisation_id: UUID, unit_codes: Iterable[str]) -> Mapping[str, tuple[int, int, int]]:
    """For each register of the units how many entries it has, how many of them are not closed, and how many exceed what they are held
    against; those without any are left out."""
    rows = Entry.objects.filter(organisation_id=organisation_id, unit_code__in=list(unit_codes), case_id=None)
    told = {"every": Count("id"), "still_open": Count("id", filter=Q(closed_at=None)), "wrong": Count("id", filter=Q(compared__in=WRONG))}
    counted = rows.order_by("register").values_list("register").annotate(**told)
    return {register: (entries, still_open, wrong) for register, entries, still_open, wrong in counted}


def open_entries(organisation_id: UUID, register: str, unit_codes: Iterable[str], now: datetime) -> list[tuple[Entry, int]]:
    """The entries that are not closed with their age in whole days, the oldest first; none for a register whose entries are not closed."""
    if not rule_of(register).closes:
        return []
    wanted = Filter(register, frozenset(unit_codes), open_only=True)
    return [(one, max(0, (now - one.at).days)) for one in find(organisation_id, wanted).order_by("at", "number")]


def per_month(organisation_id: UUID, register: str, unit_codes: Iterable[str], year: int) -> Mapping[str, int]:
    """How many entries happened in each month of the year (of Shanghai), by its name: 2026-02; months without any are left out."""
    span = {"at__gte": opening_of(date(year, 1, 1)), "at__lt": opening_of(date(year + 1, 1, 1))}
    rows = Entry.objects.filter(organisation_id=organisation_id, register=register, unit_code__in=list(unit_codes), **span)
    counted = rows.order_by().annotate(month=ExtractMonth("at", tzinfo=SHANGHAI)).values_list("month").annotate(Count("id"))
    return {f"{year}-{month:02d}": number for month, number in sorted(counted)}


def other_register(register: str, ceiling: Ceiling) -> str:
    """The key of the register that a register is held against ("CR:charges")."""
    return f"{register.partition(':')[0]}:{ceiling.register}"


def held_against(register: str) -> list[tuple[str, RegisterRule]]:
    """The registers whose entries may not exceed what this one allows, by key."""
    found = regulation_of(register)
    listed = ((f"{found.prefix}:{rule.id}", rule) for rule in found.rules if isinstance(rule, RegisterRule)) if found else ()
    return [(key, rule) for key, rule in listed if rule.at_most and other_register(key, rule.at_most) == register]


def allowances(organisation_id: UUID, register: str, unit_code: str) -> list[Allowance]:
    """What the register allows at the unit: its own entries and those of the units above it, in the order in which they were entered."""
    path = places.units(organisation_id).path(unit_code)
    rows = Entry.objects.filter(organisation_id=organisation_id, register=register, unit_code__in=path).order_by("entered_at", "number")
    return [
        Allowance(str(one.id), one.values, in_shanghai(one.closed_at).date() if one.closed_at else None, path.index(one.unit_code))
        for one in rows
    ]


def named(organisation_id: UUID, register: str, ceiling: Ceiling, unit_code: str) -> dict[str, list[str]]:
    """For each own column that has to say the same as the other register's: what stands there, so that people may choose from it."""
    rows = [one.values for one in allowances(organisation_id, other_register(register, ceiling), unit_code)]
    return {own: list({fold_text(row[other]): row[other] for row in rows if other in row}.values()) for own, other in ceiling.same}


def latest(
    organisation_id: UUID, unit_code: str, clause: str, about: Mapping[str, str], at: datetime, case: UUID | None = None
) -> Entry | None:
    """The last entry of a register of the unit under ``clause`` that says the same as ``about`` in the columns that both have; of a
    register of cases what was added by hand to the ``case``.

    One that shares no column with ``about`` is none. None where there is no such entry.
    """
    for book in books_of(organisation_id, unit_code, at):
        if clause not in book.rule.cites:
            continue
        if book.rule.of_cases is not None and case is not None:
            return Entry.objects.filter(organisation_id=organisation_id, register=book.key, case_id=case).first()
        shared = {field.key: about[field.key] for field in book.rule.fields if about.get(field.key)}
        if shared:
            same = {f"values__{key}": value for key, value in shared.items()}
            found = find(organisation_id, Filter(book.key, frozenset({unit_code}))).filter(**same).first()
            if found is not None:
                return found
    return None


def sheet(organisation_id: UUID, sheet_id: UUID) -> Sheet | None:
    """The file of rows with this id, or None."""
    return Sheet.objects.filter(organisation_id=organisation_id, id=sheet_id).first()
