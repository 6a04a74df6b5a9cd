"""Charges held against the published rates: when they are entered, amended or brought in, and when the rates change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.desk.journal.models import Entry as Written
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import Line, add_entry, amend_entry, close_entry, look_at_rows, take_rows
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Filter
from huiyin.desk.registers.tests.conftest import KEEPER, take_up

RATES, CHARGES = "CR:charges", "CR:home-service-charges"
RATE: dict[str, Any] = {"charge": "入户疏通", "rate_yuan": "80", "per": "次", "valid_from": "2026-01-10"}
CHARGE: dict[str, Any] = {"household": "3-2-1501", "charge": "入户疏通", "charged_yuan": "80", "charged_on": "2026-01-20"}


@pytest.fixture
def desk(branch: Unit, project: Unit, at: datetime) -> Unit:
    """The project; the branch above it keeps the registers of the customer relations standard, and so does the project."""
    take_up(branch, "customer_relations", at)
    return project


def _rate(desk: Unit, at: datetime, unit: str = "CY", **more: Any) -> Entry:
    return add_entry(desk.organisation_id, RATES, unit, RATE | more, by=KEEPER, at=at)


def _charge(desk: Unit, at: datetime, **more: Any) -> Entry:
    return add_entry(desk.organisation_id, CHARGES, "CY", CHARGE | more, by=KEEPER, at=at)


def _stands(entry: Entry) -> tuple[str, str, str]:
    entry.refresh_from_db()
    return entry.compared, entry.compared_with.get("number", ""), entry.compared_with.get("over", "")


def test_a_charge_is_held_against_the_rate_of_its_day(desk: Unit, at: datetime) -> None:
    rate = _rate(desk, at)
    assert rate.compared == "", "a rate is held against nothing"
    charges = [_charge(desk, at), _charge(desk, at, charged_yuan="99.5"), _charge(desk, at, charged_on="2026-01-09")]
    charges += [_charge(desk, at, quantity="2", charged_yuan="160"), _charge(desk, at, charge="开荒")]
    within, above, nothing = ("within", "2026-001", "0"), ("above", "2026-001", "19.5"), ("nothing", "", "0")
    assert [_stands(one) for one in charges] == [within, above, nothing, within, nothing]
    wrong = queries.find(desk.organisation_id, Filter(CHARGES, wrong_only=True))
    assert {one.id for one in wrong} == {charges[number].id for number in (1, 2, 4)}
    assert queries.counts(desk.organisation_id, ["CY"])[CHARGES] == (5, 5, 3)
    told = Written.objects.get(subject=f"entry:{charges[1].id}").body["compared"]
    assert (told["state"], told["entry"], told["allowed"], told["over"]) == ("above", str(rate.id), "80", "19.5")


def test_a_charge_that_is_amended_is_held_against_the_rate_again(desk: Unit, at: datetime) -> None:
    _rate(desk, at)
    charge = _charge(desk, at, charged_yuan="800")
    assert _stands(charge)[0] == "above"
    amend_entry(charge, {"charged_yuan": "80"}, "多打一个零", by=KEEPER, at=at + timedelta(hours=1))
    assert _stands(charge) == ("within", "2026-001", "0")


def test_charges_are_held_against_the_rates_again_when_these_change(desk: Unit, at: datetime) -> None:
    charge, later = _charge(desk, at, charged_yuan="90"), at + timedelta(days=1)
    assert _stands(charge)[0] == "nothing"
    rate = _rate(desk, at)
    assert _stands(charge) == ("above", "2026-001", "10")
    amend_entry(rate, {"rate_yuan": "90"}, "写错", by=KEEPER, at=later)
    assert _stands(charge)[0] == "within"
    close_entry(rate, "不再收取", by=KEEPER, at=later, sent={"valid_until": "2026-01-19"})
    assert _stands(charge)[0] == "nothing"


def test_a_rate_of_a_unit_above_holds_below_it_and_one_beside_does_not(desk: Unit, branch: Unit, at: datetime) -> None:
    places.add_unit(desk.organisation_id, "LY", "project", "绿洲花园", by=KEEPER, at=at, parent=branch.id)
    charge = _charge(desk, at)
    _rate(desk, at, "LY")
    assert _stands(charge)[0] == "nothing"
    _rate(desk, at, "FG", rate_yuan="70")
    assert _stands(charge) == ("above", "2026-001", "10")
    _rate(desk, at)
    assert _stands(charge)[0] == "within"


def test_rows_of_a_file_are_held_against_the_rates_too(desk: Unit, at: datetime) -> None:
    charge = _charge(desk, at)
    for register, row in ((RATES, RATE | {"rate_yuan": "75"}), (CHARGES, CHARGE | {"charged_yuan": "76"})):
        take_rows(look_at_rows(desk.organisation_id, register, "CY", "a.xlsx", [Line(2, row)], by=KEEPER, at=at), by=KEEPER, at=at)
    assert [_stands(one)[0::2] for one in Entry.objects.filter(register=CHARGES).order_by("number")] == [("above", "5"), ("above", "1")]
    assert _stands(charge)[0] == "above"
