"""Every write about adoptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.core.limits import BadLimit, parse_limit
from huiyin.core.moments import BadText
from huiyin.core.recurrence import parse_period
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.places.actions import touch
from huiyin.desk.places.models import Unit
from huiyin.rulebook.load import regulation as load_regulation


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
