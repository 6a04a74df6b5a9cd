"""Every write about adoptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.core.limits import BadLimit, parse_limit
from huiyin.core.moments import BadText
from huiyin.core.recurrence import parse_period
from huiyin.desk.adoptions.models import Adoption, Wording
from huiyin.desk.adoptions.terms import CHOOSABLE
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.places.actions import touch
from huiyin.desk.places.models import Unit
from huiyin.plumbing.text import clean_optional_text
from huiyin.rulebook.load import regulation as load_regulation

MOST_ZH, MOST_EN = 12, 40
"""Characters of an own word: it stands in headings, buttons and columns."""


@transaction.atomic
def adopt(unit: Unit, regulation: str, version: str, from_on: date, *, by: By, at: datetime) -> Adoption:
    """Put a regulation in force for the unit and everything below it, from a day on; returns the adoption.

    ``regulation`` is the name of its folder in the rulebook. Raises BadText if the rulebook has no such version, or
    if the unit has adopted it for these days already; what the loader raises for a regulation that there is not.
    """
    _check_version(regulation, version)
    # Two adoptions at once would not see each other: the row of the unit is the lock.
    Unit.objects.select_for_update().get(pk=unit.pk)
    _refuse_doubled(unit, regulation, from_on)
    made = Adoption.objects.create(
        organisation_id=unit.organisation_id,
        unit=unit,
        regulation=regulation,
        version=version,
        from_on=from_on,
        adopted_by=by.person,
        at=at,
    )
    _keep(made, "adoptions.adopt", {"regulation": regulation, "version": version, "from_on": from_on}, by, at)
    return made


def _check_version(stem: str, version: str) -> None:
    if (known := str(load_regulation(stem).source["version"])) != version:
        raise BadText(
            f"found version {version[:40]!r} of {stem}, expected {known!r}, which the rulebook holds; adopt that one",
            f"制度 {stem} 没有“{version[:40]}”版；现有版本为“{known}”，请采用该版本",
        )


def _refuse_doubled(unit: Unit, regulation: str, from_on: date) -> None:
    standing = Adoption.objects.filter(unit=unit, regulation=regulation).exclude(until_on__lt=from_on).first()
    if standing is not None:
        raise BadText(
            f"found {regulation} in force for {unit.code} since {standing.from_on}, expected none from {from_on} "
            f"on; close that adoption first",
            f"{unit.name}自{standing.from_on}起已采用该制度；请先结束原来的采用",
        )


def _keep(adoption: Adoption, action: str, body: dict[str, Any], by: By, at: datetime) -> None:
    touch(adoption.organisation_id)
    body = {"unit": adoption.unit.code, **body}
    write_now(adoption.organisation_id, action, by=by, at=at, subject=f"adoption:{adoption.id}", body=body)


@transaction.atomic
def close_adoption(adoption: Adoption, until_on: date, *, by: By, at: datetime) -> Adoption:
    """Let no new case begin under it after that day; cases that began under it stay. Raises BadText for a day before it began."""
    if until_on < adoption.from_on:
        raise BadText(
            f"found the last day {until_on}, expected {adoption.from_on}, when it was adopted, or later; choose such a day",
            f"结束日期{until_on}早于采用日期{adoption.from_on}；请选择采用日期当天或以后的日期",
        )
    adoption.until_on = until_on
    adoption.save(update_fields=["until_on"])
    _keep(adoption, "adoptions.close_adoption", {"until_on": until_on}, by, at)
    return adoption


@transaction.atomic
def set_setting(adoption: Adoption, clause: str, key: str, value: Any, from_on: date, *, by: By, at: datetime) -> Adoption:
    """Choose what a clause leaves open, from a day on; earlier days keep what they had.

    Raises BadText if the regulation leaves no such choice open.
    """
    _check_setting(adoption.regulation, clause, key)
    _check_value(clause, key, value)
    fresh = Adoption.objects.select_for_update().get(pk=adoption.pk)
    fresh.settings = [*fresh.settings, {"from_on": from_on.isoformat(), "clause": clause, "key": key, "value": value}]
    fresh.save(update_fields=["settings"])
    _keep(fresh, "adoptions.set_setting", {"clause": clause, "key": key, "value": value, "from_on": from_on}, by, at)
    return fresh


def _check_value(clause: str, key: str, value: Any) -> None:
    """Raise BadText for a length or a period that nobody can reckon with."""
    try:
        if key in ("tolerance", "keep") and value:
            parse_limit(str(value))
        elif key == "period" and value:
            parse_period(str(value))
    except BadLimit as error:
        raise BadText(f"{clause} {key}: {error}", f"{clause} 的设定有误：{error.zh}") from None


def _check_setting(stem: str, clause: str, key: str) -> None:
    open_choices = {(one["clause"], one["key"]) for one in load_regulation(stem).source.get("settings", ())}
    if (clause, key) not in open_choices:
        listed = ", ".join(f"{one} {name}" for one, name in sorted(open_choices)) or "none"
        raise BadText(
            f"found the setting {key[:40]!r} of {clause[:40]}, expected one of: {listed}; choose one of these",
            f"{clause[:40]}没有“{key[:40]}”这项设定；可设定的有：{listed}",
        )


@transaction.atomic
def choose_word(unit: Unit, term: str, zh: str, en: str, *, by: By, at: datetime) -> Wording:
    """Let the unit and everything below it call the term so, in Chinese (12 characters at most) and English (40); empty: as before there.

    Raises BadText for a term that no page says, where both words are missing, for one that is too long or has more than one line.
    """
    if term not in CHOOSABLE:
        raise BadText(
            f"found the term {term[:40]!r}, expected one of {', '.join(CHOOSABLE)}; choose one of these",
            f"没有“{term[:40]}”这个用语；可选的有：{'、'.join(CHOOSABLE)}",
        )
    said = {"zh": _word(zh, MOST_ZH, "zh"), "en": _word(en, MOST_EN, "en")}
    if not any(said.values()):
        raise BadText(f"found no word for {term}, expected one in Chinese or English; write it", "没有填写用语；请填写中文或英文")
    made, _new = Wording.objects.update_or_create(
        unit=unit, term=term, defaults={"organisation_id": unit.organisation_id, **said, "chosen_by": by.person, "at": at}
    )
    _word_kept(unit, "adoptions.choose_word", {"term": term, **said}, by, at)
    return made


@transaction.atomic
def drop_word(unit: Unit, term: str, *, by: By, at: datetime) -> None:
    """Let the unit call the term again as the units above it or its regulations do; nothing happens where it has no own word."""
    gone, _each = Wording.objects.filter(unit=unit, term=term).delete()
    if gone:
        _word_kept(unit, "adoptions.drop_word", {"term": term}, by, at)


def _word(text: str, most: int, field: str) -> str:
    found = clean_optional_text(text.strip(), most=most, field=field)
    if len(found.splitlines()) > 1 or "\t" in found:
        raise BadText(f"found several lines in {field}, expected one word; write it on one line", "用语只能写成一行，请去掉换行和制表符")
    return found


def _word_kept(unit: Unit, action: str, body: dict[str, Any], by: By, at: datetime) -> None:
    touch(unit.organisation_id)
    write_now(unit.organisation_id, action, by=by, at=at, subject=f"unit:{unit.code}", body=body)
