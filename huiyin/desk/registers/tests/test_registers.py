"""Entries of registers: read strictly, numbered, amended without loss, closed once, found again, taken from a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.adoptions.actions import close_adoption
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.conftest import GivePost
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import access, queries
from huiyin.desk.registers.actions import Line, add_entry, amend_entry, close_entry, look_at_rows, take_rows
from huiyin.desk.registers.columns import BadEntry
from huiyin.desk.registers.models import Entry, Version
from huiyin.desk.registers.queries import Filter
from huiyin.desk.registers.tests.conftest import KEEPER, take_up

KEYS = "CR:customer-keys"
KEY: dict[str, Any] = {
    "household": "3-2-1501",
    "key": "大门",
    "quantity": "2",
    "received_on": "2026-01-31",
    "received_from": "王小芳",
    "received_by": "李接待",
}


@pytest.fixture
def desk(project: Unit, at: datetime) -> Unit:
    """The project, which keeps the registers of the customer relations standard."""
    take_up(project, "customer_relations", at)
    return project


def _add(desk: Unit, at: datetime, **more: Any) -> Entry:
    return add_entry(desk.organisation_id, KEYS, desk.code, KEY | more, by=KEEPER, at=at)


def test_every_wrong_column_is_named_with_what_was_found_and_expected(desk: Unit, at: datetime) -> None:
    with pytest.raises(BadEntry) as refused:
        _add(desk, at, quantity="两把", received_on="31/1/26", agreement="大概", colour="红")
    problems = refused.value.problems
    assert list(problems) == ["colour", "quantity", "received_on", "agreement"]
    assert all(part in problems["quantity"][0] for part in ("quantity", "两把", "12.5"))
    assert "2026-02-13" in problems["received_on"][1] and "是" in problems["agreement"][1]
    assert not Entry.objects.exists()


def test_an_entry_counts_in_the_year_in_which_it_happened(desk: Unit, at: datetime) -> None:
    made = [_add(desk, at), _add(desk, at, received_on="2025-12-31"), _add(desk, at, key="储藏室")]
    assert [one.label for one in made] == ["2026-001", "2025-001", "2026-002"]
    assert in_shanghai(made[1].at).isoformat() == "2025-12-31T00:00:00+08:00"
    assert queries.per_month(desk.organisation_id, KEYS, ["CY"], 2026) == {"2026-01": 2}


def test_an_amendment_keeps_what_was_said_and_needs_a_reason(desk: Unit, at: datetime) -> None:
    made, later = _add(desk, at), at + timedelta(hours=3)
    with pytest.raises(ValueError, match="reason"):
        amend_entry(made, {"quantity": "3"}, " ", by=KEEPER, at=later)
    amended = amend_entry(made, {"quantity": "3"}, "点错", by=KEEPER, at=later)
    assert [(one.values["quantity"], one.reason) for one in queries.versions_of(made)] == [("2", ""), ("3", "点错")]
    assert amend_entry(amended, {"quantity": "3"}, "又点", by=KEEPER, at=later).version == 2


def test_no_version_is_changed_and_no_entry_removed(desk: Unit, at: datetime) -> None:
    _add(desk, at)
    for wrong in (lambda: Version.objects.update(values={}), Version.objects.all().delete, Entry.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_closed_entry_says_to_whom_the_key_went_and_stays_as_it_is(desk: Unit, at: datetime) -> None:
    made, later = _add(desk, at), at + timedelta(days=1)
    close_entry(made, "业主取回", by=KEEPER, at=later, sent={"returned_on": "2026-02-03", "returned_to": "王小芳"})
    [closed] = queries.find(desk.organisation_id, Filter(KEYS))
    assert (closed.values["returned_to"], closed.closed_at, closed.version) == ("王小芳", later, 2)
    assert not queries.find(desk.organisation_id, Filter(KEYS, open_only=True)).exists()
    with pytest.raises(BadText, match="closed"):
        close_entry(made, "再", by=KEEPER, at=later)
    with pytest.raises(BadText, match="closed"):
        amend_entry(made, {"key": "窗"}, "再", by=KEEPER, at=later)


def test_entries_are_found_by_their_words_and_month(desk: Unit, at: datetime) -> None:
    _add(desk, at)
    _add(desk, at, key="储藏室", household="5-1-101")
    assert queries.find(desk.organisation_id, Filter(KEYS, words="储藏 5-1")).count() == 1
    assert queries.find(desk.organisation_id, Filter(KEYS, from_at=at)).count() == 0


def test_a_register_that_is_not_kept_takes_nothing(desk: Unit, company: Unit, at: datetime) -> None:
    for register, unit in ((KEYS, company.code), ("CR:no-such", "CY"), ("XX:keys", "CY"), ("RC:form-archive", "CY")):
        with pytest.raises(BadText):
            add_entry(desk.organisation_id, register, unit, KEY, by=KEEPER, at=at)
    with pytest.raises(BadText, match="past"):
        add_entry(desk.organisation_id, KEYS, "CY", KEY, by=KEEPER, at=at, told_at=at + timedelta(minutes=1))


def test_the_register_of_an_ended_adoption_is_read_and_takes_nothing(desk: Unit, at: datetime) -> None:
    _add(desk, at)
    close_adoption(Adoption.objects.get(), in_shanghai(at).date(), by=KEEPER, at=at)
    book = queries.book_of(desk.organisation_id, "CY", KEYS, at + timedelta(days=1))
    assert book is not None and not book.in_force
    with pytest.raises(BadText, match="keeps now"):
        _add(desk, at + timedelta(days=1))


def test_a_file_is_judged_row_by_row_and_taken_once(desk: Unit, at: datetime) -> None:
    _add(desk, at)
    cells: list[dict[str, Any]] = [KEY, KEY | {"key": "储藏室"}, KEY | {"quantity": "许多"}, KEY | {"key": "储藏室"}]
    rows = [Line(number, row) for number, row in enumerate(cells, 2)]
    sheet = look_at_rows(desk.organisation_id, KEYS, "CY", "keys.xlsx", rows, by=KEEPER, at=at)
    assert [(row["same"], bool(row["errors"])) for row in sheet.rows] == [(True, False), (False, False), (False, True), (True, False)]
    assert Entry.objects.count() == 1
    assert [take_rows(sheet, by=KEEPER, at=at) for _ in range(2)] == [1, 1]
    assert Entry.objects.count() == 2


def test_whoever_has_no_post_at_the_unit_sees_no_entry(desk: Unit, branch: Unit, at: datetime, with_post: GivePost) -> None:
    made, today = _add(desk, at), in_shanghai(at).date()
    keeper, other = with_post("li", desk, "cs_staff"), with_post("wang", branch, "admin")
    assert access.fetch(keeper, made.id, on_day=today, verb=access.KEEPS).id == made.id
    with pytest.raises(Entry.DoesNotExist):
        access.fetch(other, made.id, on_day=today)
